/* Forms of proposals: lists grow by a line, names are picked while typing, and what cannot reach the desk is kept in this browser,
   encrypted with a key that only the desk knows and for the person alone who typed it. */
(function () {
  "use strict";
  var form = document.getElementById("proposing");
  var PREFIX = "comity-kept:";

  /* Names to pick: each input its own list, filled by the desk while one types; the whole list of the page serves browsers without scripts. */
  var listed = 0;
  function ownList(input) {
    var list = input.nextElementSibling;
    if (!list || list.tagName !== "DATALIST") return;
    if (!list.id) list.id = "picks-" + ++listed;
    input.setAttribute("list", list.id);
  }
  document.addEventListener("htmx:afterSwap", function (event) {
    var input = event.detail.target && event.detail.target.tagName === "DATALIST" && event.detail.target.previousElementSibling;
    if (input) ownList(input);
  });
  document.addEventListener("click", function (event) {
    var more = event.target.closest("[data-another]");
    if (!more) return;
    var lines = more.previousElementSibling;
    var last = lines && lines.lastElementChild;
    if (!last) return;
    event.preventDefault();
    var line = last.cloneNode(true);
    line.querySelectorAll("input").forEach(function (input) {
      input.value = "";
      input.removeAttribute("id");
      if (input.hasAttribute("data-picks")) input.setAttribute("list", last.querySelector("[data-picks]").getAttribute("list").replace(/^picks-\d+$/, ""));
    });
    line.querySelectorAll("output").forEach(function (output) { output.textContent = ""; });
    line.querySelectorAll("datalist").forEach(function (list) { list.removeAttribute("id"); list.textContent = ""; });
    lines.appendChild(line);
    window.htmx.process(line);
    line.querySelector("input").focus();
  });
  if (!form) return;

  var hexKey = form.dataset.kept;
  var place = form.dataset.place;
  var canKeep = (function () {
    try { return !!(window.crypto && window.crypto.subtle && window.localStorage); } catch (error) { return false; }
  })();
  var name = PREFIX + hexKey.slice(0, 16) + ":" + place;

  function bytes(hex) {
    var made = new Uint8Array(hex.length / 2);
    for (var at = 0; at < made.length; at++) made[at] = parseInt(hex.substr(2 * at, 2), 16);
    return made;
  }
  function secret() {
    return window.crypto.subtle.importKey("raw", bytes(hexKey), "AES-GCM", false, ["encrypt", "decrypt"]);
  }
  function text(buffer) {
    return btoa(Array.prototype.map.call(new Uint8Array(buffer), function (one) { return String.fromCharCode(one); }).join(""));
  }
  function raw(words) {
    return Uint8Array.from(atob(words), function (one) { return one.charCodeAt(0); });
  }
  function typed() {
    var left = ["csrfmiddlewaretoken", "draft", "do"];
    return Array.from(new FormData(form).entries()).filter(function (pair) { return left.indexOf(pair[0]) < 0 && typeof pair[1] === "string"; });
  }
  function show(which, on) {
    var note = form.querySelector("[data-" + which + "-note]");
    if (note) note.hidden = !on;
  }
  function keep() {
    if (!canKeep) return show("unkept", true);
    var salt = window.crypto.getRandomValues(new Uint8Array(12));
    var content = new TextEncoder().encode(JSON.stringify({ at: new Date().toISOString(), typed: typed() }));
    return secret()
      .then(function (key) { return window.crypto.subtle.encrypt({ name: "AES-GCM", iv: salt }, key, content); })
      .then(function (sealed) {
        window.localStorage.setItem(name, JSON.stringify({ salt: text(salt), sealed: text(sealed) }));
        show("kept", true);
      })
      .catch(function () { show("unkept", true); });
  }
  function kept() {
    var held = canKeep && window.localStorage.getItem(name);
    if (!held) return Promise.resolve(null);
    var parts = JSON.parse(held);
    return secret()
      .then(function (key) { return window.crypto.subtle.decrypt({ name: "AES-GCM", iv: raw(parts.salt) }, key, raw(parts.sealed)); })
      .then(function (content) { return JSON.parse(new TextDecoder().decode(content)); })
      .catch(function () { window.localStorage.removeItem(name); return null; });
  }
  function drop() {
    if (canKeep) window.localStorage.removeItem(name);
    show("kept", false);
    show("unkept", false);
  }

  /* What others typed in this browser is not this person's: it goes as soon as somebody else opens a form. */
  if (canKeep) {
    Object.keys(window.localStorage).forEach(function (one) {
      if (one.indexOf(PREFIX) === 0 && one.indexOf(PREFIX + hexKey.slice(0, 16) + ":") !== 0) window.localStorage.removeItem(one);
    });
  }

  var offer = document.querySelector("[data-kept-here]");
  kept().then(function (held) {
    if (!held || !offer) return;
    offer.hidden = false;
    offer.querySelector("[data-kept-at]").textContent = new Date(held.at).toLocaleString(document.documentElement.lang);
    offer.querySelector("[data-kept-restore]").addEventListener("click", function () { restore(held.typed); offer.hidden = true; });
    offer.querySelector("[data-kept-drop]").addEventListener("click", function () { drop(); offer.hidden = true; });
  });
  function restore(pairs) {
    var by = {};
    pairs.forEach(function (pair) { (by[pair[0]] = by[pair[0]] || []).push(pair[1]); });
    Object.keys(by).forEach(function (field) {
      var inputs = Array.from(form.querySelectorAll('[name="' + window.CSS.escape(field) + '"]'));
      if (!inputs.length) return;
      if (inputs[0].type === "checkbox" || inputs[0].type === "radio") {
        inputs.forEach(function (input) { input.checked = by[field].indexOf(input.value) >= 0; });
        return;
      }
      while (inputs.length < by[field].length && inputs[0].closest("[data-several]")) {
        inputs[0].closest("fieldset").querySelector("[data-another]").click();
        inputs = Array.from(form.querySelectorAll('[name="' + window.CSS.escape(field) + '"]'));
      }
      by[field].forEach(function (value, at) { if (inputs[at]) inputs[at].value = value; });
    });
    form.querySelectorAll("details").forEach(function (one) { one.open = true; });
    form.dispatchEvent(new Event("input", { bubbles: true }));
  }

  ["htmx:sendError", "htmx:timeout", "htmx:responseError"].forEach(function (kind) {
    document.addEventListener(kind, function (event) {
      if (event.detail.elt && event.detail.elt.hasAttribute("data-saved")) keep();
    });
  });
  document.addEventListener("htmx:afterRequest", function (event) {
    if (event.detail.elt && event.detail.elt.hasAttribute("data-saved") && event.detail.successful) drop();
  });
  form.addEventListener("submit", function (event) {
    if (window.navigator.onLine !== false) return;
    event.preventDefault();
    keep();
  });

  var wrong = document.querySelector('[role="alert"], .clashes');
  if (wrong) {
    wrong.setAttribute("tabindex", "-1");
    wrong.focus();
  }
})();
