// Parts of a page are drawn anew out of the page as it is now; what is the same stays, with what was typed in it.

// Whether the page at that address is there still.
export async function draw(address) {
  const answer = await fetch(address);
  if (answer.status === 404) return false;
  if (!answer.ok) throw new Error("The page cannot be loaded again. Reload it.");
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const focused = document.activeElement.id;
  for (const part of document.querySelectorAll("[data-part]")) put(part, page.getElementById(part.id));
  if (focused && document.activeElement.id !== focused) {
    (document.getElementById(focused) ?? document.getElementById("heading")).focus({ preventScroll: true });
  }
  document.title = page.title;
  document.dispatchEvent(new Event("drawn"));
  return true;
}

function put(part, fresh) {
  if (!fresh) return part.replaceChildren();
  const here = new Map([...part.children].map((child) => [child.id, child]));
  const children = [...fresh.children].map((child) => {
    const same = here.get(child.id);
    return same?.isEqualNode(child) ? same : document.adoptNode(child);
  });
  if (children.length || part.children.length) part.replaceChildren(...children);
  else part.textContent = fresh.textContent;
}
