// A grid of figures by keyboard: arrow keys and Enter go up and down the column, over the ends of one table into the next.
// Tab goes from cell to cell as everywhere; without this file that is the way. Cells copied from a spreadsheet and pasted
// into a cell fill the cells to the right and below; the box below the grid does the same by Member State.
const form = document.querySelector("form[data-cells]");

if (form) {
  const rows = [...form.querySelectorAll("table[data-cells] tbody tr")]
    .map((row) => [...row.querySelectorAll("input:not([type=hidden]), textarea")])
    .filter((cells) => cells.length);
  const column = (cell) => cell.closest("[data-column]")?.dataset.column;
  const inColumn = (row, name) => row.find((cell) => column(cell) === name);

  form.addEventListener("keydown", (event) => {
    const here = rows.findIndex((row) => row.includes(event.target));
    if (here < 0 || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const words = event.target.tagName === "TEXTAREA";
    const step = { ArrowDown: 1, ArrowUp: -1, Enter: 1 }[event.key];
    if (!step || (words && (event.key === "Enter" || event.target.value.includes("\n")))) return;
    const name = column(event.target);
    for (let place = here + step; rows[place]; place += step) {
      const next = inColumn(rows[place], name);
      if (next) {
        event.preventDefault();
        next.focus();
        next.select();
        return;
      }
    }
    // Enter sends no form out of a cell.
    if (event.key === "Enter") event.preventDefault();
  });

  form.addEventListener("paste", (event) => {
    const here = rows.findIndex((row) => row.includes(event.target));
    const text = event.clipboardData?.getData("text/plain").replace(/\r\n?/g, "\n").replace(/\n$/, "") ?? "";
    if (here < 0 || !/[\t\n]/.test(text) || (event.target.tagName === "TEXTAREA" && !text.includes("\t"))) return;
    event.preventDefault();
    const start = rows[here].indexOf(event.target);
    const block = text.split("\n").map((line) => line.split("\t"));
    const table = event.target.closest("table");
    const fits = block.every((cells, down) => {
      const row = rows[here + down];
      return row && row[0].closest("table") === table && start + cells.length <= row.length;
    });
    const status = form.querySelector("[data-status]");
    if (!fits) {
      status.textContent = form.dataset.noFit;
      return;
    }
    block.forEach((cells, down) => {
      cells.forEach((value, right) => {
        rows[here + down][start + right].value = value.trim();
      });
    });
    event.target.dispatchEvent(new Event("input", { bubbles: true }));
  });
}
