// The list: "select all", and how many are selected. The bar itself appears by style sheet.
function boxes() {
  return [...document.querySelectorAll("input[name=rowid]")];
}

function refresh() {
  const all = boxes();
  const chosen = all.filter((box) => box.checked).length;
  for (const place of document.querySelectorAll("[data-chosen-count]")) place.textContent = chosen;
  const toggle = document.querySelector("[data-rows-all]");
  if (!toggle) return;
  toggle.checked = chosen > 0 && chosen === all.length;
  toggle.indeterminate = chosen > 0 && chosen < all.length;
}

function choose(checked) {
  for (const box of boxes()) box.checked = checked;
}

export function startRows() {
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-rows-all]")) choose(event.target.checked);
    if (event.target.matches("[data-rows-all], input[name=rowid]")) refresh();
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-rows-none]")) return;
    choose(false);
    refresh();
  });
  refresh();
}
