"""Which of the moves on a page stands out (L3)."""

from aipbi.workflow import registry
from tests.review import steps


def main(people, case) -> list[str]:
    case = steps.fresh(case)
    return [move.name for move in registry.offered(people.asec(), case, case.case.code) if move.main]


def test_l3_the_button_that_stands_out_takes_the_case_on_as_soon_as_it_can(people):
    case = steps.confirmed(people, "LA", "TH")
    assert main(people, case) == ["invite_expert"]
    for number in (1, 2):
        steps.accept(people, case, number)
    assert main(people, case) == ["start_assessment"]
