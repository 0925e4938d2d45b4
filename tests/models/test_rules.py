"""What must never be false stays true, also for raw SQL; and clean() says it in a sentence."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction

from negotiations.models import (
    Account,
    Action,
    Appointment,
    Citation,
    Delegate,
    Delegation,
    FormerSlug,
    Meeting,
    Party,
    Person,
    Position,
    Process,
    Source,
    Statement,
    Topic,
    record_models,
)
from negotiations.models.sources import quotation_found
from negotiations.models.visibility import publish, unpublish
from tests import factories as make

pytestmark = pytest.mark.django_db


def refused(sql: str, *params: Any, by: str = "") -> None:
    """The database refuses this statement, at once or at the end of the transaction."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        run_to_the_end(sql, params)
    assert by in str(caught.value)


def run_to_the_end(sql: str, params: Any = ()) -> None:
    """Run it, and all checks that wait for the end of a transaction."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
    connection.check_constraints()


def change(record: Any, **values: Any) -> tuple[str, list[Any]]:
    columns = ", ".join(f'"{name}" = %s' for name in values)
    return f"UPDATE {record._meta.db_table} SET {columns} WHERE id = %s", [
        *values.values(),
        record.pk,
    ]


def change_refused(record: Any, by: str = "", **values: Any) -> None:
    sql, params = change(record, **values)
    refused(sql, *params, by=by)


def says(record: Any, sentence: str) -> None:
    with pytest.raises(ValidationError) as caught:
        record.full_clean()
    assert sentence in " ".join(caught.value.messages)


# --- A published record may not hang on an unpublished one ---

# A delegate's meeting is its delegation's, whatever one writes there.
HANGING = [
    (model, field.name)
    for model in record_models()
    for field in model.hangs_on()
    if (model, field.name) != (Delegate, "meeting")
]
FACTORIES = {model.__name__: getattr(make, f"{model.__name__}Factory") for model in record_models()}


@pytest.mark.parametrize(("model", "field"), HANGING, ids=[f"{m.__name__}.{f}" for m, f in HANGING])
def test_nothing_published_hangs_on_a_draft(model: Any, field: str) -> None:
    child = FACTORIES[model.__name__]()
    kind = model._meta.get_field(field).related_model
    parent = getattr(child, field)
    if parent is None:
        parent = FACTORIES[kind.__name__]()
        if (model, field) == (Account, "statement"):
            parent = child.statement
        with connection.cursor() as cursor:
            cursor.execute(*change(child, **{f"{field}_id": parent.pk}))
    change_refused(parent, "Take back", status="draft")
    draft = FACTORIES[kind.__name__](status="draft") if model is not Account else None
    if draft and (model, field) not in {(Position, "statement"), (Position, "party")}:
        change_refused(child, "Publish", **{f"{field}_id": draft.pk})


@pytest.mark.parametrize(
    ("model", "field"),
    [(Process, "parties"), (Statement, "topics"), (Action, "owed_by"), (Action, "topics")],
)
def test_nothing_published_is_linked_to_a_draft(model: Any, field: str) -> None:
    record = FACTORIES[model.__name__]()
    target = FACTORIES[model._meta.get_field(field).related_model.__name__](status="draft")
    with pytest.raises(IntegrityError), transaction.atomic():
        getattr(record, field).add(target)
    publish(target)
    getattr(record, field).add(target)
    change_refused(target, "Take this", status="draft")


def test_nothing_published_cites_a_draft() -> None:
    source = make.SourceFactory(status="draft")
    with pytest.raises(IntegrityError), transaction.atomic():
        make.CitationFactory(source=source, statement=make.StatementFactory())
    statement = make.StatementFactory(status="draft")
    make.CitationFactory(source=source, statement=statement)
    change_refused(statement, "Publish the source", status="published")
    publish(source)
    publish(statement)
    change_refused(source, "cite this source", status="draft")


def test_publishing_says_what_to_publish_first_and_changes_nothing() -> None:
    meeting = make.MeetingFactory(status="draft", process=make.ProcessFactory(status="draft"))
    with pytest.raises(ValidationError, match="Publish first what this hangs on: process"):
        publish(meeting)
    assert meeting.status == "draft"


def test_a_whole_goes_public_with_its_parts_and_comes_back_with_them() -> None:
    meeting = make.MeetingFactory(status="draft")
    delegation = make.DelegationFactory(meeting=meeting, status="draft")
    make.DelegateFactory(delegation=delegation, status="draft")
    assert publish(meeting) == 3
    assert Delegate.published.count() == 1
    assert unpublish(Meeting.objects.get()) == 3
    assert Delegate.published.count() == 0


def test_what_others_hang_on_can_not_be_taken_back() -> None:
    statement = make.StatementFactory()
    with pytest.raises(ValidationError, match="can't be taken back while these are published"):
        unpublish(statement.meeting)


def test_an_unknown_status_is_refused() -> None:
    change_refused(make.TopicFactory(), "status_is_known", status="secret")


@pytest.mark.django_db(transaction=True)
def test_publishing_a_part_while_another_takes_back_the_whole_leaves_no_orphan() -> None:
    """Whoever comes second waits, then is refused."""
    meeting = make.MeetingFactory()
    statement = make.StatementFactory(meeting=meeting, status="draft")
    outcome: list[str] = []
    started = threading.Event()

    def take_back() -> None:
        started.set()
        try:
            Meeting.objects.filter(pk=meeting.pk).update(status="draft")
            outcome.append("taken back")
        except IntegrityError:
            outcome.append("refused")
        finally:
            connection.close()

    with transaction.atomic():
        Statement.objects.filter(pk=statement.pk).update(status="published")
        thread = threading.Thread(target=take_back)
        thread.start()
        started.wait()
    thread.join()
    assert outcome == ["refused"]
    assert Meeting.objects.get().status == "published"


# --- Quotations ---


@pytest.mark.parametrize(
    ("words", "text", "found"),
    [
        ("heard each other", "They “heard each other” there", True),
        ("each other's", "each other’s interests", True),
        ("a - b", "a — b", True),
        ("a b", "a\u00a0\n b", True),
        ("cooperate", "co\u00adoperate", True),
        ("caf\u00e9", "cafe\u0301", True),
        ("one […] three", "one two three", True),
        ("one [...] three", "one two three", True),
        ("three […] one", "one two three", False),
        ("one […] one", "one two", False),
        ("[…]", "anything", False),
        ("", "anything", False),
        ("…", "anything…", False),
        ("a.c", "abc", False),
        (r"100% \d", r"It is 100% \d here", True),
        ("мы услышали", "что «мы услышали» друг друга", True),
        ("السلام", "قال: «السلام» عليكم", True),
        ("Heard", "heard", False),
        ("needle", "hay " * 200_000 + "needle", True),
    ],
)
def test_quoted_words_occur_in_the_text_or_do_not(words: str, text: str, found: bool) -> None:
    assert quotation_found(words, text) is found


@pytest.fixture
def quotation() -> Statement:
    """Published, verbatim, and found in its source."""
    statement = make.StatementFactory(status="draft", form="verbatim", words="heard each other")
    source = make.SourceFactory(text="They “heard each other”, they said.", language="en")
    make.CitationFactory(statement=statement, source=source, passage="heard each other")
    publish(statement)
    return statement


def test_a_verbatim_statement_without_a_source_is_not_published() -> None:
    statement = make.StatementFactory(status="draft", form="verbatim")
    change_refused(statement, "cites at least one source", status="published")
    statement.status = "published"
    says(statement, "cites at least one source before it is published")


def test_words_that_the_source_does_not_have_are_not_published(quotation: Statement) -> None:
    change_refused(quotation, "do not occur", words="never said")
    quotation.words = "never said"
    says(quotation, "These words do not occur")


def test_its_last_citation_is_not_taken_away(quotation: Statement) -> None:
    refused("DELETE FROM negotiations_citation", by="cites at least one source")


def test_its_source_is_not_changed_under_it(quotation: Statement) -> None:
    change_refused(Source.objects.get(), "not occur", text="Something else.")


def test_words_and_source_may_change_together(quotation: Statement) -> None:
    with transaction.atomic():
        Statement.objects.update(words="listened")
        Citation.objects.update(passage="listened")
        Source.objects.update(text="They listened.")
        connection.check_constraints()
    assert Statement.published.get().words == "listened"


def test_a_source_in_the_original_language_is_checked_against_the_original_words() -> None:
    statement = make.StatementFactory(
        status="draft",
        form="verbatim",
        words="heard each other",
        original_words="услышали друг друга",
        original_language="ru",
    )
    source = make.SourceFactory(text="Мы «услышали друг друга».", language="ru")
    make.CitationFactory(statement=statement, source=source)
    publish(statement)
    change_refused(statement, "do not occur", original_words="другое")


def test_a_passage_stands_in_its_source(quotation: Statement) -> None:
    citation = quotation.citations.get()
    change_refused(citation, "passage does not occur", passage="elsewhere")
    citation.passage = "elsewhere"
    says(citation, "do not occur in the captured text")


def test_the_seal_of_a_text_is_the_databases_own() -> None:
    source = make.SourceFactory(text="text", text_sha256="forged")
    source.refresh_from_db()
    assert source.text_sha256.startswith("982d9e3eb996f559")


def test_a_citation_belongs_to_one_record_and_leads_somewhere() -> None:
    citation = make.CitationFactory(statement=make.StatementFactory())
    change_refused(citation, "citation_cites_for_one", action_id=make.ActionFactory().pk)
    change_refused(citation, "citation_leads_somewhere", passage="", where="")


# --- Delegations, delegates, appointments ---


def test_one_delegation_a_party_and_meeting() -> None:
    first = make.DelegationFactory()
    second = make.DelegationFactory(meeting=first.meeting)
    change_refused(second, "delegation_once_per_meeting", party_id=first.party_id)
    says(
        Delegation(meeting=first.meeting, party=first.party),
        "has a delegation at this meeting already",
    )


def test_one_person_sits_on_one_side_of_a_table_but_may_change_between_meetings() -> None:
    delegate = make.DelegateFactory()
    other = make.DelegationFactory(meeting=delegate.delegation.meeting)
    with pytest.raises(IntegrityError), transaction.atomic():
        make.DelegateFactory(delegation=other, person=delegate.person)
    says(
        Delegate(delegation=other, person=delegate.person), "One person sits on one side of a table"
    )
    elsewhere = make.DelegateFactory(person=delegate.person)
    change_refused(elsewhere.delegation, "delegate_once", meeting_id=other.meeting_id)


def appoint(person: Person, party: Party, start: str, end: str) -> Appointment:
    held = Appointment(person=person, party=party, office="Minister", start=start, end=end)
    held.full_clean()
    held.save()
    return held


def test_appointments_to_one_office_do_not_overlap_as_far_as_is_sure() -> None:
    person, party = make.PersonFactory(), make.PartyFactory()
    appoint(person, party, "2010", "March 2015")
    appoint(person, party, "March 2015", "2020")
    appoint(person, make.PartyFactory(), "2010", "2020")
    with pytest.raises(ValidationError, match="holds this office at this time already"):
        appoint(person, party, "June 2016", "2017")
    with pytest.raises(IntegrityError), transaction.atomic():
        make.AppointmentFactory(
            person=person, party=party, office="Minister", start="May 2018", end=""
        )


def test_intervals_end_after_they_begin() -> None:
    held = make.AppointmentFactory(start="2010", end="2012")
    change_refused(held, "appointment_ends_after_it_begins", end_from="2009-01-01")
    meeting = make.MeetingFactory(ended="20 February 2025")
    change_refused(meeting, "meeting_ends_after_it_begins", ended_from="2025-02-01")
    meeting = make.MeetingFactory()
    change_refused(meeting, "meeting_held_has_a_date", date_from=None, date_precision=None)
    change_refused(meeting, "meeting_duration", duration=0)


# --- Parties, trees, accounts, positions ---


def test_nothing_is_part_of_itself_by_however_many_steps() -> None:
    top = make.PartyFactory()
    middle = make.PartyFactory(part_of=top)
    bottom = make.PartyFactory(part_of=middle)
    change_refused(top, "can not be part of itself", part_of_id=bottom.pk)
    change_refused(top, "", part_of_id=top.pk)
    top.part_of = bottom
    says(top, "A party can’t be part of its own body")
    above = make.TopicFactory()
    below = make.TopicFactory(parent=above)
    change_refused(above, "can not be under itself", parent_id=below.pk)
    first = make.MeetingFactory()
    second = make.MeetingFactory(follows=first)
    change_refused(first, "itself", follows_id=second.pk)


def test_a_body_is_part_of_a_party() -> None:
    change_refused(make.PartyFactory(), "party_body_has_a_party", kind="body")
    says(Party(name="X", slug="x", kind="body"), "Say which party this is a body of")


def test_parties_get_different_marks_and_bodies_their_partys() -> None:
    first, second = make.PartyFactory(), make.PartyFactory()
    assert first.mark != second.mark
    assert make.PartyFactory(kind="body", part_of=second).mark == second.mark


def test_an_account_comes_from_a_party_of_the_process() -> None:
    account = make.AccountFactory()
    process = account.action.meeting.process
    stranger = make.PartyFactory()
    says(Account(action=account.action, party=stranger, stance="denied"), "party of the process")
    with pytest.raises(IntegrityError), transaction.atomic():
        Account.objects.create(action=account.action, party=stranger, stance="denied")
    with pytest.raises(IntegrityError), transaction.atomic():
        process.parties.remove(account.party)
    change_refused(
        account.action.meeting, "party of the process", process_id=make.ProcessFactory().pk
    )


def test_accounts_and_positions_are_their_statements_partys_own() -> None:
    top = make.PartyFactory()
    ministry = make.PartyFactory(kind="body", part_of=top)
    position = make.PositionFactory(statement=make.StatementFactory(party=ministry), party=top)
    stranger = make.PartyFactory()
    change_refused(position, "own party", party_id=stranger.pk)
    change_refused(position.statement, "own party", party_id=stranger.pk)
    change_refused(ministry, "own party", part_of_id=stranger.pk)
    says(
        Position(
            question=position.question,
            statement=position.statement,
            party=stranger,
            stance="opposes",
        ),
        "own party, or one that it is part of",
    )


def test_a_published_account_progress_report_or_open_matter_is_documented() -> None:
    account = make.AccountFactory()
    change_refused(account, "Give a source", statement_id=None)
    change_refused(make.OpenMatterFactory(), "Give a source", statement_id=None)
    report = make.ProgressFactory()
    refused(
        "DELETE FROM negotiations_citation WHERE progress_id = %s", report.pk, by="Give a source"
    )


# --- Addresses and history ---


def test_a_renamed_address_is_kept_and_never_given_away() -> None:
    topic = make.TopicFactory(slug="old")
    Topic.objects.filter(pk=topic.pk).update(slug="new")
    assert FormerSlug.objects.get().slug == "old"
    with pytest.raises(IntegrityError), transaction.atomic():
        make.TopicFactory(slug="old")
    says(Topic(name="Another", slug="old"), "This address belonged to another topic")
    Topic.objects.filter(pk=topic.pk).update(slug="old")
    assert FormerSlug.objects.get().slug == "new"


def test_every_change_is_kept_raw_sqls_too_and_can_not_be_altered() -> None:
    topic = make.TopicFactory(name="First")
    with connection.cursor() as cursor:
        cursor.execute(*change(topic, name="Second"))
        cursor.execute("DELETE FROM negotiations_topic WHERE id = %s", [topic.pk])
    events = topic.pgh_event_model.objects.filter(pgh_obj_id=topic.pk).order_by("pgh_id")
    assert [(e.pgh_label, e.name) for e in events] == [
        ("insert", "First"),
        ("update", "Second"),
        ("delete", "Second"),
    ]
    for tamper in (
        "UPDATE negotiations_topicevent SET name = 'x'",
        "DELETE FROM negotiations_topicevent",
    ):
        with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic():
            run_to_the_end(tamper)


def test_links_between_records_are_kept_too() -> None:
    statement, topic = make.StatementFactory(), make.TopicFactory()
    statement.topics.add(topic)
    statement.topics.remove(topic)
    events = Statement.topics.through.objects.model._meta.apps.get_model(
        "negotiations", "StatementTopicEvent"
    ).objects.order_by("pgh_id")
    assert [event.pgh_label for event in events] == ["insert", "delete"]


def test_each_change_counts() -> None:
    topic = make.TopicFactory()
    Topic.objects.filter(pk=topic.pk).update(name="Other")
    topic.refresh_from_db()
    assert topic.revision == 2
