"""`manage.py import_records`: the same import, for tables of any length and foreign workbooks."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from negotiations.editing.importing import writing
from negotiations.editing.importing.mapping import BadMapping, Mapping
from negotiations.models import Meeting, Person, Process

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    path.write_text("key,name\n1,Anna Berg\n2,=Omar\n", "utf-8")
    return path


def said(*arguments: str) -> str:
    out = io.StringIO()
    call_command("import_records", *arguments, stdout=out)
    return out.getvalue()


def test_it_only_shows_unless_told_to_write(
    people: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert "Add --write to import" in said("--kind", "person", str(people))
    assert not Person.objects.exists()
    report = tmp_path / "report.csv"
    out = said("--kind", "person", str(people), "--write", "--report", str(report))
    assert "2  person: new" in out
    assert "2/2" in capfd.readouterr().err  # the progress bar
    assert Person.objects.count() == 2
    lines = report.read_text("utf-8-sig").splitlines()
    assert lines[2].startswith("3,person,2,new,'=Omar")
    assert "Nothing to change" in said("--kind", "person", str(people), "--write")


def test_a_problem_ends_it_with_its_row_and_nothing_written(people: Path) -> None:
    people.write_text("key,name\n1,Anna\n1,Omar\n")
    out = io.StringIO()
    with pytest.raises(CommandError, match="Nothing was imported"):
        call_command("import_records", "--kind", "person", str(people), "--write", stdout=out)
    assert "problem: row 3, key: The key “1” stands in an earlier row already." in out.getvalue()
    assert not Person.objects.exists()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--kind", "person", "nowhere.csv"], "nowhere.csv: No such file"),
        (["--kind", "person"], "Which file"),
        (["--mapping", "none.toml", "x.csv"], "There is no mapping file"),
        (["--mapping", "pax.toml", "--columns"], "Columns are a kind’s"),
    ],
)
def test_what_it_can_not_do_it_says(arguments: list[str], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        call_command("import_records", *arguments)


def test_it_lists_the_columns_of_a_kind() -> None:
    listed = said("--kind", "statement", "--columns")
    assert "words (needed)" in listed
    assert "One of: verbatim, paraphrase." in listed


MAPPING = """
title = "Talks"
row = "No"
[left]
Remark = "Not for the record."
[tables.how]
T = "talks"
P = "phone_call"
[[leave_out]]
when = { How = "^X$" }
reason = "“{What}” was called off."
[[note]]
column = "Sides"
unnamed = "sides"
reason = "Nobody known among “{Sides}”."
[[name]]
list = "sides"
kind = "party"
record = [
  { key = "ru", pattern = "Russia", values = { name = "Russia", kind = "state" } },
  { key = "us", pattern = 'U\\.?S', values = { name = "United States", kind = "state" } },
]
[[record]]
kind = "process"
key = "{Course}"
shared = true
[record.values]
name = "{Course}"
parties = "{Sides|named sides}"
[[record]]
kind = "meeting"
key = "{No}"
[record.values]
process = "{Course}"
title = "{What|line|cut 12}"
kind = "{How|table how}"
date = "{When}"
[[record]]
kind = "delegation"
key = "{No}:{each}"
each = "{Sides|named sides}"
[record.values]
meeting = "{No}"
party = "{each}"
"""
TALKS = (
    "No,Course,What,When,How,Sides,Remark\n"
    "1,Talks,Riyadh,2025-02-18,T,Russia and the U.S.,\n"
    "2,Talks,A call of some length,about 2025,P,the US,\n"
    "3,Talks,Budapest,2025,X,,called off\n"
    "4,Other,Geneva,2025-03,T,Ruritania,\n"
)


def test_a_mapping_makes_several_records_of_a_row_and_says_what_did_not_fit(tmp_path: Path) -> None:
    mapping, table, report = tmp_path / "m.toml", tmp_path / "talks.csv", tmp_path / "report.csv"
    mapping.write_text(MAPPING, "utf-8")
    table.write_text(TALKS, "utf-8")
    arguments = ("--mapping", str(mapping), str(table), "--write", "--report", str(report))
    said(*arguments)
    riyadh, call, geneva = Meeting.objects.order_by("pk")
    assert {each.party.name for each in riyadh.delegations.all()} == {"Russia", "United States"}
    assert {each.name for each in riyadh.process.parties.all()} == {"Russia", "United States"}
    assert (call.title, call.kind, str(call.date)) == ("A call of s…", "phone_call", "about 2025")
    assert call.process == riyadh.process != geneva.process
    lines = report.read_text("utf-8-sig").splitlines()
    assert "4,row,3,left out,,,,,“Budapest” was called off." in lines
    assert "5,row,4,note,,Sides,,,Nobody known among “Ruritania”." in lines
    assert "Nothing to change" in said(*arguments)


def test_what_rows_make_together_may_be_found_in_the_last_of_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "BATCH", 1)
    mapping, table = tmp_path / "m.toml", tmp_path / "talks.csv"
    mapping.write_text(MAPPING, "utf-8")
    table.write_text(f"{TALKS}5,Other,Doha,2025-04,T,the U.S. and Russia,\n", "utf-8")
    said("--mapping", str(mapping), str(table), "--write")
    other = Process.objects.get(name="Other")
    assert {each.name for each in other.parties.all()} == {"Russia", "United States"}


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ('kind = "meeting"', 'kind = "encounter"', "no kind of record “encounter”"),
        ('title = "{What', 'name = "{What', "A meeting has no “name”"),
        ("|line|", "|lines|", "no filter “lines”"),
        ('pattern = "Russia"', 'pattern = "Russia("', "no regular expression"),
        ("[left]", "[lost]", "parts that no mapping has: “lost”"),
        ('title = "Talks"', "", "lacks 'title'"),
        ("|table how", "|table who", "no table “who”"),
        ('T = "talks"', "", "“T” is not in the mapping’s table “how”"),
        ('title = "Talks"', "title = Talks", "is no TOML"),
        ('Remark = "Not for the record."', "", "says nothing of these columns: “Remark”"),
        ('row = "No"', 'row = "Number"', "lacks columns that the mapping reads: “Number”"),
    ],
)
def test_a_bad_mapping_is_told_what_is_wrong_in_it(
    tmp_path: Path, before: str, after: str, sentence: str
) -> None:
    mapping, table = tmp_path / "m.toml", tmp_path / "talks.csv"
    assert before in MAPPING
    mapping.write_text(MAPPING.replace(before, after), "utf-8")
    table.write_text(TALKS, "utf-8")
    with pytest.raises(CommandError, match=sentence.replace("(", r"\(")):
        call_command("import_records", "--mapping", str(mapping), str(table), verbosity=0)


def test_our_own_mapping_reads() -> None:
    assert Mapping.load("pax.toml").title.startswith("PA-X")
    with pytest.raises(BadMapping):
        Mapping.load("/etc/passwd.toml")
