"""`python -m monitoring.disclosure figures.csv`: protect a table of figures; see docs/disclosure-control.md."""

import argparse
import sys
from datetime import UTC, date, datetime
from pathlib import Path

from monitoring.disclosure import files
from monitoring.disclosure.data import DIMENSIONS, ONE_WAY, InputError, Parameters, Table, waived
from monitoring.disclosure.protect import protect


def main(arguments: list[str] | None = None) -> int:
    """Return 0, or 2 where the input is at fault."""
    given = _parser().parse_args(arguments)
    try:
        _run(given)
    except InputError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    rules = Parameters()
    parser = argparse.ArgumentParser(
        prog="python -m monitoring.disclosure",
        description="Make a table from which no company can be told. Writes it to the standard output.",
    )
    parser.add_argument("figures", type=Path, help=f"CSV with the columns {', '.join(files.NEEDED)}")
    parser.add_argument("--indicators", type=Path, help="CSV: code, kind, unit, together, low")
    parser.add_argument("--codes", type=Path, help="CSV: dimension, code, parent")
    parser.add_argument(
        "--table",
        type=_table,
        action="append",
        help=f"one or two of {', '.join(DIMENSIONS)}, as in ams,year; repeatable",
    )
    parser.add_argument(
        "--earlier",
        type=Path,
        nargs=2,
        action="append",
        default=[],
        metavar=("FIGURES", "RELEASE"),
        help="an earlier release: its figures, and the table as published; repeatable",
    )
    parser.add_argument("--waivers", type=Path, help="CSV: group, given, revoked")
    parser.add_argument(
        "--on", type=date.fromisoformat, default=datetime.now(UTC).date(), help="the day of the release, for waivers"
    )
    parser.add_argument(
        "--secret", type=Path, help="also write every cell with value, reason and interval to this file"
    )
    parser.add_argument(
        "--min-contributors", type=int, default=rules.min_contributors, help="groups a cell needs (%(default)s)"
    )
    parser.add_argument(
        "--p-percent", type=float, default=rules.p_percent, help="how far estimates must miss (%(default)s)"
    )
    parser.add_argument(
        "--dominance-n", type=int, default=rules.dominance_n, help="how many groups may not dominate (%(default)s)"
    )
    parser.add_argument(
        "--dominance-k", type=float, default=rules.dominance_k, help="the most they may hold, in percent (%(default)s)"
    )
    parser.add_argument(
        "--pooled", action="store_true", help="also protect against a Member State and a group together"
    )
    parser.add_argument("--by-count", action="store_true", help="suppress the fewest cells, not the least value")
    parser.add_argument(
        "--seconds", type=float, default=rules.seconds, help="CPU time for each family of indicators (%(default)s)"
    )
    return parser


def _table(text: str) -> Table:
    return Table(tuple(text.split(",")))


def _run(given: argparse.Namespace) -> None:
    contributions, parents = files.figures(given.figures)
    rules = Parameters(
        min_contributors=given.min_contributors,
        p_percent=given.p_percent,
        dominance_n=given.dominance_n,
        dominance_k=given.dominance_k,
        pooled=given.pooled,
        by_count=given.by_count,
        seconds=given.seconds,
    )
    outcome = protect(
        contributions,
        files.indicators(given.indicators, contributions),
        files.dimensions(given.codes, contributions),
        tables=given.table or ONE_WAY,
        rules=rules,
        earlier=[files.earlier(*paths) for paths in given.earlier],
        parents=parents,
        waived=waived(files.waivers(given.waivers), given.on) if given.waivers else frozenset(),
    )
    files.write_public(outcome, sys.stdout)
    if given.secret:
        with given.secret.open("w", encoding="utf-8", newline="") as file:
            files.write_secret(outcome, file)
    kept, asked = outcome.kept, sum(proof.questions for proof in outcome.proofs)
    sys.stderr.write(f"{kept.published} of {kept.cells} reported cells are told; {kept.primary} are sensitive, ")
    sys.stderr.write(f"{kept.complementary} protect them. The audit asked {asked} questions.\n")
    sys.stderr.writelines(f"{note}\n" for note in outcome.notes)


if __name__ == "__main__":
    sys.exit(main())
