"""What was agreed, by whose account, what became of it, and what stayed open."""

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
from negotiations.insight.corroboration import Verdict
from negotiations.models import Account, Action, ActionParty, ActionTopic, OpenMatter, Progress
from negotiations.models.visibility import public_sql
from negotiations.search.entries import Kind

LATEST = (
    "(SELECT p.state FROM negotiations_progress p WHERE p.action_id = {r}.id"
    f" AND {public_sql('p')} ORDER BY p.date_from DESC, p.date_precision DESC, p.id DESC LIMIT 1)"
)

ACCOUNTS = Parts(
    name="accounts",
    says="What each party says of it.",
    schema={},
    of=Account,
    by="action_id",
    only=public_sql("{r}"),
    in_lists=False,
    fields=(
        Field(name="id", says="The account’s number.", schema=NUMBER, sql="{r}.id"),
        reference("party", "Whose account it is.", "party"),
        choice("stance", "What it says.", Account.Stance, "announced"),
        text_if_any("note", "What it adds or leaves out."),
        reference("statement", "Where it says so.", "statement",
                  called=statement_name("{r}_statement")),
        citations("account"),
    ),
    columns=(
        (
            "accounts",
            "(SELECT string_agg(y.name || ': ' || a.stance, '; ' ORDER BY a.id)"
            " FROM negotiations_account a JOIN negotiations_party y ON y.id = a.party_id"
            f" WHERE a.action_id = {{r}}.id AND {public_sql('a')} AND {public_sql('y')})",
        ),
    ),
)  # fmt: skip

PROGRESS = Parts(
    name="progress",
    says="The reports on what became of it, the latest first.",
    schema={},
    of=Progress,
    by="action_id",
    only=public_sql("{r}"),
    order="{r}.date_from DESC, {r}.date_precision DESC, {r}.id DESC",
    in_lists=False,
    fields=(
        Field(name="id", says="The report’s number.", schema=NUMBER, sql="{r}.id"),
        choice("state", "How far it had come.", Progress.State, "under_way"),
        date("date", "As of when."),
        text_if_any("report", "What happened."),
        citations("progress"),
    ),
)

ACTION = Resource(
    name="action",
    path="actions",
    model=Action,
    kind=Kind.ACTION,
    says="Something agreed at a meeting, by whose account, and what became of it.",
    address="'/actions/' || {r}.id || '/'",
    called="{r}.title",
    own=(
        choice("kind", "What was agreed.", Action.Kind, "commitment"),
        text("title", "What is to happen.", "Appoint ambassadors"),
        text_if_any("details", "What else was said of it."),
        Field(
            name="status", says="The latest report on it; null if there is none.",
            schema={"type": ["string", "null"], "enum": [*Progress.State.values, None]},
            example="under_way", sql=LATEST, columns=(("status", LATEST),),
        ),
        Field(
            name="corroboration", says="What the accounts of all sides amount to.",
            schema={"type": "string", "enum": Verdict.values}, example="confirmed",
            sql="readout_verdict({r}.id)", columns=(("corroboration", "readout_verdict({r}.id)"),),
        ),
        reference("meeting", "Where it was agreed.", "meeting", by_name="title"),
        references("owed_by", "Who must do it.", "party", ActionParty, "action_id", "party_id"),
        date("due", "When it is due; null if no date was given."),
        text_if_any("due_words", "When it is due, in the source’s words.", "in due course"),
        reference("leads_to", "The meeting that it leads to.", "meeting", by_name="title"),
        references("topics", "What it is about.", "topic", ActionTopic, "action_id", "topic_id"),
        citations("action"),
        ACCOUNTS,
        PROGRESS,
    ),
    demonstration="(SELECT o.demonstration FROM negotiations_process o"
    " WHERE o.id = {r}_meeting.process_id)",
    needs=(
        "LEFT JOIN negotiations_meeting {r}_meeting ON {r}_meeting.id = {r}.meeting_id"
        f" AND {public_sql('{r}_meeting')}",
    ),
)  # fmt: skip

OPEN_MATTER = Resource(
    name="open_matter",
    path="open-matters",
    model=OpenMatter,
    kind=Kind.OPEN_MATTER,
    says="What a meeting left unresolved, by its own participants’ account.",
    address="'/meetings/' || {r}_meeting.slug || '/#openmatter-' || {r}.id",
    called="{r}.title",
    own=(
        text("title", "What stays open.", "Seized Russian property"),
        text_if_any("details", "What was said of it."),
        reference("meeting", "The meeting that left it open.", "meeting", by_name="title"),
        reference("topic", "What it is about.", "topic"),
        reference("question", "The question in dispute.", "question", by_name="text"),
        reference("statement", "The words that leave it open.", "statement",
                  called=statement_name("{r}_statement")),
        citations("open_matter"),
    ),
    demonstration="(SELECT o.demonstration FROM negotiations_process o"
    " WHERE o.id = {r}_meeting.process_id)",
    needs=(
        "LEFT JOIN negotiations_meeting {r}_meeting ON {r}_meeting.id = {r}.meeting_id"
        f" AND {public_sql('{r}_meeting')}",
    ),
)  # fmt: skip
