// A scanner types the number and presses Enter: the cursor then belongs in the PIN.
(() => {
  "use strict";
  const form = document.getElementById("masuk");
  const { nomor, pin } = form.elements;
  nomor.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || pin.value) return;
    event.preventDefault();
    pin.focus();
  });
  if (form.dataset.clear) {
    Object.keys(sessionStorage)
      .filter((name) => name.startsWith("catcpns."))
      .forEach((name) => sessionStorage.removeItem(name));
  }
})();
