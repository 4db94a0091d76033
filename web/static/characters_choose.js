// Choosing groups or appearances: Shift with a click chooses a row, and the bar below says how many are chosen.
const form = document.getElementById("chosen");
let last = null;

const boxes = () => [...document.querySelectorAll(".pick input")];

function tell() {
  const chosen = boxes().filter((box) => box.checked);
  const noun = chosen[0]?.name;
  if (!noun) return;
  form.querySelector("span").textContent = `${chosen.length} ${noun}${chosen.length === 1 ? "" : "s"} chosen`;
  if (noun !== "group") return;
  const merge = form.querySelector("button");
  merge.disabled = chosen.length < 2;
  merge.textContent = chosen.length < 2 ? "Merge" : `Merge into ${chosen[0].ariaLabel.replace("Choose ", "")}`;
}

document.addEventListener("click", (event) => {
  const box = event.target.closest(".pick input");
  if (!box) return;
  const all = boxes();
  if (event.shiftKey && all.includes(last)) {
    const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
    for (const one of all.slice(from, to + 1)) one.checked = box.checked;
  }
  last = box;
});

document.addEventListener("change", (event) => event.target.matches(".pick input") && tell());
document.addEventListener("drawn", tell);
addEventListener("pageshow", tell); // the way back keeps what was chosen
