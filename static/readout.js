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
    announce(button, document.body.dataset.copied);
  } catch {
    field.select();
    announce(button, document.body.dataset.press);
  }
});

// A picture wider than the screen is first seen where most of it happens, not at its left edge.
const centre = (root) => {
  for (const box of root.querySelectorAll("[data-centred]")) box.scrollLeft = (box.scrollWidth - box.clientWidth) / 2;
};

const prepare = (root) => { reveal(root); centre(root); };
document.addEventListener("DOMContentLoaded", () => prepare(document));
document.addEventListener("htmx:load", (event) => prepare(event.target));

// The search box suggests names: a combobox (ARIA 1.2) over the list that the server sends.
document.addEventListener("DOMContentLoaded", () => {
  const box = document.getElementById("site-search");
  const list = document.getElementById("suggestions");
  const told = document.getElementById("suggestions-count");
  if (!box || !list || !window.htmx) return;
  let current = -1;
  for (const [name, value] of Object.entries({
    role: "combobox", "aria-autocomplete": "list", "aria-controls": "suggestions", "aria-expanded": "false",
  })) box.setAttribute(name, value);

  const options = () => [...list.children];
  const close = () => {
    list.hidden = true;
    box.setAttribute("aria-expanded", "false");
    choose(-1);
  };
  const choose = (index) => {
    current = index;
    options().forEach((option, at) => option.setAttribute("aria-selected", String(at === index)));
    if (index < 0) box.removeAttribute("aria-activedescendant");
    else box.setAttribute("aria-activedescendant", options()[index].id);
  };

  list.addEventListener("htmx:afterSwap", () => {
    const open = options().length > 0 && document.activeElement === box && box.value.trim() !== "";
    list.hidden = !open;
    box.setAttribute("aria-expanded", String(open));
    choose(-1);
    told.textContent = open ? document.body.dataset.words.replace("{number}", options().length) : "";
  });
  box.addEventListener("keydown", (event) => {
    const number = options().length;
    if (event.key === "Escape" && !list.hidden) {
      close();
      event.preventDefault();
    } else if (!list.hidden && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      const step = event.key === "ArrowDown" ? 1 : -1;
      choose((current + step + (current < 0 && step < 0 ? 1 : 0) + number) % number);
      event.preventDefault();
    } else if (event.key === "Enter" && !list.hidden && current >= 0) {
      window.location.assign(options()[current].dataset.url);
      event.preventDefault();
    }
  });
  box.addEventListener("blur", () => setTimeout(close, 150));
});
