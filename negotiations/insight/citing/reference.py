"""What a citation of a record tells, whatever the style: who, what, when, where, which version.

A statement is its speaker's, of the day on which it was made. A source is its author's or its
publisher's. All other records are Readout's own work, of the day of the cited version. No date is
more exact than it is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.text import Truncator

from negotiations.models import (
    Action,
    Meeting,
    Party,
    Person,
    Source,
    Statement,
    VagueDate,
)

if TYPE_CHECKING:
    import datetime as dt

    from negotiations.insight.versions import Version
    from negotiations.models import Record

SITE = "Readout"
LONGEST_TITLE = 160
INVENTED = "demonstration data, invented"


@dataclass(frozen=True)
class Name:
    """Who is named as author: a person by family and given name, or anyone by one name as it is."""

    family: str
    given: str = ""

    @property
    def inverted(self) -> str:
        """As a bibliography has it: "Lavrov, Sergey"."""
        return f"{self.family}, {self.given}" if self.given else self.family

    @property
    def straight(self) -> str:
        """As it is spoken, the given name first."""
        return f"{self.given} {self.family}".strip()


@dataclass(frozen=True)
class Reference:
    """One citation, before it is written in a style."""

    kind: str  # "statement", as addresses name it
    number: int
    version: int
    modified: VagueDate  # the day from which on this version was public
    author: Name
    title: str
    what: str  # "statement", "commitment agreed", "news report"
    url: str
    retrieved: dt.date
    is_quotation: bool = False
    is_paraphrase: bool = False
    dated: VagueDate | None = None  # when it was said, held, agreed or published
    event: str = ""  # at which
    place: str = ""
    publisher: str = ""
    language: str = "en"
    original_url: str = ""
    source_kind: str = ""
    notes: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """A name for it that no other version of any record has."""
        return f"readout-{self.kind}-{self.number}-v{self.version}"

    @property
    def record(self) -> str:
        """What is cited of the site: "statement 12"."""
        return f"{self.kind} {self.number}"

    @property
    def is_own_work(self) -> bool:
        return self.author == OURSELVES

    @property
    def date(self) -> VagueDate | None:
        """The date of what its author made."""
        return self.modified if self.is_own_work else self.dated

    @property
    def form(self) -> str:
        """What it is, and at which meeting: "statement at Talks in Riyadh"."""
        at = f" at {self.event}" if self.event else ""
        return f"{self.what}{at}{', paraphrased by Readout' if self.is_paraphrase else ''}"

    @property
    def marked_title(self) -> str:
        """The title for where nothing else tells whose words it is."""
        if self.is_quotation:
            return f"“{self.title}”"
        return f"[paraphrase] {self.title}" if self.is_paraphrase else self.title


OURSELVES = Name(SITE)


def reference(record: Record, version: Version, base: str, retrieved: dt.date) -> Reference:
    """What a citation of this version of a public record tells; `base` is the site's address.

    The record is read as it is now: cite its newest version.
    """
    told: dict[str, Any] = {
        "kind": str(record._meta.model_name),
        "number": record.pk,
        "version": version.number,
        "modified": VagueDate(version.since.date()),
        "author": OURSELVES,
        "title": str(record),
        "what": str(record._meta.verbose_name),
        "url": f"{base}{record.get_absolute_url()}v{version.number}/",
        "retrieved": retrieved,
    }
    if isinstance(record, Statement):
        told |= _of_statement(record)
    elif isinstance(record, Source):
        told |= _of_source(record)
    elif isinstance(record, Action):
        told |= _at(record.meeting) | {"what": f"{record.get_kind_display()} agreed"}
        told["dated"] = record.meeting.date
    elif isinstance(record, Meeting):
        told |= {"what": record.get_kind_display(), "place": record.place, "dated": record.date}
    told["title"] = Truncator(" ".join(told["title"].split())).chars(LONGEST_TITLE)
    if record.is_demonstration:
        told["title"] = f"[{INVENTED}] {told['title']}"
    return Reference(**told)


def _of_statement(statement: Statement) -> dict[str, Any]:
    cited = statement.citations.select_related("source").first()
    notes = [f"for {statement.party}"] if statement.speaker else []
    notes += [f"documented in: {cited.source}"] if cited else []
    return {
        "author": name(statement.speaker or statement.party),
        "title": statement.words,
        "is_quotation": statement.is_verbatim,
        "is_paraphrase": not statement.is_verbatim,
        "dated": statement.date,
        "language": statement.language,
        "notes": tuple(notes),
        **(_at(statement.meeting) if statement.meeting else {}),
    }


def _of_source(source: Source) -> dict[str, Any]:
    return {
        "author": Name(source.author or source.publisher),
        "title": source.title,
        "what": source.get_kind_display(),
        "dated": source.date,
        "publisher": source.publisher,
        "language": source.language,
        "original_url": source.url or source.archived_url,
        "source_kind": source.kind,
        "notes": (f"on behalf of {source.on_behalf_of}",) if source.on_behalf_of else (),
    }


def _at(meeting: Meeting) -> dict[str, Any]:
    return {"event": meeting.title, "place": meeting.place}


def name(who: Person | Party) -> Name:
    """The name of a person by its parts where we know them, of a body as it is."""
    if isinstance(who, Person):
        family, comma, given = who.sort_name.partition(", ")
        if comma and family and given:
            return Name(family, given)
    return Name(who.name)
