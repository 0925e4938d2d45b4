"""Readout and Datasette on the same corpus, in one run, by the same client, in turn.

    python3 -m uv run --group bench python -m tests.bench.run [--large 1000000]

Needs wrk (apt-get install wrk). The PostgreSQL is the one that comes along, in .local/bench/, unless
READOUT_BENCH_URL=postgresql://user:password@host/ names one whose user may create databases. Corpora
are made once, as databases readout_bench_<N>, and kept. Exits with 1 if a bar is not met.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import socket
import sqlite3
import statistics
import subprocess
import sys
import time
import urllib.request
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

import psutil
import psycopg

from negotiations import embedded

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / ".local" / "bench"
CONNECTIONS = 4  # as in shared/measured.md
WORKERS = 2
ROUNDS = 3
IDLE = 25  # per cent of all cores
ENOUGH = 40  # answers, or twenty seconds of them: a rate of fewer says little
P95 = """done = function(summary, latency, requests)
  local bad = summary.errors.status + summary.errors.connect + summary.errors.timeout
  io.write(string.format("RESULT %f %f %f %d\\n",
    summary.requests / (summary.duration / 1e6), latency:percentile(50) / 1000,
    latency:percentile(95) / 1000, bad))
end
"""
STAND_ALONE = """
import json, os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "negotiations.settings"
import django
django.setup()
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
settings.ALLOWED_HOSTS.append("testserver")
found = {}
for address in json.loads(sys.argv[1]):
    Client().get(address)
    with CaptureQueriesContext(connection) as queries:
        Client().get(address)
    found[address] = [q["sql"] for q in queries]
print(json.dumps(found))
"""


@dataclass
class Page:
    """One page of the table: where it is on both sides, and what was measured."""

    name: str
    readout: str
    datasette: str = ""
    bar: float = 0
    rate: float = 0
    p50: float = 0
    p95: float = 0
    theirs: float = 0
    times: float = 0  # theirs
    kept: float = 0
    kept_times: float = 0
    grown: float = 0  # times its own median at the smaller size
    alone: float = 0
    queries: int = 0
    sql: float = 0
    slowest: float = 0
    errors: int = 0
    statements: list[str] = field(default_factory=list)


@contextmanager
def huge_pages(megabytes: int) -> Iterator[None]:
    """Huge pages for so much memory while the block runs, where we may have them (as root, on Linux)."""
    reserved = Path("/proc/sys/vm/nr_hugepages")
    try:
        before = int(reserved.read_text())
        reserved.write_text(str(max(before, megabytes // 2 + 100)))
    except OSError as error:
        print(f"No huge pages ({error}): searches take longer.", file=sys.stderr)
        yield
        return
    try:
        yield
    finally:
        reserved.write_text(str(before))


@contextmanager
def postgresql() -> Iterator[None]:
    """The server of READOUT_BENCH_URL, or our own, with a quarter of the machine's memory and huge
    pages for it, as its manual advises (docs/deploying.md).
    """
    if os.environ.get("READOUT_BENCH_URL"):
        yield
        return
    folder = KEPT / "postgres"
    quarter = psutil.virtual_memory().total // 4 // 2**20
    settings = {"shared_buffers": f"{quarter}MB", "max_wal_size": "4GB", "io_method": "sync"}
    with huge_pages(quarter), embedded.Server(folder, settings):
        host = quote(str(embedded.socket_folder(folder)), safe="")
        os.environ["READOUT_BENCH_URL"] = f"postgresql://{embedded.SUPERUSER}@{host}/"
        yield


def url(size: int | str) -> str:
    return os.environ["READOUT_BENCH_URL"].rstrip("/") + f"/readout_bench_{size}"


def manage(size: int | str, *command: str) -> None:
    environment = os.environ | {"DATABASE_URL": url(size)}
    subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=environment, check=True)


def database(size: int | str) -> None:
    """Have the database, with today's tables."""
    admin = os.environ["READOUT_BENCH_URL"].rstrip("/") + "/postgres"
    with psycopg.connect(admin, autocommit=True) as db:
        name = f"readout_bench_{size}"
        if not db.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            db.execute(f'CREATE DATABASE "{name}"')
    manage(size, "migrate", "-v0")


