// data-confirm="Question?" on a form, or on the button that sends it: asked in the layout's
// <dialog id="confirm-dialog"> first. data-confirm-label names the button that agrees.
const dialog = document.getElementById("confirm-dialog");

function question(form, submitter) {
  const asks = [submitter, form].find((element) => element && element.dataset.confirm);
  return asks && { text: asks.dataset.confirm, label: asks.dataset.confirmLabel };
}

function ask({ text, label }, agreed) {
  const button = dialog.querySelector("[value=yes]");
  button.dataset.usual ??= button.textContent;
  button.textContent = label || button.dataset.usual;
  dialog.querySelector("[data-question]").textContent = text;
  dialog.returnValue = "";
  dialog.addEventListener("close", () => dialog.returnValue === "yes" && agreed(), { once: true });
  dialog.showModal();
}

export function startConfirm() {
  if (!dialog) return;
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const asked = question(form, event.submitter);
    if (!asked || event.defaultPrevented) return;
    if (form.dataset.agreed) {
      delete form.dataset.agreed;
      return;
    }
    event.preventDefault();
    ask(asked, () => {
      form.dataset.agreed = "1";
      form.requestSubmit(event.submitter || undefined);
    });
  });
}
