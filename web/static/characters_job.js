// While frames are grouped the page follows the job, and shows the groups when it has ended.
import { draw } from "./characters_draw.js";

const AGAIN = 15_000; // ms
const job = document.getElementById("job");
let source = null;

const goesOn = () => job?.querySelector("[data-going]");

function follow() {
  if (source || !goesOn()) return;
  source = new EventSource(job.dataset.events);
  source.addEventListener("jobs", show);
  source.addEventListener("error", () => {
    if (source?.readyState !== EventSource.CLOSED) return; // the browser tries again
    source = null; // refused
    setTimeout(follow, AGAIN);
  });
}

async function show() {
  const answer = await fetch(job.dataset.page);
  if (!answer.ok || !source) return;
  const focused = job.contains(document.activeElement) && document.activeElement.id;
  job.innerHTML = await answer.text();
  if (focused) (document.getElementById(focused) ?? document.getElementById("heading")).focus();
  if (goesOn()) return;
  close();
  if (!document.getElementById("groups")) location.reload();
  else await draw(location.href);
}

function close() {
  source?.close();
  source = null;
}

// Asking to cancel leaves the page where it is.
job?.addEventListener("submit", (event) => {
  event.preventDefault();
  fetch(event.target.action, { method: "POST", redirect: "manual" });
});

addEventListener("pagehide", close);
addEventListener("pageshow", follow);
