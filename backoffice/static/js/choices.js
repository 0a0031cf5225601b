/* Autocomplete: <select data-autocomplete>, with data-url for choices that the server looks up. A long
   list of choices can be searched by itself, unless it says data-plain. */

const texts = JSON.parse(document.body.dataset.texts || "{}");
const LONG = 12;
let library = null;

function loadTomSelect() {
  library ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = document.body.dataset.tomselect;
    script.onload = () => resolve(window.TomSelect);
    script.onerror = reject;
    document.head.append(script);
  });
  return library;
}

// What earlier keys had found goes before the answer to the last ones is shown.
function lookUp(url) {
  return function load(typed, done) {
    fetch(`${url}?${new URLSearchParams({ q: typed })}`, { headers: { Accept: "application/json" } })
      .then((answer) => (answer.ok ? answer.json() : { results: [] }))
      .then((found) => {
        if (typed !== this.inputValue()) return done();
        this.clearOptions((_option, value) => value === "" || this.items.includes(value));
        return done(found.results);
      })
      .catch(() => done());
  };
}

async function dress(select) {
  const TomSelect = await loadTomSelect();
  const { url, createUrl } = select.dataset;
  const chooser = new TomSelect(select, {
    allowEmptyOption: !select.required,
    maxOptions: 200,
    // Enter must never choose what stood there before the last key.
    refreshThrottle: 0,
    // Server choices are found and ordered by the server.
    ...(url ? { valueField: "value", labelField: "text", searchField: ["text", "hint"], load: lookUp(url), preload: "focus", score: () => () => 1 } : {}),
    ...(createUrl ? { create: (text) => void window.open(`${createUrl}?${new URLSearchParams({ name: text })}`, "_blank", "noopener") } : {}),
    render: {
      option: (item, escape) => `<div>${escape(item.text)}${item.hint ? `<span class="option-hint">${escape(item.hint)}</span>` : ""}</div>`,
      no_results: () => `<div class="no-results">${texts.nothing}</div>`,
      option_create: (item, escape) => `<div class="create">${escape(texts.create.replace("{text}", item.input))}</div>`,
    },
  });
  // The list beside it is what people use; the select only carries the value.
  select.setAttribute("aria-hidden", "true");
  const describing = select.getAttribute("aria-describedby");
  if (describing) chooser.control_input.setAttribute("aria-describedby", describing);
  if (select.getAttribute("aria-invalid")) chooser.control_input.setAttribute("aria-invalid", "true");
}

function dressAll(root) {
  root.querySelectorAll("select.form-select:not(.tomselected, [data-plain])").forEach((select) => {
    if ("autocomplete" in select.dataset || select.options.length > LONG) dress(select);
  });
}

dressAll(document);
document.body.addEventListener("htmx:afterSettle", (event) => dressAll(event.detail.elt.parentElement || document));
