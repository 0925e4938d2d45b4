"""What became of what was agreed: status, overdue, no news, due soon; each by a rule, in SQL."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.db import connection
from django.utils import timezone

from negotiations.languages import gettext, gettext_noop
from negotiations.languages.names import kind_named
from negotiations.models import Meeting, Party, Process, Progress
from negotiations.models.visibility import DEMONSTRATION, asks_for_demonstration, visible_sql

if TYPE_CHECKING:
    from collections.abc import Mapping

SILENT_AFTER, SOON = 90, 30  # days
PER_PAGE = 30
NO_REPORT = "none"
ENDED = (Progress.State.DONE, Progress.State.BROKEN_OFF)
# What each word means, as readers are told.
RULES = {
    "overdue": gettext_noop(
        "Overdue: the last day that its due date can mean is over, and its latest report says "
        "neither “done” nor “broken off”. “About” a month gets one month more, and so on."
    ),
    "silent": gettext_noop(
        "No news for {silent} days: it is neither done nor broken off, and its latest report "
        "(without one, its meeting) is more than {silent} days old."
    ),
    "soon": gettext_noop(
        "Due soon: it is neither done nor broken off, and the last day that its due date can mean "
        "is today or within {soon} days."
    ),
}
DUE = ("overdue", "soon", "dated", "none")
# In the order in which they are told.
STATES = (
    *(
        Progress.State(state)
        for state in ("done", "partly_done", "under_way", "pending", "stalled")
    ),
    Progress.State.BROKEN_OFF,
)

# A due date given as "about" is passed once one more day, month or year is over: no invented
# precision. The search index's filters ask by this function, too.
FUNCTION = """
CREATE OR REPLACE FUNCTION readout_at_latest(until date, size integer, about boolean) RETURNS date
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN about THEN (until + 1 + CASE size WHEN 1 THEN interval '1 year'
    WHEN 2 THEN interval '1 month' ELSE interval '1 day' END)::date - 1 ELSE until END
$$;
"""

# Each visible action as of a day. `heard` is the last day that its latest news can mean.
OUTCOMES = f"""
  SELECT a.id, a.due_from, m.date_from AS agreed, by_when.day AS by_when, latest.state,
    heard.day AS heard,
    open.yes AND by_when.day < %(as_of)s AS overdue,
    open.yes AND heard.day < %(as_of)s::date - {SILENT_AFTER} AS silent,
    open.yes AND by_when.day BETWEEN %(as_of)s AND %(as_of)s::date + {SOON} AS soon
  FROM negotiations_action a
  JOIN negotiations_meeting m ON m.id = a.meeting_id
  JOIN negotiations_process c ON c.id = m.process_id
  LEFT JOIN LATERAL (
    SELECT p.state, p.date_until FROM negotiations_progress p
    WHERE p.action_id = a.id AND {visible_sql("p")}
    ORDER BY p.date_from DESC, p.date_precision DESC, p.id DESC LIMIT 1
  ) latest ON true
  CROSS JOIN LATERAL (
    SELECT readout_at_latest(a.due_until, a.due_precision, a.due_about) AS day
  ) by_when
  CROSS JOIN LATERAL (SELECT coalesce(latest.date_until, m.date_until) AS day) heard
  CROSS JOIN LATERAL (
    SELECT coalesce(latest.state NOT IN ({", ".join(f"'{s}'" for s in ENDED)}), true) AS yes
  ) open
  WHERE {visible_sql("a")} AND c.demonstration = %(demonstration)s
