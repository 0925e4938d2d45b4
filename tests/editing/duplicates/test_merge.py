"""Two records are made one, with all that hangs on them; and made two again, record for record."""

from __future__ import annotations

import re
from typing import Any

import pghistory
import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection
from django.http import QueryDict
from django.test import Client

from negotiations.editing.duplicates import merging
from negotiations.editing.duplicates.likes import KINDS
from negotiations.editing.duplicates.planning import plan, pointing_at
from negotiations.models import (
    Account,
    Appointment,
    Delegate,
    Delegation,
    FormerSlug,
    Meeting,
    Merge,
    Party,
    Person,
    Position,
    Statement,
    Topic,
    User,
)
from negotiations.search import finding
from negotiations.search.asking import Ask
from tests import factories, riyadh
from tests.editing.test_desk import desk, form_of, sentences
from tests.search.test_index import differences

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    return factories.UserFactory(group="reviewer", username="rita")


@pytest.fixture
def client(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def merge(kept: Any, other: Any, user: User, **rest: Any) -> Merge:
    done = merging.merge(type(kept), kept.pk, other.pk, user=user, **rest)
    assert differences() == []
    return done


def refused(kept: Any, other: Any, user: User, **rest: Any) -> str:
    """Why it can't be merged; nothing was done."""
    before = everything()
    with pytest.raises(ValidationError) as error:
        merging.merge(type(kept), kept.pk, other.pk, user=user, **rest)
    assert everything() == before
    return " ".join(error.value.messages)


UNCOUNTED = re.compile(r"negotiations_(\w+event|correction|merge|publicchange\w*|searchpublisher)$")


def everything() -> dict[str, list[str]]:
    """All rows of all tables of ours, but for the history and the counts of changes."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables"
            " WHERE table_name LIKE 'negotiations\\_%' AND table_type = 'BASE TABLE'"
        )
        tables = [name for (name,) in cursor.fetchall() if not UNCOUNTED.match(name)]
        found = {}
        for table in sorted(tables):
            cursor.execute(
                f"SELECT (to_jsonb(t) - 'revision' - 'updated_at')::text FROM {table} t ORDER BY 1"
            )
            found[table] = [row for (row,) in cursor.fetchall()]
    assert len(found) > 20
    return found


# --- Nothing is forgotten ---


def database_keys(model: type) -> set[tuple[str, str]]:
    """The columns that PostgreSQL knows to point to this model's table."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT c.conrelid::regclass::text, a.attname FROM pg_constraint c
            JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)
            WHERE c.contype = 'f' AND c.confrelid = %s::regclass""",
            [model._meta.db_table],
        )
        return set(cursor.fetchall())


@pytest.mark.parametrize("kind", KINDS)
def test_every_key_to_a_record_is_known_the_database_says_which(kind: str) -> None:
    known = {(key.model._meta.db_table, key.column) for key in pointing_at(KINDS[kind])}
    assert known == database_keys(KINDS[kind])


# Numbers of records that are no foreign keys, and who sees to each.
LOOSE = {
    ("Correction", "record_id"): "of what readers saw then: stays with the one that is gone",
    ("Correction", "citation_id"): "of a citation, which nothing merges",
    ("FormerSlug", "record_id"): "moved by the merge",
    ("ImportKey", "record_id"): "moved by the merge",
    ("ReviewNote", "record_id"): "moved by the merge",
    ("Withdrawal", "record_id"): "of a record that was public; it stays with that one",
    ("Merge", "kept_id"): "followed by merged_into",
    ("Merge", "other_id"): "followed by merged_into",
    ("NotTheSame", "one"): "of two that are no pair; harmless",
    ("NotTheSame", "two"): "of two that are no pair; harmless",
    ("SearchEntry", "record_id"): "kept by triggers",
    ("SearchEntry", "person_id"): "kept by triggers",
    ("SearchEntry", "party_id"): "kept by triggers",
    ("SearchEntry", "meeting_id"): "kept by triggers",
    ("SearchEntry", "source_id"): "kept by triggers",
    ("SearchName", "record_id"): "kept by triggers",
}


def test_no_new_model_points_to_records_by_a_bare_number() -> None:
    from django.db.models import BigIntegerField

    bare = {
        (model.__name__, field.name)
        for model in apps.get_app_config("negotiations").get_models()
        if not issubclass(model, pghistory.models.Event)
        for field in model._meta.concrete_fields
        if type(field) is BigIntegerField and not field.primary_key
    }
    assert bare == set(LOOSE)


def hung(other: Any) -> list[Any]:
    """One row for each key that points to this kind, all pointing to `other`."""
    made: list[Any] = []
    for key in pointing_at(type(other)):
        model, name = key.model, key.name
        if whole := model._meta.auto_created:
            field = next(f for f in whole._meta.many_to_many if f.remote_field.through is model)
            if whole is type(other):
                getattr(other, field.name).add(MADE[field.related_model._meta.model_name]())
            else:
                getattr(getattr(factories, f"{whole.__name__}Factory")(), field.name).add(other)
            row = model.objects.filter(**{name: other}).last()
        else:
            # A position is its statement's party's own.
            given = f"statement__{name}" if (model, name) == (Position, "party") else name
            row = getattr(factories, f"{model.__name__}Factory")(**{given: other})
        made.append((key, row.pk))
    return made


MADE = {
    "person": factories.PersonFactory,
    "party": factories.PartyFactory,
    "topic": factories.TopicFactory,
    "question": factories.QuestionFactory,
    "process": factories.ProcessFactory,
}


@pytest.mark.parametrize("kind", KINDS)
def test_all_that_hangs_on_the_other_moves_and_all_comes_back(kind: str, user: User) -> None:
    kept, other = MADE[kind](), MADE[kind]()
    moved = hung(other)
    assert len(moved) >= 2
    before = everything()
    done = merge(kept, other, user)
    for key, pk in moved:
        assert key.model._base_manager.filter(pk=pk, **{key.attname: kept.pk}).exists(), key
    assert not type(other).objects.filter(pk=other.pk).exists()
    assert merging.undo(done.pk, user=user) == []
    assert everything() == before
    assert differences() == []


def a_busy_person(name: str, party: Party, meeting: Meeting, **rest: Any) -> Person:
    person = factories.PersonFactory(name=name, **rest)
    factories.AppointmentFactory(person=person, party=party, office="Minister")
    delegation, _ = Delegation.objects.get_or_create(
        meeting=meeting, party=party, defaults={"status": "published"}
    )
    delegate = factories.DelegateFactory(delegation=delegation, person=person, title=f"As {name}")
    factories.CitationFactory(appointment=person.appointments.get())
    factories.StatementFactory(speaker=person, party=party, meeting=meeting)
    assert delegate.pk
    return person


# --- People ---


def test_doubles_are_dropped_with_their_citations_kept_and_undoing_brings_all_back(
    user: User,
) -> None:
    party, meeting = factories.PartyFactory(), factories.MeetingFactory()
    kept = a_busy_person("Sergey Lavrov", party, meeting)
    other = a_busy_person("S. Lavrov", party, meeting, native_name="Сергей Лавров")
    Appointment.objects.filter(person=other).update(start_from="2004-03-09", start_precision=3)
    before = everything()

    planned = plan(kept, other, {})
    assert [type(d.lost) for d in planned.doubles] == [Appointment, Delegate]
    assert ("title", "As Sergey Lavrov", "As S. Lavrov") in planned.doubles[1].differences

    done = merge(kept, other, user, why="The same man")
    office = Appointment.objects.get(person=kept)
    assert office.citations.count() == 2
    assert str(office.start) == "9 March 2004"  # was empty, and is filled
    assert Delegate.objects.get(person=kept).title == "As Sergey Lavrov"
    assert Statement.objects.filter(speaker=kept).count() == 2
    kept.refresh_from_db()
    assert (kept.native_name, kept.other_names) == ("Сергей Лавров", "S. Lavrov")
    assert (done.kept_id, done.other_id, done.why) == (kept.pk, other.pk, "The same man")

    assert merging.undo(done.pk, user=user) == []
    assert everything() == before
    assert differences() == []


def test_what_differs_in_substance_is_not_decided_by_a_merge(user: User) -> None:
    kept, other = factories.PersonFactory(), factories.PersonFactory()
    meeting = factories.MeetingFactory()
    for person in (kept, other):
        delegation = factories.DelegationFactory(meeting=meeting)
        factories.DelegateFactory(delegation=delegation, person=person)
    assert "they differ in delegation" in refused(kept, other, user)


def test_the_public_double_stays_where_the_other_one_is_a_draft(user: User) -> None:
    party = factories.PartyFactory()
    kept, other = factories.PersonFactory(), factories.PersonFactory()
    factories.AppointmentFactory(person=kept, party=party, office="Envoy", status="draft")
    public = factories.AppointmentFactory(person=other, party=party, office="ENVOY")
    before = everything()
    done = merge(kept, other, user)
    assert Appointment.objects.get().pk == public.pk
    assert Appointment.objects.get().person_id == kept.pk
    merging.undo(done.pk, user=user)
    assert everything() == before


def test_offices_at_other_times_are_no_doubles(user: User) -> None:
    party = factories.PartyFactory()
    kept, other = factories.PersonFactory(), factories.PersonFactory()
    for person, start, end in ((kept, "2001", "2003"), (other, "2010", "2012")):
        factories.AppointmentFactory(
            person=person, party=party, office="Envoy", start=start, end=end
        )
    merge(kept, other, user)
    assert Appointment.objects.filter(person=kept).count() == 2


# --- Parties ---


def test_parties_with_delegations_accounts_and_positions_of_both(user: User) -> None:
    kept, other = factories.PartyFactory(name="Russia"), factories.PartyFactory(name="Rossiya")
    meeting, action = factories.MeetingFactory(), factories.ActionFactory()
    body = factories.PartyFactory(part_of=other, kind="body")
    for party in (kept, other):
        delegation = factories.DelegationFactory(meeting=meeting, party=party)
        factories.DelegateFactory(delegation=delegation)
        statement = factories.StatementFactory(party=party)
        factories.AccountFactory(action=action, party=party, statement=statement)
        factories.PositionFactory(statement=statement)
    spoke = factories.StatementFactory(party=body)
    factories.AccountFactory(action=action, party=other, statement=spoke)
    owed = factories.ActionFactory()
    owed.owed_by.add(kept, other)
    before = everything()

    done = merge(kept, other, user)
    assert Delegation.objects.get(meeting=meeting).delegates.count() == 2
    assert Account.objects.filter(action=action, party=kept).count() == 3
    assert Position.objects.filter(party=kept).count() == 2
    assert action.meeting.process.parties.get() == kept
    assert owed.owed_by.get() == kept
    body.refresh_from_db()
    assert body.part_of == kept

    assert merging.undo(done.pk, user=user) == []
    assert everything() == before
    assert differences() == []


@pytest.mark.parametrize("steps", [1, 3])
@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(("made", "above"), [("party", "part_of"), ("topic", "parent")])
def test_a_whole_and_its_part_are_two(
    made: str, above: str, turned: bool, steps: int, user: User
) -> None:
    top = low = MADE[made]()
    for _each in range(steps):
        low = MADE[made](**{above: low})
    kept, other = (low, top) if turned else (top, low)
    assert "so they are two" in refused(kept, other, user)


def test_bodies_of_one_name_are_merged_first(user: User) -> None:
    kept, other = factories.PartyFactory(), factories.PartyFactory()
    first = factories.PartyFactory(name="Foreign Ministry", kind="body", part_of=kept)
    second = factories.PartyFactory(name="Foreign Ministry", kind="body", part_of=other)
    assert "Both have a party named “Foreign Ministry”" in refused(kept, other, user)
    assert plan(kept, other, {}).refusals[0].url == f"/admin/merge/party/{first.pk}/{second.pk}/"
    merge(first, second, user)
    merge(kept, other, user)


def test_contradicting_accounts_and_roles_are_left_to_an_editor(user: User) -> None:
    kept, other = factories.PartyFactory(), factories.PartyFactory()
    meeting = factories.MeetingFactory()
    factories.DelegationFactory(meeting=meeting, party=kept, role="host")
    factories.DelegationFactory(meeting=meeting, party=other, role="mediator")
    assert "they differ in role (host / mediator)" in refused(kept, other, user)


def test_a_rule_of_the_database_refuses_with_its_sentence_and_nothing_is_done(user: User) -> None:
    """The other was a body of the account's party; the kept one is not."""
    whole = factories.PartyFactory()
    other = factories.PartyFactory(kind="body", part_of=whole)
    kept = factories.PartyFactory()
    said = factories.StatementFactory(party=other)
    factories.AccountFactory(party=whole, statement=said)
    alone = {"part_of": "kept"}
    assert "The party must be the statement’s" in refused(kept, other, user, picked=alone)
    merge(kept, other, user, picked={"part_of": "other"})


