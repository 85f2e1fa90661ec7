// "Keluar cepat": <a data-quick-exit="/keluar-cepat" data-csrf="…" href="https://…">. The page is
// covered at once, the draft destroyed by a request that outlives the page, and the neutral page
// takes this page's place in the history, so that Back does not return here.
// Keys: Escape three times, or Shift three times, within two seconds.
const WITHIN = 2000;
const TIMES = 3;

function leave(link) {
  document.documentElement.hidden = true;
  document.title = link.hostname;
  const headers = link.dataset.csrf ? { "X-CSRFToken": link.dataset.csrf } : {};
  const address = link.dataset.quickExit;
  if (address) fetch(address, { method: "POST", keepalive: true, headers }).catch(() => {});
  window.location.replace(link.href);
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
  const link = document.querySelector("[data-quick-exit]");
  if (!link) return;
  document.addEventListener("click", (event) => {
    const pressed = event.target.closest("[data-quick-exit]");
    if (!pressed) return;
    event.preventDefault();
    leave(pressed);
  });
  onKeys(() => leave(link));
  // A page kept for Back must not show itself after an exit.
  window.addEventListener("pageshow", (event) => event.persisted && window.location.reload());
}
