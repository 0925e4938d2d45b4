"""Dates and times as each language writes them, no more exactly than they are known."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from negotiations.languages import current, pgettext, pgettext_noop

if TYPE_CHECKING:
    import datetime as dt

# Many languages have a month stand in one form with its day, and in another by itself.
IN_A_DAY = [
    "",
    pgettext_noop("month with its day", "January"),
    pgettext_noop("month with its day", "February"),
    pgettext_noop("month with its day", "March"),
    pgettext_noop("month with its day", "April"),
    pgettext_noop("month with its day", "May"),
    pgettext_noop("month with its day", "June"),
    pgettext_noop("month with its day", "July"),
    pgettext_noop("month with its day", "August"),
    pgettext_noop("month with its day", "September"),
    pgettext_noop("month with its day", "October"),
    pgettext_noop("month with its day", "November"),
    pgettext_noop("month with its day", "December"),
]
ALONE = [
    "",
    pgettext_noop("month by itself", "January"),
    pgettext_noop("month by itself", "February"),
    pgettext_noop("month by itself", "March"),
    pgettext_noop("month by itself", "April"),
    pgettext_noop("month by itself", "May"),
    pgettext_noop("month by itself", "June"),
    pgettext_noop("month by itself", "July"),
    pgettext_noop("month by itself", "August"),
    pgettext_noop("month by itself", "September"),
    pgettext_noop("month by itself", "October"),
    pgettext_noop("month by itself", "November"),
    pgettext_noop("month by itself", "December"),
]
MONTH, DAY = 2, 3  # as models.dates.Precision has them


def written(first: dt.date, precision: int = DAY, about: bool = False) -> str:
    """A day, the month or the year that begins with it, in words."""
    return _written(current().code, first.year, first.month, first.day, precision, about)


@lru_cache(maxsize=4096)
def _written(code: str, year: int, month: int, day: int, precision: int, about: bool) -> str:
    if precision == DAY:
        name = pgettext("month with its day", IN_A_DAY[month])
        text = pgettext("a day", "{day} {month} {year}").format(day=day, month=name, year=year)
    elif precision == MONTH:
        name = pgettext("month by itself", ALONE[month])
        text = pgettext("a month", "{month} {year}").format(month=name, year=year)
    else:
        text = pgettext("a year", "{year}").format(year=year)
    return pgettext("a date", "about {date}").format(date=text) if about else text


def moment(at: dt.datetime) -> str:
    """A day and the time of day."""
    return pgettext("a moment", "{day}, {time}").format(day=written(at), time=f"{at:%H:%M}")
