"""A question that is asked at each request, by libpq itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest

from negotiations import database
from negotiations.outage import BoundedConnection, NoAnswer
from negotiations.pages.freshness import STATE
from negotiations.search.trips import text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def lent() -> Iterator[psycopg.Connection]:
    with database.connect(BoundedConnection, autocommit=True) as connection:
        yield connection


def prepared_there(lent: psycopg.Connection) -> list[str]:
    rows = lent.execute("SELECT name FROM pg_prepared_statements", prepare=False).fetchall()
    return [name for (name,) in rows]


def test_it_is_prepared_once_and_answered_each_time(lent: psycopg.Connection) -> None:
    asked = [text_of(lent, STATE, "state") for _ in range(3)]
    assert asked == [lent.execute(STATE).fetchone()[0]] * 3
    assert prepared_there(lent) == ["state"]


def test_nothing_is_prepared_where_a_pooler_gives_the_connection_to_another(
    lent: psycopg.Connection,
) -> None:
    lent.prepare_threshold = None
    assert text_of(lent, STATE, "state") == lent.execute(STATE).fetchone()[0]
    assert prepared_there(lent) == []


def test_an_error_is_told_and_the_connection_is_good_after_it(lent: psycopg.Connection) -> None:
    with pytest.raises(psycopg.errors.DivisionByZero):
        text_of(lent, "SELECT (1 / (random() * 0)::integer)::text", "wrong")
    assert text_of(lent, "SELECT 'still there'", "good") == "still there"


def test_nobody_waits_for_ever(lent: psycopg.Connection) -> None:
    lent.patience = 0.1
    with pytest.raises(NoAnswer):
        text_of(lent, "SELECT pg_sleep(60)::text", "slow")