# --- Topics ---


def test_topics_with_their_statements_questions_and_narrower_topics(user: User) -> None:
    kept, other = (
        factories.TopicFactory(name="Sanctions"),
        factories.TopicFactory(name="sanctions "),
    )
    both, one = factories.StatementFactory(), factories.StatementFactory()
    both.topics.add(kept, other)
    one.topics.add(other)
    factories.TopicFactory(parent=other)
    factories.QuestionFactory(topic=other)
    before = everything()
    done = merge(kept, other, user)
    assert [list(s.topics.all()) for s in (both, one)] == [[kept], [kept]]
    merging.undo(done.pk, user=user)
    assert everything() == before


# --- Which value stays ---


def test_each_field_can_be_the_others_even_the_address(user: User) -> None:
    kept = factories.PersonFactory(name="S. Lavrov", slug="s-lavrov", description="Old")
    other = factories.PersonFactory(name="Sergey Lavrov", slug="lavrov", description="New")
    before = everything()
    picked = {"name": "other", "slug": "other", "description": "other", "status": "other"}
    done = merge(kept, other, user, picked=picked)
    kept.refresh_from_db()
    assert (kept.name, kept.slug, kept.description) == ("Sergey Lavrov", "lavrov", "New")
    assert kept.other_names == "S. Lavrov"
    assert FormerSlug.objects.get().slug == "s-lavrov"
    assert merging.undo(done.pk, user=user) == []
    assert everything() == before


