// The desk page: what is selected, where the cursor is, and keys. Every key presses a button or
// follows a link that is there for the mouse too; the server does the rest.
const panes = () => document.getElementById("panes");
const captured = () => document.getElementById("captured");
const sentences = () => [...captured().querySelectorAll(".sentence")];
const offers = () => [...captured().querySelectorAll(".offer")];

// --- The cursor: on a sentence or on a suggestion ---

let cursor = "";
let anchor = "";

const current = () => document.getElementById(cursor);
const sentenceOf = (element) => element?.closest(".sentence");

const paint = () => {
  for (const each of captured().querySelectorAll(".current, .chosen")) each.classList.remove("current", "chosen");
  const here = current();
  if (!here) return;
  if (here.matches(".offer")) {
    for (const piece of captured().querySelectorAll(".offered")) {
      if (piece.dataset.offers.split(" ").includes(here.textContent)) piece.classList.add("chosen");
    }
    document.getElementById(`item-${here.textContent}`)?.scrollIntoView({ block: "nearest" });
  }
  for (const each of chosenSentences()) each.classList.add("current");
};

const chosenSentences = () => {
  const all = sentences();
  const ends = [document.getElementById(anchor) ?? sentenceOf(current()), sentenceOf(current())];
  const [from, to] = ends.map((each) => all.indexOf(each)).sort((a, b) => a - b);
  return from < 0 ? [] : all.slice(from, to + 1);
};

const goTo = (element, { extend = false } = {}) => {
  if (!element) return;
  anchor = extend ? anchor || sentenceOf(current())?.id : "";
  cursor = element.id;
  getSelection().removeAllRanges();
  for (const each of captured().querySelectorAll("[tabindex='0']")) each.tabIndex = -1;
  element.tabIndex = 0;
  element.focus({ preventScroll: true });
  element.scrollIntoView({ block: "nearest" });
  paint();
};

const step = (by, extend) => {
  const all = sentences();
  const at = all.indexOf(sentenceOf(current()));
  goTo(all[Math.max(0, Math.min(all.length - 1, at + by))], { extend });
};

const stepOffer = (by) => {
  const all = offers();
  const here = current();
  if (here?.matches(".offer")) return goTo(all[all.indexOf(here) + by]);
  const start = Number(here?.dataset.start ?? 0);
  const after = all.findIndex((each) => Number(each.dataset.start) >= start);
  goTo(all[by > 0 ? after : (after < 0 ? all.length : after) - 1]);
};

const nextWithoutRecord = () => {
  const all = sentences();
  const rest = all.slice(all.indexOf(sentenceOf(current())) + 1);
  goTo(rest.find((each) => !each.matches(".covered") && each.parentElement.matches("p")));
};

// --- The passage: what is selected, else what the cursor is on; counted in code points ---

const codePoints = (text) => [...text].length;

const placeOf = (node, offset) => {
  const range = document.createRange();
  range.setStart(captured(), 0);
  range.setEnd(node, offset);
  const pieces = [...captured().querySelectorAll(".piece")].filter((piece) => range.intersectsNode(piece));
  const piece = pieces.at(-1);
  if (!piece) return 0;
  range.setStart(piece, 0);
  return Number(piece.dataset.at) + codePoints(piece.contains(node) ? range.toString() : piece.textContent);
};

const selected = () => {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  if (!captured().contains(range.commonAncestorContainer)) return null;
  return [placeOf(range.startContainer, range.startOffset), placeOf(range.endContainer, range.endOffset)];
};

const passage = () => {
  const marked = selected();
  if (marked) return marked;
  const here = current();
  if (here?.matches(".offer") && !anchor) return [here.dataset.start, here.dataset.end];
  const chosen = chosenSentences();
  return chosen.length ? [chosen[0].dataset.start, chosen.at(-1).dataset.end] : null;
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("#pick button, [data-action]");
  if (button) button.form.elements.of_action.value = button.dataset.action ?? "";
  if (button && !document.getElementById("typed").value) {
    const [start, end] = passage() ?? [0, ""];
    const pick = button.form;
    pick.elements.start.value = start;
    pick.elements.end.value = end;
  }
  const sentence = event.target.closest("#captured .sentence");
  if (sentence && !event.target.closest("a") && getSelection().isCollapsed) goTo(sentence, { extend: event.shiftKey });
  if (event.target.closest(".leave") && panes()) {
    event.preventDefault();
    goTo(current());
  }
}, true);

document.addEventListener("focusin", (event) => {
  if (event.target.matches?.("#captured .offer, #captured .sentence") && event.target.id !== cursor) {
    cursor = event.target.id;
    anchor = "";
    paint();
  }
  const item = event.target.closest?.("#offers li[id]");
  if (item) {
    cursor = item.id.replace("item", "offer");
    paint();
  }
});

// --- Keys ---

const press = (selector) => {
  const found = document.querySelector(selector);
  if (found) found.click();
  return Boolean(found);
};

