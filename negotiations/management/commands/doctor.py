"""`manage.py doctor`: what is wrong with this installation."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand

from negotiations.operating.doctor import examine
from negotiations.operating.doctor.findings import BROKEN, CONCERN

if TYPE_CHECKING:
    from django.core.management.base import CommandParser


class Command(BaseCommand):
    help = "Say what is wrong with this installation, and what to do. Fails if something is broken."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the findings as JSON")

    def handle(self, *, json: bool, **options: Any) -> None:
        found = []
        for each in examine():
            found.append(each)
            if not json:
                self.stdout.write(each.line())
        broken = sum(each.state == BROKEN for each in found)
        if json:
            self.stdout.write(_as_json(found))
        else:
            concerns = sum(each.state == CONCERN for each in found)
            self.stdout.write(f"{broken} broken, {concerns} warnings.")
        if broken:
            sys.exit(1)


def _as_json(found: list[Any]) -> str:
    return json.dumps([asdict(each) for each in found], ensure_ascii=False, indent=1)
