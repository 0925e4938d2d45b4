"""What docs/security.md and docs/asvs.md say is so: the tests they name, the limits, the lock."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
ASVS = (PROJECT / "docs/asvs.md").read_text()
SECURITY = (PROJECT / "docs/security.md").read_text()
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in ASVS.splitlines()
    if re.match(r"\| \d", line)
]


@pytest.mark.parametrize(
    "named", sorted(set(re.findall(r"tests/[\w/]+\.py(?:::\w+)?", ASVS + SECURITY)))
)
def test_each_test_that_is_named_exists(named: str) -> None:
    path, _, test = named.partition("::")
    text = (PROJECT / path).read_text()
    assert re.search(rf"^def {test or 'test_'}", text, re.MULTILINE), named


def test_each_row_says_how_it_stands_and_why() -> None:
    assert len(ROWS) > 180
    for number, what, state, reason in ROWS:
        assert state in ("met", "partly", "not met", "n/a", "operator"), number
        assert what, number
        assert reason, number
    numbers = [row[0] for row in ROWS]
    assert len(numbers) == len(set(numbers))


@pytest.mark.parametrize("anchor", sorted(set(re.findall(r"security\.md#([\w-]+)", ASVS))))
def test_what_the_table_leads_to_is_there(anchor: str) -> None:
    heads = {re.sub(r"[^\w -]", "", h.lower()).replace(" ", "-") for h in re.findall(r"^## (.+)$", SECURITY, re.MULTILINE)}  # fmt: skip
    assert anchor in heads


def test_the_limits_told_are_those_that_are_set() -> None:
    settings = (PROJECT / "negotiations/settings.py").read_text()
    for name, most in (("API", "3000/5"), ("SEARCH", "3000/5"), ("DOWNLOAD", "120/5")):
        assert re.search(rf'"?READOUT_{name}_LIMIT"?, "{most}"', settings)
        requests, minutes = most.split("/")
        assert f"{int(requests):,} in {minutes} minutes | `READOUT_{name}_LIMIT`" in SECURITY


def test_all_that_is_installed_is_locked_by_hash() -> None:
    """Each file of each package, from the one registry."""
    locked = tomllib.loads((PROJECT / "uv.lock").read_text())["package"]
    files = 0
    for package in locked:
        if "virtual" in package["source"]:
            continue
        assert set(package["source"]) == {"registry"}, package["name"]
        for file in [*package.get("wheels", []), *filter(None, [package.get("sdist")])]:
            assert file["hash"].startswith("sha256:"), package["name"]
            files += 1
    assert files > len(locked)
