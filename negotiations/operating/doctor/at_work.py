"""What the site does all the time: is it done?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.cache import caches
from django.db import OperationalError, connection, transaction

from negotiations.operating import state
from negotiations.operating.doctor.findings import BROKEN, CONCERN, Finding
from negotiations.search.entries import Kind
from negotiations.upkeep.backups import last_backup

if TYPE_CHECKING:
    from collections.abc import Iterator

TASK_WAITS, LETTER_WAITS = 10 * 60, 26 * 60 * 60  # seconds
BACKUP_LASTS, PACKAGE_LASTS = 2 * 86_400, 2 * 86_400
LAGS = 30
LONGEST_COUNT = 60_000  # milliseconds
PROBE = "readout-doctor"


def cache() -> Iterator[Finding]:
    """Both the table in the database and, if there is one, the shared cache: what goes in comes out."""
    for alias in settings.CACHES:
        try:
            caches[alias].set(PROBE, 1, 10)
            kept = caches[alias].get(PROBE) == 1
            caches[alias].delete(PROBE)
        except Exception as error:  # each kind of cache has errors of its own
            kept, why = False, type(error).__name__
        else:
            why = "it forgets at once"
        if kept:
            yield Finding("cache", f"{alias} keeps what it is given")
        else:
            what = "Run `manage.py migrate`, or start the cache that READOUT_CACHE_URL names."
            yield Finding("cache", f"{alias} does not work ({why})", BROKEN, what)


def search_index() -> Iterator[Finding]:
    """The triggers keep it complete; a restore without it, or triggers left off, do not."""
    ((_, off),) = state.rows(state.INDEX_AT_A_GLANCE)
    if off:
        yield Finding(
            "search index",
            f"{off} of the triggers that keep it are off",
            BROKEN,
            "Run ALTER TABLE … ENABLE TRIGGER USER for the tables, then `manage.py rebuild_search`.",
        )
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout = {LONGEST_COUNT}")
            cursor.execute(state.INDEX)
            kinds = cursor.fetchall()
    except OperationalError:
        yield Finding("search index", "too large to be counted in a minute")
        return
    wrong = [(Kind(kind).label, there, had) for kind, there, had in kinds if there != had]
    for label, there, had in wrong:
        says = f"{had} entries for {there} {label}"
        yield Finding("search index", says, BROKEN, "Run `manage.py rebuild_search`.")
    if not wrong:
        number = sum(had for _, _, had in kinds)
        yield Finding("search index", f"complete, {number} entries")


def tasks() -> Iterator[Finding]:
    todo = state.outstanding()
    if todo.oldest and state.age(todo.oldest) > TASK_WAITS:
        says = f"{todo.ready} wait, the first for {state.age(todo.oldest) / 60:.0f} minutes"
        yield Finding("tasks", says, BROKEN, "Keep `manage.py db_worker` running.")
    else:
        yield Finding("tasks", f"{todo.ready} wait")
    if todo.failed:
        what = "See why at /admin/operating/."
        yield Finding("tasks", f"{todo.failed} failed", CONCERN, what)
    if todo.oldest_letter and state.age(todo.oldest_letter) > LETTER_WAITS:
        says = (
            f"{todo.letters} wait, the first for {state.age(todo.oldest_letter) / 3600:.0f} hours"
        )
        yield Finding("letters", says, CONCERN, "Have a timer run `manage.py send_digests`.")
    if todo.given_up:
        what = "See why at /admin/following/."
        yield Finding("letters", f"{todo.given_up} could not be sent", CONCERN, what)


def backup() -> Iterator[Finding]:
    last = last_backup()
    if last is None:
        what = "Have a timer run `manage.py backup`."
        yield Finding("backup", "none is known", CONCERN, what)
    elif state.age(last.made) > BACKUP_LASTS:
        says = f"the last is {state.age(last.made) / 86_400:.0f} days old"
        yield Finding("backup", says, BROKEN, "See why the timer of `manage.py backup` fails.")
    elif not last.verified:
        yield Finding(
            "backup", "the last was not tried", CONCERN, "Run `backup` without --no-verify."
        )
    else:
        yield Finding("backup", f"{last.made:%Y-%m-%d %H:%M} UTC")


def datapackage() -> Iterator[Finding]:
    made = state.datapackage_made()
    if made is None:
        what = "Have a timer run `manage.py dump_datapackage`."
        yield Finding("data package", "none was made", CONCERN, what)
    elif state.age(made) > PACKAGE_LASTS:
        says = f"the last is {state.age(made) / 86_400:.0f} days old"
        yield Finding("data package", says, CONCERN, "See why its timer fails.")
    else:
        yield Finding("data package", f"{made:%Y-%m-%d %H:%M} UTC")


def replicas() -> Iterator[Finding]:
    for each in state.replicas():
        if each.lag is None:
            what = "Start it, or correct REPLICA_URLS; pages do without it meanwhile."
            yield Finding("replica", f"{each.alias} does not answer", CONCERN, what)
        elif each.lag > LAGS:
            what = "See its log; pages do without it meanwhile."
            yield Finding("replica", f"{each.alias} is {each.lag:.0f} s behind", CONCERN, what)
        else:
            yield Finding("replica", f"{each.alias} is {each.lag:.1f} s behind")


LOOKS = (cache, search_index, tasks, backup, datapackage, replicas)
