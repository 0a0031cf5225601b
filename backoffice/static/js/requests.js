/* What htmx needs from us: the CSRF token, errors as toasts, a sign of life, focus after a swap. */

const texts = JSON.parse(document.body.dataset.texts || "{}");
let running = 0;
let ended = false;

function toast(tone, text) {
  document.body.dispatchEvent(new CustomEvent("toast", { detail: { tone, text } }));
}

function isPolling(element) {
  return /every|load/.test(element?.getAttribute?.("hx-trigger") || "");
}

function showLoading(change) {
  running = Math.max(0, running + change);
  document.body.classList.toggle("is-loading", running > 0);
}

function isHtml(xhr) {
  return (xhr.getResponseHeader("Content-Type") || "").startsWith("text/html");
}

function explain(xhr) {
  const told = xhr.getResponseHeader("X-Toast");
  if (told) return decodeURIComponent(told);
  if (/json/.test(xhr.getResponseHeader("Content-Type") || "")) {
    try {
      const problem = JSON.parse(xhr.responseText);
      if (problem.detail || problem.title) return problem.detail || problem.title;
    } catch {
      /* not the JSON it says it is: say the general sentence */
    }
  }
  if (xhr.status === 403) return texts.denied;
  if (xhr.status === 404) return texts.gone;
  const id = xhr.getResponseHeader("X-Request-ID");
  return id ? texts.failed_id.replace("{id}", id) : texts.failed;
}

document.body.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector("input[name=csrfmiddlewaretoken]");
  if (token && event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = token.value;
});

document.body.addEventListener("htmx:beforeRequest", (event) => {
  if (!isPolling(event.detail.elt)) showLoading(1);
});

document.body.addEventListener("htmx:afterRequest", (event) => {
  if (!isPolling(event.detail.elt)) showLoading(-1);
});

document.body.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  if (isHtml(xhr) && /<body class="blank/.test(xhr.responseText.slice(0, 20000)) && xhr.status < 400) {
    // The session ended: the login page belongs in the window, not in a piece of this page. Nobody is
    // thrown out of what they are typing by a request of the page itself.
    event.detail.shouldSwap = false;
    if (!isPolling(event.detail.requestConfig.elt)) window.location.reload();
    else if (!ended) toast("warning", texts.ended);
    ended = true;
  }
  if (xhr.status >= 400 && !isHtml(xhr)) event.detail.shouldSwap = false;
});

document.body.addEventListener("htmx:responseError", (event) => {
  const { xhr, elt } = event.detail;
  const swapped = (xhr.status === 409 || xhr.status === 422) && isHtml(xhr);
  if (!swapped && !(isPolling(elt) && xhr.status >= 500)) toast("danger", explain(xhr));
});

document.body.addEventListener("htmx:sendError", (event) => {
  if (!isPolling(event.detail.elt)) toast("danger", texts.offline);
});

document.body.addEventListener("htmx:afterSettle", (event) => {
  event.detail.elt.querySelector?.("[data-focus]")?.focus();
});