def corpus(size: int, seed: int) -> None:
    """Have the corpus: what is there already is taken as it is."""
    database(size)
    with psycopg.connect(url(size)) as db:
        filled = db.execute("SELECT count(*) FROM negotiations_statement").fetchone() == (size,)
    if not filled:
        manage(size, "make_corpus", "--statements", str(size), "--seed", str(seed))


def sqlite(size: int) -> Path:
    """The statements as Datasette gets them: one table with full text, as in shared/measured.md."""
    path = KEPT / f"{size}.db"
    if path.exists():
        return path
    KEPT.mkdir(parents=True, exist_ok=True)
    half = path.with_suffix(".half")
    half.unlink(missing_ok=True)
    with sqlite3.connect(half) as lite, psycopg.connect(url(size)) as db:
        lite.execute(
            "CREATE TABLE statements (id INTEGER PRIMARY KEY, words TEXT, party TEXT, topic TEXT,"
            " year INTEGER, person TEXT, meeting INTEGER, date TEXT)"
        )
        rows = db.execute(
            "SELECT s.id, s.words, y.slug, (SELECT t.slug FROM negotiations_statement_topics st"
            " JOIN negotiations_topic t ON t.id = st.topic_id WHERE st.statement_id = s.id LIMIT 1),"
            " extract(year FROM s.date_from)::int, p.slug, s.meeting_id, s.date_from::text"
            " FROM negotiations_statement s JOIN negotiations_party y ON y.id = s.party_id"
            " JOIN negotiations_person p ON p.id = s.speaker_id"
        )
        lite.executemany("INSERT INTO statements VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
        for column in ("party", "topic", "year", "person", "meeting", "date"):
            lite.execute(f"CREATE INDEX by_{column} ON statements ({column})")
        lite.execute(
            "CREATE VIRTUAL TABLE statements_fts USING fts5"
            " (words, content=\"statements\", content_rowid='id', tokenize='porter')"
        )
        lite.execute("INSERT INTO statements_fts (statements_fts) VALUES ('rebuild')")
        lite.execute("ANALYZE")
    half.rename(path)
    return path


def pick(size: int) -> dict[str, Any]:
    """Words by how many records hold them, and names, from the corpus itself."""
    with psycopg.connect(url(size)) as db:

        def near(number: int) -> str:
            """The word whose share of the statements is nearest to that of `number` in 200,000."""
            wanted = number * size / 200_000
            best, least = "", float("inf")
            for word in candidates[number]:
                (n,) = db.execute(
                    "SELECT count(*) FROM negotiations_searchentry WHERE kind = 1 AND vector @@ %s::tsquery",
                    [_term(db, word)],
                ).fetchone()
                if abs(n - wanted) < least:
                    best, least = word, abs(n - wanted)
            return best

        words = db.execute(
            "SELECT w, count(*) FROM (SELECT DISTINCT s.id, lower(w) w FROM (SELECT id, words"
            f" FROM negotiations_statement WHERE id % {max(size // 20_000, 1)} = 0) s,"
            " regexp_split_to_table(s.words, '[^A-Za-z]+') w) each WHERE length(w) > 3 GROUP BY w"
        ).fetchall()
        seen = min(size, 20_000)
        candidates = {
            number: [
                w for w, _ in sorted(words, key=lambda x: abs(x[1] / seen - number / 200_000))[:6]
            ]
            for number in (224, 3148, 195_000, 120_000)
        }
        middling = near(3148)
        (text,) = db.execute(
            "SELECT words FROM negotiations_statement WHERE words ~* %s LIMIT 1",
            [rf"\y{middling}\y"],
        ).fetchone()
        phrase = re.search(rf"\w+ {middling}\b|\b{middling} \w+", text, re.IGNORECASE)
        (party,) = db.execute("SELECT slug FROM negotiations_party WHERE id = 70").fetchone()
        (name,) = db.execute("SELECT name FROM negotiations_person WHERE id = 7").fetchone()
        return {
            "rare": near(224),
            "middling": middling,
            "common": near(195_000),
            "second": near(120_000),
            "phrase": phrase.group(0).lower() if phrase else middling,
            "party": party,
            "prefix": name[:4].lower(),
            "statement": size // 2,
        }


def _term(db: Any, word: str) -> str:
    return str(db.execute("SELECT readout_term(%s)::text", [word]).fetchone()[0])


def pages(words: dict[str, Any]) -> list[Page]:
    facets = "&_facet=party&_facet=topic&_facet=year"
    table = "/bench/statements?"

    def search(text: str, **more: str) -> str:
        return "/search/?" + urlencode({"q": text, **more})

    def theirs(text: str) -> str:
        return f"{table}_search={quote(text)}{facets}"

    w = words
    return [
        Page("statement (detail)", f"/statements/{w['statement']}/", f"/bench/statements/{w['statement']}", 1),
        Page("meeting", "/meetings/meeting-50/"),
        Page("person", "/people/person-7/"),
        Page("statements by party", f"/statements/?party={w['party']}", f"{table}party={w['party']}{facets}", 10),
        Page("search, rare word", search(w["rare"]), theirs(w["rare"])),
        Page("search, middling word", search(w["middling"]), theirs(w["middling"]), 20),
        Page("search, very common word", search(w["common"]), theirs(w["common"]), 100),
        Page("search, two common words", search(f"{w['common']} {w['second']}"), theirs(f"{w['common']} {w['second']}")),
        Page("search, phrase", search(f'"{w["phrase"]}"'), theirs(f'"{w["phrase"]}"')),
        Page("search, fields", search(f"party:{w['party']} form:verbatim {w['middling']}")),
        Page("search, facet chosen", search(w["middling"], party=w["party"]), f"{theirs(w['middling'])}&party={w['party']}"),
        Page("suggestions", f"/search/suggest/?q={w['prefix']}"),
    ]  # fmt: skip


# --- The two sites, one at a time ---


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@contextmanager
def running(command: list[str], port: int, environment: dict[str, str]) -> Iterator[str]:
    with (KEPT / "server.log").open("w") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, env=os.environ | environment, stdout=log, stderr=log
        )
    base = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            try:
                urllib.request.urlopen(base, timeout=5).read()
                break
            except OSError:
                time.sleep(0.1)
        yield base
    finally:
        process.terminate()
        process.wait()


