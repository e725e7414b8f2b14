document.addEventListener("allauth.error", function (event) {
  "use strict";
  event.preventDefault();
  var told = document.getElementById("key-failed");
  if (told) told.hidden = false;
});
