"""The search index: one row a public record, kept by triggers (`schema.py`), never by hand."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func, Q

from negotiations.languages import pgettext_lazy

# What stands for "no date" in an order by date: older than everything.
UNDATED = dt.date(1, 1, 1)


class Kind(models.IntegerChoices):
    """The kinds of record that are found, as the index numbers them."""

    STATEMENT = 1, pgettext_lazy("kinds of record", "statements")
    ACTION = 2, pgettext_lazy("kinds of record", "actions")
    MEETING = 3, pgettext_lazy("kinds of record", "meetings")
    PERSON = 4, pgettext_lazy("kinds of record", "people")
    PARTY = 5, pgettext_lazy("kinds of record", "parties")
    TOPIC = 6, pgettext_lazy("kinds of record", "topics")
    QUESTION = 7, pgettext_lazy("kinds of record", "questions")
    OPEN_MATTER = 8, pgettext_lazy("kinds of record", "open matters")
    PROCESS = 9, pgettext_lazy("kinds of record", "processes")


class Dimension(models.IntegerChoices):
    """What a record can be told apart by: each is a facet, a filter or a field of the query."""

    KIND = 1, pgettext_lazy("filter", "Kind")
    PARTY = 2, pgettext_lazy("filter", "Party")
    PERSON = 3, pgettext_lazy("filter", "Person")
    TOPIC = 4, pgettext_lazy("filter", "Topic")
    YEAR = 5, pgettext_lazy("filter", "Year")
    FORM = 6, pgettext_lazy("filter", "Form")
    PROCESS = 7, pgettext_lazy("filter", "Process")
    PUBLISHER = 8, pgettext_lazy("filter", "Publisher")
    STATUS = 9, pgettext_lazy("filter", "Status")
    ACCOUNT = 10, pgettext_lazy("filter", "Account")
    ACTION_KIND = 11, pgettext_lazy("filter", "Kind of action")
    MEETING = 12, pgettext_lazy("filter", "Meeting")
    HAS = 13, pgettext_lazy("filter", "Has")


TABLE = "negotiations_searchentry"
FACETS = "negotiations_searchfacets"
STEP = 2**27
FORMS = ("verbatim", "paraphrase")
STATUSES = ("no_report", "pending", "under_way", "done", "partly_done", "stalled", "broken_off")
ACCOUNTS = ("confirmed", "one_side", "partly", "disputed", "none")
ACTION_KINDS = ("commitment", "mechanism", "follow_up", "understanding")
HAS = ("source", "original", "date")
# Dimensions whose values are few and fixed, by their place in these.
FIXED = {
    Dimension.FORM: FORMS,
    Dimension.STATUS: STATUSES,
    Dimension.ACCOUNT: ACCOUNTS,
    Dimension.ACTION_KIND: ACTION_KINDS,
    Dimension.HAS: HAS,
}


def code(dimension: int, value: int) -> int:
    """One number for "this value of this dimension": it stands in the facets and the vector."""
    return dimension * STEP + value


def lexeme(dimension: int, value: int) -> str:
    """The same as a lexeme, which no word of a text can be, for the part of a tsquery."""
    return f"'#{code(dimension, value)}'"


def entry_id(kind: int, record_id: int) -> int:
    return record_id * 16 + kind


class SearchEntry(models.Model):
    """A public record as it is searched: its words, and codes for what it can be filtered by."""

    id = models.BigIntegerField(primary_key=True)
    record_id = models.BigIntegerField()
    person_id = models.BigIntegerField(null=True)
    party_id = models.BigIntegerField(null=True)
    meeting_id = models.BigIntegerField(null=True)
    source_id = models.BigIntegerField(null=True)
    sort_date = models.DateField()
    date_from = models.DateField(null=True)
    date_until = models.DateField(null=True)
    kind = models.SmallIntegerField(choices=Kind.choices)
    date_precision = models.SmallIntegerField(null=True)
    date_about = models.BooleanField(default=False)
    facets = models.BinaryField()  # laid out as `hits.py` says
    title = models.TextField()
    body = models.TextField()
    vector = SearchVectorField()

    class Meta:
        app_label = "negotiations"
        indexes = (
            GinIndex(fields=["vector"], name="searchentry_vector", fastupdate=False),
            models.Index(fields=["-sort_date", "-id"], name="searchentry_newest"),
            models.Index(
                fields=["-sort_date", "-id"],
                name="searchentry_newest_titled",
                condition=~Q(kind=Kind.STATEMENT),
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.record_id}"


class SearchFacets(models.Model):
    """An entry without its words: who reads thousands of matches reads a fourteenth as much.

    Found by its entry's words all the same: `readout_vector` looks them up for the index. So whenever
    an entry changes, a trigger takes these out and puts them in anew (`schema.FACETS_FOLLOW`).
    """

    id = models.BigIntegerField(primary_key=True)
    kind = models.SmallIntegerField(choices=Kind.choices)
    facets = models.BinaryField()
    vector = SearchVectorField(null=True)  # of what has a title, which is ranked by it

    class Meta:
        app_label = "negotiations"
        indexes = (
            GinIndex(
                Func(F("id"), function="readout_vector"),
                name="searchfacets_vector",
                fastupdate=False,
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.id >> 4}"


class SearchName(models.Model):
    """What a person, party, meeting, topic, question or process is called, in all spellings."""

    id = models.BigIntegerField(primary_key=True)
    record_id = models.BigIntegerField()
    kind = models.SmallIntegerField(choices=Kind.choices)
    name = models.TextField()
    slug = models.TextField()
    mark = models.TextField()
    names = models.TextField()
    vector = SearchVectorField()

    class Meta:
        app_label = "negotiations"
        indexes = (
            GinIndex(fields=["vector"], name="searchname_vector", fastupdate=False),
            GinIndex(
                fields=["names"],
                name="searchname_nearly",
                opclasses=["gin_trgm_ops"],
                fastupdate=False,
            ),
            models.Index(fields=["kind", "slug"], name="searchname_by_address"),
        )

    def __str__(self) -> str:
        return self.name


class SearchPublisher(models.Model):
    """A number for each publisher's name, which facets need."""

    id = models.AutoField(primary_key=True)
    name = models.TextField(unique=True)

    class Meta:
        app_label = "negotiations"

    def __str__(self) -> str:
        return self.name


def fixed_value(dimension: int, value: str) -> int | None:
    """The number of a value of a fixed dimension; None if it has no such value."""
    values: Any = FIXED[Dimension(dimension)]
    return values.index(value) + 1 if value in values else None
