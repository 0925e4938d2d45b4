"""A package with a fault changes nothing, and each fault is told with its place."""

from __future__ import annotations

import io
import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from negotiations.errors import CannotRun
from negotiations.exchange.datapackage.loading import Faulty, load
from negotiations.models import Party, Person, record_models
from tests import factories
from tests.exchange.datapackage.conftest import empty_the_site, seal, spoil

if TYPE_CHECKING:
    from collections.abc import Callable


BUILT: list[Path] = []


@pytest.fixture
def package(
    dump: Callable[[Path], Any], tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A small faultless package, in front of an empty site."""
    if not BUILT:
        before = transaction.savepoint_create()
        BUILT.append(build(dump, tmp_path_factory.mktemp("built") / "folder"))
        transaction.savepoint_rollback(before)
    return shutil.copytree(BUILT[0], tmp_path / "folder")


def build(dump: Callable[[Path], Any], folder: Path) -> Path:
    empty_the_site()  # so that numbers begin with 1
    whole = factories.PartyFactory(name="Whole", slug="whole")
    body = factories.PartyFactory(name="Body", slug="body", kind="body", part_of=whole)
    statement = factories.StatementFactory(
        party=body, form="verbatim", status="draft", words="Word for word."
    )
    source = factories.SourceFactory(url="https://example.org/1")
    factories.CitationFactory(statement=statement, source=source)
    type(statement).objects.filter(pk=statement.pk).update(status="published")
    factories.SourceFactory(url="https://example.org/2")
    account = factories.AccountFactory()
    factories.ProgressFactory(action=account.action)
    factories.DelegateFactory(delegation__meeting=account.action.meeting)
    dump(folder)
    return folder


def faults_of(package: Path) -> list[str]:
    with pytest.raises(Faulty) as faulty:
        load(package)
    assert not any(model._default_manager.exists() for model in record_models())
    return [str(fault) for fault in faulty.value.faults]


def test_every_fault_is_told_with_file_row_and_column(package: Path) -> None:
    spoil(package, "party", 2, mark="blob", slug="not a slug", created_at="yesterday")
    spoil(package, "statement", 2, date_from="2025-13-01", date_about="perhaps", words="nul \0")
    spoil(package, "source", 2, url="javascript:alert(1)", title="x" * 301)
    spoil(package, "meeting", 2, id="-1", process_id="1e3", duration="0")
    spoil(package, "citation", 3, source_id="")
    found = faults_of(package)
    for place in (
        "party.csv, row 2, mark: “blob” is not one of the values",
        "party.csv, row 2, slug: ",
        "party.csv, row 2, created_at: “yesterday” is not a time such as",
        "statement.csv, row 2, date_from: “2025-13-01” is not a date",
        "statement.csv, row 2, date_about: “perhaps” is neither true nor false.",
        "statement.csv, row 2, words: A null character is no part of any text.",
        "source.csv, row 2, url: ",
        "source.csv, row 2, title: Ensure this value has at most 300 characters (it has 301).",
        "meeting.csv, row 2, id: Records are numbered from 1.",
        "meeting.csv, row 2, process_id: “1e3” is not a whole number.",
        "citation.csv, row 3, source_id: A value is needed here.",
    ):
        assert any(fault.startswith(place) for fault in found), (place, found)
    assert len(found) == 11  # and none that only follows from these


def test_what_rows_are_to_each_other_is_told_of_each(package: Path) -> None:
    spoil(package, "party", 3, slug="whole")
    spoil(package, "source", 3, url="https://example.org/1")
    spoil(package, "statement", 2, speaker_id="999")
    spoil(package, "meeting", 2, date_from="2025-02-18", date_precision="2")
    spoil(package, "process_parties", 2, party_id="998")
    assert set(faults_of(package)) == {
        "party.csv, row 3, slug: This address is there twice.",
        "source.csv, row 3, url: There is a source with this web address already.",
        "statement.csv, row 2, speaker_id: There is no such row among the people.",
        "meeting.csv, row 2: A month is stored by its first day, a year by 1 January.",
        "process_parties.csv, row 2, party_id: There is no such row among the parties.",
    }


def test_what_hangs_on_itself_is_told(package: Path) -> None:
    spoil(package, "party", 2, part_of_id="2", kind="body")
    sentence = "It hangs on itself, by however many steps, or on such a row."
    assert faults_of(package) == [f"party.csv, row {row}, part_of_id: {sentence}" for row in (2, 3)]


def test_a_former_address_is_of_a_record_and_nobody_elses(package: Path) -> None:
    path = package / "formerslug.csv"
    moment = "2026-01-01T00:00:00Z"
    rows = ["party,whole,2", "person,once,77", "statement,once,1", "party,once,1"]
    path.write_text(path.read_text() + "".join(f"{row},{moment}\n" for row in rows))
    seal(package)
    assert faults_of(package) == [
        "formerslug.csv, row 3, record_id: There is no such record of this kind.",
        "formerslug.csv, row 4, record_id: There is no such record of this kind.",
        "formerslug.csv, row 2, slug: This address is taken: a record of this kind has it now.",
    ]


def test_the_rules_of_the_triggers_are_told_with_the_row(package: Path) -> None:
    spoil(package, "party", 2, slug="demonstration-whole")
    [fault] = faults_of(package)
    assert fault.startswith("party.csv, row 2: The address of demonstration data begins with")


def test_a_statement_that_cites_nothing_and_a_wrong_meeting_are_told(package: Path) -> None:
    path = package / "citation.csv"
    header, first, *rest = path.read_text("utf-8").splitlines(keepends=True)
    assert ",1,," in first  # of the verbatim statement
    path.write_text("".join([header, *rest]), "utf-8")
    spoil(package, "delegate", 2, meeting_id="1")
    assert faults_of(package) == [
        "statement.csv, row 2: A verbatim statement cites at least one source before it is published.",
        "delegate.csv, row 2, meeting_id: What it hangs on tells another value for this.",
    ]


def test_what_does_not_belong_to_the_description_is_refused(package: Path, tmp_path: Path) -> None:
    path = package / "person.csv"
    path.write_bytes(path.read_bytes() + b"\n")
    assert ["person.csv: It has not as many bytes" in fault for fault in faults_of(package)] == [
        True
    ]
    content = path.read_bytes()[:-1]
    path.write_bytes(content.replace(b"Person", b"persoN"))
    assert ["person.csv: It is not the file that was" in f for f in faults_of(package)] == [True]
    path.write_bytes(content)
    told = json.loads((package / "datapackage.json").read_text())
    (tmp_path / "secret.csv").write_text("secret")
    (package / "linked.csv").symlink_to(tmp_path / "secret.csv")
    for bad in ("../secret.csv", "/etc/passwd", "linked.csv", "a\\b.csv", "http://x.org/a.csv", 7):
        told["resources"][0]["path"] = bad
        (package / "datapackage.json").write_text(json.dumps(told))
        [fault] = faults_of(package)
        assert "secret" not in fault
    told["resources"][0] |= {"path": "party.csv", "name": "users"}
    (package / "datapackage.json").write_text(json.dumps(told))
    assert faults_of(package) == [
        "datapackage.json, resources: This site has no table “users”.",
        "datapackage.json, resources: The table “party” is missing.",
    ]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "row 1: Columns are missing: "),
        (b"id,name,colour\n1,a,b\n", "This site has no such columns: colour."),
        (b'id,created_at\n1,"unclosed', "row 1: "),
        (b"\xff\xfe\x00", "not UTF-8"),
    ],
)
def test_a_file_that_is_no_table_of_ours_is_told(
    package: Path, content: bytes, sentence: str
) -> None:
    (package / "person.csv").write_bytes(content)
    seal(package)
    found = faults_of(package)
    assert found[0].startswith("person.csv, row 1")
    assert sentence in found[0]
    assert len(found) == 1


def test_rows_that_are_cut_off_or_never_end_are_told(package: Path) -> None:
    path = package / "topic.csv"
    header = (package / "topic.csv").read_text("utf-8")
    path.write_text(header + '1,2\n"never', "utf-8")
    seal(package)
    assert [fault.split(":")[0] for fault in faults_of(package)] == [
        "topic.csv, row 2",
        "topic.csv, row 3",
    ]


def test_a_zip_that_swells_or_is_none_is_refused(package: Path, tmp_path: Path) -> None:
    bomb = b"0" * (40 << 20)
    (package / "topic.csv").write_bytes(bomb)
    seal(package)
    with ZipFile(tmp_path / "bomb.zip", "w", ZIP_DEFLATED) as file:
        for path in package.iterdir():
            file.write(path, path.name)
    assert faults_of(tmp_path / "bomb.zip") == [
        "topic.csv: It swells beyond measure when unpacked, and was not opened."
    ]
    (tmp_path / "none.zip").write_bytes(b"PK nothing")
    for none in ("none.zip", "absent.zip"):
        with pytest.raises(CannotRun, match="read"):
            load(tmp_path / none)
    for told in ("[", "[]", "[" * 100_000, '{"resources": 1}', "\0"):
        (package / "datapackage.json").write_text(told)
        with pytest.raises(CannotRun, match=r"datapackage\.json"):
            load(package)


def test_it_is_loaded_into_an_empty_site_only(package: Path) -> None:
    party = factories.PartyFactory(status="draft", name="Secret")
    with pytest.raises(CannotRun, match="empty site only, and here are 1 rows of parties") as error:
        load(package)
    assert "Secret" not in str(error.value)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM negotiations_party WHERE id = %s", [party.pk])
    with pytest.raises(CannotRun, match="the history of parties that were deleted"):
        load(package)


def test_the_command_lists_the_faults_and_loads_nothing(package: Path) -> None:
    spoil(package, "person", 2, slug="")
    errors = io.StringIO()
    with pytest.raises(CommandError, match=r"Nothing was loaded: 1 fault\."):
        call_command("load_datapackage", package, stderr=errors)
    assert errors.getvalue().startswith("person.csv, row 2, slug: ")
    assert not Person.objects.exists()
    assert not Party.objects.exists()
