// Passkeys: the browser makes or shows one, the form carries it. No script of anyone else, nothing inline.

const fromText = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const toText = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

const withBytes = (options) => ({
  ...options,
  challenge: fromText(options.challenge),
  ...(options.user && { user: { ...options.user, id: fromText(options.user.id) } }),
  ...(options.allowCredentials && { allowCredentials: options.allowCredentials.map((one) => ({ ...one, id: fromText(one.id) })) }),
  ...(options.excludeCredentials && {
    excludeCredentials: options.excludeCredentials.map((one) => ({ ...one, id: fromText(one.id) })),
  }),
});

const PARTS = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
const asText = (made) => {
  const response = {};
  for (const part of PARTS) if (made.response[part]) response[part] = toText(made.response[part]);
  if (made.response.getTransports) response.transports = made.response.getTransports();
  return {
    id: made.id,
    rawId: toText(made.rawId),
    type: made.type,
    authenticatorAttachment: made.authenticatorAttachment,
    clientExtensionResults: made.getClientExtensionResults(),
    response,
  };
};

const optionsOf = async (form) => {
  const here = document.getElementById("passkey-options");
  if (here) return JSON.parse(here.textContent);
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  return (await answer.json()).request_options;
};

const ceremony = async (form) => {
  const publicKey = withBytes((await optionsOf(form)).publicKey);
  const make = form.dataset.passkey === "make";
  const made = await (make ? navigator.credentials.create({ publicKey }) : navigator.credentials.get({ publicKey }));
  form.elements.credential.value = JSON.stringify(asText(made));
  form.submit();
};

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const trouble = document.getElementById("passkey-trouble");
  if (!window.PublicKeyCredential) {
    document.getElementById("passkey-unknown").hidden = false;
    continue;
  }
  for (const button of form.querySelectorAll("button")) button.disabled = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    trouble.hidden = true;
    ceremony(form).catch(() => {
      trouble.hidden = false;
      trouble.focus();
    });
  });
}
