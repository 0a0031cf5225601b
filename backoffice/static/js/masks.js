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

// "1.234,56", "1234.56", "1,234.56" -> "1234.56"; a single point with three digits after it is
// thousands. Text, not a number: a unit price has more digits than a number keeps. "" if it is none.
export function toText(text) {
  let bare = text.replace(/[R$\s\u00a0]/g, "");
  const point = bare.lastIndexOf(".");
  const comma = bare.lastIndexOf(",");
  if (comma > point) bare = bare.replace(/\./g, "").replace(",", ".");
  else if (comma >= 0) bare = bare.replace(/,/g, "");
  else if (/^\d{1,3}(\.\d{3})+$/.test(bare)) bare = bare.replace(/\./g, "");
  return /^(\d+\.?\d*|\.\d+)$/.test(bare) ? bare : "";
}

export const toNumber = (text) => Number(toText(text) || NaN);

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

// "1234.5" -> "1.234,50" with at least so many decimals; none of those given is lost.
function writeFigure(plain, least) {
  const [whole, fraction = ""] = plain.split(".");
  const grouped = whole.replace(/^0+(?=\d)/, "").replace(/\B(?=(\d{3})+$)/g, ".") || "0";
  const kept = fraction.replace(/0+$/, "").padEnd(least, "0");
  return kept ? `${grouped},${kept}` : grouped;
}

function figure(control, kind) {
  const least = kind === "money" ? 2 : 0;
  const most = kind === "money" ? 2 : Number(control.dataset.decimals || 6);
  control.addEventListener("blur", () => {
    const typed = control.value.replace(kind === "rate" ? /%\s*$/ : /^\s*=/, "").trim();
    const sum = /\d\s*[-+*/x%]/.test(typed);
    const result = sum ? calculate(typed) : NaN;
    const negative = sum ? result < 0 : /^[-\u2212]/.test(typed);
    const plain = sum ? (Number.isFinite(result) ? Math.abs(result).toFixed(most) : "") : toText(typed.replace(/^[-\u2212]/, ""));
    // More decimals than the field keeps are not rounded away behind the person's back.
    if (!plain || (plain.split(".")[1] || "").replace(/0+$/, "").length > most) return;
    control.value = (negative ? "-" : "") + writeFigure(plain, least);
    control.dispatchEvent(new Event("input", { bubbles: true }));
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

// What people paste, in the form that the mask expects: labels, country codes and carriers go, zeros
// that a spreadsheet dropped come back where the check digits say so.
const LENGTHS = { cpf: [11], cnpj: [14], "tax-id": [11, 14], pis: [11] };

function zerosBack(kind, text) {
  if (!/^\d+$/.test(text)) return text;
  const fits = LENGTHS[kind].map((length) => text.padStart(length, "0")).find((padded) => padded.length - text.length < 4 && window.checkDigits?.[kind](padded));
  return fits || text;
}

function tidyPhone(text) {
  let bare = text.replace(/\D/g, "");
  if (/^\s*(\+|00)/.test(text)) bare = bare.replace(/^(00)?55/, "");
  else if (bare.length > 11) bare = bare.replace(/^55/, "");
  return bare.length > 11 ? bare.replace(/^0(\d\d)?(?=\d{10,11}$)/, "") : bare.replace(/^0/, "");
}

function tidy(kind, text) {
  const pasted = text.normalize("NFKC").trim();
  if (kind === "date") return pasted.replace(/^(\d{4})-(\d{2})-(\d{2}).*$/, "$3/$2/$1").replace(/^(\d)(?=[/.-])/, "0$1").replace(/^(\d\d)[/.-](\d)(?=[/.-])/, "$1/0$2");
  if (kind === "competence") {
    const named = /^([a-zç]{3})[a-zç]*\.?\s*(?:\/|-|\s|de)+\s*(\d{2,4})$/i.exec(pasted);
    const month = named ? MONTHS.indexOf(named[1].toLowerCase()) + 1 : 0;
    if (month) return `${String(month).padStart(2, "0")}/${named[2].length === 2 ? `20${named[2]}` : named[2]}`;
    return pasted.replace(/^(\d{4})-(\d{2}).*$/, "$2/$1").replace(/^(\d)\//, "0$1/");
  }
  if (kind === "phone") return tidyPhone(pasted);
  if (kind === "cep") return /^\d{7}$/.test(pasted) ? `0${pasted}` : pasted;
  if (kind in LENGTHS) return zerosBack(kind, pasted.replace(/^\s*c(pf|npj)(?:\s*\/\s*c(pf|npj))?[\s:.nº°-]+/i, ""));
  return pasted;
}

async function code(control, kind) {
  let mask = null;
  control.addEventListener("paste", (event) => {
    const text = event.clipboardData?.getData("text");
    // What is pasted before the library came is tidied when it has come.
    if (!text || !mask) return;
    event.preventDefault();
    mask.value = tidy(kind, text);
    control.dispatchEvent(new Event("input", { bubbles: true }));
  });
  control.addEventListener("focusin", () => mask?.updateValue());
  const IMask = await loadImask();
  const early = control.value;
  mask = IMask(control, PATTERNS[kind]);
  // The mask cuts what does not fit: what was typed or pasted while it was on its way is read first.
  if (early && early !== control.defaultValue) {
    mask.value = tidy(kind, early);
    control.dispatchEvent(new Event("input", { bubbles: true }));
    if (document.activeElement === control) control.setSelectionRange(control.value.length, control.value.length);
  }
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
