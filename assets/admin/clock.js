// <time data-clock="2026-11-24T01:00:00Z" data-limit="30">: minutes since then, coloured as the
// limit (minutes) comes near (from two thirds on) and passes.
import { say } from "./wording.js";

const EVERY = 15_000;

function spoken(minutes) {
  // The same steps as portal.indonesia.dates.duration.
  if (minutes < 120) return say("minutes", { n: minutes });
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return say("hours", { n: hours });
  return say("days", { n: Math.floor(hours / 24) });
}

function state(minutes, limit) {
  if (!limit) return "plain";
  if (minutes >= limit) return "late";
  return minutes * 3 >= limit * 2 ? "soon" : "ok";
}

function tick() {
  for (const clock of document.querySelectorAll("time[data-clock]")) {
    const minutes = Math.max(0, Math.floor((Date.now() - Date.parse(clock.dataset.clock)) / 60_000));
    if (Number.isNaN(minutes)) continue;
    const text = clock.querySelector(".clock-text") || clock;
    text.textContent = spoken(minutes);
    clock.dataset.state = state(minutes, Number(clock.dataset.limit));
  }
}

export { tick as refreshClocks };

export function startClocks() {
  tick();
  window.setInterval(tick, EVERY);
}
