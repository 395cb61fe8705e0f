"""F5, F8: the PDF is archival, tagged, carries its schedule, and prints every script of the region."""

import io
import json
import re
import shutil
import subprocess
from unicodedata import normalize

import pikepdf
import pytest
from django.conf import settings
from django.template.loader import render_to_string

from aipbi.documents import pdf
from facilitation.letters import produce
from facilitation.letters.schedule import FORMAT
from facilitation.templatetags.letters import scripts

NAMES = {
    "th": ("บริษัท ไฟฟ้าพลังน้ำลุ่มน้ำโขง จำกัด", "Noto-Looped-Thai"),
    "lo": ("ກຸ່ມບໍລິສັດສົ່ງອອກໄຟຟ້າພະລັງນ້ຳ", "Noto-Sans-Lao"),
    "km": ("ក្រុមហ៊ុនអគ្គិសនីទន្លេមេគង្គ", "Noto-Sans-Khmer"),
    "my": ("မဲခေါင်မြစ် ရေအားလျှပ်စစ် ကုမ္ပဏီ", "Noto-Sans-Myanmar"),
    "zh": ("湄公河水电出口联合体（新加坡）有限公司", "Droid-Sans-Fallback"),
    "ta": ("மேகாங் நீர்மின் நிறுவனம்", "Noto-Sans-Tamil"),
    "vi": ("Công ty Cổ phần Thủy điện Nguyễn Thị Hường", "Noto-Sans"),
}


# In points.
A4_WIDTH = 595.3


@pytest.fixture
def opened(story):
    letter = story.sealed()
    with letter.pdf.content.open() as file:
        content = file.read()
    with pikepdf.open(io.BytesIO(content)) as document:
        yield letter, document


def test_f5_the_pdf_says_it_is_pdf_a_3a_and_is_tagged(opened):
    letter, document = opened
    metadata = document.open_metadata()
    assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "A")
    assert metadata["dc:title"] == f"{letter.number} – {letter.content['subject']}"
    assert document.Root.MarkInfo.Marked
    assert str(document.Root.Lang) == "en-gb"
    assert "/OutputIntents" in document.Root
    kinds = structure(document.Root.StructTreeRoot)
    assert {"/H1", "/H2", "/P", "/Table", "/TH", "/TD"} <= kinds


def structure(element) -> set[str]:
    """Names of all structure elements below one."""
    found, children = set(), element.get("/K", [])
    for child in children if isinstance(children, pikepdf.Array) else [children]:
        if isinstance(child, pikepdf.Dictionary) and "/S" in child:
            found |= {str(child.S)} | structure(child)
    return found


def test_f5_the_schedule_is_attached_as_json(opened):
    letter, document = opened
    assert set(document.attachments) == {"schedule.json", "letter.html"}
    name = "schedule.json"
    attached = json.loads(document.attachments[name].get_file().read_bytes())
    assert attached["format"] == FORMAT == "aipbi-letter-schedule/1"
    assert attached["number"] == letter.number
    assert attached["benefits"] == letter.content["schedule"]
    assert {state["code"] for line in attached["benefits"] for state in line["given_by"]} == {"TH", "MY", "LA"}
    published = json.loads((settings.BASE_DIR / "static/schemas/letter-schedule-1.json").read_text())
    assert published["properties"]["format"]["const"] == FORMAT
    assert set(published["required"]) <= set(attached) <= set(published["properties"])
    described = published["$defs"]["benefit"]
    assert all(set(described["required"]) <= set(line) <= set(described["properties"]) for line in attached["benefits"])
    related = {str(one.UF): (str(one.AFRelationship), str(one.EF.F.Subtype)) for one in document.Root.AF}
    assert related == {"schedule.json": ("/Data", "/application/json"), "letter.html": ("/Alternative", "/text/html")}


def test_f5_the_letter_as_a_web_page_is_attached_and_stands_alone(opened):
    letter, document = opened
    page = document.attachments["letter.html"].get_file().read_bytes().decode()
    assert letter.number in page
    assert "best-endeavour" in page
    assert not re.search(r'(src|href)="(?!data:)', page)


def test_f7_the_same_letter_gives_the_same_bytes_before_its_seal(opened):
    letter, _document = opened
    again = produce.render(letter)
    with letter.pdf.content.open() as file:
        assert file.read().startswith(again)


def test_f4_the_pdf_carries_all_that_a_letter_has(opened):
    letter, document = opened
    words = words_of(document)
    for part in (
        letter.number, "Mekong Hydropower Export Consortium", letter.decision_reference, "Participating Member States",
        "best-endeavour", "autonomy", "Reporting on results", "One charge method.", "AIF", str(letter.content["signatory"]["name"]),
        "Copies to", "SEOM lead, Thailand", letter.contact.rpartition(", ")[2], "Page 1 of",
    ):  # fmt: skip
        assert squeezed(part) in words, part


def squeezed(text: str) -> str:
    return "".join(normalize("NFC", text).split())


def words_of(document) -> str:
    """All text of a document by its own character maps, without blanks."""
    return squeezed("".join(text_of(page) for page in document.pages))


