"""Importing tables: what becomes of good rows, of corrected ones, and of a second time."""

from __future__ import annotations

import csv
import io
import tracemalloc
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from negotiations.editing.history import story
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


PEOPLE = [
    {"key": "1", "slug": "anna", "name": "Anna Berg", "description": "A diplomat."},
    {"key": "2", "slug": "omar", "name": "عمر حسن", "description": ""},
]


def test_a_dry_run_writes_nothing_and_foretells_what_writing_does() -> None:
    dry = run(table(*PEOPLE), "people.csv", KINDS["person"])
    assert counts(dry) == {"new": 2}
    assert not Person.objects.exists()
    assert not ImportKey.objects.exists()
    wet = write("person", *PEOPLE)
    assert wet.fingerprint == dry.fingerprint
    assert Person.objects.count() == 2


def test_a_corrected_file_changes_exactly_the_corrected_rows() -> None:
    write("person", *PEOPLE)
    untouched = Person.objects.get(slug="omar")
    corrected = [{**PEOPLE[0], "description": "A minister."}, PEOPLE[1]]
    found = write("person", *corrected)
    assert counts(found) == {"changed": 1, "unchanged": 1}
    assert found.shown[Became.CHANGED][0].changes == (
        ("description", "A diplomat.", "A minister."),
    )
    assert Person.objects.get(slug="anna").description == "A minister."
    assert Person.objects.get(slug="omar").revision == untouched.revision


def test_an_emptied_cell_empties_the_record_and_a_missing_column_leaves_it() -> None:
    write("person", *PEOPLE)
    assert counts(write("person", {"key": "1", "name": "Anna Berg"})) == {"unchanged": 1}
    assert Person.objects.get(slug="anna").description == "A diplomat."
    write("person", {**PEOPLE[0], "description": ""})
    assert Person.objects.get(slug="anna").description == ""


def test_what_an_editor_corrected_since_is_never_overwritten() -> None:
    write("person", *PEOPLE)
    Person.objects.filter(slug="anna").update(description="An envoy.")
    assert counts(write("person", *PEOPLE)) == {"unchanged": 2}  # the same file: nothing
    found = write("person", {**PEOPLE[0], "description": "A minister."}, PEOPLE[1])
    [(row, column, sentence)] = problems(found)
    assert (row, column) == (2, "description")
    assert "An editor changed this" in sentence
    assert "An envoy." in sentence
    assert Person.objects.get(slug="anna").description == "An envoy."
    # Another column of the same record can still be corrected.
    assert counts(write("person", {**PEOPLE[0], "name": "Anna B. Berg"})) == {"changed": 1}
    assert Person.objects.get(slug="anna").description == "An envoy."


def test_what_is_published_is_not_changed() -> None:
    write("person", *PEOPLE)
    Person.objects.update(status="published")
    assert counts(write("person", *PEOPLE)) == {"unchanged": 2}
    found = write("person", {**PEOPLE[0], "name": "Other"}, PEOPLE[1])
    assert "This is published" in problems(found)[0][2]
    assert Person.objects.get(slug="anna").name == "Anna Berg"


def test_a_record_with_the_same_address_is_taken_for_the_row_and_keeps_what_the_row_leaves_empty() -> (
    None
):
    here = factories.PersonFactory(slug="anna", name="A. Berg", native_name="Анна", status="draft")
    found = write("person", {**PEOPLE[0], "native_name": ""})
    assert found.shown[Became.CHANGED][0].changes[0] == ("name", "A. Berg", "Anna Berg")
    here.refresh_from_db()
    assert (here.name, here.native_name) == ("Anna Berg", "Анна")
    assert Person.objects.count() == 1


def test_a_record_that_was_deleted_does_not_come_back() -> None:
    write("person", *PEOPLE)
    Person.objects.get(slug="anna").delete()
    found = write("person", *PEOPLE)
    assert counts(found) == {"unchanged": 1, "left out": 1}
    assert "was deleted after an earlier import" in found.shown[Became.LEFT_OUT][0].sentence


