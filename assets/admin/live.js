// <div data-live="/admin/…">: asks every ten seconds for the parts of it that are new, while its tab is
// looked at. The answer is a piece of page; what has an id there replaces what has it here, if it
// differs. data-into names the list that something new belongs to, data-at (ISO) its place in it.
// Asking is a GET by script: the server takes it for no activity.
import { refreshClocks } from "./clock.js";

const EVERY = 10_000;

function place(list, element) {
  const later = [...list.children].find((one) => one.dataset.at > element.dataset.at);
  list.insertBefore(element, later || null);
}

// What somebody is doing there is not taken from under their hands.
function isBusy(element) {
  return element.querySelector("details.menu[open], input:checked, details[open].talk-note") !== null;
}

// What it says, without what differs each time: tokens of forms, clocks that tick here.
function sense(element) {
  const copy = element.cloneNode(true);
  for (const one of copy.querySelectorAll("[name=csrf_token]")) one.setAttribute("value", "");
  for (const one of copy.querySelectorAll("time[data-clock]")) one.replaceChildren();
  for (const one of copy.querySelectorAll("[data-state]")) one.removeAttribute("data-state");
  return copy.outerHTML;
}

function replace(here, element) {
  if (sense(here) === sense(element) || isBusy(here)) return;
  const focused = here.contains(document.activeElement) ? document.activeElement.id : "";
  here.replaceWith(element);
  if (focused) document.getElementById(focused)?.focus();
}

function settle(root, element) {
  const here = document.getElementById(element.id);
  if (here) {
    replace(here, element);
    return 0;
  }
  const list = document.getElementById(element.dataset.into);
  if (!list || !root.contains(list)) return 0;
  place(list, element);
  return element.dataset.own ? 0 : 1;
}

// An answer that is being written was begun before this came: the server asks once more.
function noteSeen(answer) {
  const form = document.querySelector("form[data-answer]");
  const seen = answer.querySelector("[data-seen]")?.dataset.seen;
  if (!form || !seen) return;
  const field = form.querySelector("input[name$=seen]");
  const typed = [...form.querySelectorAll("textarea")].some((one) => one.value.trim());
  if (!typed) field.value = seen;
}

async function look(root) {
  const answer = await fetch(root.dataset.live, { cache: "no-store", headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  const piece = new DOMParser().parseFromString(await answer.text(), "text/html").body;
  const parts = [...piece.children].filter((one) => one.id);
  const added = parts.reduce((sum, element) => sum + settle(root, document.adoptNode(element)), 0);
  for (const one of root.querySelectorAll("[data-script-only][hidden]")) one.hidden = false;
  noteSeen(piece);
  refreshClocks();
  const status = root.querySelector("[data-live-status]");
  if (added && status) status.textContent = root.dataset.liveSaid;
}

export function startLive() {
  const roots = [...document.querySelectorAll("[data-live]")];
  if (!roots.length) return;
  const ask = () => document.hidden || roots.forEach((root) => look(root).catch(() => {}));
  window.setInterval(ask, EVERY);
  document.addEventListener("visibilitychange", ask);
}
