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
  function forget() { /* what forms kept in this browser while the desk could not be reached */
    try {
      Object.keys(window.localStorage).forEach(function (name) {
        if (name.indexOf("comity-kept:") === 0) window.localStorage.removeItem(name);
      });
    } catch (error) { /* a browser that keeps nothing */ }
  }
  document.addEventListener("submit", function (event) {
    var ask = event.submitter && event.submitter.dataset.confirm;
    if (ask && !window.confirm(ask)) event.preventDefault();
    if (!event.defaultPrevented && /\/sign-out\/$/.test(event.target.action)) forget();
  });
})();
