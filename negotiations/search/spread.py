"""How the public records are spread over years and lexemes, as the planner's statistics have it."""

from __future__ import annotations

import datetime as dt
import re
import time
from dataclasses import dataclass, field
from functools import lru_cache

from negotiations.search.entries import TABLE, Dimension, Kind, lexeme
from negotiations.search.trips import prepared

RAREST = 0.005  # DEFAULT_TS_MATCH_SEL in ts_selfuncs.c
MOST_YEARS = 100  # that a query names one by one
GOOD_FOR = 60  # seconds: it is an estimate, and years are long

STATISTICS = f"""
SELECT c.reltuples::bigint, s.most_common_vals::text::date[], s.most_common_freqs,
  s.histogram_bounds::text::date[], v.most_common_elems::text::text[], v.most_common_elem_freqs
FROM pg_class c
LEFT JOIN pg_stats s ON s.schemaname = c.relnamespace::regnamespace::text
  AND s.tablename = c.relname AND s.attname = 'sort_date'
LEFT JOIN pg_stats v ON v.schemaname = c.relnamespace::regnamespace::text
  AND v.tablename = c.relname AND v.attname = 'vector'
WHERE c.oid = '{TABLE}'::regclass
"""
# A tsquery of lexemes alone: no phrases, no beginnings of words, no weights.
SIGN = r"'(?:[^'\\]|'')*'|[&|!()]"
OF_LEXEMES = re.compile(rf"(?:\s*(?:{SIGN}))+\s*")
EACH_SIGN = re.compile(SIGN)


@dataclass(slots=True)
class Spread:
    """`total` records, and days, the newest first, with the share of them that has about this day.

    `lexemes` has the share of those that are most common; each other lexeme is taken to have `rare`.
    """

    total: int
    days: list[tuple[dt.date, float]]
    lexemes: dict[str, float] = field(default_factory=dict)
    rare: float = 0

    def newest(self, share: float) -> str:
        """A tsquery for this share of the records, or some more: the newest whole years.

        All that are no statements match, too, for their titles are looked through beside. Empty
        where no year could be left out.
        """
        held, first = 0.0, dt.date.max
        for day, number in self.days:
            if held >= share:
                break
            held, first = held + number, day
        if not self.days or self.days[-1][0].year >= first.year:
            return ""
        years = range(first.year, self.days[0][0].year + 1)
        if len(years) > MOST_YEARS:
            return ""
        others = (kind for kind in Kind if kind != Kind.STATEMENT)
        return " | ".join(
            [
                *(lexeme(Dimension.YEAR, year) for year in years),
                *(lexeme(Dimension.KIND, kind) for kind in others),
            ]
        )

    def matching(self, tsquery: str) -> int | None:
        """How many records match, as the planner reckons it (ts_selfuncs.c), which takes longer to ask.

        None where only the planner can: without statistics, or for a tsquery not of lexemes alone.
        """
        if not self.lexemes or not OF_LEXEMES.fullmatch(tsquery):
            return None
        signs = EACH_SIGN.findall(tsquery)[::-1]
        return round(self.total * self._any_of(signs))

    def _any_of(self, signs: list[str]) -> float:
        share = self._all_of(signs)
        while signs and signs[-1] == "|":
            signs.pop()
            other = self._all_of(signs)
            share += other - share * other
        return share

    def _all_of(self, signs: list[str]) -> float:
        share = self._one_of(signs)
        while signs and signs[-1] == "&":
            signs.pop()
            share *= self._one_of(signs)
        return share

    def _one_of(self, signs: list[str]) -> float:
        sign = signs.pop()
        if sign == "!":
            return 1 - self._one_of(signs)
        if sign == "(":
            share = self._any_of(signs)
            signs.pop()
            return share
        return self.lexemes.get(sign[1:-1].replace("''", "'"), self.rare)


def of_records() -> Spread:
    """What an ANALYZE saw: the last one, or that of a minute ago."""
    return _of_records(int(time.monotonic() // GOOD_FOR))


@lru_cache(maxsize=1)
def _of_records(_minute: int) -> Spread:
    row = prepared(STATISTICS, []).fetchone()
    total, common, shares, bounds, lexemes, of_lexemes = row
    days = list(zip(common or [], shares or [], strict=True))
    rest = 1 - sum(share for _, share in days)
    days += [(bound, rest / len(bounds)) for bound in bounds or []]
    # After the shares of lexemes stands the least of them.
    rare = min(RAREST, of_lexemes[len(lexemes)] / 2) if lexemes else RAREST
    known = dict(zip(lexemes or [], of_lexemes or [], strict=False))
    return Spread(max(total, 1), sorted(days, reverse=True), known, rare)
