"""Numbers of the site as a whole, asked of the database when Prometheus asks us."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import Error
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from negotiations.operating import state
from negotiations.upkeep.backups import last_backup

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prometheus_client import Metric


def gauge(name: str, says: str, value: float) -> Metric:
    return GaugeMetricFamily(f"readout_{name}", says, value=value)


class OfTheSite(Collector):
    """What each scrape finds; while the database is away, only that it is."""

    def collect(self) -> Iterator[Metric]:
        try:
            found = [*self.asked()]
            up = 1
        except Error:
            found, up = [], 0
        yield gauge("database_up", "Does the database answer?", up)
        yield from found
        if backup := last_backup():
            yield gauge("backup_age_seconds", "Since the last backup", state.age(backup.made))
        if made := state.datapackage_made():
            yield gauge("datapackage_age_seconds", "Since dump_datapackage", state.age(made))

    def asked(self) -> Iterator[Metric]:
        missing = state.migrations_missing(state.rows(state.APPLIED))
        yield gauge("migrations_missing", "Migrations that are not applied", len(missing))
        yield from self.index()
        todo = state.outstanding()
        yield gauge("tasks_waiting", "Tasks that wait for db_worker", todo.ready)
        oldest = state.age(todo.oldest) if todo.oldest else 0
        yield gauge("tasks_oldest_seconds", "For how long the first of them waits", oldest)
        yield gauge("tasks_failed", "Tasks that failed", todo.failed)
        yield gauge("letters_waiting", "E-mails due to be sent", todo.letters)
        yield gauge("letters_given_up", "E-mails that could not be sent", todo.given_up)
        connections = GaugeMetricFamily(
            "readout_database_connections", "The database's connections, by state", labels=["state"]
        )
        for what, number in state.rows(
            "SELECT coalesce(state, 'background'), count(*) FROM pg_stat_activity GROUP BY 1"
        ):
            connections.add_metric([what], number)
        yield connections
        lags = GaugeMetricFamily(
            "readout_replica_lag_seconds", "How far a replica is behind", labels=["replica"]
        )
        up = GaugeMetricFamily("readout_replica_up", "Does it answer?", labels=["replica"])
        for each in state.replicas():
            up.add_metric([each.alias], each.lag is not None)
            if each.lag is not None:
                lags.add_metric([each.alias], each.lag)
        yield up
        yield lags

    def index(self) -> Iterator[Metric]:
        """Its lag is none by construction: it is written with the records. What could be wrong is told."""
        ((entries, off),) = state.rows(state.INDEX_AT_A_GLANCE)
        yield gauge("search_entries", "Entries of the search index, estimated", entries)
        yield gauge("search_triggers_off", "Triggers that keep it and are switched off", off)
