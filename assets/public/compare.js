// Whether a file is one of the letter's: its SHA-256 is made here and held against those on the
// page, so that the file never leaves this device. Where the browser cannot (no https, too old),
// the form is sent as it is.
const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

async function judge(form, file) {
  if (file.size > Number(form.dataset.largest)) return { said: form.dataset.tooLarge };
  const sha256 = hex(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
  const found = document.querySelector(`[data-sha256="${sha256}"]`);
  if (!found) return { said: form.dataset.none };
  return { said: found.dataset.said, good: "good" in found.dataset };
}

function show(form, answer) {
  const place = form.querySelector("[data-compared]");
  place.hidden = false;
  place.className = `notice ${answer.good ? "notice--good" : "notice--warning"}`;
  place.firstElementChild.textContent = answer.said;
}

export function compare() {
  const form = document.querySelector("form[data-compare]");
  if (!form || !window.crypto?.subtle) return;
  const look = (files) => {
    if (!files.length) return;
    judge(form, files[0]).then(
      (answer) => show(form, answer),
      () => show(form, { said: form.dataset.failed }),
    );
  };
  const drop = form.querySelector("[data-drop]");
  for (const one of form.querySelectorAll("[data-without-script]")) one.hidden = true;
  for (const one of form.querySelectorAll("[data-script-only]")) one.hidden = false;
  form.querySelector("[type=file]").addEventListener("change", (event) => look(event.target.files));
  form.addEventListener("submit", (event) => event.preventDefault());
  for (const kind of ["dragenter", "dragover", "dragleave", "drop"]) {
    drop.addEventListener(kind, (event) => {
      event.preventDefault();
      drop.classList.toggle("drop--over", kind === "dragenter" || kind === "dragover");
    });
  }
  drop.addEventListener("drop", (event) => look(event.dataTransfer.files));
}
