"""Finding: from an `Ask` to the records, their number, their facets and their order.

How it stays quick: the database estimates how many records match. If they are few, all are read
once, and counted, ordered and sorted into facets from there. If they are very many, the newest are
walked until WINDOW match, and the page says that it shows those.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from django.db import connection

from negotiations.search import cards as card
from negotiations.search import demonstration, hits
from negotiations.search import facets as facet
from negotiations.search.asking import Ask, Condition
from negotiations.search.cards import Card
from negotiations.search.entries import TABLE, UNDATED, Dimension, Kind
from negotiations.search.facets import Counts, Facet
from negotiations.search.hits import HEAD, HIGHEST, RANKED, STEPS, Hits
from negotiations.search.trips import Question, answers, array, bytes_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    Place = tuple[dt.date, int]  # in an order by date

MANY = 30_000  # estimated matches above which the newest are walked
WINDOW = 2_000  # so many of them are ordered by relevance, and counted in facets
TITLES = 500  # the newest records with titles that are looked through beside them
FARTHEST = 50_000  # the walk goes no farther, however few it found
ORDERS = {
    "relevance": (hits.likeliest, hits.newest),
    "newest": (hits.newest,),
    "oldest": (hits.oldest,),
}
ALL_ALIKE: Mapping[str, int] = {}
HEAD_ONLY = f"substring(facets FROM 1 FOR {4 * HEAD})"
# Of the weights D, C, B, A: words of the body, names beside it, the speaker, titles.
WEIGHTS = "'{0.2, 0.1, 0.4, 1}'"


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
    with_facets: bool = True
    counts: Counts = field(default_factory=lambda: Counts.of(np.empty(0, np.int32)))
    without: dict[str, Counts] = field(default_factory=dict)  # by facet, as if it were not chosen


def find(
    ask: Ask, sizes: Mapping[str, int] = ALL_ALIKE, *, cards: bool = True, facets: bool = True
) -> Found:
    """One page of what is asked for, with facets; `sizes`: of which of them how many values.

    Without `cards` it has the numbers of what was found, and no more; without `facets`, none.
    """
    found = Found(ask, with_facets=facets)
    _look(found, ask.words)
    if not found.count and ask.any_words and not ask.after and ask.page == 1:
        found.relaxed = True
        ask.parts = 2
        _look(found, ask.any_words)
        found.relaxed = bool(found.count)
    top: facet.Top = {}
    if facets and (found.count or ask.chosen or ask.kind):
        top = facet.most_frequent(ask, found.without, sizes)
    if (found.ids and cards) or top:
        shown = found.ids if cards else []
        found.cards, names = card.cards(ask, shown, *facet.named_in(top))
        found.facets = facet.made(ask, top, names, found.without, found.counted)
    _turn_page(found)
    return found


def stream(ask: Ask, batch: int = 500, most: int | None = None) -> Iterator[list[Card]]:
    """All that is asked for, the newest first, a batch of cards at a time: for feeds and downloads."""
    after, sent = ask.after, 0
    while True:
        size = min(batch, most - sent) if most else batch
        ids = [pk for pk, _ in walk(ask, after, size)]
        if ids:
            found, _ = card.cards(ask, ids)
            yield found
            after, sent = (found[-1].sort_date, found[-1].id), sent + len(found)
        if len(ids) < size or sent == most:
            return


def are_more(ask: Ask, number: int) -> bool:
    """Are there more than so many? They are counted only where the estimate comes near."""
    matching = ask.matching()
    if _estimates(matching)[0] < number // 2:
        return False
    where, values = _where(ask, matching)
    sql = f"SELECT count(*) FROM (SELECT FROM {TABLE} WHERE {where} LIMIT {number + 1}) found"
    ((count,),) = answers((sql, values))[0]
    return bool(count > number)


def numbers_of(*kinds: Kind) -> list[tuple[int, bool]]:
    """How many real records of each kind are public, and whether that is exact: many are estimated."""
    (roots,) = answers((demonstration.ROOTS, []))
    apart = demonstration.part(roots, wanted=False)
    asked = {kind: Ask(kind=kind, kept_apart=apart).matching() for kind in kinds}
    estimates = dict(zip(kinds, _estimates(*asked.values()), strict=True))
    few = [kind for kind, number in estimates.items() if number <= MANY]
    counted = answers(
        *(
            (f"SELECT count(*) FROM {TABLE} WHERE {sql}", values)
            for sql, values in (asked[kind] for kind in few)
        )
    )
    exact = {kind: rows[0][0] for kind, rows in zip(few, counted, strict=True)}
    return [
        (exact.get(kind, round(number, 2 - len(str(number)))), kind in exact)
        for kind, number in estimates.items()
    ]


# --- Looking ---


def _look(found: Found, words: str) -> None:
    ask = found.ask
    matching = ask.matching(words=words)
    chosen = _chosen(ask) if found.with_facets else []
    apart = {name: ask.matching(without=name, words=words) for name in chosen}
    estimate, *estimates = _estimates(matching, *apart.values())
    beside = [
        _facets_alone(ask, without, many=number > MANY)
        for without, number in zip(apart.values(), estimates, strict=True)
    ]
    look = _walk if estimate > MANY else _read_all
    read = look(found, matching, words, estimate, beside)
    counts = {
        name: Counts.of(codes, WINDOW if found.exact and number > MANY else 0)
        for name, codes, number in zip(apart, read, estimates, strict=True)
    }
    found.without = {name: counts.get(name, found.counts) for name in facet.shown(ask)}
    found.kinds = dict(counts.get("in", found.counts).top(Dimension.KIND))


def _chosen(ask: Ask) -> list[str]:
    """The facets that are chosen from: each is counted as if it were not."""
    kind = ["in"] if ask.kind and not ask.fixed_kind else []
    return [*kind, *(name for name in facet.shown(ask) if name in ask.codes)]


def _estimates(*matching: Condition) -> list[int]:
    """How many records the planner expects of each, from its statistics of lexemes."""
    explained = answers(
        *(
            (f"EXPLAIN (FORMAT JSON) SELECT FROM {TABLE} WHERE {sql}", values)
            for sql, values in matching
        )
    )
    return [int(rows[0][0][0]["Plan"]["Plan Rows"]) for rows in explained]


def _facets_alone(ask: Ask, matching: Condition, *, many: bool) -> Question:
    """Of all matches, or of the newest where they are many."""
    where, values = _where(ask, matching)
    source, limit = TABLE, ""
    if many:
        source = f"(SELECT * FROM {TABLE} ORDER BY sort_date DESC, id DESC LIMIT {FARTHEST})"
        limit = f"LIMIT {WINDOW}"
    sql = (
        f"SELECT string_agg(facets, ''::bytea) FROM"
        f" (SELECT facets FROM {source} e WHERE {where} {limit}) hit"
    )
    return sql, values


def _where(ask: Ask, matching: Condition) -> Condition:
    """The same with the dates."""
    parts, values = zip(matching, *ask.conditions, strict=True)
    return " AND ".join(parts), [value for each in values for value in each]


def _direction(ask: Ask) -> tuple[str, str]:
    return ("ASC", ">") if ask.sort == "oldest" else ("DESC", "<")


def _by_relevance(ask: Ask, words: str) -> bool:
    return ask.sort == "relevance" and bool(words)


def _read_all(
    found: Found, matching: Condition, words: str, estimate: int, beside: list[Question]
) -> list[Any]:
    """All matches at once: exact count and facets, and the page in its order.

    `beside` are asked for in the same go; returns the facet codes that they give.
    """
    ask = found.ask
    where, values = _where(ask, matching)
    # Telling how close words stand takes as long as all the rest: of many, only for the newest.
    later = _by_relevance(ask, words) and ask.parts > 1 and estimate > WINDOW
    matches, codes = _hits(
        f"{TABLE} WHERE {where}", _told(found, _rank(ask, "" if later else words)), values, beside
    )
    found.count = found.counted = len(matches.rows)
    if later:
        found.last = found.count > WINDOW
        newest = hits.first(matches.rows, WINDOW, (_titles_first, hits.newest))
        matches.rows = _ranked(ask, newest, words)
    _take(found, matches)
    return codes


def _rank(ask: Ask, words: str) -> tuple[str, list[str]]:
    """SQL for the facets, followed by the rank where it is not 1 (`hits.py`), and its values.

    Of several words it tells how close together they stand. One word in a statement is as good as
    two, so there the speaker's name comes before the words, these before the topic's name, and the
    newest first. Titles come before all.
    """
    if not _by_relevance(ask, words):
        return "facets", []
    ranked = f"facets || int4send({RANKED} + (least({{}}, {HIGHEST}) * {STEPS})::integer)"
    if ask.parts > 1:
        return ranked.format(f"ts_rank_cd({WEIGHTS}, vector, %s::tsquery)"), [words]
    titles = ranked.format(f"greatest(1, round(20 * ts_rank({WEIGHTS}, vector, %s::tsquery)))")
    steps, values = [f"WHEN NOT kind = {Kind.STATEMENT} THEN {titles}"], [words]
    marks = ask.marks if "#" in ask.words else ""
    for rank, nearer in ((3, ask.speakers), (2, marks)):
        if nearer:
            steps.append(f"WHEN vector @@ %s::tsquery THEN {ranked.format(rank)}")
            values.append(nearer)
    return f"CASE {' '.join(steps)} ELSE facets END", values


def _told(found: Found, rank: tuple[str, list[str]]) -> tuple[str, list[str]]:
    """The same of each match's day and number alone, where its facets are not wanted."""
    sql, values = rank
    return (sql if found.with_facets else sql.replace("facets", HEAD_ONLY)), values


