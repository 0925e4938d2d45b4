"""A package loses nothing that is public, and has nothing that is not."""

from __future__ import annotations

import csv
import datetime as dt
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from negotiations.errors import CannotRun
from negotiations.exchange.datapackage import dumping
from negotiations.exchange.datapackage.loading import load
from negotiations.exchange.datapackage.tables import tables
from negotiations.models import Citation, Party, Person, Statement, record_models
from negotiations.models.visibility import withdraw
from tests import factories, riyadh
from tests.exchange.datapackage.conftest import empty_the_site

if TYPE_CHECKING:
    from collections.abc import Callable

NASTY = [
    "two\nlines, \r\nthree\rfour",
    '"quoted", “typographically”, \'once\'; ""twice""',
    " spaces at both ends \t",
    "\\N", "\\.", "NULL", "=1+1", ",", '"', "\u2028\u0085", "<script>&amp;",
    "مرحبا \u202eבגד\u202c", "Россия \U0001f54a e\u0301", "\ufeffbom", "%s {} $1",
]  # fmt: skip
NOW = dt.datetime(2026, 11, 25, 3, 30, tzinfo=dt.UTC)


def nasty() -> None:
    """Records that say what is hard to write down and read again."""
    party = factories.PartyFactory(name="United\nNations", other_names="\n".join(NASTY))
    for number, words in enumerate(NASTY):
        statement = factories.StatementFactory(
            words=f"{words} said", original_words=words, original_language="ar", party=party,
            occasion_note=words, date=["2024", "about 2025-02", None][number % 3], meeting=None,
        )  # fmt: skip
        statement.topics.add(factories.TopicFactory(name=f"Topic {words}"))
        factories.CitationFactory(statement=statement, passage=words, where=words)
    statement.speaker.slug = "renamed"
    statement.speaker.save()


def content(package: Path) -> dict[str, bytes]:
    with ZipFile(package) as file:
        return {name: file.read(name) for name in file.namelist()}


def entries(client: Client) -> list[bytes]:
    """What the search finds, whole and by a word, with what it tells of each record."""
    answers: list[Any] = [client.get(f"/search/download/?q={q}") for q in ("", "quoted", "NATO")]
    return [b"".join(answer.streaming_content) for answer in answers]


