"""What a record rests on: its citations, the same for every kind that cites."""

from __future__ import annotations

from negotiations.exchange.records.fields import NUMBER, Field, Parts, reference, text_if_any
from negotiations.models import Citation
from negotiations.models.visibility import public_sql


def citations(by: str, *, in_lists: bool = True) -> Parts:
    """The sources that a record cites; `by` is the citation's key to it."""
    return Parts(
        name="citations",
        says="The sources that it rests on: the exact passage, and where it stands.",
        schema={},
        of=Citation,
        by=f"{by}_id",
        fields=(
            Field(name="id", says="The citation’s number.", schema=NUMBER, sql="{r}.id"),
            reference("source", "The document.", "source", by_name="title"),
            text_if_any("passage", "The exact words of the source.", "artificial barriers"),
            text_if_any("where", "Page, paragraph, heading or minute.", "2nd paragraph",
                        column='{r}."where"'),
        ),
        only="{r}_source.id IS NOT NULL",
        inside=(
            "LEFT JOIN negotiations_source {r}_source ON {r}_source.id = {r}.source_id"
            f" AND {public_sql('{r}_source')}",
        ),
        columns=(
            ("sources", _cited(by, "concat_ws(', ', doc.title, nullif(c.\"where\", ''))")),
            ("publishers", _cited(by, "doc.publisher")),
        ),
        in_lists=in_lists,
    )  # fmt: skip


def _cited(by: str, what: str) -> str:
    return (
        f"(SELECT string_agg((SELECT {what} FROM negotiations_source doc"
        f" WHERE doc.id = c.source_id AND {public_sql('doc')}), '; ' ORDER BY c.id)"
        f" FROM negotiations_citation c WHERE c.{by}_id = {{r}}.id)"
    )
