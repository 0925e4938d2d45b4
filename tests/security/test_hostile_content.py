"""Files, pages and texts made to harm whoever reads them: bombs, entities, endless patterns, inner addresses."""

from __future__ import annotations

import contextlib
import gzip
import io
import signal
import zipfile
import zlib
from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import ValidationError

from negotiations.editing.capture import fetching
from negotiations.editing.capture.reading import PDF, Unreadable, read, read_pasted
from negotiations.editing.drafting.forms.meetings import DurationField
from negotiations.editing.drafting.reading import read as read_draft
from negotiations.editing.importing.reading import Unreadable as NoTable
from negotiations.editing.importing.reading import open_table
from negotiations.editing.importing.standards.xml import parsed
from negotiations.models import VagueDate
from negotiations.search import language
from tests.editing.capture import documents

if TYPE_CHECKING:
    from collections.abc import Iterator

ENOUGH = 20  # seconds of the processor, where each of these takes a thousandth of it


@pytest.fixture
def bounded() -> Iterator[None]:
    """Fails what goes on without end; counted in the processor's time, whatever else the machine does."""

    def ring(*_: Any) -> None:
        raise TimeoutError("this goes on and on")

    before = signal.signal(signal.SIGVTALRM, ring)
    signal.setitimer(signal.ITIMER_VIRTUAL, ENOUGH)
    yield
    signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    signal.signal(signal.SIGVTALRM, before)


# --- Bombs ---


def pdf_bomb() -> bytes:
    """A PDF whose one page unpacks to 500 MB of blanks, twice packed."""
    packed = zlib.compress(zlib.compress(b" " * 2**20) * 500)
    made = documents.pdf("Words")
    start, end = made.index(b"4 0 obj"), made.index(b"endobj", made.index(b"4 0 obj"))
    stream = (
        b"4 0 obj\n<< /Filter [/FlateDecode /FlateDecode] /Length %d >> stream\n%s\nendstream\n"
    )
    return made[:start] + stream % (len(packed), packed) + made[end:]


def test_a_pdf_that_unpacks_without_end_is_refused_or_read_as_what_it_shows() -> None:
    """In a process of its own, whose memory and time are limited."""
    with pytest.raises(Unreadable):
        read(pdf_bomb(), media_type=PDF)


def test_a_pdf_whose_pages_lead_in_a_circle_ends() -> None:
    circle = documents.pdf("Words").replace(b"/Kids [3 0 R]", b"/Kids [2 0 R]")
    with pytest.raises(Unreadable):
        read(circle, media_type=PDF)


def many_members(count: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for number in range(count):
            packed.writestr(f"word/{number}.xml", b"")
        packed.writestr("word/document.xml", b"<x/>")
    return out.getvalue()


def test_a_word_file_of_countless_parts_is_refused() -> None:
    with pytest.raises(Unreadable):
        read(many_members(20_000))


def test_a_workbook_of_countless_parts_is_refused() -> None:
    with pytest.raises(NoTable), open_table(io.BytesIO(many_members(20_000))) as table:
        list(table.rows)


def test_a_zip_that_says_less_than_it_holds_is_refused() -> None:
    """The sizes in its directory are its maker's claim."""
    content = bytearray(documents.bomb())
    place = content.index(b"PK\x01\x02")
    content[place + 24 : place + 28] = (1000).to_bytes(4, "little")
    with pytest.raises(Unreadable):
        read(bytes(content))


def test_gzip_in_gzip_is_no_text() -> None:
    packed = gzip.compress(gzip.compress(b" " * 2**24))
    with pytest.raises(Unreadable):
        read(packed)


def lol(levels: int = 10) -> str:
    entities = ['<!ENTITY l0 "ha">'] + [
        f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, levels)
    ]
    return f"<!DOCTYPE a [{''.join(entities)}]><akomaNtoso>&l{levels - 1};</akomaNtoso>"


