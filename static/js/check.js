// Works out the fingerprint of a letter in the browser, so that the file never leaves it.
// Without this file, or without WebCrypto, the form sends the file; the answer is the same.
const form = document.querySelector("form[data-check]");

if (form && globalThis.crypto?.subtle) {
  const input = form.querySelector("input[type=file]");
  const says = form.querySelector("[data-says]");
  const place = form.querySelector(".check-drop");

  async function check(file) {
    says.textContent = form.dataset.reading;
    const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
    const sha256 = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    location.assign(`${form.action}?sha256=${sha256}`);
  }

  form.addEventListener("submit", (event) => {
    if (!input.files.length) return;
    event.preventDefault();
    check(input.files[0]).catch(() => form.submit());
  });
  for (const name of ["dragenter", "dragover"]) {
    place.addEventListener(name, (event) => {
      event.preventDefault();
      place.classList.add("check-drop--over");
    });
  }
  place.addEventListener("dragleave", () => place.classList.remove("check-drop--over"));
  place.addEventListener("drop", (event) => {
    event.preventDefault();
    place.classList.remove("check-drop--over");
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    check(input.files[0]).catch(() => form.submit());
  });
}
