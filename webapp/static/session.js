// Warns two minutes before the session ends by itself. Escape or the button extends it; other tabs count too.
"use strict";

(() => {
  const dialog = document.getElementById("session-warning");
  if (!dialog || !dialog.showModal) return;
  const { address, csrf } = dialog.dataset;
  const warnBefore = Number(dialog.dataset.warnBefore);
  let timer = 0;

  const show = (name, visible) => {
    for (const part of dialog.querySelectorAll(`[data-${name}]`)) part.classList.toggle("display-none", !visible);
  };

  const over = () => {
    show("live", false);
    show("over", true);
    if (!dialog.open) dialog.showModal();
  };

  const plan = (secondsLeft) => {
    clearTimeout(timer);
    const wait = dialog.open ? secondsLeft : secondsLeft - warnBefore;
    timer = setTimeout(look, Math.max(1, wait) * 1000);
  };

  // Asking does not extend the session.
  const look = async () => {
    const answer = await ask(`${address}?poll=1`, {});
    if (!answer) return plan(30 + warnBefore);
    if (answer.status === 401) return over();
    const { seconds_left: secondsLeft } = await answer.json();
    if (secondsLeft > warnBefore && dialog.open) dialog.close("extended elsewhere");
    else if (secondsLeft <= warnBefore && !dialog.open) dialog.showModal();
    return plan(secondsLeft);
  };

  const extend = async () => {
    const answer = await ask(address, { method: "POST", headers: { "X-CSRFToken": csrf } });
    if (!answer) return plan(30 + warnBefore);
    if (!answer.ok) return over();
    const { seconds_left: secondsLeft } = await answer.json();
    return plan(secondsLeft);
  };

  const ask = async (url, options) => {
    const headers = { Accept: "application/json", ...options.headers };
    try {
      return await fetch(url, { ...options, headers, redirect: "manual" });
    } catch {
      return null;
    }
  };

  dialog.querySelector("[data-extend]").addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => {
    if (dialog.returnValue !== "extended elsewhere") extend();
    dialog.returnValue = "";
  });
  plan(Number(dialog.dataset.secondsLeft));
})();
