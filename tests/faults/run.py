"""Each fault while readers read and editors save: what they get, and whether anything is lost.

    python3 -m uv run python -m tests.faults.run [--seconds 4] [--only NAME]

Needs Debian's PostgreSQL 15; redis-server and the right to mount for the faults that need
them: without, those are left out and named. Exits with 1 if a rule is broken.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from tests.faults.machine import MOST_CONNECTIONS, PostgreSQL, Proxy, Redis, Site
from tests.faults.people import PASSWORD, Answer, Editor, Person, Reader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

READERS, EDITORS = 4, 2
LONGEST = 10  # seconds that an answer may take, whatever happens, on a machine with others on it
DAY = 24 * 60 * 60
LONGEST_RECOVERY = 20  # seconds
PREPARE = f"""
from negotiations.models import Appointment, Party, Person, User
User.objects.create_superuser("root", password="{PASSWORD}")
for n in range({EDITORS}):
    person = Person.objects.create(name=f"Person {{n}} of the faults", sort_name=f"Faults {{n}}", slug=f"faults-{{n}}")
    for office in range(2):
        Appointment.objects.create(person=person, party=Party.objects.first(), office=f"Office {{office}}")
    print("person", person.pk)
"""


@dataclass
class Stage:
    """All that faults are done to."""

    database: PostgreSQL
    redis: Redis
    proxy: Proxy
    clock: Path
    site: Site | None = None
    persons: list[int] = field(default_factory=list)

    @property
    def serving(self) -> Site:
        assert self.site
        return self.site


@dataclass
class Result:
    """One row of the table, with what it breaks."""

    name: str
    readers: Counter[str]
    editors: Counter[str]
    lost: int
    records: int
    half: int
    longest: float
    recovery: float | None
    broken: list[str]


# --- The faults: each is there as long as its block lasts ---


@contextmanager
def database_down(stage: Stage) -> Iterator[None]:
    stage.database.stop()
    yield
    stage.database.start()


@contextmanager
def database_restarted(stage: Stage) -> Iterator[None]:
    stage.database.stop()
    stage.database.start()
    yield


@contextmanager
def database_killed(stage: Stage) -> Iterator[None]:
    """kill -9 of one backend: PostgreSQL ends all the others and recovers."""
    with stage.database.connect() as admin:
        os.kill(stage.database.backends(admin)[0], signal.SIGKILL)
    yield


@contextmanager
def database_hangs(stage: Stage) -> Iterator[None]:
    stage.database.signal_all(signal.SIGSTOP)
    yield
    stage.database.signal_all(signal.SIGCONT)


@contextmanager
def database_slow(stage: Stage) -> Iterator[None]:
    stage.proxy.delay = 0.2
    yield
    stage.proxy.delay = 0


@contextmanager
def no_connections(stage: Stage) -> Iterator[None]:
    """Others have them all, and the site has lost its own."""
    with ExitStack() as taken, stage.database.connect() as admin:
        end = time.monotonic() + 10
        while stage.database.backends(admin) and time.monotonic() < end:
            admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE usename = 'readout' AND application_name <> 'others'"
            )
            with suppress(psycopg.OperationalError):
                for _ in range(MOST_CONNECTIONS):
                    other = psycopg.connect(stage.database.url(), application_name="others")
                    taken.callback(other.close)
        yield


@contextmanager
def disk_full(stage: Stage) -> Iterator[None]:
    stage.database.fill()
    yield
    stage.database.free()


@contextmanager
def worker_killed(stage: Stage) -> Iterator[None]:
    """kill -9 of a web process, while it saves if chance has it so."""
    for worker in stage.serving.workers()[:1]:
        worker.kill()
    yield


@contextmanager
def clock_forward(stage: Stage) -> Iterator[None]:
    stage.clock.write_text(str(3 * DAY))
    yield
    stage.clock.write_text("0")


@contextmanager
def clock_back(stage: Stage) -> Iterator[None]:
    stage.clock.write_text(str(-3 * DAY))
    yield
    stage.clock.write_text("0")


@contextmanager
def cache_gone(stage: Stage) -> Iterator[None]:
    stage.redis.kill()
    yield
    stage.redis.start()


@contextmanager
def cache_hangs(stage: Stage) -> Iterator[None]:
    assert stage.redis.process
    stage.redis.process.send_signal(signal.SIGSTOP)
    yield
    stage.redis.process.send_signal(signal.SIGCONT)


@dataclass(frozen=True)
class Fault:
    name: str
    happens: Callable[[Stage], object]
    site: str = "direct"  # how its site reaches the database
    may_lose: int = 0  # requests that were under way in what was killed
    needs: str = ""
    shows_in: str = ""  # the outcome without which it did not happen


FAULTS = [
    Fault("database down", database_down, shows_in="given back"),
    Fault("database restarted", database_restarted),
    Fault("database backend kill -9", database_killed),
    Fault("database hangs", database_hangs, shows_in="last seen"),
    Fault("out of connections", no_connections, shows_in="given back"),
    Fault("disk full", disk_full, needs="mount", shows_in="given back"),
    Fault("web process kill -9", worker_killed, may_lose=READERS + EDITORS),
    Fault("shared cache gone", cache_gone, needs="redis"),
    Fault("shared cache hangs", cache_hangs, needs="redis"),
    Fault("database slow", database_slow, site="proxy"),
    Fault("clock three days on", clock_forward, site="clock"),
    Fault("clock three days back", clock_back, site="clock"),
]


def missing(database: PostgreSQL) -> set[str]:
    has = {
        "mount": database.has_own_disk,
        "redis": bool(shutil.which("redis-server")),
    }
    return {name for name, there in has.items() if not there}


# --- One fault ---


def meet(fault: Fault, stage: Stage, seconds: float) -> Result:
    pages = ["/", "/meetings/", "/statements/", "/actions/", "/people/", "/parties/", "/topics/"]
    pages += ["/questions/", "/changes/", "/about/", "/actions/tracker/", "/search/?q=embassies"]
    port = stage.serving.port
    readers = [Reader(port, n, pages) for n in range(READERS)]
    editors = [Editor(port, n, person) for n, person in enumerate(stage.persons)]
    for editor in editors:
        editor.log_in()
    before = [_last_number(stage, editor) for editor in editors]
    for editor, number in zip(editors, before, strict=True):
        editor.numbers = iter(range(number + 1, 10**9))
    people: list[Person] = [*readers, *editors]
    for person in people:
        person.start()
    time.sleep(2)
    begun = time.monotonic()
    with fault.happens(stage):  # type: ignore[attr-defined]
        time.sleep(seconds)
        ended = time.monotonic()
    over = time.monotonic()
    recovery = _recovery(people, ended, over)
    for person in people:
        person.stopped.set()
    for person in people:
        person.join(60)
    return _judged(fault, stage, readers, editors, begun, recovery)


def _recovery(people: list[Person], ended: float, over: float) -> float | None:
    """Seconds after the fault until everybody has had what they want for two seconds."""
    while time.monotonic() < over + LONGEST_RECOVERY:
        time.sleep(0.2)
        now = time.monotonic()
        answers = [a for person in people for a in person.answers if a.ended > ended]
        bad = [a.ended for a in answers if a.outcome not in ("fresh", "saved")]
        last = max(bad, default=ended)
        each_again = all(
            any(a.ended > last and a.outcome in ("fresh", "saved") for a in person.answers)
            for person in people
        )
        if each_again and now - max(last, over) > 2:
            return max(last - over, 0)
    return None


def _judged(
    fault: Fault,
    stage: Stage,
    readers: list[Reader],
    editors: list[Editor],
    begun: float,
    recovery: float | None,
) -> Result:
    def during(people: list[Reader] | list[Editor]) -> list[Answer]:
        return [a for person in people for a in person.answers if a.ended >= begun]

    read, edited = during(readers), during(editors)
    lost = [a for a in [*read, *edited] if a.outcome == "lost"]
    bad = [a for a in [*read, *edited] if a.outcome == "bad"]
    longest = max((a.ended - max(a.begun, begun) for a in [*read, *edited]), default=0)
    gone, half = _records(stage, editors)
    broken = [f"a wrong answer: {a.what}" for a in bad[:3]]
    if fault.shows_in and not any(a.outcome == fault.shows_in for a in [*read, *edited]):
        broken.append(f"nothing came of it: nobody was told “{fault.shows_in}”")
    if len(lost) > fault.may_lose:
        broken += [f"a request lost: {a.what}" for a in lost[:3]]
    if gone or half:
        broken.append(f"{gone} saves lost, {half} half written")
    if longest > LONGEST:
        broken.append(f"somebody waited {longest:.1f} seconds")
    if recovery is None:
        broken.append(f"not well after {LONGEST_RECOVERY} seconds")
    if not any(editor.saved for editor in editors):
        broken.append("nobody could save, before or after")
    return Result(
        fault.name,
        Counter(a.outcome for a in read),
        Counter(a.outcome for a in edited if a.outcome != "fresh"),
        len(lost),
        gone,
        half,
        longest,
        recovery,
        broken,
    )


def _last_number(stage: Stage, editor: Editor) -> int:
    with stage.database.connect() as db:
        found = db.execute(
            "SELECT max(substring(description FROM '^Save (\\d+)')::int)"
            " FROM negotiations_personevent WHERE pgh_obj_id = %s",
            [editor.person],
        ).fetchone()
    return (found and found[0]) or 0


def _records(stage: Stage, editors: list[Editor]) -> tuple[int, int]:
    """Saves that were acknowledged and are not there, and numbers that are there in part."""
    gone = half = 0
    with stage.database.connect() as db:
        for editor in editors:
            whole = set(range(2))
            parts: dict[int, set[int]] = {}
            for office, number in db.execute(
                "SELECT substring(office FROM '^Office (\\d)')::int,"
                " substring(office FROM '(\\d+)$')::int FROM negotiations_appointmentevent"
                " WHERE person_id = %s AND office ~ 'of save'",
                [editor.person],
            ):
                parts.setdefault(number, set()).add(office)
            heads = {
                number
                for (number,) in db.execute(
                    "SELECT DISTINCT substring(description FROM '^Save (\\d+)')::int"
                    " FROM negotiations_personevent"
                    " WHERE pgh_obj_id = %s AND description ~ '^Save'",
                    [editor.person],
                )
            }
            kept = {number for number in heads if parts.get(number) == whole}
            gone += len(set(editor.saved) - kept)
            half += len((heads | set(parts)) - kept)
            now = db.execute(
                "SELECT count(DISTINCT substring(t FROM '[Ss]ave (\\d+)')) FROM (SELECT description t"
                " FROM negotiations_person WHERE id = %s UNION ALL SELECT office"
                " FROM negotiations_appointment WHERE person_id = %s) each",
                [editor.person, editor.person],
            ).fetchone()
            half += now != (1,)
    return gone, half


# --- The table ---

COLUMNS = f"{'fault':26} {'readers: fresh':>14} {'last seen':>9} {'503':>6} {'editors: saved':>14} {'kept':>5} {'requests lost':>13} {'records lost':>12} {'half':>4} {'longest':>8} {'recovery':>9}"


def row(r: Result) -> str:
    recovery = "never" if r.recovery is None else f"{r.recovery:.1f} s"
    kept = sum(n for outcome, n in r.editors.items() if outcome not in ("saved", "lost", "bad"))
    return (
        f"{r.name:26} {r.readers['fresh']:14} {r.readers['last seen']:9} {r.readers['503']:6}"
        f" {r.editors['saved']:14} {kept:5} {r.lost:13} {r.records:12} {r.half:4}"
        f" {r.longest:6.1f} s {recovery:>9}"
    )


def run(seconds: float, only: str, folder: Path) -> int:
    failed = 0
    with ExitStack() as at_end:
        database = PostgreSQL(folder)
        at_end.callback(database.close)
        proxy, redis, clock = Proxy(database.port), Redis(), folder / "clock"
        at_end.callback(proxy.close)
        clock.write_text("0")
        stage = Stage(database, redis, proxy, clock)
        lacking = missing(database)
        if "redis" not in lacking:
            redis.start()
            at_end.callback(redis.kill)
        wanted = [f for f in FAULTS if only in f.name]
        print(COLUMNS)
        for site in ("direct", "proxy", "clock"):
            faults = [f for f in wanted if f.site == site and f.needs not in lacking]
            if not faults:
                continue
            stage.site = Site(
                folder,
                database.url(proxy.port if site == "proxy" else 0),
                "" if "redis" in lacking else redis.url,
                clock if site == "clock" else None,
            )
            try:
                if not stage.persons:
                    said = stage.site.manage("shell", "-v0", "-c", PREPARE)
                    stage.persons = [int(n) for n in said.replace("person", "").split()]
                for fault in faults:
                    result = meet(fault, stage, seconds)
                    print(row(result), flush=True)
                    for sentence in result.broken:
                        print(f"  BROKEN: {sentence}", flush=True)
                    failed += bool(result.broken)
            finally:
                stage.site.close()
        for fault in wanted:
            if fault.needs in lacking:
                print(f"{fault.name:26} left out: this machine has no {fault.needs}")
        if "Traceback" in (log := (folder / "serve.log").read_text(errors="replace")):
            print("  BROKEN: a stack trace in the log:\n" + log[log.index("Traceback") :][:1500])
            failed += 1
    return failed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=4, help="how long each fault lasts")
    parser.add_argument("--only", default="", help="faults with this in their name")
    parser.add_argument("--keep", type=Path, help="an empty folder for the logs, which stays")
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # and leave nothing behind
    with ExitStack() as at_end:
        folder = given.keep
        if folder is None:
            folder = Path(at_end.enter_context(tempfile.TemporaryDirectory()))
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o755)
        sys.exit(1 if run(given.seconds, given.only, folder) else 0)


if __name__ == "__main__":
    main()
