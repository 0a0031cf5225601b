/* Forms: Ctrl+Enter and Ctrl+S save, one submit at a time, and nobody loses changes by a wrong click. */

const texts = JSON.parse(document.body.dataset.texts || "{}");
const guarded = new Map();

function content(form) {
  const skip = new Set(["csrfmiddlewaretoken", "idempotency_key", "drafted"]);
  return JSON.stringify([...new FormData(form)].filter(([name]) => !skip.has(name)).map(([n, v]) => [n, v.name ?? v]));
}

function isChanged(form) {
  return document.contains(form) && guarded.has(form) && guarded.get(form) !== content(form);
}

function watch(root) {
  root.querySelectorAll("form[data-guard]").forEach((form) => {
    if (guarded.has(form)) return;
    // Controls that scripts dress up settle first. A form that came back with errors is a changed one.
    const came = form.querySelector(".error-summary") ? "" : null;
    setTimeout(() => guarded.set(form, came ?? content(form)), 400);
  });
}

document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-guard]");
  const state = form?.querySelector("[data-save-state]");
  if (state) setTimeout(() => (state.textContent = isChanged(form) ? texts.unsaved : ""), 0);
});

window.addEventListener("beforeunload", (event) => {
  if ([...guarded.keys()].some((form) => isChanged(form))) event.preventDefault();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-cancel]")) guarded.clear();
});

document.addEventListener("keydown", (event) => {
  const saves = (event.ctrlKey || event.metaKey) && (event.key === "Enter" || event.key.toLowerCase() === "s");
  if (!saves) return;
  const form = event.target.closest?.("form") || document.querySelector("main form[data-guard]");
  const button = form?.querySelector("[data-save]");
  if (!button) return;
  event.preventDefault();
  form.requestSubmit(button);
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("hx-post")) return;
  if (form.dataset.busy) {
    event.preventDefault();
    return;
  }
  form.dataset.busy = "yes";
  guarded.delete(form);
  form.querySelectorAll("button:not([type=button])").forEach((button) => button.setAttribute("aria-busy", "true"));
});

// Back from the browser's memory, a form can be sent again.
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-busy]").forEach((form) => delete form.dataset.busy);
});

document.addEventListener("click", (event) => {
  const link = event.target.closest(".error-summary a[href^='#']");
  const control = link && document.getElementById(link.hash.slice(1));
  if (!control) return;
  event.preventDefault();
  (control.tomselect || control).focus();
  control.closest("[data-field]")?.scrollIntoView({ block: "center" });
});

watch(document);
document.querySelector("main [data-focus]")?.focus();
document.body.addEventListener("htmx:afterSettle", (event) => watch(event.detail.elt.parentElement || document));
