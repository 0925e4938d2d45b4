"""Matches as they come from the index: sorting and counting them as arrays is quicker than in SQL.

An entry's `facets` are numbers of four bytes, the highest byte first: -1 minus the day (counted from
UNDATED), the id in two parts, then the code of each value that the record has. The facets of many
matches are put end to end; a rank may follow each, as RANKED and more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from negotiations.search.entries import STEP

ID_BITS = 30  # of an id's lower part: fewer than 32, so that it is never negative
HEAD = 3  # numbers before the codes
RANKED = 15 * STEP  # above all codes
STEPS = 1_000_000  # to which part of one a rank is told
HIGHEST = STEP // STEPS - 1

ROW = np.dtype([("id", "i8"), ("day", "i4"), ("rank", "f4")])


@dataclass(slots=True)
class Hits:
    """The id, day and rank (1 if none was given) of each match, and the facet codes of all."""

    rows: Any
    codes: Any


def read(facets: bytes | None) -> Hits:
    """Of the facets of all matches, end to end; None if there are none."""
    numbers = np.frombuffer(facets or b"", ">i4").astype(np.int32)
    heads = np.flatnonzero(numbers < 0)
    ranks = np.flatnonzero(numbers >= RANKED)
    rows = np.empty(len(heads), ROW)
    rows["id"] = numbers[heads + 1].astype(np.int64) << ID_BITS | numbers[heads + 2]
    rows["day"] = -1 - numbers[heads]
    rows["rank"] = 1
    rows["rank"][heads.searchsorted(ranks) - 1] = (numbers[ranks] - RANKED) / STEPS
    is_code = np.ones(len(numbers), bool)
    is_code[ranks] = False
    for place in range(HEAD):
        is_code[heads + place] = False
    return Hits(rows, numbers[is_code])


def likeliest(rows: Any) -> Any:
    return -rows["rank"]


def newest(rows: Any) -> Any:
    return -rows["day"]


def oldest(rows: Any) -> Any:
    return rows["day"]


def first(rows: Any, number: int, keys: tuple[Any, ...]) -> Any:
    """The first so many rows by these keys, in any order, with all that tie with the last of them."""
    sure = []
    for key in keys:
        if len(rows) <= number:
            break
        values = key(rows)
        edge = np.partition(values, number - 1)[number - 1]
        before = values < edge
        sure.append(rows[before])
        number -= int(before.sum())
        rows = rows[values == edge]
    return np.concatenate([*sure, rows])
