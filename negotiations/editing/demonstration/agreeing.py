"""What the meeting at hand of the demonstration agrees on, by whose account, and what it leaves open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from negotiations.editing.demonstration import words
from negotiations.editing.demonstration.afterwards import set_due
from negotiations.models import Account, Action, OpenMatter, Party, Statement

if TYPE_CHECKING:
    from negotiations.editing.demonstration.story import Story
    from negotiations.models import Person

SHAPES = ("all", "all", "one", "one", "qualified", "disputed", "none")


def agree(story: Story, present: dict[str, list[Person]]) -> int:
    """Some actions, with the accounts that the sides give of them; returns how many statements."""
    rng, said = story.rng, 0
    for _ in range(rng.choice((2, 3, 4, 4, 5))):
        kind, title, topic = rng.choice(words.AGREED)
        action = Action(
            meeting=story.at,
            kind=kind,
            title=title.format(n=len(story.made[Action]) + 1),
            details=story.filled(rng.choice(words.DETAILS)),
        )
        set_due(action, story.day, rng)
        owing = rng.sample(story.sides, rng.choice((0, 1, 1, 1, 2)))
        story.make(action, owed_by=owing, topics=[story.topics[topic]])
        story.cite(story.transcript, "results of the meeting", action=action)
        for party, stance in _stances(story, rng.choice(SHAPES)):
            known = {"title": action.title, "party": party.short}
            text = story.filled(rng.choice(words.ACCOUNTS[stance]), **known)
            statement = story.say(party, rng.choice(present[party.slug]), text, topic)
            account = Account(action=action, party=party, stance=stance, statement=statement)
            if stance == "qualified":
                note = story.filled(rng.choice(words.NOTES))
                account.note = note[:1].lower() + note[1:]
            story.make(account)
            said += 1
    return said


def _stances(story: Story, shape: str) -> list[tuple[Party, str]]:
    """Who of the sides announces, confirms, qualifies or denies."""
    first, *others = story.rng.sample(story.sides, len(story.sides))
    rest = {
        "all": ["confirmed"] * len(others),
        "one": [],
        "qualified": ["qualified"],
        "disputed": [*["confirmed"] * (len(others) - 1), "denied"],
    }
    if shape == "none":
        return []
    return [(first, "announced"), *zip(others, rest[shape], strict=False)]


def leave_open(story: Story) -> None:
    """A matter that stays open, by a participant's words or by the transcript."""
    matter = story.rng.choice(words.MATTERS)
    left = OpenMatter(
        meeting=story.at,
        title=story.filled(story.rng.choice(words.OPEN), thing=matter.thing)[:200],
        topic=story.topics[matter.topic],
        question=story.questions[matter],
    )
    story.make(left)
    if story.rng.random() < 0.7:
        said = [each for each in story.made[Statement] if each.meeting is story.at]
        left.statement = story.rng.choice(said)
    else:
        story.cite(story.transcript, "what stays open", open_matter=left)
