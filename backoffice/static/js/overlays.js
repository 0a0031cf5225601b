/* Toasts, dialogs, the drawer, short menus, confirmation, copying. Native <dialog> and <details> do
   most of it; here is what they do not. */

const texts = JSON.parse(document.body.dataset.texts || "{}");
const SHOWN_FOR = 6000;
const TROUBLE_SHOWN_FOR = 15000;

/* --- toasts ------------------------------------------------------------------------------- */

function retire(note) {
  const trouble = note.classList.contains("tone-danger") || note.classList.contains("tone-warning");
  const leave = () => (note.matches(":hover, :focus-within") ? wait() : note.remove());
  const wait = () => setTimeout(leave, trouble ? TROUBLE_SHOWN_FOR : SHOWN_FOR);
  wait();
}

function toast({ tone = "neutral", text }) {
  const template = document.getElementById("toast-template");
  const room = document.getElementById("toasts");
  if (!template || !room || !text) return;
  const note = template.content.firstElementChild.cloneNode(true);
  note.classList.add(`tone-${tone === "error" ? "danger" : tone}`);
  note.querySelector("[data-text]").textContent = text;
  // A modal dialog makes the rest of the page inert: show the toast inside it.
  const modal = [...document.querySelectorAll("dialog:modal")].pop();
  (modal || document.body).append(room);
  room.append(note);
  retire(note);
}

document.querySelectorAll("#toasts [data-toast]").forEach(retire);
document.body.addEventListener("toast", (event) => toast(event.detail));

/* --- dialogs and drawer ------------------------------------------------------------------- */

const drawer = document.getElementById("drawer");

function openDrawer(link) {
  const content = document.getElementById("drawer-content");
  htmx.ajax("GET", link.href, { target: content, swap: "innerHTML" }).then(() => {
    if (!drawer.open && content.childElementCount) drawer.showModal();
    drawer.scrollTop = 0;
  });
}

document.addEventListener("click", (event) => {
  const plain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.button);
  const opener = event.target.closest("[data-open]");
  if (opener) document.getElementById(opener.dataset.open)?.showModal();
  const link = event.target.closest("a[data-drawer]");
  if (link && drawer && window.htmx && plain) {
    event.preventDefault();
    openDrawer(link);
  }
  if (event.target.closest("[data-close]")) event.target.closest("dialog")?.close();
  if (event.target.closest("[data-dismiss]")) event.target.closest("[data-toast]")?.remove();
});

document.addEventListener("mousedown", (event) => {
  // The backdrop counts as the dialog itself; its box does not.
  if (event.target.tagName !== "DIALOG") return;
  const box = event.target.getBoundingClientRect();
  const inside =
    event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
  if (!inside) event.target.close();
});

/* --- short menus (<details data-menu>) ------------------------------------------------------ */

function closeMenus(except) {
  document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
    if (menu !== except) menu.open = false;
  });
}

document.addEventListener("click", (event) => closeMenus(event.target.closest("details[data-menu]")));
document.addEventListener("focusin", (event) => closeMenus(event.target.closest("details[data-menu]")));
document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.("details[data-menu][open]");
  if (!menu) return;
  if (event.key === "Escape") {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    const items = [...menu.querySelectorAll("a, button")];
    const step = event.key === "ArrowDown" ? 1 : -1;
    items[(items.indexOf(document.activeElement) + step + items.length) % items.length]?.focus();
  }
});

/* --- confirmation before a form is sent ------------------------------------------------------ */

const confirmation = document.getElementById("confirm");

function ask(form, submitter, source) {
  const yes = confirmation.querySelector("[data-confirm-yes]");
  const label = source.dataset.confirmLabel || submitter?.textContent.trim();
  confirmation.querySelector("[data-confirm-text]").textContent = source.dataset.confirm;
  if (label) {
    yes.textContent = label;
    confirmation.querySelector(".dialog-title").textContent = label;
  }
  yes.classList.toggle("btn-danger", source.dataset.confirmTone === "danger");
  yes.classList.toggle("btn-primary", source.dataset.confirmTone !== "danger");
  yes.onclick = () => {
    form.dataset.confirmed = "yes";
    confirmation.close();
    form.requestSubmit(submitter);
  };
  confirmation.showModal();
  yes.focus();
}

document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    const source = event.submitter?.dataset.confirm ? event.submitter : form;
    if (!confirmation || !source.dataset.confirm) return;
    if (form.dataset.confirmed) {
      delete form.dataset.confirmed;
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    ask(form, event.submitter, source);
  },
  true,
);

/* --- copying ---------------------------------------------------------------------------------- */

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  toast({ tone: "success", text: texts.copied });
});
