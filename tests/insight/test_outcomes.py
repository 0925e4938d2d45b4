"""What became of it: overdue, no news and due soon, each by its rule, for every kind of date."""

from __future__ import annotations

import datetime as dt
from itertools import permutations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from negotiations.insight.outcomes import Asked, on_this_day, outcomes, summary
from negotiations.models import VagueDate
from negotiations.models.visibility import unpublish, withdraw
from tests import factories

pytestmark = pytest.mark.django_db

TODAY = dt.date(2025, 6, 15)
ASKED = Asked(as_of=TODAY)
LONG_AGO = "2025-01-10"  # of the meeting, where no report is newer


def _action(due: str = "", reports: tuple[tuple[str, str], ...] = (), met: str = LONG_AGO) -> int:
    meeting = factories.MeetingFactory(date=met)
    action = factories.ActionFactory(meeting=meeting, due=due or None)
    for state, date in reports:
        factories.ProgressFactory(action=action, state=state, date=date)
    return action.pk


def _flags(pk: int, asked: Asked = ASKED) -> set[str]:
    found, _ = outcomes(asked)
    outcome = next(each for each in found if each.id == pk)
    return {name for name in ("overdue", "silent", "soon") if getattr(outcome, name)}


@pytest.mark.parametrize(
    ("due", "by_when", "said"),
    [
        ("2025-06-14", "2025-06-14", {"overdue"}),
        ("2025-06-15", "2025-06-15", {"soon"}),  # it has all of today
        ("2025-07-15", "2025-07-15", {"soon"}),
        ("2025-07-16", "2025-07-16", set()),
        ("May 2025", "2025-05-31", {"overdue"}),
        ("June 2025", "2025-06-30", {"soon"}),
        ("July 2025", "2025-07-31", set()),  # it may be the last day of July
        ("2024", "2024-12-31", {"overdue"}),
        ("2025", "2025-12-31", set()),
        ("about 2025-06-14", "2025-06-15", {"soon"}),
        ("about 2025-06-13", "2025-06-14", {"overdue"}),
        ("about May 2025", "2025-06-30", {"soon"}),
        ("about April 2025", "2025-05-31", {"overdue"}),
        ("about February 2025", "2025-03-31", {"overdue"}),
        ("about 2024", "2025-12-31", set()),
        ("about 2023", "2024-12-31", {"overdue"}),
        ("", None, set()),
    ],
)
def test_a_due_date_is_over_when_its_last_day_is(
    due: str, by_when: str | None, said: set[str]
) -> None:
    pk = _action(due, (("under_way", "2025-06-01"),))
    (outcome,), _ = outcomes(ASKED)
    assert outcome.by_when == (by_when and dt.date.fromisoformat(by_when))
    assert _flags(pk) == said


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (None, {"overdue"}),
        ("pending", {"overdue"}),
        ("under_way", {"overdue"}),
        ("partly_done", {"overdue"}),
        ("stalled", {"overdue"}),
        ("done", set()),
        ("broken_off", set()),
    ],
)
def test_what_is_done_or_broken_off_is_not_overdue(state: str | None, said: set[str]) -> None:
    reports = ((state, "2025-06-01"),) if state else ()
    assert _flags(_action("2025-05-01", reports, met="2025-05-30")) == said


@pytest.mark.parametrize(
    ("met", "reports", "silent"),
    [
        ("2025-03-17", (), False),  # 90 days ago
        ("2025-03-16", (), True),
        ("March 2025", (), False),  # perhaps its last day
        ("February 2025", (), True),
        (LONG_AGO, (("under_way", "2025-03-17"),), False),
        (LONG_AGO, (("under_way", "2025-03-16"),), True),
        (LONG_AGO, (("stalled", "2025"),), False),  # some day of this year
        (LONG_AGO, (("stalled", "2024-12-01"), ("under_way", "2025-06-01")), False),
        (LONG_AGO, (("done", "2025-01-20"),), False),
        (LONG_AGO, (("broken_off", "2025-01-20"),), False),
        (LONG_AGO, (("done", "2025-01-20"), ("under_way", "2025-02-20")), True),
    ],
)
def test_no_news_for_ninety_days(
    met: str, reports: tuple[tuple[str, str], ...], silent: bool
) -> None:
    assert ("silent" in _flags(_action("", reports, met))) is silent


