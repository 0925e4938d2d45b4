"""settings.py refuses what it can't use with a sentence, and never shows a secret."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from negotiations import settings
from negotiations.operating import checks

NO_SECRET = "hunter2hunter2"


def refused(monkeypatch: pytest.MonkeyPatch, **environment: str) -> str:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured) as error:
        runpy.run_path(settings.__file__)
    return str(error.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("READOUT_HOSTS", "https://readout.example.org"),
        ("READOUT_HOSTS", "readout.example.org:443"),
        ("READOUT_DEBUG", "yes"),
        ("READOUT_PROXIED", "true"),
        ("READOUT_FOUR_EYES", "yes"),
        ("READOUT_REQUIRE_SECOND_FACTOR", "all"),
        ("READOUT_LOCKOUT", "5"),
        ("READOUT_API_LIMIT", "many"),
        ("READOUT_PAGE_CACHE", "64M"),
        ("READOUT_SLOW", "1s"),
        ("READOUT_LOG", "xml"),
    ],
)
def test_it_names_the_setting_and_what_it_is(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("READOUT_SECRET_KEY", "x" * 50)
    said = refused(monkeypatch, **{name: value})
    assert name in said
    assert value in said


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("READOUT_METRICS_TOKEN", NO_SECRET),
        ("READOUT_EMAIL_URL", f"http://readout:{NO_SECRET}@mail"),
        ("DATABASE_URL", f"postgresql://readout:{NO_SECRET}@[db/readout"),
    ],
)
def test_of_what_may_hold_a_secret_only_the_name(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = refused(monkeypatch, **{name: value})
    assert name in said
    assert NO_SECRET not in said


def test_a_production_site_needs_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("READOUT_SECRET_KEY", raising=False)
    assert "READOUT_SECRET_KEY" in refused(monkeypatch, READOUT_HOSTS="readout.example.org")


# --- Names ---


def test_a_name_that_means_nothing_is_told_with_the_likeliest_right_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("READOUT_PAGECACHE", "64")
    (told,) = [each for each in checks.names_are_known() if "READOUT_PAGECACHE" in each.msg]
    assert told.hint == "Did you mean READOUT_PAGE_CACHE?"


def test_each_name_that_is_read_is_explained() -> None:
    """Else the doctor would call it a mistake."""
    text = Path(settings.__file__).read_text()
    read = set(re.findall(r'"(READOUT_[A-Z_]+)"', text))
    assert read <= checks.known()
