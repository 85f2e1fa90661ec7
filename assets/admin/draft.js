// <form data-draft-url="…">: kept on the server while one types. The first change starts a wait of
// 800 ms; then all fields but files and passwords are posted. The answer may be JSON
// {"fields": {name: value}}: hidden fields to take over (the draft's own id, say).
import { say } from "./wording.js";

const WAIT = 800;
const AGAIN = 5000;
const time = new Intl.DateTimeFormat("id-ID", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Jakarta" });

function fields(form) {
  const data = new FormData(form);
  for (const field of form.querySelectorAll("[type=file], [type=password]")) data.delete(field.name);
  return data;
}

function takeOver(form, answer) {
  for (const [name, value] of Object.entries(answer.fields || {})) {
    const field = form.elements.namedItem(name);
    if (field && field.type === "hidden") field.value = value;
  }
}

async function post(form, keepalive) {
  const headers = { "X-CSRFToken": form.elements.csrf_token?.value || "", Accept: "application/json" };
  const address = form.dataset.draftUrl;
  const answer = await fetch(address, { method: "POST", body: fields(form), headers, keepalive });
  if (!answer.ok) throw new Error(answer.statusText);
  const isJson = (answer.headers.get("Content-Type") || "").includes("json");
  if (isJson) takeOver(form, await answer.json());
}

class Draft {
  constructor(form) {
    this.form = form;
    this.place = form.querySelector("[data-draft-status]");
    this.timer = 0;
    this.dirty = false;
    this.busy = false;
  }

  show(text, state) {
    if (!this.place) return;
    this.place.textContent = text;
    this.place.dataset.state = state;
  }

  changed(wait = WAIT) {
    this.dirty = true;
    if (this.timer || this.busy || this.form.dataset.sent) return;
    this.timer = window.setTimeout(() => this.save(), wait);
  }

  async save() {
    this.timer = 0;
    if (this.form.dataset.sent) return; // it is on its way already: nothing is left to keep
    this.dirty = false;
    this.busy = true;
    const kept = await post(this.form, false).then(() => true, () => false);
    this.busy = false;
    if (kept) this.show(say("draftSaved", { time: time.format(new Date()) }), "saved");
    else this.show(say("draftFailed"), "failed");
    if (this.dirty || !kept) this.changed(kept ? WAIT : AGAIN);
  }

  leave() {
    if (this.dirty && !this.form.dataset.sent) post(this.form, true).catch(() => {});
  }
}

export function startDrafts() {
  for (const form of document.querySelectorAll("form[data-draft-url]")) {
    const draft = new Draft(form);
    for (const kind of ["input", "change"]) form.addEventListener(kind, () => draft.changed());
    window.addEventListener("pagehide", () => draft.leave());
  }
}
