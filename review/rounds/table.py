"""The decision table as the documentation prints it; `manage.py decision_table` writes it there."""

from review.consensus import TABLE, TOO_FEW, Outcome

BEGIN = "<!-- decision table: manage.py decision_table -->\n"
END = "<!-- end of the decision table -->\n"
_ORDER = list(Outcome)


def markdown() -> str:
    """Return the table of `review.consensus`, line by line in the order in which it is read."""
    rows = ["| | of those that remain | the chair may record | on the basis of |", "|-|-|-|-|"]
    for number, line in enumerate(TABLE, 1):
        allowed = ", ".join(one.value.replace("_", " ") for one in _ORDER if one in line.outcomes) or "nothing yet"
        rows.append(f"| {number} | {line.when} | {allowed} | {line.basis.value.replace('_', ' ')} |")
    return "\n".join([*rows, "", TOO_FEW, ""])


def put_into(page: str) -> str:
    """Return the page with the table of today in its place. Raises ValueError where the page has no place for it."""
    before, begun, rest = page.partition(BEGIN)
    _old, ended, after = rest.partition(END)
    if not begun or not ended:
        raise ValueError("The page has no place for the decision table")
    return before + BEGIN + markdown() + END + after
