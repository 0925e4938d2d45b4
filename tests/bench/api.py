"""The API and downloads beside Datasette's JSON and streaming CSV, on the corpus and by the rules of run.py.

    python3 -m uv run --group bench python -m tests.bench.api [--large 1000000]

Same page size on both sides; with facets on for both, and off for both, when Datasette still counts
as it does unless told otherwise; a last pair has it not count, and ours give the same columns. Ours is
measured as it comes, where an answer is kept until a record changes, and without: the bars are for the
first, and both are printed. `--large` downloads that many rows and watches the server's memory. Exits
with 1 if a bar is not met.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import threading
import time
import urllib.request
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import psutil

from tests.bench import run

if TYPE_CHECKING:
    from collections.abc import Iterator

SIZE = 100
FACETS_BAR, PLAIN_BAR, CSV_BAR, MEMORY_BAR = 20, 2, 1, 200
COLUMNS = "id,words,party,topics,date,speaker,meeting"


@dataclass
class Pair:
    """The same question to both; `bar` is how many times Datasette's rate ours has to be."""

    name: str
    readout: str
    datasette: str
    bar: float
    ours: float = 0
    theirs: float = 0
    times: float = 0
    anew: float = 0  # times, each answer made anew
    errors: int = 0


def pairs(words: dict[str, Any]) -> list[Pair]:
    """Lists and searches of statements, with facets and without."""
    on = "_facet=party&_facet=topic&_facet=year"
    off = "_nofacet=1&_nosuggest=1"
    ours = f"/api/v1/statements?limit={SIZE}"
    theirs = f"/bench/statements.json?_shape=objects&_size={SIZE}"
    word, party = quote(words["middling"]), words["party"]
    asked = [
        ("list", "", ""),
        ("list by party", f"&party={party}", f"&party={party}"),
        ("search", f"&q={word}", f"&_search={word}"),
        ("search by date", f"&q={word}&sort=newest", f"&_search={word}&_sort_desc=date"),
    ]
    made = []
    for name, query, their_query in asked:
        facets = "&facets=party,topic,year"
        made += [
            Pair(
                f"{name}, facets",
                f"{ours}{query}{facets}",
                f"{theirs}{their_query}&{on}",
                FACETS_BAR,
            ),
            Pair(name, f"{ours}{query}", f"{theirs}{their_query}&{off}", PLAIN_BAR),
        ]
    like = f"{ours}&fields={COLUMNS}"
    made.append(Pair("list, like fields", like, f"{theirs}&{off}&_nocount=1", PLAIN_BAR))
    return made  # fmt: skip


def measure(table: list[Pair], sites: dict[str, str], seconds: int) -> None:
    """In turn, some rounds: a ratio is the median of those of the rounds."""
    for pair in table:
        for kind in ("kept", "anew"):
            for _ in range(3):  # workers read their modules
                run.drive(sites[kind] + pair.readout, 1, run.CONNECTIONS)
        rounds = []
        for _ in range(run.ROUNDS):
            kept, _, _, bad = run.drive(sites["kept"] + pair.readout, seconds, run.CONNECTIONS)
            anew, _, _, worse = run.drive(sites["anew"] + pair.readout, seconds, run.CONNECTIONS)
            theirs = run.rate_of(sites["datasette"] + pair.datasette, seconds + 2)
            pair.errors += bad + worse
            rounds.append((kept, theirs, kept / theirs, anew / theirs))
        pair.ours, pair.theirs, pair.times, pair.anew = map(
            statistics.median, zip(*rounds, strict=True)
        )
        print(
            f"{pair.name:22} {pair.ours:8.1f} req/s, Datasette {pair.theirs:8.1f}: {pair.times:6.1f} times"
            f" (bar {pair.bar:g}); made anew {pair.anew:5.1f} times; {pair.errors} failed", flush=True,
        )  # fmt: skip


