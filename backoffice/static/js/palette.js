/* The command palette: Ctrl+K or the search field on top; results come from the server as HTML.
   Tab on a record shows what can be done with it; Backspace in the empty field goes back. */

const palette = document.getElementById("palette");
const input = document.getElementById("palette-input");
const results = document.getElementById("palette-results");
const DELAY = 130;
let timer = 0;
let request = null;
let chosen = "";

// The record in question: one that was chosen here, a row that is ticked or current, or this page's.
function at() {
  const ticked = document.querySelectorAll("[data-row-check]:checked");
  const row = ticked.length === 1 ? ticked[0].closest("[data-href]") : document.querySelector("[data-list] .row-current");
  return chosen || row?.dataset.href || window.location.pathname;
}

const options = () => [...results.querySelectorAll("[role=option]")];
const selected = () => results.querySelector("[aria-selected=true]");

function select(option) {
  selected()?.setAttribute("aria-selected", "false");
  option?.setAttribute("aria-selected", "true");
  option?.scrollIntoView({ block: "nearest" });
  if (option) input.setAttribute("aria-activedescendant", option.id);
  else input.removeAttribute("aria-activedescendant");
}

async function load() {
  request?.abort();
  request = new AbortController();
  const url = `${input.dataset.url}?${new URLSearchParams({ q: input.value, at: at() })}`;
  try {
    const answer = await fetch(url, { headers: { "HX-Request": "true" }, signal: request.signal });
    if (!answer.ok || answer.redirected) return;
    results.innerHTML = await answer.text();
    select(options()[0]);
  } catch (error) {
    if (error.name !== "AbortError") throw error;
  }
}

function open(text = "") {
  if (palette.open) return;
  input.value = text;
  chosen = "";
  palette.showModal();
  input.focus();
  load();
}

function showActions(option) {
  chosen = new URL(option.href).pathname;
  input.value = ">";
  load();
}

function step(by) {
  const all = options();
  if (all.length) select(all[(all.indexOf(selected()) + by + all.length) % all.length]);
}

if (palette) {
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      if (palette.open) palette.close();
      else open();
    }
  });

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(load, DELAY);
  });

  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      step(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter") {
      event.preventDefault();
      selected()?.click();
    } else if (event.key === "Tab" && !event.shiftKey && selected()?.matches("[data-actions]")) {
      event.preventDefault();
      showActions(selected());
    } else if (event.key === "Backspace" && chosen && input.value.length < 2) {
      event.preventDefault();
      chosen = "";
      input.value = "";
      load();
    }
  });

  results.addEventListener("click", (event) => {
    if (event.target.closest("a")) palette.close();
  });

  // The field on top is a plain search form; with scripts it opens the palette instead.
  document.querySelectorAll("[data-palette-open]").forEach((form) => {
    const field = form.querySelector("input");
    form.addEventListener("mousedown", (event) => {
      event.preventDefault();
      open();
    });
    field.addEventListener("input", () => {
      const text = field.value;
      field.value = "";
      open(text);
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      open(field.value);
    });
  });
}
