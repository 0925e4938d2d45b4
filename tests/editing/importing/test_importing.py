"""Importing tables: what becomes of good rows, of corrected ones, and of a second time."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from negotiations.editing.importing.findings import Became, Findings
from negotiations.editing.importing.kinds import KINDS
from negotiations.editing.importing.running import run
from negotiations.models import (
    Action,
    Delegate,
    ImportKey,
    Party,
    Person,
    Process,
    Source,
    Statement,
    Topic,
)
from tests import factories

pytestmark = pytest.mark.django_db


def table(*rows: dict[str, Any]) -> io.BytesIO:
    """A CSV file of these rows; the first one's columns are the header."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), restval="")
    writer.writeheader()
    writer.writerows(rows)
    return io.BytesIO(text.getvalue().encode())


def write(kind: str, *rows: dict[str, Any], **options: Any) -> Findings:
    return run(table(*rows), f"{kind}.csv", KINDS[kind], write=True, **options)


def counts(findings: Findings) -> dict[str, int]:
    return {each.value: number for each in Became if (number := findings.number(each))}


def problems(findings: Findings) -> list[tuple[int, str, str]]:
    return [(each.row, each.column, each.sentence) for each in findings.shown[Became.PROBLEM]]


def test_every_kind_of_record_comes_in_as_a_draft_that_hangs_on_the_others() -> None:
    tables: dict[str, list[dict[str, str]]] = {
        "party": [
            {"key": "P1", "slug": "russia", "name": "Russia", "kind": "state", "part_of": ""},
            {"key": "P2", "slug": "", "name": "Ministry", "kind": "body of a party", "part_of": "P1"},
        ],
        "process": [{"key": "C", "slug": "talks", "name": "Talks", "parties": "russia"}],
        "person": [{"key": "L", "slug": "", "name": "Sergey Lavrov"}],
        "source": [{"key": "S", "title": "Report", "kind": "news report", "publisher": "RT", "date": "2025-02", "url": "https://example.org/1"}],
        "appointment": [{"key": "A", "person": "sergey-lavrov", "party": "P2", "office": "Minister", "start": "about 2004", "source": "S", "where": "p. 1"}],
        "topic": [{"key": "T1", "name": "War", "parent": ""}, {"key": "T2", "name": "Truce", "parent": "T1"}],
        "question": [{"key": "Q", "topic": "truce", "text": "Shall there be a truce?"}],
        "meeting": [{"key": "M", "slug": "riyadh", "process": "talks", "title": "Riyadh", "date": "18 February 2025", "source": "https://example.org/1", "where": "title"}],
        "delegation": [{"key": "D", "meeting": "riyadh", "party": "russia", "role": "negotiating"}],
        "delegate": [{"key": "D1", "meeting": "M", "party": "russia", "person": "L", "title": "Minister", "rank": "1"}],
        "statement": [{"key": "W", "meeting": "riyadh", "speaker": "L", "form": "verbatim", "words": "We heard each other", "topics": "war; truce", "source": "S", "passage": "heard", "where": ""}],
        "position": [{"key": "X", "question": "Q", "stance": "supports", "statement": "W"}],
        "action": [{"key": "N", "meeting": "riyadh", "kind": "commitment", "title": "Meet", "owed_by": "russia", "topics": "truce", "due": "2026"}],
        "account": [{"key": "K", "action": "N", "stance": "confirmed", "statement": "W"}],
        "progress": [{"key": "G", "action": "N", "state": "under way", "date": "March 2025", "source": "S", "where": "p. 2"}],
        "open_matter": [{"key": "O", "meeting": "M", "title": "Property", "statement": "W"}],
    }  # fmt: skip
    assert set(tables) == set(KINDS)
    for kind, rows in tables.items():
        found = write(kind, *rows)
        assert (problems(found), counts(found)) == ([], {"new": len(rows)})
        assert {each.status for each in KINDS[kind].model.objects.all()} == {"draft"}
    statement = Statement.objects.get()
    assert statement.party.name == "Russia"  # from the delegation
    assert str(statement.date) == "18 February 2025"  # from the meeting
    assert [each.passage for each in statement.citations.all()] == ["heard"]
    assert sorted(each.slug for each in statement.topics.all()) == ["truce", "war"]
    assert Party.objects.get(name="Ministry").mark == Party.objects.get(slug="russia").mark
    assert str(Person.objects.get().appointments.get().start) == "about 2004"
    assert Topic.objects.get(slug="truce").parent.name == "War"
    assert Delegate.objects.get().meeting.slug == "riyadh"
    assert [each.slug for each in Action.objects.get().owed_by.all()] == ["russia"]
    assert [each.slug for each in Process.objects.get().parties.all()] == ["russia"]
    for kind, rows in tables.items():  # once more: nothing
        assert counts(write(kind, *rows)) == {"unchanged": len(rows)}
