// A picture or a clip that is chosen, dropped or pasted is the question at once.
const form = document.querySelector("form.picture");

function ask(files) {
  const file = [...files].find((each) => /^(image|video)\//.test(each.type));
  if (!form || !file) return false;
  const chosen = new DataTransfer();
  chosen.items.add(file);
  form.elements.picture.files = chosen.files;
  send();
  return true;
}

function send() {
  form.classList.add("busy");
  form.setAttribute("aria-busy", "true");
  form.requestSubmit();
}

if (form) {
  form.classList.add("easy"); // its button is not needed
  form.elements.picture.addEventListener("change", () => form.elements.picture.files.length && send());
  document.addEventListener("paste", (event) => {
    if (ask(event.clipboardData.files)) event.preventDefault();
  });
  document.addEventListener("dragover", (event) => {
    if (![...event.dataTransfer.types].includes("Files")) return;
    event.preventDefault();
    document.body.classList.add("dropping");
  });
  document.addEventListener("dragleave", (event) => event.relatedTarget ?? document.body.classList.remove("dropping"));
  document.addEventListener("drop", (event) => {
    document.body.classList.remove("dropping");
    if (ask(event.dataTransfer.files)) event.preventDefault();
  });
  addEventListener("pageshow", () => { // the way back
    form.classList.remove("busy");
    form.removeAttribute("aria-busy");
  });
}
