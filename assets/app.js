// Shouwang: the little that a page is better with. Every page works without it.
(function () {
  "use strict";
  var doc = document;
  // No answer at all is said above the page; a later answer takes it away again.
  function away() {
    var notice = doc.getElementById("notice"); if (!notice) return;
    notice.innerHTML = '<div class="sw-note is-red mb-3" role="alert" data-gone><p></p></div>';
    notice.querySelector("p").textContent = doc.documentElement.dataset.away;
  }
  function back() { doc.querySelectorAll("#notice [data-gone]").forEach(function (note) { note.remove(); }); }
  function typing(e) { return /^(INPUT|TEXTAREA|SELECT)$/.test(e.target.tagName) || e.target.isContentEditable; }

  // Ctrl K or / goes to the search field; Escape leaves it and closes open menus.
  doc.addEventListener("keydown", function (e) {
    if (((e.ctrlKey || e.metaKey) && e.key.toLowerCase() === "k") || (e.key === "/" && !typing(e))) {
      var box = doc.querySelector("[data-search]");
      if (box) { e.preventDefault(); box.focus(); box.select(); }
      return;
    }
    if (e.key === "Escape") {
      doc.querySelectorAll("details.sw-menu[open]").forEach(function (d) { d.open = false; });
      if (e.target.matches && e.target.matches("[data-search]")) e.target.blur();
      return;
    }
    // A control with data-key is pressed by that key (match queue: 1 2 3 N U).
    if (typing(e) || e.ctrlKey || e.metaKey || e.altKey) return;
    var hit = doc.querySelector('[data-key="' + (window.CSS ? CSS.escape(e.key.toUpperCase()) : e.key.toUpperCase()) + '"]');
    if (hit && !hit.disabled) { e.preventDefault(); hit.click(); return; }
    // J and K go down and up the rows of a table; Enter opens, as on any link.
    if (e.key === "j" || e.key === "k") {
      var links = Array.prototype.map.call(doc.querySelectorAll("tbody tr[data-href]"), function (tr) { return tr.querySelector("a[href]"); }).filter(Boolean);
      var at = links.indexOf(doc.activeElement), next = links[e.key === "j" ? at + 1 : Math.max(at - 1, 0)];
      if (next) { e.preventDefault(); next.focus(); }
    }
  });

  // A click anywhere in a row opens it, unless it was meant for a control or to select text.
  doc.addEventListener("click", function (e) {
    doc.querySelectorAll("details.sw-menu[open]").forEach(function (d) { if (!d.contains(e.target)) d.open = false; });
    var row = e.target.closest("tr[data-href]");
    if (!row || e.target.closest("a,button,input,label,select,summary") || String(window.getSelection())) return;
    if (e.ctrlKey || e.metaKey) window.open(row.dataset.href); else location.href = row.dataset.href;
  });
  doc.addEventListener("click", function (e) { if (e.target.closest("[data-print]")) window.print(); });
  // [data-copy] puts the text of a field on the clipboard; without the right to it the text is marked, to be copied by hand.
  doc.addEventListener("click", function (e) {
    var button = e.target.closest("[data-copy]"), field = button && doc.getElementById(button.dataset.copy); if (!field) return;
    var told = function () { button.textContent = button.dataset.copied; };
    field.focus(); field.select();
    if (navigator.clipboard) navigator.clipboard.writeText(field.value).then(told, function () {}); else if (doc.execCommand("copy")) told();
  });
  // On paper nothing can be opened: explanations are printed whole.
  window.addEventListener("beforeprint", function () { doc.querySelectorAll(".sw-why details").forEach(function (d) { d.open = true; }); });

  // A wide row of a file is moved as far as the cell in question needs to be seen.
  doc.querySelectorAll(".sw-sheet").forEach(function (sheet) {
    var cell = sheet.querySelector(".is-row .is-marked");
    if (cell) sheet.scrollLeft = Math.max(0, cell.offsetLeft + cell.offsetWidth + 12 - sheet.clientWidth);
  });

  // A calendar wider than the page shows its newest months.
  doc.querySelectorAll(".sw-calendar").forEach(function (calendar) { calendar.scrollLeft = calendar.scrollWidth; });

  // Tabs wider than the page show the one that is open.
  doc.querySelectorAll(".sw-tabs").forEach(function (tabs) {
    var here = tabs.querySelector("[aria-current]");
    if (here) tabs.scrollLeft = Math.max(0, here.offsetLeft + here.offsetWidth / 2 - tabs.offsetLeft - tabs.clientWidth / 2);
  });

  // "All" in a table head checks every row; [data-picked] shows how many are checked.
  doc.addEventListener("change", function (e) {
    var table = e.target.closest("form"); if (!table) return;
    if (e.target.matches("[data-all]")) table.querySelectorAll("tbody input[type=checkbox]").forEach(function (b) { b.checked = e.target.checked; });
    var count = table.querySelectorAll("tbody input[type=checkbox]:checked").length;
    table.querySelectorAll("[data-picked]").forEach(function (o) { o.textContent = count; });
    if (e.target.matches("[data-submit]") || (table.matches("[data-filter]") && e.target.matches("select, input[type=date]"))) table.requestSubmit();
  });

  // A form with data-filter="typing" answers while somebody types; no half-typed address is kept.
  var pause;
  doc.addEventListener("input", function (e) {
    var form = e.target.closest && e.target.closest('form[data-filter="typing"]'); if (!form || !window.htmx) return;
    clearTimeout(pause); pause = setTimeout(function () { form.requestSubmit(); }, 300);
  });

  // Leave without saving? Forms with data-guard ask once something was typed.
  var dirty = false;
  doc.addEventListener("input", function (e) { if (e.target.closest("form[data-guard]")) dirty = true; });
  doc.addEventListener("submit", function () { dirty = false; });
  window.addEventListener("beforeunload", function (e) { if (dirty) { e.preventDefault(); e.returnValue = ""; } });

  // Drafts: a form with data-draft keeps what was typed in this browser until it is sent.
  // Fields that hold personal numbers carry data-private and are never kept.
  doc.querySelectorAll("form[data-draft]").forEach(function (form) {
    var key = "draft:" + form.dataset.draft, fields = function () { return form.querySelectorAll("input[type=text],textarea,select"); };
    try {
      var kept = JSON.parse(sessionStorage.getItem(key) || "{}");
      fields().forEach(function (f) { if (f.name in kept && !f.value && !("private" in f.dataset)) f.value = kept[f.name]; });
      form.addEventListener("input", function () {
        var now = {}; fields().forEach(function (f) { if (f.name && !("private" in f.dataset)) now[f.name] = f.value; });
        sessionStorage.setItem(key, JSON.stringify(now));
      });
      form.addEventListener("submit", function () { sessionStorage.removeItem(key); });
    } catch (_) { /* storage is off: nothing is kept, nothing breaks */ }
  });

  // A name chosen in a field with data-into goes into the text of the field that it names, where the cursor stands.
  doc.addEventListener("change", function (e) {
    var from = e.target, to = from.dataset && from.dataset.into && doc.getElementById(from.dataset.into);
    if (!to || !from.value) return;
    var at = to.selectionStart, end = to.selectionEnd, gap = at > 0 && !/[\s(]/.test(to.value[at - 1]) ? " " : "";
    to.setRangeText(gap + from.value, at, end, "end");
    from.value = ""; to.focus();
    to.dispatchEvent(new Event("input", { bubbles: true }));
  });

  // A form with data-live asks while somebody types or turns: the answer's [data-slot] parts take the place of the page's own
  // and the address follows. One question at a time: what was typed meanwhile is asked next, and the late answer is dropped.
  // A slider turns the field that it names and is shown only here.
  doc.querySelectorAll("form[data-live]").forEach(function (form) {
    var flies = false, again = false, timer, busy = form.querySelector("[data-busy]");
    function slots(root) { var found = {}; root.querySelectorAll("[data-slot]").forEach(function (s) { found[s.dataset.slot] = s; }); return found; }
    function turns(root) { root.querySelectorAll("input[data-turns]").forEach(function (s) { s.hidden = false; }); }
    function put(text) {
      var next = slots(new DOMParser().parseFromString(text, "text/html")), now = slots(doc);
      Object.keys(now).forEach(function (name) {
        var from = next[name], to = now[name];
        // fields stay as they are while somebody types in them; others come when the condition reads other parameters
        if (!from || !doc.contains(to) || ("names" in to.dataset && to.dataset.names === from.dataset.names)) return;
        to.replaceWith(from); turns(from);
      });
    }
    function ask() {
      if (flies) { again = true; return; }
      flies = true; again = false;
      var query = new URLSearchParams(), wait = setTimeout(function () { if (busy) busy.hidden = false; }, 400);
      new FormData(form).forEach(function (value, name) { if (value !== "") query.append(name, value); });
      var url = form.getAttribute("action") + "?" + query;
      fetch(url, { headers: { "HX-Request": "true" }, credentials: "same-origin" }).then(function (answer) {
        return answer.text().then(function (text) {
          if (again) return;
          if (!answer.ok) { location.href = url; return; }
          back();
          put(text); history.replaceState(null, "", url);
        });
      }).catch(away).then(function () {
        clearTimeout(wait); if (busy) busy.hidden = true;
        flies = false; if (again) ask();
      });
    }
    form.addEventListener("input", function (e) {
      var field = e.target.dataset.turns && doc.getElementById(e.target.dataset.turns);
      if (field) field.value = e.target.value;
      else form.querySelectorAll("input[data-turns]").forEach(function (s) { if (s.dataset.turns === e.target.id) s.value = e.target.value; });
      clearTimeout(timer); timer = setTimeout(ask, 150);
    });
    form.addEventListener("submit", function (e) { e.preventDefault(); clearTimeout(timer); ask(); });
    turns(form);
  });

  // The token against forged requests also goes with every fragment request.
  doc.addEventListener("htmx:configRequest", function (e) {
    var meta = doc.querySelector('meta[name="csrf"]'); if (meta) e.detail.headers["X-CSRF-Token"] = meta.content;
  });
  doc.addEventListener("htmx:afterRequest", function (e) { if (e.detail.xhr && e.detail.xhr.status) back(); });
  // An error answer carries a readable fragment: show it instead of swallowing it.
  doc.addEventListener("htmx:beforeSwap", function (e) {
    if (e.detail.xhr.status >= 400) { e.detail.shouldSwap = true; e.detail.isError = false; }
    // What led elsewhere (a sign-in that ran out, the one household found) is opened as a page of its own.
    var to = e.detail.xhr.responseURL && new URL(e.detail.xhr.responseURL);
    if (to && to.pathname !== e.detail.pathInfo.requestPath.split("?")[0]) { e.detail.shouldSwap = false; location.href = to.href; }
  });
  // No answer at all: the server or the line is away. What is on the page stays.
  doc.addEventListener("htmx:sendError", away);

  // Charts that are explored: <div data-chart> holds its table; figures come from the table itself.
  function charts(root) {
    var found = root.querySelectorAll("[data-chart]"); if (!found.length) return;
    if (!window.echarts) {
      var s = doc.createElement("script"); s.src = doc.documentElement.dataset.echarts;
      s.onload = function () { charts(doc); }; doc.head.appendChild(s); return;
    }
    var ink = getComputedStyle(doc.documentElement), v = function (n) { return ink.getPropertyValue(n).trim(); };
    found.forEach(function (box) {
      var table = box.querySelector("table"); if (!table || box.dataset.drawn) return; box.dataset.drawn = "1";
      var cells = function (tr) { return Array.prototype.map.call(tr.cells, function (c) { return c.dataset.value || c.textContent.trim(); }); };
      var head = cells(table.tHead.rows[0]), rows = Array.prototype.map.call(table.tBodies[0].rows, cells);
      var kind = box.dataset.chart, stack = kind === "stack" ? "all" : undefined, at = doc.createElement("div");
      at.style.height = (box.dataset.height || 280) + "px"; box.appendChild(at); table.classList.add("sw-hide");
      var chart = window.echarts.init(at, null, { renderer: "svg" });
      chart.setOption({
        animation: false, color: [1, 2, 3, 4, 5, 6].map(function (n) { return v("--c" + n); }),
        textStyle: { fontFamily: v("--tblr-font-sans-serif"), color: v("--muted") },
        grid: { left: 8, right: 12, top: head.length > 2 ? 32 : 12, bottom: 8, containLabel: true }, legend: { show: head.length > 2, top: 0, left: 0, textStyle: { color: v("--muted") } },
        tooltip: { trigger: "axis", confine: true, backgroundColor: v("--surface"), borderColor: v("--line"), textStyle: { color: v("--text") } },
        xAxis: { type: "category", data: rows.map(function (r) { return r[0]; }), axisLine: { lineStyle: { color: v("--line-strong") } }, axisTick: { show: false } },
        yAxis: { type: "value", splitLine: { lineStyle: { color: v("--line") } } },
        series: head.slice(1).map(function (name, i) {
          return { name: name, type: kind === "line" ? "line" : "bar", stack: stack, showSymbol: false, barMaxWidth: 28, data: rows.map(function (r) { return r[i + 1] === "" ? null : Number(r[i + 1]); }) };
        })
      });
      window.addEventListener("resize", function () { chart.resize(); });
    });
  }
  if (doc.readyState === "loading") doc.addEventListener("DOMContentLoaded", function () { charts(doc); }); else charts(doc);
  doc.addEventListener("htmx:load", function (e) { charts(e.target); });
})();
