"""What is asked of the API, read from an address: the page's question, and what is wanted of each record."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from negotiations.exchange.api.problems import Problem
from negotiations.models import Source, VagueDate
from negotiations.models.visibility import DEMONSTRATION, asks_for_demonstration
from negotiations.search.asking import FILTERS, Ask, AtOdds, NotThere, Refused
from negotiations.search.entries import Kind
from negotiations.search.facets import SHOWN, SHOWN_OF_ACTIONS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import QueryDict

    from negotiations.exchange.records.resources import Resource

LIMIT, MOST = 50, 200
OF_RECORDS = ("fields", "expand")
OF_LISTS = ("sort", "after", "limit", *OF_RECORDS)
OF_SEARCHES = ("q", *FILTERS, "from", "to", "data", "page", "facets", *OF_LISTS)
OF_SOURCES = ("publisher", "kind", "from", "to", "data", *OF_LISTS)


@dataclass
class Wanted:
    """What is wanted of each record, how many, and which facets beside."""

    fields: list[str] = field(default_factory=list)
    expand: list[str] = field(default_factory=list)
    facets: list[str] = field(default_factory=list)
    limit: int = LIMIT

    @classmethod
    def from_address(cls, query: QueryDict, resource: Resource, kind: Kind | None = None) -> Wanted:
        """Read an address.

        Raises:
            Problem: with a sentence.
        """
        told = query.get("limit") or str(LIMIT)
        if not (told.isascii() and told.isdigit() and len(told) < 5 and 1 <= int(told) <= MOST):
            raise Problem(400, f"“limit” is a number from 1 to {MOST}.")
        expandable = (*resource.expandable, "record") if resource.types else resource.expandable
        facets = SHOWN_OF_ACTIONS if kind == Kind.ACTION else SHOWN
        return cls(
            _of(query, "fields", resource.fields),
            _of(query, "expand", expandable),
            _of(query, "facets", facets),
            int(told),
        )

    def address(self) -> dict[str, str]:
        """The parameters that say so again."""
        told = {name: ",".join(getattr(self, name)) for name in ("fields", "expand", "facets")}
        told["limit"] = str(self.limit) if self.limit != LIMIT else ""
        return {name: value for name, value in told.items() if value}


def _of(query: QueryDict, name: str, known: Iterable[str]) -> list[str]:
    """The values of a parameter that names several, with commas between them."""
    known = list(known)
    values = [value for text in query.getlist(name) for value in text.split(",") if value]
    for value in values:
        if value not in known:
            words = f"is of {', '.join(known)}" if known else "does not apply here"
            raise Problem(400, f"“{name}={value[:50]}” is not known: “{name}” {words}.")
    return list(dict.fromkeys(values))


def only(query: QueryDict, known: Iterable[str]) -> None:
    """Refuse parameters that would be ignored: who misspells one would take the answer for another's.

    Raises:
        Problem: names the first of them.
    """
    known = list(known)
    for name in query:
        if name not in known:
            raise Problem(
                400, f"There is no parameter “{name[:50]}” here. There are {', '.join(known)}."
            )


def asked(query: QueryDict, kind: Kind | None) -> Ask:
    """The very question that the page of this address asks.

    Raises:
        Problem: with the page's sentence; 404 where a filter names what is not there.
    """
    more = ("in",) if kind is None else ("due",) if kind == Kind.ACTION else ()
    only(query, (*OF_SEARCHES, *more))
    try:
        return Ask.from_address(query, kind)
    except NotThere as refusal:
        raise Problem(404, str(refusal)) from refusal
    except AtOdds as refusal:
        raise Problem(409, str(refusal)) from refusal
    except Refused as refusal:
        raise Problem(400, str(refusal)) from refusal


@dataclass
class AskedSources:
    """Sources have no list among the pages and no place in the index: a question of their own."""

    publishers: list[str]
    kinds: list[str]
    since: VagueDate | None
    until: VagueDate | None
    demonstration: bool
    sort: str
    after: int

    @classmethod
    def from_address(cls, query: QueryDict) -> AskedSources:
        """Read an address.

        Raises:
            Problem: with a sentence.
        """
        only(query, OF_SOURCES)
        sort, after = query.get("sort") or "newest", query.get("after") or "0"
        if sort not in ("newest", "oldest"):
            raise Problem(400, "“sort” is one of newest, oldest.")
        if not (after.isascii() and after.isdigit() and len(after) <= 18):
            raise Problem(400, "“after” can't be read. Take it out to begin at the first.")
        if unknown := set(query.getlist("kind")) - set(Source.Kind.values):
            raise Problem(
                400,
                f"“kind={min(unknown)[:50]}” is not known: “kind” is of {', '.join(Source.Kind.values)}.",
            )
        try:
            since, until = (
                VagueDate.parse(text) if (text := query.get(name, "").strip()[:100]) else None
                for name in ("from", "to")
            )
            demonstration = asks_for_demonstration(query.get("data", ""))
        except ValueError as error:
            raise Problem(400, str(error)) from error
        publishers = query.getlist("publisher")
        return cls(publishers, query.getlist("kind"), since, until, demonstration, sort, int(after))

    def pks(self, size: int) -> list[int]:
        """The numbers of the next so many."""
        found = Source.published.demonstrating(self.demonstration)
        if self.publishers:
            found = found.filter(publisher__in=self.publishers)
        if self.kinds:
            found = found.filter(kind__in=self.kinds)
        if self.until:
            found = found.filter(date_from__lte=self.until.last)
        if self.since:
            found = found.filter(date_until__gte=self.since.first)
        oldest = self.sort == "oldest"
        if self.after:
            found = found.filter(**{"pk__gt" if oldest else "pk__lt": self.after})
        return list(found.order_by("pk" if oldest else "-pk").values_list("pk", flat=True)[:size])

    def address(self, after: int) -> str:
        state = {
            "publisher": self.publishers,
            "kind": self.kinds,
            "from": self.since and self.since.iso,
            "to": self.until and self.until.iso,
            "data": DEMONSTRATION if self.demonstration else None,
            "sort": self.sort if self.sort != "newest" else None,
            "after": after,
        }
        return urlencode({name: value for name, value in state.items() if value}, doseq=True)
