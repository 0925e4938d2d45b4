"""Found records as they are shown: words with their marks, who, for whom, when, where, by which source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from negotiations.languages import here, pgettext
from negotiations.models import VagueDate
from negotiations.search.entries import TABLE, Kind, entry_id
from negotiations.search.trips import array, prepared

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from negotiations.search.asking import Ask

# Control characters, which no text of ours holds, so that marks can be told after escaping.
START, STOP, APART = "\x02", "\x03", "\x04"
# Under the locale C PostgreSQL would take these for letters, so they are set apart for a while.
MARKS = "“”„‟«»‹›‘’‚‛–—―…•·"
HEADLINE = f"StartSel={START}, StopSel={STOP}, MaxWords=45, MinWords=25, MaxFragments=0"
SLUGGED = {
    Kind.MEETING: "meetings",
    Kind.PERSON: "people",
    Kind.PARTY: "parties",
    Kind.TOPIC: "topics",
    Kind.QUESTION: "questions",
    Kind.PROCESS: "processes",
}
KIND_WORD = {
    Kind.STATEMENT: "statement",
    Kind.ACTION: "action",
    Kind.MEETING: "meeting",
    Kind.PERSON: "person",
    Kind.PARTY: "party",
    Kind.TOPIC: "topic",
    Kind.QUESTION: "question",
    Kind.OPEN_MATTER: "open matter",
    Kind.PROCESS: "process",
}


@dataclass(slots=True)
class Name:
    """How another record is called, and where it is."""

    name: str
    url: str
    slug: str = ""
    mark: str = ""


@dataclass(slots=True)
class Card:
    """A found record as it is shown."""

    id: int
    kind: Kind
    pk: int
    sort_date: dt.date
    title: str
    url: str
    snippet: str
    original_snippet: str = ""
    language: str = ""
    original_language: str = ""
    date: VagueDate | None = None
    form: str = ""
    person: Name | None = None
    party: Name | None = None
    meeting: Name | None = None
    source: Name | None = None
    publisher: str = ""
    demonstration: bool = False

    @property
    def kind_word(self) -> str:
        return pgettext("kind of record", KIND_WORD[self.kind])


def _apart(words: str) -> str:
    """SQL for a text in which those marks stand by themselves."""
    return f"regexp_replace({words}, '([{MARKS}])', E'{APART}\\\\1{APART}', 'g')"


# Names are asked for apart: planning a join of all took four times as long as the rest.
CARDS = f"""
SELECT e.id, e.kind, e.record_id, e.sort_date, e.date_from, e.date_precision, e.date_about,
  e.title, s.form, s.language, s.original_language,
  CASE WHEN m.marks = '' THEN coalesce(s.words, e.body)
    ELSE ts_headline(readout_reader(coalesce(s.language, 'en')), {_apart("coalesce(s.words, e.body)")},
      m.marks::tsquery, '{HEADLINE}') END,
  CASE WHEN m.marks <> '' AND s.original_words <> '' THEN
    ts_headline(readout_reader(s.original_language), {_apart("s.original_words")}, m.marks::tsquery, '{HEADLINE}')
    ELSE '' END,
  e.person_id, e.party_id, e.meeting_id, src.id, src.title, src.publisher
FROM (SELECT %s::text AS marks) m, {TABLE} e
LEFT JOIN negotiations_statement s ON e.kind = {Kind.STATEMENT} AND s.id = e.record_id
LEFT JOIN negotiations_source src ON src.id = e.source_id
WHERE e.id = ANY (%s::bigint[])
"""
# Of the entries themselves, and of whom their cards name beside; a publisher's has a negative id.
BESIDE = (
    (Kind.PERSON, "person_id", 13),
    (Kind.PARTY, "party_id", 14),
    (Kind.MEETING, "meeting_id", 15),
)
NAMES = f"""
SELECT id, name, slug, mark FROM negotiations_searchname WHERE id = ANY (%s::bigint[] || ARRAY(
  SELECT unnest(ARRAY[{", ".join(f"{column} * 16 + {kind}" for kind, column, _ in BESIDE)}])
  FROM {TABLE} WHERE id = ANY (%s::bigint[])))
UNION ALL SELECT -id, name, name, '' FROM negotiations_searchpublisher WHERE id = ANY (%s::integer[])
"""


def cards(
    ask: Ask, ids: list[int], entries: Iterable[int] = (), publishers: Iterable[int] = ()
) -> tuple[list[Card], dict[int, Name]]:
    """The cards of these ids, in this order; and names by entry, of more entries and publishers, too."""
    rows = prepared(CARDS, [ask.marks, array(ids)]).fetchall()
    named = prepared(NAMES, [array([*entries, *ids]), array(ids), array(publishers)]).fetchall()
    prefix = here()
    names = {
        pk: Name(name, f"{prefix}/{SLUGGED[Kind(pk % 16)]}/{slug}/" if pk > 0 else "", slug, mark)
        for pk, name, slug, mark in named
    }
    by_id = {row[0]: row for row in rows}
    return [_card(by_id[pk], names, ask.demonstration) for pk in ids if pk in by_id], names


def _card(row: tuple[Any, ...], names: dict[int, Name], demonstration: bool) -> Card:
    (pk, kind, record, sort_date, first, precision, about, title, form, lang, original_lang) = row[
        :11
    ]
    snippet, original = ((each or "").replace(APART, "") for each in row[11:13])
    person, party, meeting = (
        names.get(entry_id(of, row[n])) if row[n] else None for of, _, n in BESIDE
    )
    source_id, source, publisher = row[16:]
    if kind == Kind.STATEMENT:
        url = f"{here()}/statements/{record}/"
    elif kind == Kind.ACTION:
        url = f"{here()}/actions/{record}/"
    elif kind == Kind.OPEN_MATTER:
        url = f"{meeting.url if meeting else here() + '/meetings/'}#openmatter-{record}"
    else:
        url = names[pk].url
    return Card(
        pk,
        Kind(kind),
        record,
        sort_date,
        title or "",
        url,
        snippet,
        original if START in original else "",
        lang or "en",
        original_lang or "",
        VagueDate(first, precision, about) if first else None,
        form or "",
        person,
        party,
        meeting,
        Name(source, f"{here()}/sources/{source_id}/") if source else None,
        publisher or "",
        demonstration,
    )
