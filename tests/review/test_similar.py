"""Which cases resemble one, why, who sees it, and who says that one does not matter (P9)."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aipbi.workflow.errors import Blocked, NotYours
from aipbi.workflow.models import TrailEntry
from proposals import verbs
from proposals.models import Profile, Proposal
from proposals.moves.inbox import CHECKLIST
from review.similar import queries
from review.similar.likeness import Facts, Kind, Labels, between
from tests.review import steps
from tests.support.cases import NAMES, do, document, in_inbox

pytestmark = pytest.mark.django_db
EV = "02-ev-battery-chain"


def variant(people, name=EV, swap=None, by="Variant Works", **changes):
    """A case in the inbox whose document is that of `name`, with Member States exchanged and answers changed."""
    text = json.dumps(document(name))
    for old, new in (swap or {}).items():
        text = text.replace(f'"{old}"', f'"{new}"')
    writer = people.proponent(by, country="MY")
    case = verbs.start_draft(by=writer.person, as_=writer, answers=json.loads(text) | changes)
    case = do(case, "submit", writer, declaration="on")
    return do(case, "support", people.seom(case.originating_ams_id), statement="We support it.")


def seen(case, viewer):
    """What the office sees: kind and reasons by title."""
    return {str(one.title): (one.likeness.kind, one.likeness.reasons) for one in queries.similar(case, viewer)}


def page(client, case, status=200):
    answer = client.get(f"/cases/{case.case.code}/similar/")
    assert answer.status_code == status
    return answer.content.decode()


@pytest.fixture
def pair(people):
    """The battery chain, and its like with cells in the Philippines instead of Malaysia."""
    return in_inbox(people, EV), variant(people, swap={"MY": "PH"}, title="Cells from Luzon")


def test_the_three_cases_have_nothing_to_do_with_each_other(people):
    """P9: another chain, other products, other sites."""
    for case in [in_inbox(people, name) for name in NAMES]:
        assert seen(case, people.asec()) == {}


def test_the_same_product_and_stage_in_another_member_state_competes(people, pair):
    """P9: same stage and product codes, different Member State, told from either side."""
    own, other = pair
    products = "HS 2833.24, 8507.60, 8703.80, 8711.60"
    kind, reasons = seen(own, people.asec())["Cells from Luzon"]
    assert kind == Kind.COMPETES
    assert reasons[0] == (
        f"Both have {products} at the stage “Cells”: this one in Malaysia, that one in the Philippines."
    )
    assert seen(other, people.asec())[str(own)][1][0] == (
        f"Both have {products} at the stage “Cells”: this one in the Philippines, that one in Malaysia."
    )


def test_another_stage_of_the_same_chain_complements(people):
    """P9: recycling closes the chain that ends with vehicles."""
    own = in_inbox(people, EV)
    other = variant(people, "04-battery-recycling")
    kind, reasons = seen(own, people.asec())[str(other)]
    assert kind == Kind.COMPLEMENTS
    chain = "Same value chain (Electric-vehicle batteries)"
    assert reasons == [
        f"{chain}, another stage: that one has “Packs” in Thailand.",
        f"{chain}, another stage: that one has “Recycling” in Indonesia and Malaysia.",
        "Both name the site Morowali.",
    ]


def test_the_same_chain_in_another_member_state_complements(people):
    """P9: the same stages with other products, in a Member State that this one has not."""
    own = in_inbox(people)
    goods = [{"hs": "8535.30", "description": "Isolating switches"}]
    variant(people, "01-power-trade", {"SG": "BN"}, title="Sarawak to Brunei Darussalam", products=goods)
    kind, reasons = seen(own, people.asec())["Sarawak to Brunei Darussalam"]
    assert kind == Kind.COMPLEMENTS
    assert reasons[0] == (
        "Same value chain (Electricity trade and grids), another Member State: "
        "that one is in Brunei Darussalam, this one is not."
    )


def test_what_is_handed_in_twice_is_named_as_such(people):
    """P9: the same chain, places and products under another name."""
    own = in_inbox(people, EV)
    variant(people, title="Quite another name")
    kind, reasons = seen(own, people.asec())["Quite another name"]
    assert (kind, reasons) == (
        Kind.ALIKE,
        [
            "Same value chain, stages, Member States and products: it may be the same project.",
            "Both name the sites Hai Phong, Ipoh, Morowali, Rayong.",
        ],
    )


def test_words_of_the_title_and_a_product_alone_make_cases_alike(people):
    """P9: another chain, found by full text and by the heading of the HS, weighed by trigrams."""
    own = in_inbox(people, EV)
    power = document("01-power-trade")
    title = "Regional electric-vehicle battery chain: nickel sulphate, cells and packs"
    variant(people, "03-chip-materials-lane", title=title)
    products = [{"hs": "8507.10", "description": "Lead-acid accumulators"}, *power["products"]]
    variant(people, "01-power-trade", by="Third Works", title="Something else", products=products)
    found = seen(own, people.asec())
    assert found[title] == (Kind.ALIKE, ["The titles say much the same."])
    assert found["Something else"] == (Kind.ALIKE, ["Both name HS 8507."])


def test_nothing_in_common_is_no_likeness():
    """P9: no reason, no case on the list."""
    one = Facts("a", frozenset({"cells:MY"}), frozenset({"8507"}), frozenset({"ipoh"}))
    two = Facts("b", frozenset({"cells:TH"}), frozenset({"2716"}), frozenset({"jurong"}))
    assert between(one, two, Labels({}, {}, {}), titles=0.1) is None


def test_the_profile_says_what_the_newest_version_says(people):
    """P9, L6: what is typed after handing in counts only once it is frozen."""
    own, writer = in_inbox(people, EV), people.proponent("Variant Works", country="MY")
    other = variant(people, title="Cells from Luzon", products=[{"hs": "2716.00", "description": "Power"}])
    other = do(other, "ask_completion", people.asec(), gaps="The products.")
    products = document(EV)["products"]
    verbs.keep(other, {"products": products}, as_=writer, now=other.saved_at)
    assert Profile.objects.get(pk=other.pk).products == ["2716", "271600"]
    other = do(Proposal.objects.get(pk=other.pk), "complete", writer, declaration="on", **_complete(other))
    profile = Profile.objects.get(pk=other.pk)
    assert (profile.version.number, profile.products[:2]) == (2, ["2833", "283324"])
    assert "it may be the same project" in str(seen(own, people.asec()))


def _complete(_case):
    return {"note": "Products exchanged."}


def test_what_was_given_up_and_the_same_project_handed_in_again_are_not_similar(people):
    """P9: nothing is left to complement; and a family is one project."""
    own = in_inbox(people, EV)
    other = variant(people, swap={"MY": "PH"})
    do(other, "withdraw", people.proponent("Variant Works", country="MY"), reason="Changed plans.")
    assert seen(own, people.asec()) == {}
    again = variant(people, swap={"MY": "PH"}, title="Once more")
    Profile.objects.filter(pk=again.pk).update(family=own.pk)
    assert seen(own, people.asec()) == {}


def test_the_page_is_for_asec_experts_and_the_fg_gvc_alone(people, signed_in):
    """P9, U5: to proponents, SEOM leads and bodies it does not exist, nor do its moves."""
    case = steps.before_fg_gvc(people)
    twin = variant(people, "01-power-trade", title="A twin of the power trade")
    assert "A twin of the power trade" in page(signed_in(people.asec()), case)
    for reader in (people.fg_gvc("VN"), people.expert(1)):
        assert "A twin of the power trade" not in page(signed_in(reader), case)
    own = people.proponent()
    for stranger in (own, people.seom("LA"), people.seom("TH"), people.body("AMEM"), people.admin(), people.expert(3)):
        page(signed_in(stranger), case, status=404)
        address = f"/cases/{case.case.code}/proposal/{case.pk}/not_relevant/"
        assert signed_in(stranger).get(address).status_code == 404
        with pytest.raises(NotYours):
            do(steps.fresh(case), "not_relevant", stranger, other=twin.case.code)
    assert "/similar/" not in signed_in(own).get(f"/cases/{case.case.code}/").content.decode()


def test_the_fg_gvc_and_experts_see_only_cases_they_may_open(people, signed_in):
    """P9, U5: the FG-GVC what came before it, an expert what the expert is appointed to."""
    case = steps.before_fg_gvc(people)
    twin = variant(people, "01-power-trade", title="A twin of the power trade")
    assert (seen(case, people.fg_gvc("VN")), seen(case, people.expert(1))) == ({}, {})
    Proposal.objects.filter(pk=twin.pk).update(before_fg_gvc_at=case.before_fg_gvc_at)
    assert list(seen(case, people.fg_gvc("VN"))) == ["A twin of the power trade"]
    assert seen(case, people.expert(1)) == {}


def test_a_case_that_is_not_relevant_leaves_one_offices_list_until_it_is_put_back(people, signed_in, pair):
    """P9, L4: a statement of the office, made and taken back by moves that stand on the trail."""
    own, other = pair
    asec = signed_in(people.asec())
    address = f"/cases/{own.case.code}/proposal/{own.pk}/"
    said = {"seen": own.revision, "other": other.case.code, "reason": "Another buyer."}
    assert asec.post(f"{address}not_relevant/", said).status_code == 302
    text = page(asec, own)
    assert "Another buyer." in text
    assert f'id="similar-{other.case.code}"' not in text
    assert f'id="similar-{own.case.code}"' in page(asec, other)
    with pytest.raises(Blocked, match="already"):
        do(steps.fresh(own), "not_relevant", people.asec(2), other=other.case.code)
    back = {"seen": steps.fresh(own).revision, "other": other.case.code}
    assert asec.post(f"{address}relevant_again/", back).status_code == 302
    assert f'id="similar-{other.case.code}"' in page(asec, own)
    entries = TrailEntry.objects.filter(case=own.pk, action__in=["not_relevant", "relevant_again"])
    assert [(one.action, one.audience, one.details["code"]) for one in entries.order_by("number")] == [
        ("not_relevant", "asec", other.case.code),
        ("relevant_again", "asec", other.case.code),
    ]
    assert not TrailEntry.objects.visible_to(people.proponent("Variant Works")).filter(pk__in=entries).exists()


def test_each_office_and_each_expert_keeps_a_list_of_its_own(people, signed_in):
    """P9, R4: what one says takes nothing off another's list, and experts do not learn of each other."""
    case = steps.under_assessment(people)
    other = variant(people, "01-power-trade", {"SG": "BN"}, title="The other")
    other = do(other, "register", people.asec(), **dict.fromkeys(CHECKLIST, "yes"))
    steps.under_assessment(people, case=other)
    do(steps.fresh(case), "not_relevant", people.expert(1), other=other.case.code, reason="A secret of mine.")
    assert "A secret of mine." in page(signed_in(people.expert(1)), case)
    for reader in (people.expert(2), people.asec()):
        text = page(signed_in(reader), case)
        assert "The other" in text
        assert "A secret of mine." not in text


def test_the_list_costs_four_queries_however_many_cases_there_are(people):
    """P9: own profile, which cases, what they say; and what was set aside. Labels of codes are remembered."""
    own, asec = in_inbox(people, EV), people.asec()
    for number in (1, 2, 3):
        variant(people, swap={"MY": "PH"}, title=f"Variant {number}")
        with CaptureQueriesContext(connection) as captured:
            assert len(queries.similar(own, asec)) == number
            queries.set_aside(own, asec)
        labels = [one for one in captured if 'FROM "asean_' in one["sql"]]
        assert (len(captured), len(labels)) == (7, 3)
