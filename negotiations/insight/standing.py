"""Where each party stands on each question of a process, and since when: one query."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection

from negotiations.languages import here
from negotiations.models import Position, VagueDate
from negotiations.models.visibility import visible_sql

if TYPE_CHECKING:
    from negotiations.models import Process

# The last of those statements with which a party came to want something else than before: what
# it wanted then, it wants now. "Not stated" is no turn.
STANDING = f"""
WITH turns AS (
  SELECT p.question_id, p.party_id, p.stance, s.id, s.date_from, s.date_precision, s.date_about,
    lag(p.stance) OVER life AS before,
    row_number() OVER life AS place
  FROM negotiations_position p
  JOIN negotiations_statement s ON s.id = p.statement_id
  JOIN negotiations_meeting m ON m.id = s.meeting_id
  WHERE m.process_id = %(process)s AND p.stance <> 'not_stated' AND {visible_sql("p")}
  WINDOW life AS (PARTITION BY p.question_id, p.party_id
    ORDER BY s.date_from NULLS FIRST, s.date_precision, s.id)
)
SELECT DISTINCT ON (q.text, q.id, y.name, y.id)
  q.text, q.slug, y.name, y.slug, y.mark, t.stance, t.id, t.date_from, t.date_precision,
  t.date_about, t.place > 1
FROM turns t
JOIN negotiations_question q ON q.id = t.question_id
JOIN negotiations_party y ON y.id = t.party_id
WHERE t.before IS DISTINCT FROM t.stance AND {visible_sql("q")} AND {visible_sql("y")}
ORDER BY q.text, q.id, y.name, y.id, t.place DESC
LIMIT %(most)s
"""


@dataclass(frozen=True)
class Standing:
    """What one party wants on one question now, and the statement that first said so."""

    question: str
    question_url: str
    party: str
    party_url: str
    mark: str
    stance: str
    statement: int
    since: VagueDate | None
    changed: bool  # it wanted something else before

    @property
    def stance_words(self) -> str:
        return str(Position.Stance(self.stance).label)


def standing(process: Process, *, drafts: bool, most: int) -> list[Standing]:
    """By question and party, at most so many."""
    with connection.cursor() as cursor:
        cursor.execute(STANDING, {"process": process.pk, "drafts": drafts, "most": most})
        rows = cursor.fetchall()
    return [
        Standing(
            question, f"{here()}/questions/{slug}/", party, f"{here()}/parties/{of}/", mark, stance, statement,
            VagueDate(first, size, about) if first else None, changed,
        )
        for question, slug, party, of, mark, stance, statement, first, size, about, changed in rows
    ]  # fmt: skip
