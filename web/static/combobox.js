// How the question may go on, offered while it is typed: a combobox with a list, as ARIA describes it.
const PAUSE = 80; // ms without typing

export function completeIn(box) {
  const list = Object.assign(document.createElement("ul"), { className: "ways", id: `${box.id}-ways`, hidden: true });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "How the question may go on");
  box.form.append(list);
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-haspopup": "listbox", "aria-expanded": "false", "aria-controls": list.id })) {
    box.setAttribute(name, value);
  }
  let ways = [];
  let at = -1;
  let wait = 0;
  let asking = null;

  function close() {
    clearTimeout(wait);
    asking?.abort();
    ways = [];
    show();
  }

  function show() {
    at = -1;
    list.replaceChildren(...ways.map(option));
    list.hidden = !ways.length;
    box.setAttribute("aria-expanded", String(!list.hidden));
    box.removeAttribute("aria-activedescendant");
  }

  function option(way, number) {
    const line = Object.assign(document.createElement("li"), { id: `${list.id}-${number}` });
    line.setAttribute("role", "option");
    line.setAttribute("aria-selected", "false");
    const name = Object.assign(document.createElement("b"), { textContent: way.text });
    const meaning = Object.assign(document.createElement("span"), { textContent: way.meaning });
    line.append(name, " ", meaning);
    line.addEventListener("mousedown", (event) => {
      event.preventDefault(); // the focus stays in the box
      take(way);
    });
    return line;
  }

  async function ask() {
    asking?.abort();
    asking = new AbortController();
    const cursor = box.selectionStart;
    const query = new URLSearchParams({ line: box.value, cursor });
    try {
      const answer = await fetch(`${box.dataset.complete}?${query}`, { signal: asking.signal });
      ways = answer.ok ? (await answer.json()).completions.filter((way) => way.line !== box.value) : [];
    } catch {
      return; // a newer question, or no server: the box works without
    }
    if (document.activeElement === box && box.selectionStart === cursor) show();
  }

  function move(step) {
    list.children[at]?.setAttribute("aria-selected", "false");
    const places = ways.length + 1; // one is the box itself, -1
    at = ((at + 1 + step + places) % places) - 1;
    const line = list.children[at];
    line?.setAttribute("aria-selected", "true");
    line?.scrollIntoView({ block: "nearest" });
    if (line) box.setAttribute("aria-activedescendant", line.id);
    else box.removeAttribute("aria-activedescendant");
  }

  function take(way) {
    const goesOn = way.kind === "key" || way.cursor < way.line.length;
    box.value = goesOn ? way.line : `${way.line} `;
    const cursor = goesOn ? way.cursor : box.value.length;
    box.setSelectionRange(cursor, cursor);
    close();
    if (way.kind === "key") ask();
  }

  box.addEventListener("input", () => {
    close();
    const word = box.value.slice(0, box.selectionStart).match(/\S*$/)[0];
    if (word.length > 1) wait = setTimeout(ask, PAUSE);
  });
  box.addEventListener("blur", close);
  box.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const closed = list.hidden;
    if (event.key === "ArrowDown" && closed) ask();
    else if (event.key === "ArrowDown") move(1);
    else if (event.key === "ArrowUp" && !closed) move(-1);
    else if (event.key === "Escape" && !closed) close();
    else if ((event.key === "Enter" || event.key === "Tab") && at >= 0) take(ways[at]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
}
