"""Reading as readers do it: what the site answers, what it refuses at twice that, and whether it grows.

    python3 -m uv run python -m tests.bench.load [--statements 200000] [--requests 100000]

80 % pages, 15 % searches, 5 % API: half of the pages from a hundred that all read, half from all that
there are, so that most are not kept. In turn, when the hundred are kept: as many as can be answered;
twice as many, at fixed times, whether answers come or not; half as many, until all is well; and so many
requests that a leak would show. The corpus is that of tests.bench.run. Exits with 1 if a bar is not met.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import random
import statistics
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import psutil
import psycopg

from tests.bench.run import KEPT, WORKERS, corpus, postgresql, readout, url

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE_CACHE = 64  # megabytes, as READOUT_PAGE_CACHE is if unset
CONNECTIONS = 16
WARMING = 2000  # requests until what is read often is kept
MOST_WAITING = 1500  # connections of readers that have no answer yet
PATIENCE = 30  # seconds
GROWTH = 0.10  # of its memory at half of the requests, that a worker may gain in the other half
LATEST_REFUSAL = (
    2500  # milliseconds, for 95 of 100: READOUT_QUEUE lets nobody wait longer than two seconds
)


@dataclass
class Told:
    """What came back: when each answer came, how long it took and with which status."""

    answers: list[tuple[float, float, int]] = field(default_factory=list)
    seconds: float = 0

    def times(self, status: int) -> list[float]:
        return sorted(took * 1000 for _, took, each in self.answers if each == status)

    @property
    def rate(self) -> float:
        return len(self.times(200)) / self.seconds

    @property
    def unanswered(self) -> Counter[int]:
        """By status; 0 where none came."""
        return Counter(status for _, _, status in self.answers if status != 200)

    @property
    def wrong(self) -> Counter[int]:
        return Counter(status for _, _, status in self.answers if status not in (200, 503))


def centiles(times: list[float]) -> str:
    if len(times) < 2:
        return "none"
    cuts = statistics.quantiles(times, n=100)
    return f"p50 {cuts[49]:.0f} ms, p95 {cuts[94]:.0f} ms, p99 {cuts[98]:.0f} ms"


# --- What is read ---


def addresses(size: int) -> Iterator[str]:
    chance = random.Random(0)
    with psycopg.connect(url(size)) as db:

        def slugs(kind: str) -> list[str]:
            return [s for (s,) in db.execute(f"SELECT slug FROM negotiations_{kind} ORDER BY id")]

        named = {path: slugs(kind) for path, kind in (
            ("meetings", "meeting"), ("people", "person"), ("parties", "party"), ("topics", "topic"),
        )}  # fmt: skip
        words = sorted(
            {w for (text,) in db.execute("SELECT words FROM negotiations_statement LIMIT 2000")
             for w in text.split() if w.isalpha() and len(w) > 3}
        )  # fmt: skip
    pages = [f"/{path}/{slug}/" for path, all_slugs in named.items() for slug in all_slugs]
    popular = ["/", "/meetings/", "/people/", "/statements/", *chance.sample(pages, 96)]
    while True:
        dice = chance.random()
        if dice < 0.40:
            yield chance.choice(popular)
        elif dice < 0.65:
            yield f"/statements/{chance.randint(1, size)}/"
        elif dice < 0.75:
            yield chance.choice(pages)
        elif dice < 0.80:
            yield f"/statements/?party={chance.choice(named['parties'])}&page={chance.randint(1, 3)}"
        elif dice < 0.95:
            more = f"&party={chance.choice(named['parties'])}" if chance.random() < 0.3 else ""
            yield f"/search/?q={chance.choice(words)}{more}"
        elif dice < 0.98:
            yield f"/api/v1/statements/{chance.randint(1, size)}"
        else:
            yield f"/api/v1/statements?q={chance.choice(words)}&limit=20"


# --- Who reads ---


class Readers:
    """Connections that are kept open, and are taken by whoever has a question."""

    def __init__(self, port: int, wanted: Iterator[str]) -> None:
        self.port, self.wanted = port, wanted
        self.free: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def ask(self, told: Told) -> None:
        begun = time.perf_counter()
        try:
            async with asyncio.timeout(PATIENCE):
                status = await self._asked(next(self.wanted))
        except (OSError, EOFError, TimeoutError, ValueError):
            status = 0
        now = time.perf_counter()
        told.answers.append((now, now - begun, status))

    async def _asked(self, path: str) -> int:
        if self.free:
            reader, writer = self.free.pop()
        else:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip\r\n\r\n"
            writer.write(request.encode())
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            length = head.split(b"content-length: ")[1].split(b"\r\n")[0]
            await reader.readexactly(int(length))
        except BaseException:
            writer.close()
            raise
        self.free.append((reader, writer))
        return int(head.split(b" ", 2)[1])

    async def one_after_another(self, seconds: float = 0, requests: int = 0) -> Told:
        """As many as can be answered."""
        told, begun = Told(), time.perf_counter()
        numbers = itertools.count()

        async def read() -> None:
            while (not requests or next(numbers) < requests) and (
                not seconds or time.perf_counter() < begun + seconds
            ):
                await self.ask(told)

        await asyncio.gather(*(read() for _ in range(CONNECTIONS)))
        told.seconds = time.perf_counter() - begun
        return told

    async def at_fixed_times(self, rate: float, seconds: float) -> Told:
        """As many as come, whether they are answered or not."""
        told, begun = Told(), time.perf_counter()
        waiting: set[asyncio.Task[None]] = set()
        for number in range(int(rate * seconds)):
            if (pause := begun + number / rate - time.perf_counter()) > 0:
                await asyncio.sleep(pause)
            if len(waiting) >= MOST_WAITING:
                told.answers.append((time.perf_counter(), 0, 0))
                continue
            task = asyncio.create_task(self.ask(told))
            waiting.add(task)
            task.add_done_callback(waiting.discard)
        told.seconds = time.perf_counter() - begun
        if waiting:
            await asyncio.wait(waiting)
        return told


# --- What is measured ---


def memory(server: psutil.Process) -> list[float]:
    """Megabytes of each worker."""
    return [
        child.memory_info().rss / 2**20
        for child in sorted(server.children(), key=lambda each: each.pid)
        if child.num_threads() > 4
    ]


async def measure(port: int, size: int, seconds: float, requests: int) -> list[tuple[str, bool]]:
    readers = Readers(port, addresses(size))
    (server,) = (
        process
        for process in psutil.process_iter()
        if process.ppid() == psutil.Process().pid and str(port) in process.cmdline()
    )
    while len(memory(server)) < WORKERS:  # the address answers as soon as one of them does
        await asyncio.sleep(0.1)
    await asyncio.sleep(1)
    await readers.one_after_another(requests=WARMING)
    most = await readers.one_after_another(seconds=seconds)
    print(f"\n{size:,} statements, {CONNECTIONS} connections, {seconds:g} s each")
    print(f"most           {most.rate:6.0f} a second, {centiles(most.times(200))}")
    wrong = most.unanswered
    bars = [(f"{sum(wrong.values())} not answered or wrong, of {len(most.answers):,}", not wrong)]

    twice = await readers.at_fixed_times(2 * most.rate, seconds)
    refused = twice.times(503)
    share = len(refused) / len(twice.answers)
    print(
        f"twice as many  {2 * most.rate:6.0f} a second: {twice.rate:.0f} answered"
        f" ({centiles(twice.times(200))}),\n{'':15}{share:.0%} refused ({centiles(refused)}),"
        f" {sum(twice.wrong.values())} lost or wrong {dict(twice.wrong) or ''}"
    )
    bars.append(("at twice as many, each is answered or refused", not twice.wrong))
    late = statistics.quantiles(refused, n=100)[94] if len(refused) > 1 else 0
    bars.append((f"refused within {late:.0f} ms (bar {LATEST_REFUSAL})", late <= LATEST_REFUSAL))

    begun = time.perf_counter()
    after = await readers.at_fixed_times(most.rate / 2, seconds)
    last = max((at for at, _, status in after.answers if status != 200), default=begun)
    print(f"half as many   {after.rate:6.0f} a second, {centiles(after.times(200))};"
          f" all well after {last - begun:.1f} s")  # fmt: skip
    bars.append((f"recovered in {last - begun:.1f} s (bar 1)", last - begun <= 1))

    if requests:
        bars += await grown(readers, server, requests)
    return bars


async def grown(readers: Readers, server: psutil.Process, requests: int) -> list[tuple[str, bool]]:
    print(f"memory over {requests:,} requests, megabytes of each worker")
    points, bad = [memory(server)], Counter[int]()
    for tenth in range(1, 11):
        told = await readers.one_after_another(requests=requests // 10)
        bad += told.unanswered
        points.append(memory(server))
        print(f"  after {tenth * requests // 10:8,}  {' '.join(f'{m:7.1f}' for m in points[-1])}")
    half, end = points[5], points[10]
    by = max((b - a) / a for a, b in zip(half, end, strict=True))
    return [
        (f"{bad.total()} not answered, of {requests:,} {dict(bad) or ''}", not bad),
        (f"grown by {by:.1%} in the second half (bar {GROWTH:.0%})", by <= GROWTH),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--statements", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--requests", type=int, default=100_000, help="for memory; 0: leave it out")
    given = parser.parse_args()
    KEPT.mkdir(parents=True, exist_ok=True)
    with postgresql():
        corpus(given.statements, given.seed)
        with readout(given.statements, PAGE_CACHE) as base:
            port = int(base.rpartition(":")[2])
            bars: Any = asyncio.run(measure(port, given.statements, given.seconds, given.requests))
    print()
    for sentence, met in bars:
        print("met    " if met else "NOT MET", sentence)
    sys.exit(0 if all(met for _, met in bars) else 1)


if __name__ == "__main__":
    main()