def readout(size: int | str, cache: int) -> Any:
    port = free_port()
    command = [sys.executable, "manage.py", "serve", "--port", str(port), "--workers", str(WORKERS)]
    unlimited = dict.fromkeys(
        ("READOUT_API_LIMIT", "READOUT_SEARCH_LIMIT", "READOUT_DOWNLOAD_LIMIT"), "0"
    )
    environment = {"DATABASE_URL": url(size), "READOUT_PAGE_CACHE": str(cache)} | unlimited
    return running(command, port, environment)


def datasette(path: Path) -> Any:
    port = free_port()
    link = KEPT / "bench.db"
    link.unlink(missing_ok=True)
    link.symlink_to(path)
    limits = [
        "--setting",
        "sql_time_limit_ms",
        "20000",
        "--setting",
        "facet_time_limit_ms",
        "20000",
    ]
    limits += ["--setting", "facet_suggest_time_limit_ms", "50"]
    command = [sys.executable, "-m", "datasette", "serve", str(link), "-p", str(port), *limits]
    return running(command, port, {})


def settle() -> None:
    """Wait until nobody works: a server goes on with what its client no longer waits for."""
    for _ in range(50):
        if psutil.cpu_percent(0.2) < IDLE:
            return


def drive(address: str, seconds: int, connections: int) -> tuple[float, float, float, int]:
    """Requests a second, median and 95th percentile in ms, and failed requests."""
    settle()
    script = KEPT / "p95.lua"
    script.write_text(P95)
    urllib.request.urlopen(address, timeout=60).read()
    out = subprocess.run(
        ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "30s", "-s", str(script), address],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    rate, p50, p95, bad = re.search(r"RESULT (\S+) (\S+) (\S+) (\d+)", out).groups()  # type: ignore[union-attr]
    return float(rate), float(p50), float(p95), int(bad)


