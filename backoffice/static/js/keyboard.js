/* Shortcuts: any element with data-key="e" or data-key="g p" is pressed by its keys. "?" lists them. */

const SEQUENCE_WITHIN = 1200;
let typed = "";
let timer = 0;

function isTyping(target) {
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)
    ? !/^(checkbox|radio|button|submit)$/.test(target.type)
    : false;
}

function keyed() {
  return [...document.querySelectorAll("[data-key]")].filter((element) => element.dataset.key);
}

function press(element) {
  if (element.matches("input, textarea, select")) element.focus();
  else element.click();
}

function nameOf(element) {
  const text = element.querySelector(".menu-text") || element;
  return element.getAttribute("aria-label") || text.textContent.trim();
}

function showShortcuts() {
  const dialog = document.getElementById("shortcuts");
  if (dialog && !dialog.open) dialog.showModal();
}

function listShortcuts() {
  const room = document.querySelector("[data-shortcut-keys]");
  const lines = keyed().map((element) => {
    const line = document.createElement("div");
    const name = document.createElement("dt");
    const keys = document.createElement("dd");
    name.textContent = nameOf(element);
    element.dataset.key.split(" ").forEach((key) => {
      const cap = document.createElement("kbd");
      cap.textContent = key;
      keys.append(cap);
    });
    line.append(name, keys);
    return line;
  });
  room?.replaceChildren(...lines);
}

function handle(key) {
  clearTimeout(timer);
  typed = typed ? `${typed} ${key}` : key;
  const matching = keyed().filter((element) => element.dataset.key === typed);
  if (matching.length) {
    typed = "";
    press(matching[0]);
    return true;
  }
  if (!keyed().some((element) => element.dataset.key.startsWith(`${typed} `))) typed = "";
  timer = setTimeout(() => (typed = ""), SEQUENCE_WITHIN);
  return false;
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (isTyping(event.target) || document.querySelector("dialog:modal")) return;
  if (event.key.length !== 1) return;
  if (event.key === "?") {
    event.preventDefault();
    showShortcuts();
  } else if (event.key === "/") {
    const search = document.querySelector("[data-list-search]") || document.querySelector("[data-palette-open] input");
    event.preventDefault();
    search?.focus();
    search?.select?.();
  } else if (handle(event.key)) {
    event.preventDefault();
  }
});

document.getElementById("shortcuts")?.addEventListener("toggle", listShortcuts);
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-open=shortcuts]")) listShortcuts();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "?") listShortcuts();
});
