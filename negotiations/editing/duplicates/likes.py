"""Records that are named like one: what an editor should look at before adding another."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from anyascii import anyascii
from django.db.models import Count, F, FloatField, Func, OuterRef, Prefetch, Q, Subquery, Value
from django.db.models.functions import Coalesce, Greatest
from django.urls import reverse
from rapidfuzz.fuzz import ratio

from negotiations.models import (
    Appointment,
    Meeting,
    NotTheSame,
    Party,
    Person,
    Position,
    Process,
    Question,
    Statement,
    Topic,
)
from negotiations.models.names import Latin

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db import models

    from negotiations.models.records import AddressedRecord

# The kinds that can be entered twice by mistake, by their names in addresses.
KINDS: dict[str, type[AddressedRecord]] = {
    model._meta.model_name: model for model in (Person, Party, Topic, Question, Process)
}
MOST = 8
LOOKED_AT = 60
# People's names have few words, of which one often differs; titles share theirs by nature.
LIKE_ENOUGH: dict[type[AddressedRecord], float] = {Person: 0.7}
LIKE_ENOUGH_ELSE = 0.79


@dataclass(frozen=True)
class Like:
    """A record with a name like the one asked for, drafts too.

    `likeness` is from 0 to 1 (the same name, but for case, accents, script or the order of its
    words); `tells` are what tells it apart: its offices, what it is part of, how much it said.
    """

    kind: str
    pk: int
    name: str
    likeness: float
    status: str
    url: str
    tells: tuple[str, ...]

    @property
    def key(self) -> str:
        """What tells it from records of all kinds: "person-12"."""
        return f"{self.kind}-{self.pk}"


def likes(
    model: type[AddressedRecord],
    names: Iterable[str],
    exclude_pk: int | None = None,
    part_of: int | None = None,
) -> list[Like]:
    """The records of this kind that may be the one called so, the likest first, at most `MOST`.

    `names` are all names of the one that is to be saved, in any script; `exclude_pk` is its own
    record, if it has one: then what was said to be not the same stays away, too. `part_of` is the
    id of the party that it is part of: bodies of other parties are others, whatever their name.
    Four queries at most, however many records there are.
    """
    asked = [name for name in names if key(name)]
    if not asked:
        return []
    found = [*_near(model, asked, exclude_pk, part_of), *_same(model, asked, exclude_pk, part_of)]
    keys = {key(name) for name in asked}
    scored = {}
    for row in found:
        likeness = max(alike(a, b) for a in keys for b in keys_of(model, row))
        if likeness >= LIKE_ENOUGH.get(model, LIKE_ENOUGH_ELSE):
            scored[row["pk"]] = likeness
    best = dict(sorted(scored.items(), key=lambda item: (-item[1], item[0]))[:MOST])
    records = told_apart(model, best)
    return [
        Like(
            str(model._meta.model_name),
            pk,
            str(records[pk]),
            round(likeness, 2),
            records[pk].get_status_display(),
            reverse(f"admin:negotiations_{model._meta.model_name}_change", args=[pk]),
            tells(records[pk]),
        )
        for pk, likeness in best.items()
        if pk in records
    ]


# --- How like two names are ---


def key(name: str) -> str:
    """The name in lower-case Latin letters, as words with one space between."""
    latin = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", anyascii(name)) if not name.isascii() else name
    return " ".join(re.findall(r"[a-z0-9]+", re.sub(r"['’`]", "", latin).lower()))


def keys_of(model: type[AddressedRecord], row: dict[str, Any]) -> set[str]:
    """The keys of all names of a record, given as a row of its naming fields."""
    lines = (line for name in model.called for line in row[name].splitlines())
    return {made for line in lines if (made := key(line))}


def alike(one: str, two: str) -> float:
    """How like two keys are, from 0 to 1: word by word in any order, an initial for its word.

    Names that differ in a number ("talks of 2024", "talks of 2025") are not alike.
    """
    a, b = one.split(), two.split()
    if sorted(a) == sorted(b) or "".join(a) == "".join(b):
        return 1.0
    if {word for word in a if word.isdecimal()} != {word for word in b if word.isdecimal()}:
        return 0.0
    matched = sum(_best(word, b) * len(word) for word in a)
    matched += sum(_best(word, a) * len(word) for word in b)
    aligned = matched / sum(map(len, (*a, *b)))
    # Chinese and Korean names are cut into words in more than one way.
    joined = ratio("".join(a), "".join(b)) / 100 if len(a) != len(b) else 0.0
    return min(max(aligned, joined), 0.99)


def _best(word: str, others: list[str]) -> float:
    return max(_words_alike(word, other) for other in others)


def _words_alike(one: str, two: str) -> float:
    if one != two and one[0] == two[0] and 1 in (len(one), len(two)):
        return 0.9
    return ratio(one, two) / 100


# --- Which are looked at ---


def _near(
    model: type[AddressedRecord], asked: list[str], exclude_pk: int | None, part_of: int | None
) -> Any:
    """Rows of names that share letters with those asked for, by the trigram indexes."""
    spelled = [Latin(Value(name)) for name in dict.fromkeys([*asked, *map(key, asked)])]
    columns = {f"{field}_latin": Latin(F(field)) for field in model.called}
    lookups = {
        column: "trigram_strict_word_similar" if "other_names" in column else "trigram_similar"
        for column in columns
    }
    near = [Q(**{f"{c}__{lookup}": name}) for c, lookup in lookups.items() for name in spelled]
    measures = [_similarity(column, name) for column in columns for name in spelled]
    found = _eligible(model, exclude_pk, part_of).alias(**columns).filter(reduce(or_, near))
    order = Greatest(*measures) if len(measures) > 1 else measures[0]
    return found.order_by(order.desc(), "pk").values("pk", *model.called)[:LOOKED_AT]


def _same(
    model: type[AddressedRecord], asked: list[str], exclude_pk: int | None, part_of: int | None
) -> Any:
    """Rows of the very same names in scripts that have no trigrams here, Chinese for one."""
    if all(name.isascii() for name in asked):
        return []
    same = reduce(or_, (Q(**{f"{field}__in": asked}) for field in model.called))
    found = _eligible(model, exclude_pk, part_of).filter(same)
    return found.order_by("pk").values("pk", *model.called)[:LOOKED_AT]


def _eligible(
    model: type[AddressedRecord], exclude_pk: int | None, part_of: int | None
) -> models.QuerySet:
    found: models.QuerySet = model._default_manager.all()
    if exclude_pk:
        others = NotTheSame.objects.filter(kind=model._meta.model_name)
        found = found.exclude(
            Q(pk=exclude_pk)
            | Q(pk__in=others.filter(one=exclude_pk).values("two"))
            | Q(pk__in=others.filter(two=exclude_pk).values("one"))
        )
    if part_of and model is Party:
        found = found.filter(Q(part_of=None) | Q(part_of=part_of))
    return found


def _similarity(column: str, name: Any) -> Func:
    return Func(F(column), name, function="similarity", output_field=FloatField())


# --- What tells them apart ---


def told_apart(model: type[AddressedRecord], pks: Iterable[int]) -> dict[int, Any]:
    """The records with these ids, with all that `tells` reads; two queries."""
    if not (wanted := list(pks)):
        return {}
    records: Any = model._default_manager.filter(pk__in=wanted)
    for name, counted, field in COUNTED[model]:
        number = (
            counted._default_manager.filter(**{field: OuterRef("pk")})
            .order_by()
            .values(field)
            .annotate(number=Count("pk"))
            .values("number")
        )
        records = records.annotate(**{f"count_{name}": Coalesce(Subquery(number), 0)})
    if model is Person:
        offices = Appointment.objects.select_related("party")
        records = records.prefetch_related(Prefetch("appointments", offices, to_attr="offices"))
    elif model in ABOVE:
        records = records.select_related(*ABOVE[model])
    return {record.pk: record for record in records}


COUNTED: dict[Any, tuple[tuple[str, Any, str], ...]] = {
    Person: (("statements", Statement, "speaker"),),
    Party: (("statements", Statement, "party"),),
    Topic: (("statements", Statement.topics.through, "topic"),),
    Question: (("positions", Position, "question"),),
    Process: (("meetings", Meeting, "process"),),
}
ABOVE = {Party: ("part_of",), Topic: ("parent",), Question: ("topic",)}


def tells(record: Any) -> tuple[str, ...]:
    """What tells this record from one of its name, in a few words each."""
    model = type(record)
    said = [f"{office.office}, {office.party}" for office in getattr(record, "offices", ())[:3]]
    if model is Party:
        said.append(record.get_kind_display())
    for name in ABOVE.get(model, ()):
        if above := getattr(record, name):
            said.append(f"{'part of' if model is Party else 'under'} {above}")
    for name, _counted, _field in COUNTED[model]:
        number = getattr(record, f"count_{name}")
        said.append(f"{number} {name if number != 1 else name[:-1]}")
    return tuple(said)
