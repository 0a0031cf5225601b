/* A first check when a field is left, in the words of the server, which checks everything again. */

const texts = JSON.parse(document.body.dataset.texts || "{}");

function remainderDigit(values, weights) {
  const sum = values.reduce((total, value, index) => total + value * weights[index], 0);
  const rest = sum % 11;
  return rest < 2 ? 0 : 11 - rest;
}

function isCpf(text) {
  const digits = [...text.replace(/\D/g, "")].map(Number);
  if (digits.length !== 11 || digits.every((digit) => digit === digits[0])) return false;
  const first = remainderDigit(digits.slice(0, 9), [10, 9, 8, 7, 6, 5, 4, 3, 2]);
  const second = remainderDigit(digits.slice(0, 10), [11, 10, 9, 8, 7, 6, 5, 4, 3, 2]);
  return digits[9] === first && digits[10] === second;
}

function isCnpj(text) {
  const letters = text.toUpperCase().replace(/[^0-9A-Z]/g, "");
  if (!/^[0-9A-Z]{12}\d{2}$/.test(letters) || /^(.)\1+$/.test(letters)) return false;
  const values = [...letters].map((letter) => letter.charCodeAt(0) - 48);
  const first = remainderDigit(values.slice(0, 12), [5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]);
  const second = remainderDigit(values.slice(0, 13), [6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]);
  return values[12] === first && values[13] === second;
}

function isPis(text) {
  const digits = [...text.replace(/\D/g, "")].map(Number);
  if (digits.length !== 11 || digits.every((digit) => digit === digits[0])) return false;
  return digits[10] === remainderDigit(digits.slice(0, 10), [3, 2, 9, 8, 7, 6, 5, 4, 3, 2]);
}

function isDate(text) {
  const parts = /^(\d{2})\/(\d{2})\/(\d{4})$/.exec(text);
  if (!parts) return false;
  const [day, month, year] = parts.slice(1).map(Number);
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCDate() === day && date.getUTCMonth() === month - 1 && year > 1800;
}

const isNumber = (text) => /^-?(\d{1,3}(\.\d{3})+|\d+)(,\d+)?$/.test(text.replace(/^-?\s*R\$\s*/, ""));
const isTaxId = (text) => (text.replace(/[^0-9a-z]/gi, "").length > 11 ? isCnpj(text) : isCpf(text));

// For masks, which are a module of their own.
window.checkDigits = { cpf: isCpf, cnpj: isCnpj, "tax-id": isTaxId, pis: isPis };

const CHECKS = {
  cpf: [isCpf, "cpf"],
  cnpj: [isCnpj, "cnpj"],
  "tax-id": [isTaxId, "cnpj"],
  pis: [isPis, "pis"],
  date: [isDate, "date"],
  competence: [(text) => /^(0[1-9]|1[0-2])\/\d{4}$/.test(text), "competence"],
  money: [isNumber, "number"],
  quantity: [isNumber, "number"],
  rate: [isNumber, "number"],
  phone: [(text) => [10, 11].includes(text.replace(/\D/g, "").length), "phone"],
  cep: [(text) => text.replace(/\D/g, "").length === 8, "cep"],
};

function problemOf(control) {
  const text = control.value.trim();
  if (!text) return control.required ? texts.required : "";
  const [check, message] = CHECKS[control.dataset.mask] || [];
  if (check && !check(text)) return texts[message];
  if (control.type === "email" && !control.checkValidity()) return texts.email;
  return "";
}

function show(control, problem) {
  const room = control.closest("[data-field]")?.querySelector("[data-errors]");
  if (!room) return;
  control.classList.toggle("has-error", Boolean(problem));
  if (problem) control.setAttribute("aria-invalid", "true");
  else control.removeAttribute("aria-invalid");
  const describing = new Set((control.getAttribute("aria-describedby") || "").split(" ").filter(Boolean));
  if (problem) describing.add(room.id);
  else describing.delete(room.id);
  if (describing.size) control.setAttribute("aria-describedby", [...describing].join(" "));
  else control.removeAttribute("aria-describedby");
  const line = document.createElement("p");
  line.className = "field-error";
  line.textContent = problem;
  room.replaceChildren(...(problem ? [line] : []));
}

function isChecked(control) {
  return control.matches?.(".form [data-field] :is(input, textarea, select)") && !/^(checkbox|radio|hidden|file)$/.test(control.type);
}

// Capture: masks write their last change on the same event, but on the control itself.
document.addEventListener("focusout", (event) => {
  if (!isChecked(event.target)) return;
  const left = event.target.value.trim() || event.target.dataset.touched;
  setTimeout(() => left && show(event.target, problemOf(event.target)), 0);
});

document.addEventListener("input", (event) => {
  if (!isChecked(event.target)) return;
  event.target.dataset.touched = "yes";
  if (event.target.classList.contains("has-error") && !problemOf(event.target)) show(event.target, "");
});