const actOn = (key) => {
  const here = current();
  const offer = here?.matches(".offer") ? here : here?.querySelector(".offer");
  if (!offer) return false;
  const item = `#item-${offer.textContent}`;
  if (key === "Shift+Y") {
    const ids = [...sentenceOf(offer).querySelectorAll(".offer")].map((each) => `#item-${each.textContent} [data-key="Shift+Y"]`);
    return press(ids.join(", ")) || press(`${item} [data-key="Y"]`);
  }
  return press(`${item} [data-key="${key}"]`) || (key === "Y" && press(`${item} [data-key="E"]`));
};

const KEYS = {
  j: () => step(1), k: () => step(-1), J: () => step(1, true), K: () => step(-1, true),
  ArrowDown: (event) => step(1, event.shiftKey), ArrowUp: (event) => step(-1, event.shiftKey),
  ArrowRight: () => stepOffer(1), ArrowLeft: () => stepOffer(-1),
  n: nextWithoutRecord,
  y: () => actOn("Y"), Y: () => actOn("Shift+Y"), Enter: () => actOn("Y"), e: () => actOn("E"), d: () => actOn("D"),
  "?": () => press("#keys summary"),
};
const LETTERS = { s: "S", a: "A", o: "O", q: "Q", f: "F", p: "P", m: "M", t: "T", u: "U" };

document.addEventListener("keydown", (event) => {
  const target = event.target;
  const form = target.closest?.(".draft-form");
  if (form && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    const with_others = event.shiftKey && form.querySelector("[name=take]");
    return (with_others || form.querySelector("[type=submit]")).click();
  }
  if (form && event.altKey && event.code === "KeyD") {
    event.preventDefault();
    return form.querySelector("[name=dismiss]")?.click();
  }
  if (form && event.key === "Escape") {
    event.preventDefault();
    return goTo(current() ?? sentences()[0]);
  }
  if (event.ctrlKey || event.metaKey || event.altKey || !target.closest?.("#panes")) return;
  if (target.closest("input, textarea, select, summary, [contenteditable]")) return;
  const inText = target.closest("#captured") || target === panes();
  if (["Enter", "ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"].includes(event.key) && !inText) return;
  const act = KEYS[event.key] ?? (LETTERS[event.key.toLowerCase()] && (() => press(`[aria-keyshortcuts="${LETTERS[event.key.toLowerCase()]}"]`)));
  if (!act) return;
  event.preventDefault();
  act(event);
});

// --- After the server's answer: the focus goes where the work goes on ---

const begin = ({ loaded = false } = {}) => {
  const start = panes()?.dataset.focus;
  if (start && document.getElementById(start)) cursor = start;
  anchor = "";
  const form = document.querySelector(".draft-form");
  if (!form) return goTo(current() ?? sentences()[0]);
  paint();
  enter(form, { loaded });
};

// When the page is loaded, the browser itself goes to the field with autofocus; twice would be once too often.
const enter = (form, { loaded = false } = {}) => {
  form.scrollIntoView({ block: "start" });
  const field = form.querySelector("[aria-invalid='true']") ?? form.querySelector("[role='alert'], [autofocus]");
  if (!loaded || !field?.matches("[autofocus]")) field?.focus({ preventScroll: true });
  field?.scrollIntoView({ block: "nearest" });
};

let typed = false;
document.addEventListener("input", (event) => { if (event.target.closest(".draft-form")) typed = true; });
document.addEventListener("htmx:confirm", (event) => {
  const own = event.detail.elt.matches(".draft-form");
  if (own || !typed || !document.querySelector(".draft-form")) return;
  event.preventDefault();
  if (window.confirm("The open form is not saved. Leave what you typed?")) event.detail.issueRequest(true);
});

document.addEventListener("htmx:afterSettle", (event) => {
  const form = document.querySelector(".draft-form");
  if (event.detail.target.id === "form" && form) {
    typed = Boolean(form.querySelector("[role='alert']"));
    enter(form);
  } else if (event.detail.target.id === "panes") {
    typed = false;
    begin();
  }
});
// What the server could not take stays in its form; drafts.js keeps it, should the page go.
const refused = (event) => {
  const form = document.querySelector(".draft-form");
  const note = document.createElement("p");
  note.className = "errornote";
  note.setAttribute("role", "alert");
  const kept = form ? " What you typed is still here, and kept in this browser." : "";
  const status = event.detail.xhr?.status;
  if (status === 401) {
    const login = document.createElement("a");
    login.href = `/admin/login/?next=${encodeURIComponent(form?.dataset.opensAt ?? location.pathname + location.search)}`;
    login.textContent = "Log in again";
    note.append(`You were logged out. Nothing was saved.${kept} `, login, form ? ", and bring it back." : ".");
  } else if (status >= 400 && status < 500) {
    note.append(`This could not be done from here any more. Nothing was saved.${kept} Load the page again.`);
  } else {
    note.append(`The server did not answer. Nothing was saved.${kept} Try again in a moment.`);
  }
  document.getElementById("told").replaceChildren(note);
};
for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) document.addEventListener(name, refused);

document.addEventListener("DOMContentLoaded", () => { if (captured()) begin({ loaded: true }); });
