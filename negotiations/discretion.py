"""What lines of the log must not hold: secrets that stand in addresses, and ends of lines."""

from __future__ import annotations

import re

# What follows in these addresses opens something to whoever has it: from letters and invitations.
OPENING = re.compile(
    r"(/admin/invitation/|/admin/account/password/reset/key/|/follow/(?:confirm|manage|stop)/)"
    r"[^/\s?#\"'<>]+"
)
# Tokens of tools, however they came into a sentence.
TOKEN = re.compile(r"readout_[A-Za-z0-9_-]{20,}")
MASK = "•••"
# What would let a visitor write a line of their own, or hide one.
BREAKS = str.maketrans({"\r": "\\r", "\n": "\\n", "\x1b": "\\x1b", "\x85": " ", "\u2028": " "})


def discreet(text: str) -> str:
    """The same without what opens something."""
    return TOKEN.sub(f"readout_{MASK}", OPENING.sub(rf"\g<1>{MASK}", text))


def in_one_line(text: str) -> str:
    """What a visitor sent, without an end at which a line of their own would begin."""
    return text.translate(BREAKS)