def test_a_name_that_is_taken_over_does_not_stand_among_the_other_names(user: User) -> None:
    kept = factories.PartyFactory(name="US", other_names="America")
    other = factories.PartyFactory(
        name="United States", short_name="us", other_names="USA\namerica"
    )
    merge(kept, other, user)
    kept.refresh_from_db()
    assert kept.other_names.splitlines() == ["America", "United States", "USA"]


# --- Addresses ---


def test_addresses_redirect_for_ever_former_and_short_ones_too(user: User, client: Client) -> None:
    kept = factories.PersonFactory(slug="lavrov")
    other = factories.PersonFactory(slug="older")
    other.slug = "newer"
    other.save()
    done = merge(kept, other, user)
    for address in ("/people/older/", "/people/newer/", f"/p/{other.pk}"):
        assert client.get(address).headers["Location"] == "/people/lavrov/", address
    last = factories.PersonFactory(slug="last")
    again = merge(last, kept, user)
    for address in ("/people/older/", "/people/lavrov/", f"/p/{other.pk}", f"/p/{kept.pk}"):
        assert client.get(address).headers["Location"] == "/people/last/", address
    with pytest.raises(ValidationError, match="Undo the merge of"):
        merging.undo(done.pk, user=user)
    merging.undo(again.pk, user=user)
    merging.undo(done.pk, user=user)
    assert client.get("/people/older/").headers["Location"] == "/people/newer/"
    assert client.get(f"/p/{other.pk}").headers["Location"] == "/people/newer/"


