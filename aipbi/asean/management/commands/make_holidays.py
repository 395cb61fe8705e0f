"""Remake `holidays.csv` from the `holidays` library. For developers: the portal itself never needs it."""

import csv
import importlib
import re
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from aipbi.asean.files import DATA, read_csv

# Offices keep government holidays where a Member State has them besides public ones, and the
# days of the territory where the capital's ministries sit.
CATEGORIES = ("public", "government")
TERRITORIES = {"MY": "KUL"}
AMERICAN_DATE = re.compile(r"\b(\d\d)/(\d\d)/(\d{4})\b")
ESTIMATED = re.compile(r"\s*\((?:(.+), )?estimated\)")


class Command(BaseCommand):
    """Write the holidays of every Member State in `member_states.csv`, for whole years."""

    help = "Remake aipbi/asean/data/holidays.csv (needs the development dependencies)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the years."""
        parser.add_argument("first", type=int, help="first year")
        parser.add_argument("last", type=int, help="last year")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file and say how many days it holds."""
        try:
            library = importlib.import_module("holidays")
        except ImportError:
            message = "The holidays library is not installed; install requirements-dev.lock."
            raise CommandError(message) from None
        years = range(options["first"], options["last"] + 1)
        if not years:
            message = f"The last year, {options['last']}, is before the first, {options['first']}."
            raise CommandError(message)
        rows = []
        for state in read_csv(DATA / "member_states.csv"):
            code = state["code"]
            known = library.country_holidays(code).supported_categories
            days = library.country_holidays(
                code,
                subdiv=TERRITORIES.get(code),
                years=years,
                language="en_US",
                categories=tuple(category for category in CATEGORIES if category in known),
            )
            rows += [_row(code, day.isoformat(), name) for day, name in sorted(days.items())]
        with (DATA / "holidays.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(("ams", "date", "name", "estimated"))
            writer.writerows(rows)
        self.stdout.write(f"holidays.csv: {len(rows)} days")


def _row(ams: str, day: str, name: str) -> tuple[str, str, str, str]:
    plain = ESTIMATED.sub(lambda found: f" ({found[1]})" if found[1] else "", name)
    british = AMERICAN_DATE.sub(r"\3-\1-\2", plain.replace("Labor ", "Labour "))
    return ams, day, british, "yes" if plain != name else "no"
