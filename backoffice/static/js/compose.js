/* Comments: "@" offers who sees the record, pictures and files that are pasted or dropped become documents of
   the record, Ctrl+Enter sends. Without it the form still works. */

const texts = JSON.parse(document.body.dataset.texts || "{}");
const TOKEN = /(^|[^\p{L}\p{N}])@([\p{L}\p{N}][\p{L}\p{N} .'-]{0,40})?$/u;
const WAIT = 180;
let list = null;
let timer = 0;

function close() {
  if (!list) return;
  const area = list.previousElementSibling;
  area.removeAttribute("aria-activedescendant");
  area.removeAttribute("aria-controls");
  list.remove();
  list = null;
}

function insert(area, begin, end, text) {
  area.setRangeText(text, begin, end, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
  area.focus();
}

function choose(area, label) {
  const end = area.selectionStart;
  const begin = area.value.lastIndexOf("@", end - 1);
  close();
  insert(area, begin, end, `@${label} `);
  close();
}

function mark(place) {
  const options = [...list.children];
  options.forEach((option, index) => option.setAttribute("aria-selected", index === place));
  list.previousElementSibling.setAttribute("aria-activedescendant", options[place].id);
  list.dataset.place = place;
}

function show(area, found) {
  close();
  if (!found.length) return;
  list = document.createElement("ul");
  list.className = "mention-list";
  list.id = "mention-list";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", texts.people);
  found.forEach(({ id, label }) => {
    const option = document.createElement("li");
    option.id = `mention-${id}`;
    option.setAttribute("role", "option");
    option.textContent = label;
    option.addEventListener("mousedown", (event) => {
      event.preventDefault();
      choose(area, label);
    });
    list.append(option);
  });
  area.insertAdjacentElement("afterend", list);
  area.setAttribute("aria-controls", list.id);
  mark(0);
}

async function lookUp(area, url) {
  const typed = TOKEN.exec(area.value.slice(0, area.selectionStart));
  if (!typed) return close();
  const answer = await fetch(`${url}?${new URLSearchParams({ q: typed[2] || "" })}`, { headers: { Accept: "application/json" } }).catch(() => null);
  const found = answer?.ok ? (await answer.json()).results : [];
  // Who typed on in the meantime has asked for something else, or for nothing any more.
  const now = TOKEN.exec(area.value.slice(0, area.selectionStart));
  if (now?.[2] === typed[2] && document.activeElement === area) show(area, found);
  return undefined;
}

document.addEventListener("input", (event) => {
  const area = event.target.closest("[data-mention]");
  const url = area?.closest("[data-people]")?.dataset.people;
  if (!url) return;
  clearTimeout(timer);
  if (!TOKEN.test(area.value.slice(0, area.selectionStart))) return close();
  timer = setTimeout(() => lookUp(area, url), WAIT);
});

document.addEventListener(
  "keydown",
  (event) => {
    const area = event.target.closest?.("[data-mention]");
    if (!area || !list) return;
    const place = Number(list.dataset.place);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) mark((place + step + list.children.length) % list.children.length);
    else if (event.key === "Enter" || event.key === "Tab") choose(area, list.children[place].textContent);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  },
  true,
);

document.addEventListener("focusout", (event) => {
  if (event.target.closest("[data-mention]")) close();
});

/* --- files ------------------------------------------------------------------------------------- */

async function upload(area, url, files) {
  let kept = 0;
  for (const file of files) {
    const body = new FormData();
    body.append("file", file, file.name || "imagem.png");
    body.append("csrfmiddlewaretoken", area.form.querySelector("[name=csrfmiddlewaretoken]").value);
    const answer = await fetch(url, { method: "POST", body, headers: { Accept: "application/json" } }).catch(() => null);
    const told = answer ? await answer.json().catch(() => ({})) : {};
    if (answer?.ok) {
      const title = told.title.replace(/[[\]]/g, "");
      const text = told.preview ? `[![${title}](${told.preview})](${told.url})` : `[${title}](${told.url})`;
      insert(area, area.selectionEnd, area.selectionEnd, `${area.value ? "\n" : ""}${text}\n`);
      kept += 1;
    } else {
      const detail = { tone: "danger", text: told.detail || texts.failed };
      document.body.dispatchEvent(new CustomEvent("toast", { detail }));
    }
  }
  const panel = document.querySelector("#documents[data-panel]");
  if (kept && panel) htmx.ajax("GET", panel.dataset.panel, { target: "#documents", swap: "outerHTML" });
}

function take(event, files) {
  const area = event.target.closest?.("[data-mention]");
  const url = area?.closest("[data-upload]")?.dataset.upload;
  if (!url || !files?.length) return;
  event.preventDefault();
  upload(area, url, [...files]);
}

document.addEventListener("paste", (event) => take(event, event.clipboardData?.files));
document.addEventListener("drop", (event) => take(event, event.dataTransfer?.files));
document.addEventListener("dragover", (event) => {
  if (event.target.closest?.("[data-upload] [data-mention]")) event.preventDefault();
});
