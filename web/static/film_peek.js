// A look ahead where the mouse is, cut from the sheet of small pictures.
import { clamp, clock, duration, find, page } from "./film_player.js";

const CELL = [160, 90];
let peek = null;
let sheet = null; // undefined once it is known that there is none

export function peekAt(event, second) {
  if (event.pointerType === "touch") return;
  if (sheet === null && Number(page.dataset.cells)) {
    sheet = new Image();
    sheet.addEventListener("error", () => (sheet = undefined));
    sheet.src = page.dataset.sprite;
  }
  peek ??= Object.assign(document.createElement("div"), { className: "peek", innerHTML: "<i></i><span></span>" });
  const timeline = find("timeline");
  const box = timeline.getBoundingClientRect();
  const [picture, words] = peek.children;
  picture.hidden = !sheet?.complete;
  if (!picture.hidden) showCell(picture, second);
  words.textContent = clock(second);
  peek.style.left = `${clamp(event.clientX - box.left - CELL[0] / 2, 0, box.width - CELL[0])}px`;
  timeline.append(peek);
}

export const hidePeek = () => peek?.remove();

function showCell(picture, second) {
  const { cells, columns } = page.dataset;
  const cell = clamp(Math.floor((second / duration) * cells), 0, cells - 1);
  picture.style.backgroundImage = `url("${page.dataset.sprite}")`;
  picture.style.backgroundPosition = `${-(cell % columns) * CELL[0]}px ${-Math.floor(cell / columns) * CELL[1]}px`;
}
