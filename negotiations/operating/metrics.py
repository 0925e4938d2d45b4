"""Numbers for Prometheus, at /metrics: of requests from all workers, of the site when it is asked.

`serve` gives its workers one folder for them (PROMETHEUS_MULTIPROC_DIR); without it each process
counts for itself. Labels are views, methods and status codes: their number has a bound, whatever
readers ask for.
"""

from __future__ import annotations

import os
import tempfile
import threading
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

import psutil
from django.db import connections
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

if TYPE_CHECKING:
    from collections.abc import Iterator

    from negotiations.watching import Watch

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
MEMORY = Path("/dev/shm")  # noqa: S108
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
KEPT = {True: "hit", False: "miss", None: "none"}
BUCKETS = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
EVERY = 5.0  # seconds until a process looks at its memory and its connections again

registry = CollectorRegistry()
requests = Counter(
    "readout_requests",
    "Requests answered",
    ["view", "method", "status", "kept"],
    registry=registry,
)
seconds_taken = Histogram(
    "readout_request_seconds",
    "Seconds from the first moment of a request to its last byte",
    ["view"],
    buckets=BUCKETS,
    registry=registry,
)
queries = Counter("readout_queries", "Queries that requests made", ["view"], registry=registry)
database_seconds = Counter(
    "readout_database_seconds",
    "Seconds that requests waited for the database",
    ["view"],
    registry=registry,
)
memory = Gauge(
    "readout_process_memory_bytes",
    "Memory (resident) of each process that serves",
    registry=registry,
    multiprocess_mode="liveall",
)
pool = Gauge(
    "readout_pool_connections",
    "Connections to the database in the pools of all processes, by what they do",
    ["database", "state"],
    registry=registry,
    multiprocess_mode="livesum",
)

# Looking a child up by its labels takes longer than to count in it.
_requests = lru_cache(maxsize=4096)(requests.labels)
_seconds = lru_cache(maxsize=1024)(seconds_taken.labels)
_queries = lru_cache(maxsize=1024)(queries.labels)
_database = lru_cache(maxsize=1024)(database_seconds.labels)
_sampled = -EVERY
_sampling = threading.Lock()


def observe(watch: Watch, view: str, method: str, status: int, seconds: float) -> None:
    """Count a request that has been answered."""
    method = method if method in METHODS else "other"
    _requests(view, method, str(status), KEPT[watch.kept]).inc()
    _seconds(view).observe(seconds)
    if watch.queries and not watch.kept:
        _queries(view).inc(watch.queries)
        _database(view).inc(watch.waited)
    if monotonic() - _sampled > EVERY:
        sample()


def sample() -> None:
    """Note how much memory this process has, and what its connections are doing."""
    global _sampled
    if not _sampling.acquire(blocking=False):
        return
    try:
        _sampled = monotonic()
        memory.set(psutil.Process().memory_info().rss)
        for alias in connections:
            # Not `.pool`, which would make one.
            made = getattr(connections[alias], "_connection_pools", {}).get(alias)
            if made is None:
                continue
            stats = made.get_stats()
            idle = stats.get("pool_available", 0)
            pool.labels(alias, "idle").set(idle)
            pool.labels(alias, "used").set(stats.get("pool_size", 0) - idle)
            pool.labels(alias, "waited for").set(stats.get("requests_waiting", 0))
    finally:
        _sampling.release()


@contextmanager
def of_all_workers() -> Iterator[None]:
    """For `serve`: a folder in which its workers count together, for as long as it runs."""
    if FOLDER in os.environ:
        yield
        return
    # In memory if possible: to count on a disk that is full would end the process.
    where = str(MEMORY) if os.access(MEMORY, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="readout-metrics-", dir=where) as folder:
        os.environ[FOLDER] = folder
        try:
            yield
        finally:
            del os.environ[FOLDER]


def counted() -> CollectorRegistry:
    """What all workers have counted so far."""
    folder = os.environ.get(FOLDER)
    if not folder:
        return registry
    for file in Path(folder).glob("gauge_live*_*.db"):
        pid = file.stem.rpartition("_")[2]
        if pid.isdecimal() and not psutil.pid_exists(int(pid)):
            mark_process_dead(int(pid), folder)
    together = CollectorRegistry()
    MultiProcessCollector(together, folder)
    return together


def hit_rate() -> tuple[int, int]:
    """Of the pages for readers that can be kept, since the start: those that were, and all."""
    kept = every = 0
    for metric in counted().collect():
        if metric.name != "readout_requests":
            continue
        for each in metric.samples:
            if each.name.endswith("_total") and each.labels["kept"] != KEPT[None]:
                every += int(each.value)
                kept += int(each.value) if each.labels["kept"] == KEPT[True] else 0
    return kept, every


def as_text() -> bytes:
    """All of it in Prometheus's own format, the state of the site included."""
    from negotiations.operating.site_metrics import OfTheSite

    sample()
    site = CollectorRegistry()
    site.register(OfTheSite())
    return generate_latest(counted()) + generate_latest(site)
