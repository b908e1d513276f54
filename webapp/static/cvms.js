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

  /* A page that the browser kept (Back) is hidden while it is kept, and shown again only to the person it was
     made for, while that person is signed in. */
  var root = document.documentElement;
  var person = document.body.dataset.person;

  window.addEventListener("pagehide", function (event) {
    root.hidden = Boolean(event.persisted && person);
  });

  window.addEventListener("pageshow", function (event) {
    if (!event.persisted || !person) {
      return;
    }
    fetch(document.body.dataset.session + "?poll=1", { headers: { Accept: "application/json" }, redirect: "manual" })
      .then(function (answer) {
        return answer.ok ? answer.json() : {};
      })
      .then(function (found) {
        if (found.person === person) {
          root.hidden = false;
        } else {
          window.location.reload();
        }
      })
      .catch(function () {
        window.location.reload();
      });
  });

  focusSummary(document);
})();
