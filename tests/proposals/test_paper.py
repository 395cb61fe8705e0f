"""P8: the form as a DOCX, blank and filled, and read back with every answer in its place or listed as unread."""

import io
import shutil
import subprocess
import zipfile
from copy import deepcopy
from functools import cache

import pytest

from aipbi.asean import editions
from aipbi.documents.kinds import KINDS, recognise
from proposals import interchange
from proposals.document import empty
from proposals.document.schema import FILES, PARTS, SECTIONS, Many, One, asked
from proposals.paper import form, reading
from proposals.paper.edition import FORM, TAG, edition
from proposals.paper.markup import el, name, paragraph, parsed, run, said
from tests.support.cases import CASES, NAMES, document
from tests.support.paper import MAIN, blank, controls, edited, filled_in, rewritten, type_into, unwrapped, wrapped

pytestmark = pytest.mark.django_db

SCRIPTS = {
    "title": "โครงการพลังงานน้ำ จากลาวถึงสิงคโปร์",
    "summary": "ໂຄງການພະລັງງານນ້ຳ\nຂ້າມຊາຍແດນ",
    "background": "គម្រោងអន្តរជាតិ\u200bនៃខ្សែសង្វាក់តម្លៃ",
    "objectives": "နယ်စပ်ဖြတ်ကျော် လျှပ်စစ်ဓာတ်အား",
    "lead.name": "Công ty Điện lực Việt Nam",
    "lead.corporate_group": "東盟電力集團 东盟电力",
}


def criteria() -> str:
    return editions.criteria_now().code


def read(content: bytes, **options) -> reading.Reading:
    return reading.read(content, criteria=criteria(), **options)


@cache
def case(name: str = NAMES[0]) -> bytes:
    return form.filled(document(name), criteria=criteria())


def texts(content: bytes) -> list[str]:
    root = parsed(zipfile.ZipFile(io.BytesIO(content)).read(MAIN))
    return ["".join(one.text or "" for one in p.iter(name("w:t"))) for p in root.iter(name("w:p"))]


# --- The form itself ---


@pytest.mark.parametrize("name", NAMES)
def test_p8_a_proposal_comes_back_from_its_form_unchanged(name):
    """P8, interchange: file → form → file is the same to the byte, and nothing is left unread."""
    original = (CASES / f"{name}.json").read_bytes()
    found = read(form.filled(interchange.parse(original)[0], criteria=criteria()))
    assert interchange.dump(found.document).rstrip() == original.rstrip()
    assert found.unread == []


def test_p8_a_blank_form_is_an_empty_draft():
    found = read(form.blank())
    assert found.document == empty()
    assert found.unread == []
    assert {count for _slug, count in found.counts} == {0}


def test_p8_the_form_asks_every_question_of_the_table_under_headings():
    """P1–P4: the form is made from the one table of questions; each stands in it with its hint."""
    said_there = texts(form.blank())
    for section in SECTIONS:
        assert str(section.label) in said_there
        for part in asked(section) if section is not FILES else ():
            fields = part.fields if isinstance(part, One | Many) else (part,)
            for field in fields:
                if not field.derived:
                    assert str(field.label) in said_there
                    assert not field.hint or str(field.hint) in said_there
    assert "At most 300 words." in said_there
    assert any("The corporate group serves to keep figures anonymous" in text for text in said_there)


def test_p8_the_form_says_nothing_that_is_so_on_the_page_alone():
    """What moves a request up, or is offered once it is saved, helps nobody who writes on paper."""
    fields = [field for part in PARTS.values() for field in getattr(part, "fields", (part,))]
    words = [str(one.page_hint) for one in (*PARTS.values(), *fields) if getattr(one, "page_hint", "")]
    assert len(words) == 2
    assert not [text for text in texts(form.blank()) if any(one in text for one in words)]


def test_p8_the_form_says_its_edition_and_is_a_file_the_portal_takes():
    content = form.blank()
    archive = zipfile.ZipFile(io.BytesIO(content))
    assert recognise(io.BytesIO(content), "form.docx") == KINDS["docx"]
    for text in (FORM, edition(criteria())):
        assert text.encode() in archive.read("docProps/custom.xml")
        assert text.encode() in archive.read(MAIN)
    assert content == form.blank(), "The same form is the same bytes."


