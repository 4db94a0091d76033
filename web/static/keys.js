// Keys: / the box, j k move over the moments, Enter opens (it is a link), space plays, f finds similar, ? helps.
import { closePlayer, isPlaying, play } from "./player.js";

const KEYS = {
  "/": () => {
    const box = document.querySelector("input[data-complete]");
    box?.focus();
    box?.select();
    return box;
  },
  "?": () => document.getElementById("help")?.togglePopover() ?? true,
  j: () => move(1),
  k: () => move(-1),
  " ": () => {
    const poster = present()?.querySelector(".poster");
    if (!poster || document.activeElement.matches("video, button, summary")) return false;
    if (isPlaying(poster)) closePlayer();
    else play(poster);
    return true;
  },
  f: () => {
    const similar = present()?.querySelector(".similar");
    similar?.click();
    return similar;
  },
  Escape: closePlayer,
};

const present = () => document.activeElement?.closest(".moment");

function move(step) {
  const moments = [...document.querySelectorAll(".moment")].filter((moment) => moment.checkVisibility());
  const at = moments.indexOf(present());
  const next = moments[at < 0 ? 0 : at + step];
  next?.querySelector(".open").focus();
  next?.scrollIntoView({ block: "nearest" });
  return next;
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key !== "Escape" && event.target.closest("input, textarea, select, [contenteditable]")) return;
  if (KEYS[event.key]?.()) event.preventDefault();
});
