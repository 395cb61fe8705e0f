"""What a release tells and what it keeps, rule by rule (M5)."""

import random
from datetime import date

import highspy
import numpy as np
import pytest

from monitoring.disclosure import (
    ONE_WAY,
    Contribution,
    Contributions,
    Dimension,
    Indicator,
    InputError,
    Kind,
    Parameters,
    Reason,
    Status,
    Table,
    Waiver,
    protect,
    waived,
)

DIMENSIONS = [
    Dimension("ams", dict.fromkeys(["TH", "VN", "LA"])),
    Dimension("sector", {"MFG": None, "CAR": "MFG", "CHIP": "MFG", "FOOD": None}),
    Dimension("year", dict.fromkeys(["2025", "2026"])),
]
RULES = Parameters(min_contributors=3)
JOBS = Indicator("jobs", unit="FTE")
TOTAL = ("jobs", ())


def rows(values, *, ams="TH", sector="FOOD", year="2025", indicator="jobs", prefix="g", **more):
    """One project of one group for each value, each seen by its own Member State alone."""
    return [
        Contribution(f"{prefix}{n}-{ams}-{sector}-{year}", f"{prefix}{n}", ams, sector, year, indicator, value, **more)
        for n, value in enumerate(values)
    ]


def release(figures, indicators=(JOBS,), **more):
    more.setdefault("rules", RULES)
    return protect(Contributions(figures), list(indicators), more.pop("dimensions", DIMENSIONS), **more)


def reason(outcome, **place):
    return outcome.cells["jobs", tuple(sorted(place.items()))].reason


EVEN = [10.0, 11, 12, 13, 14, 15]


def test_each_rule_names_its_reason():
    for values, why in [
        ([10.0, 11], Reason.THRESHOLD),
        ([100.0, 90, 1, 1], Reason.P_PERCENT),
        ([50.0, 40, 3, 4], Reason.DOMINANCE),
    ]:
        figures = rows(values) + rows(EVEN, ams="VN", sector="CAR") + rows(EVEN, ams="LA", sector="CHIP", prefix="h")
        assert reason(release(figures), ams="TH") == why


def test_a_member_state_that_knows_its_cases_is_an_attacker():
    """TH takes part in all but one of the cases: what is left of the total would be that one."""
    shared = [one._replace(project=f"s{n}") for n, one in enumerate(rows(EVEN))]
    shared += [one._replace(project=f"s{n}", ams="VN") for n, one in enumerate(rows(EVEN))]
    alone = rows([20.0], ams="VN", prefix="x")
    assert reason(release(shared + alone), ams="VN") == Reason.COALITION
    assert release(shared + alone).cells[TOTAL].status == Status.SUPPRESSED


def test_companies_are_counted_as_their_group():
    figures = rows([10.0, 11, 12, 13])
    assert release(figures).cells[TOTAL].status == Status.PUBLISHED
    bought = {"g1": "g0", "g2": "holding", "g0": "holding"}
    outcome = release(figures, parents=bought)
    assert outcome.cells[TOTAL].contributors == 2
    assert outcome.cells[TOTAL].reason == Reason.THRESHOLD
    with pytest.raises(InputError, match="circle"):
        release(figures, parents={"g0": "g1", "g1": "g0"})


def test_zero_suppressed_and_not_reported_have_different_signs():
    figures = rows([0.0] * 4) + rows([5.0], ams="VN")
    told = {row.get("ams"): row["value"] for row in release(figures, tables=[Table(("ams",))]).public()}
    assert told == {None: "c", "TH": "0", "VN": "c", "LA": ":"}, "the total would tell VN"
    figures = rows([0.0] * 4) + rows(EVEN, ams="VN")
    told = {row.get("ams"): row["value"] for row in release(figures, tables=[Table(("ams",))]).public()}
    assert (told["TH"], told["VN"], told["LA"]) == ("0", 75.0, ":")


