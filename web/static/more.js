// "Show more" adds the next moments to those that are there; the address then says how many, for the way back.
document.addEventListener("click", async (event) => {
  const more = event.target.closest("a[data-more]");
  if (!more || event.ctrlKey || event.metaKey || event.shiftKey || more.ariaBusy === "true") return;
  event.preventDefault();
  more.ariaBusy = "true";
  try {
    const answer = await fetch(more.href);
    if (!answer.ok) throw new Error(answer.statusText);
    add(new DOMParser().parseFromString(await answer.text(), "text/html"), more);
  } catch {
    location.assign(more.href); // the page itself says what is wrong
  }
});

function add(page, more) {
  const found = page.querySelector(".found");
  const mine = document.querySelector(".found");
  const list = mine.querySelector(".weaker .moments") ?? mine.querySelector(".moments");
  const there = new Set([...mine.querySelectorAll(".moment")].map((moment) => moment.dataset.clip));
  const added = [...found.querySelectorAll(".moment")].filter((moment) => !there.has(moment.dataset.clip));
  list.append(...added);
  const next = found.querySelector("a[data-more]");
  if (next) more.href = next.href;
  else more.remove();
  more.ariaBusy = null;
  const count = there.size + added.length;
  mine.querySelectorAll("[data-count]").forEach((number) => { number.textContent = list.children.length; });
  if (found.dataset.generation !== mine.dataset.generation) {
    const note = Object.assign(document.createElement("p"), { className: "note", textContent: "Films came or went meanwhile: some moments may be missing here." });
    note.setAttribute("role", "status");
    mine.querySelector(".bar").after(note);
    mine.dataset.generation = found.dataset.generation;
  }
  const address = new URL(location);
  address.searchParams.set("k", count);
  history.replaceState(null, "", address);
  added[0]?.querySelector(".open").focus({ preventScroll: true });
}
