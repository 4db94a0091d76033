// What the pages can do beyond links and forms; without scripts each of these has a plain way.
import "./preview.js";
import "./picture.js";
import "./more.js";
import "./keys.js";
import { completeIn } from "./combobox.js";
import { play } from "./player.js";

document.querySelectorAll("input[data-complete]").forEach(completeIn);

document.addEventListener("click", (event) => {
  const poster = event.target.closest("a[data-play]");
  if (!poster || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  play(poster);
});
