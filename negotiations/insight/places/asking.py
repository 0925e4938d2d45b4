"""Which meetings are to be on the map."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError

from negotiations.insight.within import Within
from negotiations.languages import gettext
from negotiations.models.coordinates import read_coordinates

if TYPE_CHECKING:
    from django.http import QueryDict

LAST_PAGE = 10_000
UNPLACED = "unplaced"


@dataclass(frozen=True)
class Asked:
    """Held meetings of a process and time; `at`: only those at these coordinates, or UNPLACED;
    `whole`: the whole world is drawn, not only the part around the places."""

    within: Within = field(default_factory=Within)
    at: str = ""
    whole: bool = False
    page: int = 1

    @classmethod
    def from_address(cls, query: QueryDict) -> Asked:
        """Read the part of an address after `?`.

        Raises:
            ValueError: with a sentence that says what to change.
        """
        at = query.get("at", "").strip()
        if at and at != UNPLACED:
            try:
                at = read_coordinates(at)
            except ValidationError as error:
                raise ValueError(error.message) from error
        if query.get("view", "") not in ("", "world"):
            raise ValueError("“view” is world, or left out for the part around the places.")
        page = query.get("page", "1")
        if not page.isdecimal() or not 0 < int(page) <= LAST_PAGE:
            raise ValueError(gettext("“page” is a number from 1 on."))
        return cls(Within.from_address(query), at, query.get("view") == "world", int(page))

    def address(self, **more: object) -> str:
        """The part of an address after `?`, without the page unless it is among `more`."""
        own = {"at": self.at, "view": "world" if self.whole else ""}
        return self.within.address(**(own | more))