def _walk(
    found: Found, matching: Condition, words: str, estimate: int, beside: list[Question]
) -> list[Any]:
    """The newest matches, and titles that match: for what very many records hold."""
    ask = found.ask
    where, values = _where(ask, matching)
    way, _ = _direction(ask)

    def newest(among: str, farthest: int) -> str:
        return f"""(SELECT * FROM (SELECT * FROM {TABLE} WHERE {among}
          ORDER BY sort_date {way}, id {way} LIMIT {farthest}) n WHERE {where} LIMIT {WINDOW})"""

    source = newest("true", FARTHEST)
    if _by_relevance(ask, words):
        statements = newest(f"kind = {Kind.STATEMENT}", FARTHEST)
        source = f"({statements} UNION ALL {newest(f'NOT kind = {Kind.STATEMENT}', TITLES)})"
        values = values * 2
    matches, codes = _hits(f"{source} hit", _told(found, _rank(ask, words)), values, beside)
    found.counted = len(matches.rows)
    if found.counted < WINDOW and not ask.has_phrase:
        _read_all(found, matching, words, estimate, [])
        return codes
    found.cut_short = found.counted < WINDOW
    found.exact = False
    found.count = found.counted if found.cut_short else max(estimate, found.counted)
    found.last = ask.sort == "relevance"
    _take(found, matches)
    if ask.after:
        _cut(found, [pk for pk, _ in walk(ask, ask.after, ask.per_page + 1)])
    return codes


