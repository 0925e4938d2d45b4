"""A process in time: what is counted where, and how vague dates are drawn."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from negotiations.insight.timeline.asking import MOST_YEARS, Asked, Scale
from negotiations.insight.timeline.drawing import draw, notes
from negotiations.insight.timeline.laying import plan
from negotiations.insight.timeline.naming import named
from negotiations.insight.timeline.reading import MOST_SIDES, NO_SIDE, Cell, Timeline, timeline
from negotiations.models import Party, Precision, Process, VagueDate
from tests import factories

TODAY = dt.date(2026, 11, 25)


def asked(query: str = "") -> Asked:
    return Asked.from_address(QueryDict(query))


def process_with(*dates: str, party: Party | None = None) -> Process:
    """A process with one statement for each date."""
    side = party or factories.PartyFactory()
    process = factories.ProcessFactory(parties=[side])
    meeting = factories.MeetingFactory(process=process, date="2025-02-18")
    for date in dates:
        factories.StatementFactory(meeting=meeting, party=side, date=date)
    return process


def cells(process: Process, query: str = "", kind: str = "statement") -> list[tuple[Any, ...]]:
    found = timeline(process, asked(query)).cells
    return [(str(c.first), str(c.last), c.vague, c.number) for c in found if c.kind == kind]


@pytest.mark.django_db
def test_it_works() -> None:
    process = process_with("2025-02-18", "2025-02-19", "2025-06-01")
    assert cells(process) == [
        ("2025-02-01", "2025-02-28", False, 2),
        ("2025-06-01", "2025-06-30", False, 1),
    ]
    assert timeline(process, asked()).numbers == {"meeting": 1, "statement": 3}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("date", "query", "expected"),
    [
        # by months
        ("2025-02", "period=2025", ("2025-02-01", "2025-02-28", True, 1)),
        ("2025", "period=2025", ("2025-01-01", "2025-12-31", True, 1)),
        ("about 2025-02-10", "period=2025", ("2025-02-01", "2025-02-28", True, 1)),
        # by days
        ("2025-02", "period=2025-02", ("2025-02-01", "2025-02-28", True, 1)),
        ("2025", "period=2025-02", ("2025-01-01", "2025-12-31", True, 1)),
        ("2025-02-10", "period=2025-02", ("2025-02-10", "2025-02-10", False, 1)),
        ("about 2025-02-10", "period=2025-02", ("2025-02-10", "2025-02-10", True, 1)),
    ],
)
def test_a_vague_date_takes_all_of_its_time(date: str, query: str, expected: Any) -> None:
    process = process_with(date)
    assert cells(process, query) == [expected]
    found = timeline(process, asked(query))
    laid = plan(found)
    rows = [row for lane in laid.lanes for row in lane.rows if row.kind == "statement"]
    assert [row.spans for row in rows] == [expected[2]]
    # What has no bar is not said to have one.
    assert any("highest bar" in note for note in notes(found)) is not expected[2]


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["planned", "postponed", "cancelled"])
def test_what_was_not_held_is_hatched_even_on_a_day(state: str) -> None:
    process = factories.ProcessFactory()
    factories.MeetingFactory(process=process, date="2025-02-18", state=state)
    found = timeline(process, asked())
    assert [cell.vague for cell in found.cells] == [True]
    assert [row.spans for lane in plan(found).lanes for row in lane.rows] == [True]
    names = named((cell.kind, cell.record) for cell in found.cells if cell.record)
    assert f", {state}</title>" in draw(process, asked(), found, names, TODAY).inline()


@pytest.mark.django_db
def test_a_meeting_of_several_days_takes_them() -> None:
    process = factories.ProcessFactory()
    factories.MeetingFactory(process=process, date="2025-02-18", ended="2025-02-20")
    assert cells(process, "period=2025-02", "meeting") == [("2025-02-18", "2025-02-20", False, 1)]


@pytest.mark.django_db
def test_actions_stand_with_each_side_that_owes_them_and_count_once() -> None:
    sides = factories.PartyFactory.create_batch(2)
    body = factories.PartyFactory(part_of=sides[0], kind="body")
    process = factories.ProcessFactory(parties=sides)
    meeting = factories.MeetingFactory(process=process)
    action = factories.ActionFactory(meeting=meeting, due="2025-04-01")
    action.owed_by.add(sides[0], body, sides[1])
    factories.ProgressFactory(action=action, state="done", date="May 2025")
    factories.ProgressFactory(action=action, state="under_way", date="March 2025")
    factories.ActionFactory(meeting=meeting, due="2025-04-02")
    found = timeline(process, asked())
    due = [(cell.side, cell.number) for cell in found.cells if cell.kind == "due"]
    assert sorted(due) == sorted([(NO_SIDE, 1), *((side.pk, 1) for side in sides)])
    assert found.numbers == {"meeting": 1, "due": 2, "done": 1}


@pytest.mark.django_db
def test_a_body_speaks_in_its_partys_lane_and_strangers_in_that_of_others() -> None:
    side = factories.PartyFactory()
    body = factories.PartyFactory(part_of=side, kind="body")
    process = factories.ProcessFactory(parties=[side])
    meeting = factories.MeetingFactory(process=process)
    for party in (body, factories.PartyFactory()):
        factories.StatementFactory(meeting=meeting, party=party)
    lanes = {cell.side for cell in timeline(process, asked()).cells if cell.kind == "statement"}
    assert lanes == {side.pk, NO_SIDE}


@pytest.mark.django_db
def test_drafts_are_for_the_preview_alone() -> None:
    process = process_with("2025-02-18")
    meeting = process.meetings.get()
    factories.StatementFactory(meeting=meeting, status="draft", date="2025-02-18")
    factories.MeetingFactory(process=process, status="draft")
    factories.ActionFactory(meeting=meeting, status="draft", due="2025-03-01")
    assert timeline(process, asked()).numbers == {"meeting": 1, "statement": 1}
    seen = timeline(process, asked(), drafts=True).numbers
    assert seen == {"meeting": 2, "statement": 2, "due": 1}


@pytest.mark.django_db
def test_the_order_of_entry_never_matters() -> None:
    dates = ["2025-02-18", "2025-02", "2025", "2025-06-01", "2025-06-02"]
    assert cells(process_with(*dates)) == cells(process_with(*reversed(dates)))


@pytest.mark.django_db
def test_undated_and_far_away_entries_are_told() -> None:
    process = process_with("2025-02-18", "1890")
    factories.MeetingFactory(process=process, state="planned", date=None)
    found = timeline(process, asked())
    assert (found.undated, found.earlier) == ({"meeting": 1}, 1)
    assert found.scale
    assert len(found.scale.steps) == MOST_YEARS
    names = named((cell.kind, cell.record) for cell in found.cells if cell.record)
    told = " ".join(draw(process, asked(), found, names, TODAY).notes)
    assert "Without a date, and so not in the picture: 1 meeting." in told
    assert "Earlier, and not in the picture: 1." in told


@pytest.mark.django_db
def test_what_is_due_in_the_far_future_does_not_stretch_the_picture() -> None:
    process = process_with("2025-02-18")
    meeting = process.meetings.get()
    for due in ("2025-06-01", "2049-12-31"):
        factories.ActionFactory(meeting=meeting, due=due)
    found = timeline(process, asked())
    assert found.scale
    assert found.scale.last.year == 2026
    assert (found.numbers["due"], found.later) == (1, 1)
    assert "Later, and not in the picture: 1." in " ".join(notes(found))
    assert timeline(process, asked("period=2049")).numbers == {"due": 1}


@pytest.mark.django_db
def test_many_sides_share_a_lane_and_queries_do_not_grow() -> None:
    counts = []
    process = factories.ProcessFactory()
    meeting = factories.MeetingFactory(process=process)
    for more in (2, MOST_SIDES + 4):
        for party in factories.PartyFactory.create_batch(more):
            process.parties.add(party)
            for date in ("2025-02-18", "2025-03", "2025"):
                factories.StatementFactory(meeting=meeting, party=party, date=date)
        with CaptureQueriesContext(connection) as queries:
            found = timeline(process, asked())
            named((cell.kind, cell.record) for cell in found.cells if cell.record)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert len(found.sides) == MOST_SIDES
    assert sum(c.number for c in found.cells if c.kind == "statement") == 3 * (MOST_SIDES + 6)


DAYS = st.dates(dt.date(1, 1, 1), dt.date(9999, 12, 31))


@given(DAYS, DAYS)
def test_any_time_has_bounded_steps_that_follow_one_another(one: dt.date, other: dt.date) -> None:
    scale = Scale.of(None, min(one, other), max(one, other))
    steps = scale.steps
    assert 1 <= len(steps) <= MOST_YEARS
    assert steps[-1].last == scale.last >= max(one, other)
    assert all(b.first - a.last == dt.timedelta(days=1) for a, b in itertools.pairwise(steps))


@given(DAYS, st.sampled_from(Precision.values))
def test_every_day_lies_in_the_picture(day: dt.date, step: int) -> None:
    first = day.replace(month=1, day=1)
    scale = Scale(first, first.replace(month=12, day=31), step)
    cell = Cell("meeting", None, day, day, False, 1, 1, day)
    laid = plan(Timeline(scale, [], [cell], {"meeting": 1}))
    assert laid.at(0) <= laid.x_of(day) < laid.x_of(day, middle=True) < laid.x_of(day, end=True)
    assert laid.x_of(day, end=True) <= laid.width + 1


@pytest.mark.parametrize(
    ("first", "last", "step", "number"),
    [
        ("2025-02-18", "2025-02-18", Precision.DAY, 28),
        ("2025-02-18", "2025-03-01", Precision.DAY, 59),
        ("2025-02-18", "2025-04-01", Precision.MONTH, 3),
        ("2022-01-01", "2025-12-31", Precision.MONTH, 48),
        ("2021-12-31", "2025-12-31", Precision.YEAR, 5),
    ],
)
def test_the_longer_it_took_the_wider_the_steps(
    first: str, last: str, step: int, number: int
) -> None:
    scale = Scale.of(None, dt.date.fromisoformat(first), dt.date.fromisoformat(last))
    assert (scale.step, len(scale.steps)) == (step, number)


@pytest.mark.parametrize(
    "query", ["period=soon", "view=circle", "page=0", "page=x", "period=2025-13"]
)
def test_bad_input_is_told(query: str) -> None:
    with pytest.raises(ValueError, match=r"\."):
        asked(query)


@pytest.mark.parametrize(
    ("period", "before", "after"),
    [
        ("0001", None, "2"),
        ("9999-12-31", "30 December 9999", None),
        ("2024-02", "January 2024", "March 2024"),
    ],
)
def test_the_periods_beside(period: str, before: str | None, after: str | None) -> None:
    found = Asked(VagueDate.parse(period)).beside
    assert tuple(str(each) if each else None for each in found) == (before, after)
