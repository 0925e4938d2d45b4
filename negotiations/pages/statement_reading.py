"""A statement with all that its page shows, in one query, or two where its source was captured.

Statements are what others link to, so their page is asked for most. By the ORM it took seven
queries and, to put them together, five times as long as the database needed to answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from negotiations.models import (
    Account,
    Action,
    Citation,
    Meeting,
    OpenMatter,
    Party,
    Person,
    Position,
    Question,
    Source,
    Statement,
    Topic,
)
from negotiations.models.quotations import Verification, verified
from negotiations.models.visibility import visible_sql
from negotiations.search.trips import prepared

if TYPE_CHECKING:
    import datetime as dt


def _rows(columns: str, joins: str, where: str, order: str, *seen: str) -> str:
    """SQL for what hangs on the statement `s`, as JSON; `seen` are the tables that must be visible."""
    visible = "".join(f" AND {visible_sql(alias)}" for alias in seen)
    return (
        f"(SELECT json_agg(json_build_array({columns}) ORDER BY {order})"
        f" FROM {joins} WHERE {where}{visible})"
    )


PARTY = "y.id, y.name, y.slug, y.mark"
JOINED_PARTY = "JOIN negotiations_party y ON y.id = h.party_id"
READ = f"""
SELECT s.id, s.status, s.form, s.words, s.language, s.original_words, s.original_language, s.translated_by,
  s.date_from, s.date_precision, s.date_about, s.occasion, s.occasion_note,
  y.id, y.name, y.slug, y.mark, y.demonstration, p.id, p.name, p.slug, m.id, m.title, m.slug,
  (SELECT d.title FROM negotiations_delegate d
    WHERE d.meeting_id = s.meeting_id AND d.person_id = s.speaker_id AND {visible_sql("d")}
    ORDER BY d.rank, d.id LIMIT 1),
  beside.previous, beside.next,
  (SELECT max(k.at) FROM negotiations_correction k
    WHERE k.page = 'statement-' || s.id AND k.what = 'corrected' AND k.shown),
  s.form = 'verbatim' AND EXISTS (SELECT FROM negotiations_citation h
    JOIN negotiations_source o ON o.id = h.source_id
    WHERE h.statement_id = s.id AND o.text_sha256 <> ''),
  {
    _rows(
        "t.id, t.name, t.slug",
        "negotiations_statement_topics h JOIN negotiations_topic t ON t.id = h.topic_id",
        "h.statement_id = s.id",
        "t.position, t.name",
        "t",
    )
},
  {
    _rows(
        "h.passage, h.where, o.id, o.title, o.publisher, o.language",
        "negotiations_citation h JOIN negotiations_source o ON o.id = h.source_id",
        "h.statement_id = s.id",
        "h.id",
    )
},
  {
    _rows(
        f"h.id, h.stance, h.summary, q.text, q.slug, {PARTY}",
        "negotiations_position h JOIN negotiations_question q ON q.id = h.question_id"
        f" {JOINED_PARTY}",
        "h.statement_id = s.id",
        "q.text, y.name, h.id",
        "h",
        "q",
    )
},
  {
    _rows(
        f"h.stance, a.id, a.title, {PARTY}",
        f"negotiations_account h JOIN negotiations_action a ON a.id = h.action_id {JOINED_PARTY}",
        "h.statement_id = s.id",
        "a.id, h.id",
        "h",
        "a",
    )
},
  {
    _rows(
        "h.id, h.title, g.slug",
        "negotiations_openmatter h JOIN negotiations_meeting g ON g.id = h.meeting_id",
        "h.statement_id = s.id",
        "h.id",
        "h",
    )
}
FROM negotiations_statement s
JOIN negotiations_party y ON y.id = s.party_id
LEFT JOIN negotiations_person p ON p.id = s.speaker_id
LEFT JOIN negotiations_meeting m ON m.id = s.meeting_id
LEFT JOIN LATERAL (
  SELECT max(n.id) FILTER (WHERE n.id < s.id) AS previous,
         min(n.id) FILTER (WHERE n.id > s.id) AS next
  FROM negotiations_statement n WHERE n.meeting_id = s.meeting_id AND {visible_sql("n")}
) beside ON true
WHERE s.id = %(pk)s AND {visible_sql("s")}
"""
OWN = (
    "id", "status", "form", "words", "language", "original_words", "original_language", "translated_by",
    "date_from", "date_precision", "date_about", "occasion", "occasion_note",
)  # fmt: skip


@dataclass(slots=True)
class Reading:
    """A statement and what is shown with it; of the records only the fields that the page needs."""

    statement: Statement
    title: str  # the speaker's, as it was at the meeting
    previous: int | None
    next: int | None
    corrected: dt.datetime | None  # last, after it was public
    verified: list[Verification]
    topics: list[Topic]
    citations: list[Citation]
    positions: list[Position]
    accounts: list[Account]
    open_matters: list[OpenMatter]


def read(pk: int, *, drafts: bool) -> Reading | None:
    """The statement of this number as far as the reader may see it; None if there is none."""
    row = prepared(READ, {"pk": pk, "drafts": drafts}).fetchone()
    return _reading(row) if row else None


def _reading(row: tuple[Any, ...]) -> Reading:
    own, party, person, meeting = row[:13], row[13:18], row[18:21], row[21:24]
    (
        title,
        previous,
        following,
        corrected,
        captured,
        topics,
        citations,
        positions,
        accounts,
        matters,
    ) = row[24:]
    statement = Statement(**dict(zip(OWN, own, strict=True)))
    statement.party = _party(*party)
    if person[0]:
        statement.speaker = _named(Person, *person)
    if meeting[0]:
        statement.meeting = Meeting(id=meeting[0], title=meeting[1], slug=meeting[2])
    return Reading(
        statement,
        title or "",
        previous,
        following,
        corrected,
        verified(statement) if captured else [],
        [_named(Topic, *each) for each in topics or ()],
        [_citation(*each) for each in citations or ()],
        [_position(*each) for each in positions or ()],
        [_account(*each) for each in accounts or ()],
        [_matter(*each) for each in matters or ()],
    )


def _named(model: Any, pk: int, name: str, slug: str) -> Any:
    return model(id=pk, name=name, slug=slug)


def _party(pk: int, name: str, slug: str, mark: str, demonstration: bool = False) -> Party:
    return Party(id=pk, name=name, slug=slug, mark=mark, demonstration=demonstration)


def _citation(passage: str, where: str, *source: Any) -> Citation:
    pk, title, publisher, language = source
    document = Source(id=pk, title=title, publisher=publisher, language=language)
    return Citation(passage=passage, where=where, source=document)


def _position(pk: int, stance: str, summary: str, text: str, slug: str, *party: Any) -> Position:
    question = Question(text=text, slug=slug)
    return Position(id=pk, stance=stance, summary=summary, question=question, party=_party(*party))


def _account(stance: str, pk: int, title: str, *party: Any) -> Account:
    return Account(stance=stance, action=Action(id=pk, title=title), party=_party(*party))


def _matter(pk: int, title: str, slug: str) -> OpenMatter:
    return OpenMatter(id=pk, title=title, meeting=Meeting(slug=slug))
