"""The command line, as its page shows it."""

import csv
import re
import subprocess
import sys
from pathlib import Path

from monitoring.disclosure import Reason
from monitoring.disclosure.__main__ import _parser, main

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "disclosure-control.md").read_text()
HEAD = "project,company,group,ams,sector,year,indicator,value,unit\n"
ROWS = "".join(
    f"p{n}{ams},c{n}{ams},{'one' if n < 2 and ams == 'VN' else ''},{ams},FOOD,2025,jobs,{10 + n},FTE\n"
    for ams in ("TH", "VN")
    for n in range(6)
)


def files(tmp_path, text):
    (tmp_path / "figures.csv").write_text(text)
    (tmp_path / "indicators.csv").write_text("code,kind,unit,together,low\njobs,amount,FTE,,0\n")
    return [str(tmp_path / "figures.csv"), "--indicators", str(tmp_path / "indicators.csv")]


def run(*arguments):
    """Run the command as its own process and return what it writes to the standard output."""
    command = [sys.executable, "-m", "monitoring.disclosure", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout


def told(text):
    return {(row["ams"], row["sector"], row["year"]): row["value"] for row in csv.DictReader(text.splitlines())}


def test_a_file_of_figures_becomes_a_release_and_then_an_earlier_one(tmp_path):
    given = files(tmp_path, HEAD + ROWS)
    first = run(*given, "--secret", str(tmp_path / "inside.csv"))
    assert first.startswith("indicator,ams,sector,year,value\n")
    assert told(first)["", "", ""] == "150.0"
    assert told(first)["VN", "", ""] == "75.0", "five groups, as two companies are one"
    inside = list(csv.DictReader((tmp_path / "inside.csv").read_text().splitlines()))
    assert next(row["contributors"] for row in inside if row["ams"] == "VN") == "5"
    (tmp_path / "release.csv").write_text(first)
    (tmp_path / "later.csv").write_text(HEAD + ROWS + "x,x,,TH,FOOD,2025,jobs,12,FTE\n")
    earlier = ["--earlier", given[0], str(tmp_path / "release.csv")]
    later = told(run(str(tmp_path / "later.csv"), *given[1:], *earlier))
    assert later["", "", ""] == "c"
    assert later["VN", "", ""] == "75.0", "nothing changed there"


def test_faults_are_listed_with_their_rows_and_nothing_is_written(tmp_path, capfd):
    assert main(files(tmp_path, HEAD + ROWS + "x,x,,TH,FOOD,2025,jobs,many,FTE\n")) == 2
    said = capfd.readouterr()
    assert said.out == ""
    assert said.err == "Row 13: the value of jobs is no number.\n"
    assert main(files(tmp_path, "project,value\n1,2\n")) == 2
    assert "figures.csv: the column company is missing." in capfd.readouterr().err
    assert main([str(tmp_path / "none.csv")]) == 2
    assert "none.csv can't be read" in capfd.readouterr().err


def test_the_page_names_every_reason_and_no_option_that_does_not_exist():
    options = {option for action in _parser()._actions for option in action.option_strings}
    assert set(re.findall(r"--[a-z][a-z-]+", PAGE.partition("## Measured")[0])) <= options
    assert set(re.findall(r"^\| `(\w+)` \|", PAGE, flags=re.MULTILINE)) == {reason.value for reason in Reason}
