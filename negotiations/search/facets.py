"""Facets: by what the matches can be told apart, and how many each value has."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from negotiations.languages import grouped, pgettext, pgettext_noop
from negotiations.search.asking import FILTERS, NAMED, Ask
from negotiations.search.cards import Name
from negotiations.search.entries import FIXED, STEP, Dimension, Kind, entry_id

if TYPE_CHECKING:
    from collections.abc import Mapping

VALUES = 6  # shown of a facet, unless more are asked for
MOST_VALUES = 200
SHOWN = ("party", "person", "topic", "year", "form", "process", "publisher")
SHOWN_OF_ACTIONS = ("party", "topic", "status", "account", "kind", "year", "process", "publisher")
LABELS = {
    "follow_up": "follow-up meeting",
    "one_side": "one side’s account",
    "confirmed": "confirmed by all sides",
    "partly": "confirmed in part",
    "none": "no account yet",
    "no_report": "no report yet",
}
# As which the catalogues have the words of what the models name.
CONTEXTS = {
    Dimension.FORM: "form of a statement",
    Dimension.STATUS: "state of an action",
    Dimension.ACCOUNT: "verdict",
    Dimension.ACTION_KIND: "kind of action",
}
pgettext_noop("state of an action", "no report yet")


@dataclass(slots=True)
class Value:
    """One value of a facet; `value` is what the address names it by."""

    value: str
    label: str
    count: int
    chosen: bool

    @property
    def shown(self) -> str:
        return grouped(self.count)

    @property
    def id(self) -> str:
        return re.sub(r"\W+", "-", self.value)


@dataclass(slots=True)
class Facet:
    name: str
    label: str
    values: list[Value]
    more: bool = False
    newest: int = 0  # the numbers are of so many of the newest records; 0: of all


@dataclass(slots=True)
class Counts:
    """How often each code occurs in the facets of the matches: sorted codes, and their numbers."""

    codes: Any
    numbers: Any
    newest: int = 0  # counted of so many of the newest matches; 0: of all

    @classmethod
    def of(cls, codes: Any, newest: int = 0) -> Counts:
        """Of the codes of all matches, in any order."""
        codes = np.sort(codes)
        ends = np.append(np.flatnonzero(codes[1:] != codes[:-1]) + 1, len(codes))[: len(codes)]
        return cls(codes[ends - 1], np.diff(ends, prepend=0), newest)

    def top(self, dimension: int, most: int | None = None) -> list[tuple[int, int]]:
        """The values of a dimension with their numbers, the most frequent and then the newest first."""
        low, high = self.codes.searchsorted((dimension * STEP, (dimension + 1) * STEP))
        numbers, values = self.numbers[low:high], self.codes[low:high] - dimension * STEP
        # One number to sort by: there are fewer than 2**27 values, and fewer matches than 2**36.
        order = np.argsort(-(numbers.astype(np.int64) * STEP + values))[:most]
        return list(zip(values[order].tolist(), numbers[order].tolist(), strict=True))

    def number(self, dimension: int, value: int) -> int:
        place = self.codes.searchsorted(dimension * STEP + value)
        same = place < len(self.codes) and self.codes[place] == dimension * STEP + value
        return int(self.numbers[place]) if same else 0


# By facet: (number of the value, matches), the most frequent first; a last (-1, 0) if there are more.
Top = dict[str, list[tuple[int, int]]]


def most_frequent(ask: Ask, counts: dict[str, Counts], sizes: Mapping[str, int]) -> Top:
    """The values to be shown of each facet: the most frequent, and those that are chosen.

    `sizes` says of which facets how many, where it is not VALUES.
    """
    top: Top = {}
    for name, of_name in counts.items():
        dimension = FILTERS[name]
        size = sizes.get(name, VALUES)
        ordered = of_name.top(dimension, size + 1)
        missing = set(ask.codes.get(name, ())) - {number for number, _ in ordered[:size]}
        top[name] = ordered[:size] + [(n, of_name.number(dimension, n)) for n in sorted(missing)]
        if len(ordered) > size:
            top[name].append((-1, 0))
    return top


def named_in(top: Top) -> tuple[list[int], list[int]]:
    """The entries and the publishers whose names the values go by."""
    entries, publishers = [], []
    for name, values in top.items():
        dimension = FILTERS[name]
        numbers = [number for number, _ in values if number > 0]
        if dimension in NAMED:
            entries += [entry_id(NAMED[dimension], number) for number in numbers]
        elif dimension == Dimension.PUBLISHER:
            publishers += numbers
    return entries, publishers


def made(
    ask: Ask, top: Top, names: dict[int, Name], counts: dict[str, Counts], counted: int
) -> list[Facet]:
    """The facets with something to choose from among `counted` matches."""
    facets = []
    for name, numbers in top.items():
        dimension = FILTERS[name]
        chosen = ask.codes.get(name, [])
        values = [
            Value(*said, count, number in chosen)
            for number, count in numbers
            if number >= 0 and (said := _said(dimension, number, names))
        ]
        if values and (len(values) > 1 or values[0].chosen or values[0].count < counted):
            more = numbers[-1][0] == -1
            facets.append(Facet(name, str(dimension.label), values, more, counts[name].newest))
    return facets


def _said(dimension: Dimension, number: int, names: dict[int, Name]) -> tuple[str, str] | None:
    """What the address and the page call a value; None for a record that is public no more."""
    if dimension in NAMED or dimension == Dimension.PUBLISHER:
        name = names.get(entry_id(NAMED[dimension], number) if dimension in NAMED else -number)
        return (name.slug, name.name) if name else None
    if dimension == Dimension.YEAR:
        return str(number), str(number)
    value = FIXED[dimension][number - 1]
    label = LABELS.get(value, value.replace("_", " "))
    return value, pgettext(CONTEXTS.get(dimension, "filter"), label)


def shown(ask: Ask) -> tuple[str, ...]:
    return SHOWN_OF_ACTIONS if ask.kind == Kind.ACTION else SHOWN
