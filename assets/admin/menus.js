// Menus are <details class="menu">: they open without script; with it they also close on Escape,
// on a click elsewhere, and when another opens. data-dismiss removes the notice it stands in.
function close(except) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (menu !== except) menu.open = false;
  }
}

function onEscape(event) {
  const menu = document.querySelector("details.menu[open]");
  if (event.key !== "Escape" || !menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
}

// "/" leads to the list's search box, as in many web programs.
function onSlash(event) {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  const search = document.querySelector("[data-search-box]");
  if (event.key !== "/" || typing || !search || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  search.focus();
}

export function startMenus() {
  document.addEventListener("click", (event) => {
    close(event.target.closest("details.menu"));
    const dismiss = event.target.closest("[data-dismiss]");
    if (dismiss) dismiss.closest(".alert").remove();
    if (event.target.closest("[data-print]")) window.print();
  });
  document.addEventListener("keydown", onEscape);
  document.addEventListener("keydown", onSlash);
}
