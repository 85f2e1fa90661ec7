// Runs before the first paint: the officer's choice of light or dark, else the system's. The choice is
// a cookie, not the browser's storage: nothing of the portal lies there.
const system = window.matchMedia("(prefers-color-scheme: dark)");
const YEAR = 31536000;

const chosen = () => document.cookie.match(/(?:^|; )tampilan=(dark|light)/)?.[1];

function apply() {
  const dark = chosen() ? chosen() === "dark" : system.matches;
  document.documentElement.dataset.bsTheme = dark ? "dark" : "light";
}

apply();
system.addEventListener("change", apply);
document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-theme-toggle]")) return;
  const dark = document.documentElement.dataset.bsTheme === "dark";
  const secure = window.location.protocol === "https:" ? "; Secure" : "";
  const theme = dark ? "light" : "dark";
  document.cookie = `tampilan=${theme}; Path=/; Max-Age=${YEAR}; SameSite=Lax${secure}`;
  apply();
});
