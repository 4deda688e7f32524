// The proctor's page without reloading: the panel of one seat, search, acts, arrow keys on the map.
(() => {
  "use strict";
  const desk = document.getElementById("meja");
  if (!desk) return;
  const panel = document.getElementById("rincian");
  const result = document.getElementById("hasil");
  const form = document.getElementById("saring");
  const search = document.getElementById("cari");
  const seats = [...desk.querySelectorAll("[data-id]")];
  let open = null, opener = null, asked = 0;

  function say(text, isGood = true) {
    result.textContent = text;
    result.classList.toggle("is-masalah", !isGood);
  }

  // --- the panel ---
  const isTyping = () => panel.contains(document.activeElement) && document.activeElement.matches("input, textarea, select");

  async function show(id, { focus = true } = {}) {
    const seat = seats.find((each) => each.dataset.id === id);
    if (!seat) return;
    const address = seat.href || seat.querySelector("a").href;
    const turn = ++asked;
    let reply;
    try {
      reply = await fetch(`${address}?bagian=1`, { headers: { Accept: "text/html" } });
    } catch {
      say("Rincian kursi tidak dapat dibuka: server tidak terjangkau.", false);
      return;
    }
    if (!reply.ok || reply.redirected) { window.location.href = address; return; }
    const fresh = new DOMParser().parseFromString(await reply.text(), "text/html");
    // Whoever asked for another seat meanwhile must not be shown this one.
    if (turn !== asked) return;
    const used = document.activeElement;
    // What is being written on this seat stays as it is.
    const opened = open === id ? [...panel.querySelectorAll("details[open]")] : [];
    for (const each of opened) fresh.getElementById(each.id)?.replaceWith(document.adoptNode(each));
    const close = document.createElement("button");
    close.type = "button";
    close.className = "link tutup-rincian";
    close.textContent = "Tutup";
    close.addEventListener("click", hide);
    panel.replaceChildren(close, ...fresh.body.children);
    panel.hidden = false;
    desk.classList.add("is-berpanel");
    open = id;
    seats.forEach((each) => each.classList.toggle("is-terpilih", each.dataset.id === id));
    if (used !== document.body && panel.contains(used)) used.focus();
    else if (focus) panel.querySelector("h2")?.focus();
  }

  function hide() {
    asked += 1;
    panel.hidden = true;
    panel.replaceChildren();
    desk.classList.remove("is-berpanel");
    seats.forEach((each) => each.classList.remove("is-terpilih"));
    open = null;
    opener?.focus();
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a.petak, a[data-buka]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    opener = link;
    show(link.dataset.buka || link.dataset.id);
  });

  // --- acts ---
  document.addEventListener("submit", async (event) => {
    const sent = event.target;
    if (!("tindakan" in sent.dataset)) return;
    event.preventDefault();
    const button = event.submitter || sent.querySelector("button");
    if (button.disabled) return;
    button.disabled = true;
    try {
      const reply = await fetch(sent.action, { method: "POST", body: new FormData(sent, event.submitter), headers: { Accept: "application/json" } });
      if (reply.redirected) { window.location.reload(); return; }
      const said = await reply.json();
      say(said.pesan, reply.ok && said.baik !== false);
      if (reply.ok) {
        sent.closest("details")?.removeAttribute("open");
        sent.reset();
      }
      if (open) await show(open, { focus: panel.contains(sent) });
      document.dispatchEvent(new Event("minta-segar"));
    } catch {
      say("Belum terkirim: server tidak terjangkau. Periksa keadaannya, lalu ulangi.", false);
    } finally {
      button.disabled = false;
    }
  });

  // Somebody moved, came or went: the page is laid out anew, unless something is being written.
  document.addEventListener("kursi-berubah", ({ detail }) => {
    const isWriting = document.activeElement?.matches("input:not([type=checkbox]), textarea, select");
    if (detail.isOther && !isWriting && !document.querySelector(".tindakan[open]")) {
      if (result.textContent) sessionStorage.setItem("pengawas-hasil", result.textContent);
      if (open) sessionStorage.setItem("pengawas-kursi", open);
      window.location.reload();
      return;
    }
    if (open && detail.changed.includes(open) && !isTyping() && !panel.querySelector("details[open]")) show(open, { focus: false });
    filter();
  });

  // --- search and filter ---
  function filter() {
    const words = search.value.toLocaleLowerCase("id").split(/\s+/).filter(Boolean);
    const looks = new Set([...form.querySelectorAll("input[name=keadaan]:checked")].map((box) => box.value));
    for (const seat of seats) {
      const { nama, nomor, kursi, keadaan, masalah } = seat.dataset;
      const text = `${nama} ${nomor} ${kursi}`.toLocaleLowerCase("id");
      const isWanted = words.every((word) => text.includes(word)) && (!looks.size || looks.has(keadaan) || (masalah && looks.has("masalah")));
      seat.classList.toggle("is-luar", !isWanted);
    }
  }
  form.classList.add("is-hidup");
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const found = seats.filter((seat) => !seat.classList.contains("is-luar"));
    if (found.length === 1) { opener = search; show(found[0].dataset.id); }
    else say(`${found.length} kursi cocok.`);
  });

  // --- keyboard: one stop for the whole map, arrows inside it ---
  const tiles = seats.filter((seat) => seat.matches("a.petak"));
  tiles.forEach((tile, place) => { tile.tabIndex = place ? -1 : 0; });
  function go(tile) {
    tiles.forEach((each) => { each.tabIndex = -1; });
    tile.tabIndex = 0;
    tile.focus();
  }
  desk.addEventListener("focusin", (event) => {
    const tile = event.target.closest("a.petak");
    if (tile && tile.tabIndex !== 0) go(tile);
  });
  desk.addEventListener("keydown", (event) => {
    const tile = event.target.closest("a.petak");
    if (!tile) return;
    const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    if (!step) return;
    event.preventDefault();
    const cell = tile.closest("td");
    const rows = [...tile.closest("table").querySelectorAll("tr")];
    let row = cell.parentElement.rowIndex, column = cell.cellIndex;
    for (;;) {
      row += step[0];
      column += step[1];
      const next = rows[row]?.cells[column];
      if (!next || next.tagName !== "TD") return;
      const found = next.querySelector("a.petak");
      if (found) { go(found); return; }
    }
  });
  document.addEventListener("keydown", (event) => {
    const isInField = event.target.matches("input, textarea, select");
    if (event.key === "/" && !isInField) { event.preventDefault(); search.focus(); }
    if (event.key !== "Escape") return;
    const menu = document.querySelector(".bilah .tindakan[open]");
    if (menu) { menu.removeAttribute("open"); menu.querySelector("summary").focus(); }
    else if (open && !isInField) hide();
  });

  // --- what the page said before it was laid out anew ---
  const before = sessionStorage.getItem("pengawas-hasil"), seat = sessionStorage.getItem("pengawas-kursi");
  sessionStorage.removeItem("pengawas-hasil");
  sessionStorage.removeItem("pengawas-kursi");
  if (before) say(before);
  if (seat) show(seat, { focus: false });
  filter();
})();
