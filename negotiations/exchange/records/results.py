"""What a search finds, of all kinds alike: what it is, what it says, who, when, by which source."""

from __future__ import annotations

from negotiations.exchange.records.all import BY_KIND
from negotiations.exchange.records.fields import Field, date, text, text_if_any
from negotiations.exchange.records.resources import Resource
from negotiations.exchange.records.sources import SOURCE
from negotiations.models.rules import DEMONSTRATION_ADDRESS
from negotiations.search.cards import SLUGGED
from negotiations.search.entries import Kind, SearchEntry

_TYPES = " ".join(f"WHEN {kind} THEN '{each.name}'" for kind, each in BY_KIND.items())
_PLACES = " ".join(f"WHEN {kind} THEN '{path}'" for kind, path in SLUGGED.items())
TYPE = f"CASE {{r}}.kind {_TYPES} END"
ADDRESS = f"""CASE {{r}}.kind WHEN {Kind.STATEMENT} THEN '/statements/' || {{r}}.record_id || '/'
  WHEN {Kind.ACTION} THEN '/actions/' || {{r}}.record_id || '/'
  WHEN {Kind.OPEN_MATTER} THEN '/meetings/' || {{r}}_meeting.slug || '/#openmatter-' || {{r}}.record_id
  ELSE '/' || CASE {{r}}.kind {_PLACES} END || '/' || {{r}}_own.slug || '/' END"""


def _name(of: str, entry: str) -> str:
    return f"LEFT JOIN negotiations_searchname {{r}}_{of} ON {{r}}_{of}.id = {entry}"


OWN = _name("own", "{r}.id")
SAID = (
    f"LEFT JOIN negotiations_statement {{r}}_said ON {{r}}.kind = {Kind.STATEMENT}"
    " AND {r}_said.id = {r}.record_id"
)
DOCUMENT = "LEFT JOIN negotiations_source {r}_doc ON {r}_doc.id = {r}.source_id"


def _beside(name: str, says: str, column: str, kind: Kind) -> Field:
    """A record that the result names, by what the index calls it."""
    other, path = f"{{r}}_{name}", SLUGGED[kind]
    return Field(
        name=name,
        says=says,
        schema={"anyOf": [{"$ref": "#/components/schemas/Reference"}, {"type": "null"}]},
        json=f"""coalesce('{{"id":' || {other}.record_id || ',"url":"' || %(base)s::text
          || '/{path}/' || {other}.slug || '/","name":' || to_json({other}.name)::text || '}}', 'null')""",
        needs=(_name(name, f"{{r}}.{column} * 16 + {kind}"),),
        columns=((name, f"{other}.name"),),
    )


MEETING = _beside("meeting", "The meeting that it belongs to.", "meeting_id", Kind.MEETING)
PARTY = _beside("party", "For which party, or who owes it.", "party_id", Kind.PARTY)
RESULT = Resource(
    name="result",
    path="search",
    model=SearchEntry,
    kind=None,
    says="A record that a search found.",
    address=ADDRESS,
    called="{r}.title",
    own=(
        text_if_any("name", "What it is called; a statement has no name.", column="{r}.title"),
        text("text", "A statement’s words, or what is said of another record.",
             column="coalesce({r}_said.words, {r}.body)", needs=(SAID,)),
        text_if_any("form", "Of a statement: verbatim or paraphrase.", "verbatim",
                    column="{r}_said.form", needs=(SAID,)),
        date("date", "When it was, or the meeting that it belongs to."),
        _beside("speaker", "Who spoke.", "person_id", Kind.PERSON),
        PARTY,
        MEETING,
        Field(
            name="source", says="The first source that it cites.",
            schema={"anyOf": [{"$ref": "#/components/schemas/Reference"}, {"type": "null"}]},
            json=f"coalesce({SOURCE.reference('{r}_doc')}, 'null')",
            needs=(DOCUMENT,), columns=(("source", "{r}_doc.title"),),
        ),
        text_if_any("publisher", "Who published that.", "RT", column="{r}_doc.publisher",
                    needs=(DOCUMENT,)),
    ),
    type_sql=TYPE,
    types=tuple(each.name for each in BY_KIND.values()),
    id_sql="{r}.record_id",
    demonstration=f"coalesce(starts_with({{r}}_meeting.slug, '{DEMONSTRATION_ADDRESS}')"
    f" OR starts_with({{r}}_party.slug, '{DEMONSTRATION_ADDRESS}')"
    f" OR starts_with({{r}}_own.slug, '{DEMONSTRATION_ADDRESS}'), false)",
    needs=(OWN, *MEETING.needs, *PARTY.needs),
)  # fmt: skip
