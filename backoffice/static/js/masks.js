/* Masks by data-mask. Codes are masked while typing (imask, loaded when first needed); figures are
   free while typing, may be sums like 1200/3+15%, and are written out when the field is left. */

const texts = JSON.parse(document.body.dataset.texts || "{}");
const PHONE = [{ mask: "(00) 0000-0000" }, { mask: "(00) 00000-0000" }];
const LETTER = { A: /[0-9A-Za-z]/ };
const CNPJ = { mask: "AA.AAA.AAA/AAAA-00", definitions: LETTER, prepareChar: (char) => char.toUpperCase() };
const PATTERNS = {
  cpf: { mask: "000.000.000-00" },
  cnpj: CNPJ,
  pis: { mask: "000.00000.00-0" },
  date: { mask: "00/00/0000" },
  competence: { mask: "00/0000" },
  cep: { mask: "00000-000" },
  phone: {
    mask: PHONE,
    dispatch: (appended, dynamic) => dynamic.compiledMasks[(dynamic.unmaskedValue + appended).replace(/\D/g, "").length > 10 ? 1 : 0],
  },
  "tax-id": {
    mask: [{ mask: "000.000.000-00" }, CNPJ],
    dispatch: (appended, dynamic) => {
      const typed = (dynamic.value + appended).replace(/[^0-9a-z]/gi, "");
      return dynamic.compiledMasks[typed.length > 11 || /[a-z]/i.test(typed) ? 1 : 0];
    },
  },
};
const MONTHS = ["jan", "fev", "mar", "abr", "mai", "jun", "jul", "ago", "set", "out", "nov", "dez"];

/* --- figures ------------------------------------------------------------------------------------ */

// "1.234,56", "1234.56", "1,234.56" -> 1234.56; a single point with three digits after it is thousands.
export function toNumber(text) {
  let bare = text.replace(/[R$\s\u00a0]/g, "");
  const point = bare.lastIndexOf(".");
  const comma = bare.lastIndexOf(",");
  if (comma > point) bare = bare.replace(/\./g, "").replace(",", ".");
  else if (comma >= 0) bare = bare.replace(/,/g, "");
  else if (/^\d{1,3}(\.\d{3})+$/.test(bare)) bare = bare.replace(/\./g, "");
  return /^(\d+\.?\d*|\.\d+)$/.test(bare) ? Number(bare) : NaN;
}

// Sum of products, left to right: 1200/3+15% is 460. No brackets, no eval.
export function calculate(text) {
  const parts = text.match(/[\d.,R$\s\u00a0]+%?|[-+*/x]/g);
  if (!parts || parts.join("") !== text) return NaN;
  let total = 0;
  let term = null;
  let sign = 1;
  let operator = "";
  for (const part of parts.map((each) => each.trim()).filter(Boolean)) {
    if (part === "+" || part === "-") {
      if (term === null) {
        sign *= part === "-" ? -1 : 1;
        continue;
      }
      total += sign * term;
      [term, sign, operator] = [null, part === "-" ? -1 : 1, ""];
    } else if (/^[*/x]$/.test(part)) {
      operator = part;
    } else {
      const percent = part.endsWith("%");
      let value = toNumber(part.replace("%", ""));
      if (percent) value = (operator ? 1 : total || 1) * (value / 100);
      if (term === null) term = value;
      else if (operator === "/") term /= value;
      else if (operator) term *= value;
      else return NaN;
      operator = "";
    }
  }
  return term === null || operator ? NaN : total + sign * term;
}

function writeFigure(number, decimals) {
  return number.toLocaleString("pt-BR", decimals);
}

function figure(control, kind) {
  const decimals =
    kind === "money" ? { minimumFractionDigits: 2, maximumFractionDigits: 2 } : { maximumFractionDigits: 6 };
  control.addEventListener("blur", () => {
    const typed = control.value.replace(kind === "rate" ? /%\s*$/ : /^\s*=/, "").trim();
    const sum = /\d\s*[-+*/x%]/.test(typed);
    const number = sum ? calculate(typed) : toNumber(typed.replace(/^-/, "")) * (typed.startsWith("-") ? -1 : 1);
    // More decimals than the field keeps are not rounded away behind the person's back.
    const exact = sum || kind !== "money" || Math.abs(number * 100 - Math.round(number * 100)) < 1e-6;
    if (typed && Number.isFinite(number) && exact) {
      control.value = writeFigure(number, decimals);
      control.dispatchEvent(new Event("input", { bubbles: true }));
    }
  });
  control.addEventListener("focus", () => control.select());
}

/* --- codes ---------------------------------------------------------------------------------------- */

let library = null;

function loadImask() {
  library ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = document.body.dataset.imask;
    script.onload = () => resolve(window.IMask);
    script.onerror = reject;
    document.head.append(script);
  });
  return library;
}

// What people paste, in the form that the mask expects.
function tidy(kind, text) {
  const pasted = text.trim();
  if (kind === "date") return pasted.replace(/^(\d{4})-(\d{2})-(\d{2}).*$/, "$3/$2/$1").replace(/^(\d)\//, "0$1/");
  if (kind === "competence") {
    const named = /^([a-zç]{3})[a-zç]*\.?\s*(?:\/|-|\s|de)+\s*(\d{2,4})$/i.exec(pasted);
    const month = named ? MONTHS.indexOf(named[1].toLowerCase()) + 1 : 0;
    if (month) return `${String(month).padStart(2, "0")}/${named[2].length === 2 ? `20${named[2]}` : named[2]}`;
    return pasted.replace(/^(\d{4})-(\d{2}).*$/, "$2/$1");
  }
  if (kind === "phone") return pasted.replace(/^(\+|00)55\s*/, "");
  return pasted;
}

async function code(control, kind) {
  const IMask = await loadImask();
  const mask = IMask(control, PATTERNS[kind]);
  control.addEventListener("paste", (event) => {
    const text = event.clipboardData?.getData("text");
    if (!text) return;
    event.preventDefault();
    mask.value = tidy(kind, text);
    control.dispatchEvent(new Event("input", { bubbles: true }));
  });
  control.addEventListener("focusin", () => mask.updateValue());
  if (kind === "date") calendar(control, mask);
}

/* A button that opens the browser's own calendar. */
function calendar(control, mask) {
  if (!("showPicker" in HTMLInputElement.prototype)) return;
  const template = document.getElementById("calendar-template");
  const room = control.closest(".field-control");
  if (!template || !room || control.readOnly || control.disabled) return;
  const part = template.content.firstElementChild.cloneNode(true);
  const button = part.querySelector("button");
  const picker = part.querySelector("input");
  button.addEventListener("click", () => {
    picker.value = control.value.replace(/^(\d{2})\/(\d{2})\/(\d{4})$/, "$3-$2-$1");
    picker.showPicker();
  });
  picker.addEventListener("change", () => {
    mask.value = tidy("date", picker.value);
    control.dispatchEvent(new Event("input", { bubbles: true }));
  });
  button.title = texts.calendar;
  button.setAttribute("aria-label", texts.calendar);
  room.append(part);
}

function dress(root) {
  root.querySelectorAll("[data-mask]:not([data-masked])").forEach((control) => {
    const kind = control.dataset.mask;
    control.dataset.masked = "yes";
    if (kind in PATTERNS) code(control, kind);
    else if (/^(money|quantity|rate)$/.test(kind)) figure(control, kind);
  });
}

dress(document);
document.body.addEventListener("htmx:afterSettle", (event) => dress(event.detail.elt.parentElement || document));
