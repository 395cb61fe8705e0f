// Saves a form by itself a moment after typing stops, and says when it was last saved.
// Without this file the buttons save; with it, nothing typed waits for them.
const form = document.querySelector("form[data-autosave]");
const QUIET_MS = 4000;
const LEFT_MS = 600;

if (form) {
  const seen = form.elements.namedItem("seen");
  const status = form.querySelector("[data-status]");
  let timer = 0;
  let saving = null;
  let stopped = false;
  let leaving = false;
  let last = contents();

  // A chosen file waits for a button: it is neither saved by itself nor told as saved.
  function contents() {
    const data = new FormData(form);
    for (const input of files()) data.delete(input.name);
    data.delete("seen");
    data.delete("csrfmiddlewaretoken");
    return new URLSearchParams(data).toString();
  }

  function files() {
    return [...form.querySelectorAll("input[type=file]")];
  }

  function chosen() {
    return files().some((input) => input.files.length);
  }

  function say(text) {
    status.textContent = text;
  }

  async function save() {
    const now = contents();
    if (stopped) return;
    if (now === last) {
      if (chosen() && form.dataset.fileWaits) say(form.dataset.fileWaits);
      return;
    }
    say(form.dataset.saving);
    try {
      const body = new URLSearchParams(now);
      for (const name of ["seen", "csrfmiddlewaretoken"]) body.set(name, form.elements.namedItem(name).value);
      body.set("by_itself", "1");
      const answer = await fetch(form.dataset.autosave || form.action, {
        method: "POST",
        body,
        headers: { "X-Saves-By-Itself": "1", Accept: "application/json" },
        credentials: "same-origin",
        redirect: "error",
      });
      const said = await answer.json();
      if (answer.ok) {
        // What the page counts by is no writing: it is put in on both sides of the comparison.
        const told = new URLSearchParams(now);
        for (const [name, value] of Object.entries(said.also ?? {})) {
          form.elements.namedItem(name).value = value;
          told.set(name, value);
        }
        const missed = said.left_out ?? [];
        // What could not be read is not saved: the page is not left without asking.
        last = missed.length ? last : told.toString();
        seen.value = said.seen;
        const waits = chosen() && form.dataset.fileWaits ? [form.dataset.fileWaits] : [];
        say([`${form.dataset.saved} ${said.saved}`, ...waits, ...missed].join(" · "));
      } else if (answer.status === 403) {
        say(form.dataset.signedOut);
      } else {
        stopped = true;
        say(said.overtaken ? form.dataset.overtaken : said.refused);
      }
    } catch {
      say(form.dataset.unsaved);
    }
  }

  function soon(wait) {
    clearTimeout(timer);
    timer = setTimeout(() => {
      saving = (saving ?? Promise.resolve()).then(save).finally(() => {
        saving = null;
      });
    }, wait);
  }

  form.addEventListener("input", () => soon(QUIET_MS));
  form.addEventListener("change", () => soon(LEFT_MS));
  window.addEventListener("online", () => soon(LEFT_MS));

  // Whoever turns to another tab or window need not wait for the pause.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") soon(0);
  });

  // Back, a link or closing the tab: the browser asks first while something is not saved.
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && (chosen() || contents() !== last)) event.preventDefault();
  });
  window.addEventListener("pageshow", () => {
    leaving = false;
  });

  // A button pressed while a save is under way waits for it, so that the two do not overtake each other;
  // pressed without a connection it stays on the page, which would be lost to the browser's own.
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    if (!navigator.onLine) {
      event.preventDefault();
      say(form.dataset.unsaved);
    } else if (saving) {
      event.preventDefault();
      const button = event.submitter;
      saving.finally(() => form.requestSubmit(button));
    } else {
      leaving = true;
    }
  });
}
