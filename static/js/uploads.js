// Sends chosen files one by one, shows how far each is, and tries again when the line breaks.
// Without this file the button sends them all at once; the server checks the same either way.
const form = document.querySelector("form[data-uploads]");
const WAITS_MS = [1000, 2000, 4000, 8000, 15000];
const SILENT_MS = 60000;
// What every attempt takes as it stands then; the rest is sent as it was chosen with the file.
const CURRENT = ["seen", "csrfmiddlewaretoken"];

if (form) {
  const input = form.querySelector("input[type=file]");
  const place = form.querySelector("[data-progress]");
  const words = form.dataset;
  let list = null;
  let queue = Promise.resolve();

  function row(file) {
    if (!list) {
      list = document.createElement("ul");
      list.className = "govuk-list portal-uploads";
      list.setAttribute("aria-label", words.list);
      place.append(list);
    }
    const line = document.createElement("li");
    const text = document.createElement("span");
    const bar = document.createElement("progress");
    bar.max = 100;
    bar.value = 0;
    bar.setAttribute("aria-label", file.name);
    line.append(text, " ", bar);
    list.append(line);
    return {
      say: (what) => {
        text.textContent = `${file.name}: ${what}`;
      },
      far: (share) => {
        bar.value = share;
      },
      end: (what, fine) => {
        bar.remove();
        text.textContent = `${file.name}: ${what}`;
        line.className = fine ? "" : "govuk-error-message";
      },
      offer: (again) => {
        const button = document.createElement("button");
        button.type = "button";
        button.className = "govuk-button govuk-button--secondary";
        button.textContent = words.again;
        button.addEventListener("click", () => {
          line.remove();
          again();
        });
        line.append(" ", button);
      },
    };
  }

  // One attempt: resolves to the answer, rejects when the line breaks or the server is away.
  function attempt(file, chosen, shown) {
    return new Promise((resolve, reject) => {
      const body = new FormData();
      for (const [name, value] of chosen) body.append(name, value);
      for (const name of CURRENT) body.set(name, form.elements.namedItem(name).value);
      body.append(input.name, file, file.name);
      const request = new XMLHttpRequest();
      let silent = 0;
      const listen = () => {
        clearTimeout(silent);
        silent = setTimeout(() => request.abort(), SILENT_MS);
      };
      request.open("POST", form.action);
      request.setRequestHeader("X-Saves-By-Itself", "1");
      request.setRequestHeader("Accept", "application/json");
      request.responseType = "json";
      request.upload.addEventListener("progress", (event) => {
        listen();
        const share = event.lengthComputable ? Math.floor((100 * event.loaded) / event.total) : 0;
        shown.far(share);
        shown.say(share < 100 ? `${words.sending}, ${share}%` : words.checking);
      });
      request.addEventListener("loadend", () => {
        clearTimeout(silent);
        if (request.status === 0 || request.status >= 500) reject(new Error(String(request.status)));
        else resolve(request);
      });
      listen();
      request.send(body);
    });
  }

  // The list of files, what is left, and the revision as they stand now.
  async function refresh() {
    const answer = await fetch(location.pathname, { credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("form[data-uploads]");
    if (!fresh) return false;
    for (const part of ["[data-held]", "[data-room]"]) {
      document.querySelector(part).replaceWith(document.adoptNode(page.querySelector(part)));
    }
    for (const name of CURRENT) {
      form.elements.namedItem(name).value = fresh.elements.namedItem(name).value;
    }
    return true;
  }

  function pause(ms) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      window.addEventListener("online", () => { clearTimeout(timer); resolve(); }, { once: true });
    });
  }

  async function send(file, chosen, shown) {
    for (const wait of [...WAITS_MS, 0]) {
      try {
        const request = await attempt(file, chosen, shown);
        const said = request.response;
        if (request.status === 200 && said) {
          shown.end(words.added, true);
          form.elements.namedItem("seen").value = said.seen;
          await refresh().catch(() => false);
          return;
        }
        if (request.status === 409) {
          // Somebody added something meanwhile, or this very file arrived and the answer was lost:
          // the same content again takes its own place.
          await refresh();
          continue;
        }
        if (request.status === 422) {
          shown.end((said?.faults ?? [said?.refused]).join(" "), false);
          return;
        }
        // Somebody who is signed out is led to the sign-in page, which is no answer to this.
        shown.end([200, 403].includes(request.status) ? words.signedOut : words.refused, false);
        shown.offer(() => again(file, chosen));
        return;
      } catch {
        if (!wait) break;
        shown.say(words.retrying);
        await pause(wait);
      }
    }
    shown.end(words.failed, false);
    shown.offer(() => again(file, chosen));
  }

  function add(file, chosen) {
    const shown = row(file);
    shown.say(words.waiting);
    queue = queue.then(() => send(file, chosen, shown));
  }

  async function again(file, chosen) {
    await refresh().catch(() => false);
    add(file, chosen);
  }

  form.addEventListener("submit", (event) => {
    if (!input.files.length) return;
    event.preventDefault();
    const chosen = [...new FormData(form)].filter(([name]) => name !== input.name);
    for (const file of input.files) add(file, chosen);
    input.value = "";
  });
}
