"""People, and the offices that they hold."""

from __future__ import annotations

from negotiations.exchange.records.citing import citations
from negotiations.exchange.records.fields import (
    NUMBER,
    Field,
    Parts,
    date,
    lines,
    reference,
    text,
    text_if_any,
)
from negotiations.exchange.records.resources import Resource
from negotiations.models import Appointment, Person
from negotiations.models.visibility import public_sql
from negotiations.search.entries import Kind

APPOINTMENTS = Parts(
    name="appointments",
    says="The offices that the person held, the latest first.",
    schema={},
    of=Appointment,
    by="person_id",
    only=public_sql("{r}"),
    order="{r}.start_from DESC NULLS LAST, {r}.office, {r}.id",
    fields=(
        Field(name="id", says="The appointment’s number.", schema=NUMBER, sql="{r}.id"),
        reference("party", "The party, or its body.", "party"),
        text("office", "The office.", "Minister of Foreign Affairs"),
        date("start", "When it began, if known."),
        date("end", "When it ended; null if it is not known to have ended."),
        date("attested", "A day on which a source shows the person in it."),
        citations("appointment"),
    ),
    columns=(
        (
            "appointments",
            "(SELECT string_agg(a.office || ' (' || y.name || ')', '; ' ORDER BY a.id)"
            " FROM negotiations_appointment a JOIN negotiations_party y ON y.id = a.party_id"
            f" WHERE a.person_id = {{r}}.id AND {public_sql('a')} AND {public_sql('y')})",
        ),
    ),
)

PERSON = Resource(
    name="person",
    path="people",
    model=Person,
    kind=Kind.PERSON,
    says="A human being, with the offices held.",
    address="'/people/' || {r}.slug || '/'",
    called="{r}.name",
    own=(
        text("slug", "The last part of the page’s address.", "sergey-lavrov"),
        text("name", "As usually written in English.", "Sergey Lavrov"),
        text("sort_name", "As it stands in lists.", "Lavrov, Sergey"),
        text_if_any("native_name", "In the person’s own script.", "Сергей Лавров"),
        lines("other_names", "Other spellings and former names.", ["Sergei Lavrov"]),
        text_if_any("description", "One or two neutral sentences."),
        APPOINTMENTS,
    ),
    demonstration="{r}.demonstration",
)
