// A moment under the pointer, or with the focus, is shown moving: silent, one at a time, not for who wants no motion.
const PATIENCE = 250; // ms: a pointer that only passes starts nothing

let wait = 0;
let shown = null; // { moment, video }

export function stopPreview() {
  clearTimeout(wait);
  if (!shown) return;
  const { video } = shown;
  shown = null;
  video.remove();
  video.removeAttribute("src"); // ends the download
  video.load();
}

function start(moment) {
  const poster = moment.querySelector(".poster:not([hidden])");
  if (!poster) return;
  const [from, to] = [Number(poster.dataset.start), Number(poster.dataset.end)];
  const video = Object.assign(document.createElement("video"), { muted: true, playsInline: true, className: "preview" });
  video.setAttribute("aria-hidden", "true");
  video.tabIndex = -1;
  video.addEventListener("timeupdate", () => {
    if (video.currentTime >= to || video.ended) video.currentTime = from;
  });
  video.addEventListener("playing", () => video.classList.add("on"), { once: true });
  video.addEventListener("error", stopPreview, { once: true });
  shown = { moment, video };
  poster.append(video);
  video.src = `${poster.dataset.media}#t=${from}`;
  video.play().catch(() => {});
}

function want(moment) {
  if (moment === shown?.moment) return;
  stopPreview();
  if (!moment || navigator.connection?.saveData || matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  wait = setTimeout(start, PATIENCE, moment);
}

const momentOf = (node) => node?.closest?.(".moment");

document.addEventListener("pointerover", (event) => {
  if (event.pointerType !== "mouse") return;
  const stage = event.target.closest(".stage");
  if (momentOf(stage) !== momentOf(event.relatedTarget?.closest?.(".stage"))) want(momentOf(stage));
});
document.addEventListener("focusin", (event) => want(event.target.matches(".poster, .open") ? momentOf(event.target) : null));
document.addEventListener("visibilitychange", () => document.hidden && stopPreview());