def walk(ask: Ask, after: Place | None, size: int) -> list[tuple[int, dt.date]]:
    """The next entries by date, with their days: for the pages after the first, API and downloads.

    The walk is right where matches are many, and reading all where they are few.
    """
    nearly_all = _is_nearly_all(ask)
    matching = _nearly_all(ask) if nearly_all else ask.matching()
    where, values = _where(ask, matching)
    way, beyond = _direction(ask)
    place = f"(sort_date, id) {beyond} (%s, %s)" if after else "true"
    if nearly_all or _estimates(matching)[0] > MANY:
        source = f"{TABLE} WHERE {where} AND {place}"
    else:
        source = f"(SELECT id, sort_date FROM {TABLE} WHERE {where} OFFSET 0) e WHERE {place}"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id, sort_date FROM {source} ORDER BY sort_date {way}, id {way} LIMIT {size}",
            [*values, *(after or ())],
        )
        return cursor.fetchall()


def _is_nearly_all(ask: Ask) -> bool:
    """Is nothing asked for by which fewer than most records would match?"""
    narrowed = ask.words or ask.codes or ask.conditions or ask.demonstration
    return not narrowed and ask.kind in (None, Kind.STATEMENT)


def _nearly_all(ask: Ask) -> Condition:
    """The same as `ask.matching()`, where most records match: without a look at each one's words."""
    kind = f"kind = {ask.kind}" if ask.kind else "true"
    if not ask.kept_apart:
        return kind, []
    return f"{kind} AND vector @@ %s::tsquery", [ask.kept_apart]


def _hits(
    source: str, rank: tuple[str, list[str]], values: list[Any], beside: list[Question]
) -> tuple[Hits, list[Any]]:
    """The matches, and the codes that the questions beside give."""
    sql, rank_values = rank
    found = bytes_of(
        (f"SELECT string_agg({sql}, ''::bytea) FROM {source}", [*rank_values, *values]), *beside
    )
    matches, *others = map(hits.read, found)
    return matches, [other.codes for other in others]


def _ranked(ask: Ask, rows: Any, words: str) -> Any:
    """These rows with their rank."""
    ids = array(rows["id"].tolist())
    matches, _ = _hits(f"{TABLE} WHERE id = ANY (%s::bigint[])", _rank(ask, words), [ids], [])
    return matches.rows


def _titles_first(rows: Any) -> Any:
    return rows["id"] % 16 == Kind.STATEMENT


def _take(found: Found, matches: Hits) -> None:
    """The page from the rows, and the counts from their codes."""
    ask, rows = found.ask, matches.rows
    newest = ask.sort != "oldest"
    if ask.after:
        day, pk = (ask.after[0] - UNDATED).days, ask.after[1]
        same = rows["day"] == day
        if newest:
            rows = rows[(rows["day"] < day) | (same & (rows["id"] < pk))]
        else:
            rows = rows[(rows["day"] > day) | (same & (rows["id"] > pk))]
    skip = (ask.page - 1) * ask.per_page
    rows = hits.first(rows, skip + ask.per_page + 1, keys := ORDERS[ask.sort])
    order = np.lexsort([-rows["id"] if newest else rows["id"], *(k(rows) for k in keys[::-1])])
    _cut(found, rows["id"][order][skip:].tolist())
    found.counts = Counts.of(matches.codes)


def _cut(found: Found, ids: list[int]) -> None:
    found.has_next = len(ids) > found.ask.per_page
    found.ids = ids[: found.ask.per_page]


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
