"""Comparing: two parties, one party at two times, or two meetings, over all questions."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import models

from negotiations.insight.lines import ALL_VOICES, CLOSES, LINES, STANDS, VOICES, said
from negotiations.insight.positions import STAND_COLUMNS, Stand, rows, stand, with_words
from negotiations.languages import gettext, pgettext_lazy
from negotiations.models import Meeting, Party, Question, VagueDate

if TYPE_CHECKING:
    from django.http import QueryDict

PER_PAGE = 30
MEETING = "meeting:"


class Result(models.TextChoices):
    """What two sides' latest stances on a question amount to."""

    DIFFER = "differ", pgettext_lazy("comparison", "They differ")
    AGREE = "agree", pgettext_lazy("comparison", "They agree")
    UNCLEAR = "unclear", pgettext_lazy("comparison", "It can’t be told")
    SILENT = "silent", pgettext_lazy("comparison", "One of them is silent")


@dataclass(frozen=True)
class Chosen:
    """One side of a comparison: a party, at the end of `until` or now, or a meeting."""

    party: Party | None = None
    until: VagueDate | None = None
    meeting: Meeting | None = None

    @property
    def record(self) -> Party | Meeting:
        return self.party or self.meeting  # type: ignore[return-value]

    @property
    def name(self) -> str:
        return (
            gettext("{record}, up to {until}").format(record=self.record, until=self.until)
            if self.until
            else str(self.record)
        )


@dataclass(frozen=True)
class Asked:
    """What is compared, narrowed to one result, and which page of it."""

    a: Chosen
    b: Chosen
    show: str = ""
    page: int = 1

    @property
    def both(self) -> tuple[Chosen, Chosen]:
        return self.a, self.b

    @property
    def before(self) -> int:
        return self.page - 1

    @property
    def after(self) -> int:
        return self.page + 1

    @classmethod
    def from_address(cls, query: QueryDict) -> Asked | None:
        """Read the part of an address after `?`; None where not both sides are chosen yet.

        Raises:
            ValueError: with a sentence that says what to change.
        """
        text = {name: query.get(name, "").strip()[:250] for name in ("a", "b", "show", "page")}
        if not text["a"] or not text["b"]:
            return None
        a, b = (_chosen(text[name], query.get(f"{name}_until", "").strip()[:100]) for name in "ab")
        if bool(a.party) != bool(b.party):
            raise ValueError(
                gettext("Compare two parties or two meetings, not one with the other.")
            )
        if a == b:
            raise ValueError(
                gettext(
                    "Both sides are the same. Choose another for one of them, or a date up to which "
                    "one of them counts."
                )
                if a.party
                else gettext("Both sides are the same. Choose another for one of them.")
            )
        if text["show"] and text["show"] not in Result.values:
            raise ValueError(
                gettext("“show” is one of {values}.").format(values=", ".join(Result.values))
            )
        page = text["page"] or "1"
        if not (page.isascii() and page.isdigit() and 0 < int(page) < 10_000):
            raise ValueError(gettext("“page” is a number from 1."))
        return cls(a, b, text["show"], int(page))


def _chosen(text: str, until: str) -> Chosen:
    if not text.startswith(MEETING):
        party = Party.published.filter(slug=text).first()
        if not party:
            raise ValueError(
                gettext("There is no party “{text}”. Choose one from the list.").format(text=text)
            )
        return Chosen(party=party, until=VagueDate.parse(until) if until else None)
    meeting = Meeting.published.filter(slug=text.removeprefix(MEETING)).first()
    if not meeting:
        raise ValueError(
            gettext("There is no meeting “{removeprefix}”. Choose one.").format(
                removeprefix=text.removeprefix(MEETING)
            )
        )
    if until:
        raise ValueError(gettext("A meeting has its own date: leave out “up to”."))
    return Chosen(meeting=meeting)


@dataclass(frozen=True)
class Pair:
    """A question, with where each side stands (None: silent); `side` where meetings are compared."""

    question: Question
    side: Party | None
    result: str
    a: Stand | None
    b: Stand | None

    @property
    def label(self) -> str:
        return str(Result(self.result).label)


@dataclass(frozen=True)
class Comparison:
    """One page of what was compared; `numbers` has how many questions there are of each Result."""

    pairs: list[Pair]
    numbers: dict[str, int]
    pages: int

    @property
    def number(self) -> int:
        return sum(self.numbers.values())


