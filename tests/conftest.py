"""What every test runs with: a PostgreSQL of the tests' own, and settings that save time."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.db.models.signals import post_migrate
from django.test import override_settings

from negotiations import database, embedded
from negotiations.search import spread

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests last: Playwright's loop stays in their process, where others start their own."""
    items.sort(key=lambda item: "browser" in getattr(item, "fixturenames", ()))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
) -> Iterator[None]:
    """Without DATABASE_URL, have a server beside the one that holds somebody's work."""
    default = settings.DATABASES["default"]
    folder = settings.LOCAL_DIR / "test-postgres" if settings.EMBEDDED_DATABASE else None
    if folder:
        default.update(HOST=embedded.connection(folder)["HOST"])
    default["OPTIONS"].pop("pool")
    default["OPTIONS"]["options"] = "-c synchronous_commit=off"
    with embedded.Server(folder) if folder else nullcontext():
        yield
        database.let_go()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A test that empties all tables leaves the desk's groups as the migrations made them."""
    with django_db_blocker.unblock():
        codes = {
            group.name: set(group.permissions.values_list("content_type__app_label", "codename"))
            for group in Group.objects.all()
        }

    def again(**_: Any) -> None:
        for name, wanted in codes.items():
            group, made = Group.objects.get_or_create(name=name)
            if made:
                known = Permission.objects.select_related("content_type")
                group.permissions.set(
                    each for each in known if (each.content_type.app_label, each.codename) in wanted
                )

    *_, last = apps.get_app_configs()
    post_migrate.connect(again, sender=last, weak=False)
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        # A browser that has left may have a page in the making still.
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            # Only a superuser may end an autovacuum.
            " AND backend_type = 'client backend'"
        )


@pytest.fixture(scope="session", autouse=True)
def _quick_settings() -> Iterator[None]:
    with override_settings(
        STORAGES=settings.STORAGES
        | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}},
        WHITENOISE_AUTOREFRESH=True,
        WHITENOISE_USE_FINDERS=True,
        # Most tests are one transaction, in which nothing is ever committed that a page could miss.
        PAGE_CACHE=0,
        # Counted in the process, so for all of its tests together.
        SEARCH_LIMIT=(0, 0),
        DOWNLOAD_LIMIT=(0, 0),
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    ):
        yield


@pytest.fixture(autouse=True)
def _never_analyzed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether the planner's statistics are there, and are read now, is not left to chance."""
    monkeypatch.setattr(spread, "_of_records", lambda _minute: spread.Spread(1, []))
