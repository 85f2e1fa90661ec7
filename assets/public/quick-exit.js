// "Keluar cepat": <form data-quick-exit="https://…" action="/keluar-cepat">. Without this script the
// form is posted and leads out over a neutral page. With it the page is covered at once, the draft
// destroyed by a request that outlives the page, and the neutral page takes this page's place in
// the history, so that Back does not return here; of earlier pages the server shows the weather for a
// while. Keys: Escape or Shift three times in two seconds. Shift counts only outside of fields, where
// nobody presses it by the way; Escape also inside of them.
const WITHIN = 2000;
const TIMES = 3;

let leaving = false;

export const isLeaving = () => leaving;

// Other tabs with our pages leave too; a channel between tabs stores nothing.
const tabs = new BroadcastChannel("keluar");

function leave(form, others = true) {
  leaving = true;
  if (others) tabs.postMessage("");
  document.documentElement.hidden = true;
  document.title = "\u200b";
  for (const one of document.forms) one.reset();
  fetch(form.action, { method: "POST", keepalive: true, redirect: "manual" }).catch(() => {});
  window.location.replace(form.dataset.quickExit);
}

const TYPING = "input:not([type=checkbox], [type=radio], [type=submit]), textarea, select";

function counts(event) {
  if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return false;
  return event.key === "Escape" || (event.key === "Shift" && !event.target.closest?.(TYPING));
}

function onKeys(act) {
  let last = "";
  let times = [];
  document.addEventListener("keydown", (event) => {
    if (event.repeat) return;
    const known = counts(event);
    const now = Date.now();
    times = known && event.key === last ? times.filter((time) => now - time < WITHIN) : [];
    last = event.key;
    if (known) times.push(now);
    if (times.length >= TIMES) act();
  });
}

export function quickExit() {
  const form = document.querySelector("form[data-quick-exit]");
  if (!form) return;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    leave(form);
  });
  onKeys(() => leave(form));
  tabs.addEventListener("message", () => leave(form, false));
  // A page kept for Back must not show itself after an exit.
  window.addEventListener("pageshow", (event) => event.persisted && window.location.reload());
}
