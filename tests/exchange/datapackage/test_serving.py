"""The package is served whole and file by file, and its page tells its date."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from tests import factories

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def target(settings: Any, tmp_path: Path) -> Path:
    settings.DATAPACKAGE = tmp_path / "datapackage.zip"
    return tmp_path / "datapackage.zip"


def test_it_is_served_with_its_date_once_there_is_one(
    dump: Callable[[Path], Any], target: Path, client: Client
) -> None:
    for address in ("datapackage.zip", "datapackage.json", "person.csv"):
        assert client.get(f"/data/{address}").status_code == 404
    assert "No file with all records was made here yet." in client.get("/data/").content.decode()
    factories.PersonFactory(name="Ann")
    created = dump(target)["created"]
    page = client.get("/data/").content.decode()
    assert 'href="/data/datapackage.zip"' in page
    assert f'datetime="{created[:13]}' in page
    answer: Any = client.get("/data/datapackage.zip")
    assert b"".join(answer.streaming_content) == target.read_bytes()
    told = json.loads(client.get("/data/datapackage.json").content)
    person: Any = client.get(f"/data/{told['resources'][1]['path']}")
    assert b",Ann," in b"".join(person.streaming_content)
    assert person["Access-Control-Allow-Origin"] == "*"
    assert client.get("/data/secret-key.csv").status_code == 404
    again = client.get("/data/datapackage.zip", headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304


def test_what_is_no_package_is_not_served(target: Path, client: Client, db: None) -> None:
    target.write_bytes(b"half")
    assert client.get("/data/datapackage.json").status_code == 404
    assert client.get("/data/person.csv").status_code == 404
