"""Accounts side by side: every combination, the same verdict everywhere, and where they differ."""

from __future__ import annotations

import csv
import itertools
from typing import TYPE_CHECKING, Any

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from negotiations.insight.corroboration import verdicts
from negotiations.insight.readouts import differences, matrix, tally
from negotiations.models import Action, Delegation, Meeting, Party
from negotiations.models.visibility import withdraw
from tests import factories

if TYPE_CHECKING:
    from negotiations.insight.readouts import Matrix

pytestmark = pytest.mark.django_db

SAYS = ("", "announced", "confirmed", "qualified", "denied")
# By what two sides say of an action, in whichever order.
VERDICTS = {
    ("", ""): "none",
    ("", "announced"): "one_side",
    ("", "confirmed"): "one_side",
    ("", "qualified"): "one_side",
    ("", "denied"): "disputed",
    ("announced", "announced"): "confirmed",
    ("announced", "confirmed"): "confirmed",
    ("announced", "qualified"): "partly",
    ("announced", "denied"): "disputed",
    ("confirmed", "confirmed"): "confirmed",
    ("confirmed", "qualified"): "partly",
    ("confirmed", "denied"): "disputed",
    ("qualified", "qualified"): "partly",
    ("qualified", "denied"): "disputed",
    ("denied", "denied"): "disputed",
}


def talks(sides: int) -> tuple[Meeting, list[Party]]:
    parties = factories.PartyFactory.create_batch(sides)
    meeting = factories.MeetingFactory(process=factories.ProcessFactory(parties=parties))
    for party in parties:
        factories.DelegationFactory(meeting=meeting, party=party)
    return meeting, parties


def told(meeting: Meeting, **how: Any) -> Matrix:
    return matrix(meeting, list(Action.objects.filter(meeting=meeting).order_by("id")), **how)


def test_every_combination_has_its_verdict_on_the_page_in_the_filter_and_in_the_download(
    client: Client,
) -> None:
    meeting, sides = talks(2)
    expected = {}
    for said in itertools.product(SAYS, repeat=2):
        action = factories.ActionFactory(meeting=meeting)
        for party, stance in zip(sides, said, strict=True):
            if stance:
                factories.AccountFactory(action=action, party=party, stance=stance)
        expected[action.pk] = VERDICTS[tuple(sorted(said, key=SAYS.index))]
    assert len(expected) == 25
    assert verdicts(expected) == expected
    numbers = {verdict.value: number for verdict, number in tally(meeting)}
    page = client.get(meeting.get_absolute_url()).content.decode()
    for verdict in set(VERDICTS.values()):
        having = {pk for pk, each in expected.items() if each == verdict}
        assert numbers[verdict] == len(having)
        assert page.count(f'verdict verdict-{verdict}"') == len(having)
        filtered = f"?meeting={meeting.slug}&account={verdict}"
        assert f'href="/actions/{filtered.replace("&", "&amp;")}"' in page
        answer: Any = client.get(f"/actions/download/{filtered}")
        lines = b"".join(answer.streaming_content).decode().splitlines()
        rows = [(int(row["id"]), row["corroboration"]) for row in csv.DictReader(lines)]
        assert sorted(rows) == sorted((pk, verdict) for pk in having)


def test_the_filter_follows_who_sits_at_the_table(client: Client) -> None:
    meeting, (one, _) = talks(2)
    action = factories.ActionFactory(meeting=meeting)
    factories.AccountFactory(action=action, party=one)

    def found(verdict: str) -> bool:
        answer = client.get(f"/actions/?account={verdict}").content.decode()
        return f'href="/actions/{action.pk}/"' in answer

    assert found("one_side")
    Delegation.objects.filter(party=one).update(role="observer")
    assert not found("one_side")
    assert found("none")
    assert verdicts([action.pk]) == {action.pk: "none"}


def test_each_cell_has_its_partys_accounts_and_a_body_speaks_for_its_party() -> None:
    meeting, (one, other) = talks(2)
    ministry = factories.PartyFactory(kind="body", part_of=other)
    mediator = factories.PartyFactory()
    action, silent = factories.ActionFactory.create_batch(2, meeting=meeting)
    mine = factories.AccountFactory(action=action, party=one)
    theirs = factories.AccountFactory(action=action, party=ministry, stance="qualified")
    nobodys = factories.AccountFactory(action=action, party=mediator, stance="denied")
    first, second = told(meeting).rows
    assert [cell.accounts for cell in first.cells] == [[mine], [theirs]]
    assert [(cell.party, cell.accounts) for cell in first.others] == [(mediator, [nobodys])]
    assert not first.denying
    assert [cell.party for cell in second.silent] == [one, other]
    assert second.action == silent


