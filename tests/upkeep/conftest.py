"""A database with a few records, and one backup of it, for all tests of a module."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from django.conf import settings

from negotiations.upkeep.backups import Backup, read
from negotiations.upkeep.making import make
from tests.databases import own_database
from tests.factories import PersonFactory

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_django import DjangoDbBlocker


@pytest.fixture(scope="session")
def the_tests_server() -> Iterator[None]:
    """Where a command would start the embedded server, have it find the one of the tests."""
    with pytest.MonkeyPatch.context() as patch:
        if settings.EMBEDDED_DATABASE:
            patch.setattr(settings, "EMBEDDED_DATABASE", settings.LOCAL_DIR / "test-postgres")
        yield


@pytest.fixture(scope="module")
def original(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Backup]:
    with django_db_blocker.unblock(), own_database("upkeep", filled=True):
        PersonFactory.create_batch(3)
        yield make(tmp_path_factory.mktemp("backups"), verify=False)


@pytest.fixture
def backup(original: Backup, tmp_path: Path) -> Backup:
    """A copy, which a test may damage."""
    return read(shutil.copytree(original.path, tmp_path / original.path.name))
