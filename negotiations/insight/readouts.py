"""Readouts side by side: what each side at the table says of each action, and where that differs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Prefetch

from negotiations.insight.corroboration import VERDICT, Verdict
from negotiations.models import Account, Citation, Delegation, Topic
from negotiations.models.visibility import visible_sql

if TYPE_CHECKING:
    from negotiations.models import Action, Meeting, Party

IN_A_CELL = 5  # accounts of one side of one action, where many actions are shown
TOPICS = 30  # of which only one side spoke

# Each account with the side at the table that it is given for; NULL where it is nobody's there.
# Where a cell holds more than is shown, each stance comes once before any comes twice.
PLACES = f"""
SELECT action, side, account, number, denies, qualifies FROM (
  SELECT *, count(*) OVER cell AS number,
    bool_or(stance = 'denied') OVER cell AS denies,
    bool_or(stance = 'qualified') OVER cell AS qualifies,
    row_number() OVER (cell ORDER BY nth, stance) AS place
  FROM (
    SELECT a.action_id AS action, d.party_id AS side, a.id AS account, a.stance,
      CASE WHEN d.id IS NULL THEN a.party_id END AS other,
      row_number() OVER (PARTITION BY a.action_id, d.party_id,
        CASE WHEN d.id IS NULL THEN a.party_id END, a.stance
        ORDER BY s.date_from NULLS LAST, s.words, a.id) AS nth
    FROM negotiations_account a
    JOIN negotiations_action x ON x.id = a.action_id
    LEFT JOIN negotiations_statement s ON s.id = a.statement_id
    LEFT JOIN negotiations_delegation d ON d.meeting_id = x.meeting_id
      AND d.role = 'negotiating' AND {visible_sql("d")}
      AND d.party_id IN (SELECT readout_party_and_above(a.party_id))
    WHERE a.action_id = ANY (%(actions)s) AND {visible_sql("a")}
  ) given
  WINDOW cell AS (PARTITION BY action, side, other)
) placed WHERE place <= %(most)s ORDER BY action, side, place"""


@dataclass(frozen=True)
class Cell:
    """What one party says of an action; `number` counts its accounts, of which some are shown."""

    party: Party
    number: int = 0
    denies: bool = False
    qualifies: bool = False
    accounts: list[Account] = field(default_factory=list)

    @property
    def is_silent(self) -> bool:
        return not self.accounts

    @property
    def more(self) -> int:
        return self.number - len(self.accounts)

    @property
    def affirms(self) -> bool:
        """It announced or confirmed it, without reservation."""
        return not (self.is_silent or self.denies or self.qualifies)


@dataclass(frozen=True)
class Row:
    """An action with what each side says of it, and what others say who do not count."""

    action: Action
    cells: list[Cell]
    others: list[Cell]

    @property
    def speaking(self) -> list[Cell]:
        return [cell for cell in self.cells if not cell.is_silent]

    @property
    def silent(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.is_silent]

    @property
    def affirming(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.affirms]

    @property
    def qualifying(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.qualifies and not cell.denies]

    @property
    def denying(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.denies]


@dataclass(frozen=True)
class Matrix:
    """Actions by sides: those that negotiated at the meeting, in the order of its delegations."""

    sides: list[Party]
    rows: list[Row]

    @property
    def has_others(self) -> bool:
        return any(row.others for row in self.rows)


def matrix(
    meeting: Meeting, actions: list[Action], *, drafts: bool = False, most: int = IN_A_CELL
) -> Matrix:
    """What each side says of these actions of one meeting; four queries."""
    sides = [
        each.party
        for each in Delegation.objects.visible(preview=drafts)
        .filter(meeting=meeting, role=Delegation.Role.NEGOTIATING)
        .select_related("party")
        .order_by("id")
    ]
    values: dict[str, Any] = {
        "actions": [each.pk for each in actions],
        "drafts": drafts,
        "most": most,
    }
    with connection.cursor() as cursor:
        cursor.execute(PLACES, values)
        places = cursor.fetchall()
    citations = Citation.objects.select_related("source")
    accounts = (
        Account.objects.select_related("party", "statement__speaker", "statement__party")
        .prefetch_related(
            Prefetch("citations", queryset=citations),
            Prefetch("statement__citations", queryset=citations),
        )
        .in_bulk({account for _, _, account, *_ in places})
    )
    cells: dict[tuple[int, int], Cell] = {}
    others: dict[tuple[int, int], Cell] = {}
    by_pk = {side.pk: side for side in sides}
    for action, side, pk, *told in places:
        account = accounts[pk]
        party, where = (by_pk[side], cells) if side else (account.party, others)
        cell = where.setdefault((action, party.pk), Cell(party, *told))
        cell.accounts.append(account)
    rows = [
        Row(
            each,
            [cells.get((each.pk, side.pk)) or Cell(side) for side in sides],
            [cell for (action, _), cell in others.items() if action == each.pk],
        )
        for each in actions
    ]
    return Matrix(sides, rows)


# --- How many of each verdict ---


def tally(meeting: Meeting, *, drafts: bool = False) -> list[tuple[Verdict, int]]:
    """How many of a meeting's actions have each verdict, those that have none left out."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT verdict, count(*) FROM (
              SELECT {VERDICT} AS verdict FROM negotiations_action
              WHERE meeting_id = %(meeting)s AND {visible_sql("negotiations_action")}) v
            GROUP BY verdict""",
            {"meeting": meeting.pk, "drafts": drafts},
        )
        numbers = dict(cursor.fetchall())
    return [(each, numbers[each.value]) for each in Verdict if each.value in numbers]


# --- Where the readouts differ ---


@dataclass(frozen=True)
class Differences:
    """Where the sides' accounts of a meeting part.

    `denied`: one side has it, another denies it. `qualified`: one has it with a reservation.
    `missing`: by the sides that have it, what the others' accounts lack. `topics`: by side, the
    topics of which it alone is on record, with the number of its statements.
    """

    denied: list[Row]
    qualified: list[Row]
    missing: list[tuple[list[Party], list[Row]]]
    topics: list[tuple[Party, list[tuple[Topic, int]]]]

    def __bool__(self) -> bool:
        return bool(self.denied or self.qualified or self.missing or self.topics)


def differences(meeting: Meeting, of: Matrix, *, drafts: bool = False) -> Differences:
    """Where the sides' accounts differ; three queries. Of one side alone nothing can differ."""
    if len(of.sides) < 2:
        return Differences([], [], [], [])
    denied = [row for row in of.rows if row.denying]
    qualified = [row for row in of.rows if row.qualifying and not row.denying]
    missing: dict[tuple[int, ...], tuple[list[Party], list[Row]]] = {}
    for row in of.rows:
        if row.speaking and row.silent and not row.denying:
            having = [cell.party for cell in row.speaking]
            missing.setdefault(tuple(each.pk for each in having), (having, []))[1].append(row)
    return Differences(denied, qualified, list(missing.values()), _topics(meeting, of, drafts))