def test_the_public_rows_tell_neither_rules_nor_reasons_nor_hidden_values():
    outcome = release(rows(EVEN) + rows([700.0], ams="VN"))
    assert {key for row in outcome.public() for key in row} == {"indicator", "ams", "sector", "year", "value"}
    assert 700.0 not in [row["value"] for row in outcome.public()]


def test_counts_of_few_are_suppressed_and_the_rest_of_a_total_is_protected():
    jobs = Indicator("jobs", Kind.COUNT)
    outcome = release(rows([1.0, 1, 0, 0]) + rows(EVEN, ams="VN") + rows(EVEN, ams="LA"), [jobs])
    assert reason(outcome, ams="TH") == Reason.COUNT
    hidden = [cell for cell in outcome.cells.values() if cell.status == Status.SUPPRESSED]
    assert len(hidden) > 1
    assert all(cell.interval[0] <= cell.value - 1 and cell.interval[1] >= cell.value + 1 for cell in hidden)


def test_an_item_that_several_report_counts_once():
    chains = Indicator("chains", Kind.DISTINCT)
    figures = [
        Contribution(f"p{n}{ams}", f"g{n}", ams, "CAR", "2025", "chains", 1, None, item)
        for ams in ("TH", "VN")
        for n, item in enumerate(["battery", "battery", "wafer", "tyre", "rail", "seat"])
    ]
    outcome = release(figures, [chains], tables=[Table(("ams",))])
    values = [outcome.cells["chains", place].value for place in ((), (("ams", "TH"),), (("ams", "VN"),))]
    assert values == [5, 5, 5]
    assert outcome.cells["chains", ()].contributors == 6


def test_who_reports_an_item_elsewhere_or_did_earlier_does_not_hide_who_reports_it_here():
    chains = Indicator("chains", Kind.DISTINCT)

    def figures(many, *, few=()):
        items = ["battery", "wafer", "tyre", "rail", "seat"]
        of = [(n, "TH") for n in many] + [(n, "VN") for n in few]
        return [
            Contribution(f"p{n}{ams}", f"g{n}", ams, "CAR", "2025", "chains", 1, None, item)
            for n, ams in of
            for item in items
        ]

    place = ("chains", (("ams", "VN"),))
    outcome = release(figures(range(9), few=range(2)), [chains], tables=[Table(("ams",))])
    assert (outcome.cells[place].contributors, outcome.cells[place].reason) == (2, Reason.THRESHOLD)
    before = release(figures(range(9)), [chains]).as_earlier()
    later = release(figures(range(2)), [chains], earlier=[before]).cells["chains", ()]
    assert (later.contributors, later.status, later.reason) == (2, Status.SUPPRESSED, Reason.THRESHOLD)
    # Two groups that waived leave nobody to protect.
    open_ = [Waiver(f"g{n}", date(2026, 1, 1)) for n in range(2)]
    assert release(figures(range(2)), [chains], waived=waived(open_, date(2026, 6, 1))).cells["chains", ()].value == 5


def test_a_ratio_follows_its_parts_and_its_amount():
    money, share = Indicator("jobs", together="share"), Indicator("share", Kind.RATIO)
    many, few = rows(EVEN), rows([10.0, 11], ams="VN")
    figures = many + few + rows(EVEN, ams="LA", prefix="h")
    # The share alone would pass in VN, as more groups report it.
    wide = many + rows(EVEN, ams="VN") + rows(EVEN, ams="LA", prefix="h")
    figures += [one._replace(indicator="share", value=one.value / 2, denominator=one.value * 3) for one in wide]
    outcome = release(figures, [money, share])
    for code in ("jobs", "share"):
        for place in ((("ams", "VN"),), (("ams", "TH"),), (("ams", "LA"),)):
            pair = {outcome.cells[one, place].status for one in ("jobs", "share")}
            assert len(pair) == 1, (code, place)
    assert outcome.cells["share", (("ams", "VN"),)].reason == Reason.RATIO
    assert outcome.cells["share", ()].value == pytest.approx(sum(EVEN) * 3 / 2 / (sum(EVEN) * 9))


