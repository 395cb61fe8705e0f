// Passkeys: shows what needs a script and a device that has them, and says when one was not used.
// allauth's own scripts do the work; every page also has a way without a passkey.
const problem = document.getElementById("passkey-problem");

if (window.PublicKeyCredential) {
  for (const part of document.querySelectorAll("[data-passkey]")) part.hidden = false;
  for (const part of document.querySelectorAll("[data-no-passkey]")) part.hidden = true;
}

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  problem.hidden = false;
  problem.focus();
});
