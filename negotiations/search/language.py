"""The query language: words, "phrases", -not, OR, prefix* and field:value, read without the database.

Every text can be read; what can't be understood becomes a sentence, and the rest is still searched.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Literal

from negotiations.languages import gettext

LONGEST = 1000
MOST_TERMS = 32
FIELDS = (
    "speaker",
    "party",
    "topic",
    "meeting",
    "process",
    "publisher",
    "form",
    "status",
    "account",
    "before",
    "after",
    "has",
)
QUOTES = str.maketrans(dict.fromkeys("“”„‟«»″＂", '"'))
TOKEN = re.compile(
    r"(?P<lone>-?[^\W\d_]+:)(?=\s|$)|"
    r'(?P<minus>-)?(?:(?P<field>[^\W\d_]+):(?!//))?(?:"(?P<quoted>[^"]*)(?P<closed>"?)|(?P<bare>[^\s"]+))'
)


@dataclass(frozen=True)
class Atom:
    """One thing asked for. For a field, `text` is its value."""

    kind: Literal["word", "phrase", "prefix", "field"]
    text: str
    field: str = ""
    negated: bool = False


@dataclass
class Asked:
    """All groups must hold; of a group, one atom must. `problems` are sentences for the reader."""

    groups: list[list[Atom]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def atoms(self) -> list[Atom]:
        return [atom for group in self.groups for atom in group]


def read(text: str) -> Asked:
    """Read a query; never fails."""
    asked = Asked()
    text = "".join(" " if unicodedata.category(c) in ("Cc", "Cs") else c for c in text)
    joined = False  # an OR stands before
    for token in TOKEN.finditer(text.translate(QUOTES)):
        if token["bare"] in ("OR", "|") and not token["minus"] and not token["field"]:
            joined = bool(asked.groups)
            continue
        atom = _atom(token, asked.problems)
        if atom is None:
            continue
        if len(asked.atoms()) == MOST_TERMS:
            asked.problems.append(
                gettext("Only the first {value} words are searched. Leave some out.").format(
                    value=MOST_TERMS
                )
            )
            break
        if joined:
            asked.groups[-1].append(atom)
        else:
            asked.groups.append([atom])
        joined = False
    return asked


def _atom(token: re.Match[str], problems: list[str]) -> Atom | None:
    if token["lone"]:
        problems.append(
            gettext("“{token}” has no value. Write it without a space: speaker:lavrov.").format(
                token=token["lone"]
            )
        )
        return None
    quoted, bare, negated = token["quoted"], token["bare"], bool(token["minus"])
    if quoted is not None and not token["closed"]:
        problems.append(
            gettext("A quotation mark is not closed; all that follows it was read as one phrase.")
        )
    if token["field"]:
        return _field(token["field"].lower(), (quoted or bare or "").strip(), negated, problems)
    if quoted is not None:
        return Atom("phrase", quoted, negated=negated) if _says_something(quoted) else None
    if not _says_something(bare):
        return None
    if bare.endswith("*") and _says_something(bare.rstrip("*")):
        return Atom("prefix", bare.rstrip("*"), negated=negated)
    return Atom("word", bare, negated=negated)


def _field(name: str, value: str, negated: bool, problems: list[str]) -> Atom | None:
    if name not in FIELDS:
        problems.append(
            gettext("There is no field “{name}:”. Fields are {value}.").format(
                name=name, value=", ".join(FIELDS)
            )
        )
        return None
    if not value:
        problems.append(
            gettext("“{name}:” has no value. Write it without a space: speaker:lavrov.").format(
                name=name
            )
        )
        return None
    return Atom("field", value, name, negated)


def _says_something(text: str) -> bool:
    return any(c.isalnum() for c in text)
