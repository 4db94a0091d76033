// What is said: the current line is marked, and other parts of a long film are fetched as they are reached.
import { find, follow, page } from "./film_player.js";

const wordsBox = find("words");
let turning = false;

function markWords(now) {
  if (!wordsBox) return;
  const cues = [...wordsBox.querySelectorAll("li button")];
  const current = cues.findLast((cue) => Number(cue.value) <= now + 0.05);
  const marked = wordsBox.querySelector("[aria-current]");
  const [first, last] = [cues[0], cues.at(-1)];
  const before = first && now < Number(first.value) && first.closest("ol").previousElementSibling;
  const after = current === last && last && now > Number(last.dataset.end) && last.closest("ol").nextElementSibling;
  if (before || after) turnWords(now);
  if (current === marked) return;
  marked?.removeAttribute("aria-current");
  current?.setAttribute("aria-current", "true");
  if (current && !wordsBox.matches(":hover, :focus-within")) {
    wordsBox.scrollTop = current.offsetTop - wordsBox.offsetTop - wordsBox.clientHeight / 3;
  }
}

export async function turnWords(second) {
  if (turning) return;
  turning = true;
  const answer = await fetch(`${page.dataset.words}?t=${second}`).catch(() => null);
  if (answer?.ok) wordsBox.innerHTML = await answer.text();
  turning = false;
}

if (wordsBox) follow(markWords);
