// <dialog id="session-dialog" data-left data-url data-out>: asks some minutes before the session ends
// whether somebody is still there. Asking the server how long is left is no activity; typing is.
// At the end the page goes, with everything personal on it: a form in which something was typed is
// posted marked _unsent, and the server, where the session is over, keeps it for its officer.
const WARNING = 180;
const AGAIN = 10;
const TYPING = 120;
const dialog = document.getElementById("session-dialog");
const changed = new Set();
let deadline = 0;
let asked = Date.now();
let timer = 0;

const left = () => Math.ceil((deadline - Date.now()) / 1000);

function plan(seconds) {
  window.clearTimeout(timer);
  timer = window.setTimeout(tick, Math.max(seconds, 1) * 1000);
}

async function ask(method) {
  asked = Date.now();
  const headers = method === "POST" ? { "X-CSRFToken": dialog.dataset.token } : {};
  const answer = await fetch(dialog.dataset.url, { method, headers, cache: "no-store" });
  if (!answer.ok && answer.status !== 401) throw new Error(answer.statusText);
  const state = answer.ok ? await answer.json() : { left: 0, longest: false };
  deadline = Date.now() + state.left * 1000;
  dialog.dataset.longest = state.longest ? "1" : "";
}

function say() {
  const text = dialog.dataset.longest ? dialog.dataset.final : dialog.dataset.soon;
  const words = text.replace("{n}", Math.max(1, Math.ceil(left() / 60)));
  const place = dialog.querySelector("[data-says]");
  if (place.textContent !== words) place.textContent = words;
}

function warn() {
  say();
  if (dialog.open) return;
  for (const other of document.querySelectorAll("dialog[open]")) other.close();
  dialog.returnValue = "";
  dialog.showModal();
}

function unsent() {
  const kept = (form) => form.isConnected && !form.dataset.draftUrl && !form.querySelector("[type=password]");
  return [...changed].filter(kept).pop();
}

function leave() {
  const form = unsent();
  if (form) {
    const mark = Object.assign(document.createElement("input"), { type: "hidden", name: "_unsent", value: "1" });
    form.append(mark);
    HTMLFormElement.prototype.submit.call(form);
    return;
  }
  const here = window.location.pathname + window.location.search;
  window.location.replace(`${dialog.dataset.out}?next=${encodeURIComponent(here)}`);
}

async function tick() {
  if (left() > WARNING) return plan(left() - WARNING);
  const told = dialog.open && left() > 0;
  if (!told && !(await ask("GET").then(() => true, () => false))) return plan(AGAIN);
  if (left() <= 0) return leave();
  if (left() <= WARNING) warn();
  else if (dialog.open) dialog.close("known");
  return plan(left() > WARNING ? left() - WARNING : Math.min(left(), AGAIN));
}

async function stay() {
  const heard = await ask("POST").then(() => true, () => false);
  if (left() <= 0) return leave();
  if (!heard) return plan(AGAIN);
  return plan(left() > WARNING ? left() - WARNING : left());
}

function onClose() {
  if (dialog.returnValue === "out") document.querySelector("[data-sign-out]")?.click();
  else if (dialog.returnValue !== "known") stay();
}

function onInput(event) {
  const form = event.target.closest?.("form[method=post]");
  if (!form || dialog.contains(form)) return;
  changed.delete(form);
  changed.add(form);
  if (Date.now() - asked > TYPING * 1000) stay();
}

export function startSession() {
  if (!dialog) return;
  deadline = Date.now() + Number(dialog.dataset.left) * 1000;
  dialog.addEventListener("close", onClose);
  for (const kind of ["input", "change"]) document.addEventListener(kind, onInput);
  document.addEventListener("submit", (event) => event.defaultPrevented || changed.delete(event.target));
  document.addEventListener("visibilitychange", () => document.hidden || plan(1));
  plan(left() - WARNING);
}
