// Keeps the seats of the proctor's page up to date: their state every few seconds, at little cost.
(() => {
  "use strict";
  const desk = document.getElementById("meja");
  if (!desk) return;
  const PERIOD_MS = 4000, CLOCK_MS = 1000, MINUTE = 60;
  const SIGNS = { kosong: ["□", "kosong"], menunggu: ["○", "menunggu izin"], diizinkan: ["◔", "diizinkan"], mengerjakan: ["▶", "mengerjakan"], diam: ["…", "diam terlalu lama"], dijeda: ["‖", "dijeda"], selesai: ["✓", "selesai"] };
  const TROUBLES = { ganda: ["!2", "masuk ganda"], bantuan: ["!B", "minta bantuan"], gangguan: ["!G", "gangguan"] };
  const MARKS = { komputer: ["K", "pernah berganti komputer"], alamat: ["A", "pernah berganti alamat jaringan"], menjawab_cepat: ["C", "banyak jawaban terlalu cepat"], sering_mengubah: ["U", "sering mengubah pilihan"], catatan: ["N", "ada catatan kejadian"], usul: ["B", "menunggu persetujuan buka kembali"] };
  const CALLS = { bantuan: "minta bantuan", masuk_ganda: "masuk dari dua komputer" };
  const seats = new Map([...desk.querySelectorAll("[data-id]")].map((seat) => [seat.dataset.id, seat]));
  const attention = document.getElementById("perhatian");
  const news = document.getElementById("kabar");
  // The page's own clock may be wrong: the server's counts, from the moment this page was made.
  const started = Number(desk.dataset.kini) - performance.now();
  const now = () => started + performance.now();
  let tag = null, cursor = desk.dataset.sejak, since = null;

  const list = (text) => (text ? text.split(" ") : []);
  const put = (seat, name, text) => {
    for (const place of seat.querySelectorAll(`[data-isi="${name}"]`)) if (place.textContent !== text) place.textContent = text;
  };
  const clock = (seconds) => `${Math.floor(seconds / 3600)}.${String(Math.floor(seconds / MINUTE) % MINUTE).padStart(2, "0")}.${String(seconds % MINUTE).padStart(2, "0")}`;
  const hour = (ms) => new Date(ms).toLocaleTimeString("id", { timeZone: attention.dataset.zona }).replaceAll(":", ".");

  // What the clock changes, second by second.
  function tick(seat) {
    const { sampai, sisa, kontak, keadaan } = seat.dataset;
    const left = sampai ? Math.max(0, Math.floor((sampai - now()) / 1000)) : sisa === "" ? null : Number(sisa);
    put(seat, "sisa", left === null ? "" : `${Math.ceil(left / MINUTE)}′`);
    put(seat, "sisa-panjang", left === null ? "" : clock(left));
    const age = kontak > 0 ? Math.max(0, Math.floor(now() / 1000 - kontak)) : null;
    const shown = age === null || keadaan === "selesai" ? "" : age < MINUTE ? `${age}d` : age < 100 * MINUTE ? `${Math.floor(age / MINUTE)}m` : "–";
    put(seat, "kontak", shown);
    put(seat, "kontak-jam", kontak > 0 ? hour(kontak * 1000) : "");
  }

  function badge(look, [sign, text]) {
    const made = document.createElement("span"), mark = document.createElement("span");
    made.className = `badge keadaan is-${look}`;
    mark.setAttribute("aria-hidden", "true");
    mark.textContent = sign;
    made.append(mark, ` ${text}`);
    return made;
  }

  // What an act or an event changes.
  function dress(seat) {
    const { keadaan, nama } = seat.dataset;
    const troubles = list(seat.dataset.masalah), marks = list(seat.dataset.tanda);
    const look = troubles.length ? "masalah" : keadaan;
    if (seat.classList.contains("petak")) {
      seat.className = `petak is-${look}${seat.classList.contains("is-luar") ? " is-luar" : ""}${seat.classList.contains("is-terpilih") ? " is-terpilih" : ""}`;
      seat.querySelector(".petak-tanda").textContent = troubles.length ? TROUBLES[troubles[0]][0] : SIGNS[keadaan][0];
    }
    put(seat, "tanda", marks.map((mark) => MARKS[mark][0]).join(""));
    put(seat, "kata", `${nama}: ${[...troubles.map((each) => TROUBLES[each][1]), SIGNS[keadaan][1], ...marks.map((mark) => MARKS[mark][1])].join(", ")}`);
    const cell = seat.querySelector('[data-isi="keadaan"]');
    if (cell) cell.replaceChildren(...troubles.map((each) => badge("masalah", TROUBLES[each])), badge(keadaan, SIGNS[keadaan]));
    const words = seat.querySelector('[data-isi="tanda-kata"]');
    if (words) words.textContent = marks.map((mark) => MARKS[mark][1]).join(", ");
  }

  function take(found) {
    // A list that was filtered by the server shows fewer seats than there are.
    const isWhole = seats.size === Number(desk.dataset.jumlah);
    let isOther = found.kursi.length !== Number(desk.dataset.jumlah) || found.tutup !== (desk.dataset.tutup === "1");
    const changed = [];
    for (const [id, number, , keadaan, masalah, tanda, until, left] of found.kursi) {
      const seat = seats.get(id);
      if (!seat && !isWhole) continue;
      if (!seat || Number(seat.dataset.kursi) !== number) { isOther = true; continue; }
      const next = { keadaan, masalah: masalah.join(" "), tanda: tanda.join(" "), sampai: until === null ? "" : String(until), sisa: left === null ? "" : String(left) };
      if (Object.keys(next).every((name) => seat.dataset[name] === next[name])) continue;
      Object.assign(seat.dataset, next);
      dress(seat);
      changed.push(id);
    }
    calls(found.panggilan);
    count();
    document.dispatchEvent(new CustomEvent("kursi-berubah", { detail: { changed, isOther } }));
  }

  function calls(rows) {
    attention.hidden = rows.length === 0;
    const place = attention.querySelector("ul");
    const known = new Map([...place.children].map((line) => [line.dataset.panggilan, line]));
    for (const [id, seatId, kind, at] of rows) {
      if (known.delete(String(id))) continue;
      const seat = seats.get(seatId);
      if (seat) place.append(call(id, seat, `${CALLS[kind] || kind}, ${hour(at)} `));
    }
    for (const line of known.values()) line.remove();
    document.title = document.title.replace(/^\(\d+\) /, "");
    if (rows.length) document.title = `(${rows.length}) ${document.title}`;
  }

  function call(id, seat, text) {
    const line = document.createElement("li"), link = document.createElement("a"), form = document.createElement("form"), button = document.createElement("button");
    line.dataset.panggilan = id;
    link.href = seat.href || seat.querySelector("a").href;
    link.dataset.buka = seat.dataset.id;
    link.textContent = `Kursi ${seat.dataset.kursi}`;
    form.className = "inline";
    form.method = "post";
    form.action = desk.dataset.jawab.replace("/0/", `/${id}/`);
    form.dataset.tindakan = "";
    const token = Object.assign(document.createElement("input"), { type: "hidden", name: "csrf_token", value: desk.dataset.token });
    button.className = "link";
    button.textContent = "Jawab";
    form.append(token, button);
    line.append(link, ` ${text}`, form);
    return line;
  }

  function count() {
    const looks = {};
    for (const seat of seats.values()) {
      const look = seat.dataset.masalah ? "masalah" : seat.dataset.keadaan;
      looks[look] = (looks[look] || 0) + 1;
    }
    for (const place of document.querySelectorAll("[data-hitung]")) place.textContent = looks[place.dataset.hitung] || 0;
    const waiting = [...seats.values()].filter((seat) => seat.dataset.keadaan === "menunggu").length;
    const button = document.querySelector('form[action$="/izinkan"][data-tindakan] > button');
    if (button && button.textContent.startsWith("Izinkan semua")) button.textContent = `Izinkan semua yang menunggu (${waiting})`;
  }

  async function ask() {
    const tagged = tag ? { "If-None-Match": tag } : {};
    const reply = await fetch(desk.dataset.keadaan, { headers: { Accept: "application/json", ...tagged } });
    if (reply.status !== 304) {
      if (!reply.ok || reply.redirected) throw new Error("no state");
      take(await reply.json());
      tag = reply.headers.get("ETag");
    }
    const more = await fetch(`${desk.dataset.kemajuan}?sejak=${encodeURIComponent(cursor)}`, { headers: { Accept: "application/json" } });
    if (more.status === 204) return;
    if (!more.ok || more.redirected) throw new Error("no progress");
    const { sejak, kursi } = await more.json();
    const of = new Map([...seats.values()].map((seat) => [Number(seat.dataset.kursi), seat]));
    for (const [number, answered, contact] of kursi) {
      const seat = of.get(number);
      if (!seat) continue;
      Object.assign(seat.dataset, { dijawab: answered, kontak: contact });
      put(seat, "dijawab", seat.classList.contains("petak") && !answered ? "" : String(answered));
    }
    cursor = sejak;
  }

  let busy = false, again = false;
  async function refresh() {
    if (busy) { again = true; return; }
    busy = true;
    try {
      await ask();
      since = null;
      news.textContent = `Keadaan pukul ${hour(now())}`;
      news.classList.remove("errors");
    } catch {
      since = since || now();
      news.textContent = `Terputus dari server sejak ${hour(since)}; keadaan di bawah tidak berubah.`;
      news.classList.add("errors");
    }
    busy = false;
    if (again) { again = false; refresh(); }
  }

  document.addEventListener("minta-segar", refresh);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) refresh(); });
  setInterval(() => { if (!document.hidden && desk.dataset.tutup !== "1") refresh(); }, PERIOD_MS);
  setInterval(() => { if (!document.hidden) seats.forEach(tick); }, CLOCK_MS);
  seats.forEach(tick);
  refresh();
})();
