// Tools beside the exam: look of the page, keyboard map, call for help, messages. All of them work
// without this script; with it nothing is reloaded.
(() => {
  "use strict";
  const root = document.documentElement;
  const byId = (id) => document.getElementById(id);
  const COOKIE = "tampilan";
  const DAY_SECONDS = 12 * 3600;
  const CALL_MS = 30000; // while a call for help waits, the server is asked whether it was seen to
  root.classList.add("has-script");

  const kept = (document.cookie.match(/(?:^|; )tampilan=([^;]*)/) || ["", ""])[1].split(".");
  const look = {
    huruf: kept[0] || "1",
    tema: kept[1] || "terang",
    bahasa: kept[2] || root.lang,
    pintasan: kept[3] || "1",
    coret: kept[4] || "0",
  };
  root.dataset.pintasan = look.pintasan;

  function applyLook() {
    root.className = `has-script tema-${look.tema} huruf-${look.huruf}${look.coret === "1" ? " pakai-coret" : ""}`;
    root.dataset.pintasan = look.pintasan;
    const value = [look.huruf, look.tema, look.bahasa, look.pintasan, look.coret].join(".");
    document.cookie = `${COOKIE}=${value}; path=/ujian; max-age=${DAY_SECONDS}; samesite=lax`;
  }

  const chooser = byId("tampilan");
  if (chooser) {
    chooser.addEventListener("change", (event) => {
      look[event.target.name] = event.target.value;
      applyLook();
    });
    chooser.querySelector("form").addEventListener("submit", (event) => event.preventDefault());
  }

  // The keyboard map. Focus stays inside while it is open and goes back where it was.
  const map = byId("peta");
  let before = null;
  function openMap() {
    before = document.activeElement;
    map.hidden = false;
    byId("peta-judul").focus();
  }
  function closeMap() {
    map.hidden = true;
    if (before) before.focus();
  }
  if (map) {
    byId("peta-tutup").addEventListener("click", closeMap);
    map.addEventListener("click", (event) => { if (event.target === map) closeMap(); });
    document.addEventListener("keydown", (event) => {
      if (map.hidden) {
        if (event.key !== "?" || event.ctrlKey || event.metaKey) return;
        event.preventDefault();
        openMap();
      } else if (event.key === "Escape") {
        event.preventDefault();
        closeMap();
      } else if (event.key === "Tab") { // there is one thing to reach
        event.preventDefault();
        byId("peta-tutup").focus();
      }
    });
  }

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = event.target.closest && event.target.closest("details[open]");
    if (!open) return;
    open.open = false;
    open.querySelector("summary").focus();
  });

  async function send(form) {
    const reply = await fetch(form.action, {
      method: "POST",
      headers: { Accept: "application/json" },
      body: new URLSearchParams(new FormData(form)),
    });
    if (!reply.ok) throw new Error(reply.status);
    return reply.json();
  }

  // Messages of the proctor stay until they are read.
  const messages = byId("pesan");
  const list = byId("pesan-isi");
  function showMessages(found) {
    found.forEach((each) => {
      const line = document.createElement("li");
      const time = document.createElement("span");
      time.className = "messages-time";
      time.textContent = each.pukul;
      const text = document.createElement("span");
      text.lang = "id";
      text.textContent = each.isi;
      line.append(time, " ", text);
      list.append(line);
      messages.dataset.newest = each.id;
      messages.querySelector("[name=sampai]").value = each.id;
    });
    if (found.length) messages.hidden = false;
  }
  async function news() {
    const reply = await fetch(`${messages.dataset.url}?sesudah=${messages.dataset.newest}`, { headers: { Accept: "application/json" } });
    if (!reply.ok) return;
    const body = await reply.json();
    showMessages(body.pesan);
    if (panel) showCall(body.dipanggil);
  }
  if (messages) {
    document.addEventListener("ujian:pesan", () => { news().catch(() => setTimeout(() => news().catch(() => {}), 5000)); });
    messages.querySelector("form").addEventListener("submit", (event) => {
      event.preventDefault();
      send(event.target).then(() => {
        list.replaceChildren();
        messages.hidden = true;
        const heading = byId("nomor") || byId("isi");
        heading.focus();
      }).catch(() => {});
    });
  }

  const panel = byId("panggil");
  function showCall(isOpen) {
    const line = byId("dipanggil");
    if (isOpen && !line.firstElementChild) line.append(byId("dipanggil-isi").content.cloneNode(true));
    if (!isOpen) line.replaceChildren();
    panel.dataset.called = isOpen ? "1" : "";
  }
  if (panel) {
    panel.querySelector("form").addEventListener("submit", (event) => {
      event.preventDefault();
      const trySending = (attempt) => send(event.target).then((body) => {
        showCall(body.dipanggil);
        panel.open = false;
        panel.querySelector("summary").focus();
      }).catch(() => { if (attempt < 10) setTimeout(trySending, 2000 + attempt * 1000, attempt + 1); });
      trySending(0);
    });
    setInterval(() => { if (panel.dataset.called) news().catch(() => {}); }, CALL_MS);
  }
})();