def download(address: str) -> tuple[int, float]:
    """How many lines came, and the seconds that it took."""
    begun, lines = time.perf_counter(), 0
    with urllib.request.urlopen(address, timeout=3600) as answer:
        while block := answer.read(2**20):
            lines += block.count(b"\n")
    return lines, time.perf_counter() - begun


@contextmanager
def watched() -> Iterator[list[float]]:
    """The memory of our servers' workers, in MB over what they had: the most is the last item."""
    own = psutil.Process()

    def workers() -> float:
        found = 0.0
        for each in own.children(recursive=True):
            try:
                if "serve" in " ".join(each.cmdline()) or "multiprocessing" in " ".join(
                    each.cmdline()
                ):
                    found += each.memory_info().rss / 2**20
            except psutil.NoSuchProcess:
                continue
        return found

    baseline, most, over = workers(), [0.0], threading.Event()

    def watch() -> None:
        while not over.wait(0.2):
            most[0] = max(most[0], workers() - baseline)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield most
    finally:
        over.set()
        watcher.join()


def downloads(readout: str, datasette: str, size: int) -> float:
    """How many times as fast ours is, by the medians of the rounds."""
    rates: list[tuple[float, float]] = []
    for _ in range(run.ROUNDS):
        ours, seconds = download(f"{readout}/statements.csv")
        theirs, their_seconds = download(f"{datasette}/bench/statements.csv?_stream=on")
        assert ours > size, "rows are missing"  # Datasette's own may end early: rates are compared
        rates.append((ours / seconds, theirs / their_seconds))
    our_rate, their_rate = map(statistics.median, zip(*rates, strict=True))
    print(f"CSV of {size:,} rows: {our_rate:,.0f} rows/s, Datasette {their_rate:,.0f}", flush=True)
    return statistics.median(a / b for a, b in rates)


def memory(size: int, *suffixes: str) -> float:
    """The most memory that the server needed beyond its own, over these files of so many rows."""
    highest = 0.0
    with run.readout(size, 0) as site:
        for _ in range(20):
            download(f"{site}/statements.csv?year=1990")
        for suffix in suffixes:
            with watched() as most:
                lines, seconds = download(f"{site}/statements.{suffix}")
            print(f"{suffix} of {size:,} rows: {seconds:.0f} s, {most[0]:.0f} MB more", flush=True)
            highest = max(highest, most[0])
            assert suffix == "xlsx" or lines >= size, "rows are missing"
    return highest


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--statements", type=int, default=200_000)
    parser.add_argument("--large", type=int, default=0)
    parser.add_argument("--seconds", type=int, default=3)
    given = parser.parse_args()
    run.KEPT.mkdir(parents=True, exist_ok=True)
    os.environ["READOUT_API_LIMIT"] = "0"
    checks: list[tuple[str, bool]] = []
    with run.postgresql():
        run.corpus(given.statements, 0)
        table = pairs(run.pick(given.statements))
        with ExitStack() as running:
            start = running.enter_context
            sites = {
                "kept": start(run.readout(given.statements, 64)),
                "anew": start(run.readout(given.statements, 0)),
                "datasette": start(run.datasette(run.sqlite(given.statements))),
            }
            measure(table, sites, given.seconds)
            times = downloads(sites["anew"], sites["datasette"], given.statements)
        checks += [
            (f"{p.name}: {p.times:.1f} times (bar {p.bar:g}), anew {p.anew:.1f}", p.times >= p.bar)
            for p in table
        ]
        checks += [(f"{p.name}: {p.errors} failed requests", False) for p in table if p.errors]
        checks.append((f"CSV: {times:.1f} times Datasette (bar {CSV_BAR})", times >= CSV_BAR))
        if given.large:
            run.corpus(given.large, 0)
            most = memory(given.large, "csv", "jsonl", "xlsx")
            checks.append((f"memory: {most:.0f} MB more (bar {MEMORY_BAR})", most < MEMORY_BAR))
    for sentence, met in checks:
        print("met    " if met else "NOT MET", sentence)
    sys.exit(0 if all(met for _, met in checks) else 1)


if __name__ == "__main__":
    main()
