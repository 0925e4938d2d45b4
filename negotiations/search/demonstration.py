"""Demonstration data in searches: never among real records, and found by itself where it is asked for.

All that is demonstration data carries the code of a process, party or topic that is; but for people
who hold no office, who are told by their own.
"""

from __future__ import annotations

from negotiations.models.rules import DEMONSTRATION_ADDRESS
from negotiations.search.entries import Dimension, lexeme

NOTHING = lexeme(0, 0)  # carried by no record
ROOTS = f"""
SELECT {Dimension.PROCESS}, id FROM negotiations_process WHERE demonstration
UNION ALL SELECT {Dimension.PARTY}, id FROM negotiations_party WHERE demonstration AND part_of_id IS NULL
UNION ALL SELECT {Dimension.PERSON}, id FROM negotiations_person p WHERE demonstration AND NOT EXISTS (
  SELECT FROM negotiations_appointment a WHERE a.person_id = p.id AND a.status = 'published')
UNION ALL SELECT {Dimension.TOPIC}, id FROM negotiations_topic WHERE demonstration AND parent_id IS NULL
"""


def is_demonstration(slug: str) -> bool:
    """Does this address belong to demonstration data? The database's rule says so."""
    return slug.startswith(DEMONSTRATION_ADDRESS)


def part(roots: list[tuple[int, int]], *, wanted: bool) -> str:
    """The part of a tsquery that lets through demonstration data only, or none; `roots` from ROOTS."""
    codes = " | ".join(lexeme(dimension, pk) for dimension, pk in sorted(roots))
    if wanted:
        return f"({codes})" if codes else NOTHING
    return f"!({codes})" if codes else ""
