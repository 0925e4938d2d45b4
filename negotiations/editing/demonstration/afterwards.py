"""What became of each action of the demonstration: when it is due, and what was reported of it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from negotiations.editing.demonstration import words
from negotiations.models import Progress, Source, VagueDate

if TYPE_CHECKING:
    import random

    from negotiations.editing.demonstration.story import Story
    from negotiations.models import Action

# The lives that an action may have, as states in turn; the first is the commonest.
LIVES = (
    ("under_way", "partly_done", "done"),
    ("under_way",),
    ("pending", "under_way", "done"),
    ("under_way", "stalled"),
    ("pending", "stalled", "under_way", "partly_done"),
    ("under_way", "stalled", "broken_off"),
    ("done",),
    ("pending",),
    (),
    (),
)
LAST_DAY = dt.date(2025, 11, 1)


def set_due(action: Action, day: dt.date, rng: random.Random) -> None:
    """A due date as exact as such dates are: a day, a month, a year, about, words, or none."""
    later = day + dt.timedelta(days=rng.randint(30, 400))
    kind = rng.choice(("day", "day", "month", "month", "year", "about", "words", "none", "far"))
    if kind == "day":
        action.due = VagueDate(later)
    elif kind == "month":
        action.due = VagueDate(later.replace(day=1), 2)
    elif kind == "year":
        action.due = VagueDate(later.replace(month=1, day=1), 1)
    elif kind == "about":
        action.due = VagueDate(later.replace(day=1), 2, about=True)
    elif kind == "words":
        action.due_words = rng.choice(words.DUE_WORDS)
    elif kind == "far":
        action.due = VagueDate(dt.date(2049, rng.randint(1, 12), 1), 2)


class Afterwards:
    """Reports on actions, each with its source."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.bulletins: dict[tuple[int, int], Source] = {}

    def follow(self, action: Action) -> None:
        """Its life in reports, as far as there was time for them."""
        rng = self.story.rng
        meeting = action.meeting
        self.story.sides = self.story.sides_of[meeting.slug]
        day = meeting.date.last if meeting.date else LAST_DAY
        for state in rng.choice(LIVES):
            day += dt.timedelta(days=rng.randint(20, 160))
            if day > LAST_DAY:
                return
            date = VagueDate(day) if rng.random() < 0.75 else VagueDate(day.replace(day=1), 2)
            report = Progress(action=action, state=state, date=date)
            party = rng.choice(self.story.sides).short
            report.report = self.story.filled(words.REPORTS[state], party=party)
            self.story.make(report)
            self.story.cite(self._bulletin(day), f"item {rng.randint(1, 40)}", progress=report)

    def _bulletin(self, day: dt.date) -> Source:
        """The quarterly bulletin that came out next."""
        quarter = (day.year, (day.month - 1) // 3 + 1)
        if quarter not in self.bulletins:
            last = dt.date(day.year + quarter[1] // 4, quarter[1] * 3 % 12 + 1, 1)
            self.bulletins[quarter] = self.story.source(
                f"Bulletin of the secretariat, {day.year}, quarter {quarter[1]}",
                Source.Kind.NEWS_REPORT,
                None,
                last,
            )
        return self.bulletins[quarter]
