// Shows the button that prints the page, where a script can do so.
"use strict";

for (const button of document.querySelectorAll("[data-print]")) {
  button.classList.remove("display-none");
  button.addEventListener("click", () => window.print());
}