"""


@dataclass(frozen=True)
class Asked:
    """Which actions: of a process, owed by a party or its bodies, by status, due date or silence."""

    process: Process | None = None
    party: Party | None = None
    status: str = ""
    due: str = ""
    silent: bool = False
    demonstration: bool = False
    page: int = 1
    drafts: bool = False
    as_of: dt.date = field(default_factory=timezone.localdate)

    @classmethod
    def from_address(cls, query: Mapping[str, Any]) -> Asked:
        """Read the part of an address after `?`.

        Raises:
            ValueError: with a sentence that says what to change.
        """
        text = {name: str(query.get(name, "")).strip()[:200] for name in ("process", "party", "status", "due", "news", "data", "page")}  # fmt: skip
        if text["status"] not in ("", NO_REPORT, *Progress.State.values):
            raise ValueError(
                gettext("“status” is {value} or {value_too} (no report yet).").format(
                    value=", ".join(STATES), value_too=NO_REPORT
                )
            )
        if text["due"] not in ("", *DUE):
            raise ValueError(gettext("“due” is one of {value}.").format(value=", ".join(DUE)))
        if text["news"] not in ("", "silent"):
            raise ValueError(gettext("“news” is silent, or is left out."))
        demonstration = asks_for_demonstration(text["data"])
        page = text["page"] or "1"
        if not (page.isascii() and page.isdigit() and len(page) < 5 and int(page)):
            raise ValueError(
                gettext("“page” is a number from 1 to 9999. Take it out to begin at the first.")
            )
        process = _named(Process, text["process"])
        party = _named(Party, text["party"])
        invented = {each.demonstration for each in (process, party) if each}
        if len(invented) > 1:
            raise ValueError(
                gettext("One of process and party is demonstration data, and the other is not.")
            )
        return cls(
            process, party, text["status"], text["due"], bool(text["news"]),
            invented.pop() if invented else demonstration, int(page),
        )  # fmt: skip

    @property
    def whose(self) -> str:
        """The address, from its `?` on, of all actions of the same process and party."""
        named = (("process", self.process), ("party", self.party))
        kept = {name: each.slug for name, each in named if each}
        if self.demonstration and not kept:
            kept["data"] = DEMONSTRATION
        return f"?{urlencode(kept)}" if kept else ""

    def narrowed(self) -> bool:
        """Is anything asked for that a reader may take away again?"""
        return bool(self.process or self.party or self.status or self.due or self.silent)


def _named(model: Any, slug: str) -> Any:
    if not slug:
        return None
    if found := model.published.filter(slug=slug).first():
        return found
    raise ValueError(
        gettext("No {kind} has the address “{slug}”. Choose one of the list.").format(
            kind=kind_named(model), slug=slug
        )
    )


@dataclass(frozen=True)
class Summary:
    """How many actions there are as of a day, by status and by rule."""

    as_of: dt.date
    total: int
    overdue: int
    silent: int
    soon: int
    # Status, its words, how many, how many of these are overdue.
    by_state: list[tuple[str, str, int, int]]

    @property
    def most(self) -> int:
        return max((number for _, _, number, _ in self.by_state), default=0)


@dataclass(frozen=True)
class Outcome:
    """One action as of a day."""

    id: int
    by_when: dt.date | None
    heard: dt.date | None
    overdue: bool
    silent: bool
    soon: bool


def rule(name: str) -> str:
    """What the word means."""
    return gettext(RULES[name]).format(silent=SILENT_AFTER, soon=SOON)


def summary(asked: Asked) -> Summary:
    """The numbers of a process, a party or of all; whatever status is asked for. One query."""
    where, values = _where(replace(asked, status="", due="", silent=False))
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT coalesce(state, '{NO_REPORT}'), count(*), count(*) FILTER (WHERE overdue),
              count(*) FILTER (WHERE silent), count(*) FILTER (WHERE soon)
            FROM ({OUTCOMES}{where}) o GROUP BY 1""",
            values,
        )
        found = {row[0]: row[1:] for row in cursor.fetchall()}
    told = [(str(state), str(state.label)) for state in STATES] + [
        (NO_REPORT, gettext("no report yet"))
    ]
    total, overdue, silent, soon = (sum(row[place] for row in found.values()) for place in range(4))
    return Summary(
        asked.as_of,
        total,
        overdue,
        silent,
        soon,
        [
            (state, words, found[state][0], found[state][1])
            for state, words in told
            if state in found
        ],
    )


def outcomes(asked: Asked, most: int = PER_PAGE) -> tuple[list[Outcome], int]:
    """One page of the actions asked for, the longest due first; and how many there are. One query."""
    where, values = _where(asked)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT id, by_when, heard, overdue, silent, soon, count(*) OVER ()
            FROM ({OUTCOMES}{where}) o WHERE {_narrowed(asked)}
            ORDER BY due_from NULLS LAST, agreed, id
            LIMIT {int(most)} OFFSET {(asked.page - 1) * int(most)}""",
            values,
        )
        rows = cursor.fetchall()
    found = [Outcome(*row[:3], *(bool(each) for each in row[3:6])) for row in rows]
    return found, rows[0][6] if rows else 0


def outcome_of(pk: int, *, demonstration: bool, drafts: bool) -> Outcome | None:
    """One action as of today."""
    asked = Asked(demonstration=demonstration, drafts=drafts)
    _, values = _where(asked)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT id, by_when, heard, overdue, silent, soon FROM ({OUTCOMES} AND a.id = %(pk)s) o""",
            values | {"pk": pk},
        )
        row = cursor.fetchone()
    return Outcome(*row[:3], *(bool(each) for each in row[3:])) if row else None


def _where(asked: Asked) -> tuple[str, dict[str, Any]]:
    """SQL that goes on after OUTCOMES: for process and party."""
    values: dict[str, Any] = {
        "as_of": asked.as_of,
        "demonstration": asked.demonstration,
        "drafts": asked.drafts,
    }
    where = ""
    if asked.process:
        values["process"] = asked.process.pk
        where += " AND m.process_id = %(process)s"
    # Said of the table itself, so that few actions are looked at.
    if asked.due in ("overdue", "soon"):
        where += " AND a.due_from IS NOT NULL AND a.due_until <= %(as_of)s::date"
        where += (
            f" + {SOON} AND a.due_until >= %(as_of)s::date - 732" if asked.due == "soon" else ""
        )
    if asked.party:
        values["party"] = asked.party.pk
        where += """ AND EXISTS (SELECT FROM negotiations_action_owed_by o WHERE o.action_id = a.id
          AND o.party_id IN (SELECT readout_party_and_below(%(party)s)))"""
    return where, values


def _narrowed(asked: Asked) -> str:
    """SQL over the rows of OUTCOMES: for status, due date and silence, which are known to be ours."""
    parts = ["true"]
    if asked.status:
        parts.append("state IS NULL" if asked.status == NO_REPORT else f"state = '{asked.status}'")
    if asked.due:
        parts.append({"dated": "due_from IS NOT NULL", "none": "due_from IS NULL"}.get(asked.due, asked.due))  # fmt: skip
    if asked.silent:
        parts.append("silent")
    return " AND ".join(parts)


def on_this_day(asked: Asked, most: int = 5) -> Any:
    """Meetings held on this day of an earlier year, where the day is known, the latest first."""
    held = Meeting.objects.visible(preview=asked.drafts).demonstrating(asked.demonstration)
    if asked.process:
        held = held.filter(process=asked.process)
    return held.filter(
        state=Meeting.State.HELD, date_precision=3, date_about=False, date_from__lt=asked.as_of,
        date_from__month=asked.as_of.month, date_from__day=asked.as_of.day,
    ).order_by("-date_from", "id")[:most]  # fmt: skip
