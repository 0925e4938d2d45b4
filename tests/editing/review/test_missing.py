"""What is missing from a meeting, and whether it blocks."""

from __future__ import annotations

from typing import Any

import pghistory
import pytest

from negotiations.editing.missing import gaps
from negotiations.editing.whole import gather
from negotiations.models import (
    Citation,
    Delegate,
    Meeting,
    Source,
    Statement,
    Topic,
)
from negotiations.models.visibility import (
    write_note,
)
from tests.editing.review.conftest import one, person, publish_whole, status, whole_meeting
from tests.editing.test_desk import desk, sentences

pytestmark = pytest.mark.django_db


def lacking(meeting: Meeting, user: Any = None) -> dict[str, tuple[bool, list[Any]]]:
    return {
        gap.what: (gap.blocks, [line.record for line in gap.lines])
        for gap in gaps(gather(meeting), user)
    }


def test_a_whole_meeting_lacks_nothing() -> None:
    assert lacking(whole_meeting()) == {}


MISSING: dict[str, tuple[str, Any]] = {
    "a delegate’s title": ("Delegates without a title", lambda: Delegate.objects.update(title="")),
    "an account": ("Actions without an account", lambda: one("Account").delete()),
    "a topic": ("Statements without a topic", lambda: one("Statement").topics.clear()),
    "a citation": (
        "Verbatim without a citation",
        lambda: Citation.objects.filter(statement__isnull=False).delete(),
    ),
    "a text": (
        "Citations whose source has no captured text",
        lambda: Source.objects.update(text=""),
    ),
    "a position": ("Questions without a position", lambda: one("Position").delete()),
    "an office": ("People without an appointment", lambda: one("Appointment").delete()),
    "a place": ("Meeting without a place", lambda: Meeting.objects.update(place="")),
    "a date": (
        "Meeting without a date",
        lambda: Meeting.objects.update(state="planned", date_from=None, date_until=None,
                                       date_precision=None),
    ),
    "a delegation": (
        "Parties that speak here but have no delegation",
        lambda: one("Delegation").delete(),
    ),
    "true words": (
        "Quoted words that their source does not have",
        lambda: Statement.objects.update(words="misheard"),
    ),
    "a document": (
        "Accounts, progress reports and open matters that say nowhere where they are documented",
        lambda: Citation.objects.filter(progress__isnull=False).delete(),
    ),
    "a resolved note": (
        "Reviewers’ notes that are open",
        lambda: write_note(one("Topic"), "Which?"),
    ),
}  # fmt: skip


BLOCKING = {"a citation", "true words", "a document", "a resolved note"}


@pytest.mark.parametrize("what", MISSING)
def test_what_is_missing_is_told_and_whether_it_blocks(what: str) -> None:
    meeting = whole_meeting()
    words, take_away = MISSING[what]
    take_away()
    found = lacking(Meeting.objects.get(pk=meeting.pk))
    assert words in found
    assert found[words][0] is (what in BLOCKING)
    response = publish_whole(desk("reviewer"), meeting)
    assert (status(meeting) != "published") is (what in BLOCKING), sentences(response)


@pytest.mark.usefixtures("four_eyes")
def test_what_is_ones_own_blocks() -> None:
    anna = person()
    meeting = whole_meeting()
    topic = one("Topic")
    with pghistory.context(user=anna.pk):
        Topic.objects.filter(pk=topic.pk).update(description="Mine.")
    found = lacking(meeting, anna)
    assert [records for blocks, records in found.values() if blocks] == [[topic]]


def test_each_line_leads_to_the_form_that_mends_it() -> None:
    meeting = whole_meeting()
    Delegate.objects.update(title="")
    client = desk("editor")
    page = sentences(client.get(f"/admin/review/meeting/{meeting.pk}/"))
    address = f"/admin/negotiations/delegate/{one('Delegate').pk}/change/"
    assert f'href="{address}"' in page
    assert client.get(address).status_code == 200
