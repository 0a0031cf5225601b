/* From a list to its records and back: the list is found again as it was left, and its neighbours stand
   on the record's page. Each tab of the browser remembers its own lists. */

const KEY = "list:";

function remember() {
  if (document.getElementById("list")) sessionStorage.setItem(KEY + location.pathname, location.search);
}

const back = document.querySelector("[data-back-to-list]");
const question = back && sessionStorage.getItem(KEY + back.pathname);
if (question !== null && back) {
  const room = document.querySelector("[data-neighbours]");
  back.search = question;
  if (room && window.htmx) htmx.ajax("GET", room.dataset.neighbours + question, { target: room, swap: "innerHTML" });
}

remember();
document.body.addEventListener("htmx:pushedIntoHistory", remember);
