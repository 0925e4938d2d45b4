"""The PA-X peace agreements, as a foreign workbook comes: all rows accounted for, twice the same."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from negotiations.editing.importing.findings import Became, Finding, Findings
from negotiations.editing.importing.mapping import Mapping
from negotiations.editing.importing.reading import open_table
from negotiations.editing.importing.running import run
from negotiations.models import Meeting, Process, Source, record_models

WORKBOOK = Path(__file__).parents[4] / "shared/data/pax/pax_all_agreements_data.xlsx"
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.slow,
    pytest.mark.skipif(
        not WORKBOOK.exists(), reason="the PA-X workbook is not shipped; it lies in ../shared"
    ),
]


class Told(Findings):
    """Findings that keep of every row what became of it."""

    def __init__(self) -> None:
        super().__init__()
        self.by_row: dict[int, Counter[tuple[str, Became]]] = {}

    def tell(self, finding: Finding) -> None:
        super().tell(finding)
        self.by_row.setdefault(finding.row, Counter())[finding.kind, finding.became] += 1


def import_all(mapping: Mapping) -> Told:
    told = Told()
    with WORKBOOK.open("rb") as file:
        run(file, WORKBOOK.name, mapping, write=True, findings=told)
    return told


def test_the_workbook_becomes_drafts_row_for_row() -> None:
    mapping = Mapping.load("pax.toml")
    told = import_all(mapping)
    assert told.shown[Became.PROBLEM] == []

    with WORKBOOK.open("rb") as file, open_table(file, mapping.sheet) as table:
        rows = {row.number: row.cells for row in table.rows}
    assert len(rows) == 1789
    made = {number for number, found in told.by_row.items() if found["meeting", Became.NEW]}
    left_out = {number for number, found in told.by_row.items() if found["row", Became.LEFT_OUT]}
    assert made | left_out == set(rows)
    assert not made & left_out
    assert {rows[n]["Status"] for n in left_out if rows[n]["PP"]} == {
        "Unilateral document",
        "Status unclear",
        "Agreement with subsequent status",
    }
    new = {kind: number for (kind, what), number in told.counts.items() if what == "new"}
    assert new == {
        "source": 1,
        "party": 80,
        "process": 147,
        "topic": 91,
        "meeting": 1645,
        "delegation": 1301,
        "action": 19691,
    }
    assert len(made) == 1645
    for model in record_models():
        assert not model.objects.exclude(status="draft").exists()

    # What the workbook says of three agreements, read by hand.
    source = Source.objects.get()
    belfast = meeting(129)
    assert belfast.process.name == "Northern Ireland peace process"
    assert str(belfast.date) == "26 August 1997"
    assert belfast.kind == "signing"
    sides = belfast.delegations.values_list("party__name", flat=True)
    assert set(sides) == {"United Kingdom", "Ireland"}
    citation = belfast.citations.get()
    assert (citation.source, citation.where) == (source, "AgtId 129")

    chiapas = meeting(226)
    assert {each.party.name for each in chiapas.delegations.all()} == {"Mexico", "Zapatista Army of National Liberation"}  # fmt: skip
    coded = rows[next(n for n, cells in rows.items() if cells["AgtId"] == "226")]
    assert coded["GInd"] == "3"
    indigenous = chiapas.actions.get(title="Provide for indigenous people")
    assert indigenous.kind == "commitment"
    assert "3 of 3" in indigenous.details
    assert [each.name for each in indigenous.topics.all()] == ["Indigenous people"]
    assert indigenous.citations.get().where == "AgtId 226, GInd = 3"

    chad = meeting(1265)
    assert chad.kind == "talks"  # “Unsigned but listed as the parties of …”
    assert chad.delegations.count() == 0
    assert "parties of the presidential majority" in chad.summary

    assert {each.slug for each in Process.objects.get(name="Northern Ireland peace process").parties.all()} == {"ireland", "united-kingdom"}  # fmt: skip

    again = import_all(mapping)
    assert not again.writes
    assert again.number(Became.UNCHANGED) == sum(new.values())


def meeting(number: int) -> Meeting:
    return Meeting.objects.get(slug__endswith=f"-pax-{number}")
