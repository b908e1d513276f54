/* The inbox asks for new tasks every ten seconds: quietly, and never as a sign that somebody is there. */
(function () {
  "use strict";

  var etag = null;

  function isNews(event) {
    return event.target.id === "news";
  }

  document.addEventListener("htmx:configRequest", function (event) {
    if (isNews(event) && etag) {
      event.detail.headers["If-None-Match"] = etag;
    }
  });

  document.addEventListener("htmx:beforeSwap", function (event) {
    if (!isNews(event)) {
      return;
    }
    if (event.detail.xhr.status === 304) {
      event.detail.shouldSwap = false;
    } else {
      etag = event.detail.xhr.getResponseHeader("ETag");
    }
  });

  /* Signed out elsewhere: stop asking, and leave the page as it is. */
  document.addEventListener("htmx:responseError", function (event) {
    if (isNews(event) && event.detail.xhr.status === 401) {
      event.target.remove();
    }
  });
})();
