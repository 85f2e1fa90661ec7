// Leaving a step of the form without pressing one of its buttons (Back, another link, another app)
// keeps what was typed, in the sealed draft on the server and nowhere in the browser.
import { isLeaving } from "./quick-exit.js";

export function autosave() {
  const form = document.querySelector("form[data-autosave]");
  if (!form) return;
  let changed = false;
  form.addEventListener("input", () => (changed = true));
  form.addEventListener("submit", () => (changed = false));
  const save = () => {
    if (!changed || isLeaving()) return;
    changed = false;
    const typed = new FormData(form);
    typed.set("aksi", "simpan");
    navigator.sendBeacon(form.action, new URLSearchParams(typed));
  };
  window.addEventListener("pagehide", save);
  document.addEventListener("visibilitychange", () => document.hidden && save());
}
