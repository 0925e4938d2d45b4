"""What a statement is called where another record names it: the beginning of its words."""

from __future__ import annotations

LONGEST = 100


def statement_name(r: str) -> str:
    return (
        f"CASE WHEN length({r}.words) > {LONGEST}"
        f" THEN left({r}.words, {LONGEST - 1}) || '…' ELSE {r}.words END"
    )
