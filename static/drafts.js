// What is typed into the desk's forms stays in this browser until it is saved: for a closed tab, a
// log-out, a failed network. Nothing is restored unasked. Without this, forms work as ever.
(() => {
  const typist = document.currentScript.dataset.user;
  if (!typist || !window.localStorage) return;
  const HEAD = "readout-draft:";
  const DAYS = 14;
  const address = location.pathname + location.search;
  const SKIPPED = /^(csrfmiddlewaretoken|typist|initial-.*|choose-.*|_.*|action|select_across|.*-(TOTAL|INITIAL|MIN_NUM|MAX_NUM)_FORMS)$/;

  const read = (key) => {
    try { return JSON.parse(localStorage.getItem(key)); } catch { return null; }
  };
  const forget = (key) => localStorage.removeItem(key);
  const keyOf = (form, at) => `${HEAD}${typist}:${at}#${form}`;

  // Old ones go.
  for (const key of Object.keys(localStorage)) {
    if (!key.startsWith(HEAD)) continue;
    const draft = read(key);
    if (!draft || Date.now() - draft.at > DAYS * 86400000) forget(key);
  }

  // The server says which address was saved, once: its forms' drafts have done their work.
  const saved = document.cookie.split("; ").find((each) => each.startsWith("readout_saved="));
  if (saved) {
    const at = decodeURIComponent(saved.slice("readout_saved=".length));
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith(`${HEAD}${typist}:${at}#`)) forget(key);
    }
    document.cookie = "readout_saved=; path=/admin/; max-age=0; samesite=lax";
  }

  const fields = (form) => [...form.elements].filter((field) => field.name && !field.disabled
    && !["hidden", "password", "file", "submit", "button", "reset"].includes(field.type)
    && !SKIPPED.test(field.name) && !field.name.includes("__prefix__"));

  // {name: [[value, label], ...]}: labels, because a select that searches holds only what was chosen.
  const values = (form) => {
    const found = {};
    for (const field of fields(form)) {
      const list = (found[field.name] ??= []);
      if (field.tagName === "SELECT") {
        for (const option of field.selectedOptions) list.push([option.value, option.text]);
      } else if (field.type === "checkbox" || field.type === "radio") {
        if (field.checked) list.push([field.value, ""]);
      } else list.push([field.value, ""]);
    }
    return found;
  };
  const text = (found) => JSON.stringify(Object.entries(found)
    .map(([name, list]) => [name, list.map(([value]) => value.replaceAll("\r\n", "\n")).filter((value) => value)])
    .filter(([, list]) => list.length).sort());

  const addRows = (form, found) => {
    for (const total of form.querySelectorAll("input[name$='-TOTAL_FORMS']")) {
      const prefix = total.name.slice(0, -"-TOTAL_FORMS".length);
      const numbers = Object.keys(found).map((name) => name.match(`^${CSS.escape(prefix)}-(\\d+)-`))
        .filter(Boolean).map((match) => Number(match[1]));
      const more = document.querySelector(`#${CSS.escape(prefix)}-group .add-row a, #${CSS.escape(prefix)}-group a.add-row`);
      for (let left = 200; more && left && Number(total.value) <= Math.max(-1, ...numbers); left -= 1) more.click();
    }
  };

  const fill = (form, found) => {
    addRows(form, found);
    const place = {};
    for (const field of fields(form)) {
      const list = found[field.name];
      if (!list) continue;
      const chosen = list.map(([value]) => value);
      if (field.tagName === "SELECT") {
        for (const [value, label] of list) {
          if (![...field.options].some((option) => option.value === value)) field.add(new Option(label, value));
        }
        for (const option of field.options) option.selected = chosen.includes(option.value);
      } else if (field.type === "checkbox" || field.type === "radio") {
        field.checked = chosen.includes(field.value);
      } else {
        place[field.name] = (place[field.name] ?? -1) + 1;
        field.value = chosen[place[field.name]] ?? "";
      }
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }
  };

  const offer = (form, key, draft) => {
    const box = document.createElement("div");
    box.className = "draft";
    box.setAttribute("role", "status");
    const when = new Date(draft.at);
    const day = when.toDateString() === new Date().toDateString() ? "" : `${when.toLocaleDateString()}, `;
    const time = when.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false });
    const button = (words, act) => {
      const made = document.createElement("button");
      made.type = "button";
      made.className = "button";
      made.textContent = words;
      made.addEventListener("click", () => {
        act();
        box.remove();
        (form.querySelector("[autofocus]") ?? fields(form)[0])?.focus();
      });
      box.append(made, " ");
    };
    box.append("You typed here and did not save. ");
    button(`Bring back what you typed at ${day}${time}`, () => fill(form, draft.found));
    button("Throw it away", () => forget(key));
    form.before(box);
  };

  const watched = new WeakSet();
  const watch = (form, number) => {
    if (form.querySelector("input[type=password]") || form.dataset.kept === "no" || watched.has(form)) return;
    watched.add(form);
    if (!fields(form).some((field) => field.tagName === "TEXTAREA" || field.type === "text")) return;
    // A form that htmx brings says at which address it opens again.
    const key = form.dataset.opensAt ? keyOf("form", form.dataset.opensAt) : keyOf(form.id || number, address);
    const start = text(values(form));
    const draft = read(key);
    let last = start;
    if (draft && text(draft.found) !== start) offer(form, key, draft);
    const keep = () => {
      const found = values(form);
      const now = text(found);
      if (now === last) return;
      last = now;
      try {
        localStorage.setItem(key, JSON.stringify({ at: Date.now(), found }));
      } catch {
        // The browser's room is full: what was kept before stays.
      }
    };
    let waiting = 0;
    const soon = () => { clearTimeout(waiting); waiting = setTimeout(keep, 300); };
    form.addEventListener("input", soon);
    form.addEventListener("change", soon);
    form.addEventListener("submit", keep);
    form.addEventListener("htmx:beforeOnLoad", (event) => {
      if (event.target !== form || event.detail.xhr.status >= 300) return;
      clearTimeout(waiting);
      forget(key);
    });
    addEventListener("pagehide", () => { if (form.isConnected) keep(); });
  };

  // Admin's own scripts fill in and enhance fields first.
  addEventListener("load", () => {
    document.querySelectorAll("#content form").forEach((form, number) => {
      if (form.method === "post") watch(form, number);
    });
    document.addEventListener("htmx:load", (event) => {
      const brought = event.target.closest("[data-opens-at]") ?? event.target.querySelector("[data-opens-at]");
      if (brought) watch(brought);
    });
  });
})();
