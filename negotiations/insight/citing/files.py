"""A citation as a file for reference managers: BibTeX, RIS, CSL-JSON.

BibTeX as both bibtex (btxdoc, 1988) and biblatex read it, in UTF-8; RIS by the tags of the
RefMan specification (2011); CSL-JSON by the Citation Style Language 1.0.2.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from negotiations.insight.citing.reference import SITE
from negotiations.models import Precision, Source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from negotiations.insight.citing.reference import Name, Reference
    from negotiations.models import VagueDate

CONTROLS = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029]+")
# What means something to TeX; single braces would upset BibTeX even when escaped.
TEX = str.maketrans(
    {
        "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}",
        "^": r"\textasciicircum{}", "~": r"\textasciitilde{}",
        "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%", "_": r"\_",
    }
)  # fmt: skip
MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
RIS_TYPES: dict[str, str] = {Source.Kind.NEWS_REPORT: "NEWS", Source.Kind.DATASET: "DATA"}
CSL_TYPES: dict[str, str] = {
    Source.Kind.NEWS_REPORT: "article-newspaper",
    Source.Kind.INTERVIEW: "interview",
    Source.Kind.DATASET: "dataset",
    Source.Kind.OFFICIAL_READOUT: "document",
    Source.Kind.TRANSCRIPT: "document",
    Source.Kind.JOINT_STATEMENT: "document",
}


def _line(text: str) -> str:
    """The text in one line, without control characters."""
    return " ".join(CONTROLS.sub(" ", text).split())


def _note(reference: Reference) -> str:
    """What the fields of these formats have no place for."""
    held = f"{reference.form}, {reference.dated}" if reference.dated else reference.form
    original = [f"original: {reference.original_url}"] if reference.original_url else []
    return "; ".join([held, *reference.notes, *original])


def bibtex(reference: Reference) -> str:
    """One BibTeX entry."""
    fields: dict[str, str] = {
        "author": _tex_name(reference.author),
        "title": f"{{{_tex(reference.marked_title)}}}",
        "howpublished": _tex(f"{SITE}, {reference.record}"),
        "version": str(reference.version),
        "url": _tex_url(reference.url),
        "urldate": reference.retrieved.isoformat(),
        "note": _tex(_note(reference)),
    }
    if reference.publisher:
        fields["publisher"] = _tex(reference.publisher)
    if reference.event:
        fields["eventtitle"] = _tex(reference.event)
    if reference.place:
        fields["venue"] = _tex(reference.place)
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items()]
    if date := reference.date:
        lines.append(f"  year = {{{date.first.year}}}")
        if date.precision != Precision.YEAR:
            lines.append(f"  month = {MONTHS[date.first.month - 1]}")
    return f"@misc{{{reference.key},\n" + ",\n".join(lines) + "\n}\n"


def _tex(text: str) -> str:
    return _line(text).translate(TEX)


def _tex_name(name: Name) -> str:
    """A person by parts; a body in braces of its own, so that no "and" or comma cuts it."""
    if name.given:
        return f"{{{_tex(name.family)}}}, {{{_tex(name.given)}}}"
    return f"{{{_tex(name.family)}}}"


def _tex_url(url: str) -> str:
    return quote(url, safe="/:?#[]@!$&'()*+,;=%-._~")


def ris(reference: Reference) -> str:
    """One RIS reference."""
    lines = [f"{tag}  - {_line(value)}" for tag, value in _tags(reference) if value]
    return "\r\n".join([*lines, "ER  - ", ""])


def _tags(reference: Reference) -> Iterator[tuple[str, str]]:
    yield "TY", RIS_TYPES.get(reference.source_kind, "ELEC")
    yield "ID", reference.key
    yield "AU", reference.author.inverted
    yield "TI", reference.marked_title
    yield "T2", f"{SITE}, {reference.record}"
    if date := reference.date:
        yield "PY", str(date.first.year)
        month, day = f"{date.first:%m}", f"{date.first:%d}"
        parts = [month, day][: date.precision - 1]
        yield "DA", "/".join([str(date.first.year), *parts, *["", "", ""][len(parts) :]])
    yield "ET", f"version {reference.version}"
    yield "PB", reference.publisher
    yield "CY", reference.place
    yield "LA", reference.language
    yield "N1", _note(reference)
    yield "Y2", f"{reference.retrieved:%Y/%m/%d}/"
    yield "UR", reference.url


def csl_json(reference: Reference) -> str:
    """An array of one item, as CSL processors take it."""
    return json.dumps([_csl(reference)], ensure_ascii=False, indent=2) + "\n"


def _csl(reference: Reference) -> dict[str, Any]:
    kind = CSL_TYPES.get(reference.source_kind, "webpage")
    item: dict[str, Any] = {
        "id": reference.key,
        "type": "speech" if reference.is_quotation else kind,
        "title": _line(reference.marked_title),
        "author": [_csl_name(reference.author)],
        "container-title": SITE,
        "genre": reference.form,
        "number": reference.record,
        "version": str(reference.version),
        "issued": _csl_date(reference.date) if reference.date else None,
        "accessed": {
            "date-parts": [
                [reference.retrieved.year, reference.retrieved.month, reference.retrieved.day]
            ]
        },
        "URL": reference.url,
        "event-title": reference.event,
        "event-place": reference.place,
        "publisher": reference.publisher,
        "language": reference.language,
        "note": _line(_note(reference)),
    }
    return {key: value for key, value in item.items() if value}


def _csl_name(name: Name) -> dict[str, str]:
    return {"family": name.family, "given": name.given} if name.given else {"literal": name.family}


def _csl_date(date: VagueDate) -> dict[str, Any]:
    parts = [date.first.year, date.first.month, date.first.day][: date.precision]
    return {"date-parts": [parts], **({"circa": True} if date.about else {})}


# By the suffix of its address: how it is written, its name, its media type.
FILES = {
    "bib": (bibtex, "BibTeX", "application/x-bibtex"),
    "ris": (ris, "RIS", "application/x-research-info-systems"),
    "csl.json": (csl_json, "CSL-JSON", "application/vnd.citationstyles.csl+json"),
}
