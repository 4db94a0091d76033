// A part of the film as a file: cut by the server, saved or shown without leaving the page.
import { find, reason } from "./film_player.js";

const part = find("part");
const making = find("making");

async function keep(event) {
  event.preventDefault();
  const asked = new URLSearchParams(new FormData(part, event.submitter));
  const kind = asked.get("format");
  making.textContent = ["mp4", "gif", "slow"].includes(kind) ? "Cutting it …" : "";
  const answer = await fetch(`${part.action}?${asked}`).catch(() => null);
  if (!answer?.ok) {
    making.textContent = answer ? await reason(answer) : "The server does not answer.";
    return;
  }
  const file = URL.createObjectURL(await answer.blob());
  making.textContent = "";
  if (kind === "slow") return showSlowly(file);
  const name = answer.headers.get("Content-Disposition").split("''").at(-1);
  Object.assign(document.createElement("a"), { href: file, download: decodeURIComponent(name) }).click();
  making.textContent = "Saved with your downloads.";
  setTimeout(() => URL.revokeObjectURL(file), 60_000);
}

function showSlowly(file) {
  const slow = Object.assign(document.createElement("video"), { src: file, controls: true, loop: true, muted: true, playsInline: true });
  slow.setAttribute("aria-label", "The part in slow motion");
  find("slow").replaceChildren(slow);
  slow.play().catch(() => {});
}

part?.addEventListener("submit", keep);
