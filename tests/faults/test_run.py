"""All faults in turn, as `python -m tests.faults.run` causes them."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.faults.machine import DEBIAN, PROJECT


@pytest.mark.slow
@pytest.mark.skipif(not DEBIAN.exists(), reason="needs Debian's PostgreSQL 15")
def test_nothing_is_lost_and_everybody_is_told() -> None:
    command = [sys.executable, "-m", "tests.faults.run", "--seconds", "3"]
    ran = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "database hangs" in ran.stdout
