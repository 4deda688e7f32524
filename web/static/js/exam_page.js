// What the item page shows: the item, the clock, the number grid, crossed-out options, and words.
window.ujian = window.ujian || {};
(() => {
  "use strict";
  const form = document.getElementById("soal");
  if (!form) return;
  const words = JSON.parse(form.dataset.words);
  const byId = (id) => document.getElementById(id);
  const WARN_MINUTES = [10, 5, 1];
  const SHORT_SECONDS = 300;
  let warned = Infinity;

  const fill = (name, values) => (words[name] || "").replace(/\{(\w+)\}/g, (_, key) => values[key]);

  function say(text, isProblem) {
    byId("simpanan").textContent = text;
    byId("simpanan").classList.toggle("is-problem", Boolean(isProblem));
  }

  // Spoken politely; the same sentence twice is spoken twice.
  function tell(text) {
    byId("kabar").textContent = "";
    setTimeout(() => { byId("kabar").textContent = text; }, 50);
  }

  function sentence(problem) {
    const text = words[problem.code] || problem.message || words.tolak;
    return problem.code ? `${text} (${words.kode} ${problem.code})` : text;
  }

  function showClock(left) {
    const clock = byId("sisa");
    const seconds = Math.max(0, Math.ceil(left / 1000));
    const pad = (n) => String(n).padStart(2, "0");
    const text = `${Math.floor(seconds / 3600)}.${pad(Math.floor(seconds / 60) % 60)}.${pad(seconds % 60)}`;
    if (clock.textContent !== text) clock.textContent = text;
    clock.parentElement.classList.toggle("is-short", seconds < SHORT_SECONDS);
    const minute = WARN_MINUTES.filter((m) => seconds <= m * 60).pop();
    if (minute < warned && seconds > (minute - 1) * 60) byId("peringatan").textContent = fill("sisa_menit", { n: minute });
    if (minute) warned = Math.min(warned, minute);
  }

  function showItem(item) {
    form.elements.nomor.value = item.nomor;
    document.title = fill("judul", { n: item.nomor, m: item.jumlah });
    byId("bagian").textContent = item.bagian.nama;
    byId("bagian-ke").textContent = item.bagian.dari > 1 ? fill("bagian", { n: item.bagian.nomor, m: item.bagian.dari }) : "";
    byId("nomor").innerHTML = fill("soal", { n: item.nomor, m: item.jumlah });
    byId("stem").innerHTML = item.stem; // sanitised when the pool was published
    byId("opsi").replaceChildren(...item.opsi.map(([letter, html]) => optionRow(letter, html, item.pilihan === letter)));
    byId("opsi").classList.toggle("with-pictures", item.opsi.some(([, html]) => html.includes("<img")));
    dressOptions(item.nomor);
  }

  function optionRow(letter, html, isMarked) {
    const row = document.createElement("div");
    row.className = "option-row";
    row.innerHTML = `<label class="option"><input type="radio" name="pilihan" autocomplete="off" value="${letter}"><span class="option-frame" aria-hidden="true"></span><span class="option-letter" aria-hidden="true">${letter}</span><span class="option-text"><span class="sr">${letter}. </span>${html}</span></label>`;
    row.querySelector("input").checked = isMarked;
    return row;
  }

  // Crossing out: a help for the eye of this person, kept in this tab, never sent.
  const store = `catcpns.coret.${form.dataset.key}`;
  let crossed = {};
  try {
    crossed = JSON.parse(sessionStorage.getItem(store)) || {};
  } catch (problem) {
    crossed = {};
  }

  function dressOptions(number) {
    form.querySelectorAll(".option-row").forEach((row) => {
      const letter = row.querySelector("input").value;
      if (!row.querySelector(".cross")) {
        const button = document.createElement("button");
        button.type = "button";
        button.className = "cross";
        button.value = letter;
        button.setAttribute("lang", document.documentElement.lang);
        button.setAttribute("aria-label", fill("coret", { x: letter }));
        button.innerHTML = '<span aria-hidden="true">✕</span>';
        row.append(button);
      }
      const isCrossed = (crossed[number] || "").includes(letter);
      row.classList.toggle("is-crossed", isCrossed);
      row.querySelector(".cross").setAttribute("aria-pressed", String(isCrossed));
      const sr = row.querySelector(".option-text > .sr");
      sr.textContent = isCrossed ? `${letter}, ${words.dicoret}. ` : `${letter}. `;
    });
  }

  function cross(letter, on) {
    const number = form.elements.nomor.value;
    const before = crossed[number] || "";
    const isOn = on === undefined ? !before.includes(letter) : on;
    if (isOn === before.includes(letter)) return;
    crossed[number] = isOn ? before + letter : before.replace(letter, "");
    try {
      sessionStorage.setItem(store, JSON.stringify(crossed));
    } catch (problem) {
      // Kept until the page is left.
    }
    dressOptions(number);
    tell(fill(isOn ? "coret_ya" : "coret_tidak", { x: letter }));
  }

  function showGrid(items, current) {
    let answered = 0;
    let unsure = 0;
    const cells = [...document.querySelectorAll(".grid .cell")];
    items.forEach((item, i) => {
      const cell = cells[i];
      answered += item.pilihan ? 1 : 0;
      unsure += item.ragu ? 1 : 0;
      cell.classList.toggle("is-answered", Boolean(item.pilihan));
      cell.classList.toggle("is-unsure", item.ragu);
      const state = item.pilihan ? words.dijawab : words.kosong;
      cell.setAttribute("aria-label", `${fill("nomor", { n: item.nomor })}, ${state}${item.ragu ? `, ${words.ragu}` : ""}`);
      if (item.nomor === current) cell.setAttribute("aria-current", "true");
      else cell.removeAttribute("aria-current");
    });
    byId("hitung").textContent = fill("hitung", { n: answered, k: items.length - answered, r: unsure });
    byId("kemajuan").value = answered;
  }

  Object.assign(window.ujian, { fill, words, say, tell, sentence, showClock, showItem, showGrid, dressOptions, cross });
})();
