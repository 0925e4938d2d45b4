"""Finds what stands between quotation marks."""

from __future__ import annotations

import re
from collections.abc import Iterator

PAIRED = re.compile(r"[“„]([^“”„]+)[”“]|«([^«»]+)»|\"([^\"\n]+)\"")


def quotations(text: str) -> Iterator[tuple[int, int, str]]:
    """Each quotation as (start, end, words), in the order of the text."""
    for match in PAIRED.finditer(text):
        words = next(filter(None, match.groups())).strip()
        if words:
            yield match.start(), match.end(), words.rstrip(",")
