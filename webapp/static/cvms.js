/* What gets better with a script: the error summary takes the focus and leads to its fields. */
(function () {
  "use strict";

  function focusSummary(root) {
    var summary = root.querySelector("[data-focus]");
    if (summary) {
      summary.focus();
    }
  }

  document.addEventListener("click", function (event) {
    var link = event.target.closest(".cvms-error-summary a");
    var field = link && document.getElementById(link.hash.slice(1));
    if (field) {
      event.preventDefault();
      field.scrollIntoView({ block: "center" });
      field.focus({ preventScroll: true });
    }
  });

  document.addEventListener("htmx:afterSwap", function (event) {
    focusSummary(event.target);
  });

  focusSummary(document);
})();