def test_admin_leads_on_from_a_record_that_was_merged(user: User, client: Client) -> None:
    kept, other = factories.PersonFactory(), factories.PersonFactory()
    merge(kept, other, user)
    page = client.get(f"/admin/negotiations/person/{other.pk}/change/", follow=True)
    assert page.redirect_chain[0][0] == f"/admin/negotiations/person/{kept.pk}/change/"
    assert "was merged into the one below" in sentences(page)


# --- Search and history ---


def test_search_finds_the_kept_one_by_the_old_name_and_counts_right(
    user: User, client: Client
) -> None:
    kept = factories.PersonFactory(name="Sergey Lavrov", slug="sergey-lavrov")
    other = factories.PersonFactory(name="Zergiusz Wawrow", slug="wawrow")
    for person in (kept, other, other):
        factories.StatementFactory(speaker=person)

    def count(query: str) -> int:
        return finding.find(Ask.from_address(QueryDict(query))).count

    assert count("q=speaker:sergey-lavrov") == 2  # himself, and what he said
    done = merge(kept, other, user)
    assert "/people/sergey-lavrov/" in sentences(client.get("/search/?q=wawrow"))
    assert "/people/wawrow/" not in sentences(client.get("/search/?q=wawrow"))
    assert count("q=speaker:sergey-lavrov") == 4
    merging.undo(done.pk, user=user)
    assert "/people/wawrow/" in sentences(client.get("/search/?q=wawrow"))
    assert count("q=speaker:sergey-lavrov") == 2
    assert differences() == []


