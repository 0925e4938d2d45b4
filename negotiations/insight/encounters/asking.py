"""Whose encounters are asked for."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from django.db import models

from negotiations.insight.within import Within
from negotiations.languages import gettext, pgettext_lazy
from negotiations.models import Party, Person

if TYPE_CHECKING:
    from django.http import QueryDict

LAST_PAGE = 10_000


class Of(models.TextChoices):
    """Who is asked for: people, or the parties whose delegations met."""

    PEOPLE = "people", pgettext_lazy("who met", "people")
    PARTIES = "parties", pgettext_lazy("who met", "parties")


@dataclass(frozen=True)
class Asked:
    """Encounters of people or parties; `partner`: of this one only; `within_sides`: people of one
    delegation, too, who otherwise do not count as having met."""

    of: Of = Of.PEOPLE
    within: Within = field(default_factory=Within)
    partner: Person | Party | None = None
    within_sides: bool = False
    page: int = 1

    @classmethod
    def from_address(cls, query: QueryDict) -> Asked:
        """Read the part of an address after `?`.

        Raises:
            ValueError: with a sentence that says what to change.
        """
        of = query.get("of", "") or Of.PEOPLE
        if of not in Of.values:
            raise ValueError(gettext("“of” is people or parties."))
        slug = query.get("with", "").strip()
        model = Person if of == Of.PEOPLE else Party
        partner = model.published.filter(slug=slug).first() if slug else None
        if slug and not partner:
            raise ValueError(
                gettext("Nobody public is called “{slug}”. Take “with” out.").format(slug=slug[:60])
            )
        page = query.get("page", "1")
        if not page.isdecimal() or not 0 < int(page) <= LAST_PAGE:
            raise ValueError(gettext("“page” is a number from 1 on."))
        within = Within.from_address(query)
        if partner and not within.process:
            within = replace(within, demonstration=partner.demonstration)
        return cls(Of(of), within, partner, bool(query.get("sides")), int(page))

    @property
    def first_page(self) -> Asked:
        return replace(self, page=1)

    def address(self, **more: object) -> str:
        """The part of an address after `?`, without the page unless it is among `more`."""
        own = {
            "of": "" if self.of == Of.PEOPLE else self.of.value,
            "with": self.partner.slug if self.partner else "",
            "sides": "all" if self.within_sides else "",
        }
        return self.within.address(**(own | more))
