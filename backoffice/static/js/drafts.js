/* Drafts: what is typed into <form data-draft="name"> stays in this browser, for this person, until
   it is saved, discarded, a week old, or the person logs out. Passwords and files never do. */

const texts = JSON.parse(document.body.dataset.texts || "{}");
const PREFIX = "draft:";
const SENT = "draft-sent";
const KEPT_FOR = 7 * 24 * 3600 * 1000;
const DELAY = 600;
const person = document.body.dataset.user || "0";

const keyOf = (form) => `${PREFIX}${person}:${form.dataset.draft}`;
const controls = (form) =>
  [...form.elements].filter(
    (control) => control.name && !/^(hidden|password|file|submit|button)$/.test(control.type) && !control.closest("[data-no-draft]"),
  );

function read(form) {
  return controls(form).map((control) => [control.name, control.type === "checkbox" || control.type === "radio" ? [control.value, control.checked] : control.value]);
}

function write(form, values) {
  const named = new Map();
  values.forEach(([name, value]) => named.set(name, [...(named.get(name) || []), value]));
  controls(form).forEach((control) => {
    const value = named.get(control.name)?.shift();
    if (value === undefined) return;
    if (Array.isArray(value)) control.checked = value[1];
    else if (control.tomselect) control.tomselect.setValue(value);
    else control.value = value;
    control.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

function offer(form, draft) {
  const bar = document.createElement("div");
  const text = document.createElement("span");
  const time = new Date(draft.at).toLocaleString(document.documentElement.lang, { dateStyle: "short", timeStyle: "short" });
  const button = (label, look, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = `btn btn-sm ${look}`;
    made.textContent = label;
    made.addEventListener("click", () => {
      act();
      bar.remove();
    });
    return made;
  };
  bar.className = "draft-bar notice tone-info";
  bar.setAttribute("role", "status");
  text.textContent = texts.draft.replace("{time}", time);
  bar.append(
    text,
    button(texts.restore, "", () => write(form, draft.values)),
    button(texts.discard, "btn-quiet", () => localStorage.removeItem(keyOf(form))),
  );
  form.prepend(bar);
}

function load(key) {
  const draft = JSON.parse(localStorage.getItem(key) || "null");
  if (draft && Date.now() - draft.at > KEPT_FOR) localStorage.removeItem(key);
  return draft && Date.now() - draft.at <= KEPT_FOR ? draft : null;
}

function keep(form) {
  let timer = 0;
  let touched = false;
  const first = JSON.stringify(read(form));
  form.addEventListener("input", (event) => {
    touched = touched || event.isTrusted;
    clearTimeout(timer);
    timer = setTimeout(() => {
      const values = read(form);
      if (!touched) return;
      if (JSON.stringify(values) === first) localStorage.removeItem(keyOf(form));
      else localStorage.setItem(keyOf(form), JSON.stringify({ at: Date.now(), values }));
    }, DELAY);
  });
  form.addEventListener("submit", () => sessionStorage.setItem(SENT, keyOf(form)));
}

function forgetAll() {
  Object.keys(localStorage).filter((key) => key.startsWith(PREFIX)).forEach((key) => localStorage.removeItem(key));
}

// A draft that was sent is done with, unless the form came back with errors or the login came between.
const sent = sessionStorage.getItem(SENT);
if (sent && !document.body.classList.contains("blank")) {
  sessionStorage.removeItem(SENT);
  if (!document.querySelector(".error-summary")) localStorage.removeItem(sent);
}

document.querySelectorAll("form[data-draft]").forEach((form) => {
  // After the controls are dressed up, so that what they write does not count as typed.
  setTimeout(() => {
    const draft = load(keyOf(form));
    const returned = form.querySelector(".error-summary");
    if (draft && !returned && JSON.stringify(draft.values) !== JSON.stringify(read(form))) offer(form, draft);
    keep(form);
  }, 300);
});

document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-forget]")) forgetAll();
});
