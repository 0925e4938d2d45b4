"""What was said, and what it shows that a party wants."""

from __future__ import annotations

from negotiations.exchange.records.citing import citations
from negotiations.exchange.records.fields import (
    NUMBER,
    Field,
    Parts,
    choice,
    date,
    reference,
    references,
    text,
    text_if_any,
)
from negotiations.exchange.records.naming import statement_name
from negotiations.exchange.records.resources import Resource
from negotiations.models import Account, Position, Statement, StatementTopic
from negotiations.models.visibility import public_sql
from negotiations.search.entries import Kind

POSITIONS = Parts(
    name="positions",
    says="What it shows that a party wants.",
    schema={},
    of=Position,
    by="statement_id",
    only=public_sql("{r}"),
    in_lists=False,
    fields=(
        Field(name="id", says="The position’s number.", schema=NUMBER, sql="{r}.id"),
        reference("question", "The question in dispute.", "question", by_name="text"),
        reference("party", "Who wants it.", "party"),
        choice("stance", "What it wants.", Position.Stance, "opposes"),
        text_if_any("summary", "The same in one sentence."),
    ),
)

ACCOUNTS = Parts(
    name="accounts",
    says="The actions of which it gives account.",
    schema={},
    of=Account,
    by="statement_id",
    only=public_sql("{r}"),
    in_lists=False,
    fields=(
        Field(name="id", says="The account’s number.", schema=NUMBER, sql="{r}.id"),
        reference("action", "The action.", "action", by_name="title"),
        reference("party", "Whose account it is.", "party"),
        choice("stance", "What it says of the action.", Account.Stance, "announced"),
        text_if_any("note", "What it adds or leaves out."),
    ),
)

STATEMENT = Resource(
    name="statement",
    path="statements",
    model=Statement,
    kind=Kind.STATEMENT,
    says="What somebody said, for a party, at an occasion: word for word, or in paraphrase.",
    address="'/statements/' || {r}.id || '/'",
    called=statement_name("{r}"),
    own=(
        choice("form", "Word for word, or in our words.", Statement.Form, "verbatim"),
        text("words", "What was said.", "We agreed to remove artificial barriers."),
        text("language", "The language of the words (BCP 47).", "en"),
        text_if_any("original_words", "Where the words are translated: those of the original."),
        text_if_any("original_language", "The language of the original (BCP 47).", "ru"),
        text_if_any(
            "translated_by",
            "Whose translation the words are; Readout’s where there is an original and this is empty.",
        ),
        date("date", "When it was said."),
        choice("occasion", "At which occasion.", Statement.Occasion, "press_conference"),
        text_if_any("occasion_note", "The occasion more exactly."),
        reference("speaker", "Who spoke; null where a body did.", "person"),
        reference("party", "For which party.", "party"),
        reference("meeting", "The meeting that it belongs to.", "meeting", by_name="title"),
        references(
            "topics", "What it is about.", "topic", StatementTopic, "statement_id", "topic_id"
        ),
        citations("statement"),
        POSITIONS,
        ACCOUNTS,
    ),
    demonstration="{r}_party.demonstration",
    needs=(
        "LEFT JOIN negotiations_party {r}_party ON {r}_party.id = {r}.party_id"
        f" AND {public_sql('{r}_party')}",
    ),
)
