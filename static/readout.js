// What HTML cannot do: put a citation on the clipboard. Without this, the text is there to be selected.
const announce = (button, words) => {
  const before = button.textContent;
  button.textContent = words;
  setTimeout(() => { button.textContent = before; }, 2000);
};

const reveal = (root) => {
  if (!navigator.clipboard) return;
  for (const button of root.querySelectorAll("[data-copy]")) button.hidden = false;
};

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const field = document.querySelector(button.dataset.copy);
  try {
    await navigator.clipboard.writeText(field.value);
    announce(button, "Copied");
  } catch {
    field.select();
    announce(button, "Press Ctrl+C");
  }
});

document.addEventListener("DOMContentLoaded", () => reveal(document));
document.addEventListener("htmx:load", (event) => reveal(event.target));
