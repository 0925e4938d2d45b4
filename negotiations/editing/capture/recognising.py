"""Guesses what a source is, from the text and from what the document says of itself.

A guess fills a field that the editor sees; where nothing speaks for one, the field stays empty.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from negotiations.editing.capture.reading import HTML, Document
from negotiations.models import Source, VagueDate

Kind = Source.Kind
# The first that fits the title, or else the first lines, in the languages most often captured.
KINDS = (
    (Kind.JOINT_STATEMENT, r"joint (?:statement|declaration|communiqu)|совместное заявление|déclaration (?:conjointe|commune)|gemeinsame erklärung"),
    (Kind.TRANSCRIPT, r"transcript|стенограмма|verbatim record|press conference by|remarks (?:by|at|to)|пресс-конференц"),
    (Kind.INTERVIEW, r"\binterview|интервью|\bentretien avec"),
    (Kind.OFFICIAL_READOUT, r"read-?out|statement by the (?:spokes|minist)|press release|communiqué|о телефонном разговоре|сообщение для сми"),
)  # fmt: skip
OFFICIAL_HOST = re.compile(
    r"(?:^|\.)(?:gov(?:\.\w\w)?|gouv\.\w+|gob\.\w+|mil|int|kremlin\.ru|mid\.ru|government\.ru|"
    r"europa\.eu|president\.\w+|bundesregierung\.de|un\.org)$"
)
LETTER = r"[^\W\d_]"
NAME = rf"{LETTER}[\w.’'-]*(?:\s+{LETTER}[\w.’'-]*){{1,3}}"
BYLINE = re.compile(rf"(?:By\s+)?(?P<author>{NAME})\s+for\s+(?P<publisher>[^.!?:;]{{2,60}})")
BY = re.compile(rf"By\s+(?P<author>{NAME})", re.IGNORECASE)
COPIED_FROM = re.compile(
    r"read (?:the )?(?:full|original|whole) (?:article|story|report) (?:at|on|in) (\S[^\n]{1,60})",
    re.IGNORECASE,
)
AGENCY = re.compile(
    r"\((Reuters|AP|AFP|TASS|Xinhua|Interfax|RIA Novosti|Anadolu|dpa|EFE|ANSA|UPI)\)\s*[-–—]"
)
DATE = re.compile(
    rf"\b(\d{{1,2}}\.? {LETTER}{{3,9}}\.? \d{{4}}|{LETTER}{{3,9}}\.? \d{{1,2}}, \d{{4}}|\d{{4}}-\d\d-\d\d)\b"
)


def recognise(document: Document) -> dict[str, Any]:
    """Values for a source's fields, by their names; only what was recognised."""
    lines = [line.strip(" \t*#_") for line in document.text.split("\n") if line.strip(" \t*#_")]
    edges = [line for line in [*lines[1:7], *lines[-3:]] if len(line) <= 100]
    author, publisher, republisher = _by_whom(edges, "\n".join(lines[:7]))
    title = _title(document, lines)
    host = urlsplit(document.url).hostname or ""
    known = _as_before(host)
    kind = known.get("kind") or _kind(title, "\n".join(lines[:5]), host)
    if not kind and (document.is_article or author or AGENCY.search("\n".join(lines[:7]))):
        kind = Kind.NEWS_REPORT
    found = {
        "title": title[:300],
        "kind": kind,
        "publisher": (known.get("publisher") or document.publisher or publisher)[:200],
        "republisher": republisher[:200],
        "author": (document.author or author)[:200],
        "date": _date(document, edges),
        "language": _language(document),
        "url": document.url[:1000],
    }
    return {name: value for name, value in found.items() if value}


def _title(document: Document, lines: list[str]) -> str:
    if document.title and not re.match(r"(?:Microsoft Word|untitled)\b", document.title, re.I):
        return document.title
    return lines[0] if lines and len(lines[0]) <= 300 else ""


def _as_before(host: str) -> dict[str, str]:
    """How the last source from the same site was entered."""
    if not host:
        return {}
    same = Source.objects.filter(url__regex=rf"^https?://{re.escape(host)}[:/]").order_by("-id")
    return same.values("publisher", "kind").first() or {}


def _kind(title: str, beginning: str, host: str) -> str:
    for words in (title, beginning):
        for kind, pattern in KINDS:
            if re.search(pattern, words, re.IGNORECASE):
                return kind
    return Kind.OFFICIAL_READOUT if OFFICIAL_HOST.search(host) else ""


def _by_whom(edges: list[str], beginning: str) -> tuple[str, str, str]:
    """Author, publisher and republisher, as the lines at both ends name them."""
    author = publisher = republisher = ""
    for line in edges:
        if match := BYLINE.fullmatch(line) or BY.fullmatch(line):
            author = match["author"]
            publisher = match.groupdict().get("publisher") or ""
            break
    if match := AGENCY.search(beginning):
        publisher = match[1]
    if match := COPIED_FROM.search(beginning):
        publisher, republisher = match[1].rstrip(" .)"), publisher
    return author, publisher, republisher


def _date(document: Document, edges: list[str]) -> VagueDate | None:
    said = [document.date] if document.media_type == HTML else []
    for text in (*said, *(match[1] for line in edges for match in DATE.finditer(line))):
        try:
            return VagueDate.parse(text)
        except ValueError:
            continue
    return None


def _language(document: Document) -> str:
    """By the document's own word, without the country; else by its words, where that is sure."""
    if match := re.match(r"[a-z]{2,3}(?![a-z])", document.language.lower()):
        return match[0]
    if len(document.text) < 40:
        return ""
    language, sure = _identifier().classify(document.text[:5000])
    return str(language) if sure > 0.8 else ""


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
