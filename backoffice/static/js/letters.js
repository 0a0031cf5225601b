/* The editor of letter templates: a field of the palette goes where the cursor stands in the text. */

const text = document.querySelector("[data-editor]");

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-insert]");
  if (!button || !text) return;
  const { selectionStart, selectionEnd } = text;
  text.setRangeText(button.dataset.insert, selectionStart, selectionEnd, "end");
  text.focus();
  text.dispatchEvent(new Event("input", { bubbles: true }));
});
