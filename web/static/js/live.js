// Refreshes the parts of a page marked data-live every five seconds, unless somebody is typing there.
(() => {
  "use strict";
  const PERIOD_MS = 5000;
  async function refresh() {
    if (document.hidden) return;
    try {
      const reply = await fetch(window.location.href, { headers: { Accept: "text/html" } });
      if (!reply.ok || reply.redirected) return;
      const fresh = new DOMParser().parseFromString(await reply.text(), "text/html");
      for (const part of document.querySelectorAll("[data-live]")) {
        const next = fresh.querySelector(`[data-live="${part.dataset.live}"]`);
        const busy = part.contains(document.activeElement) || part.querySelector("details[open]");
        if (next && !busy && next.innerHTML !== part.innerHTML) part.innerHTML = next.innerHTML;
      }
    } catch {
      // The network is away for a moment; the next turn tries again.
    }
  }
  setInterval(refresh, PERIOD_MS);
})();
