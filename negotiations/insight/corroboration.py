"""Corroboration: what the accounts of an action, taken together, amount to. Never typed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection, models
from django.db.models.expressions import RawSQL

from negotiations.languages import pgettext_lazy

if TYPE_CHECKING:
    from collections.abc import Iterable

    from negotiations.models.actions import ActionQuerySet


class Verdict(models.TextChoices):
    """What the parties that negotiated at the meeting say of an action, in sum."""

    CONFIRMED = "confirmed", pgettext_lazy("verdict", "confirmed by all sides")
    ONE_SIDE = "one_side", pgettext_lazy("verdict", "one side’s account")
    PARTLY = "partly", pgettext_lazy("verdict", "confirmed in part")
    DISPUTED = "disputed", pgettext_lazy("verdict", "disputed")
    NONE = "none", pgettext_lazy("verdict", "no account yet")


# One row a side (a public negotiating delegation's party, with its bodies): whether it affirms
# the action, without reservation, and whether it denies it. A side that does both counts as both.
VERDICT = """(
  SELECT CASE
    WHEN bool_or(s.denies) THEN 'disputed'
    WHEN count(*) > 1 AND bool_and(s.confirms) THEN 'confirmed'
    WHEN count(*) FILTER (WHERE s.affirms) > 1 THEN 'partly'
    WHEN count(*) FILTER (WHERE s.affirms) = 1 THEN 'one_side'
    ELSE 'none'
  END
  FROM (
    SELECT d.party_id,
      coalesce(bool_or(a.stance IN ('announced', 'confirmed', 'qualified')), false) AS affirms,
      coalesce(bool_or(a.stance IN ('announced', 'confirmed'))
               AND NOT bool_or(a.stance IN ('qualified', 'denied')), false) AS confirms,
      coalesce(bool_or(a.stance = 'denied'), false) AS denies
    FROM negotiations_delegation d
    LEFT JOIN negotiations_account a
      ON a.action_id = negotiations_action.id AND a.status = 'published'
      AND d.party_id IN (SELECT readout_party_and_above(a.party_id))
    WHERE d.meeting_id = negotiations_action.meeting_id
      AND d.status = 'published' AND d.role = 'negotiating'
    GROUP BY d.party_id
  ) s
)"""


# The same for the search index, which asks by name.
FUNCTION = f"""
CREATE OR REPLACE FUNCTION readout_verdict(action bigint) RETURNS text
LANGUAGE sql STABLE AS $$
  SELECT {VERDICT} FROM negotiations_action WHERE negotiations_action.id = action
$$;
"""


def with_verdict(actions: ActionQuerySet) -> ActionQuerySet:
    """Actions, each with `verdict`, a value of `Verdict`, derived in SQL from the public accounts."""
    return actions.annotate(verdict=RawSQL(VERDICT, [], output_field=models.CharField()))  # noqa: S611


def verdicts(actions: Iterable[int]) -> dict[int, str]:
    """The verdict of each of these actions, a value of `Verdict`, by its number; one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id, {VERDICT} FROM negotiations_action WHERE id = ANY (%s)", [list(actions)]
        )
        return dict(cursor.fetchall())