def test_one_dominated_denominator_hides_the_ratio():
    share = Indicator("share", Kind.RATIO)
    figures = [
        one._replace(indicator="share", denominator=1000.0 if n == 0 else 1.0) for n, one in enumerate(rows(EVEN))
    ]
    assert release(figures, [share]).cells["share", ()].status == Status.SUPPRESSED


def test_negative_figures_hide_each_other_no_better_than_positive_ones():
    outcome = release(rows([-100.0, 90.0, 1.0, -2.0]))
    assert outcome.cells[TOTAL].reason == Reason.P_PERCENT
    assert release(rows([-10.0, 9.0, 8.0, -7.0, 8.5, 7.7])).cells[TOTAL].value == pytest.approx(16.2)


def test_a_release_minus_an_earlier_one_must_pass_the_same_rules():
    before = release(rows(EVEN))
    one_more = release(rows([*EVEN, 16.0]), earlier=[before.as_earlier()])
    assert one_more.cells[TOTAL].reason == Reason.DIFFERENCING
    assert not [cell for cell in one_more.cells.values() if cell.status == Status.PUBLISHED]
    corrected = release([*rows(EVEN)[:-1], rows(EVEN)[-1]._replace(value=18.0)], earlier=[before.as_earlier()])
    assert corrected.cells[TOTAL].reason == Reason.DIFFERENCING
    many_more = release(rows(EVEN) + rows(EVEN, prefix="n"), earlier=[before.as_earlier()])
    assert many_more.cells[TOTAL].value == 150
    assert release(rows(EVEN), earlier=[before.as_earlier()]).cells[TOTAL].value == 75, "nothing new tells nothing"


def test_three_releases_are_one_system():
    """The second adds to what the first told, the third only to what the second did not tell."""
    first = release(rows(EVEN))
    second = release(rows([*EVEN, 16.0]), earlier=[first.as_earlier()])
    third = release(rows([*EVEN, 16.0, 17.0]), earlier=[first.as_earlier(), second.as_earlier()])
    assert third.cells[TOTAL].reason == Reason.DIFFERENCING


def test_a_waiver_frees_its_group_alone_and_can_be_revoked():
    waivers = [Waiver("g0", date(2026, 1, 1), date(2027, 1, 1))]
    assert waived(waivers, date(2026, 6, 1)) == {"g0"}
    assert waived(waivers, date(2027, 1, 1)) == frozenset()
    figures = rows([500.0], ams="VN") + rows(EVEN, prefix="h")
    free = release(figures, waived=frozenset({"g0"}), tables=[Table(("ams",))])
    assert free.cells["jobs", (("ams", "VN"),)].value == 500
    held = release(figures, tables=[Table(("ams",))])
    assert held.cells["jobs", (("ams", "VN"),)].status == Status.SUPPRESSED
    # A group that waived is no cover for one that did not.
    pair = rows([10.0, 11, 12])
    assert release(pair).cells[TOTAL].status == Status.PUBLISHED
    assert release(pair, waived=frozenset({"g0"})).cells[TOTAL].reason == Reason.THRESHOLD
    # Revoked, it is protected again; what was told while it held is told, and the release says so.
    again = release(figures, earlier=[free.as_earlier()], tables=[Table(("ams",))])
    assert again.cells["jobs", (("ams", "VN"),)].status == Status.SUPPRESSED
    assert any("earlier releases alone tell more" in note for note in again.notes)


def test_a_hierarchy_is_protected_at_every_level():
    figures = rows([10.0, 11], sector="CAR") + rows(EVEN, sector="CHIP", ams="VN") + rows(EVEN, ams="LA")
    outcome = release(figures, tables=[Table(("sector",))])
    assert reason(outcome, sector="CAR") == Reason.THRESHOLD
    hidden = {cell.coords for cell in outcome.cells.values() if cell.status == Status.SUPPRESSED}
    assert hidden >= {(("sector", "CAR"),)}
    assert len(hidden) > 1, "its sector minus its sibling would tell it"