def rate_of(address: str, seconds: int) -> float:
    rate = drive(address, seconds, CONNECTIONS)[0]
    return rate if rate * seconds >= ENOUGH else drive(address, 20, CONNECTIONS)[0]


@dataclass
class Sites:
    """Where each site listens; empty where it is not asked for."""

    small: str
    large: str = ""
    kept: str = ""
    datasette: str = ""


def measure(small: list[Page], large: list[Page], sites: Sites, seconds: int) -> None:
    """Fill in the tables. What is compared is measured in turn, some rounds, for a machine's speed
    changes within minutes: a ratio is the median of those of the rounds.
    """
    for number, page in enumerate(small):
        sides = [(page, sites.small)] + ([(large[number], sites.large)] if large else [])
        rounds: dict[int, list[list[float]]] = {id(each): [] for each, _ in sides}
        theirs, kept = [], []
        for each, site in [*sides, *([(page, sites.kept)] if sites.kept else [])]:
            drive(site + each.readout, 1, CONNECTIONS)  # each worker has to have made it once
        for _ in range(ROUNDS):
            for each, site in sides:
                rate, p50, p95, errors = drive(site + each.readout, seconds, CONNECTIONS)
                each.errors += errors
                alone = drive(site + each.readout, seconds, 1)[1]
                rounds[id(each)].append([rate, p50, p95, alone])
            if page.datasette and sites.datasette:
                theirs.append(rate_of(sites.datasette + page.datasette, seconds + 2))
            if sites.kept:
                kept.append(drive(sites.kept + page.readout, 1, CONNECTIONS)[0])
        for each, _ in sides:
            columns = zip(*rounds[id(each)], strict=True)
            each.rate, each.p50, each.p95, each.alone = map(statistics.median, columns)
        own = rounds[id(page)]
        if theirs:
            page.theirs = statistics.median(theirs)
            page.times = statistics.median(r[0] / t for r, t in zip(own, theirs, strict=True))
        if kept:
            page.kept = statistics.median(kept)
            page.kept_times = statistics.median(k / r[0] for r, k in zip(own, kept, strict=True))
        if large:
            pairs = zip(own, rounds[id(large[number])], strict=True)
            large[number].grown = statistics.median(b[3] / a[3] for a, b in pairs)
        print(
            f"{page.name}: {page.rate:.1f} req/s, {page.alone:.1f} ms alone, {page.times:.1f} times"
            f" Datasette, kept {page.kept_times:.1f} times"
            + (f", grown {large[number].grown:.2f}" if large else ""),
            file=sys.stderr, flush=True,
        )  # fmt: skip


