// Makes a passkey, or lets one sign: asks our server for a challenge, the browser for the answer, and sends the form.
"use strict";

(() => {
  if (!window.PublicKeyCredential) return;

  const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const known = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

  const ask = {
    create: (options) =>
      navigator.credentials.create({
        publicKey: {
          ...options,
          challenge: bytes(options.challenge),
          user: { ...options.user, id: bytes(options.user.id) },
          excludeCredentials: known(options.excludeCredentials),
        },
      }),
    get: (options) =>
      navigator.credentials.get({
        publicKey: {
          ...options,
          challenge: bytes(options.challenge),
          allowCredentials: known(options.allowCredentials),
        },
      }),
  };

  const written = (credential) => {
    const response = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"])
      if (credential.response[name]) response[name] = text(credential.response[name]);
    const { id, type } = credential;
    return JSON.stringify({ id, type, rawId: text(credential.rawId), response, clientExtensionResults: {} });
  };

  for (const area of document.querySelectorAll("[data-webauthn]")) {
    const form = area.querySelector("form");
    const button = form.querySelector("button");
    const failed = area.querySelector("[data-failed]");
    area.classList.remove("display-none");

    const answer = async () => {
      const headers = { Accept: "application/json", "X-CSRFToken": area.dataset.csrf };
      const given = await fetch(area.dataset.options, { method: "POST", headers, redirect: "manual" });
      if (given.status === 401) return window.location.reload();
      form.elements.credential.value = written(await ask[area.dataset.webauthn](await given.json()));
      return form.submit();
    };

    form.addEventListener("submit", (event) => {
      event.preventDefault();
      button.disabled = true;
      failed.classList.add("display-none");
      answer().catch(() => {
        failed.classList.remove("display-none");
        button.disabled = false;
      });
    });
  }
})();
