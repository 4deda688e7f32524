// Refreshes the parts of a page marked data-live every five seconds, unless somebody is typing there.
(() => {
  "use strict";
  const PERIOD_MS = 5000;
  const notice = document.createElement("p");
  notice.className = "notice notice-problem";
  notice.setAttribute("role", "status");
  notice.hidden = true;
  document.querySelector("main").prepend(notice);

  const isTyping = (part) =>
    part.contains(document.activeElement) && document.activeElement.matches("input, textarea, select");

  function lostSince(time) {
    notice.textContent = time ? `Terputus dari server sejak ${time.toLocaleTimeString("id")}; data di bawah tidak berubah.` : "";
    notice.hidden = !time;
  }

  let lost = null;
  async function refresh() {
    if (document.hidden) return;
    try {
      const reply = await fetch(window.location.href, { headers: { Accept: "text/html" } });
      if (!reply.ok || reply.redirected) throw new Error("no fresh page");
      const fresh = new DOMParser().parseFromString(await reply.text(), "text/html");
      for (const part of document.querySelectorAll("[data-live]")) {
        const next = fresh.querySelector(`[data-live="${part.dataset.live}"]`);
        const busy = isTyping(part) || part.querySelector("details[open]");
        if (next && !busy && next.innerHTML !== part.innerHTML) part.innerHTML = next.innerHTML;
      }
      lost = null;
    } catch {
      lost = lost || new Date();
    }
    lostSince(lost);
  }
  setInterval(refresh, PERIOD_MS);
})();
