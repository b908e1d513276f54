// Keeps what is typed into a form while it is typed, and says when. Without this script the server keeps what was sent.
"use strict";

for (const form of document.querySelectorAll("form[data-draft]")) {
  const wish = form.dataset.draft;
  const said = form.querySelector("[data-saved]");
  const PAUSE = 1500;
  let timer = 0;
  let changed = false;
  let running = null;

  const keep = async (leaving) => {
    clearTimeout(timer);
    if (!changed) return;
    changed = false;
    const typed = new FormData(form);
    typed.set(wish, "draft");
    const body = new URLSearchParams();
    for (const [name, value] of typed) if (typeof value === "string") body.append(name, value);
    running = leaving ? null : new AbortController();
    try {
      const headers = { Accept: "application/json" };
      const options = { method: "POST", headers, body, redirect: "manual", keepalive: leaving };
      const answer = await fetch(form.action, { ...options, signal: running?.signal });
      if (answer.ok && said) said.textContent = (await answer.json()).said;
    } catch {
      changed = true;
    }
    running = null;
  };

  form.addEventListener("input", () => {
    changed = true;
    clearTimeout(timer);
    timer = setTimeout(keep, PAUSE, false);
  });

  // Sent: what is still on its way to be kept would come back after it.
  form.addEventListener("submit", () => {
    changed = false;
    clearTimeout(timer);
    running?.abort();
  });

  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") keep(true);
  });
}
