"""Readout. Its version stands in one place, pyproject.toml."""

from __future__ import annotations

import tomllib
from pathlib import Path

with (Path(__file__).resolve().parent.parent / "pyproject.toml").open("rb") as _file:
    __version__: str = tomllib.load(_file)["project"]["version"]
