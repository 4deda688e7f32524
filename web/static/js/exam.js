// The exam page works without this script; it adds the running clock, saving of each choice,
// letters on the keyboard, patience with the network, and handing in what is on the screen when
// time runs out.
(() => {
  "use strict";
  const form = document.getElementById("soal");
  const clock = document.getElementById("sisa");
  const warning = document.getElementById("peringatan");
  const saved = document.getElementById("simpanan");
  const button = document.getElementById("lanjut");
  const SYNC_MS = 30000;
  const RETRY_MS = [1000, 2000, 4000, 8000];
  const HAND_IN_MS = 2000; // how long before the end an unsaved choice is sent once more
  const SETTLE_MS = [300, 1200]; // wait after the end, spread so that a hall does not ask at once
  const WARN_MINUTES = [10, 5, 1];
  const number = Number(form.elements.nomor.value);
  let deadline = performance.now() + Number(form.dataset.left) * 1000;
  let leaving = false; // the page is about to be replaced
  let sending = false; // the answer is on its way; the clock goes on
  let sequence = 0; // which choice is the newest
  let confirmed = 0; // the newest choice that the server has
  let handedIn = false;
  let warned = Infinity;

  const chosen = () => form.querySelector("input[name=pilihan]:checked");

  function say(text, isProblem) {
    saved.textContent = text;
    saved.classList.toggle("is-problem", Boolean(isProblem));
  }

  function reload() {
    leaving = true;
    button.disabled = true;
    window.location.reload();
  }

  function showClock() {
    if (leaving) return;
    const left = deadline - performance.now();
    const seconds = Math.max(0, Math.ceil(left / 1000));
    const pad = (n) => String(n).padStart(2, "0");
    clock.textContent = `${Math.floor(seconds / 3600)}.${pad(Math.floor(seconds / 60) % 60)}.${pad(seconds % 60)}`;
    clock.parentElement.classList.toggle("is-short", seconds < 300);
    const minute = WARN_MINUTES.filter((m) => seconds <= m * 60).pop();
    if (minute < warned && seconds > (minute - 1) * 60) warning.textContent = `Sisa waktu ${minute} menit.`;
    if (minute) warned = Math.min(warned, minute);
    if (left < HAND_IN_MS && !handedIn && !sending && chosen() && confirmed < sequence) {
      handedIn = true;
      saveChoice(sequence, 0);
    }
    if (left <= 0) {
      leaving = true;
      button.disabled = true;
      say("Waktu habis.");
      setTimeout(finish, SETTLE_MS[0] + Math.random() * (SETTLE_MS[1] - SETTLE_MS[0]), 0);
    }
  }

  // Leaves the page only when the server can be reached, so that nobody ends on a browser's error.
  async function finish(attempt) {
    try {
      await (await ask(form.dataset.standing)).json();
      reload();
    } catch (problem) {
      if (problem.isFinal) {
        reload();
        return;
      }
      say("Waktu habis. Menunggu server …", true);
      setTimeout(finish, RETRY_MS[Math.min(attempt, RETRY_MS.length - 1)], attempt + 1);
    }
  }

  // Where the server says that the exam stands; another tab or the proctor may have moved it on.
  function follow(standing) {
    deadline = performance.now() + standing.sisa * 1000;
    if (standing.keadaan === "working" && standing.nomor === number) return true;
    if (!leaving) reload();
    return false;
  }

  // Sends a request; gives the reply, or throws an error that says whether trying again may help.
  async function ask(url, options) {
    const reply = await fetch(url, { headers: { Accept: "application/json" }, ...options });
    if (reply.ok) return reply;
    const refused = reply.status >= 400 && reply.status < 500;
    const body = refused ? await reply.json().catch(() => ({})) : {};
    const code = body.kode ? ` (kode ${body.kode})` : "";
    const problem = new Error(`${body.pesan || "Ditolak server. Panggil pengawas."}${code}`);
    problem.isFinal = refused;
    throw problem;
  }

  async function saveChoice(turn, attempt) {
    if (turn !== sequence || leaving || sending) return;
    try {
      const reply = await ask(form.dataset.choose, { method: "POST", body: new FormData(form) });
      const standing = await reply.json();
      if (turn !== sequence) return;
      confirmed = turn;
      if (!sending && follow(standing)) say("Pilihan tersimpan, belum final.");
    } catch (problem) {
      if (turn !== sequence || leaving || sending) return;
      if (problem.isFinal) {
        say(problem.message, true);
        return;
      }
      say("Belum tersimpan, sedang mencoba lagi …", true);
      setTimeout(saveChoice, RETRY_MS[Math.min(attempt, RETRY_MS.length - 1)], turn, attempt + 1);
    }
  }

  async function sendAnswer(body, attempt) {
    try {
      const reply = await ask(form.action, { method: "POST", body });
      await reply.json();
      reload();
    } catch (problem) {
      if (problem.isFinal) {
        say(problem.message, true);
        setTimeout(reload, 3000);
        return;
      }
      if (leaving) return;
      say("Jawaban belum tersimpan, sedang mencoba lagi …", true);
      setTimeout(sendAnswer, RETRY_MS[Math.min(attempt, RETRY_MS.length - 1)], body, attempt + 1);
    }
  }

  form.addEventListener("change", (event) => {
    if (event.target.name !== "pilihan") return;
    say("Menyimpan …");
    sequence += 1;
    saveChoice(sequence, 0);
  });

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (leaving || sending) return;
    if (!chosen()) {
      say("Pilih salah satu jawaban dahulu.", true);
      return;
    }
    sending = true;
    button.disabled = true;
    say("Menyimpan …");
    sendAnswer(new FormData(form), 0);
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || leaving || sending) return;
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
    if (leaving || sending) return;
    ask(form.dataset.standing).then((reply) => reply.json()).then(follow).catch(() => {});
  }, SYNC_MS);
  showClock();
})();