def test_two_way_tables_share_margins_with_one_way_tables():
    figures = [
        one
        for ams in ("TH", "VN", "LA")
        for year in ("2025", "2026")
        for one in rows(EVEN, ams=ams, year=year, prefix=f"{ams}")
    ]
    figures = [one for one in figures if not (one.ams == "TH" and one.year == "2025" and one.company > "TH1")]
    outcome = release(figures, tables=[*ONE_WAY, Table(("ams", "year"))])
    assert reason(outcome, ams="TH", year="2025") == Reason.THRESHOLD
    hidden = [cell.coords for cell in outcome.cells.values() if cell.status == Status.SUPPRESSED]
    assert all(proof.unanswered == 0 for proof in outcome.proofs)
    assert len(hidden) >= 4


def test_nothing_passes_and_it_says_so():
    outcome = release(rows([10.0, 11]))
    assert {row["value"] for row in outcome.public()} <= {"c", ":"}
    assert outcome.notes[-1] == "No cell passes the rules: only the number of projects, 2, can be published."
    empty = release([])
    assert {row["value"] for row in empty.public()} == {":"}
    assert empty.projects == 0


def test_out_of_time_falls_back_to_the_safe_side_and_says_so():
    figures = rows([10.0, 11]) + rows(EVEN, ams="VN") + rows(EVEN, ams="LA")
    outcome = release(figures, rules=Parameters(min_contributors=3, seconds=-1.0))
    assert {cell.status for cell in outcome.cells.values()} <= {Status.SUPPRESSED, Status.NOT_REPORTED}
    assert "whole tables are suppressed" in outcome.notes[0]


JUST, LATE = RULES.seconds * 0.8, 1e9
"""The time for the choice is over, but not that for the safe side and its proof; all time is over."""


class Jumping:
    """A clock that stands still until it has been asked so often, and then is ahead; it starts at 0."""

    def __init__(self, at=LATE, to=LATE, *, before=0.0):
        self.asked, self.at, self.to, self.before = 0, at, to, before

    @property
    def late(self):
        return self.asked > self.at and self.to == LATE

    def __call__(self):
        self.asked += 1
        return 0.0 if self.asked == 1 else self.before if self.asked <= self.at else self.to


def told(outcome):
    return {key: cell.shown for key, cell in outcome.cells.items()}


HEADS = [Indicator("jobs", Kind.COUNT)]
FEW_AND_MANY = [
    *rows([10.0, 11]),
    *rows(EVEN, ams="VN", sector="CAR"),
    *rows(EVEN, ams="LA", sector="CHIP", year="2026"),
    *rows([3.0, 40, 41], ams="LA", prefix="h"),
]


@pytest.mark.parametrize("before", [0.0, JUST], ids=["building, choice, proof", "building, safe side, proof"])
def test_once_the_time_is_over_nothing_more_is_asked_and_nothing_is_told(monkeypatch, before):
    """One deadline ends every step, wherever it falls."""
    plain, clock, run, late = Jumping(before=before), None, highspy.Highs.run, []
    whole = release(FEW_AND_MANY, HEADS, clock=plain)
    assert whole.kept.published
    monkeypatch.setattr(highspy.Highs, "run", lambda solver: (late.append(clock.late), run(solver))[1])
    found = []
    for at in range(1, plain.asked):
        clock = Jumping(at, before=before)
        outcome = release(FEW_AND_MANY, HEADS, clock=clock)
        assert not any(late), f"after {at} of {plain.asked} looks at the clock the work goes on"
        assert clock.asked - at < 10, "nor does anything else"
        found.append(told(outcome) == told(whole))
        if not found[-1]:
            assert not outcome.kept.published
            assert outcome.proofs[0].fallback
            assert outcome.notes[0] == "jobs: no safe pattern was found, so whole tables are suppressed."
    assert found == sorted(found), "once it is proven, only intervals are left to find out"
    assert set(found) == {False, True}


