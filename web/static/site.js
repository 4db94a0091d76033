// Plays a moment in its own place on the page. Without this script its link opens the film at the moment.
"use strict";

let playing = null; // the one open player: { poster, close }

function play(poster) {
  playing?.close();
  const stage = poster.parentElement;
  const [start, end] = [Number(poster.dataset.start), Number(poster.dataset.end)];
  const video = Object.assign(document.createElement("video"), { controls: true, playsInline: true, preload: "auto" });
  const close = Object.assign(document.createElement("button"), { type: "button", className: "close", textContent: "×" });
  close.setAttribute("aria-label", "Close the player");
  video.setAttribute("aria-label", poster.getAttribute("aria-label"));

  keepInside(video, start, end);
  video.addEventListener("error", () => explain(video, poster.dataset.media), { once: true });
  close.addEventListener("click", () => closePlayer(true));
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
  video.focus();
  video.play().catch(() => {}); // a browser may want one more click; the controls are there
}

function closePlayer(focus) {
  if (!playing) return;
  const { poster, close } = playing;
  playing = null;
  close();
  if (focus) poster.focus();
}

// Loops over the moment, until the person seeks out of it: then the whole film is theirs.
function keepInside(video, start, end) {
  let free = false;
  video.addEventListener("loadedmetadata", () => {
    if (Math.abs(video.currentTime - start) > 0.1) video.currentTime = start;
  }, { once: true });
  video.addEventListener("seeking", () => {
    free ||= video.currentTime < start - 0.5 || video.currentTime > end + 0.5;
  });
  const again = () => {
    if (!free && video.currentTime >= end) video.currentTime = start;
  };
  video.addEventListener("timeupdate", again);
  video.addEventListener("ended", () => {
    if (free) return;
    video.currentTime = start;
    video.play().catch(() => {});
  });
}

// Says why there is no picture, and what can be done.
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

const film = document.querySelector(".film video");
if (film) {
  const say = () => explain(film, film.src.split("#")[0]);
  if (film.error) say();
  else film.addEventListener("error", say, { once: true });
}

document.addEventListener("click", (event) => {
  const poster = event.target.closest("a[data-play]");
  if (!poster || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  play(poster);
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") closePlayer(true);
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    const box = document.querySelector(".ask input[type=search]");
    event.preventDefault();
    box?.focus();
    box?.select();
  }
});
