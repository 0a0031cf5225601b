/* The theme changes at once; which areas of the menu are open is remembered in this browser. */

const OPEN_AREAS = "menu-areas";

document.querySelectorAll("[data-theme-form]").forEach((form) => {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const theme = event.submitter.value;
    if (theme === "auto") delete document.documentElement.dataset.bsTheme;
    else document.documentElement.dataset.bsTheme = theme;
    form.querySelectorAll("[name=theme]").forEach((button) => {
      if (button === event.submitter) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
    });
    const choice = new FormData(form);
    choice.set("theme", theme);
    fetch(form.action, { method: "POST", body: choice, redirect: "manual" });
  });
});

const areas = [...document.querySelectorAll("[data-menu-areas] [data-area]")];
const remembered = JSON.parse(localStorage.getItem(OPEN_AREAS) || "{}");
areas.forEach((area) => {
  const here = area.querySelector("[aria-current]");
  if (area.dataset.area in remembered && !here) area.open = remembered[area.dataset.area];
  area.querySelector("summary").addEventListener("click", () => {
    remembered[area.dataset.area] = !area.open;
    localStorage.setItem(OPEN_AREAS, JSON.stringify(remembered));
  });
});
