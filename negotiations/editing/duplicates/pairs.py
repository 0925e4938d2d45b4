"""Pairs of records that are most alike, for an editor to judge."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

from negotiations.editing.duplicates.likes import (
    LIKE_ENOUGH,
    LIKE_ENOUGH_ELSE,
    alike,
    keys_of,
    tells,
    told_apart,
)
from negotiations.models import NotTheSame, Party

if TYPE_CHECKING:
    from collections.abc import Iterator

    from negotiations.models.records import AddressedRecord

MOST = 50
# What more records than this share says little: it makes no pairs.
COMMON = 40


@dataclass(frozen=True)
class Pair:
    """Two records that may be one, the one to keep first, with what tells each apart."""

    kept: Any
    other: Any
    likeness: float
    kept_tells: tuple[str, ...]
    other_tells: tuple[str, ...]


def pairs(model: type[AddressedRecord]) -> list[Pair]:
    """The likeliest pairs of this kind, at most `MOST`; four queries, however many records."""
    rows = {
        row["pk"]: row
        for row in model._default_manager.values(
            "pk", *model.called, *(["part_of"] if model is Party else [])
        )
    }
    keys = {pk: keys_of(model, row) for pk, row in rows.items()}
    told = NotTheSame.objects.filter(kind=model._meta.model_name)
    judged = set(told.values_list("one", "two"))
    enough = LIKE_ENOUGH.get(model, LIKE_ENOUGH_ELSE)
    scored = []
    for one, two in _sharing(keys) - judged:
        sides = {rows[pk].get("part_of") for pk in (one, two)}
        if len(sides - {None}) > 1:
            continue  # bodies of two parties
        likeness = max((alike(a, b) for a in keys[one] for b in keys[two]), default=0)
        if likeness >= enough:
            scored.append((-likeness, one, two))
    best = sorted(scored)[:MOST]
    records = told_apart(model, {pk for _score, *two in best for pk in two})
    return [_pair(records[one], records[two], -score) for score, one, two in best]


def _pair(one: Any, two: Any, likeness: float) -> Pair:
    kept, other = sorted((one, two), key=lambda record: (not record.is_public, record.pk))
    return Pair(kept, other, likeness, tells(kept), tells(other))


def _sharing(keys: dict[int, set[str]]) -> set[tuple[int, int]]:
    """Pairs of ids whose names share a word, or one but for a letter, that few others have."""
    bearers: dict[str, set[int]] = defaultdict(set)
    for pk, names in keys.items():
        for name in names:
            bearers["".join(sorted(name.split()))].add(pk)
            for mark in _marks(name):
                bearers[mark].add(pk)
    return {
        pair
        for pks in bearers.values()
        if len(pks) <= COMMON
        for pair in combinations(sorted(pks), 2)
    }


def _marks(name: str) -> Iterator[str]:
    """The words of a name, and what each is without one of its letters."""
    for word in name.split():
        if len(word) < 4:
            continue
        yield word
        for place in range(len(word)):
            yield f"{word[:place]}{word[place + 1 :]}"


def not_the_same(model: type[AddressedRecord], one: int, two: int, user: Any) -> None:
    """Remember that these are two, whatever their names."""
    low, high = sorted((one, two))
    NotTheSame.objects.get_or_create(
        kind=model._meta.model_name, one=low, two=high, defaults={"said_by": user}
    )