def test_p8_the_form_can_be_read_by_everybody():
    """Title, language, heading styles, and a repeated head row with a caption for every table."""
    archive = zipfile.ZipFile(io.BytesIO(form.blank()))
    assert b"<dc:title>Proposal for facilitation</dc:title>" in archive.read("docProps/core.xml")
    assert b'<w:lang w:val="en-GB"' in archive.read("word/styles.xml")
    assert b"PAGE" in archive.read("word/footer1.xml")
    root = parsed(archive.read(MAIN))
    styles = [one.get(name("w:val")) for one in root.iter(name("w:pStyle"))]
    assert styles.count("Heading1") == 4
    assert styles.count("Heading2") >= len(SECTIONS) - 1
    for table in root.iter(name("w:tbl")):
        assert table.find(f"{name('w:tblPr')}/{name('w:tblCaption')}").get(name("w:val"))
        assert table.find(f"{name('w:tr')}/{name('w:trPr')}/{name('w:tblHeader')}") is not None
    numbers = [one.get(name("w:val")) for one in root.iter(name("w:id"))]
    assert len(numbers) == len(set(numbers)) == len(list(root.iter(name("w:sdt"))))


def test_p8_a_long_list_has_a_row_for_each_and_one_to_spare():
    many = {**document(), "partners": [{**document()["partners"][0], "name": f"Partner {n}"} for n in range(100)]}
    assert read(form.filled(many, criteria=criteria())).document == many


# --- Filled in by hand ---


def test_p8_a_form_filled_in_by_hand_is_read_into_its_places():
    filled = filled_in(
        blank(),
        {
            "title": ("Hydro", "power", " trade"),
            "summary": ("First line\nsecond line", "\n\nNew paragraph"),
            "value_chain": "New energy – Electricity trade and grids",
            "phase": "under way",
            "starts": "March 2027",
            "ends": "12/2032",
            "investment_usd": "USD 118.000.000",
            "originating_ams": "Laos",
            "lead.name": "Mekong",
            "lead.country": "Lao PDR",
            "lead.kind": "Public body or State-owned  company",
            "products[1].hs": "850760",
            "roadblocks[0].category": "goods",
            "roadblocks[0].ams=TH": "1",
            "roadblocks[0].ams=VN": "true",
            "requests[2].measure": "Second in the form, first in rank",
            "participants[0].ams": "the Philippines",
            "participants[0].stage": "Generation",
            "participants[0].sites": "North\n\n South ",
            "participants[1].ams": "viet nam",
            "participants[1].stage": "Electricity trade and grids: Storage",
            "participants[0].flows_to=VN": "1",
            "impacts[0].ams": "Philippines",
            "impacts[0].year": "2 027",
            "impacts[0].gdp_usd": "1.250",
            "impacts[0].exports_usd": "2.000.000,50",
            "impacts[0].jobs_direct": "1,200",
            "decarbonisation.tco2e_per_year": "12,5",
        },
    )  # fmt: skip
    found = read(filled)
    draft = found.document
    assert draft["title"] == "Hydropower trade"
    assert draft["summary"] == "First line\nsecond line\n\nNew paragraph"
    assert (draft["sector"], draft["value_chain"], draft["phase"]) == ("new_energy", "electricity", "under_way")
    assert (draft["starts"], draft["ends"], draft["investment_usd"]) == ("2027-03", "2032-12", 118_000_000)
    assert (draft["originating_ams"], draft["lead"]["country"], draft["lead"]["kind"]) == ("LA", "LA", "public")
    assert draft["products"] == [{"hs": "8507.60", "description": ""}]
    assert draft["roadblocks"] == [{"category": "goods", "ams": ["TH", "VN"], "description": "", "evidence": ""}]
    assert [(one["rank"], one["measure"]) for one in draft["requests"]] == [(1, "Second in the form, first in rank")]
    assert [(one["ams"], one["stage"]) for one in draft["participants"]] == [("PH", "generation"), ("VN", "storage")]
    assert draft["participants"][0]["sites"] == ["North", "South"]
    assert draft["participants"][0]["flows_to"] == ["VN"]
    [row] = draft["impacts"]
    assert (row["year"], row["gdp_usd"], row["exports_usd"], row["jobs_direct"]) == (2027, 1250, 2_000_000.5, 1200)
    assert draft["decarbonisation"]["tco2e_per_year"] == 12.5
    assert found.unread == []


def test_p8_the_scripts_of_the_region_come_through():
    assert interchange.dump(read(filled_in(blank(), SCRIPTS)).document).decode().count("\\n") == 1
    draft = read(filled_in(blank(), SCRIPTS)).document
    flat = {**draft, **{f"lead.{key}": value for key, value in draft["lead"].items()}}
    assert {tag: flat[tag] for tag in SCRIPTS} == SCRIPTS
    again = read(form.filled(draft, criteria=criteria()))
    assert again.document == draft


