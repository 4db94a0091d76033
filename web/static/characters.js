// Naming characters: a step is sent as its form says, then what it has changed is drawn anew where it stands.
import "./characters_choose.js";
import "./characters_job.js";
import "./characters_rename.js";
import { draw } from "./characters_draw.js";

const main = document.getElementById("main");
const said = document.getElementById("said");
const wrong = document.getElementById("wrong");

document.addEventListener("submit", async (event) => {
  const form = event.target;
  const button = event.submitter;
  if (!form.matches("[data-step]") || button?.matches("[data-leads]")) return;
  event.preventDefault();
  if (main.ariaBusy === "true") return;
  main.ariaBusy = "true";
  const before = lastStep();
  const typed = document.activeElement?.matches(".who input");
  wrong.textContent = "";
  try {
    await send(form, button);
    const card = form.closest("#groups > li");
    const there = await draw(addressAfter(form));
    if (!there) return location.assign(main.dataset.home);
    said.textContent = form.dataset.step === "undo" ? `Taken back: ${before}` : `Done: ${lastStep()}`;
    focusAfter(card, typed);
  } catch (error) {
    wrong.textContent = error.message;
  } finally {
    main.ariaBusy = null;
  }
});

const lastStep = () => document.getElementById("undo-step")?.title ?? "nothing has changed";

async function send(form, button) {
  const body = new URLSearchParams(new FormData(form, button));
  const answer = await fetch(form.action, { method: "POST", body, redirect: "manual" }).catch(() => null);
  if (!answer) throw new Error("The server does not answer.");
  if (answer.type === "opaqueredirect") return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  throw new Error([...page.querySelectorAll("[role=alert] p")].map((line) => line.textContent).join(" ") || "That did not work.");
}

// After a step the groups on the page keep their places; a step that is undone may bring others back.
function addressAfter(form) {
  const groups = document.querySelectorAll("#groups > [id^=group-]");
  if (!groups.length || form.dataset.step === "undo") return location.href;
  const address = new URL(location);
  for (const group of groups) address.searchParams.append("group", group.id.replace("group-", ""));
  return address;
}

// Who names one group after the other goes on with the next that has no name.
function focusAfter(card, typed) {
  if (!card) return;
  const fields = [...document.querySelectorAll("#groups > li > .who input")];
  const here = document.getElementById(card.id);
  const next = fields.find((field) => here && here.compareDocumentPosition(field) & Node.DOCUMENT_POSITION_FOLLOWING);
  const to = (typed && next) || here?.querySelector(".rename") || document.getElementById("heading");
  to.focus();
}

// Of several names, set apart by commas, the last is completed.
document.addEventListener("input", ({ target }) => {
  if (!target.matches("input[list=known]")) return;
  const before = target.value.replace(/[^,]*$/, "");
  const given = new Set(before.split(",").map((name) => name.trim()));
  for (const option of document.getElementById("known").children) {
    option.dataset.name ??= option.value;
    option.value = before && !given.has(option.dataset.name) ? `${before.trim()} ${option.dataset.name}` : option.dataset.name;
  }
});
