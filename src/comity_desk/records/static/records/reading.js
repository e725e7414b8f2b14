(function () {
  "use strict";
  var narrow = window.matchMedia("(max-width: 60rem)");
  function fold(root) {
    if (!narrow.matches) return;
    root.querySelectorAll(".facet-drawer").forEach(function (drawer) { drawer.removeAttribute("open"); });
  }
  function slide(box) {  // the days offered as links, under one handle
    var links = Array.from(box.parentElement.querySelectorAll(".ticks a")), slider = box.querySelector("input"), told = box.querySelector("output");
    if (links.length < 3) return;
    function tell() {
      told.textContent = links[slider.value].textContent;
      slider.setAttribute("aria-valuetext", told.textContent);
    }
    slider.max = links.length - 1;
    slider.value = links.findIndex(function (link) { return link.hasAttribute("aria-current"); });
    slider.addEventListener("input", tell);
    slider.addEventListener("change", function () { links[slider.value].click(); });
    tell();
    box.hidden = false;
  }
  document.addEventListener("DOMContentLoaded", function () {
    fold(document);
    document.querySelectorAll("[data-days]").forEach(slide);
  });
  document.addEventListener("htmx:afterSettle", function (event) {
    fold(event.detail.elt.parentNode || document);
    var words = document.getElementById("words");
    if (words && document.activeElement !== words) words.value = new URLSearchParams(window.location.search).get("q") || "";
  });
})();