def test_history_tells_of_both_acts_by_whom_and_why(client: Client) -> None:
    kept, other = factories.PersonFactory(name="Kept"), factories.PersonFactory(name="Kept")
    address = f"/admin/merge/person/{kept.pk}/{other.pk}/"
    client.post(address, {**form_of(client, address), "why": "One man"})
    done = Merge.objects.get()
    client.post(f"/admin/merges/{done.pk}/undo/", {"why": "Two after all"})
    page = sentences(client.get(f"/admin/negotiations/person/{kept.pk}/history/"))
    assert "Merged “Kept” into “Kept”. One man" in page
    assert "Undid the merge of “Kept” into “Kept”. Two after all" in page
    assert page.count(", rita</h2>") == 2
    told = Person.pgh_event_model.objects.filter(pgh_obj_id=other.pk).order_by("pgh_id")
    assert [event.pgh_label for event in told] == ["insert", "delete", "insert"]


# --- What came in between ---


def test_what_was_changed_since_stays_as_it_is_and_is_told(user: User) -> None:
    kept, other = factories.PersonFactory(), factories.PersonFactory()
    mine, moved, edited, gone = (factories.StatementFactory(speaker=other) for _ in range(4))
    done = merge(kept, other, user)
    third = factories.PersonFactory()
    Statement.objects.filter(pk=moved.pk).update(speaker=third)
    Statement.objects.filter(pk=edited.pk).update(words="Corrected since.")
    gone.delete()
    later = factories.StatementFactory(speaker=kept)
    assert len(merging.left_by_undoing(done)) == 2
    left = merging.undo(done.pk, user=user)
    assert len(left) == 2
    assert any("which is gone" in words for words in left)
    speakers = dict(Statement.objects.values_list("pk", "speaker"))
    assert speakers == {
        mine.pk: other.pk,
        moved.pk: third.pk,
        edited.pk: other.pk,
        later.pk: kept.pk,
    }
    assert Statement.objects.get(pk=edited.pk).words == "Corrected since."


def test_undoing_is_refused_where_it_would_break_a_rule(user: User) -> None:
    topic = factories.TopicFactory()
    kept, other = factories.TopicFactory(), factories.TopicFactory(parent=topic)
    done = merge(kept, other, user, picked={"parent": "kept"})
    Topic.objects.filter(pk=topic.pk).update(status="draft")
    before = everything()
    with pytest.raises(ValidationError, match="Publish the wider topic first"):
        merging.undo(done.pk, user=user)
    assert everything() == before
    assert not Merge.objects.get().is_undone


