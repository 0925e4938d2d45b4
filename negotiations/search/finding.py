"""Finding: from an `Ask` to the records, their number, their facets and their order.

How it stays quick: the database estimates how many records match. If they are few, all are read
once, and counted, ordered and sorted into facets from there. If they are very many, the newest are
walked until WINDOW match, and the page says that it shows those.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from django.db import connection

from negotiations.models import VagueDate
from negotiations.search.asking import FILTERS, NAMED, Ask
from negotiations.search.entries import (
    FIXED,
    STEP,
    Dimension,
    Kind,
    code,
    entry_id,
    lexeme,
)

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

MANY = 30_000  # estimated matches above which the newest are walked
WINDOW = 2_000  # so many of them are ordered by relevance, and counted in facets
TITLES = 500  # the newest records with titles that are looked through beside them
FARTHEST = 50_000  # the walk goes no farther, however few it found
VALUES = 6  # shown of a facet, unless more are asked for
MOST_VALUES = 200
# Of the weights D, C, B, A: words of the body, names beside it, the speaker, titles.
WEIGHTS = "'{0.2, 0.1, 0.4, 1}'"
# Control characters, which no text of ours holds, so that marks can be told after escaping.
START, STOP = "\x02", "\x03"
HEADLINE = f"StartSel={START}, StopSel={STOP}, MaxWords=45, MinWords=25, MaxFragments=0"
TABLE = "negotiations_searchentry"


@dataclass
class Name:
    """How another record is called and where it is, for a card."""

    name: str
    url: str
    mark: str = ""


@dataclass
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

    @property
    def kind_word(self) -> str:
        return KIND_WORD[self.kind]


@dataclass
class Value:
    """One value of a facet; `value` is what the address names it by."""

    value: str
    label: str
    count: int
    chosen: bool

    @property
    def shown(self) -> str:
        return f"{self.count:,}"

    @property
    def id(self) -> str:
        return re.sub(r"\W+", "-", self.value)


@dataclass
class Facet:
    name: str
    label: str
    values: list[Value]
    more: bool = False


@dataclass
class Found:
    """The answer. `exact` is whether `count` is; if not, facets are of the newest `counted`."""

    ask: Ask
    count: int = 0
    exact: bool = True
    counted: int = 0
    ids: list[int] = field(default_factory=list)
    cards: list[Card] = field(default_factory=list)
    facets: list[Facet] = field(default_factory=list)
    kinds: dict[int, int] = field(default_factory=dict)
    relaxed: bool = False
    cut_short: bool = False
    has_next: bool = False
    next: str = ""
    last: bool = False
    counts: Any = None


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


def find(ask: Ask, more: str = "") -> Found:
    """One page of what is asked for, with facets; `more` names the facet shown at length."""
    found = Found(ask)
    _look(found, ask.tsquery(), ask.words)
    if not found.count and ask.any_words and not ask.after and ask.page == 1:
        found.relaxed = True
        ask.parts = 2
        _look(found, ask.tsquery(words=ask.any_words), ask.any_words)
        found.relaxed = bool(found.count)
    found.cards = cards(ask, found.ids)
    _turn_page(found)
    if found.count or ask.chosen or ask.kind:
        _sort_into_facets(found, more)
    return found


def stream(ask: Ask, batch: int = 500, most: int | None = None) -> Iterator[list[Card]]:
    """All that is asked for, the newest first, a batch of cards at a time: for feeds and downloads."""
    after, sent = ask.after, 0
    while True:
        size = min(batch, most - sent) if most else batch
        ids = _walk_ids(ask, ask.tsquery(), after, size)
        if ids:
            found = cards(ask, ids)
            yield found
            after, sent = (found[-1].sort_date, found[-1].id), sent + len(found)
        if len(ids) < size or sent == most:
            return


# --- Looking ---


def _look(found: Found, tsquery: str, words: str) -> None:
    if (estimate := _estimate(tsquery)) > MANY:
        _walk(found, tsquery, words, estimate)
    else:
        _read_all(found, tsquery, words)


def _estimate(tsquery: str) -> int:
    """How many records the planner expects to match, from its statistics of lexemes."""
    where = "WHERE vector @@ %s::tsquery" if tsquery else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"EXPLAIN (FORMAT JSON) SELECT FROM {TABLE} {where}", [tsquery] if tsquery else []
        )
        return int(cursor.fetchone()[0][0]["Plan"]["Plan Rows"])


def _where(ask: Ask, tsquery: str) -> tuple[str, list[Any]]:
    parts, values = ["true"], []
    if tsquery:
        parts, values = ["vector @@ %s::tsquery"], [tsquery]
    for sql, parameters in ask.conditions:
        parts.append(sql)
        values += parameters
    return " AND ".join(parts), values


def _direction(ask: Ask) -> tuple[str, str]:
    return ("ASC", ">") if ask.sort == "oldest" else ("DESC", "<")


def _read_all(found: Found, tsquery: str, words: str) -> None:
    """All matches at once: exact count and facets, and the page in its order."""
    ask = found.ask
    where, values = _where(ask, tsquery)
    way, beyond = _direction(ask)
    by_date = f"sort_date {way}, id {way}"
    rank, page, ranked = "0", "hit", ""
    skip = (ask.page - 1) * ask.per_page
    order = by_date
    parameters: list[Any] = []
    if ask.sort == "relevance" and words:
        order = f"rank DESC, {by_date}"
        if ask.parts > 1:
            page = "ranked"
            ranked = f""", ranked AS (
              SELECT h.id, h.sort_date, {_rank(ask)} AS rank FROM (
                SELECT id, sort_date FROM hit ORDER BY kind = {Kind.STATEMENT}, {by_date} LIMIT {WINDOW}) h
              JOIN {TABLE} e USING (id))"""
            parameters += _rank_values(ask, words)
        else:
            rank = _rank(ask)
            values = [*_rank_values(ask, words), *values]
    cursor_sql = ""
    if ask.after:
        cursor_sql = f"WHERE (sort_date, id) {beyond} (%s, %s)"
        parameters += ask.after
    with connection.cursor() as cursor:
        cursor.execute(
            f"""WITH hit AS MATERIALIZED (
              SELECT id, kind, sort_date, facets, {rank} AS rank FROM {TABLE} WHERE {where}){ranked}
            SELECT (SELECT count(*) FROM hit), (SELECT string_agg(facets, ''::bytea) FROM hit),
              ARRAY(SELECT id FROM {page} {cursor_sql} ORDER BY {order} LIMIT {ask.per_page + 1} OFFSET {skip})""",
            [*values, *parameters],
        )
        found.count, facets, ids = cursor.fetchone()
    found.counted = found.count
    found.last = ask.sort == "relevance" and page == "ranked" and found.count > WINDOW
    _take(found, ids, facets)


def _rank(ask: Ask) -> str:
    """The order of relevance: for several words, how close together they stand.

    One word in a statement is as good as two, so there the speaker's name comes before the words,
    these before the topic's name, and the newest first. Titles come before all.
    """
    if ask.parts > 1:
        return f"ts_rank_cd({WEIGHTS}, vector, %s::tsquery)"
    steps = ["WHEN vector @@ %s::tsquery THEN 3"] * bool(ask.speakers)
    steps += ["WHEN vector @@ %s::tsquery THEN 2"] * bool(ask.marks and "#" in ask.words)
    return f"""CASE WHEN NOT kind = {Kind.STATEMENT}
      THEN greatest(1, round(20 * ts_rank({WEIGHTS}, vector, %s::tsquery))) {" ".join(steps)} ELSE 1 END"""


def _rank_values(ask: Ask, words: str) -> list[str]:
    if ask.parts > 1:
        return [words]
    return [words, *filter(None, [ask.speakers, ask.marks if "#" in ask.words else ""])]


def _walk(found: Found, tsquery: str, words: str, estimate: int) -> None:
    """The newest matches, and titles that match: for what very many records hold."""
    ask = found.ask
    where, values = _where(ask, tsquery)
    way, _ = _direction(ask)
    newest = f"ORDER BY sort_date {way}, id {way}"

    def walk(rank: str, among: str, farthest: int) -> str:
        return f"""(SELECT id, kind, sort_date, facets, {rank} AS rank FROM
          (SELECT * FROM {TABLE} WHERE {among} {newest} LIMIT {farthest}) n
          WHERE {where} LIMIT {WINDOW})"""

    order, hit = f"sort_date {way}, id {way}", walk("0", "true", FARTHEST)
    if ask.sort == "relevance" and words:
        order = f"rank DESC, {order}"
        rank, values = _rank(ask), [*_rank_values(ask, words), *values]
        statements = walk(rank, f"kind = {Kind.STATEMENT}", FARTHEST)
        titles = walk(rank, f"NOT kind = {Kind.STATEMENT}", TITLES)
        hit, values = f"{statements} UNION ALL {titles}", [*values, *values]
    with connection.cursor() as cursor:
        cursor.execute(
            f"""WITH hit AS MATERIALIZED ({hit})
            SELECT (SELECT count(*) FROM hit), (SELECT string_agg(facets, ''::bytea) FROM hit),
              ARRAY(SELECT id FROM hit ORDER BY {order}
                LIMIT {ask.per_page + 1} OFFSET {(ask.page - 1) * ask.per_page})""",
            values,
        )
        found.counted, facets, ids = cursor.fetchone()
    if found.counted < WINDOW and not ask.has_phrase:
        _read_all(found, tsquery, words)
        return
    found.cut_short = found.counted < WINDOW
    found.exact = False
    found.count = found.counted if found.cut_short else max(estimate, found.counted)
    found.last = ask.sort == "relevance"
    if ask.after:
        ids = _walk_ids(ask, tsquery, ask.after, ask.per_page + 1)
    _take(found, ids, facets)


def _walk_ids(ask: Ask, tsquery: str, after: Any, size: int) -> list[int]:
    """The next ids by date: for the pages after the first, feeds and downloads.

    The walk is right where matches are many, and reading all where they are few.
    """
    where, values = _where(ask, tsquery)
    way, beyond = _direction(ask)
    inside = (
        TABLE if _estimate(tsquery) > MANY else f"(SELECT * FROM {TABLE} WHERE {where} OFFSET 0)"
    )
    twice = values if inside != TABLE else []
    place = f"AND (sort_date, id) {beyond} (%s, %s)" if after else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id FROM {inside} e WHERE {where} {place}"
            f" ORDER BY sort_date {way}, id {way} LIMIT {size}",
            [*twice, *values, *(after or ())],
        )
        return [pk for (pk,) in cursor.fetchall()]


def _take(found: Found, ids: list[int], facets: bytes | None) -> None:
    found.has_next = len(ids) > found.ask.per_page
    found.ids = ids[: found.ask.per_page]
    found.counts = Counts.of(facets)
    found.kinds = dict(found.counts.top(Dimension.KIND))


@dataclass
class Counts:
    """How often each code occurs in the facets of the matches: sorted codes, and their numbers."""

    codes: Any
    numbers: Any

    @classmethod
    def of(cls, facets: bytes | None) -> Counts:
        """Of all matches' facets, put end to end (four bytes a code, the highest first)."""
        codes = np.frombuffer(facets or b"", dtype=">i4").astype(np.int32)
        return cls(*np.unique(codes, return_counts=True))

    def top(self, dimension: int, most: int | None = None) -> list[tuple[int, int]]:
        """The values of a dimension with their numbers, the most frequent and then the newest first."""
        low, high = np.searchsorted(self.codes, [dimension * STEP, (dimension + 1) * STEP])
        numbers = self.numbers[low:high]
        order = np.lexsort((-self.codes[low:high], -numbers))[:most]
        values = self.codes[low:high][order] - dimension * STEP
        return list(zip(values.tolist(), numbers[order].tolist(), strict=True))


