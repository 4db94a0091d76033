// The page of one film: the player, its timeline and its words move together. Without this script each is a link.
import { followed, laneOf, nextAppearance } from "./film_appearances.js";
import "./film_keep.js";
import { find, follow, plain, seconds, seek, video } from "./film_player.js";
import "./film_proxy.js";
import { choose } from "./film_timeline.js";
import { turnWords } from "./film_words.js";

const part = find("part");

document.addEventListener("click", (event) => {
  const jump = event.target.closest("button[form=jump]");
  if (!jump || jump.id === "similar" || !plain(event)) return;
  event.preventDefault();
  if ("turn" in jump.dataset) turnWords(Number(jump.value));
  else if ("lane" in jump.dataset) nextAppearance(jump, 1);
  else if (jump.closest(".go") && laneOf(jump)) nextAppearance(laneOf(jump), jump.previousElementSibling ? 1 : -1);
  else seek(Number(jump.value));
});

// Other pages begin where the player is.
follow((now) => {
  const live = find("live");
  live.href = live.getAttribute("href").replace(/t=[^&]*/, `t=${now.toFixed(2)}`);
  const similar = find("similar");
  if (similar) similar.value = now.toFixed(2);
});

const KEYS = {
  n: () => nextAppearance(followed(), 1),
  p: () => nextAppearance(followed(), -1),
  "[": () => choose(video.currentTime, Math.max(video.currentTime + 1, seconds(part.elements.end.value))),
  "]": () => choose(Math.min(video.currentTime - 1, seconds(part.elements.start.value)), video.currentTime),
};

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  const action = part && !typing && plain(event) && KEYS[event.key];
  if (!action) return;
  event.preventDefault();
  action();
});
