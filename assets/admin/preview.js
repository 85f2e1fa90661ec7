// <form data-preview="/admin/…" data-preview-into="id">: what is typed is posted after a pause, and the
// answer, a piece of page, shows what would come of it. Only the last answer counts; nothing is saved.
const WAIT = 400;

async function look(form, place, signal) {
  const answer = await fetch(form.dataset.preview, { method: "POST", body: new FormData(form), signal });
  if (!answer.ok) return;
  const text = await answer.text();
  const piece = new DOMParser().parseFromString(text, "text/html").body;
  if (!signal.aborted) place.replaceChildren(...[...piece.childNodes].map((one) => document.adoptNode(one)));
}

export function startPreviews() {
  for (const form of document.querySelectorAll("form[data-preview]")) {
    const place = document.getElementById(form.dataset.previewInto);
    let timer = 0;
    let asked = new AbortController();
    for (const one of form.querySelectorAll("[data-without-script]")) one.hidden = true;
    form.addEventListener("input", () => {
      window.clearTimeout(timer);
      timer = window.setTimeout(() => {
        asked.abort();
        asked = new AbortController();
        look(form, place, asked.signal).catch(() => {});
      }, WAIT);
    });
  }
}
