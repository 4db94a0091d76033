// The player of a film page, and what the parts around it share.
export const page = document.getElementById("main");
export const video = page.querySelector("video");
export const duration = Number(page.dataset.duration);

export const find = (id) => document.getElementById(id);
export const clamp = (value, least, most) => Math.min(most, Math.max(least, value));
export const plain = (event) => !event.ctrlKey && !event.metaKey && !event.altKey;

export function clock(seconds, tenths = false) {
  const rounded = tenths ? Math.round(seconds * 10) / 10 : Math.floor(seconds);
  const hours = Math.floor(rounded / 3600);
  const minutes = Math.floor(rounded / 60) % 60;
  const rest = (rounded % 60).toFixed(tenths ? 1 : 0).padStart(tenths ? 4 : 2, "0");
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
}

// The reverse: NaN for what is no time.
export const seconds = (text) => text.split(":").reduce((total, part) => total * 60 + Number(part), 0);

// Goes to a second, and keeps it in the address: a reload or a link shared comes back to it.
export function seek(second) {
  const at = clamp(second, 0, duration || second);
  video.currentTime = at;
  const address = new URL(location);
  address.searchParams.set("t", at.toFixed(2));
  history.replaceState(history.state, "", address);
}

// Calls a function with the player's second whenever it has changed.
export function follow(told) {
  for (const event of ["timeupdate", "seeking", "loadedmetadata"]) {
    video.addEventListener(event, () => told(video.currentTime));
  }
}

export async function reason(answer) {
  const said = new DOMParser().parseFromString(await answer.text(), "text/html");
  return [...said.querySelectorAll("[role=alert] p")].map((line) => line.textContent).join(" ") || "That did not work.";
}
