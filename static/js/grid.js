// A grid by keyboard: one stop for Tab, arrow keys from cell to cell, Home and End to the ends of a row, with Ctrl to those of the grid.
// Without this file each cell is a stop of its own.
for (const table of document.querySelectorAll("[data-grid]")) {
  const rows = [...table.tBodies].flatMap((body) => [...body.rows]).map((row) => [...row.cells].map(stop));
  const all = rows.flat();
  if (!all.length) continue;

  const steps = {
    ArrowRight: (row, column) => [row, column + 1],
    ArrowLeft: (row, column) => [row, column - 1],
    ArrowDown: (row, column) => [row + 1, column],
    ArrowUp: (row, column) => [row - 1, column],
  };

  const go = (place) => {
    for (const one of all) one.tabIndex = -1;
    place.tabIndex = 0;
    place.focus();
  };

  for (const one of all) one.tabIndex = -1;
  all[0].tabIndex = 0;
  document.querySelector("[data-grid-hint]")?.removeAttribute("hidden");

  table.addEventListener("keydown", (event) => {
    const row = rows.findIndex((cells) => cells.includes(event.target));
    if (row < 0 || event.altKey || event.metaKey) return;
    const column = rows[row].indexOf(event.target);
    let place;
    if (event.key === "Home") place = event.ctrlKey ? rows[0][0] : rows[row][0];
    else if (event.key === "End") place = (event.ctrlKey ? rows.at(-1) : rows[row]).at(-1);
    else if (steps[event.key]) {
      const [down, right] = steps[event.key](row, column);
      place = rows[down]?.[right];
    }
    if (place) {
      event.preventDefault();
      go(place);
    }
  });
  table.addEventListener("focusin", (event) => {
    if (all.includes(event.target)) {
      for (const one of all) one.tabIndex = -1;
      event.target.tabIndex = 0;
    }
  });
}

/** The element of a cell that takes the focus: its link, or what says that nobody was asked. */
function stop(cell) {
  return cell.querySelector(".ben-cell__link, a") ?? cell;
}
