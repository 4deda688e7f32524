// Reloads the page once something has happened to the sitting: going on, allowed, closed, or a
// message. Being let in only shows what the page holds already. Also forgets what earlier pages kept in this tab, where the page says so.
(() => {
  "use strict";
  const { standing, newest, clear, ending } = document.currentScript.dataset;
  let { phase } = document.currentScript.dataset;
  const [PERIOD_MS, SPREAD_MS] = ending ? [1000, 1500] : [6000, 3000]; // a hall must not ask in one moment
  const HELD = "U20";
  if (clear) {
    Object.keys(sessionStorage)
      .filter((name) => name.startsWith("catcpns.") && name.endsWith(clear))
      .forEach((name) => sessionStorage.removeItem(name));
  }
  if (!standing) return;

  function showStart() {
    document.querySelectorAll("[data-until-admitted]").forEach((part) => part.setAttribute("hidden", ""));
    document.querySelectorAll("[data-from-admitted]").forEach((part) => part.removeAttribute("hidden"));
    phase = "admitted";
  }

  async function look() {
    try {
      const reply = await fetch(standing, { headers: { Accept: "application/json" } });
      const body = await reply.json();
      if (reply.ok && body.keadaan === "admitted" && phase === "waiting") showStart();
      const hasMoved = reply.ok && (body.keadaan !== phase || body.pesan > Number(newest || 0));
      const isOut = reply.status === 401 && body.kode !== HELD;
      const isHeldNow = reply.status === 401 && body.kode === HELD && phase !== "ditahan";
      if (hasMoved || isOut || isHeldNow) {
        window.location.reload();
        return;
      }
    } catch (problem) {
      // The network is away for a moment; the next turn tries again.
    }
    setTimeout(look, PERIOD_MS + Math.random() * SPREAD_MS);
  }
  setTimeout(look, PERIOD_MS + Math.random() * SPREAD_MS);
})();
