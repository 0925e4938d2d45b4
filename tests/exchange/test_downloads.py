"""Every list can be kept as a file, with the filter in force, and each record has its data beside."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook

from negotiations.exchange.downloads import batches, views
from tests import factories

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db
LISTS = ("search", "processes", "meetings", "parties", "people", "topics", "questions",
         "statements", "actions")  # fmt: skip


def read(client: Client, address: str) -> list[dict[str, Any]]:
    """The rows of a file, whatever its format."""
    response: Any = client.get(address)
    assert response.status_code == 200
    content = b"".join(response)
    if ".csv" in address:
        return list(csv.DictReader(io.StringIO(content.decode(), newline="")))
    if ".jsonl" in address:
        return [json.loads(line) for line in content.decode().splitlines()]
    head, *rows = load_workbook(io.BytesIO(content)).active.values
    return [dict(zip(head, row, strict=True)) for row in rows]


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "xlsx"])
def test_a_file_holds_what_the_filter_lets_through(
    client: Client, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "SIZE", 2)
    made = factories.StatementFactory.create_batch(5, date="2024")
    factories.StatementFactory(date="2025-02")
    factories.StatementFactory(status="draft")
    assert len(read(client, f"/statements.{suffix}")) == 6
    found = read(client, f"/statements.{suffix}?year=2024")
    assert [int(row["id"]) for row in found] == [each.pk for each in reversed(made)]
    assert found[0]["words"] == made[-1].words


@pytest.mark.parametrize("here", LISTS)
def test_every_list_says_where_its_file_is(client: Client, here: str) -> None:
    factories.AccountFactory()
    factories.PositionFactory()
    page = client.get(f"/{here}/{'?q=words' if here == 'search' else ''}").content.decode()
    for suffix in ("csv", "jsonl", "xlsx"):
        assert f'href="/{here}.{suffix}' in page
    assert read(client, f"/{here}.csv")
    answer = client.head(f"/{here}.csv")
    assert answer["Content-Disposition"] == f'attachment; filename="readout-{here}.csv"'


def test_the_page_hands_its_filter_on(client: Client) -> None:
    factories.StatementFactory(words="Peace.", party=factories.PartyFactory(slug="russia"))
    page = client.get("/statements/?q=peace&party=russia").content.decode()
    assert 'href="/statements.xlsx?q=peace&amp;party=russia"' in page


def test_no_cell_is_a_formula(client: Client) -> None:
    words = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"]
    for each in words:
        factories.StatementFactory(words=each)
    assert {row["words"] for row in read(client, "/statements.csv")} == {f"'{w}" for w in words}
    answer: Any = client.get("/statements.xlsx")
    book = load_workbook(io.BytesIO(b"".join(answer)))
    assert {cell.data_type for row in book.active.iter_rows() for cell in row} <= {"s", "n"}
    assert {row["words"] for row in read(client, "/statements.jsonl")} == set(words)


def test_what_no_cell_holds_is_cut_and_says_so(client: Client) -> None:
    factories.StatementFactory(words="\x0b\U0001f600" + "x" * 40_000)
    (row,) = read(client, "/statements.xlsx")
    assert row["words"].endswith("[…]")
    assert len(row["words"]) < 32_767


def test_more_rows_than_excel_takes_are_refused(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "MOST_ROWS", 2)
    factories.StatementFactory.create_batch(3)
    answer = client.get("/statements.xlsx")
    assert answer.status_code == 400
    assert "CSV or JSON Lines" in answer.content.decode()
    assert client.get("/statements.xlsx?q=nothing").status_code == 200


def test_an_empty_list_is_a_table_with_heads(client: Client) -> None:
    assert b"".join(client.get("/statements.csv")).startswith(b"type,id,url,")  # type: ignore[arg-type]
    assert b"".join(client.get("/statements.jsonl")) == b""  # type: ignore[arg-type]


def test_vague_dates_stay_vague(client: Client) -> None:
    factories.StatementFactory(date="about 2025")
    (row,) = read(client, "/statements.csv")
    assert (row["date"], row["date_from"], row["date_until"]) == (
        "2025~",
        "2025-01-01",
        "2025-12-31",
    )


def test_the_first_address_of_downloads_goes_on_working(client: Client) -> None:
    factories.StatementFactory(words="Kept.")
    first: Any = client.get("/statements/download/")
    beside: Any = client.get("/statements.csv")
    assert b"".join(first) == b"".join(beside)
    lines: Any = client.get("/statements/download/?format=jsonl")
    assert json.loads(b"".join(lines))["words"] == "Kept."


def test_the_list_as_json_is_the_apis(client: Client) -> None:
    factories.StatementFactory.create_batch(2)
    answer = client.get("/statements.json?limit=1").json()
    assert answer == client.get("/api/v1/statements?limit=1").json()
    assert client.get("/search.json?q=words").json()["data"]
    assert client.get("/people.json?limit=x").status_code == 400


def test_each_page_names_its_data(client: Client) -> None:
    meeting = factories.MeetingFactory(slug="riyadh")
    said = factories.StatementFactory(meeting=meeting, words="In Riyadh.")
    factories.StatementFactory(words="Elsewhere.")
    page = client.get("/meetings/riyadh/").content.decode()
    assert '<link rel="alternate" type="application/json"' in page
    for address in ("/meetings/riyadh.json", "/meetings/riyadh.csv", "/actions.csv?meeting=riyadh"):
        assert f'href="{address}"' in page
        assert client.get(address).status_code == 200
    assert (
        client.get("/meetings/riyadh.json").json()
        == client.get(f"/api/v1/meetings/{meeting.pk}").json()
    )
    assert [row["words"] for row in read(client, "/meetings/riyadh.csv")] == ["In Riyadh."]
    assert (
        f'href="/statements/{said.pk}.json"' in client.get(said.get_absolute_url()).content.decode()
    )


@pytest.mark.parametrize(
    "address", ["/statements.csv?page=x", "/statements.xlsx?year=25", "/people.jsonl?party=nobody"]
)
def test_bad_filters_get_a_sentence(client: Client, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 400
    assert answer["Content-Type"].startswith("text/plain")
    assert answer.content.decode().strip()


@pytest.mark.parametrize(
    "address",
    ["/meetings/none.json", "/meetings/none.csv", "/statements/x.json", "/statements/999999.json"],
)
def test_what_is_not_there_is_not_found(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404