@pytest.mark.parametrize(
    "text",
    ["=1+1", "@SUM(A1)", "<script>alert(1)</script>", "&lt;b&gt; &amp; ]]>", "{{ 7*7 }} %(x)s", "a\tb", "“quotes” — ’s", "𝄞 😀", "Click here"],
)  # fmt: skip
def test_p8_formulas_and_markup_are_plain_text(text):
    assert read(filled_in(blank(), {"title": text})).document["title"] == text
    assert read(form.filled({**empty(), "background": text}, criteria=criteria())).document["background"] == text


def test_p8_what_a_draft_holds_though_it_is_not_right_yet_travels_too():
    draft = {
        **document(),
        "title": "",
        "investment_usd": "about a hundred million",
        "starts": "soon",
        "participants": [],
    }
    draft["impacts"][0]["gdp_usd"] = 12.345
    draft["products"] = [{"hs": "not known", "description": ""}]
    assert read(form.filled(draft, criteria=criteria())).document == draft


def test_p8_signs_that_xml_cannot_hold_do_not_break_the_form():
    draft = {**empty(), "title": "Bell \x07 and \ufffe", "summary": "one\r\ntwo"}
    found = read(form.filled(draft, criteria=criteria())).document
    assert (found["title"], found["summary"]) == ("Bell \ufffd and \ufffd", "one\ntwo")


# --- What could not be read ---


def unread(answers: dict, content: bytes | None = None) -> list[tuple[str, str, str, bool]]:
    found = read(filled_in(content or blank(), answers)).unread
    return [(one.place, one.text, one.why, one.kept) for one in found]


def test_p8_a_figure_that_is_none_is_listed_and_kept_as_typed():
    answers = {"investment_usd": "about five million", "impacts[0].jobs_direct": "many", "impacts[0].ams": "VN"}
    found = read(filled_in(blank(), answers))
    assert found.document["investment_usd"] == "about five million"
    listed = {one.place: one for one in found.unread}
    assert listed["Investment in US dollars"].text == "about five million"
    assert "is not a number" in listed["Investment in US dollars"].why
    assert listed["Figures 1 – Direct jobs (full-time equivalents)"].kept


def test_p8_a_figure_that_can_mean_two_is_not_guessed():
    answers = {"investment_usd": "1.250", "impacts[0].gdp_usd": "2,000,000", "impacts[0].exports_usd": "3.000.000"}
    [one] = read(filled_in(blank(), answers)).unread
    assert "can be read two ways" in one.why
    assert one.text == "1.250"


@pytest.mark.parametrize(
    ("tag", "text", "place", "why"),
    [
        ("participants[1].ams", "Siam", "Member State 1 – Member State", "is not a Member State"),
        ("value_chain", "Hydrogen", "Value chain", "is not in the list"),
        ("requests[0].body", "The UN", "Request 1 – ASEAN body asked", "is not in the list"),
        ("participants[0].stage", "Generation", "Member State 1 – Stage in the value chain", "once the value chain is chosen"),
        ("lead.country", "Atlantis", "Lead organisation – Country", "is not in the list"),
    ],
)  # fmt: skip
def test_p8_what_is_in_no_list_is_listed_with_its_text(tag, text, place, why):
    [(where, typed, said_so, kept)] = unread({tag: text})
    assert (where, typed, kept) == (place, text, False)
    assert why in said_so


def test_p8_text_outside_the_places_is_listed_with_what_it_stands_near():
    def scribble(root):
        body = root.find(name("w:body"))
        body.insert(4, said("A letter to the reader"))
        label = next(p for p in root.iter(name("w:p")) if "".join(p.itertext()) == "Evidence")
        label.append(run(": see the annex"))
        cell = next(one for one in root.iter(name("w:tc")) if controls(one, "ends"))
        cell.append(said("December, perhaps"))

    found = {one.text: one.place for one in read(edited(blank(), scribble)).unread}
    assert found["A letter to the reader"] == "At the beginning"
    assert found["December, perhaps"] == "Near “End”"
    assert "Evidence: see the annex" in found


