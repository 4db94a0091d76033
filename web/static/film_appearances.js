// From one appearance of a character, expression or activity to the next.
import { page, seek, video } from "./film_player.js";

const lanes = [...page.querySelectorAll("[data-lane]")];
let chosen = null; // the name whose appearances n and p step through

export const followed = () => chosen ?? lanes[0];

// The name in the timeline for a button of the table; undefined for one that has no lane there.
export const laneOf = (jump) => {
  const row = jump.closest("tr");
  const name = row.querySelector("bdi").textContent;
  return lanes.find((lane) => lane.dataset.kind === row.dataset.kind && lane.textContent === name);
};

export function nextAppearance(lane, direction) {
  if (!lane) return;
  const starts = lane.dataset.starts.split(" ").map(Number);
  const now = video.currentTime;
  const to = direction > 0 ? starts.find((start) => start > now + 0.25) : starts.findLast((start) => start < now - 0.25);
  chosen = lane;
  for (const one of lanes) one.setAttribute("aria-pressed", String(one === lane));
  seek(to ?? (direction > 0 ? starts[0] : starts.at(-1))); // round the end
}

// What the server knew of no further appearance for, from where it made the page, goes round the end here.
for (const jump of page.querySelectorAll(".go button")) jump.disabled &&= !laneOf(jump);
