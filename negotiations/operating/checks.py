"""What Django's system check asks of our configuration, beside what settings.py refuses at once."""

from __future__ import annotations

import difflib
import os
import re
from typing import Any

from django.core import checks

from negotiations import settings


def known() -> set[str]:
    """The names of all that may be set, as the head of settings.py explains them."""
    return set(re.findall(r"\b[A-Z]+(?:_[A-Z]+)+\b", settings.__doc__ or ""))


def unknown() -> dict[str, str]:
    """Names in the environment that look like ours and mean nothing, each with the likeliest right one."""
    names = known()
    return {
        name: (difflib.get_close_matches(name, names, 1) or [""])[0]
        for name in sorted(os.environ)
        if name.startswith("READOUT_") and name not in names | ALSO
    }


# For tests and benchmarks, which say so themselves.
ALSO = {"READOUT_REQUIRE_BROWSER", "READOUT_BENCH_URL"}


def names_are_known(**_: Any) -> list[checks.CheckMessage]:
    return [
        checks.Warning(
            f"{name} is set and means nothing.",
            hint=f"Did you mean {meant}?" if meant else "Unset it; the names are in settings.py.",
            id="readout.W001",
        )
        for name, meant in unknown().items()
    ]


def register() -> None:
    checks.register(names_are_known)
