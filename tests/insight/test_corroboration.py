"""What the accounts of an action amount to."""

from __future__ import annotations

from typing import Any

import pytest

from negotiations.insight.corroboration import with_verdict
from negotiations.models import Action, Party
from tests import factories

pytestmark = pytest.mark.django_db


def agreed_by(count: int) -> tuple[Action, list[Party]]:
    sides = factories.PartyFactory.create_batch(count)
    meeting = factories.MeetingFactory(process=factories.ProcessFactory(parties=sides))
    for side in sides:
        factories.DelegationFactory(meeting=meeting, party=side)
    return factories.ActionFactory(meeting=meeting), sides


def verdict(action: Action) -> Any:
    return with_verdict(Action.objects.all()).get(pk=action.pk).verdict


@pytest.mark.parametrize(
    ("stances", "expected"),
    [
        (["", ""], "none"),
        (["announced", ""], "one_side"),
        (["announced", "confirmed"], "confirmed"),
        (["announced", "qualified"], "partly"),
        (["announced", "denied"], "disputed"),
        (["confirmed", "confirmed", ""], "partly"),
        (["confirmed", "confirmed", "announced"], "confirmed"),
        (["confirmed", "confirmed", "denied"], "disputed"),
        (["confirmed"], "one_side"),
    ],
)
def test_it_works(stances: list[str], expected: str) -> None:
    action, sides = agreed_by(len(stances))
    for side, stance in zip(sides, stances, strict=True):
        if stance:
            factories.AccountFactory(action=action, party=side, stance=stance)
    assert verdict(action) == expected


def test_a_body_speaks_for_its_party() -> None:
    action, (one, other) = agreed_by(2)
    body = factories.PartyFactory(part_of=other, kind="body")
    factories.AccountFactory(action=action, party=one)
    factories.AccountFactory(action=action, party=body)
    assert verdict(action) == "confirmed"


def test_drafts_do_not_count() -> None:
    action, (one, other) = agreed_by(2)
    factories.AccountFactory(action=action, party=one)
    factories.AccountFactory(action=action, party=other, status="draft")
    assert verdict(action) == "one_side"
