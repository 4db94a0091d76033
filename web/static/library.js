// The Library page follows the jobs: the server draws them anew whenever one changes.
const AGAIN = 15_000; // ms
const jobs = document.getElementById("jobs");
const said = document.getElementById("said");
let source;

function follow() {
  source = new EventSource(jobs.dataset.events);
  source.addEventListener("jobs", (event) => show(JSON.parse(event.data)));
  source.addEventListener("error", () => {
    if (source.readyState === EventSource.CLOSED) setTimeout(follow, AGAIN); // refused: the browser does not try again
  });
}

function show({ drawn, lines, ended_at: endedAt }) {
  const focused = jobs.contains(document.activeElement) ? document.activeElement : null;
  jobs.innerHTML = drawn;
  if (focused && focused !== jobs) (document.getElementById(focused.id) ?? jobs).focus();
  if (lines.length) said.textContent = lines.join(" ");
  if (endedAt === Number(jobs.dataset.endedAt)) return;
  jobs.dataset.endedAt = endedAt;
  renew();
}

// What a job has changed; a part that a person is busy in stays as it is.
async function renew() {
  const answer = await fetch(jobs.dataset.page);
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of document.querySelectorAll("[data-part]")) {
    const busy = part.contains(document.activeElement) || part.querySelector("details[open]");
    if (!busy) part.innerHTML = page.getElementById(part.id).innerHTML;
  }
}

addEventListener("pagehide", () => source.close());
addEventListener("pageshow", (event) => event.persisted && follow());
follow();
