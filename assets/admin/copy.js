// <button data-copy="#field">: puts the value of a field into the clipboard, and says so.
export function startCopy() {
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const field = document.querySelector(button.dataset.copy);
    field.select();
    await navigator.clipboard.writeText(field.value);
    const place = document.querySelector("[data-copied]");
    if (place) place.textContent = place.dataset.copied;
  });
}
