// The timeline: follows the player, takes it to where it is clicked, chooses a part where it is dragged, zooms.
import { clamp, clock, duration, find, follow, page, plain, seconds, seek, video } from "./film_player.js";
import { hidePeek, peekAt } from "./film_peek.js";

const track = find("track");
const axis = find("axis");
const head = find("head");
const chosenArea = find("chosen");
const part = find("part");
const LEAST_DRAG = 5; // pixels

const toX = (second) => Math.round((clamp(second, 0, duration) / duration) * head.ownerSVGElement.viewBox.baseVal.width);

function moveHead(second) {
  head.setAttribute("d", `M${toX(second)} 0v${head.ownerSVGElement.getAttribute("height")}`);
  track.setAttribute("aria-valuenow", second.toFixed(1));
  track.setAttribute("aria-valuetext", clock(second));
  const x = (second / duration) * axis.clientWidth;
  const hidden = x < track.scrollLeft || x > track.scrollLeft + track.clientWidth;
  if (hidden && !video.paused) track.scrollLeft = x - track.clientWidth / 4;
}

function moveEachFrame() {
  if (video.paused || video.ended) return;
  moveHead(video.currentTime);
  requestAnimationFrame(moveEachFrame);
}

function secondAt(event) {
  const box = axis.getBoundingClientRect();
  return clamp((event.clientX - box.left) / box.width, 0, 1) * duration;
}

export function choose(from, to) {
  part.elements.start.value = clock(Math.min(from, to), true);
  part.elements.end.value = clock(Math.max(from, to), true);
  showChosen();
}

function showChosen() {
  const [from, to] = [seconds(part.elements.start.value), seconds(part.elements.end.value)];
  const shown = to > from;
  chosenArea.setAttribute("x", shown ? toX(from) : 0);
  chosenArea.setAttribute("width", shown ? toX(to) - toX(from) : 0);
}

function startTimeline() {
  find("jumps").remove(); // its links are for pages without this script
  page.querySelectorAll(".keys, #zoom").forEach((hidden) => (hidden.hidden = false));
  Object.assign(track, { tabIndex: 0, role: "slider", ariaLabel: "Place in the film", ariaValueMin: "0", ariaValueMax: String(duration) });
  let from = null;
  track.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    from = { x: event.clientX, second: secondAt(event), drags: event.pointerType !== "touch" };
    if (from.drags) track.setPointerCapture(event.pointerId);
  });
  track.addEventListener("pointermove", (event) => {
    peekAt(event, secondAt(event));
    if (from?.drags && Math.abs(event.clientX - from.x) >= LEAST_DRAG) choose(from.second, secondAt(event));
  });
  track.addEventListener("pointerup", (event) => {
    if (from && Math.abs(event.clientX - from.x) < LEAST_DRAG) seek(secondAt(event));
    from = null;
  });
  track.addEventListener("pointercancel", () => (from = null));
  track.addEventListener("pointerleave", hidePeek);
  track.addEventListener("keydown", stepWithKeys);
  part.addEventListener("input", showChosen);
  follow(moveHead);
  video.addEventListener("play", moveEachFrame);
  moveHead(video.currentTime);
}

function stepWithKeys(event) {
  const step = event.shiftKey ? 1 : 5;
  const to = {
    ArrowLeft: video.currentTime - step, ArrowDown: video.currentTime - step,
    ArrowRight: video.currentTime + step, ArrowUp: video.currentTime + step,
    PageDown: video.currentTime - 60, PageUp: video.currentTime + 60, Home: 0, End: duration - 0.1,
  }[event.key];
  if (to === undefined || !plain(event)) return;
  event.preventDefault();
  seek(to);
}

// Magnified, the axis is wider than its track, which scrolls; the place under the head stays where it is.
function zoom(by) {
  const group = find("zoom");
  const times = clamp(Number(axis.dataset.zoom || 1) * by, 1, 8);
  const share = video.currentTime / duration;
  axis.dataset.zoom = times;
  axis.style.width = `${times * 100}%`;
  track.scrollLeft = share * axis.clientWidth - track.clientWidth / 2;
  group.querySelector("output").textContent = `${times}×`;
  group.querySelector("[data-by='0.5']").disabled = times === 1;
  group.querySelector("[data-by='2']").disabled = times === 8;
}

if (track) {
  startTimeline();
  find("zoom").addEventListener("click", (event) => {
    const by = event.target.closest("button")?.dataset.by;
    if (by) zoom(Number(by));
  });
}
