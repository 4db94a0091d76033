// Plays a moment in its own place on the page: the one player there is.
import { stopPreview } from "./preview.js";

let playing = null; // { poster, close }

export function play(poster) {
  stopPreview();
  playing?.close();
  const stage = poster.parentElement;
  const [start, end] = [Number(poster.dataset.start), Number(poster.dataset.end)];
  const video = Object.assign(document.createElement("video"), { controls: true, playsInline: true, preload: "auto" });
  const close = Object.assign(document.createElement("button"), { type: "button", className: "close", textContent: "×" });
  close.setAttribute("aria-label", "Close the player");
  video.setAttribute("aria-label", poster.getAttribute("aria-label"));

  keepInside(video, start, end);
  video.addEventListener("error", () => explain(video, poster.dataset.media), { once: true });
  close.addEventListener("click", () => closePlayer());
  playing = {
    close() {
      stage.querySelectorAll("video, .close, .cannot").forEach((part) => part.remove());
      poster.hidden = false;
      video.removeAttribute("src"); // ends the download
      video.load();
    },
    poster,
  };
  poster.hidden = true;
  stage.append(video, close);
  video.src = `${poster.dataset.media}#t=${start}`;
  video.focus({ preventScroll: true });
  video.play().catch(() => {}); // a browser may want one more click; the controls are there
}

/** Whether a player was open. The focus goes back to its poster. */
export function closePlayer() {
  if (!playing) return false;
  const { poster, close } = playing;
  playing = null;
  close();
  poster.focus();
  return true;
}

/** Whether this poster is the one that plays. */
export const isPlaying = (poster) => playing?.poster === poster;

// Loops over a moment, until the person seeks out of it: then the whole film is theirs.
function keepInside(video, start, end) {
  let free = false;
  video.addEventListener("loadedmetadata", () => {
    if (Math.abs(video.currentTime - start) > 0.1) video.currentTime = start;
  }, { once: true });
  video.addEventListener("seeking", () => {
    free ||= video.currentTime < start - 0.5 || video.currentTime > end + 0.5;
  });
  video.addEventListener("timeupdate", () => {
    if (!free && video.currentTime >= end) video.currentTime = start;
  });
  video.addEventListener("ended", () => {
    if (free) return;
    video.currentTime = start;
    video.play().catch(() => {});
  });
}

// Says in the place of a video why there is no picture, and what can be done.
async function explain(video, media) {
  if (!video.isConnected) return;
  const answer = await fetch(media, { method: "HEAD" }).catch(() => null);
  if (!video.isConnected) return;
  const words = document.createElement("div");
  words.className = "cannot";
  words.setAttribute("role", "alert");
  if (answer?.ok) {
    words.append("This browser cannot play this film.");
    words.append(Object.assign(document.createElement("a"), { href: media, download: "", textContent: "Save the file" }));
  } else {
    words.append(answer ? "The file is not where it was indexed." : "The server does not answer.");
  }
  video.replaceWith(words);
}