def _turn_page(found: Found) -> None:
    """Where the next page is: by number in the order of relevance, by place in that of dates."""
    ask = found.ask
    if ask.sort == "relevance":
        if found.has_next:
            found.next = ask.address(page=ask.page + 1)
        elif found.last:
            found.next = ask.address(sort="newest")
    elif found.has_next and found.cards:
        last = found.cards[-1]
        found.next = ask.address(after=f"{last.sort_date.isoformat()}_{last.id}")


# --- Facets ---

SHOWN = ("party", "person", "topic", "year", "form", "process", "publisher")
SHOWN_OF_ACTIONS = ("party", "topic", "status", "account", "kind", "year", "process", "publisher")


def _sort_into_facets(found: Found, more: str) -> None:
    """Counts for each facet; one that is chosen from is counted as if it were not."""
    ask = found.ask
    names = SHOWN_OF_ACTIONS if ask.kind == Kind.ACTION else SHOWN
    words = ask.any_words if found.relaxed else None
    top: dict[str, list[tuple[int, int]]] = {}
    for name in names:
        counts = _count_without(ask, name, words) if name in ask.codes else found.counts
        size = MOST_VALUES if more == name else VALUES
        ordered = counts.top(FILTERS[name], size + 1)
        missing = set(ask.codes.get(name, ())) - {number for number, _ in ordered[:size]}
        everything = dict(counts.top(FILTERS[name])) if missing else {}
        top[name] = ordered[:size] + [(n, everything.get(n, 0)) for n in sorted(missing)]
        if len(ordered) > size:
            top[name].append((-1, 0))
    if ask.kind and not ask.fixed_kind:
        found.kinds = dict(_count_without(ask, "in", words).top(Dimension.KIND))
    labels = _labels(top)
    for name in names:
        values = [
            Value(*labels[name, number], count, number in ask.codes.get(name, []))
            for number, count in top[name]
            if (name, number) in labels
        ]
        if values and (len(values) > 1 or values[0].chosen or values[0].count < found.counted):
            facet = Facet(name, FILTERS[name].label, values, any(n == -1 for n, _ in top[name]))
            found.facets.append(facet)


