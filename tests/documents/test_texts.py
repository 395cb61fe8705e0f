"""The words of files: read by the worker apart, once, whatever is wrong with a file (R7, P6)."""

import io
import zipfile

import openpyxl
import pikepdf
import pytest
from django.contrib.postgres.search import SearchQuery

from aipbi.documents import apart, texts
from aipbi.documents.models import FileText, StoredFile
from tests.documents import samples
from tests.support import cases


def words_of(content: bytes, code: str) -> str:
    return apart.run("text_of", content, code, "1000").decode()


def pdf(words: str) -> bytes:
    to = io.BytesIO()
    with pikepdf.open(io.BytesIO(samples.PDF)) as opened:
        font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
        opened.pages[0].Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        opened.pages[0].Contents = opened.make_stream(f"BT /F1 12 Tf 10 50 Td ({words}) Tj ET".encode())
        opened.save(to)
    return to.getvalue()


def docx(body: str) -> bytes:
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    document = f"<w:document {space}><w:body>{body}</w:body></w:document>"
    return samples.office(samples._WORD, **{"word/document.xml": document})


def xlsx() -> bytes:
    book, to = openpyxl.Workbook(), io.BytesIO()
    book.active.title = "Tonnes"
    book.active.append(["Nickel laterite", 12.5, "=1+1"])
    book.save(to)
    return to.getvalue()


def test_the_words_of_each_kind():
    assert "Sulawesi smelter" in words_of(pdf("Sulawesi smelter"), "pdf")
    body = (
        "<w:p><w:r><w:t>ໂຮງງານ </w:t></w:r><w:r><w:t>nickel</w:t></w:r><w:del><w:delText>gone</w:delText></w:del></w:p>"
    )
    assert words_of(docx(body), "docx") == "ໂຮງງານ nickel"
    assert words_of(xlsx(), "xlsx").split() == ["Tonnes", "Nickel", "laterite", "12.5"]


@pytest.mark.parametrize("code", ["pdf", "docx", "xlsx"])
def test_what_is_broken_has_no_words(code):
    assert words_of(b"PK\x03\x04 broken", code) == ""


def test_only_so_much_is_read():
    whole = docx("<w:p><w:r><w:t>" + "word " * 1000 + "</w:t></w:r></w:p>")
    assert len(words_of(whole, "docx")) == 1000
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        assert len(archive.read("word/document.xml")) > 5000


def test_a_file_is_read_once_and_found_by_its_name_too(people):
    draft = cases.draft(people)
    upload = samples.upload(pdf("Sulawesi smelter"), "grid_survey-2026.pdf")
    cases.do(draft, "add_file", people.proponent(), files={"file": upload})
    file = StoredFile.objects.get(purpose="attachment")
    assert texts.due() == [file.pk]
    assert [texts.read(file.pk), texts.read(file.pk)] == [True, False]
    assert texts.due() == []
    for words in ("sulawesi smelters", "survey"):
        asked = SearchQuery(words, config="english", search_type="phrase")
        assert FileText.objects.filter(file=file, words=asked).exists(), words