def test_one_bad_row_keeps_all_out_and_each_bad_row_gets_its_sentence() -> None:
    process, russia = factories.ProcessFactory(slug="talks"), factories.PartyFactory(slug="russia")
    good = {"key": "1", "process": "talks", "title": "Riyadh", "kind": "talks", "state": "held", "date": "2025-02-18", "ended": "", "slug": "", "duration": ""}  # fmt: skip
    rows = [
        good,
        {**good, "key": "2", "date": "31 February 2025"},
        {**good, "key": "3", "kind": "party"},
        {**good, "key": "4", "process": "nothing"},
        {**good, "key": "5", "title": ""},
        {**good, "key": "6", "date": ""},
        {**good, "key": "7", "ended": "2024"},
        {**good, "key": "8", "duration": "four"},
        {**good, "key": "9", "slug": "Not an address"},
        {**good, "key": "1"},
        {**good, "key": ""},
        {**good, "key": "12", "title": "x" * 201},
    ]
    found = write("meeting", *rows)
    assert [(row, column) for row, column, _ in problems(found)] == [
        (11, "key"), (12, "key"), (3, "date"), (4, "kind"), (5, "process"), (6, "title"),
        (9, "duration"), (10, "slug"), (13, "title"), (7, ""), (8, ""),
    ]  # fmt: skip
    said = {row: sentence for row, _, sentence in problems(found)}
    assert "is not a date that can be read" in said[3]
    assert "“party” is none of: talks, summit" in said[4]
    assert "There is no process with the address or key “nothing”" in said[5]
    assert "A meeting that was held has a date" in said[7]
    assert "The last day comes before the first" in said[8]
    assert "stands in an earlier row already" in said[11]
    assert not process.meetings.exists()
    assert russia.pk


def test_a_rule_that_takes_other_rows_to_see_gets_its_sentence_too() -> None:
    seat = factories.DelegateFactory(status="draft")
    party = factories.PartyFactory()
    found = write("delegate", {"key": "1", "meeting": seat.delegation.meeting.slug, "party": party.slug, "person": seat.person.slug})  # fmt: skip
    assert "One person sits on one side of a table" in problems(found)[0][2]
    assert Delegate.objects.count() == 1
    found = write("topic", {"key": "1", "name": "War"}, {"key": "2", "name": "War"})
    assert problems(found) == [(3, "", "There is a topic of this name already.")]
    found = write("person", {"key": "1", "name": "A", "slug": "a"}, {"key": "2", "name": "B", "slug": "a"})  # fmt: skip
    assert "This address is taken" in problems(found)[0][2]


def test_a_passage_must_stand_in_the_captured_text() -> None:
    source = factories.SourceFactory(url="https://example.org/", text="They heard each other.")
    party = factories.PartyFactory(slug="russia")
    row = {"key": "1", "party": "russia", "words": "We heard", "form": "paraphrase", "source": source.url}  # fmt: skip
    assert "do not occur in the captured text" in problems(write("statement", {**row, "passage": "shouted"}))[0][2]  # fmt: skip
    assert "Give the passage" in problems(write("statement", row))[0][2]
    assert counts(write("statement", {**row, "passage": "heard each"})) == {"new": 1}
    found = write("statement", {**row, "passage": "each other"})
    assert found.shown[Became.CHANGED][0].changes == (("passage", "heard each", "each other"),)
    assert party.statements.get().citations.get().passage == "each other"


def test_links_are_set_as_the_file_says() -> None:
    for slug in ("a", "b", "c"):
        factories.PartyFactory(slug=slug, name=slug.upper())
    row = {"key": "1", "name": "Talks", "parties": "a; b"}
    write("process", row)
    found = write("process", {**row, "parties": "b;c"})
    assert found.shown[Became.CHANGED][0].changes == (("parties", "A; B", "B; C"),)
    assert {each.slug for each in Process.objects.get().parties.all()} == {"b", "c"}
    assert counts(write("process", {**row, "parties": "c; b"})) == {"unchanged": 1}


def test_a_former_address_still_names_its_record() -> None:
    party = factories.PartyFactory(slug="old")
    party.slug = "new"
    party.save()
    assert counts(write("process", {"key": "1", "name": "Talks", "parties": "old"})) == {"new": 1}


def test_the_history_says_who_and_from_which_file() -> None:
    user = factories.UserFactory(group="editor")
    write("person", *PEOPLE, user=user)
    _, [change] = story(Person, Person.objects.get(slug="anna").pk)
    assert (change.who, change.why) == (user.username, "Import of person.csv")


def test_the_database_is_asked_no_more_for_more_rows() -> None:
    factories.PartyFactory(slug="russia")

    def queries(number: int) -> int:
        rows = [
            {"key": f"{number}-{n}", "party": "russia", "form": "paraphrase", "words": "Yes."}
            for n in range(number)
        ]
        with CaptureQueriesContext(connection) as asked:
            write("statement", *rows)
        return len(asked)

    assert queries(5) == queries(200)


def test_rows_come_in_batches_and_memory_does_not_grow_with_them() -> None:
    factories.PartyFactory(slug="russia")

    def peak(number: int) -> int:
        text = io.BytesIO(b"key,party,form,words\n")
        text.seek(0, io.SEEK_END)
        for n in range(number):
            text.write(f"{number}-{n},russia,paraphrase,{'word ' * 600}{n}\n".encode())
        tracemalloc.start()
        try:
            found = run(text, "statements.csv", KINDS["statement"], write=True)
            return tracemalloc.get_traced_memory()[1]
        finally:
            assert found.number(Became.NEW) == number
            tracemalloc.stop()

    small, large = peak(1_000), peak(5_000)
    assert large - small < 6_000_000  # of 15 MB more in the file
