/* A short list that is put in order by its own up and down buttons, which work without this too. */

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-sortable] [data-sort-step]");
  if (!button) return;
  event.preventDefault();
  const item = button.closest("[data-sortable-item]");
  const before = button.dataset.sortStep === "-1";
  const neighbour = before ? item.previousElementSibling : item.nextElementSibling;
  if (!neighbour) return;
  neighbour[before ? "before" : "after"](item);
  button.focus();
});
