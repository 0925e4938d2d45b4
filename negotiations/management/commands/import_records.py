"""`manage.py import_records`: bring a table of records in, after a look at what that would do."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from negotiations.editing.importing.findings import Became, Finding, Findings, Report
from negotiations.editing.importing.kinds import KEY_WORDS, KINDS, Kind
from negotiations.editing.importing.mapping import Mapping
from negotiations.editing.importing.reading import Unreadable
from negotiations.editing.importing.running import run
from negotiations.models import User

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.core.management.base import CommandParser

    from negotiations.editing.importing.reading import Row

PRINTED = 20  # findings of each sort; --report has them all


class Command(BaseCommand):
    help = (
        "Import records from a CSV file or workbook, as drafts, all or nothing. "
        "Without --write it only shows what would happen."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", help="the CSV file or workbook (.xlsx)")
        how = parser.add_mutually_exclusive_group(required=True)
        how.add_argument("--kind", choices=list(KINDS), help="what each row is")
        how.add_argument("--mapping", help="a mapping file (TOML), or the name of one of ours")
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--dry-run", action="store_true", help="only show; the default")
        what.add_argument("--write", action="store_true", help="write, if no row has a problem")
        what.add_argument("--columns", action="store_true", help="list the columns of the kind")
        parser.add_argument("--report", help="write what became of each row to this CSV file")
        parser.add_argument("--user", help="the user name that the history shows")
        parser.add_argument("--sheet", default="", help="which sheet of a workbook")
        parser.add_argument("--encoding", default="", help="of a CSV file, if it isn’t found out")

    def handle(self, *, kind: str | None, mapping: str | None, **options: Any) -> None:
        if options["columns"]:
            if not kind:
                raise CommandError("Columns are a kind’s: give --kind.")
            self._columns(KINDS[kind])
            return
        if not options["file"]:
            raise CommandError("Which file? Give its path.")
        try:
            how = KINDS[kind] if kind else Mapping.load(mapping or "")
            findings = self._import(how, **options)
        except Unreadable as error:
            raise CommandError(str(error)) from error
        self.tell(findings, write=options["write"])
        if findings.problems:
            raise CommandError("Nothing was imported.")

    def _import(self, how: Kind | Mapping, **options: Any) -> Findings:
        findings = Findings()
        path = Path(options["file"])
        with ExitStack() as stack:
            try:
                file = stack.enter_context(path.open("rb"))
                if options["report"]:
                    report = Path(options["report"]).open("w", encoding="utf-8-sig", newline="")  # noqa: SIM115
                    findings.report = Report(stack.enter_context(report))
            except OSError as error:
                raise CommandError(f"{error.filename}: {error.strerror}.") from error

            def progress(rows: Iterable[Row], total: int, about: str) -> Iterable[Row]:
                if options["verbosity"]:
                    how_words = how.words_plural if isinstance(how, Kind) else how.title
                    self.stdout.write(f"{path.name}: {about}; {how_words}")
                return tqdm(
                    rows,
                    total=total,
                    unit=" rows",
                    disable=options["verbosity"] == 0,
                    file=sys.stderr,
                )

            return run(
                file,
                path.name,
                how,
                write=options["write"],
                user=self.user(options["user"]),
                findings=findings,
                sheet=options["sheet"],
                encoding=options["encoding"],
                progress=progress,
            )

    def user(self, name: str | None) -> User | None:
        if not name:
            return None
        if not (user := User.objects.filter(username=name).first()):
            raise CommandError(f"There is no user “{name}”.")
        return user

    # What is told one by one, as far as it fits.
    told: tuple[Became, ...] = (Became.CHANGED, Became.LEFT_OUT, Became.PROBLEM)

    def where(self, found: Finding) -> str:
        return f"row {found.row}" + (f", {found.column}" if found.column else "")

    def tell(self, findings: Findings, *, write: bool) -> None:
        for became in self.told:
            for found in findings.first(became)[:PRINTED]:
                sentence = found.sentence or found.record
                self.stdout.write(f"{became.value}: {self.where(found)}: {sentence}")
                for name, before, after in found.changes:
                    self.stdout.write(f"    {name}: “{before}” -> “{after}”")
            if (more := findings.number(became) - PRINTED) > 0:
                self.stdout.write(f"{became.value}: {more:,} more, all of them in --report.")
        for (kind, what), number in sorted(findings.counts.items()):
            self.stdout.write(f"{number:9,}  {kind}: {what}")
        if findings.problems:
            return
        if not findings.writes:
            self.stdout.write("Nothing to change: all of it is here as it is in the file.")
        elif write:
            self.stdout.write("Imported, as drafts.")
        else:
            self.stdout.write("This was a dry run; nothing was written. Add --write to import.")

    def _columns(self, kind: Kind) -> None:
        self.stdout.write(f"key (needed)\n    {KEY_WORDS}")
        for column in kind.columns.values():
            needed = " (needed)" if column.required else ""
            self.stdout.write(f"{column.name}{needed}\n    {column.what}")
            if column.example:
                self.stdout.write(f"    {column.example}")
