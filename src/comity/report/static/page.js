(function () {
  "use strict";
  var read = function (id) { return JSON.parse(document.getElementById(id).textContent); };
  var words = read("words"), book = null, box = document.getElementById("drawer"), pane = box.querySelector(".drawer"), trail = [];
  var records = function () { return book || (book = read("records")); };
  var make = function (tag, text, cls) { var node = document.createElement(tag); if (text != null) node.textContent = text; if (cls) node.className = cls; return node; };
  var link = function (text, href) { var a = make("a", text); a.href = href; a.addEventListener("click", function (event) { event.preventDefault(); go(href); }); return a; };
  var outside = function (source) { if (!source) return make("span", "–"); if (!source.u) return make("span", source.t); var a = make("a", source.t); a.href = source.u; a.rel = "noopener noreferrer"; a.target = "_blank"; return a; };

  function head(title) {
    pane.textContent = "";
    var bar = make("header"), left = make("h3", title); left.tabIndex = -1;
    bar.appendChild(left);
    var side = make("div");
    if (trail.length > 1) { var back = make("button", words.back); back.addEventListener("click", function () { trail.pop(); var last = trail.pop(); go(last); }); side.appendChild(back); side.append(" "); }
    var close = make("button", words.close); close.addEventListener("click", function () { box.close(); }); side.appendChild(close);
    bar.appendChild(side); pane.appendChild(bar);
  }
  function list(set) {
    var all = records(), refs = all.sets[set] || [];
    head(words.behind.replace("{n}", refs.length));
    var ul = make("ul");
    refs.map(function (at) { return all.records[at]; }).sort(function (a, b) { return (b.d || "").localeCompare(a.d || ""); }).forEach(function (record) {
      var li = make("li"); li.appendChild(link(record.t, "#r:" + record.r));
      li.appendChild(make("div", [record.w, all.kinds[record.k].label, all.confidence[record.c] || "", (all.sources[record.s] || {}).t].filter(Boolean).join(" · "), "meta"));
      ul.appendChild(li);
    });
    pane.appendChild(ul);
  }
  function detail(ref) {
    var all = records(), at = all.index[ref];
    if (at === undefined) { head(words.missing); return; }
    var record = all.records[at], dl = make("dl"), labels = all.kinds[record.k].fields;
    head(record.t);
    pane.appendChild(make("div", all.kinds[record.k].label + " · " + ref, "meta"));
    record.f.forEach(function (pair) {
      dl.appendChild(make("dt", labels[pair[0]])); var dd = make("dd", pair[1]);
      (record.q || []).filter(function (claim) { return claim.f === pair[0]; }).forEach(function (claim) { dd.appendChild(said(claim, all)); });
      dl.appendChild(dd);
    });
    dl.appendChild(make("dt", words.source)); var from = make("dd"); from.appendChild(outside(all.sources[record.s]));
    if (record.l) from.append(" (" + record.l + ")");
    if (record.x != null) { from.append("; "); from.appendChild(outside(all.sources[record.x])); }
    dl.appendChild(from);
    dl.appendChild(make("dt", words.confidence)); dl.appendChild(make("dd", all.confidence[record.c] || ""));
    pane.appendChild(dl);
  }
  function said(claim, all) {
    var div = make("div", null, "claims");
    div.appendChild(make("span", all.status[claim.s], "tag")); div.append(" " + (claim.v || "–") + " — "); div.appendChild(outside(all.sources[claim.o]));
    if (claim.w) div.appendChild(make("div", claim.w, "meta"));
    return div;
  }
  function go(hash) {
    var set = /^#n:(\d+)$/.exec(hash), one = /^#r:(.+)$/.exec(hash);
    if (!set && !one) return;
    trail.push(hash);
    if (set) list(+set[1]); else detail(decodeURIComponent(one[1]));
    if (!box.open) box.showModal();
    history.replaceState(null, "", hash); pane.scrollTop = 0;
    var title = pane.querySelector("h3"); if (title) title.focus();
  }
  box.addEventListener("close", function () { trail = []; history.replaceState(null, "", location.pathname + location.search); });
  box.addEventListener("click", function (event) { if (event.target === box) box.close(); });
  document.addEventListener("click", function (event) {
    var a = event.target.closest && event.target.closest("a.n"); if (!a) return;
    event.preventDefault(); trail = []; go(a.getAttribute("href"));
  });
  window.addEventListener("hashchange", function () { go(location.hash); });
  document.querySelectorAll("input.filter").forEach(function (input) {
    input.addEventListener("input", function () {
      var want = input.value.trim().toLowerCase();
      input.parentElement.querySelectorAll("tbody tr").forEach(function (row) { row.hidden = want && row.textContent.toLowerCase().indexOf(want) < 0; });
    });
  });
  document.querySelectorAll("button[data-csv]").forEach(function (button) {
    button.addEventListener("click", function () {
      var table = document.getElementById(button.dataset.csv), text = "\ufeff";
      table.querySelectorAll("tr").forEach(function (row) { text += Array.prototype.map.call(row.children, function (cell) { return '"' + cell.textContent.trim().replace(/"/g, '""') + '"'; }).join(",") + "\n"; });
      var a = make("a"); a.href = URL.createObjectURL(new Blob([text], { type: "text/csv" })); a.download = button.dataset.csv + ".csv"; a.click(); URL.revokeObjectURL(a.href);
    });
  });
  var drawn = new IntersectionObserver(function (entries) {
    entries.forEach(function (entry) {
      if (!entry.isIntersecting) return;
      drawn.unobserve(entry.target); draw(entry.target);
    });
  }, { rootMargin: "600px" });
  function draw(place) {
    var spec = JSON.parse(document.getElementById("spec-" + place.dataset.chart).textContent);
    return window.vegaEmbed(place, spec, { renderer: "svg", actions: { export: { svg: true, png: true }, source: false, compiled: false, editor: false }, i18n: { SVG_ACTION: words.svg, PNG_ACTION: words.png, CLICK_TO_VIEW_ACTIONS: words.actions }, downloadFileName: place.dataset.chart, tooltip: { theme: "custom" } }).then(function (made) {
      made.view.addEventListener("click", function (event, item) { var ref = item && item.datum && item.datum.ref; if (ref && records().index[ref] !== undefined) { trail = []; go("#r:" + ref); } });
    });
  }
  document.querySelectorAll(".chart").forEach(function (place) { if (location.search.indexOf("draw=all") >= 0) draw(place); else drawn.observe(place); });
  window.addEventListener("beforeprint", function () { document.querySelectorAll(".chart:empty").forEach(draw); });
  if (location.hash) go(location.hash);
})();
