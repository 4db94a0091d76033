// A name is changed where it stands; without scripts, on the page of its group.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a.rename");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  const form = document.getElementById("renaming").content.firstElementChild.cloneNode(true);
  const title = link.parentElement.querySelector("h3");
  form.action = `${link.pathname}/name`;
  form.elements.names.value = title.textContent;
  form.elements.names.ariaLabel = link.ariaLabel;
  form.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape") return;
    form.replaceWith(title, link);
    link.focus();
  });
  link.remove();
  title.replaceWith(form);
  form.elements.names.select();
});
