// [data-keys]: one letter does what a button on the page does, never while somebody types, and not at
// all where it was switched off (a cookie: nothing lies in the browser's storage).
const YEAR = 31536000;
const isOff = () => document.cookie.includes("pintasan=0");
const rows = () => [...document.querySelectorAll("[data-row]")];

function step(by) {
  const all = rows();
  const here = all.indexOf(document.activeElement);
  const open = all.findIndex((one) => one.hasAttribute("aria-current"));
  const from = here >= 0 ? here : open;
  all[Math.min(Math.max(from + by, 0), all.length - 1)]?.focus();
}

function write(kind) {
  const part = document.querySelector(`[data-compose=${kind}]`);
  if (!part) return;
  part.open = true;
  (part.querySelector("textarea") || part.querySelector("summary")).focus();
}

const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  r: () => write("answer"),
  n: () => write("note"),
  e: () => document.querySelector("form[data-act=finish]")?.requestSubmit(),
  u: () => document.querySelector("[data-key-up]")?.click(),
  "?": () => document.getElementById("keys-dialog")?.showModal(),
};

function onKey(event) {
  const typing = event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable], dialog[open]");
  if (typing || event.ctrlKey || event.metaKey || event.altKey || isOff()) return;
  const act = KEYS[event.key];
  if (!act) return;
  event.preventDefault();
  act();
}

// <select data-canned="field id">: what is chosen is put where the writing stands, never sent.
function insert(select) {
  const field = document.getElementById(select.dataset.canned);
  if (!field || !select.value) return;
  field.setRangeText(select.value, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  select.selectedIndex = 0;
  field.focus();
}

// <a data-quote="message">: the answer that is being written answers this one; nothing typed is lost.
function quote(link) {
  const form = document.querySelector("form[data-answer]");
  if (!form) return false;
  const said = link?.closest("li").querySelector(".talk-body, .talk-kind")?.textContent.trim() ?? "";
  form.querySelector("input[name$=quote]").value = link?.dataset.quote ?? "";
  form.querySelector("[data-quoting]").hidden = !link;
  form.querySelector("[data-quoted]").textContent = said.slice(0, 120);
  write("answer");
  return true;
}

function onClick(event) {
  const link = event.target.closest("[data-quote]");
  if ((link || event.target.closest("[data-unquote]")) && quote(link)) event.preventDefault();
  if (event.target.closest("[data-keys-help]")) KEYS["?"]();
}

function onChange(event) {
  if (event.target.matches("[data-canned]")) insert(event.target);
  if (!event.target.matches("[data-keys-off]")) return;
  const secure = window.location.protocol === "https:" ? "; Secure" : "";
  const age = event.target.checked ? YEAR : 0;
  document.cookie = `pintasan=0; Path=/; Max-Age=${age}; SameSite=Lax${secure}`;
}

export function startKeys() {
  document.addEventListener("change", onChange);
  document.addEventListener("click", onClick);
  if (!document.querySelector("[data-keys]")) return;
  const off = document.querySelector("[data-keys-off]");
  if (off) off.checked = isOff();
  document.addEventListener("keydown", onKey);
}