def queries(size: int | str, addresses: list[str]) -> dict[str, list[str]]:
    """The SQL of each page."""
    environment = os.environ | {"DATABASE_URL": url(size), "READOUT_PAGE_CACHE": "0"}
    out = subprocess.run(
        [sys.executable, "-c", STAND_ALONE, json.dumps(addresses)],
        cwd=ROOT, env=environment | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    found: dict[str, list[str]] = json.loads(out.splitlines()[-1])
    return found


def replay(size: int | str, table: list[Page]) -> None:
    """The page's own SQL through bare psycopg: in sum, and its slowest statement."""
    captured = queries(size, [page.readout for page in table])
    with psycopg.connect(url(size), autocommit=True) as db:
        for page in table:
            times: list[list[float]] = []
            reads = [q for q in captured[page.readout] if re.match(r"\s*(SELECT|WITH|EXPLAIN)", q)]
            page.queries = len(captured[page.readout])
            for _ in range(7):
                row = []
                for query in reads:
                    begun = time.perf_counter()
                    db.execute(query).fetchall()
                    row.append((time.perf_counter() - begun) * 1000)
                times.append(row)
            page.sql = statistics.median(sum(row) for row in times)
            page.slowest = max(statistics.median(column) for column in zip(*times, strict=True))


# --- The table ---


def show(size: int, table: list[Page]) -> None:
    print(
        f"\n{size:,} statements, {CONNECTIONS} connections; sql and slowest in ms, through psycopg"
    )
    print(
        f"{'page':26} {'req/s':>7} {'p50':>7} {'p95':>7} {'queries':>7} {'Datasette':>9} {'ratio':>7}"
        f" {'kept':>7} {'ratio':>6} {'p50 c1':>7} {'sql':>7} {'/sql':>5} {'slowest':>8}"
    )
    for p in table:
        theirs = f"{p.theirs:9.1f} {p.times:6.1f}x" if p.theirs else f"{'':9} {'':7}"
        kept = f"{p.kept:7.0f} {p.kept_times:5.1f}x" if p.kept else f"{'':7} {'':6}"
        print(
            f"{p.name:26} {p.rate:7.1f} {p.p50:7.1f} {p.p95:7.1f} {p.queries:7} {theirs} {kept}"
            f" {p.alone:7.1f} {p.sql:7.1f} {p.alone / p.sql:5.1f} {p.slowest:8.1f}"
        )


def bars(small: list[Page], large: list[Page]) -> bool:
    checks = [
        (
            f"{p.name}: {p.times:.1f} times Datasette (bar {p.bar:g})",
            p.times >= p.bar,
        )
        for p in small
        if p.bar
    ]
    checks += [
        (f"{p.name}: kept {p.kept_times:.1f} times uncached (bar 10)", p.kept_times >= 10)
        for p in small
        if p.kept and p.name != "suggestions"  # one query, as a kept page is
    ]
    for after in large:
        if "search" in after.name or after.name == "statements by party":
            grown = after.grown
            checks.append((f"{after.name}: {grown:.1f} times its own median (bar 3)", grown <= 3))
            wide = after.p50 / large[0].p50
            checks.append((f"{after.name}: {wide:.1f} times the detail page (bar 25)", wide <= 25))
        checks.append(
            (f"{after.name}: slowest SQL {after.slowest:.0f} ms (bar 100)", after.slowest <= 100)
        )
    checks += [
        (f"{p.name}: {p.errors} failed requests", not p.errors)
        for p in [*small, *large]
        if p.errors
    ]
    print()
    for sentence, met in checks:
        print("met    " if met else "NOT MET", sentence)
    return all(met for _, met in checks)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--statements", type=int, default=200_000)
    parser.add_argument("--large", type=int, default=0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--alone", action="store_true", help="Readout only, for a quick look")
    given = parser.parse_args()
    KEPT.mkdir(parents=True, exist_ok=True)
    sizes = [given.statements, *([given.large] if given.large else [])]
    with postgresql(), ExitStack() as running_sites:
        for size in sizes:
            corpus(size, given.seed)
        start = running_sites.enter_context
        others = not given.alone
        sites = Sites(
            *(start(readout(size, 0)) for size in sizes),
            kept=start(readout(sizes[0], 64)) if others else "",
            datasette=start(datasette(sqlite(sizes[0]))) if others else "",
        )
        small, *larger = [pages(pick(size)) for size in sizes]
        large = larger[0] if larger else []
        measure(small, large, sites, given.seconds)
        for size, table in zip(sizes, (small, large), strict=False):
            replay(size, table)
            show(size, table)
    if not given.alone:
        sys.exit(0 if bars(small, large) else 1)


if __name__ == "__main__":
    main()
