"""A citation as a ready sentence in Chicago, APA and OSCOLA.

Written here because the processors of CSL styles (citeproc-py was tried) shorten given names, double
quotation marks and drop the retrieval date of what may change. The rules: The Chicago Manual of
Style, 18th ed. (2024), 13.18-13.23 (bibliography entries) and 14.104 (web pages, with access dates
for what may change); Publication Manual of the APA, 7th ed. (2020), 9.15-9.16 (retrieval dates), 9.21
(bracketed descriptions) and 10.16 (web pages); OSCOLA, 4th ed. (2012), 3.1.4 (titles) and 3.4.8
(websites). Italics are left to the reader's word processor: these are plain text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from negotiations.insight.citing.reference import SITE
from negotiations.languages.dates import ALONE as MONTH_NAMES
from negotiations.models import Precision, VagueDate

if TYPE_CHECKING:
    from negotiations.insight.citing.reference import Name, Reference

ENDS = (".", "!", "?", "…")


def sentences(reference: Reference) -> list[tuple[str, str]]:
    """The name of each style, and the citation in it."""
    return [
        ("Chicago", chicago(reference)),
        ("APA", apa(reference)),
        ("OSCOLA", oscola(reference)),
    ]


def chicago(reference: Reference) -> str:
    """An entry of a Chicago bibliography.

    Lavrov, Sergey. “We agreed on much.” Statement at Talks in Riyadh, February 18, 2025. Readout,
    statement 12, version 2. Accessed November 25, 2026. https://…
    """
    title = _ended(reference.title.replace("“", "‘").replace("”", "’"))
    made = [_first_up(reference.form), american(reference.dated)]
    if reference.publisher not in ("", reference.author.family):
        made = [reference.publisher, reference.form, american(reference.dated)]
    where = [f"{SITE}, {_record(reference)}"]
    if reference.is_own_work:
        where = [_first_up(_record(reference)), f"Last modified {american(reference.modified)}"]
    parts = [
        reference.author.inverted,
        title if reference.is_paraphrase else f"“{title}”",
        ", ".join(filter(None, made)),
        reference.original_url,
        *where,
        f"Accessed {american(VagueDate(reference.retrieved))}",
    ]
    return " ".join([*(_ended(part) for part in parts if part), reference.url])


def apa(reference: Reference) -> str:
    """An entry of an APA reference list.

    Lavrov, S. (2025, February 18). “We agreed on much” [Statement at Talks in Riyadh]. Readout,
    statement 12 (Version 2). Retrieved November 25, 2026, from https://…
    """
    title = f"“{reference.title}”" if reference.is_quotation else reference.title
    form = _first_up(reference.form)
    version = f"(Version {reference.version})"
    where = [f"{SITE}, {reference.record} {version}"]
    if reference.is_own_work:
        held = f", {american(reference.dated)}" if reference.dated else ""
        form, where = f"{form}{held}; {reference.record}, version {reference.version}", []
    publisher = reference.publisher if reference.publisher != reference.author.family else ""
    parts = [
        f"{_initials(reference.author)} ({_year_first(reference.date)})",
        f"{title} [{form}]",
        publisher,
        reference.original_url,
        *where,
    ]
    retrieved = american(VagueDate(reference.retrieved))
    sentence = " ".join(_ended(part) for part in parts if part)
    return f"{sentence} Retrieved {retrieved}, from {reference.url}"


def oscola(reference: Reference) -> str:
    """An OSCOLA footnote.

    Sergey Lavrov, ‘We agreed on much’ (statement at Talks in Riyadh, 18 February 2025) Readout,
    statement 12, version 2 <https://…> accessed 25 November 2026.
    """
    title = reference.title if reference.is_paraphrase else f"‘{reference.title}’"
    made = [reference.form, str(reference.dated or "")]
    if reference.publisher not in ("", reference.author.family):
        made = [reference.publisher, *made]
    form = ", ".join(filter(None, made))
    where = f"({form}) {SITE}, {_record(reference)}"
    if reference.is_own_work:
        where = f"({form}; {_record(reference)}, {reference.modified})"
    elif reference.original_url:
        where = f"({form}) <{reference.original_url}>, {SITE}, {_record(reference)}"
    retrieved = VagueDate(reference.retrieved)
    return f"{reference.author.straight}, {title} {where} <{reference.url}> accessed {retrieved}."


def _record(reference: Reference) -> str:
    return f"{reference.record}, version {reference.version}"


def _ended(text: str) -> str:
    return text if text.rstrip("”’]").endswith(ENDS) else f"{text}."


def _first_up(text: str) -> str:
    return text[:1].upper() + text[1:]


def american(date: VagueDate | None) -> str:
    """ "February 18, 2025", "February 2025", "ca. 2025"; empty if there is none."""
    if not date:
        return ""
    text = str(date.first.year)
    if date.precision == Precision.MONTH:
        text = f"{MONTH_NAMES[date.first.month]} {text}"
    elif date.precision == Precision.DAY:
        text = f"{MONTH_NAMES[date.first.month]} {date.first.day}, {text}"
    return f"ca. {text}" if date.about else text


def _year_first(date: VagueDate | None) -> str:
    """APA's dates: "2025, February 18"; "n.d." if there is none."""
    if not date:
        return "n.d."
    text = str(date.first.year)
    if date.precision != Precision.YEAR:
        text += f", {MONTH_NAMES[date.first.month]}"
    if date.precision == Precision.DAY:
        text += f" {date.first.day}"
    return f"ca. {text}" if date.about else text


def _initials(author: Name) -> str:
    """APA's names: "Lavrov, S. V.", "Juncker, J.-C."; of a body, the whole name, ended."""
    given = " ".join(
        "-".join(f"{part[0].upper()}." for part in each.split("-") if part)
        for each in author.given.split()
    )
    return f"{author.family}, {given}" if given else _ended(author.family)
