/* What gets better with a script: the error summary takes the focus and leads to its fields, the menu of a phone
   begins folded, passwords can be shown. */
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

  /* The menu is folded on a phone and open on a wide screen, where it has no button. */
  var menu = document.querySelector("[data-menu]");
  var narrow = window.matchMedia("(max-width: 39.99em)");

  function foldMenu() {
    menu.open = !narrow.matches;
  }

  if (menu) {
    foldMenu();
    narrow.addEventListener("change", foldMenu);
  }

  /* The button appears with this script only, since nothing else can press it. */
  Array.prototype.forEach.call(document.querySelectorAll("[data-show-password]"), function (button) {
    var field = document.getElementById(button.getAttribute("aria-controls"));
    button.hidden = false;
    button.addEventListener("click", function () {
      var shown = field.type === "password";
      field.type = shown ? "text" : "password";
      button.textContent = shown ? button.dataset.hide : button.dataset.show;
    });
    field.form.addEventListener("submit", function () {
      field.type = "password";
    });
  });

  focusSummary(document);
})();