def test_undoing_is_refused_once_done_once_the_kept_is_gone_or_has_the_address(user: User) -> None:
    kept, other = factories.PersonFactory(), factories.PersonFactory(slug="wanted")
    done = merge(kept, other, user)
    Person.objects.filter(pk=kept.pk).update(slug="wanted")
    with pytest.raises(ValidationError, match="has taken the address “wanted” since"):
        merging.undo(done.pk, user=user)
    Person.objects.filter(pk=kept.pk).update(slug="elsewhere")
    merging.undo(done.pk, user=user)
    with pytest.raises(ValidationError, match="was undone already"):
        merging.undo(done.pk, user=user)
    done = merge(kept, other, user)
    Person.objects.filter(pk=kept.pk).update(status="draft")
    Person.objects.get(pk=kept.pk).delete()
    with pytest.raises(ValidationError, match="was deleted since"):
        merging.undo(done.pk, user=user)


def test_merged_undone_and_merged_again(user: User) -> None:
    kept, other = factories.PersonFactory(), factories.PersonFactory()
    before = everything()
    for _each in range(3):
        merging.undo(merge(kept, other, user).pk, user=user)
    assert everything() == before


# --- The page ---


def test_the_page_shows_both_what_moves_and_merges(client: Client) -> None:
    kept = factories.PersonFactory(name="Sergey Lavrov")
    other = factories.PersonFactory(name="<b>S. Lavrov</b>", native_name="Сергей")
    factories.StatementFactory.create_batch(2, speaker=other)
    address = f"/admin/merge/person/{kept.pk}/{other.pk}/"
    page = sentences(client.get(address))
    assert f'href="/admin/negotiations/statement/?speaker__id__exact={other.pk}"' in page
    assert "2 statements (speaker)" in page
    assert "&lt;b&gt;S. Lavrov" in page
    assert re.search(r'name="pick-name" value="kept" checked', page)
    assert re.search(r'name="pick-native_name" value="other" checked', page)
    linked = client.get(f"/admin/negotiations/statement/?speaker__id__exact={other.pk}")
    assert linked.status_code == 200
    answer = client.post(address, {**form_of(client, address), "pick-name": "kept"})
    assert answer.headers["Location"] == f"/admin/negotiations/person/{kept.pk}/change/"
    assert "<b>S. Lavrov</b>" not in sentences(client.get("/admin/merges/"))


def test_the_pages_links_lead_to_lists_that_admin_knows(client: Client) -> None:
    for kind, made in MADE.items():
        kept, other = made(), made()
        hung(other)
        for move in plan(kept, other, {}).moves:
            assert not move.url or client.get(move.url).status_code == 200, (kind, move.url)
            assert move.ids
            assert move.words


def test_what_changed_since_the_page_was_shown_is_looked_at_again(client: Client) -> None:
    kept, other = factories.PersonFactory(), factories.PersonFactory()
    address = f"/admin/merge/person/{kept.pk}/{other.pk}/"
    data = {**form_of(client, address), "why": "Typed"}
    Person.objects.filter(pk=other.pk).update(description="By somebody else")
    page = client.post(address, data)
    assert page.status_code == 409
    assert "Something changed since you opened this page" in sentences(page)
    assert 'value="Typed"' in sentences(page)
    assert Merge.objects.count() == 0


def test_two_editors_at_once_the_second_is_led_to_what_became_of_it(client: Client) -> None:
    kept, other = factories.PersonFactory(), factories.PersonFactory()
    address = f"/admin/merge/person/{kept.pk}/{other.pk}/"
    data = form_of(client, address)
    assert client.post(address, data).status_code == 302
    second = client.post(address, data, follow=True)
    assert "These two were merged already" in sentences(second)
    assert Merge.objects.count() == 1
    turned = client.get(f"/admin/merge/person/{other.pk}/{kept.pk}/")
    assert turned.headers["Location"] == f"/admin/negotiations/person/{kept.pk}/change/"


