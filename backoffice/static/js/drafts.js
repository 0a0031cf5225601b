/* Drafts: what is typed into <form data-draft="name"> stays in this browser, for this person, until
   it is saved, discarded, a week old, or the person logs out. Passwords and files never do.

   With data-drafts (an address) the server keeps it sealed instead, for all devices of the person; the browser
   then holds only what the server has not answered for, such as what is typed after the session ended. */

const texts = JSON.parse(document.body.dataset.texts || "{}");
const PREFIX = "draft:";
const SENT = "draft-sent";
const KEPT_FOR = 7 * 24 * 3600 * 1000;
const DELAY = 600;
const SERVER_DELAY = 3000;
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

async function ask(form, given) {
  const url = form.dataset.drafts;
  if (!url) return null;
  const body = given && new URLSearchParams({ form: form.dataset.draft, ...given });
  const token = form.querySelector("[name=csrfmiddlewaretoken]")?.value || "";
  const request = body
    ? fetch(url, { method: "POST", body, headers: { "X-CSRFToken": token, Accept: "application/json" } })
    : fetch(`${url}?${new URLSearchParams({ form: form.dataset.draft })}`, { headers: { Accept: "application/json", "X-Background": "true" } });
  const answer = await request.catch(() => null);
  // No answer, or the login page: what was typed stays in the browser.
  return answer?.ok && !answer.redirected ? answer.json().catch(() => null) : null;
}

// Tells the command that its draft can go once it has saved.
function markKept(form) {
  if (form.elements.drafted) return;
  const mark = document.createElement("input");
  mark.type = "hidden";
  mark.name = "drafted";
  mark.value = form.dataset.draft;
  form.append(mark);
}

async function send(form, values) {
  const told = await ask(form, { values: JSON.stringify(values) });
  if (!told) return;
  markKept(form);
  localStorage.removeItem(keyOf(form));
}

function forget(form) {
  localStorage.removeItem(keyOf(form));
  if (form.elements.drafted) ask(form, {});
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
    button(texts.discard, "btn-quiet", () => forget(form)),
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
  let later = 0;
  let touched = false;
  const first = JSON.stringify(read(form));
  form.addEventListener("input", (event) => {
    touched = touched || event.isTrusted;
    clearTimeout(timer);
    clearTimeout(later);
    timer = setTimeout(() => {
      const values = read(form);
      if (!touched) return;
      if (JSON.stringify(values) === first) return forget(form);
      localStorage.setItem(keyOf(form), JSON.stringify({ at: Date.now(), values }));
      later = setTimeout(() => send(form, values), SERVER_DELAY);
    }, DELAY);
  });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    clearTimeout(later);
    if (!form.hasAttribute("hx-post")) sessionStorage.setItem(SENT, keyOf(form));
  });
}

async function newest(form) {
  const local = load(keyOf(form));
  const kept = await ask(form);
  if (kept?.values) markKept(form);
  return kept?.values && (!local || kept.at > local.at) ? kept : local;
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

const dressed = new WeakSet();

function dress(root) {
  root.querySelectorAll("form[data-draft]").forEach((form) => {
    if (dressed.has(form)) return;
    dressed.add(form);
    // After the controls are dressed up, so that what they write does not count as typed.
    setTimeout(async () => {
      const draft = await newest(form);
      const returned = form.querySelector(".error-summary");
      if (draft && !returned && JSON.stringify(draft.values) !== JSON.stringify(read(form))) offer(form, draft);
      keep(form);
    }, 300);
  });
}

dress(document);
document.body.addEventListener("htmx:afterSettle", (event) => dress(event.detail.elt.parentElement || document));

// A form that a piece of the page sends by itself, such as a comment, is done with when it was taken.
document.body.addEventListener("htmx:beforeSwap", (event) => {
  const form = event.detail.requestConfig.elt;
  if (form.matches("form[data-draft]") && event.detail.xhr.status < 400) localStorage.removeItem(keyOf(form));
});

document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-forget]")) forgetAll();
});
