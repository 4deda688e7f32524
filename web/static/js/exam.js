// The exam page works without this script; it adds the running clock, saving without a reload,
// letters on the keyboard, patience with the network, and handing in what is on the screen when
// time runs out. Adaptive and linear sittings differ in what an act means: see `modes`.
(() => {
  "use strict";
  const form = document.getElementById("soal");
  if (!form) return;
  const { ask, Queue, forget, waitBefore, sinceAsked, fill, words, say, tell, sentence } = window.ujian;
  const page = window.ujian;
  const byId = (id) => document.getElementById(id);
  const urls = JSON.parse(form.dataset.urls);
  const mode = form.dataset.mode;
  const hasClock = form.dataset.left !== "";
  const token = form.querySelector("[name=csrf_token]").value;
  const QUIET_MS = 45000; // after so long without a request the server is asked how things stand
  const SETTLE_MS = 2000; // a choice of an adaptive item is sent when it has stood for so long
  const SPREAD_MS = 2500; // a hall whose time ends together must not ask in one moment
  let deadline = performance.now() + Number(form.dataset.left || 0) * 1000;
  let turn = Number(form.dataset.turn);
  const loaded = performance.now();
  let lastTurn = turn;
  let leaving = false; // the page is about to be replaced
  let over = false; // the clock stands at zero
  let locked = false; // an adaptive answer is on its way
  let settling = null;
  let items = null; // all of them, in a linear sitting, once they are here
  let seen = Number((byId("pesan") || { dataset: {} }).dataset.newest || 0);

  const left = () => deadline - performance.now();
  const number = () => Number(form.elements.nomor.value);
  const chosen = () => form.querySelector("input[name=pilihan]:checked");
  const radio = (letter) => form.querySelector(`input[name=pilihan][value="${letter}"]`);

  function nextTurn() {
    lastTurn = Math.max(lastTurn + 1, turn + Math.floor((performance.now() - loaded) / 100));
    return lastTurn;
  }

  const act = (to, fields) => ({ to, ...fields, urut: nextTurn(), sisa: hasClock ? Math.max(0, Math.round(left())) : 1 });

  function reload() {
    if (leaving) return;
    leaving = true;
    window.location.reload();
  }

  function freeze(text) {
    leaving = true;
    queue.stop();
    lock(true);
    say(text, true);
    tell(text);
    setTimeout(() => window.location.reload(), 4000);
  }

  function lock(on) {
    if (byId("opsi")) byId("opsi").disabled = on;
    if (byId("lanjut")) byId("lanjut").disabled = on;
  }

  // What every reply says: time left, messages, and whether this page still shows the right thing.
  function follow(standing) {
    if (hasClock) deadline = performance.now() + standing.sisa * 1000;
    if (standing.pesan > seen) {
      seen = standing.pesan;
      document.dispatchEvent(new CustomEvent("ujian:pesan"));
    }
    if (standing.keadaan !== "working") {
      if (standing.keadaan === "finished") forget(form.dataset.key);
      reload();
      return false;
    }
    if (over && standing.sisa > 1) { // time was given back
      reload();
      return false;
    }
    return true;
  }

  const queue = new Queue(form.dataset.key, urls, token, {
    onStart: () => { if (!byId("simpanan").classList.contains("is-problem")) say(words.menyimpan); },
    onTrouble: (count) => {
      if (over) say(words.habis_tunggu, true);
      else if (mode === "linear") say(fill("antre", { n: count }), true);
      else say(locked ? words.ditahan : words.coba, true);
      tell(byId("simpanan").textContent);
      if (locked && document.activeElement === document.body) byId("simpanan").focus();
    },
    onSaved: (sent, reply) => {
      if (queue.size && mode === "linear") say(fill("antre", { n: queue.size }));
      if (follow(reply)) modes[mode].saved(sent, reply);
    },
    onRefused: (sent, problem) => {
      if (problem.status === 422) {
        say(sentence(problem), true);
        tell(sentence(problem));
        return;
      }
      if (problem.code === "U08") {
        say(sentence(problem), true);
        return;
      }
      freeze(sentence(problem));
    },
  });

  const adaptive = {
    begin() {
      queue.restore((each) => each.nomor === number() && each.to !== "ragu");
      const kept = queue.acts[queue.acts.length - 1];
      if (!kept) return;
      if (radio(kept.pilihan)) radio(kept.pilihan).checked = true;
      if (kept.to === "jawab") {
        locked = true;
        lock(true);
      }
    },
    chosen() {
      clearTimeout(settling);
      say("");
      settling = setTimeout(() => this.draft(), SETTLE_MS);
    },
    draft() {
      settling = null;
      if (chosen() && !locked && !over) queue.put(act("pilih", { nomor: number(), pilihan: chosen().value }));
    },
    submit() {
      if (locked || over) return;
      if (!chosen()) {
        say(words.pilih_dulu, true);
        tell(words.pilih_dulu);
        return;
      }
      clearTimeout(settling);
      locked = true;
      queue.put(act("jawab", { nomor: number(), pilihan: chosen().value }));
      lock(true);
    },
    saved(sent, reply) {
      if (sent.to === "pilih") {
        if (reply.nomor !== number()) reload();
        else if (!locked && !settling) say(words.draf);
        return;
      }
      if (over) return;
      if (!reply.soal) {
        if (!hasClock) window.location.assign(urls.selesai);
        else reload();
        return;
      }
      locked = false;
      lock(false);
      page.showItem(reply.soal);
      byId("kemajuan").value = reply.soal.nomor - 1;
      say(fill("tersimpan_soal", { n: sent.nomor }));
      window.scrollTo(0, 0);
      byId("nomor").focus();
      tell(words.tersimpan);
    },
    handIn() {
      clearTimeout(settling);
      if (chosen() && !locked) {
        locked = true;
        // It stood on the screen before zero: it counts as sent in time.
        queue.put({ ...act("jawab", { nomor: number(), pilihan: chosen().value }), sisa: 1 });
      }
    },
    tick(standing) {
      if (standing.nomor !== number() && !locked && !queue.size) reload();
    },
  };

  const linear = {
    made: [], // what was done here, also before the items were here
    begin() {
      this.fetchItems(0);
    },
    async fetchItems(attempt) {
      try {
        const reply = await ask(urls.soal, token);
        if (!follow(reply) || !Array.isArray(reply.soal)) return;
        items = reply.soal;
      } catch (problem) {
        if (problem.isFinal) freeze(sentence(problem));
        else setTimeout(() => this.fetchItems(attempt + 1), waitBefore(attempt));
        return;
      }
      const pictures = items.map((item) => item.stem + item.opsi.map(([, html]) => html).join(""));
      const holder = document.createElement("template");
      holder.innerHTML = pictures.join("");
      this.kept = [...holder.content.querySelectorAll("img")].map((img) => {
        const copy = new Image(); // keeps the picture at hand without network
        copy.src = img.getAttribute("src");
        return copy;
      });
      queue.restore((each) => each.nomor <= items.length && each.to !== "jawab");
      [...queue.acts, ...this.made].forEach((each) => this.apply(each));
      const here = items[number() - 1];
      if (here.pilihan && radio(here.pilihan)) radio(here.pilihan).checked = true;
      this.show(number(), false);
    },
    apply(each) {
      const item = items[each.nomor - 1];
      if (item && each.to === "ragu") item.ragu = each.ragu === "1";
      else if (item) item.pilihan = each.pilihan;
    },
    put(each) {
      this.made.push(each);
      if (items) this.apply(each);
      queue.put(each);
      if (items) page.showGrid(items, number());
    },
    chosen() {
      if (!over) this.put(act("pilih", { nomor: number(), pilihan: chosen().value }));
    },
    submit() {
      this.go(number() + 1);
    },
    go(target) {
      if (!items || over) return;
      if (target > items.length) {
        this.finish();
        return;
      }
      if (target >= 1) this.show(target, true);
    },
    show(target, move) {
      const item = items[target - 1];
      const isOther = target !== number();
      if (isOther) page.showItem(item);
      byId("ragu").setAttribute("aria-pressed", String(item.ragu));
      byId("mundur").disabled = target === 1;
      page.showGrid(items, target);
      if (!isOther && !move) return;
      window.history.replaceState(null, "", `${urls.ujian}?soal=${target}`);
      if (!queue.size) say(item.pilihan ? words.tersimpan : "");
      window.scrollTo(0, 0);
      byId("nomor").focus();
    },
    unsure() {
      if (!items || over) return;
      const on = !items[number() - 1].ragu;
      this.put(act("ragu", { nomor: number(), ragu: on ? "1" : "0" }));
      byId("ragu").setAttribute("aria-pressed", String(on));
      tell(fill(on ? "ragu_pasang" : "ragu_lepas", { n: number() }));
    },
    finish() {
      if (queue.size) {
        say(fill("tunggu_antre", { n: queue.size }), true);
        tell(fill("tunggu_antre", { n: queue.size }));
        this.waiting = true;
        return;
      }
      window.location.assign(urls.selesai);
    },
    saved() {
      if (queue.size) return;
      say(words.tersimpan);
      if (this.waiting) this.finish();
    },
    handIn() {},
    tick() {},
  };

  const confirming = { begin() { queue.restore(() => true); }, chosen() {}, submit() {}, saved() {}, handIn() {}, tick() {} };
  const modes = { adaptif: adaptive, linear, konfirmasi: confirming };
  const now = modes[mode];

  // Leaves the page only when the server has closed the sitting, so that nobody ends on an error.
  async function closeWhenDone(attempt) {
    if (leaving) return;
    try {
      if (!queue.size && !follow(await ask(urls.keadaan, token))) return;
      setTimeout(closeWhenDone, 1000 + Math.random() * SPREAD_MS, 0);
    } catch (problem) {
      if (problem.isFinal) {
        reload();
        return;
      }
      say(words.habis_tunggu, true);
      setTimeout(closeWhenDone, waitBefore(attempt), attempt + 1);
    }
  }

  function tick() {
    if (leaving || !hasClock) return;
    const rest = left();
    page.showClock(rest);
    if (rest > 0 || over) return;
    over = true;
    say(words.habis);
    tell(words.habis);
    now.handIn();
    lock(true);
    queue.hurry();
    // Until the grace is over the sitting stays open for what other computers sent in time.
    setTimeout(closeWhenDone, Number(form.dataset.grace) * 1000 + Math.random() * SPREAD_MS, 0);
  }

  async function heartbeat() {
    if (leaving || over || queue.size || sinceAsked() < QUIET_MS) return;
    try {
      const standing = await ask(urls.keadaan, token);
      if (follow(standing)) now.tick(standing);
    } catch (problem) {
      if (problem.isFinal) freeze(sentence(problem));
    }
  }

  form.addEventListener("change", (event) => {
    if (event.target.name !== "pilihan" || locked || over) return;
    page.cross(event.target.value, false);
    now.chosen();
  });

  form.addEventListener("submit", (event) => {
    if (mode === "linear" && !items) return; // not everything is here yet: the plain way
    event.preventDefault();
    now.submit();
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.classList.contains("cross")) page.cross(button.value);
    if (mode !== "linear" || !items || !["ke", "ragu"].includes(button.name)) return;
    event.preventDefault();
    if (button.id === "ragu") linear.unsure();
    else if (button.id === "selesai") linear.finish();
    else if (button.id === "mundur") linear.go(number() - 1);
    else if (button.id === "lanjut") linear.go(number() + 1);
    else linear.go(Number(button.value));
  });

  function shortcut(event) {
    const letter = event.key.toUpperCase();
    const option = letter.length === 1 && letter >= "A" && letter <= "E" && radio(letter);
    if (option && event.shiftKey) page.cross(letter);
    else if (option && !locked && !over) {
      option.focus();
      option.click();
    } else if (mode === "linear" && letter === "R") linear.unsure();
    else if (mode === "linear" && letter === "L") linear.go(number() + 1);
    else if (mode === "linear" && letter === "S") linear.go(number() - 1);
    else return false;
    return true;
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented || leaving) return;
    if (!byId("opsi") || (byId("peta") && !byId("peta").hidden)) return;
    if (document.documentElement.dataset.pintasan !== "0" && shortcut(event)) event.preventDefault();
    else if (event.key === "Enter" && !event.target.closest("button, a, summary, .exam-side")) {
      event.preventDefault();
      now.submit();
    }
  });

  // A choice that has not settled yet must survive a reload.
  window.addEventListener("pagehide", () => { if (settling) adaptive.draft(); });
  // A page kept by the browser's back button would show an old item as if it were open.
  window.addEventListener("pageshow", (event) => { if (event.persisted) window.location.reload(); });

  if (byId("opsi")) page.dressOptions(number());
  now.begin();
  setInterval(tick, 100);
  setInterval(heartbeat, 4000 + Math.random() * 2000);
  if (hasClock) page.showClock(left());
})();
