"""Looks for migrations that the version before could not go on serving beside.

    python3 -m uv run python -m tests.upgrades.lint

squawk (https://squawkhq.com/docs/rules) reads the SQL of every migration of ours after EXCUSED.
What docs/upgrading.md says is how they are written.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

# All up to this one came before there was a version to keep serving beside them.
EXCUSED = "0024_translated_by"

# What is wanted of tables, which is a matter of taste, and what does not stop the version before.
NOT_ASKED = (
    "ban-char-field",
    "prefer-bigint-over-int",
    "prefer-bigint-over-smallint",
    "prefer-identity",
    "prefer-repack",
    "prefer-robust-stmts",
    "prefer-text-field",
    # `manage.py migrate` sets it for all of them.
    "require-lock-timeout",
    "require-statement-timeout",
    "require-timeout-settings",
)


def squawk(folder: Path) -> subprocess.CompletedProcess[str]:
    """What squawk says of the SQL files in the folder; it fails if it says anything."""
    return subprocess.run(
        [
            Path(sys.executable).with_name("squawk"),
            "--pg-version=15",
            f"--exclude={','.join(NOT_ASKED)}",
            *sorted(path.name for path in folder.glob("*.sql")),
        ],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def write_sql(folder: Path) -> list[str]:
    """Write the SQL of each migration that is to be looked at; returns their names."""
    from django.core.management import call_command
    from django.db.migrations.loader import MigrationLoader

    ours = [name for app, name in MigrationLoader(None).disk_migrations if app == "negotiations"]
    later = sorted(name for name in ours if name > EXCUSED)
    for name in later:
        sql = io.StringIO()
        call_command("sqlmigrate", "negotiations", name, stdout=sql, no_color=True)
        (folder / f"{name}.sql").write_text(sql.getvalue(), encoding="utf-8")
    return later


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "negotiations.settings")
    import django

    django.setup()
    from negotiations import database

    with TemporaryDirectory() as folder, database.held():
        if not (looked_at := write_sql(Path(folder))):
            print(f"There are no migrations after {EXCUSED}.")
            return
        told = squawk(Path(folder))
    print(told.stdout + told.stderr)
    if told.returncode:
        sys.exit("See docs/upgrading.md for how to write these migrations.")
    print(f"The version before can go on serving: {', '.join(looked_at)}.")


if __name__ == "__main__":
    main()
