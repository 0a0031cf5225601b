/* Lists: a click anywhere on a row opens it, j and k move, Enter opens, Space
   looks into it, x selects; ticking rows shows
   what can be done with them. A row's own buttons have data-row-key="a": pressed on the current row. */

const CURRENT = "row-current";
let lastTicked = null;

const ROW = "[data-list] [data-href]";
const rows = () => [...document.querySelectorAll(ROW)];
const boxes = () => [...document.querySelectorAll("[data-row-check]")];

function isInteractive(target) {
  return target.closest("a, button, input, select, textarea, label, summary");
}

function open(row, inNewTab) {
  const link = row.querySelector(".row-link");
  if (inNewTab) window.open(row.dataset.href, "_blank", "noopener");
  else if (link) link.click();
  else window.location.assign(row.dataset.href);
}

function peek(row) {
  const link = document.createElement("a");
  link.href = row.dataset.href;
  link.dataset.drawer = "";
  document.body.append(link);
  link.click();
  link.remove();
}

function move(step) {
  const all = rows();
  if (!all.length) return;
  const at = all.findIndex((row) => row.classList.contains(CURRENT));
  const next = at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, at + step));
  all[at]?.classList.remove(CURRENT);
  all[next].classList.add(CURRENT);
  all[next].scrollIntoView({ block: "nearest" });
  all[next].querySelector(".row-link")?.focus({ preventScroll: true });
}

function pressIn(row, key) {
  const button = row.querySelector(`[data-row-key="${CSS.escape(key)}"]`);
  button.click();
  button.parentElement.querySelector("textarea, input:not([type=hidden])")?.focus();
}

function showBulkBar() {
  const ticked = boxes().filter((box) => box.checked).length;
  document.querySelectorAll("[data-bulk-bar]").forEach((bar) => {
    bar.hidden = ticked === 0;
    const count = bar.querySelector("[data-bulk-count]");
    if (count) count.textContent = ticked;
  });
  document.querySelectorAll("[data-check-all]").forEach((box) => {
    box.checked = ticked > 0 && ticked === boxes().length;
    box.indeterminate = ticked > 0 && ticked < boxes().length;
  });
}

function tickRange(to) {
  const all = boxes();
  const from = all.indexOf(lastTicked);
  if (from < 0) return;
  const [first, last] = [from, all.indexOf(to)].sort((a, b) => a - b);
  all.slice(first, last + 1).forEach((box) => (box.checked = to.checked));
}

document.addEventListener("click", (event) => {
  const row = event.target.closest(ROW);
  if (row && !isInteractive(event.target) && !String(window.getSelection()) && !event.target.closest("td")?.querySelector(".cell-edit, [data-cell-form]")) {
    open(row, event.ctrlKey || event.metaKey);
  }
  const box = event.target.closest("[data-row-check]");
  if (box) {
    if (event.shiftKey) tickRange(box);
    lastTicked = box;
    showBulkBar();
  }
});

/* A cell that can be changed here: double click or its pencil opens it, Escape leaves it as it was. */

document.addEventListener("dblclick", (event) => {
  event.target.closest("td")?.querySelector(".cell-edit")?.click();
});

document.addEventListener("keydown", (event) => {
  const form = event.key === "Escape" && event.target.closest?.("[data-cell-form]");
  if (!form) return;
  event.preventDefault();
  form.querySelector("[data-cell-cancel]").click();
});

document.body.addEventListener("htmx:afterSettle", (event) => {
  const cell = event.detail.elt.closest?.("td") || event.detail.target?.closest?.("td");
  const field = cell?.querySelector("[data-cell-form] :is(input, select):not([type=hidden])");
  (field || cell?.querySelector(".cell-edit"))?.focus();
  field?.select?.();
});

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-check-all]")) {
    boxes().forEach((box) => (box.checked = event.target.checked));
    showBulkBar();
  }
});

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog:modal")) return;
  const typing = event.target.matches?.("input:not([type=checkbox]), textarea, select, [contenteditable]");
  if (typing || !rows().length) return;
  const current = document.querySelector(`${ROW}.${CURRENT}`);
  if (event.key === "j" || event.key === "k") {
    event.preventDefault();
    move(event.key === "j" ? 1 : -1);
  } else if (event.key === " " && current && !event.target.matches?.("button, summary, input")) {
    event.preventDefault();
    peek(current);
  } else if (event.key === "x" && current) {
    event.preventDefault();
    current.querySelector("[data-row-check]")?.click();
  } else if (current?.querySelector(`[data-row-key="${CSS.escape(event.key)}"]`)) {
    event.preventDefault();
    pressIn(current, event.key);
  } else if (event.key === "Enter" && current && !isInteractive(event.target)) {
    open(current, false);
  }
});

document.body.addEventListener("htmx:afterSettle", showBulkBar);
window.addEventListener("pageshow", showBulkBar);