@pytest.mark.parametrize(
    "content",
    [
        lol(),
        f'<!DOCTYPE a [<!ENTITY x "{"x" * 50_000}">]><a>{"&x;" * 5000}</a>',
        '<!DOCTYPE a [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x.dtd">%p;]><a/>',
        '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/x.dtd"><a/>',
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a b="&x;"/>',
        "<a>" * 100_000,
        "<a" + " b='1'" * 100_000,
    ],
)
def test_xml_with_entities_bombs_and_outside_parts_is_refused(content: str, bounded: None) -> None:
    for encoding in ("utf-8", "utf-16"):
        with pytest.raises(NoTable):
            parsed(content.encode(encoding))


def test_what_is_included_from_outside_stays_outside() -> None:
    xi = '<a xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="file:///etc/passwd" parse="text"/></a>'
    assert "root:" not in "".join(parsed(xi.encode()).itertext())


# --- Patterns without end ---

HOSTILE = ["a", " ", "\n", ".", "…", '"', "“", "'", "(", "[", "1", "- ", "x:", "<!-- -->", "<a ", "&lt;", "a’", "Mr. ",
           "said ", "А. ", "# ", "**", "–a "]  # fmt: skip


@pytest.mark.parametrize("seed", HOSTILE)
def test_no_text_keeps_its_reader_for_ever(seed: str, bounded: None) -> None:
    public = seed * (4000 // len(seed)) + "!"
    language.read(public)
    for text in (public[:100], "about " + public[:100]):
        with contextlib.suppress(ValueError):
            VagueDate.parse(text)
    for text in (public, "4 " + public):
        with pytest.raises(ValidationError):
            DurationField().clean(text)
    long = seed * (60_000 // len(seed)) + "!"
    read_draft(long)
    with contextlib.suppress(Unreadable):
        read_pasted(long)


# --- Inner addresses, in every spelling ---


@pytest.mark.parametrize(
    "host",
    [
        "2130706433", "0x7f000001", "017700000001", "127.1", "127.0.1", "0", "0x7f.1", "①②⑦.⓪.⓪.①",
        "[::127.0.0.1]", "[0:0:0:0:0:ffff:7f00:1]", "[::ffff:169.254.169.254]", "[64:ff9b:1::7f00:1]",
        "[fec0::1]", "[ff02::1]", "[2001:db8::1]", "[2001::1]", "localhost", "localhost.",
        "192.0.2.1", "198.18.0.1", "240.0.0.1", "192.88.99.1",
    ],
)  # fmt: skip
@pytest.mark.parametrize("port", ["", ":80", ":443"])
def test_no_spelling_of_an_inner_address_is_asked(
    host: str, port: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def connect(*_: Any) -> None:
        raise AssertionError("it was asked")

    monkeypatch.setattr("urllib3.connection.HTTPConnection.connect", connect)
    with pytest.raises(fetching.Unreachable):
        fetching.fetch(f"http://{host}{port}/latest/meta-data/")


@pytest.mark.parametrize(
    "address",
    ["http://public.test#@127.0.0.1/", "http://public.test\\@127.0.0.1/", "http://127.0.0.1\t.public.test/",
     "gopher://127.0.0.1:6379/_x", "file:///etc/passwd", "dict://127.0.0.1:11211/", "http://public.test:22/",
     "http://public.test:6379/", "http://user:pw@public.test/", "http://public.test\r\nHost: x/", "//127.0.0.1/"],
)  # fmt: skip
def test_no_trick_in_an_address_leads_elsewhere(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is looked up is what is asked: of two names in one address never the second."""
    looked_up = []

    def look_up(host: str, port: int) -> list[str]:
        looked_up.append((host, port))
        return ["127.0.0.1"]

    monkeypatch.setattr(fetching, "addresses_of", look_up)
    with pytest.raises(fetching.Unreachable):
        fetching.fetch(address)
    assert {host for host, _ in looked_up} <= {"public.test"}
