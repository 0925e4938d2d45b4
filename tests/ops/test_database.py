"""What Readout asks of its database before it does anything with it."""

from __future__ import annotations

import threading

import pytest
from django.contrib.auth.models import Group

from negotiations import database
from negotiations.editing import first_account
from negotiations.editing.first_account import ensure_first_account
from negotiations.errors import DatabaseUnavailable
from negotiations.models import User

pytestmark = pytest.mark.django_db


def test_it_works() -> None:
    database.require_features()


def test_a_missing_extension_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "EXTENSIONS", ("unaccent", "no_such_thing"))
    with pytest.raises(DatabaseUnavailable, match=r"lacks the extension no_such_thing\. .*contrib"):
        database.require_features()


def test_a_server_of_old_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "OLDEST_POSTGRESQL", 99)
    with pytest.raises(DatabaseUnavailable, match="needs PostgreSQL 99 or newer"):
        database.require_features()


def test_only_one_prepares_the_database_at_a_time() -> None:
    waiting, done = threading.Event(), threading.Event()

    def second() -> None:
        with database.one_at_a_time(lambda _: waiting.set()):
            done.set()

    with database.one_at_a_time(lambda line: pytest.fail(line)):
        thread = threading.Thread(target=second)
        thread.start()
        assert waiting.wait(10)
        assert not done.is_set()
        _index_beside_all_others()
    thread.join(10)
    assert done.is_set()


def _index_beside_all_others() -> None:
    """As a migration does: it waits for whoever may still look at what was there before."""
    with database.connect(autocommit=True) as server:
        server.execute("SET lock_timeout = '2s'")
        server.execute("CREATE TABLE beside (id integer)")
        try:
            server.execute("CREATE INDEX CONCURRENTLY ON beside (id)")
        finally:
            server.execute("DROP TABLE beside")


def test_the_first_account_may_edit_and_review_but_is_no_superuser() -> None:
    Group.objects.get_or_create(name="editor")
    Group.objects.get_or_create(name="reviewer")
    password = ensure_first_account()
    user = User.objects.get()
    assert password
    assert user.check_password(password)
    assert (user.username, user.is_staff, user.is_superuser) == ("editor", True, False)
    assert user.must_change_password
    assert {group.name for group in user.groups.all()} == {"editor", "reviewer"}


def test_there_is_only_one_first_account() -> None:
    assert ensure_first_account()
    assert ensure_first_account() is None


def test_passwords_differ_and_avoid_look_alikes() -> None:
    passwords = {first_account.readable_password() for _ in range(50)}
    assert len(passwords) == 50
    assert not set("".join(passwords)) & set("01oil")