def _count_without(ask: Ask, name: str, words: str | None) -> Counts:
    tsquery = ask.tsquery(without=name, words=words)
    where, values = _where(ask, tsquery)
    source = TABLE
    limit = ""
    if _estimate(tsquery) > MANY:
        source = f"(SELECT * FROM {TABLE} ORDER BY sort_date DESC, id DESC LIMIT {FARTHEST})"
        limit = f"LIMIT {WINDOW}"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT string_agg(facets, ''::bytea) FROM"
            f" (SELECT facets FROM {source} e WHERE {where} {limit}) hit",
            values,
        )
        return Counts.of(cursor.fetchone()[0])


def _labels(top: dict[str, list[tuple[int, int]]]) -> dict[tuple[str, int], tuple[str, str]]:
    """What the address and the page call each value."""
    labels: dict[tuple[str, int], tuple[str, str]] = {}
    entries: dict[int, tuple[str, int]] = {}
    publishers: list[int] = []
    for name, values in top.items():
        dimension = FILTERS[name]
        for number, _ in values:
            if number < 0:
                continue
            if dimension in NAMED:
                entries[entry_id(NAMED[dimension], number)] = (name, number)
            elif dimension == Dimension.PUBLISHER:
                publishers.append(number)
            elif dimension == Dimension.YEAR:
                labels[name, number] = (str(number), str(number))
            else:
                value = FIXED[dimension][number - 1]
                labels[name, number] = (value, LABELS.get(value, value.replace("_", " ")))
    if entries or publishers:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id, slug, name FROM negotiations_searchname WHERE id = ANY (%s)"
                " UNION ALL SELECT -id, name, name FROM negotiations_searchpublisher WHERE id = ANY (%s)",
                [list(entries), publishers],
            )
            for pk, value, label in cursor.fetchall():
                labels[entries[pk] if pk > 0 else ("publisher", -pk)] = (value, label)
    return labels