def test_when_the_choice_takes_too_long_the_safe_side_or_the_best_so_far_is_still_proven_and_says_so():
    plain = Jumping()
    whole = release(FEW_AND_MANY, HEADS, clock=plain)
    said = {}
    for at in range(1, plain.asked):
        outcome = release(FEW_AND_MANY, HEADS, clock=Jumping(at, JUST))
        assert outcome.proofs[0].unanswered == 0
        said[" ".join(outcome.notes)] = outcome.kept.published
    assert list(said.values()) == [1, 2, whole.kept.published], "the total alone, a safe choice, the cheapest one"
    assert [note[:32] for note in said] == ["jobs: no safe pattern was found,", "jobs: the time was over before t", ""]


@pytest.mark.parametrize("step", ["failing", "_about", "_set_groups", "_for_party"])
def test_many_steps_that_ask_no_solver_end_too(monkeypatch, step):
    """The time is over as soon as one is taken: it is not taken again for the next figure, layer or party."""
    from monitoring.disclosure import audit, family, knowledge

    of = next(one for one in (family, audit.Audit, knowledge.Knowledge) if step in vars(one))
    clock, plain, taken = Jumping(), getattr(of, step), []

    def late(*given):
        taken.append(given)
        clock.at = 0
        return plain(*given)

    figures = FEW_AND_MANY + [one._replace(indicator="share", denominator=50.0) for one in FEW_AND_MANY]
    monkeypatch.setattr(of, step, late)
    outcome = release(figures, [*HEADS, Indicator("share", Kind.RATIO, together="jobs")], clock=clock)
    assert len(taken) == 1
    assert not outcome.kept.published
    assert "whole tables are suppressed" in outcome.notes[0]


def test_one_programme_is_given_no_more_than_what_is_left(monkeypatch):
    given, run = [], highspy.Highs.run

    def noted(solver):
        given.append(solver.getOptionValue("time_limit")[1] - solver.getRunTime())
        return run(solver)

    monkeypatch.setattr(highspy.Highs, "run", noted)
    release(FEW_AND_MANY, HEADS, rules=Parameters(min_contributors=3, seconds=8.0), clock=Jumping())
    assert given
    assert max(given) <= 8.001
    assert min(given) > 0


def test_what_is_too_large_to_ask_about_is_not_told(monkeypatch):
    from monitoring.disclosure import knowledge

    figures = rows([10.0, 11]) + rows(EVEN, ams="VN") + rows(EVEN, ams="LA")
    monkeypatch.setattr(knowledge, "MOST", 10)
    outcome = release(figures)
    assert {cell.status for cell in outcome.cells.values()} <= {Status.SUPPRESSED, Status.NOT_REPORTED}
    assert "whole tables are suppressed" in outcome.notes[0]


def test_a_solver_without_an_answer_falls_back_too(monkeypatch):
    from monitoring.disclosure import attack, audit

    def broken(*_args):
        raise attack.SolverError("no answer")

    monkeypatch.setattr(audit.Audit, "disclosed", broken)
    outcome = release(rows([10.0, 11]) + rows(EVEN, ams="VN"))
    assert outcome.proofs[0].fallback
    assert {cell.status for cell in outcome.cells.values()} <= {Status.SUPPRESSED, Status.NOT_REPORTED}


def test_what_the_audit_leaves_open_is_not_told_unless_an_earlier_release_told_it(monkeypatch):
    from monitoring.disclosure import audit

    def open_(self, _question):
        return np.zeros(len(self.layer.places), bool)

    figures = rows([10.0, 11]) + rows(EVEN, ams="VN") + rows(EVEN, ams="LA")
    assert release(figures).proofs[0].unanswered == 0
    monkeypatch.setattr(audit.Audit, "disclosed", open_)
    outcome = release(figures)
    assert {cell.status for cell in outcome.cells.values()} <= {Status.SUPPRESSED, Status.NOT_REPORTED}
    assert "whole tables are suppressed" in outcome.notes[0]


