"""Meetings, and who sat at the table."""

from __future__ import annotations

from negotiations.exchange.records.citing import citations
from negotiations.exchange.records.fields import (
    NUMBER,
    Field,
    Parts,
    choice,
    date,
    reference,
    text,
    text_if_any,
)
from negotiations.exchange.records.resources import Resource
from negotiations.models import Delegate, Delegation, Meeting
from negotiations.models.visibility import public_sql
from negotiations.search.entries import Kind

DEGREES = {"type": "number"}
COORDINATES = Field(
    name="coordinates",
    says="Where the place is, in degrees, as exact as it is known.",
    schema={
        "type": ["object", "null"],
        "properties": {"latitude": DEGREES, "longitude": DEGREES},
        "required": ["latitude", "longitude"],
        "additionalProperties": False,
    },
    example={"latitude": 24.71, "longitude": 46.68},
    sql="CASE WHEN {r}.coordinates <> '' THEN json_build_object("
    "'latitude', split_part({r}.coordinates, ', ', 1)::numeric,"
    " 'longitude', split_part({r}.coordinates, ', ', 2)::numeric) END",
    columns=(("coordinates", "{r}.coordinates"),),
)

DELEGATES = Parts(
    name="delegates",
    says="Who sat in it, by rank.",
    schema={},
    of=Delegate,
    by="delegation_id",
    only=public_sql("{r}"),
    order="{r}.rank, {r}.id",
    fields=(
        Field(name="id", says="The delegate’s number.", schema=NUMBER, sql="{r}.id"),
        reference("person", "Who it is.", "person"),
        text_if_any("title", "As it was on that day.", "Foreign Minister"),
        Field(name="rank", says="Place in the delegation; its head is 1.", schema=NUMBER,
              sql="{r}.rank"),
    ),
)  # fmt: skip

DELEGATIONS = Parts(
    name="delegations",
    says="The parties at the table.",
    schema={},
    of=Delegation,
    by="meeting_id",
    only=public_sql("{r}"),
    fields=(
        Field(name="id", says="The delegation’s number.", schema=NUMBER, sql="{r}.id"),
        reference("party", "Whose delegation it is.", "party"),
        choice("role", "In which role it was there.", Delegation.Role, "negotiating"),
        DELEGATES,
    ),
    columns=(
        (
            "delegations",
            "(SELECT string_agg(y.name || ' (' || d.role || ')', '; ' ORDER BY d.id)"
            " FROM negotiations_delegation d JOIN negotiations_party y ON y.id = d.party_id"
            f" WHERE d.meeting_id = {{r}}.id AND {public_sql('d')} AND {public_sql('y')})",
        ),
    ),
)

MEETING = Resource(
    name="meeting",
    path="meetings",
    model=Meeting,
    kind=Kind.MEETING,
    says="One encounter: talks, a summit, a phone call, a signing, a press conference.",
    address="'/meetings/' || {r}.slug || '/'",
    called="{r}.title",
    own=(
        text("slug", "The last part of its page’s address.", "riyadh-2025-02-18"),
        text("title", "What it is called.", "Russia–US talks in Riyadh"),
        choice("kind", "What kind of meeting it is.", Meeting.Kind, "talks"),
        choice("state", "Whether it was held.", Meeting.State, "held"),
        date("date", "The day, or the first of several."),
        date("ended", "The last day, if it took more than one."),
        text_if_any("timing", "When, in the source’s words, where that is no date.", "in due course"),
        Field(
            name="duration_minutes", says="How long it took, without breaks.",
            schema={"type": ["integer", "null"]}, example=270, sql="{r}.duration",
            columns=(("duration_minutes", "{r}.duration::text"),),
        ),
        Field(
            name="duration_about", says="Is the duration approximate?",
            schema={"type": "boolean"}, example=True, sql="{r}.duration_about",
            columns=(("duration_about", "{r}.duration_about::text"),),
        ),
        text_if_any("place", "Where it was held.", "Riyadh, Saudi Arabia"),
        COORDINATES,
        reference("process", "The process that it belongs to.", "process"),
        reference("host", "Who hosted it.", "party"),
        reference("follows", "The meeting at which it was foreseen.", "meeting", by_name="title"),
        text_if_any("summary", "Two or three neutral sentences."),
        DELEGATIONS,
        citations("meeting"),
    ),
    demonstration="{r}_process.demonstration",
    needs=(
        "LEFT JOIN negotiations_process {r}_process ON {r}_process.id = {r}.process_id"
        f" AND {public_sql('{r}_process')}",
    ),
)  # fmt: skip
