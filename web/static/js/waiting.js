// Reloads the page once the proctor has let the candidate in or lets the exam go on.
(() => {
  "use strict";
  const { standing, phase } = document.currentScript.dataset;
  const PERIOD_MS = 5000;
  const SPREAD_MS = 2000; // a hall that is let in together must not ask in the same moment
  setInterval(async () => {
    try {
      const reply = await fetch(standing, { headers: { Accept: "application/json" } });
      if (reply.ok && (await reply.json()).keadaan !== phase) window.location.reload();
    } catch {
      // The network is away for a moment; the next turn tries again.
    }
  }, PERIOD_MS + Math.random() * SPREAD_MS);
})();