def test_p8_a_control_that_was_deleted_is_listed_and_so_is_the_text_in_its_place():
    def delete(root):
        cell = next(one for one in root.iter(name("w:tc")) if controls(one, "title"))
        for p in cell.findall(name("w:p")):
            cell.remove(p)
        cell.append(said("Typed over the control"))

    found = read(edited(case(), delete))
    assert found.document == {**document(), "title": ""}
    assert [(one.place, one.text) for one in found.unread] == [
        ("Near “Title”", "Typed over the control"),
        ("Title", ""),
    ]
    assert "is gone from the form" in found.unread[1].why


def test_p8_notes_comments_and_margins_are_listed_deleted_text_is_not():
    def change(root):
        [control] = controls(root, "title")
        content = control.find(name("w:sdtContent"))
        content.insert(0, el("w:del", el("w:r", el("w:delText"))))
        content.append(el("w:ins", run(" (amended)")))

    def margin(xml: bytes) -> bytes:
        return xml.replace(b"</w:p></w:hdr>", b"</w:p><w:p><w:r><w:t>Strictly private</w:t></w:r></w:p></w:hdr>")

    comments = f'<w:comments xmlns:w="{name("w:p")[1:].partition("}")[0]}"><w:comment><w:p><w:r><w:t>Ask the lawyer</w:t></w:r></w:p></w:comment></w:comments>'
    content = rewritten(edited(case(), change), {"word/header1.xml": margin, "word/comments.xml": comments.encode()})
    found = read(content)
    assert found.document["title"] == f"{document()['title']} (amended)"
    assert [one.text for one in found.unread] == ["Ask the lawyer", "Strictly private"]


def test_p8_more_than_a_list_may_hold_is_listed():
    def twelve(root):
        [part] = controls(root, "participants")
        content = part.find(name("w:sdtContent"))
        item = content[0]
        for n in range(12):
            copy = deepcopy(item)
            type_into(controls(copy, "participants[0].role")[0], f"Role {n + 1}")
            content.append(copy)

    found = read(edited(blank(), twelve))
    assert [one["role"] for one in found.document["participants"]] == [f"Role {n}" for n in range(1, 12)]
    assert [(one.place, one.text) for one in found.unread] == [("Participating Member States", "Role 12")]


def test_p8_a_picture_in_the_place_of_an_answer_is_told():
    def draw(root):
        controls(root, "background")[0].find(name("w:sdtContent")).append(el("w:r", el("w:drawing")))

    [one] = read(edited(case(), draw)).unread
    assert (one.place, "picture" in one.why) == ("Background", True)


def test_p8_whatever_is_typed_anywhere_is_in_the_draft_or_listed():
    """Every control with a text of its own, wrong for most, some with tags a hand has changed, and every paragraph."""
    marks = []

    def scrawl(root):
        for n, settings in enumerate(list(root.iter(name("w:sdtPr")))):
            tag = settings.find(name("w:tag"))
            if tag is None or settings.find(name("w14:checkbox")) is not None or tag.get(name("w:val")) == TAG:
                continue
            if settings.find(name("w15:repeatingSection")) is None:
                marks.append(f"Zq{n}z")
                [control] = [one for one in root.iter(name("w:sdt")) if one.find(name("w:sdtPr")) is settings]
                type_into(control, marks[-1])
                odd = {1: "{}=XX", 2: "{}.more", 3: "odd[1].{}", 4: "{}[7]", 5: "title"}.get(n % 11, "{}")
                tag.set(name("w:val"), odd.format(tag.get(name("w:val"))))
        for n, p in enumerate(root.iter(name("w:p"))):
            if n % 5 == 0:
                marks.append(f"Pq{n}p")
                p.append(run(marks[-1]))

    found = read(edited(blank(), scrawl))
    told = interchange.dump(found.document).decode() + "".join(one.text for one in found.unread)
    assert len(marks) > 200
    assert [mark for mark in marks if mark not in told] == []


# --- As other word processors write it ---


def test_p8_rows_that_word_added_by_the_plus_sign_are_things_of_their_own():
    """Word repeats an item with the tags of the one it was made from."""

    def add(root):
        for tag, part in (("partners", "name"), ("roadblocks", "evidence")):
            content = controls(root, tag)[0].find(name("w:sdtContent"))
            copy = deepcopy(content[1])
            content.insert(2, copy)
            type_into(controls(copy, f"{tag}[1].{part}")[0], "Added")

    found = read(edited(case(), add))
    assert [one["name"] for one in found.document["partners"]][2] == "Added"
    assert [one["evidence"] for one in found.document["roadblocks"]][2] == "Added"
    assert (len(found.document["partners"]), len(found.document["roadblocks"])) == (4, 4)


