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

// What was typed into a form that does not save by itself is not lost to a link: the browser asks first.
const begun = new Map();
let sending = false;

function typed(form) {
  return JSON.stringify([...new FormData(form)].map(([name, value]) => [name, value.name ?? value]));
}

for (const form of document.querySelectorAll("form[method=post]:not([data-autosave])")) begun.set(form, typed(form));
document.addEventListener("submit", (event) => {
  sending = event.target.method === "post" || sending;
});
window.addEventListener("beforeunload", (event) => {
  if (!sending && [...begun].some(([form, first]) => form.isConnected && typed(form) !== first)) event.preventDefault();
});
window.addEventListener("pageshow", () => {
  sending = false;
});
