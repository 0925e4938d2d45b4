"""`manage.py import_popolo`: bring a Popolo file in as drafts, after a look at what that would do."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.management.base import CommandError, CommandParser

from negotiations.editing.importing.findings import Became, Finding, Findings, Report
from negotiations.editing.importing.reading import Unreadable
from negotiations.editing.importing.standards.popolo import Popolo
from negotiations.editing.importing.standards.running import Settings, run
from negotiations.management.commands import import_records

if TYPE_CHECKING:
    from negotiations.editing.importing.standards.running import Reader


class Command(import_records.Command):
    standard = "Popolo"
    read: ClassVar[Any] = Popolo
    help = (
        "Import a Popolo file as drafts, all or nothing; what does not fit is listed. "
        "Without --write it only shows what would happen."
    )
    # Of a standard's file it is told as well what of it has no place here.
    told = (Became.CHANGED, Became.LEFT_OUT, Became.NOTE, Became.PROBLEM)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help=f"the {self.standard} file")
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--dry-run", action="store_true", help="only show; the default")
        what.add_argument("--write", action="store_true", help="write, if there is no problem")
        parser.add_argument("--report", help="write all that was found to this CSV file")
        parser.add_argument("--user", help="the user name that the history shows")
        parser.add_argument(
            "--collection",
            default="",
            help="whose ids the file uses; the file’s name if left out. By it and an id a later "
            "import knows a record again",
        )
        parser.add_argument("--publisher", default="", help="who published the file")
        parser.add_argument(
            "--process", default="", help="the address of the process of meetings in none"
        )
        parser.add_argument(
            "--party", default="", help="the address of the party of those who speak for none"
        )
        parser.add_argument("--language", default="en", help="of the words, if the file says none")

    def handle(self, **options: Any) -> None:
        path = Path(options["file"])
        settings = Settings(
            options["collection"] or path.name.partition(".")[0],
            options["publisher"],
            options["process"],
            options["party"],
            options["language"],
        )
        try:
            with path.open("rb") as file:
                findings = self._run(self.read(file, settings), path.name, **options)
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}.") from error
        except Unreadable as error:
            raise CommandError(str(error)) from error
        self.tell(findings, write=options["write"])
        if findings.problems:
            raise CommandError("Nothing was imported.")

    def _run(self, reader: Reader, name: str, **options: Any) -> Findings:
        findings = Findings()
        with ExitStack() as stack:
            if options["report"]:
                report = Path(options["report"]).open("w", encoding="utf-8-sig", newline="")  # noqa: SIM115
                findings.report = Report(stack.enter_context(report))
            user = self.user(options["user"])
            return run(reader, name, write=options["write"], user=user, findings=findings)

    def where(self, found: Finding) -> str:
        return str(self.read.where(found))
