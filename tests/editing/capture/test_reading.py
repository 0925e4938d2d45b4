"""What is brought is read as text, whatever it is, or refused with a sentence."""

from __future__ import annotations

import re

import pytest

from negotiations.editing.capture import reading
from negotiations.editing.capture.reading import DOCX, HTML, PDF, Unreadable, read, read_pasted
from tests.editing.capture import documents

RUSSIAN = (
    "Переговоры в Эр-Рияде прошли успешно, сказал министр. «Мы не только слушали, но и услышали "
    "друг друга», подчеркнул он."
)
# KOI8-R has no typographic quotation marks.
TYPED = RUSSIAN.translate({ord("«"): '"', ord("»"): '"'})
FRENCH = "Le ministre a déclaré que les négociations étaient « très utiles », après cinq heures."


def refused(sentence: str) -> object:
    return pytest.raises(Unreadable, match=re.escape(sentence))


def test_plain_text_is_kept_as_it_is_with_one_kind_of_line_end() -> None:
    document = read("“One” — two.\r\n\r\n  three\rfour\x0c".encode())
    assert document.text == "“One” — two.\n\n  three\nfour"
    assert document.media_type == "text/plain"


def test_a_page_gives_its_article_and_what_it_says_of_itself() -> None:
    page = read(documents.ARTICLE.encode(), media_type=HTML, url="https://herald.example/talks")
    assert page.text.split("\n") == [
        "Talks end",
        "The sides “heard each other”, Mr Smith said.",
        "Writing <script> is no crime.",
        "“It was useful,” he added.",
    ]
    assert (page.title, page.publisher, page.author) == ("Talks end", "The Herald", "Jane Doe")
    assert (page.date, page.language) == ("2025-02-18", "en-GB")
    assert page.is_article


def test_a_pasted_page_is_read_as_a_page_and_pasted_words_as_words() -> None:
    assert read_pasted("<div>A <b>bold</b> word<br>and <p>two</p></div>").text == (
        "A bold word\nand\ntwo"
    )
    assert read_pasted("1 < 2, said <he>").text == "1 < 2, said <he>"


def test_scripts_leave_nothing_behind() -> None:
    fragment = "<p>Words</p><script>alert(1)</script><style>p{}</style><p onclick='x()'>more</p>"
    assert read_pasted(fragment).text == "Words\nmore"


def test_word_gives_all_its_paragraphs() -> None:
    table = "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>In a table</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    inserted = "<w:p><w:ins><w:r><w:t>Put </w:t><w:tab/><w:t>in</w:t></w:r></w:ins></w:p>"
    struck = "<w:p><w:del><w:r><w:delText>Struck out</w:delText></w:r></w:del></w:p>"
    document = read(documents.word("“First”", body=table + inserted + struck))
    assert document.text == "“First”\nIn a table\nPut \tin"
    assert document.media_type == DOCX


def test_a_pdf_gives_its_lines() -> None:
    document = read(documents.pdf("We heard", "each other."))
    assert document.text == "We heard\neach other."
    assert document.media_type == PDF


@pytest.mark.parametrize(
    ("content", "declared"),
    [
        (RUSSIAN.encode("cp1251"), "utf-8"),
        (RUSSIAN.encode("cp1251"), "iso-8859-1"),
        (TYPED.encode("koi8-r"), ""),
        (RUSSIAN.encode("utf-8"), "windows-1251"),
        (RUSSIAN.encode("utf-16"), "utf-8"),
        (RUSSIAN.encode("utf-8-sig"), "latin-1"),
        (FRENCH.encode("cp1252"), "utf-8"),
        (FRENCH.encode("utf-8"), "iso-8859-1"),
        (FRENCH.encode("cp1252"), "no such encoding"),
    ],
)
def test_a_mislabelled_encoding_does_not_spoil_the_letters(content: bytes, declared: str) -> None:
    assert read(content, charset=declared).text in (RUSSIAN, FRENCH, TYPED)


def test_a_page_with_a_wrong_label_inside_is_read_right_and_says_how() -> None:
    page = f'<html><head><meta charset="utf-8"></head><body><p>{RUSSIAN}</p></body></html>'
    document = read(page.encode("cp1251"), media_type=HTML)
    assert document.text == RUSSIAN
    assert document.note == "Read in the encoding cp1251."


@pytest.mark.parametrize(
    ("content", "media_type", "sentence"),
    [
        (b"", "", "This is empty"),
        (b" \n ", "", "This is empty"),
        ("— … —".encode(), "", "No words were found"),
        (b"\x89PNG\r\n\x1a\n", "image/png", "This is a picture, not a text."),
        (b"no signature", "video/mp4", "This is not a text (video/mp4)."),
        (bytes(range(256)) * 40, "", "characters of this can't be read"),
        (b"Words\0and nothing", "", "null characters"),
        (b"{\\rtf1 words}", "", "This is an RTF file."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "", "old Word file (.doc), or one locked"),
        (b"%PDF-1.7 and nothing", "", "This PDF is damaged"),
        (documents.pdf(), "", "This PDF has no text, only pictures of pages."),
        (documents.pdf("Words", password="secret"), "", "locked by a password"),
        (b"PK\x03\x04 and nothing", "", "This Word file is damaged"),
        (b"<html><body><script>show()</script></body></html>", HTML, "No text was found"),
    ],
)
def test_what_can_t_be_read_is_refused_with_a_sentence(
    content: bytes, media_type: str, sentence: str
) -> None:
    with refused(sentence):
        read(content, media_type=media_type)


def test_another_packed_file_is_refused() -> None:
    import io
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("xl/workbook.xml", "<x/>")
    with refused("but not Word’s"):
        read(out.getvalue())


def test_a_bomb_is_not_unpacked() -> None:
    assert len(documents.bomb()) < 2**20
    with refused("unpacks to more than 60 MB"):
        read(documents.bomb())


def test_a_word_file_reaches_for_no_other_file() -> None:
    outside = (
        '<?xml version="1.0"?><!DOCTYPE w [<!ENTITY out SYSTEM "file:///etc/passwd">]>'
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        "<w:body><w:p><w:r><w:t>&out;</w:t></w:r></w:p></w:body></w:document>"
    )
    with refused("a part that Word never writes"):
        read(documents.word(parts={"word/document.xml": outside}))
    # Written so that the bytes don't show it, it still reads nothing.
    hidden = documents.word(parts={"word/document.xml": outside})
    hidden = _recoded(hidden, outside)
    try:
        text = read(hidden).text
    except Unreadable:
        return
    assert "root:" not in text


def _recoded(content: bytes, xml: str) -> bytes:
    import io
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            is_it = name == "word/document.xml"
            new.writestr(name, xml.encode("utf-16") if is_it else old.read(name))
    return out.getvalue()


def test_what_is_too_large_is_refused() -> None:
    with refused("larger than 20 MB"):
        read(b"a" * (reading.BIGGEST + 1))
    with refused("longer than 2,000,000 characters"):
        read_pasted("a" * (reading.LONGEST + 1))


def test_what_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "SECONDS", 0.01)
    with refused("takes too long"):
        read(documents.pdf("Words"))


def test_a_page_as_deep_as_an_abyss_is_refused_with_a_sentence() -> None:
    deep = "<html><body>" + "<div>" * 20_000 + "<p>Words</p>"
    with refused("No text was found in this page"):
        read(deep.encode(), media_type=HTML)