def test_a_record_with_itself_with_nothing_and_with_another_kind(client: Client) -> None:
    person, party = factories.PersonFactory(), factories.PartyFactory()
    itself = client.get(f"/admin/merge/person/{person.pk}/{person.pk}/", follow=True)
    assert "A record is not merged with itself" in sentences(itself)
    assert client.get(f"/admin/merge/person/{person.pk}/{party.pk + 10**9}/").status_code == 404
    assert client.get(f"/admin/merge/meeting/{person.pk}/{party.pk}/").status_code == 404
    assert client.get(f"/admin/merge/person/{person.pk}/{10**30}/").status_code == 404


def test_a_published_record_stays_a_draft_goes_into_it(client: Client, user: User) -> None:
    public, draft = factories.PersonFactory(), factories.PersonFactory(status="draft")
    factories.StatementFactory(speaker=draft, status="draft")
    page = sentences(client.get(f"/admin/merge/person/{draft.pk}/{public.pk}/"))
    assert "what is public can’t hang on a draft" in page
    assert f'href="/admin/merge/person/{public.pk}/{draft.pk}/"' in page
    assert "what is public" in refused(draft, public, user)
    merge(public, draft, user)
    assert Statement.objects.get().speaker == public


# --- Who may ---


def test_editors_merge_drafts_and_only_reviewers_what_is_public(client: Client) -> None:
    editor = desk("editor")
    draft, other = (factories.PersonFactory(status="draft") for _ in range(2))
    public = factories.PersonFactory()
    address = f"/admin/merge/person/{public.pk}/{draft.pk}/"
    assert editor.get(address).status_code == 403
    assert editor.post(address).status_code == 403
    drafts = f"/admin/merge/person/{draft.pk}/{other.pk}/"
    assert editor.post(drafts, form_of(editor, drafts)).status_code == 302
    done = Merge.objects.get()
    assert editor.get(f"/admin/merges/{done.pk}/undo/").status_code == 200
    assert client.post(address, form_of(client, address)).status_code == 302
    last = Merge.objects.first()
    assert editor.post(f"/admin/merges/{last.pk}/undo/").status_code == 403
    assert client.post(f"/admin/merges/{last.pk}/undo/").status_code == 302


@pytest.mark.parametrize("page", ["duplicates/", "merges/", "merges/1/undo/", "merge/person/1/2/"])
def test_nobody_else_gets_in(page: str) -> None:
    assert Client().get(f"/admin/{page}").status_code == 302
    assert desk().get(f"/admin/{page}").status_code == 403


# --- From the list ---


def test_two_are_chosen_on_the_list(client: Client) -> None:
    draft, public, third = (
        factories.PersonFactory(status=status) for status in ("draft", "published", "draft")
    )
    chosen = {"action": "act_merge", "_selected_action": [draft.pk, public.pk]}
    answer = client.post("/admin/negotiations/person/", chosen)
    assert answer.headers["Location"] == f"/admin/merge/person/{public.pk}/{draft.pk}/"
    for wrong in ([draft.pk], [draft.pk, public.pk, third.pk]):
        data = {"action": "act_merge", "_selected_action": wrong}
        page = client.post("/admin/negotiations/person/", data, follow=True)
        assert "Choose two to merge" in sentences(page)
    assert desk("editor").post("/admin/negotiations/person/", chosen).status_code == 403
    assert "Merge these two" not in sentences(client.get("/admin/negotiations/meeting/"))


def test_the_sample_whole(user: User) -> None:
    """Merging into a new party all that the sample says of one, and back."""

    riyadh.load()
    russia = Party.objects.get(slug="russia")
    kept = factories.PartyFactory(name="Russian Federation")
    topic, person = (
        Topic.objects.get(slug="normalisation"),
        Person.objects.get(slug="sergey-lavrov"),
    )
    before = everything()
    acts = [
        merge(kept, russia, user),
        merge(factories.TopicFactory(), topic, user),
        merge(factories.PersonFactory(), person, user),
    ]
    for done in reversed(acts):
        assert merging.undo(done.pk, user=user) == []
    made = {Topic: acts[1].kept_id, Person: acts[2].kept_id}
    for model, pk in made.items():
        model.objects.filter(pk=pk).delete()
    assert everything() == before
    assert differences() == []
