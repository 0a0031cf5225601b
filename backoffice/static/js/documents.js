/* Documents of a record: files that are dropped on the panel, pasted on the page or photographed are kept at once. */

const texts = JSON.parse(document.body.dataset.texts || "{}");

const room = () => document.querySelector("[data-drop]");
const tell = (tone, text) => document.body.dispatchEvent(new CustomEvent("toast", { detail: { tone, text } }));

async function keep(files) {
  const panel = room();
  if (!panel || !files.length) return;
  panel.setAttribute("aria-busy", "true");
  let kept = 0;
  for (const file of files) {
    const body = new FormData();
    body.append("file", file, file.name || "imagem.png");
    const token = document.querySelector("input[name=csrfmiddlewaretoken]")?.value || "";
    const headers = { Accept: "application/json", "X-CSRFToken": token };
    const answer = await fetch(panel.dataset.drop, { method: "POST", body, headers }).catch(() => null);
    const told = answer ? await answer.json().catch(() => ({})) : {};
    if (answer?.ok) kept += 1;
    else tell("danger", `${file.name}: ${told.detail || texts.failed}`);
  }
  panel.removeAttribute("aria-busy");
  if (kept) {
    tell("success", texts.kept);
    htmx.ajax("GET", panel.dataset.panel, { target: "#documents", swap: "outerHTML" });
  }
}

const carriesFiles = (event) => [...(event.dataTransfer?.types || [])].includes("Files");

document.addEventListener("dragover", (event) => {
  const over = event.target.closest?.("[data-drop]");
  if (!over || !carriesFiles(event)) return;
  event.preventDefault();
  over.classList.add("is-over");
});

document.addEventListener("dragleave", (event) => event.target.closest?.("[data-drop]")?.classList.remove("is-over"));

document.addEventListener("drop", (event) => {
  const over = event.target.closest?.("[data-drop]");
  if (!over || !carriesFiles(event)) return;
  event.preventDefault();
  over.classList.remove("is-over");
  keep([...event.dataTransfer.files]);
});

document.addEventListener("paste", (event) => {
  const files = [...(event.clipboardData?.files || [])];
  if (event.defaultPrevented || !files.length || event.target.closest?.("form, dialog")) return;
  event.preventDefault();
  keep(files);
});

document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-drop-input]")) return;
  keep([...event.target.files]);
  event.target.value = "";
});
