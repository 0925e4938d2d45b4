"""Reads what an editor brings as text: plain text, HTML, PDF, Word; nothing in it is executed.

HTML, PDF and Word are read by a process of their own (`python -m …formats`), which a time and
a memory limit bound: a hostile file costs an error message, and no more.
"""

from __future__ import annotations

import codecs
import json
import re
import subprocess
import sys
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from charset_normalizer.models import CharsetMatch

HTML, PDF, PLAIN = "text/html", "application/pdf", "text/plain"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

LONGEST = 2_000_000  # characters of text
BIGGEST = 20 * 2**20  # bytes of a file or page
UNPACKED = 60 * 2**20  # bytes that a Word file may unpack to
MOST_PARTS = 2_000  # files inside a Word file
MOST_PAGES = 3_000  # of a PDF
SECONDS = 60  # that reading may take
MEMORY = 1_500 * 2**20  # bytes that reading may use

TOO_LONG = f"This text is longer than {LONGEST:,} characters. Capture the part that you quote from."
TOO_BIG = f"This is larger than {BIGGEST // 2**20} MB. Bring the text alone, without the pictures."


class Unreadable(Exception):
    """What was brought can't be read as text; the message is a sentence for the editor."""


@dataclass(frozen=True)
class Document:
    """A text, with what the document says of itself. `date` is ISO; all but `text` may be empty."""

    text: str
    media_type: str
    title: str = ""
    publisher: str = ""
    author: str = ""
    date: str = ""
    language: str = ""
    url: str = ""
    is_article: bool = False  # It calls itself an article, or has a reporter.
    note: str = ""  # For the editor: how it was read.


def read(content: bytes, *, media_type: str = "", charset: str = "", url: str = "") -> Document:
    """Read a file or a web page.

    What it is shows in the content itself; `media_type` and `charset`, as its sender or its name
    declared them, count where that leaves a choice. `url` is where it was found.

    Raises:
        Unreadable: says why, and what to do about it.
    """
    if len(content) > BIGGEST:
        raise Unreadable(TOO_BIG)
    kind = _kind(content, media_type)
    if kind == PLAIN:
        text, encoding = decode(content, charset)
        note = "" if encoding == "utf-8" else f"Read in the encoding {encoding}."
        return _finished(Document(text, PLAIN, note=note))
    return _finished(_apart(content, kind, charset, url))


def read_pasted(text: str) -> Document:
    """Read pasted words: plain text, or the source of a page.

    Raises:
        Unreadable: see `read`.
    """
    if len(text) > LONGEST:
        raise Unreadable(TOO_LONG)
    if LOOKS_LIKE_HTML.match(text):
        return _finished(_apart(text.encode(), HTML, "utf-8", ""))
    return _finished(Document(text, PLAIN))


# --- What it is ---

LOOKS_LIKE_HTML = re.compile(
    r"\s*+(?:<!--(?:(?!-->).)*+-->\s*+)*+<(?:!doctype\s+html|(?:html|head|body|article|section|main|div|p|table|"
    r"blockquote|h[1-6]|span|script|style|meta|link|title|ul|ol)\b[^<>]*>)",
    re.IGNORECASE | re.DOTALL,
)
SIGNATURES = {
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"RIFF": "a picture, sound or film",
    b"OggS": "a sound or film",
    b"ID3": "a sound",
    b"\x1f\x8b": "a packed file",
    b"7z\xbc\xaf": "a packed file",
    b"Rar!": "a packed file",
    b"\x7fELF": "a program",
    b"MZ\x90": "a program",
}
WHAT_CAN_BE_READ = "Bring plain text, HTML, PDF or Word (.docx)."


def _kind(content: bytes, declared: str) -> str:
    if not content.strip():
        raise Unreadable("This is empty: there is no text in it.")
    if b"%PDF-" in content[:1024]:
        return PDF
    if content.startswith(b"PK\x03\x04"):
        return DOCX
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable(
            "This is an old Word file (.doc), or one locked by a password. "
            "Open it in Word, and save it as .docx without a password."
        )
    if content.startswith(b"{\\rtf"):
        raise Unreadable("This is an RTF file. Save it as .docx or as plain text.")
    for signature, what in SIGNATURES.items():
        if content.startswith(signature):
            raise Unreadable(f"This is {what}, not a text. {WHAT_CAN_BE_READ}")
    general, _, _ = declared.partition("/")
    if general in ("image", "audio", "video", "font", "model"):
        raise Unreadable(f"This is not a text ({declared}). {WHAT_CAN_BE_READ}")
    if declared in (HTML, "application/xhtml+xml"):
        return HTML
    head = content[:4096].lstrip(codecs.BOM_UTF8).decode("latin-1")
    return HTML if LOOKS_LIKE_HTML.match(head) else PLAIN


