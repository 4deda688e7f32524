// The exam page works without this script; it adds the running clock, saving of each choice,
// letters on the keyboard, and handing in what is on the screen when time runs out.
(() => {
  "use strict";
  const form = document.getElementById("soal");
  const clock = document.getElementById("sisa");
  const saved = document.getElementById("simpanan");
  const button = document.getElementById("lanjut");
  const SYNC_MS = 30000;
  const RETRY_MS = [1000, 2000, 4000, 8000];
  let deadline = performance.now() + Number(form.dataset.left) * 1000;
  let leaving = false;
  let attempt = 0;
  let sequence = 0;

  const chosen = () => form.querySelector("input[name=pilihan]:checked");

  function say(text, isProblem) {
    saved.textContent = text;
    saved.classList.toggle("is-problem", Boolean(isProblem));
  }

  function showClock() {
    const left = Math.max(0, Math.ceil((deadline - performance.now()) / 1000));
    const pad = (n) => String(n).padStart(2, "0");
    clock.textContent = `${Math.floor(left / 3600)}.${pad(Math.floor(left / 60) % 60)}.${pad(left % 60)}`;
    clock.parentElement.classList.toggle("is-short", left < 300);
    if (left === 0) handIn();
  }

  function handIn() {
    if (leaving) return;
    leaving = true;
    button.disabled = true;
    say("Waktu habis. Pilihan terakhir yang tersimpan dipakai.");
    window.location.reload();
  }

  function follow(standing) {
    deadline = performance.now() + standing.sisa * 1000;
    const number = Number(form.elements.nomor.value);
    if (!leaving && (standing.keadaan !== "working" || standing.nomor !== number)) {
      leaving = true;
      window.location.reload();
    }
  }

  async function fetchJson(url, options) {
    const reply = await fetch(url, { headers: { Accept: "application/json" }, ...options });
    const body = await reply.json();
    if (!reply.ok) {
      const refusal = new Error(body.pesan);
      refusal.isFinal = true;
      throw refusal;
    }
    return body;
  }

  async function saveChoice(turn) {
    if (turn !== sequence || leaving) return;
    try {
      const standing = await fetchJson(form.dataset.choose, { method: "POST", body: new FormData(form) });
      if (turn !== sequence) return;
      attempt = 0;
      say("Pilihan tersimpan, belum final.");
      follow(standing);
    } catch (problem) {
      if (turn !== sequence || leaving) return;
      if (problem.isFinal) {
        say(problem.message, true);
        return;
      }
      say("Belum tersimpan, sedang mencoba lagi …", true);
      setTimeout(saveChoice, RETRY_MS[Math.min(attempt++, RETRY_MS.length - 1)], turn);
    }
  }

  form.addEventListener("change", (event) => {
    if (event.target.name !== "pilihan") return;
    say("Menyimpan …");
    sequence += 1;
    saveChoice(sequence);
  });

  form.addEventListener("submit", (event) => {
    if (!chosen()) {
      event.preventDefault();
      say("Pilih salah satu jawaban dahulu.", true);
      return;
    }
    if (leaving) {
      event.preventDefault();
      return;
    }
    leaving = true;
    button.disabled = true;
    say("Menyimpan …");
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const letter = event.key.toUpperCase();
    const option = form.querySelector(`input[name=pilihan][value="${CSS.escape(letter)}"]`);
    if (option) {
      option.focus();
      option.click();
      event.preventDefault();
    } else if (event.key === "Enter" && !(event.target instanceof HTMLButtonElement) && !(event.target instanceof HTMLAnchorElement)) {
      event.preventDefault();
      form.requestSubmit(button);
    }
  });

  // A page kept by the browser's back button would show an old item as if it were open.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) window.location.reload();
  });

  setInterval(showClock, 250);
  setInterval(() => {
    if (!leaving) fetchJson(form.dataset.standing).then(follow).catch(() => {});
  }, SYNC_MS);
  showClock();
})();
