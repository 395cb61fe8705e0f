"""The value chain as a picture: nothing overlaps, and the tables say the same (P10)."""

import copy
import itertools
import re
from xml.etree import ElementTree as ET

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from proposals import picture, verbs
from proposals.document import codes, empty
from tests.proposals.test_writing import address
from tests.support.cases import NAMES, document, draft, submitted

pytestmark = pytest.mark.django_db
SVG = "{http://www.w3.org/2000/svg}"
AMS = ("BN", "KH", "ID", "LA", "MY", "MM", "PH", "SG", "TH", "TL", "VN")
STAGES = ("mining", "refining", "precursors", "cells", "packs", "assembly", "recycling", "")


def drawn(of: dict):
    made = picture.draw(of, codes.load())
    svg = render_to_string("proposals/document/picture.svg.html", {"picture": made})
    return made, ET.fromstring(svg), svg  # noqa: S314 - our own


def boxes_of_text(root) -> list[tuple[str, float, float, float, float]]:
    """Where each text stands at most, by a generous width for each letter."""
    found = []
    for text in root.iter(f"{SVG}text"):
        size = int(text.get("font-size", "14"))
        half = picture.wide(text.text) * size * (0.6 if text.get("font-weight") else 0.58) / 2
        x, y = int(text.get("x")), int(text.get("y"))
        found.append((text.text, x - half, y - 0.8 * size, x + half, y + 0.2 * size))
    return found


def apart(root) -> None:
    """No text on another, none outside the picture, no box or number on another."""
    width, height = int(root.get("width")), int(root.get("height"))
    texts = boxes_of_text(root)
    rects = [
        (
            None,
            *(float(r.get(k)) for k in ("x", "y")),
            float(r.get("x")) + 192,
            float(r.get("y")) + float(r.get("height")),
        )
        for r in root.iter(f"{SVG}rect")
    ]
    dots = [
        (None, *(float(c.get(k)) - 10 for k in ("cx", "cy")), *(float(c.get(k)) + 10 for k in ("cx", "cy")))
        for c in root.iter(f"{SVG}circle")
    ]
    for group in (texts, [*rects, *dots]):
        for n, one in enumerate(group):
            assert one[1] >= 0
            assert one[2] >= 0
            assert one[3] <= width
            assert one[4] <= height
            for other in group[n + 1 :]:
                assert one[3] <= other[1] or other[3] <= one[1] or one[4] <= other[2] or other[4] <= one[2], (
                    one,
                    other,
                )


def stretches(made) -> dict:
    """The straight pieces of every flow: (direction, line) → spans."""
    found: dict = {}
    for flow in made.flows:
        x, y = map(int, re.match(r"M(\d+) (\d+)", flow.path).groups())
        for way, to in re.findall(r"([HV])(\d+)", flow.path):
            if way == "H":
                found.setdefault(("H", y), []).append((*sorted((x, int(to))), flow.number))
                x = int(to)
            else:
                found.setdefault(("V", x), []).append((*sorted((y, int(to))), flow.number))
                y = int(to)
    return found


def lines_apart(made) -> None:
    """No two flows share a stretch, and none runs through a box or another's number."""
    for line, spans in stretches(made).items():
        ordered = sorted(spans)
        for one, other in itertools.pairwise(ordered):
            assert one[2] == other[2] or one[1] <= other[0], (line, one, other)
    for (way, at), spans in stretches(made).items():
        for first, last, number in spans:
            for box in made.boxes:
                x1, y1, x2, y2 = box.x, box.y, box.x + picture.BOX, box.y + box.height
                through = (y1 < at < y2 and first < x2 and last > x1) if way == "H" else (x1 < at < x2 and first < y2 and last > y1)  # fmt: skip
                assert not through, (number, box.who)
            for flow in made.flows:
                if flow.number != number:
                    near = (
                        abs(at - flow.start) < 6 and first < flow.dot_x + 10 and last > flow.dot_x - 10
                        if way == "H"
                        else abs(at - flow.dot_x) < 10 and first < flow.start + 10 and last > flow.start - 10
                    )
                    assert not near, (number, flow.number)


@pytest.mark.parametrize("name", [*NAMES, "04-battery-recycling"])
def test_the_cases_are_drawn_without_overlap(name):
    """P10: every label, number and line stands free."""
    made, root, _svg = drawn(document(name))
    apart(root)
    lines_apart(made)


@given(st.data())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_chain_is_drawn_without_overlap(data):
    """P10: whoever takes part, at whatever stage, with flows in any direction, and texts of any length."""
    named = data.draw(st.lists(st.sampled_from(AMS), min_size=1, max_size=11, unique=True))
    roles = st.text(st.sampled_from("abc ຄວາມ 电 W"), max_size=120)
    case = empty() | {"value_chain": "ev_battery"}
    case["participants"] = [
        {
            "ams": ams,
            "role": data.draw(roles),
            "stage": data.draw(st.sampled_from(STAGES)),
            "sites": [],
            "flows_to": data.draw(st.lists(st.sampled_from(named), max_size=4)),
        }
        for ams in named
    ]
    made, root, _svg = drawn(case)
    apart(root)
    lines_apart(made)