def test_where_no_date_is_known_nothing_is_late() -> None:
    meeting = factories.MeetingFactory(state="planned", date=None)
    action = factories.ActionFactory(meeting=meeting, due_words="soon")
    assert _flags(action.pk) == set()


def test_the_order_of_entry_never_matters() -> None:
    reports = [("done", "2025-02-01"), ("stalled", "2025-03-01"), ("under_way", "2025-02-15")]
    told = [_flags(_action("2025-05-01", order)) for order in permutations(reports)]
    assert told == [{"overdue", "silent"}] * 6


def test_drafts_count_for_nothing_and_a_withdrawal_takes_the_effect_away() -> None:
    pk = _action("2025-05-01")
    report = factories.ProgressFactory(action_id=pk, state="done", date="2025-06-01")
    assert _flags(pk) == set()
    withdraw(report, "The source was wrong.")
    assert _flags(pk) == {"overdue", "silent"}
    factories.ProgressFactory(action_id=pk, state="done", date="2025-06-02", status="draft")
    assert _flags(pk) == {"overdue", "silent"}
    assert _flags(pk, Asked(as_of=TODAY, drafts=True)) == set()


def test_an_action_taken_back_is_counted_no_more() -> None:
    action = factories.ActionFactory(due="2025-05-01")
    assert summary(ASKED).overdue == 1
    unpublish(action)
    assert (summary(ASKED).total, outcomes(ASKED)) == (0, ([], 0))


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(
    st.sampled_from(["", "2025-05-01", "June 2025", "2024", "about 2024"]),
    st.sampled_from(["", "done", "stalled", "broken_off"]),
), max_size=6))  # fmt: skip
def test_the_summary_counts_what_the_list_shows(made: list[tuple[str, str]]) -> None:
    process = factories.ProcessFactory()
    meeting = factories.MeetingFactory(process=process, date=LONG_AGO)
    for due, state in made:
        action = factories.ActionFactory(meeting=meeting, due=due or None)
        if state:
            factories.ProgressFactory(action=action, state=state, date="2025-02-01")
    asked = Asked(process, as_of=TODAY)
    numbers, (found, count) = summary(asked), outcomes(asked)
    assert numbers.total == count == len(found) == len(made)
    for name in ("overdue", "silent", "soon"):
        assert getattr(numbers, name) == sum(getattr(each, name) for each in found)
    assert sum(number for _, _, number, _ in numbers.by_state) == len(made)
    assert sum(late for *_, late in numbers.by_state) == numbers.overdue
    for due in ("overdue", "soon"):
        _, count = outcomes(Asked(process, due=due, as_of=TODAY))
        assert count == getattr(numbers, due)


def test_a_body_owes_for_its_party() -> None:
    body = factories.PartyFactory(kind="body", part_of=factories.PartyFactory())
    action = factories.ActionFactory()
    action.owed_by.add(body)
    factories.ActionFactory()
    found, count = outcomes(Asked(party=body.part_of, as_of=TODAY))
    assert ([each.id for each in found], count) == ([action.pk], 1)


def test_the_longest_due_comes_first_and_what_has_no_date_last() -> None:
    none, late, later = _action(""), _action("May 2024"), _action("2025-09-01")
    found, _ = outcomes(ASKED)
    assert [each.id for each in found] == [late, later, none]


def test_a_vague_date_is_on_no_day() -> None:
    exact = factories.MeetingFactory(date="2023-06-15")
    for date in ("June 2023", "2023", VagueDate(dt.date(2022, 6, 15), about=True), "2025-06-15"):
        factories.MeetingFactory(date=date)
    factories.MeetingFactory(date="2021-06-15", state="cancelled")
    assert list(on_this_day(ASKED)) == [exact]


def test_two_queries_for_any_number() -> None:
    process = factories.ProcessFactory()
    meeting = factories.MeetingFactory(process=process)
    for more in (2, 20):
        factories.ActionFactory.create_batch(more, meeting=meeting)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            summary(Asked(process))
            outcomes(Asked(process))
        assert len(queries) == 2
