"""The bars of what became of it: as long as the numbers they stand for, from zero, and told in words."""

from __future__ import annotations

import datetime as dt

import pytest
from lxml import etree

from negotiations.insight.bars import bars
from negotiations.insight.outcomes import Asked, Summary

DAY = dt.date(2026, 11, 25)
SVG = "{http://www.w3.org/2000/svg}"


def _summary(*states: tuple[str, int, int]) -> Summary:
    rows = [(words.replace(" ", "_"), words, number, overdue) for words, number, overdue in states]
    total, overdue = (sum(row[place] for row in rows) for place in (2, 3))
    return Summary(DAY, total, overdue, 0, 0, rows)


@pytest.mark.parametrize("most", [1, 7, 12, 100, 98_765])
def test_bars_are_as_long_as_their_numbers_and_begin_at_zero(most: int) -> None:
    picture = bars(Asked(as_of=DAY), _summary(("done", most, 0), ("pending", 1, 1)))
    root = etree.fromstring(picture.inline())
    rects = root.findall(f"{SVG}rect")
    assert len({rect.get("x") for rect in rects}) == 1
    done, _, pending, overdue = (float(rect.get("width")) for rect in rects)
    assert pending == overdue == pytest.approx(done / most, abs=0.1)
    ticks = [each.text for each in root.findall(f"{SVG}text[@class='tiny quiet middle']")]
    assert ticks[0] == "0"
    assert 2 <= len(ticks) <= 6
    assert f"done: {most:,} action" in picture.description
    assert "1 action, 1 overdue" in picture.description
    assert f"n = {most + 1:,} actions" in " ".join(picture.notes)


def test_none_is_a_picture_too() -> None:
    assert bars(Asked(as_of=DAY), _summary()).description == "There is no action."
