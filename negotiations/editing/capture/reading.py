"""Reads what an editor brings as text: plain text, HTML, PDF, Word; nothing in it is executed.

HTML, PDF and Word are read by a process of their own (`python -m …reading`), which a time and
a memory limit bound: a hostile file costs an error message, and no more.
"""

from __future__ import annotations

import codecs
import io
import json
import re
import subprocess
import sys
import zipfile
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
    r"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|(?:html|head|body|article|section|main|div|p|table|"
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
            [sys.executable, "-m", "negotiations.editing.capture.reading", order],
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


def _main(order: dict[str, str], content: bytes) -> dict[str, Any]:
    _limit_memory()
    readers = {HTML: _read_html, PDF: _read_pdf, DOCX: _read_docx}
    try:
        return {"document": asdict(readers[order["kind"]](content, order["charset"], order["url"]))}
    except Unreadable as sentence:
        return {"sentence": str(sentence)}


def _limit_memory() -> None:
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


def _read_html(content: bytes, charset: str, url: str) -> Document:
    from lxml import etree, html
    from trafilatura import extract, extract_metadata
    from trafilatura.settings import use_config

    page, encoding = decode(content, charset)
    # A declared encoding would be an error in characters that are read already.
    page = re.sub(r"^\s*<\?xml[^>]*\?>", "", page.replace("\0", ""))
    config = use_config()
    for name in ("MIN_EXTRACTED_SIZE", "MIN_OUTPUT_SIZE"):
        config.set("DEFAULT", name, "1")
    try:
        tree = html.document_fromstring(page, parser=html.HTMLParser(no_network=True))
        text = ""
        if re.search(r"<(?:html|body)\b", page, re.IGNORECASE):
            text = extract(page, favor_recall=True, include_comments=False, config=config) or ""
        known = extract_metadata(
            page,
            default_url=url or None,
            date_config={
                "original_date": True,
                "extensive_search": False,
                "min_date": "1900-01-01",
                "max_date": "2100-01-01",
            },
        )
    except (etree.LxmlError, ValueError, RecursionError) as error:
        raise Unreadable("This page could not be read. Copy its words and paste them.") from error
    text = text if text.strip() else _whole_text(tree)
    if not any(c.isalnum() for c in text):
        raise Unreadable(
            "No text was found in this page: perhaps a script shows it. "
            "Open it in a browser, copy the words and paste them."
        )
    kinds = " ".join(tree.xpath("//meta[@property='og:type']/@content"))
    languages = tree.xpath("/html/@lang")
    return Document(
        text=text,
        media_type=HTML,
        title=known.title or "",
        publisher=known.sitename or known.hostname or "",
        author=known.author or "",
        date=known.date or "",
        language=str(languages[0]) if languages else "",
        url=known.url or url,
        is_article="article" in kinds or '"NewsArticle"' in page,
        note="" if encoding == "utf-8" else f"Read in the encoding {encoding}.",
    )


BLOCKS = (
    *(
        "address",
        "article",
        "aside",
        "blockquote",
        "br",
        "caption",
        "dd",
        "div",
        "dt",
        "figcaption",
    ),
    *(
        "footer",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "p",
        "pre",
    ),
    *("section", "table", "td", "th", "tr"),
)


def _whole_text(tree: Any) -> str:
    """All words that a browser would show, where nothing tells the article from the rest."""
    for unseen in tree.xpath("//script|//style|//noscript|//template|//title|//object|//iframe"):
        unseen.drop_tree()
    for each in tree.iter():
        each.text, each.tail = (
            re.sub(r"\s+", " ", part) if part else part for part in (each.text, each.tail)
        )
    for block in tree.iter(*BLOCKS):
        block.text, block.tail = f"\n{block.text or ''}", f"\n{block.tail or ''}"
    lines = (line.strip() for line in str(tree.text_content()).split("\n"))
    return "\n".join(line for line in lines if line)


def _read_pdf(content: bytes, charset: str, url: str) -> Document:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unreadable(
                "This PDF is locked by a password. Save a copy without one, or copy the words and "
                "paste them."
            )
        if len(reader.pages) > MOST_PAGES:
            raise Unreadable(f"This PDF has more than {MOST_PAGES:,} pages. Bring those you quote.")
        pages: list[str] = []
        length = 0
        for page in reader.pages:
            pages.append(page.extract_text())
            length += len(pages[-1])
            if length > LONGEST:
                raise Unreadable(TOO_LONG)
        known = reader.metadata
        title, author = (known.title or "", known.author or "") if known else ("", "")
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Unreadable(
            "This PDF is damaged and could not be read. Copy the words and paste them."
        ) from error
    text = "\n\n".join(pages)
    if not any(c.isalnum() for c in text):
        raise Unreadable(
            "This PDF has no text, only pictures of pages. Let a program recognise the text (OCR) "
            "first, or type the words that you quote."
        )
    return Document(text, PDF, title=title, author=author)


WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
SHOWN_TWICE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


def _read_docx(content: bytes, charset: str, url: str) -> Document:
    from docx import Document as open_docx
    from docx.opc.exceptions import OpcError
    from lxml.etree import LxmlError

    try:
        _check_parts(content)
        document = open_docx(io.BytesIO(content))
        known = document.core_properties
        return Document(
            text="\n".join(_paragraphs(document.element.body)),
            media_type=DOCX,
            title=known.title or "",
            author=known.author or "",
            language=known.language or "",
        )
    except (OpcError, LxmlError, zipfile.BadZipFile, ValueError, KeyError, OSError) as error:
        raise Unreadable(
            "This Word file is damaged and could not be read. Copy the words and paste them."
        ) from error


def _check_parts(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        parts = file.infolist()
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > UNPACKED:
            raise Unreadable(
                f"This file unpacks to more than {UNPACKED // 2**20} MB, which no text needs. "
                "Copy the words and paste them."
            )
        if "word/document.xml" not in file.namelist():
            raise Unreadable(f"This is a packed file, but not Word’s. {WHAT_CAN_BE_READ}")
        for part in parts:
            if part.filename.endswith((".xml", ".rels")) and b"<!DOCTYPE" in file.read(part):
                raise Unreadable(
                    "This Word file has a part that Word never writes (a document type), and was "
                    "not read. Copy the words and paste them."
                )


def _paragraphs(body: Any) -> list[str]:
    """All paragraphs, those in tables, boxes and marked insertions too; not what is struck out."""
    found = []
    for paragraph in body.iter(f"{WORD}p"):
        if any(above.tag == SHOWN_TWICE for above in paragraph.iterancestors()):
            continue
        marks = {
            f"{WORD}tab": "\t",
            f"{WORD}br": "\n",
            f"{WORD}cr": "\n",
            f"{WORD}noBreakHyphen": "‑",
        }
        words = [
            each.text or "" if each.tag == f"{WORD}t" else marks[each.tag]
            for each in paragraph.iter(f"{WORD}t", *marks)
            # A box stands in a paragraph, and has paragraphs of its own.
            if next(each.iterancestors(f"{WORD}p")) is paragraph
            and each.getparent().tag == f"{WORD}r"
        ]
        found.append("".join(words))
    return found


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_main(json.loads(sys.argv[1]), sys.stdin.buffer.read())))
