// The Library page, and the page to begin on, follow the jobs: the server draws them anew whenever one changes.
const AGAIN = 15_000; // ms
const PAUSE = 4_000; // ms between two renewals of the rest of the page
const jobs = document.getElementById("jobs");
const said = document.getElementById("said");
let source = null;
let renewed = 0;
let renewal;

function follow() {
  if (source) return;
  source = new EventSource(jobs.dataset.events);
  source.addEventListener("jobs", (event) => show(JSON.parse(event.data)));
  source.addEventListener("error", () => {
    if (source?.readyState !== EventSource.CLOSED) return; // the browser tries again
    source = null; // refused
    setTimeout(follow, AGAIN);
  });
}

function show({ drawn, lines, ended_at: endedAt, generation }) {
  draw(new DOMParser().parseFromString(drawn, "text/html").body);
  if (lines.length) {
    said.textContent = lines.join(" ");
    jobs.hidden = false;
  }
  const { endedAt: before, generation: earlier } = jobs.dataset;
  if (endedAt === Number(before) && generation === Number(earlier)) return;
  Object.assign(jobs.dataset, { endedAt, generation });
  clearTimeout(renewal);
  renewal = setTimeout(renew, Math.max(0, renewed + PAUSE - Date.now()));
}

// While the same jobs go on, only their words and bars change: a button that is being pressed stays.
function draw(fresh) {
  if (outline(fresh) === outline(jobs)) {
    const next = fresh.querySelectorAll("[data-live]");
    jobs.querySelectorAll("[data-live]").forEach((one, at) => renewOne(one, next[at]));
    return;
  }
  const focused = jobs.contains(document.activeElement) ? document.activeElement : null;
  jobs.replaceChildren(...fresh.childNodes);
  if (focused && focused !== jobs) (document.getElementById(focused.id) ?? jobs).focus();
}

function outline(part) {
  return [...part.querySelectorAll(":not([data-live] *)")].map((one) => `${one.localName}#${one.id}`).join();
}

function renewOne(one, next) {
  if (one.innerHTML !== next.innerHTML) one.innerHTML = next.innerHTML;
  if (next.hasAttribute("value")) one.setAttribute("value", next.getAttribute("value"));
  else one.removeAttribute("value");
  one.hidden = next.hidden;
}

// What a job has changed; a part that a person is busy in stays as it is.
async function renew() {
  renewed = Date.now();
  const answer = await fetch(jobs.dataset.page);
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of document.querySelectorAll("[data-part]")) {
    const busy = part.contains(document.activeElement) || part.querySelector("details[open]:not([data-open])");
    if (!busy) part.innerHTML = page.getElementById(part.id).innerHTML;
  }
}

addEventListener("pagehide", () => {
  source?.close();
  source = null;
});
addEventListener("pageshow", follow);
follow();
