"""Finding: from an `Ask` to the records, their number, their facets and their order.

How it stays quick: the database estimates how many records match. If they are few, all are read
once, and counted, ordered and sorted into facets from there. If they are more than EXACT, those of
the newest years are; and if they are so many that WINDOW of them are met soon, the newest are
walked until then. The page says that its numbers are of those.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from django.db import connection, transaction

from negotiations.outage import patience
from negotiations.search import cards as card
from negotiations.search import demonstration, hits
from negotiations.search import facets as facet
from negotiations.search.asking import MATCHES, Ask, Condition
from negotiations.search.cards import Card
from negotiations.search.entries import FACETS, TABLE, UNDATED, Dimension, Kind
from negotiations.search.facets import Counts, Facet
from negotiations.search.hits import HEAD, HIGHEST, RANKED, STEPS, Hits
from negotiations.search.spread import Spread, of_records
from negotiations.search.trips import Question, answers, array, bytes_of
from negotiations.search.walking import direction, estimated, walk, with_dates

if TYPE_CHECKING:
    from collections.abc import Mapping

EXACT = 10_000  # estimated matches up to which all are read and counted
RECENT = 5_000  # of more, about so many of the newest years
MANY = 30_000  # too many to see in each whether its words stand as in a phrase
WINDOW = 2_000  # so many are walked to be ordered by relevance, and counted in facets
LONG = 60_000  # milliseconds that counting so many may take
TITLES = 500  # the newest records with titles that are looked through beside them
FARTHEST = 50_000  # the walk goes no farther, however few it found
ORDERS = {
    "relevance": (hits.likeliest, hits.newest),
    "newest": (hits.newest,),
    "oldest": (hits.oldest,),
}
ALL_ALIKE: Mapping[str, int] = {}
MATCHES_OF_FACETS = MATCHES.replace("vector", "readout_vector(id)")
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


def are_more(ask: Ask, number: int) -> bool:
    """Are there more than so many? They are counted only where the estimate comes near."""
    matching = ask.matching()
    if estimated(matching)[0] < number // 2:
        return False
    where, values = with_dates(ask, matching)
    sql = f"SELECT count(*) FROM (SELECT FROM {TABLE} WHERE {where} LIMIT {number + 1}) found"
    with patience(LONG / 1000 + 2), transaction.atomic(), connection.cursor() as cursor:
        # What is to be downloaded may take longer than a page.
        cursor.execute(f"SET LOCAL statement_timeout = {LONG}")
        cursor.execute(sql, values)
        (count,) = cursor.fetchone()
    return bool(count > number)


def numbers_of(*kinds: Kind) -> list[tuple[int, bool]]:
    """How many real records of each kind are public, and whether that is exact: many are estimated."""
    (roots,) = answers((demonstration.ROOTS, []))
    apart = demonstration.part(roots, wanted=False)
    asked = {kind: Ask(kind=kind, kept_apart=apart).matching() for kind in kinds}
    estimates = dict(zip(kinds, estimated(*asked.values()), strict=True))
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
    estimates = estimated(matching, *apart.values())
    spread = of_records() if max(estimates) > EXACT else Spread(1, [])
    estimate, *others = (_Estimate(number, spread, ask.has_phrase) for number in estimates)
    beside = [
        _facets_alone(ask, without, number)
        for without, number in zip(apart.values(), others, strict=True)
    ]
    look = _walk if estimate.is_walked else _read
    read = look(found, matching, words, estimate, beside)
    counts = {
        name: Counts.of(each.codes, len(each.rows) if found.exact and number.is_in_part else 0)
        for name, each, number in zip(apart, read, others, strict=True)
    }
    found.without = {name: counts.get(name, found.counts) for name in facet.shown(ask)}
    found.kinds = dict(counts.get("in", found.counts).top(Dimension.KIND))


def _chosen(ask: Ask) -> list[str]:
    """The facets that are chosen from: each is counted as if it were not."""
    kind = ["in"] if ask.kind and not ask.fixed_kind else []
    return [*kind, *(name for name in facet.shown(ask) if name in ask.codes)]


@dataclass(frozen=True, slots=True)
class _Estimate:
    """How many records match, and by that in which way they are read."""

    number: int
    spread: Spread
    is_phrase: bool

    @property
    def is_exact(self) -> bool:
        return self.number <= EXACT

    @property
    def is_walked(self) -> bool:
        """Will a walk meet enough of them, with some to spare?"""
        met_soon = self.number * FARTHEST >= 1.5 * WINDOW * self.spread.total
        return not self.is_exact and (met_soon or (self.is_phrase and self.number > MANY))

    @property
    def is_in_part(self) -> bool:
        return self.is_walked or bool(self.recent(RECENT))

    def recent(self, matches: int) -> list[str]:
        """A tsquery of the newest years that hold so many of them; none if all are to be read."""
        years = "" if self.is_exact else self.spread.newest(matches / self.number)
        return [years] if years else []


def _facets_alone(ask: Ask, matching: Condition, estimate: _Estimate) -> Question:
    """Of all matches, or of the newest where they are many."""
    where, values = with_dates(ask, matching)
    if estimate.is_walked:
        newest = f"(SELECT * FROM {TABLE} ORDER BY sort_date DESC, id DESC LIMIT {FARTHEST}) e"
        source = f"(SELECT facets FROM {newest} WHERE {where} LIMIT {WINDOW}) hit"
    else:
        recent = estimate.recent(RECENT)
        source, values = _among(ask, where, recent), values + recent
    return f"SELECT string_agg(facets, ''::bytea) FROM {source}", values


def _by_relevance(ask: Ask, words: str) -> bool:
    return ask.sort == "relevance" and bool(words)


def _read(
    found: Found, matching: Condition, words: str, estimate: _Estimate, beside: list[Question]
) -> list[Hits]:
    """All matches at once, or those of the newest years: number, facets, and the page in its order.

    `beside` are asked for in the same go, and what they give is returned.
    """
    ask, wanted = found.ask, RECENT
    where, values = with_dates(ask, matching)
    # Telling how close words stand takes as long as all the rest: of many, only for the newest.
    later = _by_relevance(ask, words) and ask.parts > 1 and estimate.number > WINDOW
    ranked_by = "" if later else words
    told = _told(found, _rank(ask, ranked_by))

    def matched(recent: list[str], beside: list[Question]) -> list[Hits]:
        return _hits(_among(ask, where, recent, ranked_by), told, values + recent, beside)

    recent = [] if ask.sort == "oldest" else estimate.recent(wanted)
    matches, *others = matched(recent, beside)
    while recent and len(matches.rows) < WINDOW:  # they are older than records are as a rule
        recent = estimate.recent(wanted := wanted * 4)
        (matches,) = matched(recent, [])
    found.count = found.counted = len(matches.rows)
    if later:
        found.last = found.count > WINDOW
        newest = hits.first(matches.rows, WINDOW, (_titles_first, hits.newest))
        matches.rows = _ranked(ask, newest, words)
    _take(found, matches)
    if recent:
        _told_of_the_newest(found, estimate)
    return others


def _among(ask: Ask, where: str, recent: list[str], words: str = "") -> str:
    """FROM and WHERE: of the facets alone, which are read soonest, where they say all that is asked.

    They say no dates, and where a phrase or a rank is asked for, each one's words are to be looked at.
    """
    if recent:
        where = f"{where} AND {MATCHES}"
    if ask.conditions or ask.has_phrase or _is_ranked_by_words(ask, words):
        return f"{TABLE} WHERE {where}"
    return f"{FACETS} WHERE {where.replace(MATCHES, MATCHES_OF_FACETS)}"


def _is_ranked_by_words(ask: Ask, words: str) -> bool:
    """Of more than what has a title?"""
    return _by_relevance(ask, words) and bool(ask.parts > 1 or _nearer(ask))


def _nearer(ask: Ask) -> list[tuple[int, str]]:
    """The ranks of statements in which one word stands nearer than in others, and tsqueries for them."""
    marks = ask.marks if "#" in ask.words else ""
    return [(rank, query) for rank, query in ((3, ask.speakers), (2, marks)) if query]


def _told_of_the_newest(found: Found, estimate: _Estimate) -> None:
    """The rest is on the pages after, by date."""
    ask = found.ask
    found.exact = False
    found.count = found.counted if found.cut_short else max(estimate.number, found.counted)
    found.last = ask.sort == "relevance"
    if ask.after:
        _cut(found, [pk for pk, _ in walk(ask, ask.after, ask.per_page + 1)])


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
    for rank, query in _nearer(ask):
        steps.append(f"WHEN {MATCHES} THEN {ranked.format(rank)}")
        values.append(query)
    return f"CASE {' '.join(steps)} ELSE facets END", values


def _told(found: Found, rank: tuple[str, list[str]]) -> tuple[str, list[str]]:
    """The same of each match's day and number alone, where its facets are not wanted."""
    sql, values = rank
    return (sql if found.with_facets else sql.replace("facets", HEAD_ONLY)), values


