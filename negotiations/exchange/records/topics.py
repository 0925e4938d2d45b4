"""What is talked about: topics, and the questions in dispute."""

from __future__ import annotations

from negotiations.exchange.records.fields import (
    NUMBER,
    Field,
    Parts,
    choice,
    lines,
    reference,
    text,
    text_if_any,
)
from negotiations.exchange.records.naming import statement_name
from negotiations.exchange.records.resources import Resource
from negotiations.models import Position, Question, Topic
from negotiations.models.visibility import public_sql
from negotiations.search.entries import Kind

MOST_POSITIONS = 100

TOPIC = Resource(
    name="topic",
    path="topics",
    model=Topic,
    kind=Kind.TOPIC,
    says="What is talked about; topics form a tree.",
    address="'/topics/' || {r}.slug || '/'",
    called="{r}.name",
    own=(
        text("slug", "The last part of its page’s address.", "nato"),
        text("name", "What it is called.", "NATO"),
        lines("other_names", "Other spellings and former names.", ["North Atlantic Treaty"]),
        reference("parent", "The wider topic.", "topic"),
        text_if_any("description", "What belongs here."),
    ),
    demonstration="{r}.demonstration",
)

POSITIONS = Parts(
    name="positions",
    says=f"What parties want on it, by the latest {MOST_POSITIONS} positions; statements have all.",
    schema={},
    of=Position,
    by="question_id",
    only=public_sql("{r}"),
    order="{r}.id DESC",
    most=MOST_POSITIONS,
    in_lists=False,
    fields=(
        Field(name="id", says="The position’s number.", schema=NUMBER, sql="{r}.id"),
        reference("party", "Who wants it.", "party"),
        choice("stance", "What it wants.", Position.Stance, "opposes"),
        text_if_any("summary", "The same in one sentence."),
        reference("statement", "The statement that shows it.", "statement",
                  called=statement_name("{r}_statement")),
    ),
)  # fmt: skip

QUESTION = Resource(
    name="question",
    path="questions",
    model=Question,
    kind=Kind.QUESTION,
    says="A disputed point on which parties take a position.",
    address="'/questions/' || {r}.slug || '/'",
    called="{r}.text",
    own=(
        text("slug", "The last part of its page’s address.", "nato-troops"),
        text("text", "The question.", "May NATO troops deploy in Ukraine?"),
        text_if_any("description", "What is in dispute."),
        reference("topic", "What it is about.", "topic"),
        POSITIONS,
    ),
    demonstration="{r}_topic.demonstration",
    needs=(
        "LEFT JOIN negotiations_topic {r}_topic ON {r}_topic.id = {r}.topic_id"
        f" AND {public_sql('{r}_topic')}",
    ),
)