LABELS = {
    "follow_up": "follow-up meeting",
    "one_side": "one side’s account",
    "confirmed": "confirmed by all sides",
    "partly": "confirmed in part",
    "none": "no account yet",
    "no_report": "no report yet",
}


# --- Cards ---

# Names are asked for apart: planning a join of all took four times as long as the rest.
CARDS = f"""
SELECT e.id, e.kind, e.record_id, e.sort_date, e.date_from, e.date_precision, e.date_about,
  e.title, s.form, s.language, s.original_language,
  CASE WHEN %(marks)s = '' THEN coalesce(s.words, e.body)
    ELSE ts_headline(readout_reader(coalesce(s.language, 'en')), coalesce(s.words, e.body),
      %(marks)s::tsquery, %(how)s) END,
  CASE WHEN %(marks)s <> '' AND s.original_words <> '' THEN
    ts_headline(readout_reader(s.original_language), s.original_words, %(marks)s::tsquery, %(how)s)
    ELSE '' END,
  e.person_id, e.party_id, e.meeting_id, src.id, src.title, src.publisher
FROM unnest(%(ids)s::bigint[]) WITH ORDINALITY AS wanted(id, place)
JOIN {TABLE} e ON e.id = wanted.id
LEFT JOIN negotiations_statement s ON e.kind = {Kind.STATEMENT} AND s.id = e.record_id
LEFT JOIN negotiations_source src ON src.id = e.source_id
ORDER BY wanted.place
"""
BESIDE = ((Kind.PERSON, 13), (Kind.PARTY, 14), (Kind.MEETING, 15))  # the columns of their numbers


