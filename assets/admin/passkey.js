// <form data-passkey="create|get" data-options="JSON"> with a hidden field "credential" and a button
// [data-passkey-start]: the browser makes or uses a passkey, and its answer is sent with the form.
const bytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

function opened(options) {
  const found = { ...options, challenge: bytes(options.challenge) };
  if (found.user) found.user = { ...found.user, id: bytes(found.user.id) };
  for (const name of ["excludeCredentials", "allowCredentials"]) {
    if (found[name]) found[name] = found[name].map((one) => ({ ...one, id: bytes(one.id) }));
  }
  return found;
}

const PARTS = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];

function written(credential) {
  const response = {};
  for (const name of PARTS) if (credential.response[name]) response[name] = text(credential.response[name]);
  const { id, type } = credential;
  return JSON.stringify({ id, rawId: text(credential.rawId), type, response, clientExtensionResults: {} });
}

async function start(form) {
  const publicKey = opened(JSON.parse(form.dataset.options));
  const status = form.querySelector("[data-passkey-status]");
  status.textContent = "";
  try {
    const credential = await navigator.credentials[form.dataset.passkey]({ publicKey });
    form.elements.credential.value = written(credential);
  } catch {
    status.textContent = status.dataset.failed;
    return;
  }
  form.requestSubmit();
}

export function startPasskeys() {
  document.addEventListener("click", (event) => {
    const form = event.target.closest("[data-passkey-start]")?.form;
    const name = form?.elements.label;
    if (!form) return;
    if (name && !name.value.trim()) form.requestSubmit();
    else start(form);
  });
}
