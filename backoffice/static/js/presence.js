/* Who else has this record open: one small request every twenty seconds, only while the tab is seen. */

const EVERY = 20_000;
const room = document.querySelector("[data-presence]");
let timer = 0;
let shown = "";

async function ask(leaving = false) {
  const query = leaving ? "?leave=1" : `?editing=${room.dataset.editing || ""}`;
  const answer = await fetch(room.dataset.presence + query, { headers: { "X-Background": "true" }, keepalive: leaving }).catch(() => null);
  if (leaving) return;
  // No answer, or the login page: nobody is shown, and nobody is thrown out of what they do.
  const html = answer?.ok && !answer.redirected ? (await answer.text()).trim() : "";
  if (html !== shown) room.innerHTML = html;
  shown = html;
}

function next() {
  clearTimeout(timer);
  if (document.visibilityState !== "visible") return;
  ask().finally(() => (timer = setTimeout(next, EVERY)));
}

if (room) {
  document.addEventListener("visibilitychange", next);
  window.addEventListener("pagehide", () => ask(true));
  next();
}
