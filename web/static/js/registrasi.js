// The desk without a mouse: keys typed anywhere go to the scanner's field, a slip prints, and a
// double press does not ask for two PINs.
(() => {
  "use strict";
  const scan = document.querySelector("[data-pindai]");
  document.addEventListener("keydown", (event) => {
    const typing = document.activeElement.matches("input:not([type=radio]), textarea, select, summary");
    const isSign = event.key.length === 1 && /[0-9A-Za-z]/.test(event.key);
    if (scan && isSign && !typing && !event.ctrlKey && !event.altKey && !event.metaKey) {
      scan.focus();
    }
  });
  const print = document.querySelector("[data-cetak]");
  if (print) {
    print.hidden = false;
    print.addEventListener("click", () => window.print());
    print.focus();
  }
  for (const form of document.querySelectorAll("[data-sekali]")) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.terkirim) event.preventDefault();
      form.dataset.terkirim = "ya";
    });
  }
})();
