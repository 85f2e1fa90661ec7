// A second click on a form that is on its way does nothing. The server refuses the double anyway.
// A form that answers with a file says data-again: it may be sent as often as one likes.
// The second click of a double click sends nothing either: the answer, or a question, may have come
// between the two, and it would press what just appeared under the pointer.
function buttons(form) {
  return [...form.elements].filter((element) => element.type === "submit");
}

function release(form) {
  delete form.dataset.sent;
  for (const button of buttons(form)) button.disabled = false;
  form.removeAttribute("aria-busy");
}

function hold(form, submitter) {
  form.dataset.sent = "1";
  form.setAttribute("aria-busy", "true");
  // Only after the browser has collected the fields: a disabled button sends no value.
  window.setTimeout(() => {
    for (const button of buttons(form)) button.disabled = true;
    if (submitter) submitter.classList.add("is-sending");
  });
}

const isGuarded = (form) => form && form.method !== "get" && !("again" in form.dataset);

function ignoreSecondClick(event) {
  const button = event.target.closest("button, input");
  if (event.detail > 1 && button?.type === "submit" && isGuarded(button.form)) event.preventDefault();
}

export function startGuard() {
  document.addEventListener("click", ignoreSecondClick);
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || "again" in form.dataset) return;
    if (form.dataset.sent) event.preventDefault();
    else hold(form, event.submitter);
  });
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    for (const form of document.querySelectorAll("form[data-sent]")) release(form);
    for (const button of document.querySelectorAll(".is-sending")) button.classList.remove("is-sending");
  });
}