def _walk(
    found: Found, matching: Condition, words: str, estimate: _Estimate, beside: list[Question]
) -> list[Hits]:
    """The newest matches, and titles that match: for what very many records hold."""
    ask = found.ask
    where, values = with_dates(ask, matching)
    way, _ = direction(ask)

    def newest(among: str, farthest: int) -> str:
        return f"""(SELECT * FROM (SELECT * FROM {TABLE} WHERE {among}
          ORDER BY sort_date {way}, id {way} LIMIT {farthest}) n WHERE {where} LIMIT {WINDOW})"""

    source = newest("true", FARTHEST)
    if _by_relevance(ask, words):
        statements = newest(f"kind = {Kind.STATEMENT}", FARTHEST)
        source = f"({statements} UNION ALL {newest(f'NOT kind = {Kind.STATEMENT}', TITLES)})"
        values = values * 2
    matches, *others = _hits(f"{source} hit", _told(found, _rank(ask, words)), values, beside)
    found.counted = len(matches.rows)
    if found.counted < WINDOW and not ask.has_phrase:
        _read(found, matching, words, estimate, [])
        return others
    found.cut_short = found.counted < WINDOW
    _take(found, matches)
    _told_of_the_newest(found, estimate)
    return others


def _hits(
    source: str, rank: tuple[str, list[str]], values: list[Any], beside: list[Question]
) -> list[Hits]:
    """The matches, and what the questions beside give."""
    sql, rank_values = rank
    question = f"SELECT string_agg({sql}, ''::bytea) FROM {source}", [*rank_values, *values]
    return [hits.read(bytes_of(*each)) for each in (question, *beside)]


def _ranked(ask: Ask, rows: Any, words: str) -> Any:
    """These rows with their rank."""
    ids = array(rows["id"].tolist())
    (matches,) = _hits(f"{TABLE} WHERE id = ANY (%s::bigint[])", _rank(ask, words), [ids], [])
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
