// A film that the browser cannot play: says so, and has a copy made that it can.
import { find, page, reason, video } from "./film_player.js";

const proxy = find("proxy");

async function explain() {
  const answer = await fetch(video.currentSrc.split("#")[0], { method: "HEAD" }).catch(() => null);
  if (answer?.ok) {
    proxy.hidden = false;
    if (proxy.dataset.state === "none") makeProxy();
    return;
  }
  const words = Object.assign(document.createElement("div"), { className: "cannot", role: "alert" });
  words.textContent = answer ? "The file is not where it was indexed." : "The server does not answer.";
  video.after(words);
  video.hidden = true;
}

async function makeProxy(event) {
  event?.preventDefault();
  proxy.querySelector("button").disabled = true;
  const answer = await fetch(page.dataset.proxy, { method: "POST", redirect: "manual" }).catch(() => null);
  if (answer?.type === "opaqueredirect") watchProxy();
  else say(answer ? await reason(answer) : "The server does not answer.");
}

async function watchProxy() {
  const answer = await fetch(page.dataset.proxy).catch(() => null);
  const { state, done, message } = answer?.ok ? await answer.json() : { state: "making", done: 0 };
  const bar = proxy.querySelector("progress");
  bar.hidden = state !== "making";
  bar.value = done;
  if (state === "making") {
    say(`It is being made: ${Math.round(done * 100)} %`);
    setTimeout(watchProxy, 1000);
  } else if (state === "ready") {
    const at = Number(new URL(location).searchParams.get("t") ?? 0);
    proxy.hidden = true;
    video.src = `${page.dataset.proxy}.mp4#t=${at}`;
  } else {
    say(message || "It was not made.");
  }
}

function say(words) {
  proxy.querySelector("[role=status]").textContent = words;
  proxy.querySelector("button").disabled = words.endsWith("%");
}

proxy.querySelector("form").addEventListener("submit", makeProxy);
if (proxy.dataset.state === "making") watchProxy();
if (video.error) explain();
else video.addEventListener("error", explain, { once: true });
video.addEventListener("loadedmetadata", () => {
  if (!video.videoWidth) proxy.hidden = false; // its sound is played, its pictures are not
});
