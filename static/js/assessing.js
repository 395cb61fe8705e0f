// Shows how far an assessment has come as it is written; the server says the same when the page is loaded.
const form = document.querySelector("form[data-autosave]");
const bar = document.querySelector("[data-progress]");

if (form && bar) {
  const given = (name) => new FormData(form).getAll(name).some((value) => String(value).trim());
  const show = () => {
    let done = 0;
    const marks = [...document.querySelectorAll("[data-needs]")];
    for (const mark of marks) {
      const whole = mark.dataset.needs.split(" ").every(given);
      mark.hidden = !whole;
      done += whole ? Number(mark.dataset.counts ?? 1) : 0;
    }
    bar.value = done;
    document.querySelector("[data-progress-words]").textContent = bar.dataset.words
      .replace("{done}", done)
      .replace("{all}", bar.max);
  };
  form.addEventListener("input", show);
  form.addEventListener("change", show);
}
