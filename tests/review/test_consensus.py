"""The rule engine (D3, D4, D5) against an oracle that was written from the rules' own words, over every combination."""

from itertools import combinations, product

import pytest

from review.consensus import Answer, Basis, Outcome, Standing, Why, judge

AMS = ("LA", "MY", "SG", "TH")
SAYS = (None, *Answer)
ALL = [(n, held) for n in (2, 3, 4) for held in product(SAYS, repeat=n)]


def subsets(codes):
    return [frozenset(some) for size in range(len(codes) + 1) for some in combinations(sorted(codes), size)]


def situations():
    """Every combination of positions × silence rule × deadline × stepping aside × who meets criterion 2."""
    for n, held in ALL:
        states = AMS[:n]
        positions = {ams: says for ams, says in zip(states, held, strict=True) if says}
        objecting = [ams for ams, says in positions.items() if says == Answer.OBJECT]
        for silence, passed, aside in product((False, True), (False, True), subsets(objecting)):
            for meeting in (frozenset(states), frozenset(states[:2]), frozenset(states[1:]), frozenset(states[:1])):
                yield Standing(
                    confirmed=frozenset(states), positions=positions, originating="LA", meeting_criterion_2=meeting,
                    silence_is_no_objection=silence, deadline_passed=passed, stepping_aside=aside,
                )  # fmt: skip


def may_approve(s: Standing) -> bool:
    """D3 and D4 as a sentence: those who stay all agree, are enough, and have the originating one among them."""
    stay = [ams for ams in s.confirmed if ams not in s.stepping_aside]
    agreeing = {Answer.APPROVE, Answer.NO_OBJECTION, Answer.CONDITIONS}
    quiet_is_fine = s.silence_is_no_objection and s.deadline_passed
    return (
        all(s.positions.get(ams) in agreeing or (ams not in s.positions and quiet_is_fine) for ams in stay)
        and len(stay) >= 2
        and "LA" in stay
        and sum(ams in s.meeting_criterion_2 for ams in stay) >= 2
    )


def may_refuse(s: Standing) -> bool:
    """D5: without consensus, once everyone was heard or had the time to be; a wish to wait is no refusal."""
    stay = [ams for ams in s.confirmed if ams not in s.stepping_aside]
    all_heard = all(ams in s.positions for ams in stay) or s.deadline_passed
    if any(s.positions.get(ams) == Answer.OBJECT for ams in stay):
        return all_heard
    silent = [ams for ams in stay if ams not in s.positions]
    heard_or_counted = not silent or (s.silence_is_no_objection and s.deadline_passed)
    waits = any(s.positions.get(ams) == Answer.DEFER for ams in stay)
    return heard_or_counted and not waits and not may_approve(s)


def may_defer(s: Standing) -> bool:
    """D5: whenever there is no consensus and something is there to defer for."""
    stay = [ams for ams in s.confirmed if ams not in s.stepping_aside]
    asked = any(s.positions.get(ams) in (Answer.DEFER, Answer.OBJECT) for ams in stay)
    all_in = all(ams in s.positions for ams in stay)
    return not may_approve(s) and (asked or all_in or s.deadline_passed)


def test_d3_d4_d5_every_combination_agrees_with_the_oracle():
    count = 0
    for s in situations():
        verdict = judge(s)
        expected = {
            outcome
            for outcome, rule in (
                (Outcome.APPROVED, may_approve),
                (Outcome.NOT_APPROVED, may_refuse),
                (Outcome.DEFERRED, may_defer),
            )
            if rule(s)
        }
        assert verdict.outcomes == expected, s
        count += 1
    assert count > 20_000


def test_d3_the_basis_says_on_what_an_approval_rests():
    for s in situations():
        verdict = judge(s)
        if Outcome.APPROVED in verdict.outcomes:
            silent = [ams for ams in s.remaining if ams not in s.positions]
            expected = Basis.MINUS_X if s.stepping_aside else Basis.SILENCE if silent else Basis.CONSENSUS
            assert verdict.basis == expected
        else:
            assert verdict.basis in {Basis.QUESTION, Basis.NO_CONSENSUS, Basis.AWAITED}


def test_d3_the_silent_ones_are_named_in_every_combination():
    for s in situations():
        assert set(judge(s).silent) == {ams for ams in s.remaining if ams not in s.positions}


def test_d5_nothing_is_allowed_only_while_somebody_is_awaited():
    for s in situations():
        verdict = judge(s)
        assert (not verdict.outcomes) == (verdict.basis == Basis.AWAITED)
        if not verdict.outcomes:
            assert Why.AWAITED in {reason.why for reason in verdict.reasons}


def test_d2_an_objection_is_never_outweighed():
    for s in situations():
        if any(s.positions.get(ams) == Answer.OBJECT for ams in s.remaining):
            assert Outcome.APPROVED not in judge(s).outcomes


def test_d4_who_does_not_object_cannot_step_aside():
    with pytest.raises(ValueError, match="TH"):
        Standing(
            confirmed=frozenset({"LA", "SG", "TH"}), positions={"TH": Answer.APPROVE}, originating="LA",
            meeting_criterion_2=frozenset({"LA", "SG"}), stepping_aside=frozenset({"TH"}),
        )  # fmt: skip


def test_d2_a_position_of_a_member_state_that_is_not_confirmed_is_refused():
    with pytest.raises(ValueError, match="VN"):
        Standing(
            confirmed=frozenset({"LA", "SG"}),
            positions={"VN": Answer.APPROVE},
            originating="LA",
            meeting_criterion_2=frozenset(),
        )
