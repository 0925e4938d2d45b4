"""One thing that the doctor looked at: how it is, and what to do if it is not well."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from negotiations.operating.logs import safe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

WELL, CONCERN, BROKEN = "ok", "warning", "broken"


@dataclass(frozen=True)
class Finding:
    subject: str
    says: str
    state: str = WELL
    do: str = ""

    def line(self) -> str:
        mark = {WELL: "ok     ", CONCERN: "warning", BROKEN: "BROKEN "}[self.state]
        return f"{mark}  {self.subject}: {self.says}{'. ' if self.do else ''}{self.do}"


def guarded(look: Callable[[], Iterable[Finding]]) -> Iterator[Finding]:
    """What a look finds; one that fails is a finding, too, and the others go on."""
    subject = look.__name__.replace("_", " ").strip()
    try:
        yield from look()
    except Exception as error:  # whatever is broken may break a look at it
        told = safe(str(error).strip().splitlines()[0] if str(error).strip() else "")
        yield Finding(
            subject,
            f"could not be looked at ({type(error).__name__}: {told})"[:300],
            BROKEN,
            "Mend what is broken above, then look again.",
        )
