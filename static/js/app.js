// Starts the GOV.UK components once the page stands, and again in what htmx puts on it.
// Every page works without this file.
const supported = "noModule" in HTMLScriptElement.prototype;
document.body.classList.add("js-enabled");

if (supported) {
  document.body.classList.add("govuk-frontend-supported");
  const { initAll } = await import(document.getElementById("components").href);
  initAll();
  document.body.addEventListener("htmx:load", (event) => {
    if (event.detail.elt !== document.body) {
      initAll({ scope: event.detail.elt });
    }
  });
}

// A menu closes when the person moves on, as a native one does.
for (const menu of document.querySelectorAll("details[data-menu]")) {
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && menu.open) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
}
