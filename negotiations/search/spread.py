"""How the public records are spread over the years, as the planner's statistics have it."""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import dataclass
from functools import lru_cache

from negotiations.search.entries import TABLE, Dimension, Kind, lexeme
from negotiations.search.trips import fixed

MOST_YEARS = 100  # that a query names one by one
GOOD_FOR = 60  # seconds: it is an estimate, and years are long

STATISTICS = f"""
SELECT c.reltuples::bigint, s.most_common_vals::text::date[], s.most_common_freqs,
  s.histogram_bounds::text::date[]
FROM pg_class c LEFT JOIN pg_stats s ON s.schemaname = c.relnamespace::regnamespace::text
  AND s.tablename = c.relname AND s.attname = 'sort_date'
WHERE c.oid = '{TABLE}'::regclass
"""


@dataclass(slots=True)
class Spread:
    """`total` records, and days, the newest first, with the share of them that has about this day."""

    total: int
    days: list[tuple[dt.date, float]]

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


def of_records() -> Spread:
    """What an ANALYZE saw: the last one, or that of a minute ago."""
    return _of_records(int(time.monotonic() // GOOD_FOR))


@lru_cache(maxsize=1)
def _of_records(_minute: int) -> Spread:
    ((rows,),) = fixed((STATISTICS, []))
    total, common, shares, bounds = rows
    days = list(zip(common or [], shares or [], strict=True))
    rest = 1 - sum(share for _, share in days)
    days += [(bound, rest / len(bounds)) for bound in bounds or []]
    return Spread(max(total, 1), sorted(days, reverse=True))


forget = _of_records.cache_clear
