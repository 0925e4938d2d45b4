"""A question's positions by side and time: a table that counts, and the statements behind a number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import F
from django.db.models.expressions import RawSQL

from negotiations.insight.lines import ALL_VOICES, VOICES
from negotiations.insight.positions import SIDES, rows
from negotiations.languages import gettext
from negotiations.models import Party, Position, VagueDate
from negotiations.models.dates import Precision
from negotiations.models.visibility import visible_sql

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import QueryDict

    from negotiations.models import Question

COLUMNS = 12  # shown of the table: the newest

# By side and date as it is known, but not finer than `unit`, a Precision. The newest columns.
TABLE = f"""
WITH RECURSIVE {ALL_VOICES},
taken AS (
  SELECT v.side, p.stance, s.date_about AS about, s.date_from, s.date_precision AS precision
  FROM negotiations_position p
  JOIN voice v ON v.party = p.party_id
  JOIN negotiations_statement s ON s.id = p.statement_id
  WHERE p.question_id = %(question)s AND {visible_sql("p")} AND {visible_sql("s")}),
most AS (SELECT side FROM taken GROUP BY side ORDER BY count(*) DESC, side LIMIT {SIDES}),
units AS (
  SELECT unit, date_trunc(CASE least(precision, unit) WHEN 1 THEN 'year' WHEN 2 THEN 'month'
    ELSE 'day' END, date_from)::date AS first, least(precision, unit) AS known, side, stance, about
  FROM taken, generate_series(1, 3) unit WHERE side IN (SELECT side FROM most)),
chosen AS (
  SELECT coalesce(max(unit) FILTER (WHERE columns <= {COLUMNS}), 1) AS unit
  FROM (SELECT unit, count(DISTINCT (first, known)) AS columns FROM units GROUP BY unit) u)
SELECT first, known, side, stance, count(*), count(*) FILTER (WHERE about) FROM units JOIN chosen USING (unit)
GROUP BY first, known, side, stance
"""
KNOWN = {choice.label: choice.value for choice in Precision}
UNDATED = "undated"


@dataclass(frozen=True)
class Count:
    """How many statements of one side show a stance in one column, and of how many it is “about”."""

    stance: str
    number: int
    about: int


@dataclass(frozen=True)
class Column:
    """A time as it is known, None for undated; `coarse` if it is vaguer than its neighbours."""

    when: VagueDate | None
    coarse: bool

    @property
    def address(self) -> str:
        """The part of an address that asks for this column's statements."""
        if not self.when:
            return f"when={UNDATED}"
        known = f"&known={Precision(self.when.precision).name.lower()}" if self.coarse else ""
        return f"when={self.when.iso}{known}"


@dataclass(frozen=True)
class TimeTable:
    """Sides by time. `sides` has for each side a cell a column; `older` statements are in none."""

    columns: list[Column]
    sides: list[tuple[Party, list[tuple[Column, list[Count]]]]]
    older: int


def time_table(question: Question, *, drafts: bool = False) -> TimeTable:
    """Who showed what when, by days, months or years as COLUMNS allow; two queries."""
    found = rows(TABLE, {"question": question.pk, "drafts": drafts})
    dated = [(VagueDate(first, precision), *rest) for first, precision, *rest in found if first]
    undated = [(None, *rest) for first, _, *rest in found if not first]
    times = sorted({when for when, *_ in dated})
    shown: list[VagueDate | None] = [*times[-COLUMNS:], *([None] if undated else [])]
    cells: dict[tuple[int, VagueDate | None], list[Count]] = {}
    for when, side, stance, number, about in (*dated, *undated):
        cells.setdefault((side, when), []).append(Count(stance, number, about))
    for cell in cells.values():
        cell.sort(key=lambda each: Position.Stance.values.index(each.stance))
    sides = sorted(Party.objects.filter(pk__in={side for side, _ in cells}), key=lambda p: p.name)
    unit = max((when.precision for when in times), default=Precision.DAY)
    columns = [Column(when, bool(when and when.precision < unit)) for when in shown]
    return TimeTable(
        columns,
        [
            (side, [(each, cells.get((side.pk, each.when), [])) for each in columns])
            for side in sides
        ],
        sum(each.number for (_, when), cell in cells.items() if when not in shown for each in cell),
    )


@dataclass(frozen=True)
class Asked:
    """Which of a question's positions are asked for: whose, which, from when, known how exactly."""

    party: Party | None = None
    stance: str = ""
    when: VagueDate | None = None
    undated: bool = False
    known: str = ""

    @classmethod
    def from_address(cls, query: QueryDict) -> Asked:
        """Read the part of an address after `?`.

        Raises:
            ValueError: with a sentence that says what to change.
        """
        slug, stance, when, known = (
            query.get(name, "").strip()[:100] for name in ("party", "stance", "when", "known")
        )
        party = Party.published.filter(slug=slug).first() if slug else None
        if slug and not party:
            raise ValueError(
                gettext("There is no party “{slug}”. Choose one from the list of parties.").format(
                    slug=slug
                )
            )
        if stance and stance not in Position.Stance.values:
            raise ValueError(
                gettext("“stance” is one of {values}.").format(
                    values=", ".join(Position.Stance.values)
                )
            )
        if known and known not in KNOWN:
            raise ValueError(gettext("“known” is day, month or year."))
        undated = when == UNDATED
        date = VagueDate.parse(when) if when and not undated else None
        return cls(party, stance, date, undated, known)

    @property
    def is_all(self) -> bool:
        return self == Asked()


def positions(question: Question, asked: Asked, *, drafts: bool = False) -> QuerySet[Position]:
    """The positions on a question that are asked for, the oldest first, undated ones last."""
    found = Position.objects.visible(preview=drafts).filter(question=question)
    if not drafts:
        found = found.filter(statement__status="published")
    if asked.party:
        found = found.filter(party__in=voices(asked.party))
    if asked.stance:
        found = found.filter(stance=asked.stance)
    if asked.undated:
        found = found.filter(statement__date_from=None)
    if asked.when:
        found = found.filter(
            statement__date_from__gte=asked.when.first, statement__date_until__lte=asked.when.last
        )
    if asked.known:
        found = found.filter(statement__date_precision=KNOWN[asked.known])
    return found.order_by(F("statement__date_from").asc(nulls_last=True), "statement_id", "id")


def voices(party: Party) -> RawSQL:
    """SQL for a party and the bodies that speak for it."""
    sql = f"WITH RECURSIVE {VOICES.format(of='id = %s')} SELECT party FROM voice"
    return RawSQL(sql, [party.pk])  # noqa: S611 - our own SQL
