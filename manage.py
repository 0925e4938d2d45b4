#!/usr/bin/env python
"""The command line of Readout."""

from __future__ import annotations

import errno
import os
import signal
import sys
from contextlib import nullcontext

# These touch no database, or hold it themselves: serve and doctor once they know that they can serve,
# and restore, which may find none.
WITHOUT_DATABASE = {
    *("collectstatic", "compilemessages", "diffsettings", "doctor", "help", "makemessages"),
    *("restore", "serve", "version"),
}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "negotiations.settings")
    # A terminated command leaves as if it had ended, so that the embedded database stops, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        run(sys.argv)
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)
    except Exception as error:
        sentence = explained(error)
        if sentence is None:
            raise
        sys.exit(sentence)


def run(argv: list[str]) -> None:
    from django.core.management import execute_from_command_line

    from negotiations import database

    with database.held() if needs_database(argv) else nullcontext():
        execute_from_command_line(argv)


def needs_database(argv: list[str]) -> bool:
    if len(argv) == 1 or {"-h", "--help", "--version"} & set(argv):
        return False
    return argv[1] not in WITHOUT_DATABASE


def explained(error: Exception) -> str | None:
    """What the operator can do about the error, in a sentence; None if it is a fault of ours."""
    if isinstance(error, ModuleNotFoundError) and error.name in {"django", "psycopg", "psutil"}:
        return "Readout's libraries are not installed here. Use `python3 -m uv run manage.py`."
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return f"The disk is full ({error.filename}). Free some space, then start again."

    from django.core.exceptions import ImproperlyConfigured

    from negotiations import database
    from negotiations.errors import CannotRun

    known = isinstance(error, ImproperlyConfigured | CannotRun)
    return str(error) if known else database.explained(error)


if __name__ == "__main__":
    main()
