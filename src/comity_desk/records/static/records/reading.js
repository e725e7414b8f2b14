(function () {
  "use strict";
  var narrow = window.matchMedia("(max-width: 60rem)");
  function fold(root) {
    if (!narrow.matches) return;
    root.querySelectorAll(".facet-drawer").forEach(function (drawer) { drawer.removeAttribute("open"); });
  }
  document.addEventListener("DOMContentLoaded", function () { fold(document); });
  document.addEventListener("htmx:afterSettle", function (event) {
    fold(event.detail.elt.parentNode || document);
    var words = document.getElementById("words");
    if (words && document.activeElement !== words) words.value = new URLSearchParams(window.location.search).get("q") || "";
  });
})();