# By topic and party first: whose party speaks for which side is asked of those few rows only.
TOPICS_OF_ONE = f"""
WITH said AS (
  SELECT t.topic_id AS topic, s.party_id AS party, count(*) AS number
  FROM negotiations_statement s JOIN negotiations_statement_topics t ON t.statement_id = s.id
  WHERE s.meeting_id = %(meeting)s AND {visible_sql("s")} GROUP BY t.topic_id, s.party_id),
by_side AS (
  SELECT topic, d.party_id AS side, sum(number) AS number
  FROM said JOIN negotiations_delegation d ON d.meeting_id = %(meeting)s
    AND d.role = 'negotiating' AND {visible_sql("d")}
    AND d.party_id IN (SELECT readout_party_and_above(said.party))
  GROUP BY topic, d.party_id)
SELECT topic, min(side), sum(number) FROM by_side
JOIN negotiations_topic t ON t.id = topic AND {visible_sql("t")}
GROUP BY topic HAVING count(*) = 1 ORDER BY sum(number) DESC, topic LIMIT {TOPICS}"""


def _topics(
    meeting: Meeting, of: Matrix, drafts: bool
) -> list[tuple[Party, list[tuple[Topic, int]]]]:
    with connection.cursor() as cursor:
        cursor.execute(TOPICS_OF_ONE, {"meeting": meeting.pk, "drafts": drafts})
        found = cursor.fetchall()
    topics = Topic.objects.in_bulk({topic for topic, _, _ in found})
    by_side: dict[int, list[tuple[Topic, int]]] = {}
    for topic, side, number in found:
        by_side.setdefault(side, []).append((topics[topic], int(number)))
    return [(side, by_side[side.pk]) for side in of.sides if side.pk in by_side]