# --- Characters ---

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Where several encodings give a likely text, the more usual one; each is the usual one of its script.
USUAL = ("cp1252", "cp1251", "koi8-r", "cp1250", "cp1256", "gb18030", "shift_jis", "euc_kr")


def decode(content: bytes, declared: str = "") -> tuple[str, str]:
    """The characters, and the encoding in which they were read.

    A declared encoding is believed where the content bears it out: UTF-8 can't be mistaken, and
    others are weighed by how much the result looks like a language.

    Raises:
        Unreadable: if no encoding gives a text.
    """
    for mark, encoding in MARKS:
        if content.startswith(mark):
            with suppress(UnicodeDecodeError):
                return content.decode(encoding), "utf-8" if "8" in encoding else encoding
    with suppress(UnicodeDecodeError):
        text = content.decode("utf-8")
        if "\0" not in text:
            return text, "utf-8"
    from charset_normalizer import from_bytes

    matches = from_bytes(content)
    best = matches.best()
    if best is None:
        raise Unreadable(
            f"The characters of this can't be read: it is no text, or a damaged one. {WHAT_CAN_BE_READ}"
        )
    names = [_codec(declared), _codec(_declared_inside(content)), *USUAL]

    def rank(match: CharsetMatch) -> int:
        known = {_codec(name) for name in match.could_be_from_charset}
        return next((n for n, name in enumerate(names) if name in known), len(names))

    likely = (m for m in matches if m.chaos <= best.chaos and m.coherence > best.coherence - 0.02)
    chosen = min(likely, key=rank)
    encoding = next((n for n in names if n in map(_codec, chosen.could_be_from_charset)), "")
    return str(chosen), encoding or chosen.encoding.replace("_", "-")


def _codec(name: str) -> str:
    """The codec's one name; a page's latin-1 means windows-1252, as browsers have it."""
    try:
        found = codecs.lookup(name).name if name else ""
    except LookupError:
        return ""
    return "cp1252" if found in ("iso8859-1", "ascii") else found


def _declared_inside(content: bytes) -> str:
    found = re.search(rb"""<meta[^>]+charset\s*=\s*["']?([\w-]+)""", content[:4096], re.IGNORECASE)
    return found[1].decode("ascii", "ignore") if found else ""


CONTROLS = dict.fromkeys(range(32)) | {0x7F: None}
CONTROLS |= {ord("\t"): "\t", ord("\n"): "\n", ord("\f"): "\n", ord("\v"): "\n"}


def plain(text: str) -> str:
    """The text with one kind of line end and without characters that show nothing.

    The form sends and gets it back unchanged then; half of a surrogate pair can't be stored.
    """
    if not text.isascii():
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(CONTROLS)
    return text.removeprefix("\ufeff").strip()


def _finished(document: Document) -> Document:
    if "\0" in document.text:
        raise Unreadable(
            "There are null characters in this: it is no text, or a damaged one. "
            "Copy the words from where they are shown."
        )
    text = plain(document.text)
    if not any(c.isalnum() for c in text):
        raise Unreadable("No words were found in this.")
    if len(text) > LONGEST:
        raise Unreadable(TOO_LONG)
    rest: dict[str, Any] = {
        name: " ".join(plain(value.replace("\0", "")).split())
        for name, value in asdict(document).items()
        if isinstance(value, str) and name != "text"
    }
    return replace(document, text=text, **rest)


# --- In a process of its own ---


def _apart(content: bytes, kind: str, charset: str, url: str) -> Document:
    order = json.dumps({"kind": kind, "charset": charset, "url": url})
    try:
        done = subprocess.run(
            [sys.executable, "-m", "negotiations.editing.capture.formats", order],
            cwd=Path(__file__).parents[3],
            input=content,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
        answer = json.loads(done.stdout) if done.returncode == 0 else {}
    except (subprocess.TimeoutExpired, ValueError):
        answer = {}
    if "document" in answer:
        return Document(**answer["document"])
    raise Unreadable(
        answer.get("sentence")
        or "This could not be read: it takes too long or too much memory, or it is damaged. "
        "Copy the words and paste them."
    )
