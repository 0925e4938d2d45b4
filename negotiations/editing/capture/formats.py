"""Reads HTML, PDF and Word in a process of its own, whose time and memory are limited.

`python -m negotiations.editing.capture.formats ORDER` takes the content as its input, and answers
with a document, or with a sentence that says why there is none, as JSON.
"""

from __future__ import annotations

import io
import json
import re
import sys
import zipfile
from contextlib import suppress
from dataclasses import asdict
from typing import Any

from negotiations.editing.capture.reading import (
    DOCX,
    HTML,
    LONGEST,
    MEMORY,
    MOST_PAGES,
    MOST_PARTS,
    PDF,
    SECONDS,
    TOO_LONG,
    UNPACKED,
    WHAT_CAN_BE_READ,
    Document,
    Unreadable,
    decode,
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