def test_dumped_loaded_and_dumped_again_it_is_the_same_to_the_byte(
    dump: Callable[[Path], Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    client: Client,
) -> None:
    riyadh.load()
    nasty()
    party = factories.PartyFactory(part_of=Party.objects.order_by("-pk")[0])
    Party.objects.filter(pk=party.part_of_id).update(part_of=factories.PartyFactory())
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    dump(tmp_path / "first.zip")
    before, found = content(tmp_path / "first.zip"), entries(client)
    revisions = dict(Person.objects.values_list("pk", "revision"))
    empty_the_site()
    assert not Statement.objects.exists()
    call_command("load_datapackage", tmp_path / "first.zip", verbosity=0)
    dump(tmp_path / "again.zip")
    assert content(tmp_path / "again.zip") == before
    assert (tmp_path / "again.zip").read_bytes() == (tmp_path / "first.zip").read_bytes()
    assert {f"{words} said" for words in NASTY} <= set(
        Statement.published.values_list("words", flat=True)
    )
    assert dict(Person.objects.values_list("pk", "revision")) == revisions
    # It is found, its former address leads on, and the next record gets the next number.
    assert entries(client) == found
    [former] = _former(before)
    moved = client.get(f"/people/{former}/")
    assert moved["Location"] == "/people/renamed/"
    last = Statement.objects.order_by("pk").last()
    assert last
    assert factories.StatementFactory().pk == last.pk + 1
    assert factories.CitationFactory(statement=last).pk > Citation.objects.count() - 1


def _former(files: dict[str, bytes]) -> list[str]:
    rows = csv.DictReader(files["formerslug.csv"].decode().splitlines())
    return [row["slug"] for row in rows if row["kind"] == "person"]


def test_frictionless_finds_it_valid(dump: Callable[[Path], Any], tmp_path: Path) -> None:
    import frictionless  # here: it takes seconds, of which other tests have no use

    riyadh.load()
    nasty()
    dump(tmp_path / "package.zip")
    report = frictionless.validate(str(tmp_path / "package.zip"))
    assert report.valid, report.flatten(["name", "rowNumber", "fieldName", "message"])
    assert report.stats["tasks"] == len(tables())


def test_every_kind_of_record_and_every_tie_is_in_it() -> None:
    names = {table.name for table in tables()}
    links = {link.through._meta.db_table for model in record_models() for link in model.links()}
    assert names == {
        *(model._meta.model_name for model in record_models()),
        *(table.removeprefix("negotiations_") for table in links),
        *("citation", "formerslug"),
    }
    assert "statement_topics" in names


def test_nothing_that_is_not_public_is_in_it(dump: Callable[[Path], Any], tmp_path: Path) -> None:
    secret = "Quagga"
    source = factories.SourceFactory(text=f"{secret} captured whole.", publisher="Known")
    draft = factories.StatementFactory(words=secret, status="draft")
    factories.CitationFactory(statement=draft, where=secret)
    person = factories.PersonFactory(slug="quagga-once", status="draft", name=secret)
    Person.objects.filter(pk=person.pk).update(slug="quagga-twice")
    withdrawn = factories.TopicFactory(name=secret)
    withdraw(withdrawn, secret)
    factories.PartyFactory(name=secret, slug="demonstration-quagga", demonstration=True)
    factories.UserFactory(username=secret, email="q@example.org")
    factories.CitationFactory(statement=factories.StatementFactory(), source=source)
    dump(tmp_path / "folder")
    for path in (tmp_path / "folder").iterdir():
        assert secret.lower() not in path.read_text("utf-8").lower(), path.name
    with (tmp_path / "folder" / "source.csv").open(encoding="utf-8") as file:
        row = next(csv.DictReader(file))
    assert row["publisher"] == "Known"
    assert not {"text", "text_sha256", "status"} & row.keys()


def test_a_verbatim_statement_comes_back_without_its_captured_text(
    dump: Callable[[Path], Any], tmp_path: Path, client: Client
) -> None:
    source = factories.SourceFactory(text="He said: we agree on much, and left.")
    statement = factories.StatementFactory(
        form="verbatim", words="we agree on much", status="draft"
    )
    factories.CitationFactory(statement=statement, source=source, passage="we agree on much")
    Statement.objects.filter(pk=statement.pk).update(status="published")
    assert "verified" in client.get(statement.get_absolute_url()).content.decode()
    dump(tmp_path / "folder")
    empty_the_site()
    load(tmp_path / "folder")
    page = client.get(statement.get_absolute_url())
    assert page.status_code == 200
    assert 'class="verified"' not in page.content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_dump_shows_one_moment_and_replaces_the_last_only_when_it_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "served" / "package.zip"
    factories.PersonFactory(name="Ann")
    write = dumping._write

    def meanwhile(package: Any, table: Any) -> Any:
        other: Any = connection.copy()
        with other.cursor() as cursor:
            cursor.execute("UPDATE negotiations_person SET name = name || '!'")
        other.close()
        return write(package, table)

    monkeypatch.setattr(dumping, "_write", meanwhile)
    call_command("dump_datapackage", target, verbosity=0)
    whole = content(target)
    # The first look at the database is after the first of these changes.
    [name] = [row["name"] for row in csv.DictReader(whole["person.csv"].decode().splitlines())]
    assert name == "Ann!"
    assert Person.objects.get().name == "Ann" + "!" * len(tables())

    def broken(package: Any, table: Any) -> Any:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(dumping, "_write", broken)
    for place in (target, tmp_path / "served" / "folder"):
        with pytest.raises(CommandError, match="No space left"):
            call_command("dump_datapackage", place, verbosity=0)
    assert content(target) == whole
    assert [path.name for path in target.parent.iterdir()] == ["package.zip"]
    assert json.loads(whole["datapackage.json"])["licenses"][0]["name"] == "CC-BY-4.0"


def test_a_folder_is_replaced_but_not_one_that_is_somebody_elses(
    dump: Callable[[Path], Any], tmp_path: Path
) -> None:
    for _ in range(2):
        dump(tmp_path / "mine")
    assert len(list(tmp_path.iterdir())) == 2  # the link, and the folder that it leads to
    (tmp_path / "theirs").mkdir()
    with pytest.raises(CannotRun, match="was not made by this command"):
        dump(tmp_path / "theirs")
