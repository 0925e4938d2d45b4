"""Positions in time: what each side wanted on a question, since when, and where it changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import connection, models
from django.db.models.expressions import RawSQL

from negotiations.insight.lines import ALL_VOICES, LINE_OF_A_QUESTION, LINES, STANDS, said
from negotiations.models import Party, Position, Question, Topic

if TYPE_CHECKING:
    from collections.abc import Iterable

SIDES = 40  # shown of one question: those of which most is recorded
ITEMS = 12  # of one side's line: the newest
APART = 6  # of what has no place in it
QUESTIONS = 30  # summed up on one topic's page,
COLUMNS = 12  # for those sides of which most is recorded there


def rows(sql: str, values: dict[str, Any]) -> list[Any]:
    """The answer to one query, as tuples."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def with_words(pks: Iterable[int | None]) -> dict[int, Position]:
    """Positions with their statements and speakers, in one query."""
    positions = Position.objects.filter(pk__in={pk for pk in pks if pk})
    return positions.select_related(
        "party", "statement__speaker", "statement__party", "statement__meeting"
    ).in_bulk()


# --- A side's line ---


@dataclass(frozen=True)
class Held:
    """A stance that a side showed, once or again and again until it showed another.

    `several` has one position of each stance where the statements of one day differ; `before` is
    what the side said last before it changed to this. `number` counts the statements.
    """

    stances: list[str]
    number: int
    first: Position
    last: Position
    several: list[Position] = field(default_factory=list)
    before: Position | None = None

    @property
    def stance(self) -> str:
        return self.stances[0]

    @property
    def is_one_day(self) -> bool:
        return self.first.statement.date == self.last.statement.date


@dataclass(frozen=True)
class Line:
    """One side on one question: what it held, the oldest first, and what has no place in time."""

    side: Party
    held: list[Held]
    apart: list[Held]

    @property
    def is_cut(self) -> bool:
        """There may be more than is shown."""
        return len(self.held) == ITEMS or len(self.apart) == APART

    @property
    def changes(self) -> int:
        return sum(1 for each in self.held if each.before)


def lines(question: Question, *, drafts: bool = False) -> list[Line]:
    """Every side's line on a question, by the sides' names; three queries."""
    values = {
        "question": question.pk,
        "drafts": drafts,
        "sides": SIDES,
        "items": ITEMS,
        "apart": APART,
    }
    found = rows(LINE_OF_A_QUESTION, values)
    shown = with_words(pk for row in found for pk in (row[3], row[4], row[6], *(row[5] or ())))
    sides = Party.objects.in_bulk({row[0] for row in found})
    made = {pk: Line(side, [], []) for pk, side in sides.items()}
    for side, stances, number, first, last, several, before, in_line, _ in found:
        each = Held(
            stances,
            int(number),
            shown[first],
            shown[last],
            [shown[pk] for pk in several or ()],
            shown.get(before),
        )
        (made[side].held if in_line else made[side].apart).append(each)
    return sorted(made.values(), key=lambda line: line.side.name)


# --- Where each side stands ---


@dataclass(frozen=True)
class Stand:
    """Where a side's line ends: its stances, more than one where it said both on one day.

    `maybe` are others that it may have shown later: their dates don't tell.
    """

    stances: list[str]
    maybe: list[str]
    number: int
    first: Position | None
    last: Position | None
    maybe_shown: Position | None

    @property
    def shown(self) -> Position | None:
        """The position whose words are shown."""
        return self.last or self.maybe_shown


STAND_COLUMNS = ("stances", "maybe", "number", "first", "last", "maybe_pos")
STANDS_ON = f"""
WITH RECURSIVE {ALL_VOICES},
said AS ({said("p.question_id = ANY (%(questions)s)")}),
{LINES},
{STANDS}
SELECT (SELECT count(DISTINCT side) FROM span), question, side, {", ".join(STAND_COLUMNS)}
FROM stand WHERE side IN (
  SELECT side FROM span GROUP BY side ORDER BY sum(number) DESC, side LIMIT {COLUMNS})"""


def stand(row: Any, shown: dict[int, Position]) -> Stand:
    """A stand from its STAND_COLUMNS."""
    stances, maybe, number, *pks = row
    return Stand(stances or [], maybe or [], int(number), *(shown.get(pk) for pk in pks))


@dataclass(frozen=True)
class Stands:
    """Questions with the latest stand of each side, in the order of `sides` (None: silent).

    `others` counts the sides that are not shown.
    """

    sides: list[Party]
    questions: list[tuple[Question, list[tuple[Party, Stand | None]]]]
    others: int


def stands(questions: list[Question], *, drafts: bool = False) -> Stands:
    """Where the COLUMNS sides of which most is recorded stand on these questions; three queries."""
    found = rows(STANDS_ON, {"questions": [each.pk for each in questions], "drafts": drafts})
    shown = with_words(pk for row in found for pk in row[6:])
    of = {(row[1], row[2]): stand(row[3:], shown) for row in found}
    sides = sorted(Party.objects.filter(pk__in={side for _, side in of}), key=lambda p: p.name)
    return Stands(
        sides,
        [(each, [(side, of.get((each.pk, side.pk))) for side in sides]) for each in questions],
        found[0][0] - len(sides) if found else 0,
    )


def questions_under(topic: Topic, *, drafts: bool = False) -> list[Question]:
    """The questions of a topic and of those under it, at most QUESTIONS."""
    under = RawSQL(
        "%s = ANY (readout_topic_chain(negotiations_question.topic_id))",
        [topic.pk],
        output_field=models.BooleanField(),
    )
    found = Question.objects.visible(preview=drafts).filter(under).select_related("topic")
    return list(found.order_by("text", "id")[:QUESTIONS])
