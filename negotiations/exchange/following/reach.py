"""Which changes concern a record that somebody follows, in SQL.

A change concerns what the changed record hangs on: a statement concerns its meeting, its speaker, its
party and that party's whole, its topics and the wider ones. What is not public any more is judged by
what it hung on when it was withdrawn, which its history tells; a draft's state decides nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import connection

from negotiations.insight.corrections import COLUMNS, as_rows
from negotiations.models.corrections import Correction

if TYPE_CHECKING:
    import datetime as dt

What = Correction.What
ALL = (What.PUBLISHED, What.CORRECTED, What.WITHDRAWN)
AFTERWARDS = (What.CORRECTED, What.WITHDRAWN)


class Near(NamedTuple):
    """Of one kind, the records (`r`) that a followed one is concerned by, and which changes of them.

    `{id}` stands for the record's number, `{linked}` for its link to a topic or party of `those`.
    """

    where: str
    whats: tuple[str, ...] = ALL
    those: str = ""
    link: str = ""


_PUBLIC = "status = 'published'"
_MEETINGS = f"(SELECT id FROM negotiations_meeting WHERE process_id = %(pk)s AND {_PUBLIC})"
_BELOW = "(SELECT readout_party_and_below(%(pk)s))"
_TOPICS = """(WITH RECURSIVE below(id) AS (
    SELECT %(pk)s::bigint
    UNION SELECT t.id FROM negotiations_topic t JOIN below ON t.parent_id = below.id
  ) SELECT id FROM below)"""


def _of_actions(those: str) -> str:
    return f"r.action_id IN (SELECT a.id FROM negotiations_action a WHERE {those} AND a.{_PUBLIC})"


def _of_statements(those: str) -> str:
    return (
        f"r.statement_id IN (SELECT s.id FROM negotiations_statement s WHERE {those}"
        f" AND s.{_PUBLIC})"
    )


def _at(meetings: str) -> dict[str, Near]:
    """What belongs to some meetings. Who sat there is told with the meeting."""
    return {
        "meeting": Near(f"{{id}} IN {meetings}"),
        "delegation": Near(f"r.meeting_id IN {meetings}", AFTERWARDS),
        "delegate": Near(f"r.meeting_id IN {meetings}", AFTERWARDS),
        "statement": Near(f"r.meeting_id IN {meetings}"),
        "position": Near(_of_statements(f"s.meeting_id IN {meetings}")),
        "action": Near(f"r.meeting_id IN {meetings}"),
        "account": Near(_of_actions(f"a.meeting_id IN {meetings}")),
        "progress": Near(_of_actions(f"a.meeting_id IN {meetings}")),
        "openmatter": Near(f"r.meeting_id IN {meetings}"),
    }


_OWED = (
    f"a.id IN (SELECT o.action_id FROM negotiations_action_owed_by o WHERE o.party_id IN {_BELOW})"
)
_ABOUT = (
    f"a.id IN (SELECT t.action_id FROM negotiations_action_topics t WHERE t.topic_id IN {_TOPICS})"
)
_SAT = "{{id}} IN (SELECT d.meeting_id FROM negotiations_{table} d WHERE {those} AND d.status = 'published')"
SELF = Near("{id} = %(pk)s")
# By the kind that is followed, the kinds that concern it.
REACH: dict[str, dict[str, Near]] = {
    "process": {
        "process": SELF,
        **_at(_MEETINGS),
        # Of a meeting that is gone, only itself knows of which process it was.
        "meeting": Near("r.process_id = %(pk)s"),
    },
    "meeting": _at("(%(pk)s)"),
    "party": {
        "party": Near(f"{{id}} IN {_BELOW}"),
        "meeting": Near(_SAT.format(table="delegation", those=f"d.party_id IN {_BELOW}"), AFTERWARDS),
        "delegation": Near(f"r.party_id IN {_BELOW}"),
        "appointment": Near(f"r.party_id IN {_BELOW}"),
        "statement": Near(f"r.party_id IN {_BELOW}"),
        "position": Near(f"r.party_id IN {_BELOW}"),
        "action": Near("{linked}", ALL, _BELOW, "party"),
        "account": Near(f"r.party_id IN {_BELOW}"),
        "progress": Near(_of_actions(_OWED)),
    },
    "person": {
        "person": SELF,
        "meeting": Near(_SAT.format(table="delegate", those="d.person_id = %(pk)s"), AFTERWARDS),
        "delegate": Near("r.person_id = %(pk)s"),
        "appointment": Near("r.person_id = %(pk)s"),
        "statement": Near("r.speaker_id = %(pk)s"),
        "position": Near(_of_statements("s.speaker_id = %(pk)s")),
        "account": Near(_of_statements("s.speaker_id = %(pk)s")),
    },
    "topic": {
        "topic": Near(f"{{id}} IN {_TOPICS}"),
        "question": Near(f"r.topic_id IN {_TOPICS}"),
        "position": Near(
            f"r.question_id IN (SELECT q.id FROM negotiations_question q WHERE q.topic_id IN {_TOPICS}"
            f" AND q.{_PUBLIC})"
        ),
        "statement": Near("{linked}", ALL, _TOPICS, "topic"),
        "action": Near("{linked}", ALL, _TOPICS, "topic"),
        "account": Near(_of_actions(_ABOUT)),
        "progress": Near(_of_actions(_ABOUT)),
        "openmatter": Near(f"r.topic_id IN {_TOPICS}"),
    },
    "question": {
        "question": SELF,
        "position": Near("r.question_id = %(pk)s"),
        "statement": Near(
            "{id} IN (SELECT p.statement_id FROM negotiations_position p"
            f" WHERE p.question_id = %(pk)s AND p.{_PUBLIC})",
            AFTERWARDS,
        ),
        "openmatter": Near("r.question_id = %(pk)s"),
    },
    "action": {
        "action": SELF,
        "account": Near("r.action_id = %(pk)s"),
        "progress": Near("r.action_id = %(pk)s"),
    },
}  # fmt: skip
FOLLOWABLE = tuple(REACH)


def _linked(kind: str, near: Near, *, gone: bool) -> str:
    """SQL that the record is linked to one of those, or was when it was withdrawn."""
    if not near.link:
        return ""
    own, other = f"{kind}_id", f"{near.link}_id"
    if not gone:
        through = {"party": "owed_by", "topic": "topics"}[near.link]
        return (
            f"r.id IN (SELECT l.{own} FROM negotiations_{kind}_{through} l"
            f" WHERE l.{other} IN {near.those})"
        )
    events = f"negotiations_{kind}{near.link}event"
    return f"""EXISTS (SELECT FROM {events} l WHERE l.{own} = r.pgh_obj_id
      AND l.{other} IN {near.those} AND l.pgh_label = 'insert' AND l.pgh_created_at <= n.at
      AND NOT EXISTS (SELECT FROM {events} d WHERE d.pgh_obj_id = l.pgh_obj_id
        AND d.pgh_label = 'delete' AND d.pgh_created_at < n.at))"""


def last_version(kind: str) -> str:
    """SQL that joins to the withdrawal `n` what the record was at that moment, as `r`."""
    return f"""CROSS JOIN LATERAL (
      SELECT * FROM negotiations_{kind}event e
      WHERE e.pgh_obj_id = n.record_id AND e.pgh_created_at = n.at
        AND (e.pgh_label = 'delete' OR NOT e.{_PUBLIC})
      ORDER BY e.pgh_id LIMIT 1) r"""


def _each(kind: str, near: Near, within: str) -> list[str]:
    """SQL for the newest changes of one kind: of what is public, and of what is gone."""
    columns = ", ".join(f"n.{column}" for column in COLUMNS)
    order = "ORDER BY n.at DESC, n.id DESC LIMIT %(most)s"
    own = f"n.kind = '{kind}' AND n.shown {within}"
    public = [what for what in near.whats if what != What.WITHDRAWN]
    where = near.where.format(id="r.id", linked=_linked(kind, near, gone=False))
    before = near.where.format(id="r.pgh_obj_id", linked=_linked(kind, near, gone=True))
    return [
        *(
            f"SELECT {columns} FROM negotiations_correction n"
            f" JOIN negotiations_{kind} r ON r.id = n.record_id AND r.{_PUBLIC}"
            f" WHERE {own} AND n.what = '{what}' AND {where} {order}"
            for what in public
        ),
        f"SELECT {columns} FROM negotiations_correction n {last_version(kind)}"
        f" WHERE {own} AND n.what = 'withdrawn' AND {before} {order}",
    ]


def changes_of(
    kind: str,
    pk: int,
    most: int,
    *,
    since: dt.datetime | None = None,
    until: dt.datetime | None = None,
    before: tuple[dt.datetime, int] | None = None,
) -> list[Any]:
    """The newest changes that concern a record, as rows of `insight.corrections.told`; one query.

    `since` is left out and `until` counts; `before` is the place of the last row that was read.
    """
    values: dict[str, Any] = {"pk": pk, "most": most, "since": since, "until": until}
    within = ""
    if since:
        within += " AND n.at > %(since)s"
    if until:
        within += " AND n.at <= %(until)s"
    if before:
        within += " AND (n.at, n.id) < (%(at)s, %(id)s)"
        values |= {"at": before[0], "id": before[1]}
    each = " UNION ALL ".join(
        f"({sql})" for near, of in REACH[kind].items() for sql in _each(near, of, within)
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT {", ".join(f"n.{column}" for column in COLUMNS)}, c.metadata->>'public_reason'
            FROM ({each}) n LEFT JOIN pghistory_context c ON c.id = n.context_id
            ORDER BY n.at DESC, n.id DESC LIMIT %(most)s""",
            values,
        )
        return as_rows(cursor.fetchall())
