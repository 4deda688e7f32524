// Sends what a candidate does, in order and until the server has it: a queue that survives a
// reload of the page, patience that grows, and replies that say whether trying again may help.
window.ujian = window.ujian || {};
(() => {
  "use strict";
  const WAIT_MS = [800, 1600, 3200, 6400, 12000]; // before trying again; each spread by half
  const PATIENCE_MS = 20000; // a request without a reply for so long is given up and repeated
  const STORE = "catcpns.antrean.";
  let lastAsked = performance.now();

  const waitBefore = (attempt) => WAIT_MS[Math.min(attempt, WAIT_MS.length - 1)] * (0.5 + Math.random());

  // Gives the reply's JSON, or throws an error with isFinal, status, code and retryAfter (ms).
  async function ask(url, token, fields) {
    const cut = new AbortController();
    const timer = setTimeout(() => cut.abort(), PATIENCE_MS);
    const options = { headers: { Accept: "application/json" }, signal: cut.signal, credentials: "same-origin" };
    if (fields) {
      options.method = "POST";
      options.headers["X-CSRFToken"] = token;
      options.body = new URLSearchParams(fields);
    }
    lastAsked = performance.now();
    try {
      const reply = await fetch(url, options);
      if (reply.ok) return await reply.json();
      const body = await reply.json().catch(() => ({}));
      const problem = new Error(body.pesan || "");
      problem.status = reply.status;
      problem.code = body.kode || "";
      problem.isFinal = reply.status >= 400 && reply.status < 500 && reply.status !== 429 && reply.status !== 408;
      problem.retryAfter = Number(reply.headers.get("Retry-After")) * 1000 || 0;
      throw problem;
    } finally {
      clearTimeout(timer);
    }
  }

  // Acts wait here until the server has them. hooks: onSaved(act, reply), onRefused(act, problem),
  // onTrouble(count, problem), onStart(act).
  class Queue {
    constructor(key, urls, token, hooks) {
      this.store = STORE + key;
      this.urls = urls;
      this.token = token;
      this.hooks = hooks;
      this.acts = this.read();
      this.sending = null;
      this.stopped = false;
      this.wake = null;
      window.addEventListener("online", () => this.hurry());
    }

    read() {
      try {
        return JSON.parse(sessionStorage.getItem(this.store)) || [];
      } catch (problem) {
        return [];
      }
    }

    keep() {
      try {
        if (this.acts.length) sessionStorage.setItem(this.store, JSON.stringify(this.acts));
        else sessionStorage.removeItem(this.store);
      } catch (problem) {
        // A browser that keeps nothing still sends everything; only a reload would forget.
      }
    }

    get size() {
      return this.acts.length;
    }

    // The newest act on an item takes the place of older ones of its kind that nobody has sent.
    put(act) {
      const kind = act.to === "ragu";
      const isSame = (other) => other !== this.sending && other.nomor === act.nomor && (other.to === "ragu") === kind;
      this.acts = this.acts.filter((other) => !isSame(other));
      this.acts.push(act);
      this.keep();
      this.hurry();
      this.drain();
    }

    // Only what still makes sense after a reload: isWanted(act) says so.
    restore(isWanted) {
      this.acts = this.acts.filter(isWanted);
      this.keep();
      this.drain();
    }

    hurry() {
      if (this.wake) this.wake();
    }

    stop() {
      this.stopped = true;
      this.hurry();
    }

    pause(ms) {
      return new Promise((resolve) => {
        const timer = setTimeout(resolve, ms);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }

    async drain() {
      if (this.sending) return;
      let attempt = 0;
      while (this.acts.length && !this.stopped) {
        const act = this.acts[0];
        this.sending = act;
        this.hooks.onStart(act);
        try {
          const { to, ...fields } = act;
          const reply = await ask(this.urls[to], this.token, fields);
          this.drop(act);
          attempt = 0;
          this.hooks.onSaved(act, reply);
        } catch (problem) {
          if (problem.isFinal) {
            this.sending = null;
            // A pause keeps what waits; after any other refusal it would be refused again.
            const waits = problem.status === 401 || problem.code === "U02" || problem.code === "H419";
            if (!waits) this.drop(act);
            else this.stopped = true;
            this.hooks.onRefused(act, problem);
          } else {
            this.hooks.onTrouble(this.acts.length, problem);
            await this.pause(Math.max(problem.retryAfter || 0, waitBefore(attempt)));
            attempt += 1;
          }
        }
        this.sending = null;
      }
    }

    drop(act) {
      this.acts = this.acts.filter((other) => other !== act);
      this.keep();
    }
  }

  function forget(key) {
    try {
      Object.keys(sessionStorage)
        .filter((name) => name.startsWith("catcpns.") && (!key || name.endsWith(key)))
        .forEach((name) => sessionStorage.removeItem(name));
    } catch (problem) {
      // Nothing kept, nothing to forget.
    }
  }

  Object.assign(window.ujian, { ask, Queue, forget, waitBefore, sinceAsked: () => performance.now() - lastAsked });
})();
