"""A first search: full text over each kind of record, and names that are nearly right."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.search import (
    SearchHeadline,
    SearchQuery,
    SearchRank,
    SearchVector,
    TrigramWordSimilarity,
)
from django.db.models import F, TextField, Value
from django.db.models.functions import Concat

from negotiations.models import (
    Action,
    Meeting,
    OpenMatter,
    Party,
    Person,
    Question,
    Record,
    Statement,
    Topic,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST = 20
# Control characters, which no text of ours holds, so that what is marked can be told after escaping.
START, STOP = "\x02", "\x03"
NEARLY = 0.55


@dataclass(frozen=True)
class Kind:
    """What is searched of one kind of record, and what its name needs beside it."""

    model: type[Record]
    fields: Sequence[str]
    with_names: Sequence[str] = ()


@dataclass
class Found:
    """The public records of one kind that match; at most MOST of `count`."""

    kind: Kind
    count: int
    records: list[Any] = field(default_factory=list)


KINDS = (
    Kind(Meeting, ("title", "place", "summary"), ("process",)),
    Kind(Person, ("name", "native_name", "description")),
    Kind(Party, ("name", "short_name", "native_name", "description")),
    Kind(Topic, ("name", "description")),
    Kind(Question, ("text", "description"), ("topic",)),
    Kind(Action, ("title", "details"), ("meeting",)),
    Kind(OpenMatter, ("title", "details"), ("meeting",)),
    Kind(Statement, ("words", "original_words"), ("speaker", "party", "meeting")),
)


def search(text: str) -> list[Found]:
    """Public records whose words match, kind by kind; kinds without any are left out."""
    query = SearchQuery(text, search_type="websearch", config="english")
    results = (_matches(kind, query) for kind in KINDS)
    return [found for found in results if found.count]


def nearly(text: str) -> list[Record]:
    """People and parties whose name is nearly this: for misspellings."""
    found: list[Record] = []
    for names in (Person.published.all(), Party.published.all()):
        found += _near(names, text)
    return found


def _near(names: Any, text: str) -> list[Record]:
    near = names.annotate(likeness=TrigramWordSimilarity(text, "name"))
    return list(near.filter(likeness__gte=NEARLY).order_by("-likeness", "name")[:5])


def _matches(kind: Kind, query: SearchQuery) -> Found:
    vector = SearchVector(*kind.fields, config="english")
    matching = kind.model._default_manager.public().annotate(vector=vector).filter(vector=query)
    count = matching.count()
    if not count:
        return Found(kind, 0)
    parts = (part for name in kind.fields for part in (F(name), Value(" ")))
    text = Concat(*parts, output_field=TextField())
    headline = SearchHeadline(
        text, query, config="english", start_sel=START, stop_sel=STOP, max_words=40, min_words=20
    )
    if kind.with_names:
        matching = matching.select_related(*kind.with_names)
    shown = matching.annotate(rank=SearchRank(vector, query), headline=headline)
    return Found(kind, count, list(shown.order_by("-rank", "-id")[:MOST]))
