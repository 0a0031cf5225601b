/* Boards: a card is dragged to another column, or moved there with Shift and an arrow key; arrows alone
   go from card to card. The menu of each card does the same without this. */

const toast = (text) => document.body.dispatchEvent(new CustomEvent("toast", { detail: { tone: "warning", text } }));
let dragged = null;

function move(card, lane) {
  const board = card.closest("[data-board]");
  const to = lane.dataset.lane;
  if (card.closest("[data-lane]") === lane) return;
  if (!card.querySelector(`[data-move-to="${CSS.escape(to)}"]`)) {
    toast(board.dataset.refused);
    return;
  }
  htmx.ajax("POST", board.dataset.moveUrl, { source: board, swap: "none", values: { pk: card.dataset.card, to } });
}

function mark(lane) {
  document.querySelectorAll(".lane.is-target").forEach((other) => other.classList.toggle("is-target", other === lane));
  lane?.classList.add("is-target");
}

document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.("[data-card]");
  if (!dragged) return;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", dragged.dataset.card);
});

document.addEventListener("dragover", (event) => {
  const lane = dragged && event.target.closest("[data-lane]");
  if (!lane) return;
  event.preventDefault();
  mark(lane);
});

document.addEventListener("drop", (event) => {
  const lane = dragged && event.target.closest("[data-lane]");
  if (!lane) return;
  event.preventDefault();
  move(dragged, lane);
});

document.addEventListener("dragend", () => {
  dragged = null;
  mark(null);
});

function neighbour(card, key) {
  const lanes = [...card.closest("[data-board]").querySelectorAll("[data-lane]")];
  const at = lanes.indexOf(card.closest("[data-lane]"));
  if (key === "ArrowUp") return card.previousElementSibling;
  if (key === "ArrowDown") return card.nextElementSibling;
  const rest = key === "ArrowRight" ? lanes.slice(at + 1) : lanes.slice(0, at).reverse();
  return rest.find((lane) => lane.querySelector("[data-card]"))?.querySelector("[data-card]");
}

function target(card, key) {
  const lanes = [...card.closest("[data-board]").querySelectorAll("[data-lane]")];
  const at = lanes.indexOf(card.closest("[data-lane]"));
  const rest = key === "ArrowRight" ? lanes.slice(at + 1) : lanes.slice(0, at).reverse();
  return rest.find((lane) => card.querySelector(`[data-move-to="${CSS.escape(lane.dataset.lane)}"]`)) || rest[0];
}

document.addEventListener("keydown", (event) => {
  const card = event.target.matches?.("[data-card] .row-link") && event.target.closest("[data-card]");
  if (!card || !/^Arrow/.test(event.key) || event.ctrlKey || event.altKey || event.metaKey) return;
  event.preventDefault();
  if (!event.shiftKey) neighbour(card, event.key)?.querySelector(".row-link")?.focus();
  else if (/Left|Right/.test(event.key)) {
    const lane = target(card, event.key);
    if (lane) move(card, lane);
  }
});
