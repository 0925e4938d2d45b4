"""`manage.py import_akomantoso`: bring a debate in as drafts, after a look at what that would do."""

from __future__ import annotations

from typing import Any, ClassVar

from negotiations.editing.importing.standards.akomantoso import AkomaNtoso
from negotiations.management.commands import import_popolo


class Command(import_popolo.Command):
    standard = "Akoma Ntoso"
    read: ClassVar[Any] = AkomaNtoso
    help = (
        "Import an Akoma Ntoso debate as drafts, all or nothing; what does not fit is listed. "
        "Without --write it only shows what would happen."
    )