def test_a_cell_shows_some_of_many_and_counts_all() -> None:
    meeting, (one, _) = talks(2)
    action = factories.ActionFactory(meeting=meeting)
    for _ in range(4):
        factories.AccountFactory(action=action, party=one)
    factories.AccountFactory(action=action, party=one, stance="denied")
    cell = told(meeting, most=2).rows[0].cells[0]
    assert (len(cell.accounts), cell.number, cell.more, cell.denies) == (2, 5, 3, True)


def test_where_the_readouts_differ() -> None:
    meeting, (one, other) = talks(2)
    actions = factories.ActionFactory.create_batch(6, meeting=meeting)
    both, mine, theirs, reserved, denied, _nobodys = actions
    for action, party, stance in (
        (both, one, "announced"),
        (both, other, "confirmed"),
        (mine, one, "announced"),
        (theirs, other, "announced"),
        (reserved, one, "announced"),
        (reserved, other, "qualified"),
        (denied, one, "announced"),
        (denied, other, "denied"),
    ):
        factories.AccountFactory(action=action, party=party, stance=stance)
    alone, shared = factories.TopicFactory.create_batch(2)
    ministry = factories.PartyFactory(kind="body", part_of=other)
    for party, topic in ((ministry, alone), (other, alone), (one, shared), (other, shared)):
        factories.StatementFactory(meeting=meeting, party=party).topics.add(topic)
    found = differences(meeting, told(meeting))
    assert [row.action for row in found.denied] == [denied]
    assert [row.action for row in found.qualified] == [reserved]
    assert [(having, [row.action for row in rows]) for having, rows in found.missing] == [
        ([one], [mine]),
        ([other], [theirs]),
    ]
    assert found.topics == [(other, [(alone, 2)])]


def test_of_one_side_alone_nothing_differs() -> None:
    meeting, (one,) = talks(1)
    factories.AccountFactory(action=factories.ActionFactory(meeting=meeting), party=one)
    assert not differences(meeting, told(meeting))


def test_drafts_are_in_no_cell_of_the_publics() -> None:
    meeting, (one, _) = talks(2)
    action = factories.ActionFactory(meeting=meeting)
    factories.AccountFactory(action=action, party=one, status="draft")
    topic = factories.TopicFactory()
    factories.StatementFactory(meeting=meeting, party=one, status="draft").topics.add(topic)
    assert len(told(meeting).rows[0].silent) == 2
    assert not differences(meeting, told(meeting))
    assert len(told(meeting, drafts=True).rows[0].silent) == 1


ACCOUNTS = st.lists(st.tuples(st.integers(0, 2), st.sampled_from(SAYS[1:])), max_size=6)


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(accounts=ACCOUNTS, data=st.data())
def test_the_order_of_entry_never_matters_and_a_withdrawn_account_has_no_effect(
    accounts: list[tuple[int, str]], data: st.DataObject
) -> None:
    with transaction.atomic():
        meeting, sides = talks(3)
        found = []
        for said in (accounts, data.draw(st.permutations(accounts))):
            action = factories.ActionFactory(meeting=meeting)
            for side, stance in said:
                factories.AccountFactory(action=action, party=sides[side], stance=stance)
            found.append(_summed(action))
        assert found[0] == found[1]
        extra = factories.AccountFactory(
            action=action,
            party=data.draw(st.sampled_from(sides)),
            stance=data.draw(st.sampled_from(SAYS[1:])),
        )
        withdraw(extra, "Entered by mistake.")
        assert _summed(action) == found[1]
        transaction.set_rollback(True)


def _summed(action: Action) -> Any:
    (row,) = matrix(action.meeting, [action]).rows
    cells = [sorted(each.stance for each in cell.accounts) for cell in row.cells]
    return verdicts([action.pk])[action.pk], cells, len(row.affirming), len(row.denying)
