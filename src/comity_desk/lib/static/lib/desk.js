(function () {
  "use strict";
  var root = document.documentElement;
  document.addEventListener("click", function (event) {
    var toggle = event.target.closest("[data-theme-toggle]");
    if (toggle) {
      var dark = root.dataset.theme ? root.dataset.theme === "dark" : window.matchMedia("(prefers-color-scheme: dark)").matches;
      root.dataset.theme = dark ? "light" : "dark";
      document.cookie = "theme=" + root.dataset.theme + ";path=/;max-age=31536000;samesite=strict";
    }
    var printer = event.target.closest("[data-print]");
    if (printer) window.print();
  });
  document.addEventListener("submit", function (event) {
    var ask = event.submitter && event.submitter.dataset.confirm;
    if (ask && !window.confirm(ask)) event.preventDefault();
  });
})();
