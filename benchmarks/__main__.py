"""`python -m benchmarks seed --cases 100 1000 10000`, `python -m benchmarks measure` and `python -m benchmarks pack`."""

import argparse

from benchmarks import place


def main() -> None:
    """Run one command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    seed = commands.add_parser("seed", help="make databases with so many cases, in every state")
    seed.add_argument("--cases", type=_size, nargs="+", required=True, metavar="N")
    seed.add_argument("--reuse", action="store_true", help="copy the cases that were walked the last time")
    seed.add_argument("--prove", action="store_true", help="prove the trails and check the invariants, too")
    measure = commands.add_parser("measure", help="measure the pages on every database that was seeded")
    measure.add_argument("--cases", type=_size, nargs="*", metavar="N", help="only these")
    measure.add_argument("--rounds", type=int, default=20, help="how often each page is asked (20)")
    measure.add_argument("--only", default="", help="only what has this in its name")
    pack = commands.add_parser("pack", help="measure what the paper pack of a meeting costs beside its bare pages")
    pack.add_argument(
        "--from", dest="size", type=_size, required=True, metavar="N", help="the data set to take cases from"
    )
    pack.add_argument("--cases", type=int, default=30, help="how many cases are on the agenda (30)")
    pack.add_argument("--rounds", type=int, default=3, help="how often both are made (3)")
    letters = commands.add_parser("letters", help="measure what a letter costs beside its bare page and signature")
    kills = commands.add_parser("kills", help="make letters while the worker is killed and the servers are restarted")
    for one in (letters, kills):
        one.add_argument(
            "--from", dest="size", type=_size, required=True, metavar="N", help="the data set to take cases from"
        )
        one.add_argument("--letters", type=int, default=500, help="how many letters (500)")
    kills.add_argument("--kills", type=int, default=20, help="how often the worker is killed (20)")
    release = commands.add_parser("release", help="measure a large release of figures and its public page")
    release.add_argument("--projects", type=int, default=2000, help="how many projects report (2000)")
    release.add_argument("--states", type=int, default=11, help="in how many Member States each (11)")
    given = parser.parse_args()

    with place.servers():
        if given.command == "seed":
            from benchmarks.seed import seed as run_seed  # noqa: PLC0415 - needs a Django that is set up

            run_seed(given.cases, reuse=given.reuse, prove=given.prove)
        elif given.command == "pack":
            from benchmarks.pack import measure_pack  # noqa: PLC0415 - as above

            measure_pack(given.size, cases=given.cases, rounds=given.rounds)
        elif given.command == "letters":
            from benchmarks.letters import measure_letters  # noqa: PLC0415 - as above

            measure_letters(given.size, letters=given.letters)
        elif given.command == "release":
            from benchmarks.releases import measure_release  # noqa: PLC0415 - as above

            measure_release(given.projects, given.states)
        elif given.command == "kills":
            from benchmarks.kills import survive  # noqa: PLC0415 - as above

            survive(given.size, letters=given.letters, kills=given.kills)
        else:
            from benchmarks.measure import measure as run_measure  # noqa: PLC0415 - as above

            run_measure(given.cases or place.seeded(), rounds=given.rounds, only=given.only)


def _size(text: str) -> int:
    """Return how many cases; a page of the list and the desk must be full at every size."""
    if not text.isdecimal() or not 100 <= int(text) <= 1_000_000:  # noqa: PLR2004 - the bounds the message names
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of cases from 100 to 1000000")
    return int(text)


if __name__ == "__main__":
    main()