def drop_frames(root):
    unwrapped(root, lambda one: one.find(f"{name('w:sdtPr')}/{name('w15:repeatingSection')}") is not None)
    unwrapped(root, lambda one: one.find(f"{name('w:sdtPr')}/{name('w15:repeatingSectionItem')}") is not None)


def drop_tags(root):
    for settings in root.iter(name("w:sdtPr")):
        for tag in settings.findall(name("w:tag")):
            settings.remove(tag)


def move_outwards(root):
    """Put controls around whole paragraphs, cells and rows, as some programs do."""
    drop_frames(root)
    parents = {child: parent for parent in root.iter() for child in parent}
    for n, tag in enumerate(("title", "summary", "investment_usd", "partners[0].name")):
        [control] = controls(root, tag)
        inner, p = control.find(name("w:sdtContent")), parents[control]
        place = list(p).index(control)
        p.remove(control)
        for step, child in enumerate(list(inner)):
            inner.remove(child)
            p.insert(place + step, child)
        outer = p if n % 2 else parents[p]
        above = parents[outer]
        place = list(above).index(outer)
        above.remove(outer)
        inner.append(outer)
        above.insert(place, control)
    for row in list(root.iter(name("w:tr")))[5:9]:
        wrapped(parents[row], row)


def split_runs(root):
    """Split every text into runs of one sign, with marks of a spelling check between them."""
    for parent in list(root.iter(name("w:sdtContent"))):
        for r in parent.findall(name("w:r")):
            place = list(parent).index(r)
            pieces = []
            for child in r:
                if child.tag == name("w:t"):
                    pieces += [
                        piece for sign in child.text or "" for piece in (run(sign), el("w:proofErr", type="spellStart"))
                    ]
                elif child.tag != name("w:rPr"):
                    pieces.append(el("w:r", child))
            parent.remove(r)
            for step, piece in enumerate(pieces):
                parent.insert(place + step, piece)


@pytest.mark.parametrize(
    ("change", "case_name"),
    [(drop_frames, NAMES[1]), (move_outwards, NAMES[0]), (split_runs, NAMES[2]), *((drop_tags, one) for one in NAMES)],
)
def test_p8_a_form_rewritten_by_another_word_processor_reads_the_same(case_name, change):
    def rewrite(root):
        if change is drop_tags:
            drop_frames(root)
        change(root)

    found = read(edited(case(case_name), rewrite))
    assert found.document == document(case_name)
    assert found.unread == []


def test_p8_rows_copied_where_tags_are_dropped_are_things_of_their_own():
    def rewrite(root):
        drop_frames(root)
        drop_tags(root)
        table = next(
            one
            for one in root.iter(name("w:tbl"))
            if "Partners" in [c.get(name("w:val")) for c in one.iter(name("w:tblCaption"))]
        )
        rows = table.findall(name("w:tr"))
        table.insert(list(table).index(rows[1]), deepcopy(rows[1]))

    partners = read(edited(case(), rewrite)).document["partners"]
    assert partners == [document()["partners"][0], *document()["partners"]]


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed here")
def test_p8_a_form_saved_by_libreoffice_reads_the_same(tmp_path):
    for case_name in NAMES:
        (tmp_path / f"{case_name}.docx").write_bytes(case(case_name))
    (tmp_path / "blank.docx").write_bytes(blank())
    profile, out = f"-env:UserInstallation=file://{tmp_path}/profile", str(tmp_path / "saved")
    files = sorted(map(str, tmp_path.glob("*.docx")))
    command = ["soffice", "--headless", profile, "--convert-to", "docx:MS Word 2007 XML", "--outdir", out, *files]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    for case_name in (*NAMES, "blank"):
        found = read((tmp_path / "saved" / f"{case_name}.docx").read_bytes())
        assert found.document == (empty() if case_name == "blank" else document(case_name))
        assert found.unread == []


def test_p8_a_paragraph_of_several_in_a_control_keeps_its_lines():
    def type_paragraphs(root):
        [control] = controls(root, "background")
        parents = {child: parent for parent in root.iter() for child in parent}
        p = parents[control]
        cell = parents[p]
        p.remove(control)
        cell.remove(p)
        type_into(control)
        control.find(name("w:sdtContent")).extend([said("One"), paragraph(), said("Two")])
        cell.append(control)

    assert read(edited(blank(), type_paragraphs)).document["background"] == "One\n\nTwo"