def test_large_counts_are_protected_as_small_ones_are():
    """What is asked of a count of millions is far, and is looked for as far."""
    jobs = Indicator("jobs", Kind.COUNT)

    def hidden(times):
        figures = rows([10.0 * times, 11 * times]) + rows(EVEN, ams="VN") + rows(EVEN, ams="LA")
        figures = [one if one.ams == "TH" else one._replace(value=one.value * times) for one in figures]
        outcome = release(figures, [jobs])
        assert [proof.unanswered for proof in outcome.proofs] == [0]
        assert not outcome.proofs[0].fallback
        return {cell.coords for cell in outcome.cells.values() if cell.status == Status.SUPPRESSED}

    assert hidden(1) == hidden(1_000) == hidden(100_000_000)


def test_a_solver_that_loses_its_way_starts_afresh():
    """Two releases of four groups, counted in whole numbers, in which the solver once comes to no answer."""
    places = [*ONE_WAY, Table(("ams", "year")), Table(("sector", "year")), Table(("ams", "sector"))]
    years, earlier = ["2025", "2026", "2027"], []
    sectors = ["CAR", "CHIP", "FOOD"]
    flat = [DIMENSIONS[0], Dimension("sector", dict.fromkeys(sectors)), Dimension("year", dict.fromkeys(years))]
    for turn in range(2):
        chance = random.Random(332 * 7)
        figures = [
            Contribution(f"p{n}", f"g{n % 4}", ams, sectors[n * 332 % 3], year, "jobs",
                         float(chance.choice([0, 1, 2]) + (n % 5 == turn)))
            for n in range(7)
            for ams in chance.sample(["TH", "VN", "LA"], chance.choice([1, 2, 3]))
            for year in years[chance.choice([0, 0, 1]) :]
        ]  # fmt: skip
        jobs = [Indicator("jobs", Kind.COUNT)]
        few = Parameters(min_contributors=2)
        outcome = release(figures, jobs, dimensions=flat, tables=places, rules=few, earlier=earlier)
        assert not outcome.proofs[0].fallback
        earlier.append(outcome.as_earlier())


def test_bad_input_is_named_with_its_row():
    bad = rows([1.0, float("nan"), 3.0])
    bad[2] = bad[2]._replace(unit="heads")
    with pytest.raises(InputError) as told:
        release([*bad, bad[0]])
    assert told.value.faults == [
        "Row 2: the value of jobs is no number.",
        "Row 3: jobs is measured in FTE, not in heads.",
        "Row 4: the same project, company, place, year, indicator and item stand in an earlier row.",
    ]
    for fault, figures, indicators in [
        ("'XX' is no ams", [rows([1.0])[0]._replace(ams="XX")], [JOBS]),
        ("'jobs' is no indicator", rows([1.0]), [Indicator("other")]),
        ("no denominator", rows([1.0]), [Indicator("jobs", Kind.RATIO)]),
        ("takes no denominator", rows([1.0], denominator=3.0), [JOBS]),
        ("in whole numbers", rows([1.5]), [Indicator("jobs", Kind.COUNT)]),
        ("below 0", rows([-1.0]), [Indicator("jobs", low=0)]),
        ("company is missing", [rows([1.0])[0]._replace(company="")], [JOBS]),
        ("goes together with gone", rows([1.0]), [Indicator("jobs", together="gone")]),
    ]:
        with pytest.raises(InputError, match=fault):
            release(figures, indicators)
    with pytest.raises(InputError, match="one or two"):
        release(rows([1.0]), tables=[Table(("ams", "sector", "year"))])


def test_all_zero_is_told_where_enough_report_it():
    outcome = release(rows([0.0] * 5))
    assert outcome.cells[TOTAL].status == Status.ZERO
