"""Versions of a source's text: made by whatever changes it, and never altered."""

from __future__ import annotations

import hashlib
import re
from importlib import import_module
from typing import Any

import pghistory
import pytest
from django.db import IntegrityError, connection, transaction

from negotiations.models import Capture, Source
from tests import factories as make

pytestmark = pytest.mark.django_db


def captured(text: str = "We heard each other.", **fields: Any) -> Source:
    return make.SourceFactory(text=text, **fields)


def refused(sentence: str) -> Any:
    return pytest.raises(IntegrityError, match=re.escape(sentence))


def capture(source: Source, text: str, **fields: Any) -> Capture:
    made = Capture.objects.create(source=source, text=text, how="pasted", **fields)
    made.refresh_from_db()
    return made


def test_a_text_that_comes_with_its_source_is_its_first_version() -> None:
    source = captured("Words")
    (version,) = source.captures.all()
    assert (version.number, version.text, version.how) == (1, "Words", "otherwise")
    assert version.text_sha256 == hashlib.sha256(b"Words").hexdigest()


def test_a_source_without_text_has_no_version() -> None:
    assert not make.SourceFactory().captures.exists()


def test_a_capture_becomes_the_source_s_text() -> None:
    source = captured("one")
    version = capture(source, "two", media_type="text/plain", came_from="two.txt")
    source.refresh_from_db()
    assert (source.text, source.text_sha256) == ("two", hashlib.sha256(b"two").hexdigest())
    assert version.number == 2
    assert source.captures.count() == 2


def test_raw_sql_makes_a_version_too_and_says_by_whom() -> None:
    source = captured("one")
    user = make.UserFactory()
    with pghistory.context(user=user.pk), connection.cursor() as cursor:
        cursor.execute("UPDATE negotiations_source SET text = 'two' WHERE id = %s", [source.pk])
    assert [(c.number, c.text) for c in source.captures.all()] == [(2, "two"), (1, "one")]
    assert source.captures.first().captured_by == user


def test_an_emptied_text_is_a_version_too() -> None:
    source = captured("one")
    Source.objects.filter(pk=source.pk).update(text="")
    assert [c.text for c in source.captures.all()] == ["", "one"]


def test_the_same_text_makes_no_version() -> None:
    source = captured("one")
    source.title = "Another title"
    source.save()
    assert source.captures.count() == 1
    with refused("nothing to capture"), transaction.atomic():
        capture(source, "one")


def test_a_text_may_return() -> None:
    source = captured("one")
    capture(source, "two")
    assert capture(source, "one").number == 3


def test_a_version_is_never_altered() -> None:
    version = captured().captures.get()
    for change in ({"text": "Other"}, {"came_from": "x"}, {"number": 7}):
        with refused("stays as it is"), transaction.atomic():
            Capture.objects.filter(pk=version.pk).update(**change)


def test_a_version_is_deleted_with_its_source_only() -> None:
    source = captured(status="draft")
    with refused("deleted with its source only"), transaction.atomic():
        source.captures.all().delete()
        connection.check_constraints()
    source.delete()
    connection.check_constraints()
    assert not Capture.objects.exists()


def test_an_account_may_go_and_what_it_captured_stays() -> None:
    source, user = captured(), make.UserFactory()
    capture(source, "two", captured_by=user)
    user.delete()
    assert source.captures.first().captured_by is None


def test_sources_of_before_get_their_first_version() -> None:
    source = captured("one")
    with connection.cursor() as cursor:
        with make.without_rules("negotiations_capture"):
            cursor.execute("DELETE FROM negotiations_capture")
        cursor.execute(import_module("negotiations.migrations.0006_captures").FIRST_VERSIONS)
    version = source.captures.get()
    source.refresh_from_db()
    assert (version.number, version.text, version.text_sha256) == (1, "one", source.text_sha256)


# --- A new capture is checked against what was quoted, in the same transaction ---


def cited(words: str, source: Source, status: str = "published", **fields: Any) -> Any:
    statement = make.StatementFactory(form="verbatim", words=words, status="draft", **fields)
    make.CitationFactory(statement=statement, source=source)
    statement.status = status
    statement.save()
    connection.check_constraints()
    return statement


def test_a_new_text_without_the_published_words_is_refused_and_names_the_statement() -> None:
    source = captured("We heard each other.")
    statement = cited("heard each other", source)
    with (
        refused(f"Statement {statement.pk}, “heard each other”: The quoted words do not occur"),
        transaction.atomic(),
    ):
        capture(source, "We listened to each other.")
        connection.check_constraints()
    source.refresh_from_db()
    assert source.text == "We heard each other."
    assert source.captures.count() == 1


def test_words_and_text_may_change_together() -> None:
    source = captured("We heard each other.")
    statement = cited("heard each other", source)
    with transaction.atomic():
        capture(source, "We listened to each other.")
        statement.words = "listened to each other"
        statement.save()
    connection.check_constraints()


def test_a_new_text_without_a_cited_passage_is_refused_and_names_who_cites() -> None:
    source = captured("They met on Tuesday.")
    meeting = make.MeetingFactory()
    make.CitationFactory(meeting=meeting, source=source, passage="met on Tuesday")
    with (
        refused(f"“met on Tuesday”, cited by meeting {meeting.pk}."),
        transaction.atomic(),
    ):
        capture(source, "They met on Wednesday.")
        connection.check_constraints()


def test_words_in_a_source_of_no_language_are_looked_for_as_they_are() -> None:
    source = captured("We heard each other.", language="")
    cited("heard each other", source)


def test_a_translation_is_looked_for_in_its_original() -> None:
    source = captured("Мы услышали друг друга.", language="ru")
    original = {"original_words": "услышали друг друга", "original_language": "ru"}
    cited("heard each other", source, **original)
    with refused("do not occur"), transaction.atomic():
        cited("heard one another", source, original_words="слушали", original_language="ru")
