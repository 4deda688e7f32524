// Keeps what is being written every few seconds, shows it as the candidate will see it, and warns.
// Without this script the buttons of the page do the same.
(() => {
  "use strict";
  const PAUSE_MS = 900; // of the fingers before the writing is kept
  const PRESENT_MS = 45000; // how often others are told that the editor is open
  const RETRY_MS = 5000;
  const form = document.getElementById("naskah");
  const state = document.getElementById("simpanan");
  const frame = document.getElementById("tampak");
  const box = frame.parentElement;
  let timer = 0;
  let isSending = false;
  let isChanged = false;

  function say(text, isProblem = false) {
    state.textContent = text;
    state.classList.toggle("is-problem", isProblem);
  }

  function writing() {
    const data = new FormData(form);
    data.delete("berkas_gambar");
    return data;
  }

  function show(reply) {
    document.getElementById("peringatan-daftar").innerHTML = reply.peringatan;
    const others = document.getElementById("lain");
    if (others.innerHTML.trim() !== reply.lain.trim()) others.innerHTML = reply.lain;
    for (const list of document.querySelectorAll("[data-marks]")) {
      list.innerHTML = reply.tempat[list.dataset.marks] || "";
    }
  }

  // The frame keeps its place: what somebody looks at must not jump while they write.
  function refreshFrame() {
    const shown = frame.contentWindow;
    const top = shown.scrollY;
    frame.addEventListener("load", () => shown.scrollTo(0, top), { once: true });
    shown.location.reload();
  }

  async function keep() {
    clearTimeout(timer);
    if (isSending) {
      timer = setTimeout(keep, PAUSE_MS);
      return;
    }
    isSending = true;
    const wasChanged = isChanged;
    isChanged = false;
    let retryIn = 0;
    try {
      const reply = await fetch(form.dataset.keep, { method: "POST", body: writing() });
      const said = reply.headers.get("Content-Type")?.startsWith("application/json") ? await reply.json() : {};
      if (reply.ok) {
        if (wasChanged) say(`Tersimpan ${said.tersimpan}`);
        show(said);
        if (wasChanged) refreshFrame();
      } else {
        isChanged = wasChanged;
        say(`Belum tersimpan. ${said.masalah || "Muat ulang halaman ini setelah menyalin tulisan Anda."}`, true);
      }
    } catch {
      isChanged = wasChanged;
      retryIn = RETRY_MS;
      say("Belum tersimpan: sambungan terputus. Dicoba lagi.", true);
    }
    isSending = false;
    if (retryIn && isChanged) timer = setTimeout(keep, retryIn);
  }

  function changed() {
    isChanged = true;
    say("Menulis …");
    clearTimeout(timer);
    timer = setTimeout(keep, PAUSE_MS);
  }

  // The frame has the size of the screen that it stands for and is shrunk to the room there is.
  function fit() {
    const [width, height] = document.querySelector("[name=ukuran]:checked").value.split("x").map(Number);
    const scale = Math.min(box.clientWidth / width, width === 360 ? 1 : 2);
    box.classList.add("is-scaled");
    box.style.height = `${Math.ceil(height * scale)}px`;
    frame.style.transform = `scale(${scale})`;
    frame.style.marginLeft = `${Math.max(0, (box.clientWidth - width * scale) / 2)}px`;
  }

  form.addEventListener("input", (event) => {
    if (!event.target.id.endsWith("_gambar")) changed();
  });
  form.addEventListener("focusout", () => {
    if (isChanged) keep();
  });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    isChanged = false;
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && isChanged) {
      navigator.sendBeacon(form.dataset.keep, writing());
      isChanged = false;
    }
  });
  for (const size of document.querySelectorAll("[name=ukuran]")) size.addEventListener("change", fit);
  new ResizeObserver(fit).observe(box);
  setInterval(() => {
    if (!isSending && document.visibilityState === "visible") keep();
  }, PRESENT_MS);
})();
