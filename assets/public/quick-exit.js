// "Keluar cepat": <form data-quick-exit="https://…" action="/keluar-cepat">. Without this script the
// form is posted and leads out over a neutral page. With it the page is covered at once, the draft
// destroyed by a request that outlives the page, and the neutral page takes this page's place in
// the history, so that Back does not return here. Keys: Escape or Shift three times in two seconds.
const WITHIN = 2000;
const TIMES = 3;

let leaving = false;

export const isLeaving = () => leaving;

function leave(form) {
  leaving = true;
  document.documentElement.hidden = true;
  document.title = "\u200b";
  fetch(form.action, { method: "POST", keepalive: true, redirect: "manual" }).catch(() => {});
  window.location.replace(form.dataset.quickExit);
}

function onKeys(act) {
  let last = "";
  let times = [];
  document.addEventListener("keydown", (event) => {
    if (event.repeat) return;
    const known = event.key === "Escape" || event.key === "Shift";
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
  // A page kept for Back must not show itself after an exit.
  window.addEventListener("pageshow", (event) => event.persisted && window.location.reload());
}
