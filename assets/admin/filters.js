// Lists: a GET form leaves out what was not filled in, and an operation chosen beside a filter
// renames its value field. data-submit-on-change sends at once (page size).
function leaveOutBlanks(form) {
  for (const field of form.elements) {
    if (field.name && field.value === "" && field.type !== "submit") field.disabled = true;
  }
}

function restore() {
  const disabled = document.querySelectorAll("form[data-filters] [name]:disabled");
  for (const field of disabled) field.disabled = false;
}

export function startFilters() {
  document.addEventListener("submit", (event) => {
    if ("filters" in event.target.dataset) leaveOutBlanks(event.target);
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-submit-on-change]")) event.target.form.requestSubmit();
  });
  window.addEventListener("pageshow", restore);
}
