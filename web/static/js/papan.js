// Turns the pages of the score board and takes in new results; as many rows as the screen holds.
(() => {
  "use strict";
  const board = document.getElementById("papan");
  const body = document.getElementById("baris"), frame = board.querySelector(".bingkai");
  const TURN_MS = Number(board.dataset.detik) * 1000, LOOK_MS = 5000, LEAST_ROWS = 5;
  const place = (name) => board.querySelector(`[data-isi="${name}"]`);
  let rows = null, parts = 0, tag = null, page = 0, lost = false;

  function cell(name, text, look) {
    const made = document.createElement(name);
    made.textContent = text;
    if (look) made.className = look;
    if (name === "th") made.scope = "row";
    return made;
  }

  function rowsThatFit() {
    const row = body.querySelector("tr:not(:has(.kosong))");
    if (!row) return 12;
    const head = board.querySelector("thead").getBoundingClientRect().height;
    return Math.max(LEAST_ROWS, Math.floor((frame.clientHeight - head - 2) / row.getBoundingClientRect().height));
  }

  function draw() {
    if (!rows) return;
    const size = rowsThatFit(), pages = Math.max(1, Math.ceil(rows.length / size));
    page %= pages;
    const first = page * size;
    body.replaceChildren(...rows.slice(first, first + size).map(([nomor, nama, nilai, total], i) => {
      const line = document.createElement("tr");
      line.append(cell("td", first + i + 1, "angka"), cell("td", nomor), cell("th", nama, "nama"), ...nilai.map((each) => cell("td", each, "angka")), cell("td", total, "angka jumlah"));
      return line;
    }));
    if (!rows.length) {
      const line = document.createElement("tr"), none = cell("td", "Belum ada peserta yang selesai.", "kosong");
      none.colSpan = 4 + parts;
      line.append(none);
      body.append(line);
    }
    place("halaman").textContent = `Halaman ${page + 1} dari ${pages}`;
  }

  async function look() {
    try {
      const reply = await fetch(board.dataset.sumber, { headers: { Accept: "application/json", ...(tag ? { "If-None-Match": tag } : {}) } });
      if (reply.status === 404) { window.location.reload(); return; }
      if (reply.status !== 304) {
        if (!reply.ok) throw new Error("no board");
        const found = await reply.json();
        tag = reply.headers.get("ETag");
        // A first result brings the names of the parts with it.
        if (rows && parts !== found.bagian.length) { window.location.reload(); return; }
        const isFirst = rows === null;
        rows = found.baris;
        parts = found.bagian.length;
        for (const [name, count] of Object.entries(found.jumlah)) place(name).textContent = count;
        place("pembaruan").textContent = found.pembaruan ? `Nilai terakhir masuk pukul ${found.pembaruan}` : "Belum ada nilai";
        draw();
        if (isFirst) draw();
      }
      lost = false;
    } catch {
      lost = true;
    }
    place("putus").textContent = lost ? " · terputus dari server" : "";
  }

  setInterval(look, LOOK_MS);
  setInterval(() => { page += 1; draw(); }, TURN_MS);
  window.addEventListener("resize", draw);
  look();
})();
