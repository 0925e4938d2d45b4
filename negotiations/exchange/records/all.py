"""The kinds of record that machines can ask for, by name, by path and by their number in the index."""

from __future__ import annotations

from negotiations.exchange.records import (
    actions,
    meetings,
    people,
    sides,
    sources,
    statements,
    topics,
)

ALL = (
    sides.PROCESS, meetings.MEETING, sides.PARTY, people.PERSON, topics.TOPIC, topics.QUESTION,
    statements.STATEMENT, actions.ACTION, actions.OPEN_MATTER, sources.SOURCE,
)  # fmt: skip
RESOURCES = {each.name: each for each in ALL}
BY_PATH = {each.path: each for each in ALL}
BY_KIND = {each.kind: each for each in ALL if each.kind}