# Disjoint stances differ whichever came last; to want something under conditions, or to be undecided,
# is neither agreement nor difference where both do.
COMPARED = f"""
pair AS (
  SELECT question, subject, {", ".join(f"a.{name} AS a_{name}" for name in STAND_COLUMNS)},
    {", ".join(f"b.{name} AS b_{name}" for name in STAND_COLUMNS)},
    array_cat(a.stances, a.maybe) AS a_all, array_cat(b.stances, b.maybe) AS b_all
  FROM (SELECT * FROM subject WHERE lane = 1) a
  FULL JOIN (SELECT * FROM subject WHERE lane = 2) b USING (question, subject)),
compared AS (
  SELECT *, CASE
    WHEN a_number IS NULL OR b_number IS NULL THEN 'silent'
    WHEN NOT a_all && b_all THEN 'differ'
    WHEN a_all = b_all AND a_all IN (ARRAY['supports']::varchar[], ARRAY['opposes']::varchar[])
      THEN 'agree'
    ELSE 'unclear' END AS result
  FROM pair),
tally AS (
  SELECT jsonb_object_agg(result, number) AS numbers
  FROM (SELECT result, count(*) AS number FROM compared GROUP BY result) c),
shown AS (
  SELECT c.*, row_number() OVER (
    ORDER BY array_position(ARRAY[{", ".join(f"'{each}'" for each in Result.values)}], result),
      q.text, q.id, y.name, y.id) AS place
  FROM compared c JOIN negotiations_question q ON q.id = c.question
  LEFT JOIN negotiations_party y ON y.id = c.subject
  WHERE %(show)s IN ('', result)
  ORDER BY place LIMIT {PER_PAGE} OFFSET %(offset)s)
SELECT numbers, question, subject, result, {", ".join(f"a_{name}" for name in STAND_COLUMNS)},
  {", ".join(f"b_{name}" for name in STAND_COLUMNS)}
FROM tally LEFT JOIN shown ON true ORDER BY place
"""
WIDTH = len(STAND_COLUMNS)


def _sql(asked: Asked) -> str:
    """Lane 1 is the one, lane 2 the other; meetings are compared side by side, parties as a whole."""
    both = " UNION ALL ".join(
        said(_condition(asked, name), lane) for lane, name in (("1", "a"), ("2", "b"))
    )
    voices = VOICES.format(of="id IN (%(a)s, %(b)s)") if asked.a.party else ALL_VOICES
    subject = "0" if asked.a.party else "side"
    return (
        f"WITH RECURSIVE {voices}, said AS ({both}), {LINES}, {STANDS},"
        f" subject AS (SELECT *, {subject} AS subject FROM stand), {COMPARED}"
    )


def _condition(asked: Asked, name: str) -> str:
    chosen: Chosen = getattr(asked, name)
    if chosen.meeting:
        return f"s.meeting_id = %({name})s"
    return f"v.side = %({name})s" + (f" AND {CLOSES} <= %({name}_until)s" if chosen.until else "")


def compare(asked: Asked, *, drafts: bool = False) -> Comparison:
    """Where the two stand on every question on which one of them took a position; four queries."""
    values = {
        "a": asked.a.record.pk,
        "b": asked.b.record.pk,
        "a_until": asked.a.until and asked.a.until.last,
        "b_until": asked.b.until and asked.b.until.last,
        "show": asked.show,
        "offset": PER_PAGE * (asked.page - 1),
        "drafts": drafts,
    }
    found = rows(_sql(asked), values)
    numbers = found[0][0]
    numbers = json.loads(numbers) if isinstance(numbers, str) else numbers or {}
    found = [row[1:] for row in found if row[1]]
    shown = with_words(
        pk for row in found for start in (3, 3 + WIDTH) for pk in row[start + 3 : start + WIDTH]
    )
    questions = Question.objects.select_related("topic").in_bulk({row[0] for row in found})
    sides = Party.objects.in_bulk({row[1] for row in found if row[1]})
    pairs = [
        Pair(
            questions[question],
            sides.get(subject),
            result,
            *(
                stand(both[start : start + WIDTH], shown) if both[start + 2] else None
                for start in (0, WIDTH)
            ),
        )
        for question, subject, result, *both in found
    ]
    counted = numbers.get(asked.show, 0) if asked.show else sum(numbers.values())
    return Comparison(
        pairs, {each: numbers.get(each, 0) for each in Result.values}, -(-counted // PER_PAGE)
    )