def cards(ask: Ask, ids: list[int]) -> list[Card]:
    """The cards of these entries, in this order, in two queries."""
    if not ids:
        return []
    with connection.cursor() as cursor:
        cursor.execute(CARDS, {"ids": ids, "marks": ask.marks, "how": HEADLINE})
        rows = cursor.fetchall()
        wanted = {entry_id(kind, row[n]) for row in rows for kind, n in BESIDE if row[n]}
        cursor.execute(
            "SELECT id, name, slug, mark FROM negotiations_searchname WHERE id = ANY (%s)",
            [[*wanted, *ids]],
        )
        names = {
            pk: Name(name, f"/{SLUGGED[Kind(pk % 16)]}/{slug}/", mark)
            for pk, name, slug, mark in cursor.fetchall()
        }
    return [_card(row, names) for row in rows]


def _card(row: tuple[Any, ...], names: dict[int, Name]) -> Card:
    (pk, kind, record, sort_date, first, precision, about, title, form, lang, original_lang) = row[
        :11
    ]
    snippet, original = row[11:13]
    person, party, meeting = (names.get(entry_id(k, row[n])) if row[n] else None for k, n in BESIDE)
    source_id, source, publisher = row[16:]
    if kind == Kind.STATEMENT:
        url = f"/statements/{record}/"
    elif kind == Kind.ACTION:
        url = f"/actions/{record}/"
    elif kind == Kind.OPEN_MATTER:
        url = f"{meeting.url if meeting else '/meetings/'}#openmatter-{record}"
    else:
        url = names[pk].url
    return Card(
        pk,
        Kind(kind),
        record,
        sort_date,
        title or "",
        url,
        snippet or "",
        original if START in original else "",
        lang or "en",
        original_lang or "",
        VagueDate(first, precision, about) if first else None,
        form or "",
        person,
        party,
        meeting,
        Name(source, f"/sources/{source_id}/") if source else None,
        publisher or "",
    )


__all__ = ["Card", "Facet", "Found", "Name", "Value", "code", "find", "lexeme", "stream"]
