"""`manage.py doctor`: what is wrong with an installation, and what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from negotiations import database
from negotiations.errors import CannotRun
from negotiations.operating.doctor import at_work, here, postgres, reach
from negotiations.operating.doctor.findings import BROKEN, Finding, guarded

if TYPE_CHECKING:
    from collections.abc import Iterator


def examine() -> Iterator[Finding]:
    """All that is looked at, one after the other; nothing is changed, and no secret is told."""
    for look in here.LOOKS:
        yield from guarded(look)
    try:
        with database.held():
            yield Finding("database", "answers")
            for look in (here.system_checks, *postgres.LOOKS, *at_work.LOOKS):
                yield from guarded(look)
    except CannotRun as error:
        yield Finding("database", "can't be used", BROKEN, str(error))
    for look in reach.LOOKS:
        yield from guarded(look)
