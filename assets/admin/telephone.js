// The telephone on every page. "t" (no field in focus) sends the form #call-start, which opens the
// call at the ear. #ringing asks [data-url] every few seconds what rings: it shows the answer's
// banner, and opens the screen of a call that was just answered unless something is being typed.
// <time data-stopwatch="ISO" data-until="ISO">: hours, minutes and seconds that pass.
const EVERY = 3000;
const OPENED = "calls-opened";
const changed = new Set();

const isTyping = (element) => Boolean(element?.closest?.("input, textarea, select, [contenteditable]"));
const isOff = () => document.cookie.includes("pintasan=0"); // see keys.js
const isBusy = () => changed.size > 0 || isTyping(document.activeElement) || document.querySelector("dialog[open]");

function onKey(event) {
  const form = document.getElementById("call-start");
  const alone = !event.ctrlKey && !event.metaKey && !event.altKey && !event.repeat;
  if (!form || event.key !== "t" || !alone || isTyping(event.target) || isOff()) return;
  event.preventDefault();
  form.requestSubmit();
}

function passed(from, until) {
  const seconds = Math.max(0, Math.floor(((until ? Date.parse(until) : Date.now()) - Date.parse(from)) / 1000));
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return parts.map((part) => String(part).padStart(2, "0")).join(":");
}

function tick() {
  for (const one of document.querySelectorAll("time[data-stopwatch]")) {
    one.querySelector(".clock-text").textContent = passed(one.dataset.stopwatch, one.dataset.until);
  }
}

function open(address) {
  const seen = (sessionStorage.getItem(OPENED) || "").split(" ");
  const here = window.location.pathname + window.location.search;
  if (!address || seen.includes(address) || here === address || isBusy()) return;
  sessionStorage.setItem(OPENED, [...seen, address].slice(-20).join(" "));
  window.location.assign(address);
}

async function ask(place) {
  if (document.hidden) return;
  const answer = await fetch(place.dataset.url, { headers: { Accept: "application/json" }, cache: "no-store" });
  if (!answer.ok) return;
  const told = await answer.json();
  const on = new URL(told.open || "/", window.location.href);
  const here = told.open && on.pathname + on.search === window.location.pathname + window.location.search;
  const html = here ? "" : told.html;
  if (place.dataset.shown !== html) place.innerHTML = html;
  place.dataset.shown = html;
  open(told.open);
}

// <div data-refresh="…">: a part of the page that fetches itself anew; who is signed out sees nothing.
async function refresh(board) {
  const answer = await fetch(board.dataset.refresh, { cache: "no-store" });
  if (answer.status === 401) window.location.reload();
  if (!answer.ok) return;
  const html = await answer.text();
  if (board.dataset.shown !== html) board.innerHTML = html;
  board.dataset.shown = html;
}

async function lookUp(field) {
  const body = new FormData();
  body.set("number", field.value);
  body.set("csrf_token", field.form.elements.csrf_token.value);
  const answer = await fetch(field.dataset.history, { method: "POST", body });
  if (answer.ok) document.getElementById(field.dataset.historyInto).innerHTML = await answer.text();
}

export function startTelephone() {
  document.addEventListener("keydown", onKey);
  document.addEventListener("input", (event) => event.target.form?.method === "post" && changed.add(event.target.form));
  document.addEventListener("submit", (event) => changed.delete(event.target));
  for (const field of document.querySelectorAll("[data-history]")) {
    field.addEventListener("change", () => lookUp(field).catch(() => {}));
  }
  if (document.querySelector("time[data-stopwatch]")) {
    tick();
    window.setInterval(tick, 1000);
  }
  const board = document.querySelector("[data-refresh]");
  if (board) window.setInterval(() => refresh(board).catch(() => {}), EVERY);
  const place = document.getElementById("ringing");
  if (place?.dataset.url) window.setInterval(() => ask(place).catch(() => {}), EVERY);
}
