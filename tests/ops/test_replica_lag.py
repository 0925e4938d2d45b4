"""How far replicas are behind: as they are judged by what they say, and with replication for real."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from negotiations.servers import watching
from negotiations.servers.watching import Server, Watch
from tests.cluster.parts import Postgres, wait_until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


# --- Who is behind ---


def told(watch: Watch, at: float, primary: int, *replicas: int) -> None:
    """What the servers say when they are asked at a moment."""
    watch.note(watch.primary, at, primary, "ours")
    for replica, position in zip(watch.replicas, replicas, strict=True):
        watch.note(replica, at, position, "ours")


@pytest.fixture
def judged() -> Watch:
    return Watch(["default", "replica-1", "replica-2"], most_lag=5)


def names(servers: list[Server]) -> list[str]:
    return [server.alias for server in servers]


@pytest.fixture(autouse=True)
def _known_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Server, "__str__", lambda self: self.alias)


def test_until_they_are_asked_the_primary_is_read(judged: Watch) -> None:
    assert names(judged.to_read()) == ["default"]


def test_a_replica_is_read_once_it_has_all_that_the_primary_had_at_the_start(judged: Watch) -> None:
    told(judged, 0, 100, 100, 99)
    assert names(judged.to_read()) == ["replica-1", "default", "replica-2"]
    told(judged, 1, 150, 100, 100)
    assert set(names(judged.to_read())[:2]) == {"replica-1", "replica-2"}


def test_a_replica_that_stands_still_falls_behind_and_comes_back(judged: Watch) -> None:
    for second in range(7):
        told(judged, second, 100 + second, 100 + second, 100)
        assert judged.lag(judged.replicas[1]) == second
        assert judged.replicas[1].late == (second > 5)
    assert names(judged.to_read()) == ["replica-1", "default", "replica-2"]
    told(judged, 7, 107, 107, 107)
    assert not judged.replicas[1].late


def test_nobody_is_behind_a_primary_with_nothing_to_do(judged: Watch) -> None:
    for second in range(100):
        told(judged, second, 100, 100, 100)
    assert judged.lag(judged.replicas[0]) == 0


def test_while_the_primary_is_away_who_had_its_last_word_stays(judged: Watch) -> None:
    told(judged, 0, 100, 100, 90)
    judged.primary.answers = False
    for second in range(1, 60):
        judged.note(judged.replicas[0], second, 100, "ours")
        judged.note(judged.replicas[1], second, 90, "ours")
    assert names(judged.to_read()) == ["replica-1", "default", "replica-2"]


def test_a_server_with_others_data_is_no_replica(judged: Watch) -> None:
    told(judged, 0, 100, 100, 100)
    judged.note(judged.replicas[0], 1, 10_000, "theirs")
    assert names(judged.to_read()) == ["replica-2", "default"]


# --- With replication, for real ---


@pytest.fixture(scope="module")
def replicated() -> Iterator[tuple[Postgres, Postgres]]:
    # Not among pytest's own, into which only their owner may go: root's servers run as another.
    folder = Path(tempfile.mkdtemp(prefix="readout-replicated-"))
    folder.chmod(0o755)
    primary, replica = Postgres("primary", folder), Postgres("replica", folder)
    try:
        primary.make()
        primary.start()
        replica.make_copy_of(primary)
        replica.start()
        yield primary, replica
    finally:
        replica.kill()
        primary.kill()
        shutil.rmtree(folder)


@pytest.fixture
def watched(
    replicated: tuple[Postgres, Postgres], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[str], bool]]:
    """A watch of a primary and its replica; whether that is just so: "fresh", "late" or "gone"."""
    primary, replica = replicated
    primary.ask("CREATE ROLE reader LOGIN" if not _has_reader(primary) else "SELECT 1")
    at = {"default": primary, "replica-1": replica}
    monkeypatch.setattr(watching, "INTERVAL", 0.1)
    monkeypatch.setattr(
        watching,
        "_parameters",
        lambda alias: {
            "conninfo": at[alias].address("reader", "postgres"),
            "autocommit": True,
            "connect_timeout": 3,
        },
    )
    watch = Watch(at, most_lag=1)
    watch.start()
    there = watch.replicas[0]

    def state(wanted: str) -> bool:
        primary.ask("SELECT pg_logical_emit_message(true, 'test', 'something was written')")
        now = "gone" if not there.answers else "late" if there.late else "fresh"
        return now == wanted

    wait_until(lambda: state("fresh"), "that the replica is read")
    yield state
    watch.stop()


def _has_reader(primary: Postgres) -> bool:
    return bool(primary.ask("SELECT 1 FROM pg_roles WHERE rolname = 'reader'"))


def test_a_replica_that_replays_nothing_is_late_until_it_does(
    replicated: tuple[Postgres, Postgres], watched: Callable[[str], bool]
) -> None:
    _, replica = replicated
    replica.ask("SELECT pg_wal_replay_pause()")
    wait_until(lambda: watched("late"), "that the replica is late")
    replica.ask("SELECT pg_wal_replay_resume()")
    wait_until(lambda: watched("fresh"), "that the replica is read again")


def test_a_killed_replica_is_gone_until_it_is_started(
    replicated: tuple[Postgres, Postgres], watched: Callable[[str], bool]
) -> None:
    _, replica = replicated
    replica.kill()
    wait_until(lambda: watched("gone"), "that the replica is gone")
    replica.start()
    wait_until(lambda: watched("fresh"), "that the replica is read again")


def test_a_frozen_replica_is_gone_until_it_thaws(
    replicated: tuple[Postgres, Postgres], watched: Callable[[str], bool]
) -> None:
    _, replica = replicated
    replica.freeze()
    wait_until(lambda: watched("gone"), "that the replica is gone")
    replica.thaw()
    wait_until(lambda: watched("fresh"), "that the replica is read again")
