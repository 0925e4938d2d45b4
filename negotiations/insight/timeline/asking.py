"""Which stretch of a process's time is asked for, and in which steps it is drawn."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from negotiations.languages import gettext
from negotiations.models import Precision, VagueDate

if TYPE_CHECKING:
    from django.http import QueryDict

MOST_MONTHS_BY_DAYS = 2  # a process that took longer is shown by months
MOST_MONTHS = 48  # and one that took still longer, by years
MOST_YEARS = 80
LAST_PAGE = 10_000


@dataclass(frozen=True)
class Asked:
    """The whole time, or a year, month or day of it; as a picture or as a list of entries."""

    period: VagueDate | None = None
    listed: bool = False
    page: int = 1

    @classmethod
    def from_address(cls, query: QueryDict) -> Asked:
        """Read the part of an address after `?`.

        Raises:
            ValueError: with a sentence that says what to change.
        """
        words = query.get("period", "").strip()[:100]
        period = VagueDate.parse(words) if words else None
        if query.get("view", "") not in ("", "list"):
            raise ValueError(gettext("“view” is list, or left out for the picture."))
        page = query.get("page", "1")
        if not page.isdecimal() or not 0 < int(page) <= LAST_PAGE:
            raise ValueError(gettext("“page” is a number from 1 on."))
        a_day = bool(period and period.precision == Precision.DAY)
        return cls(period, a_day or query.get("view") == "list", int(page))

    @property
    def address(self) -> str:
        """The part of an address after `?`, without the page; or nothing."""
        a_day = self.period and self.period.precision == Precision.DAY
        return address(self.period, listed=self.listed and not a_day)

    @property
    def wider(self) -> list[VagueDate]:
        """The periods around the asked one, the widest first."""
        if not self.period:
            return []
        first = self.period.first
        around = [
            VagueDate(first.replace(month=1, day=1), Precision.YEAR),
            VagueDate(first.replace(day=1), Precision.MONTH),
        ]
        return around[: self.period.precision - 1]

    @property
    def beside(self) -> tuple[VagueDate | None, VagueDate | None]:
        """The period before and the one after, where there are such."""
        if not self.period:
            return None, None
        return self._beside(self.period.first, -1), self._beside(self.period.last, 1)

    def _beside(self, day: dt.date, step: int) -> VagueDate | None:
        try:
            return period_of(
                day + dt.timedelta(days=step), self.period.precision if self.period else 1
            )
        except OverflowError:
            return None


def address(period: VagueDate | None, *, listed: bool = False) -> str:
    """The part of an address after `?` for a period, or nothing for the whole."""
    asked = {"period": period.iso if period else "", "view": "list" if listed else ""}
    filled = {name: value for name, value in asked.items() if value}
    return f"?{urlencode(filled)}" if filled else ""


def period_of(day: dt.date, precision: int) -> VagueDate:
    """The year, month or day in which a day lies."""
    if precision == Precision.YEAR:
        day = day.replace(month=1, day=1)
    elif precision == Precision.MONTH:
        day = day.replace(day=1)
    return VagueDate(day, precision)


def _ends(first: dt.date, last: dt.date, precision: int) -> tuple[dt.date, dt.date]:
    """The same, wide enough to be whole years or months."""
    return period_of(first, precision).first, period_of(last, precision).last


@dataclass(frozen=True)
class Scale:
    """The time that is drawn, from the first to the last day, in steps of years, months or days."""

    first: dt.date
    last: dt.date
    step: int  # a Precision

    @classmethod
    def of(cls, period: VagueDate | None, first: dt.date, last: dt.date) -> Scale:
        """For an asked period, or else for a process whose entries lie between these days."""
        if period:
            return cls(period.first, period.last, min(period.precision + 1, Precision.DAY))
        months = 12 * (last.year - first.year) + last.month - first.month + 1
        if months <= MOST_MONTHS_BY_DAYS:
            return cls(*(_ends(first, last, Precision.MONTH)), Precision.DAY)
        step = Precision.MONTH if months <= MOST_MONTHS else Precision.YEAR
        if last.year - first.year >= MOST_YEARS:
            first = dt.date(last.year - MOST_YEARS + 1, 1, 1)
        return cls(*_ends(first, last, step), step)

    @property
    def steps(self) -> list[VagueDate]:
        """The years, months or days, one after the other."""
        found, day = [], self.first
        while True:
            found.append(period_of(day, self.step))
            if found[-1].last >= self.last:
                return found
            day = found[-1].last + dt.timedelta(days=1)
