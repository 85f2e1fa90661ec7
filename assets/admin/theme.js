// Runs before the first paint: the officer's choice of light or dark, else the system's.
const system = window.matchMedia("(prefers-color-scheme: dark)");

function apply() {
  const chosen = window.localStorage.getItem("tema");
  const dark = chosen ? chosen === "dark" : system.matches;
  document.documentElement.dataset.bsTheme = dark ? "dark" : "light";
}

apply();
system.addEventListener("change", apply);
document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-theme-toggle]")) return;
  const dark = document.documentElement.dataset.bsTheme === "dark";
  window.localStorage.setItem("tema", dark ? "light" : "dark");
  apply();
});