@pytest.mark.parametrize("name", NAMES)
def test_picture_and_tables_say_the_same(name, people, signed_in):
    """P10: each Member State, stage and flow of the proposal stands in the picture, its description and the tables."""
    me = people.proponent()
    proposal = draft(people, name, as_=me)
    page = signed_in(me).get(reverse("proposal", args=[proposal.case.code])).content.decode()
    case, known = document(name), codes.load()
    root = ET.fromstring(page[page.index("<svg xmlns") : page.index("</svg>", page.index("<svg xmlns")) + 6])  # noqa: S314 - our own
    labels = [text.text for text in root.iter(f"{SVG}text")]
    said = root.find(f"{SVG}desc").text
    flows = [(one["ams"], to) for one in case["participants"] for to in one["flows_to"]]
    rows = cells(page, "chain-flows")
    assert [label for label in labels if label.isdecimal()] == [str(n) for n in range(1, len(flows) + 1)]
    assert [(row[0], row[1], row[2]) for row in rows] == [
        (str(n), known.ams[one], known.ams[other]) for n, (one, other) in enumerate(flows, 1)
    ]
    for n, (one, other) in enumerate(flows, 1):
        assert f"Flow {n} from {known.ams[one]} to {known.ams[other]}." in said
    for row, one in zip(cells(page, "chain-places"), case["participants"], strict=True):
        stage = known.labels("stages", chain=case["value_chain"])[one["stage"]]
        assert row == [known.ams[one["ams"]], stage, one["role"]]
        assert known.ams[one["ams"]] in labels
        assert f"{row[0]}: {stage}." in said
        assert " ".join(labels).count(stage.split()[0]) >= 1


def cells(page: str, table: str) -> list[list[str]]:
    body = page[page.index(f'id="{table}"') :]
    body = body[body.index("<tbody") : body.index("</tbody>")]
    return [[re.sub("<[^>]+>", "", cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)] for row in body.split("</tr>")[:-1]]  # fmt: skip


def test_lines_join_the_boxes_they_name():
    """P10: each flow begins at the right side of its origin and ends at the left side of where it goes."""
    for name in NAMES:
        made, _root, _svg = drawn(document(name))
        assert made.flows
        for flow in made.flows:
            assert flow.path.startswith(f"M{flow.origin.x + picture.BOX} {flow.start}")
            assert flow.path.endswith(f"H{flow.to.x - 2}")
            assert flow.to.y < flow.end < flow.to.y + flow.to.height
            assert flow.origin.y < flow.start < flow.origin.y + flow.origin.height


def test_it_is_shown_while_writing_and_in_the_check(people, signed_in):
    """P10: with the participants as last saved; nothing is drawn of nobody."""
    me = people.proponent()
    blank = verbs.start_draft(by=me.person, as_=me)
    page = signed_in(me).get(address(draft(people), "participants")).content.decode()
    assert 'class="portal-picture"' in page
    assert "As last saved:" in page
    assert 'class="portal-picture"' not in signed_in(me).get(address(blank, "participants")).content.decode()
    assert 'class="portal-picture"' not in signed_in(me).get(address(draft(people), "project")).content.decode()


def test_the_paper_has_it_too(people):
    """P8, P10: the version's PDF shows the picture under its heading, with the table of its flows."""
    import io

    import pikepdf

    from proposals.models import Version
    from proposals.tasks import make
    from tests.facilitation.test_letter_pdf import words_of

    proposal = submitted(people, NAMES[1])
    content = make(Version.objects.get(proposal=proposal))
    with pikepdf.open(io.BytesIO(content)) as paper:
        words = words_of(paper)
    assert "Thevaluechainasapicture" in words
    assert "4ThailandVietNamAssembly:Packsandvehicles" in words


def test_markup_and_broken_drafts_do_no_harm():
    """Bad input: markup is text, and what is no participant is left out."""
    case = copy.deepcopy(document(NAMES[1]))
    case["participants"][0]["role"] = "<script>alert(1)</script>"
    case["participants"] += [
        None,
        3,
        {},
        {"ams": 5},
        {"ams": "ID", "flows_to": "x"},
        {"ams": "XX", "flows_to": [None, "XX"]},
    ]
    _made, root, svg = drawn(case)
    assert "<script" not in svg
    apart(root)
    assert picture.draw({"participants": "x"}, codes.load()) is None
    assert picture.draw({}, codes.load()) is None


def test_no_style_of_its_own():
    """P10: a strict Content-Security-Policy leaves the picture whole, and so does a grey printer."""
    svg = drawn(document())[2]
    assert "style=" not in svg
    for red, green, blue in re.findall(r"#(\w\w)(\w\w)(\w\w)", svg):
        tones = [int(tone, 16) for tone in (red, green, blue)]
        assert max(tones) - min(tones) < 16


def test_the_picture_is_measured_in_a_browser(browser):
    """P10: with the fonts of a real browser no text leaves its box or meets another."""
    page = browser.new_page()
    try:
        for name in NAMES:
            page.set_content(drawn(document(name))[2])
            found = page.evaluate(
                """() => {
                  const of = (s) => [...document.querySelectorAll(s)].map((e) => { const b = e.getBBox();
                    return [b.x, b.y, b.x + b.width, b.y + b.height]; });
                  return {texts: of("text"), rects: of("rect")};
                }"""
            )
            texts = found["texts"]
            assert len(texts) > 8
            for n, one in enumerate(texts):
                for other in texts[n + 1 :]:
                    assert (
                        one[2] <= other[0] + 1
                        or other[2] <= one[0] + 1
                        or one[3] <= other[1] + 3
                        or other[3] <= one[1] + 3
                    )
                inside = [
                    r
                    for r in found["rects"]
                    if r[0] < (one[0] + one[2]) / 2 < r[2] and r[1] < (one[1] + one[3]) / 2 < r[3]
                ]
                assert all(r[0] <= one[0] and one[2] <= r[2] and r[1] <= one[1] and one[3] <= r[3] for r in inside)
    finally:
        page.close()
