"""What is done to the cluster, one thing after the other, and how it is made good again."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.cluster.parts import wait_until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.cluster.load import Load
    from tests.cluster.parts import Cluster, Part, Postgres

AWAY = 4  # seconds for which a part is gone


@dataclass
class Fault:
    """What is done; what mends it, which ends when all is as before."""

    name: str
    do: Callable[[], object]
    mend: Callable[[], object]
    quick: bool = False  # one of those that are always tried


def faults(cluster: Cluster, load: Load) -> Iterator[Fault]:
    """Each is made good before the next is asked for."""
    yield Fault("nothing", _nothing, _nothing)
    yield Fault("replica 1 killed", cluster.one.kill, _again(cluster, cluster.one), quick=True)
    yield Fault("replica 2 frozen", cluster.two.freeze, _thawed(cluster, cluster.two))
    yield Fault("replica 2 replays nothing", _paused(cluster), _resumed(cluster))
    yield Fault("both replicas killed", _both_killed(cluster), _both_again(cluster, load))
    yield Fault("pooler of the primary killed", cluster.pooler.kill, _writing(load, cluster.pooler))
    yield Fault("web process 1 killed", cluster.webs[0].kill, cluster.webs[0].start)
    yield Fault(
        "primary killed, restarted",
        cluster.primary.kill,
        _writing(load, cluster.primary),
        quick=True,
    )
    yield Fault(
        "primary lost, a replica promoted",
        cluster.primary.kill,
        _promoted(cluster, load),
        quick=True,
    )


def _nothing() -> None:
    pass


def _again(cluster: Cluster, server: Postgres) -> Callable[[], object]:
    """Start a replica, and wait until all web processes read it."""

    def mend() -> None:
        before = _told(cluster, "answers again")
        server.start()
        _wait_for_more(cluster, "answers again", before, f"that {server.name} is read again")

    return mend


def _thawed(cluster: Cluster, server: Postgres) -> Callable[[], object]:
    def mend() -> None:
        before = _told(cluster, "answers again")
        server.thaw()
        _wait_for_more(cluster, "answers again", before, f"that {server.name} is read again")

    return mend


def _paused(cluster: Cluster) -> Callable[[], object]:
    def do() -> None:
        before = _told(cluster, "s behind and left out")
        cluster.two.ask("SELECT pg_wal_replay_pause()")
        _wait_for_more(cluster, "s behind and left out", before, "that replica 2 is left out")

    return do


def _resumed(cluster: Cluster) -> Callable[[], object]:
    def mend() -> None:
        before = _told(cluster, "s behind and read")
        cluster.two.ask("SELECT pg_wal_replay_resume()")
        _wait_for_more(cluster, "s behind and read", before, "that replica 2 is read again")

    return mend


def _both_killed(cluster: Cluster) -> Callable[[], object]:
    def do() -> None:
        cluster.one.kill()
        cluster.two.kill()

    return do


def _both_again(cluster: Cluster, load: Load) -> Callable[[], object]:
    def mend() -> None:
        before = [web.said("answers again") for web in cluster.webs]
        cluster.one.start()
        cluster.two.start()
        wait_until(
            lambda: all(
                web.said("answers again") >= old + 2
                for web, old in zip(cluster.webs, before, strict=True)
            ),
            "that both replicas are read again",
        )
        _wait_for_a_write(load)

    return mend


def _writing(load: Load, part: Part) -> Callable[[], object]:
    def mend() -> None:
        part.start()
        _wait_for_a_write(load)

    return mend


def _promoted(cluster: Cluster, load: Load) -> Callable[[], object]:
    """As docs/replicas.md says: the replica that has most becomes the primary."""

    def mend() -> None:
        most, other = sorted((cluster.one, cluster.two), key=lambda s: s.position(), reverse=True)
        most.ask("SELECT pg_promote()")
        most.set("synchronous_standby_names", f'ANY 1 ("{other.folder.name}")')
        other.follow(most)
        cluster.pooler.lead_to(most)
        cluster.primary = most
        _wait_for_a_write(load)

    return mend


def _wait_for_a_write(load: Load) -> None:
    since = time.monotonic()
    wait_until(
        lambda: any(
            write.status == 302 and write.at > since for write in reversed(load.writes[-50:])
        ),
        "that an editor can save",
    )


def _told(cluster: Cluster, words: str) -> list[int]:
    return [web.said(words) for web in cluster.webs]


def _wait_for_more(cluster: Cluster, words: str, before: list[int], what: str) -> None:
    wait_until(
        lambda: all(now > old for now, old in zip(_told(cluster, words), before, strict=True)),
        what,
    )
