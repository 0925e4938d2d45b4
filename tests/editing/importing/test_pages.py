"""Importing at the desk: send a table, look, say yes; and all that can be wrong with it."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from negotiations.editing.history import story
from negotiations.editing.importing import pages
from negotiations.editing.importing.kinds import KINDS
from negotiations.models import ImportFile, Person
from tests import factories

pytestmark = pytest.mark.django_db

PEOPLE = "key,name,description\n1,Anna Berg,A diplomat.\n2,عمر حسن,<script>alert(1)</script>\n"


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(factories.UserFactory(group="editor"))
    return client


def send(client: Client, content: str | bytes = PEOPLE, kind: str = "person", **data: Any) -> Any:
    content = content.encode() if isinstance(content, str) else content
    file = SimpleUploadedFile("people.csv", content)
    return client.post("/admin/import/", {"kind": kind, "file": file, **data})


def look_at(client: Client, response: Any) -> str:
    assert response.status_code == 302, response.content.decode()
    return client.get(response["Location"]).content.decode()


def test_a_table_is_shown_before_it_is_written_and_written_on_a_yes(editor: Client) -> None:
    response = send(editor)
    page = look_at(editor, response)
    assert "<b>2</b> new" in page
    assert "Anna Berg" in page
    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page
    assert not Person.objects.exists()

    done = editor.post(response["Location"], {"import": "Import"}, follow=True)
    assert "Imported people.csv: 2 new, 0 changed" in done.content.decode()
    anna = Person.objects.get(name="Anna Berg")
    assert anna.status == "draft"
    assert not ImportFile.objects.exists()
    _, [change] = story(Person, anna.pk)
    assert (change.who.startswith("user"), change.why) == (True, "Import of people.csv")

    assert "There is nothing to import" in look_at(editor, send(editor))
    page = look_at(editor, send(editor, PEOPLE.replace("diplomat", "minister")))
    assert "<b>1</b> changed" in page
    assert '<del dir="auto">A diplomat.</del> <ins dir="auto">A minister.</ins>' in page


def test_a_no_writes_nothing_and_forgets_the_file(editor: Client) -> None:
    response = send(editor)
    editor.post(response["Location"], {"leave": "Don’t import"})
    assert not Person.objects.exists()
    assert not ImportFile.objects.exists()


def test_problems_are_shown_by_row_and_column_and_keep_all_out(editor: Client) -> None:
    response = send(editor, "key,name\n1,Anna Berg\n2,\n1,Omar\n")
    page = look_at(editor, response)
    assert "<b>2</b> problems" in page
    assert "This is needed." in page
    assert 'name="import"' not in page
    editor.post(response["Location"], {"import": "Import"})
    assert not Person.objects.exists()


def test_what_changed_between_look_and_yes_is_shown_again(editor: Client) -> None:
    response = send(editor, PEOPLE.replace("name,", "slug,name,").replace("1,", "1,anna,").replace("2,", "2,omar,"))  # fmt: skip
    factories.PersonFactory(slug="anna", name="Somebody", status="draft")
    page = editor.post(response["Location"], {"import": "Import"}, follow=True).content.decode()
    assert "Records changed since you looked" in page
    assert "<b>1</b> new, <b>1</b> changed" in page
    assert Person.objects.get(slug="anna").name == "Somebody"


def test_a_second_click_imports_nothing_more(editor: Client) -> None:
    response = send(editor)
    editor.post(response["Location"], {"import": "Import"})
    assert editor.post(response["Location"], {"import": "Import"}).status_code == 404
    assert Person.objects.count() == 2


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("name\nAnna\n", "lacks what every person needs: “key”"),
        ("key,name,native name\n1,Anna,x\n", "no column “native name”. Is “native_name” meant?"),
        ("key,name\n", "The table has no rows below its first one"),
        ("key,name\n1,An\x00na\n", "A null byte"),
        ("", "The submitted file is empty"),
    ],
)
def test_what_is_no_such_table_gets_a_sentence_and_nothing_is_stored(
    editor: Client, content: str, sentence: str
) -> None:
    response = send(editor, content)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not ImportFile.objects.exists()


def test_too_much_for_a_page_is_led_to_the_command(
    editor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    response = send(editor, b"x" * 50_000_000)
    assert response.status_code == 422
    assert "The file has 50 MB; 20 are the most here" in response.content.decode()
    monkeypatch.setattr(pages, "MOST_ROWS", 1)
    assert "The table has more than 1 rows" in send(editor).content.decode()
    assert not ImportFile.objects.exists()


def test_the_report_has_all_rows_and_no_formula_in_it(editor: Client) -> None:
    response = send(editor, 'key,name\n=1+1,"=HYPERLINK(""https://example.org"")"\n')
    report = editor.get(f"{response['Location']}report.csv")
    assert report["Content-Type"] == "text/csv; charset=utf-8"
    lines = report.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "row,kind,key,became,record,column,before,after,sentence"
    assert lines[1].startswith("2,person,'=1+1,new,\"'=HYPERLINK(")


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_tells_its_columns_and_has_an_empty_table(editor: Client, kind: str) -> None:
    page = editor.get(f"/admin/import/columns/{kind}/").content.decode()
    table = editor.get(f"/admin/import/columns/{kind}.csv").content.decode("utf-8-sig")
    for name in table.strip().split(","):
        assert f"<code>{name}</code>" in page
    sent = send(editor, table, kind)
    assert "no rows below its first one" in sent.content.decode()


def test_importing_is_for_those_who_edit_and_each_sees_only_their_own(client: Client) -> None:
    assert client.get("/admin/import/").status_code == 302
    client.force_login(factories.UserFactory(is_staff=True))
    assert client.get("/admin/import/").status_code == 403
    client.force_login(factories.UserFactory(group="editor"))
    address = send(client)["Location"]
    client.force_login(factories.UserFactory(group="reviewer"))
    assert client.get(address).status_code == 404
    assert client.get("/admin/import/columns/nothing/").status_code == 404
    assert "Import" in client.get("/admin/").content.decode()