def text_of(page) -> str:
    fonts = {name: character_map(font) for name, font in page.resources.Font.items()}
    shown, current = [], {}
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) == "Tf":
            current = fonts[str(operands[0])]
        elif str(operator) in ("Tj", "TJ"):
            for piece in operands[0] if str(operator) == "TJ" else operands:
                if isinstance(piece, pikepdf.String):
                    codes = bytes(piece)
                    shown += [
                        current.get(codes[i : i + 2].hex(), "\N{REPLACEMENT CHARACTER}")
                        for i in range(0, len(codes), 2)
                    ]
    return "".join(shown)


def character_map(font) -> dict[str, str]:
    pairs = re.findall(
        r"^<([0-9a-fA-F]+)> <([0-9a-fA-F]+)>$", font.ToUnicode.read_bytes().decode("latin-1"), re.MULTILINE
    )
    return {code.lower(): bytes.fromhex(text).decode("utf-16-be") for code, text in pairs}


def letter_to(name):
    return {
        "letter": {
            "number": "L1",
            "subject": name,
            "addressee": [name],
            "date": "2026-11-22",
            "signatory": {"name": name},
        }
    }


def missing_glyphs(caplog) -> list[str]:
    """What the PDF engine says of signs that no font has; it prints a box for each."""
    return [record.getMessage() for record in caplog.records if ".notdef" in record.getMessage()]


@pytest.mark.parametrize("language", NAMES)
def test_f8_names_in_every_script_have_their_glyphs_from_the_portals_own_fonts(language, caplog):
    name, family = NAMES[language]
    with caplog.at_level("WARNING", logger="weasyprint"):
        content = pdf.render("facilitation/letter_pdf.html", letter_to(name), title="Letter")
    assert missing_glyphs(caplog) == []
    with pikepdf.open(io.BytesIO(content)) as document:
        fonts = {
            str(font.BaseFont).partition("+")[2] for page in document.pages for font in page.resources.Font.values()
        }
    assert any(font.startswith(family) for font in fonts), fonts


@pytest.mark.parametrize(
    "lines",
    [
        ["X" * 2000],
        [("Taman Industri Raya 12/3 " * 90)[:2000]],
        [f"Unit {n}, Block {n}, Jalan Panjang" for n in range(60)],
    ],
)
def test_f4_an_address_of_two_thousand_characters_stays_on_the_first_page_and_inside_it(lines):
    said = {"letter": {**letter_to("One page")["letter"], "addressee": lines}}
    content = pdf.render("facilitation/letter_pdf.html", said, title="Letter")
    with pikepdf.open(io.BytesIO(content)) as document:
        first = squeezed(text_of(document.pages[0]))
    assert squeezed(lines[-1]) in first
    assert "Onepage" in first
    if (command := shutil.which("pdftotext")) is None:
        pytest.skip("poppler-utils is not installed: script/bootstrap dev installs it")
    boxes = subprocess.run([command, "-bbox", "-", "-"], input=content, capture_output=True, check=True).stdout.decode()
    assert max(float(right) for right in re.findall(r'<word [^>]*xMax="([0-9.]+)"', boxes)) <= A4_WIDTH


@pytest.mark.parametrize("lines", [21, 22, 23, 24])
def test_f4_a_signature_never_stands_on_a_page_of_its_own(lines):
    words = [{"is": "paragraph", "text": f"Line {n} of what is said."} for n in range(lines)]
    closing = [
        {"is": "heading", "text": "Questions"},
        *({"is": "paragraph", "text": one} for one in ("Ask.", "Yours faithfully,")),
    ]
    said = {"letter": {**letter_to("Signed")["letter"], "opening": words, "closing": closing}}
    with pikepdf.open(io.BytesIO(pdf.render("facilitation/letter_pdf.html", said, title="Letter"))) as document:
        pages = [squeezed(text_of(page)) for page in document.pages]
    assert "Questions" in pages[-1]
    assert "Signed" in pages[-1].partition("Yoursfaithfully,")[2]


def test_f8_a_sign_without_a_glyph_would_be_found(caplog):
    with caplog.at_level("WARNING", logger="weasyprint"):
        pdf.render("facilitation/letter_pdf.html", letter_to("A sign of nobody: \U0010fffd"), title="Letter")
    assert missing_glyphs(caplog)


@pytest.mark.parametrize(
    ("language", "name"), [(language, name) for language, (name, _font) in NAMES.items() if language != "vi"]
)
def test_f8_each_script_is_marked_with_its_language(language, name):
    assert scripts(f"To {name} & Co") == f'To <span lang="{language}">{name}</span> &amp; Co'


def test_f8_two_scripts_side_by_side_are_marked_apart():
    assert scripts("ไทย湄公") == '<span lang="th">ไทย</span><span lang="zh">湄公</span>'


def test_markup_in_a_name_is_shown_not_obeyed():
    page = render_to_string(
        "facilitation/letter_body.html",
        {
            "letter": {"subject": "<script>alert(1)</script>", "addressee": ["<b>Bold</b>"], "date": "2026-11-22"},
            "top": 1,
            "sub": 2,
        },
    )
    assert "<script>" not in page
    assert "&lt;b&gt;Bold&lt;/b&gt;" in page
