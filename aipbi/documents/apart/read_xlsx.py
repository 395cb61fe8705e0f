"""Write the cells of the workbook on the input as JSON. Run by `apart.run`, alone."""

import io
import json
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

# What takes the place of a value.
CALCULATED = {"f", "e"}


class TooLargeError(Exception):
    """A sheet has more rows or columns than asked for."""


def read(content: bytes, rows: int, columns: int) -> dict[str, Any]:
    """Return `sheets`, each with title, rows and the names of calculated cells; or what is `wrong`, with its sheet."""
    import openpyxl  # noqa: PLC0415 - after the limits

    title = ""
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        found = []
        for sheet in book.worksheets:
            title = sheet.title
            sheet.reset_dimensions()
            found.append({"title": title, **_cells(sheet, rows, columns)})
    except TooLargeError as fault:
        return {"wrong": fault.args[0], "title": title}
    except Exception:  # noqa: BLE001 - the library raises whatever a damaged part leads to
        return {"wrong": "broken", "title": title}
    return {"sheets": found} if found else {"wrong": "broken"}


def _cells(sheet: Any, most_rows: int, most_columns: int) -> dict[str, Any]:
    kept: list[list[Any]] = []
    calculated: list[str] = []
    empty = 0
    for row in sheet.iter_rows():
        filled = [cell for cell in row if cell.value is not None]
        if not filled:
            empty += 1
            continue
        kept += [[]] * empty
        empty = 0
        if len(kept) >= most_rows:
            raise TooLargeError("rows")
        if filled[-1].column > most_columns:
            raise TooLargeError("columns")
        calculated += [cell.coordinate for cell in filled if cell.data_type in CALCULATED]
        kept.append([_value(cell) for cell in row[: filled[-1].column]])
    width = max(map(len, kept), default=0)
    return {"rows": [row + [None] * (width - len(row)) for row in kept], "calculated": calculated}


def _value(cell: Any) -> Any:
    value = cell.value
    if cell.data_type in CALCULATED:
        return None
    if isinstance(value, datetime):
        # A date is a moment at midnight whose format shows no clock.
        return {"at": value.isoformat(), "time": "h" in (cell.number_format or "").lower()}
    if isinstance(value, date):
        return {"at": value.isoformat(), "time": False}
    return value if isinstance(value, str | int | float | bool | None) else str(value)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    from inspect_pdf import limit  # type: ignore[import-not-found]

    limit(int(sys.argv[1]), int(sys.argv[2]))
    sys.stdout.write(json.dumps(read(sys.stdin.buffer.read(), int(sys.argv[3]), int(sys.argv[4]))))
