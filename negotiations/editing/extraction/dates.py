"""Reads when something is said to be: as a vague date where the text tells one, else as its words."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass

from negotiations.models.dates import Precision, VagueDate

ENGLISH_MONTHS = {name.casefold(): i for i, name in enumerate(calendar.month_name) if name}
ENGLISH_MONTHS |= {name.casefold(): i for i, name in enumerate(calendar.month_abbr) if name}
ENGLISH_MONTHS["sept"] = 9
RUSSIAN_MONTHS = (
    *("январ", "феврал", "март", "апрел", "ма", "июн"),
    *("июл", "август", "сентябр", "октябр", "ноябр", "декабр"),
)
ENGLISH_DAYS = {name.casefold(): i for i, name in enumerate(calendar.day_name)}
RUSSIAN_DAYS = {
    "понедельник": 0,
    "вторник": 1,
    "среду": 2,
    "четверг": 3,
    "пятницу": 4,
    "субботу": 5,
    "воскресенье": 6,
}
_MONTH = "|".join(sorted(ENGLISH_MONTHS, key=len, reverse=True))
_RUSSIAN_MONTH = (
    "январ[ьяе]|феврал[ьяе]|марта?е?|апрел[ьяе]|ма[йяе]|июн[ьяе]|июл[ьяе]|августа?е?|сентябр[ьяе]"
    "|октябр[ьяе]|ноябр[ьяе]|декабр[ьяе]"
)
DATE = re.compile(
    rf"""\b(?:
    (?P<iso>(?:19|20)\d\d-\d\d-\d\d)
    |(?P<dotted>\d{{1,2}}\.\d{{1,2}}\.(?:19|20)\d\d)
    |(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s(?:of\s)?(?P<month>{_MONTH})\b\.?(?:,?\s(?P<year>(?:19|20)\d\d)\b)?
    |(?P<month2>{_MONTH})\b\.?\s(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s(?P<year2>(?:19|20)\d\d)\b)?
    |(?P<month3>{_MONTH})\b\.?,?\s(?P<year3>(?:19|20)\d\d)\b
    |(?P<day4>\d{{1,2}})\s(?P<month4>{_RUSSIAN_MONTH})\b(?:\s(?P<year4>(?:19|20)\d\d)\b(?:\s(?:года|г\.))?)?
    |(?P<month5>{_RUSSIAN_MONTH})\s(?P<year5>(?:19|20)\d\d)\b(?:\s(?:года|г\.))?
    |(?P<weekday>(?:(?P<which>last|next|this|on|by|the\sprevious)\s)?(?P<dayname>{"|".join(ENGLISH_DAYS)}))
    |(?P<russian>(?:(?P<which2>прошл\w{{2,3}}|следующ\w{{2,3}}|минувш\w{{2,3}})\s)?(?P<dayname2>{"|".join(RUSSIAN_DAYS)}))
    |(?P<near>today|yesterday|tomorrow|сегодня|вчера|завтра)
    |(?P<words>(?:by\sthe\send\sof\s|early\s|later\s|within\s|in\s)?(?:(?:the\s)?(?:next|coming|this)|the\sfollowing)
      \s(?:few\s|two\s|three\s|two\sor\sthree\s)?(?:days?|weeks?|months?|years?|spring|summer|autumn|winter|round)
    |(?:with)?in\s(?:the\s(?:next|coming)\s)?(?:a\s(?:few|couple\sof)|\d{{1,3}}|one|two|three|four|six|ten|several|two\sor\sthree)
      \s(?:days?|weeks?|months?|years?|hours?)
    |in\sdue\scourse|in\sthe\snear\sfuture|as\s(?:soon|swiftly|quickly)\sas\spossible|before\slong
    |without\sdelay|immediately|swiftly|shortly|promptly|soon|by\sthe\send\sof\sthe\s(?:year|month|week)
    |на\s(?:следующей|этой|будущей)\sнеделе|в\s(?:следующем|этом)\s(?:месяце|году)|в\sближайшее\sвремя|в\sскором\sвремени
    |в\sближайшие\s(?:дни|недели|месяцы)|как\sможно\s(?:скорее|быстрее)|до\sконца\s(?:года|месяца|недели)|вскоре|скоро|незамедлительно
    |в\sтечение\s\w{{1,12}}\s(?:дней|недель|месяцев|лет))
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
ABOUT = re.compile(r"\b(?:about|around|circa|approximately|около|примерно)\s+$", re.IGNORECASE)


@dataclass(frozen=True)
class When:
    """Where a time is told, in which words, and as a date if it is one."""

    start: int
    end: int
    words: str
    date: VagueDate | None


def times(
    text: str, start: int, end: int, written: VagueDate | None, ahead: bool = False
) -> list[When]:
    """All times told between two positions of the text.

    Args:
        written: the source's date. Days of the week are reckoned from it if it is a day.
        ahead: whether the text speaks of what is to come; else a day's name means the last one.
    """
    found = []
    for match in DATE.finditer(text, start, end):
        date = _date(match, written, ahead)
        if date and ABOUT.search(text[max(start, match.start() - 16) : match.start()]):
            date = VagueDate(date.first, date.precision, about=True)
        words = " ".join(match[0].split())
        if match["weekday"] and match["which"]:
            words = words if match["which"].casefold() != "on" else match["dayname"]
        found.append(When(match.start(), match.end(), words, date))
    return found


def _date(match: re.Match[str], written: VagueDate | None, ahead: bool) -> VagueDate | None:
    day_written = written.first if written and written.precision == Precision.DAY else None
    try:
        if match["iso"]:
            return VagueDate(dt.date.fromisoformat(match["iso"]))
        if match["dotted"]:
            day, month, year = map(int, match["dotted"].split("."))
            return VagueDate(dt.date(year, month, day))
        for name in ("", "2", "4"):
            if match[f"day{name}"]:
                month = _month(match[f"month{name}"])
                return _day(int(match[f"day{name}"]), month, match[f"year{name}"], day_written)
        for name in ("3", "5"):
            if match[f"month{name}"]:
                month = _month(match[f"month{name}"])
                return VagueDate(dt.date(int(match[f"year{name}"]), month, 1), Precision.MONTH)
    except ValueError:  # 31 February
        return None
    if day_written is None:
        return None
    if near := match["near"]:
        days = {"today": 0, "сегодня": 0, "yesterday": -1, "вчера": -1}.get(near.casefold(), 1)
        return VagueDate(day_written + dt.timedelta(days))
    number = None
    if match["dayname"]:
        number = ENGLISH_DAYS[match["dayname"].casefold()]
    elif match["dayname2"]:
        number = RUSSIAN_DAYS[match["dayname2"].casefold()]
    which = (match["which"] or match["which2"] or "on").casefold()
    # "Next Tuesday" may be one of two; so may "last" and "this".
    if number is None or which not in {"on", "by"}:
        return None
    back = (day_written.weekday() - number) % 7
    return VagueDate(day_written + dt.timedelta(7 - back if ahead else -back))


def _month(name: str) -> int:
    name = name.casefold()
    if number := ENGLISH_MONTHS.get(name):
        return number
    return next(
        i
        for i, start in enumerate(RUSSIAN_MONTHS, 1)
        if name.startswith(start) and (start != "ма" or name in {"май", "мая", "мае"})
    )


def _day(day: int, month: int, year: str | None, written: dt.date | None) -> VagueDate | None:
    """The day; without a year, the one nearest to the source's date."""
    if year:
        return VagueDate(dt.date(int(year), month, day))
    if not written:
        return None
    near = [dt.date(written.year + shift, month, day) for shift in (-1, 0, 1)]
    return VagueDate(min(near, key=lambda each: abs(each - written)))
