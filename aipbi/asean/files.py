"""Reading the data files that ship with the portal, so that every fault has its file and line."""

import csv
import json
import json.decoder
import json.scanner
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, order=True)
class Fault:
    """What is wrong in a data file, and where."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.message}"


class FaultyFilesError(Exception):
    """Data files cannot be used; `faults` holds everything that was found, not the first alone."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = sorted(set(faults))
        super().__init__("\n".join(str(fault) for fault in self.faults))


class Row(dict[str, Any]):
    """An entry of a data file, by column, that knows its place."""

    def __init__(self, values: dict[str, Any], file: str, line: int) -> None:
        super().__init__(values)
        self.file, self.line = file, line

    def fault(self, message: str) -> Fault:
        """Return the fault at this row's place."""
        return Fault(self.file, self.line, message)

    def __missing__(self, name: str) -> Any:
        raise FaultyFilesError([self.fault(f"“{name}” is missing")])

    def inner(self, name: str) -> "list[Row]":
        """Return the list of objects under `name`; raise FaultyFilesError where it is none."""
        return objects(self[name], self.fault(f"“{name}” must be a list of objects"))

    def like(self, **values: Any) -> "Row":
        """Return another row with these values and this row's place."""
        return Row(values, self.file, self.line)

    def without(self, *names: str, **more: Any) -> "Row":
        """Return this row without the columns `names`, with `more`."""
        return self.like(**({name: value for name, value in self.items() if name not in names} | more))


def read_csv(path: Path) -> list[Row]:
    """Return the rows of a CSV file with a header; raise FaultyFilesError where it is not one."""
    rows, faults = [], []
    table = csv.reader(_text(path).splitlines(keepends=True), strict=True)
    try:
        header = next(table, [])
        for cells in table:
            if len(cells) == len(header):
                rows.append(Row(dict(zip(header, cells, strict=True)), path.name, table.line_num))
            elif cells:
                message = f"{len(cells)} values where the header names {len(header)}"
                faults.append(Fault(path.name, table.line_num, message))
    except csv.Error as error:
        faults.append(Fault(path.name, table.line_num, str(error)))
    if faults:
        raise FaultyFilesError(faults)
    return rows


def read_json(path: Path) -> Any:
    """Return what a JSON file holds, its objects as rows; raise FaultyFilesError where it is not JSON."""
    try:
        return _Placed(path.name).decode(_text(path))
    except json.JSONDecodeError as error:
        raise FaultyFilesError([Fault(path.name, error.lineno, error.msg)]) from None


def objects(value: Any, otherwise: Fault) -> list[Row]:
    """Return `value` where it is a list of objects from a JSON file, else raise the fault."""
    if isinstance(value, list) and all(isinstance(item, Row) for item in value):
        return value
    raise FaultyFilesError([otherwise])


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise FaultyFilesError([Fault(path.name, line, "this is not UTF-8 text")]) from None
    except OSError as error:
        raise FaultyFilesError([Fault(path.name, 1, f"the file cannot be read: {error.strerror}")]) from None


class _Placed(json.JSONDecoder):
    """A decoder whose objects are rows. The pure-Python scanner alone lets objects be made anew."""

    def __init__(self, file: str) -> None:
        super().__init__()
        self.file = file
        self.parse_object = self._row
        self.scan_once = json.scanner.py_make_scanner(self)  # type: ignore[attr-defined]

    def _row(self, place: tuple[str, int], *rest: Any) -> tuple[Row, int]:
        text, start = place
        values, end = json.decoder.JSONObject(place, *rest)  # type: ignore[attr-defined]
        return Row(values, self.file, text.count("\n", 0, start) + 1), end
