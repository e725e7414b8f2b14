(function () {
  "use strict";
  function near(event) { return event.target.closest && event.target.closest("svg.atlas a"); }
  function tell(link) {
    var place = document.getElementById("atlas-name");
    if (link && place) place.textContent = link.getAttribute("aria-label");
  }
  document.addEventListener("pointerover", function (event) { tell(near(event)); });
  document.addEventListener("focusin", function (event) { tell(near(event)); });
  function shade(slider) {
    var at = Number(slider.value) - Number(slider.dataset.atlasYears);
    document.querySelectorAll("svg.atlas a[data-levels]").forEach(function (link) {
      var level = link.dataset.levels.charAt(at), value = link.dataset.values.split(",")[at];
      link.setAttribute("class", "t" + (level === "-" ? "n" : level));
      var words = link.dataset.name + ": " + (value || "–");
      link.setAttribute("aria-label", words);
      link.querySelector("title").textContent = words;
    });
  }
  document.addEventListener("input", function (event) {
    var slider = event.target;
    if (slider.type !== "range") return;
    var shown = slider.parentElement.querySelector("output[for='" + slider.id + "']");
    if (shown) shown.textContent = slider.value;
    if (slider.dataset.atlasYears) shade(slider);
  });
})();
