// "Show more" adds the next moments to those that are there. The address then says how many, and the entry of the
// history which of them was on top: the way back brings all of them again, at the same place.
const shown = () => document.querySelector(".found");
const moments = () => [...document.querySelectorAll(".moment")];

document.addEventListener("click", async (event) => {
  const more = event.target.closest("a[data-more]");
  if (!more || event.ctrlKey || event.metaKey || event.shiftKey || more.ariaBusy === "true") return;
  event.preventDefault();
  const first = await addNext(more).catch(() => location.assign(more.href)); // the page itself says what is wrong
  first?.querySelector(".open").focus({ preventScroll: true });
});

// The first of the moments that were added.
async function addNext(more) {
  more.ariaBusy = "true";
  const answer = await fetch(more.href);
  if (!answer.ok) throw new Error(answer.statusText);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(".found");
  more.closest(".more").remove();
  const there = new Set(moments().map((moment) => moment.dataset.clip));
  const added = [...page.querySelectorAll(".moment")].filter((moment) => !there.has(moment.dataset.clip));
  join(page, added);
  tell(page);
  const address = new URL(location);
  address.searchParams.set("k", there.size + added.length);
  history.replaceState(history.state, "", address);
  return added[0];
}

function join(page, added) {
  const weaker = shown().querySelector(".weaker");
  const later = page.querySelector(".weaker");
  const isWeak = (moment) => moment.closest(".weaker") !== null;
  const weak = added.filter(isWeak);
  shown().querySelector(":scope > .moments").append(...added.filter((moment) => !isWeak(moment)));
  if (weaker) weaker.querySelector(".moments").append(...weak);
  else if (later) shown().append(later);
  const next = page.querySelector(".more");
  if (next) (shown().querySelector(".weaker") ?? shown()).append(next);
}

function tell(page) {
  shown().querySelectorAll("[data-count]").forEach((number) => {
    const list = number.closest(".weaker") ?? shown().querySelector(":scope > .moments");
    number.textContent = list.querySelectorAll(".moment").length;
  });
  if (page.dataset.generation === shown().dataset.generation || shown().querySelector(".changed")) return;
  const note = Object.assign(document.createElement("p"), { className: "note changed", textContent: "Films came or went meanwhile. Ask again to see the new ones." });
  note.setAttribute("role", "status");
  shown().querySelector(".bar").after(note);
}

addEventListener("pagehide", () => {
  const top = moments().find((moment) => moment.getBoundingClientRect().bottom > 0);
  if (!shown() || !top) return;
  const { clip } = top.dataset;
  history.replaceState({ clip, below: top.getBoundingClientRect().top, open: shown().querySelector(".weaker")?.open }, "");
});

// After the way back: as many moments as there were, and the one that was on top at its place.
async function restore({ clip, below, open }) {
  history.scrollRestoration = "manual";
  const wanted = Number(new URL(location).searchParams.get("k") ?? 0);
  for (let more; moments().length < wanted && (more = document.querySelector("a[data-more]"));) {
    const rest = new URL(more.href);
    rest.searchParams.set("k", wanted - moments().length);
    more.href = rest;
    await addNext(more);
  }
  const weaker = shown().querySelector(".weaker");
  if (weaker) weaker.open = open;
  const top = moments().find((moment) => moment.dataset.clip === clip);
  if (top) scrollBy({ top: top.getBoundingClientRect().top - below, behavior: "instant" });
}

if (history.state?.clip && shown()) restore(history.state).catch(() => {});
