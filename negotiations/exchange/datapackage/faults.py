"""What is wrong with a package, each with its place."""

from __future__ import annotations

from dataclasses import dataclass, field

MOST = 10_000  # of what one look lists; mending so many brings the rest to light


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: the file, the row (the header is 1; 0: the whole file), the column if one is meant."""

    file: str
    row: int
    column: str
    sentence: str

    def __str__(self) -> str:
        place = self.file
        place += f", row {self.row}" if self.row else ""
        place += f", {self.column}" if self.column else ""
        return f"{place}: {self.sentence}"


class TooMany(Exception):
    """So many faults that no more are looked for."""


@dataclass
class Faults:
    """The faults that were found, and the rows that have them."""

    found: list[Fault] = field(default_factory=list)
    rows: set[tuple[str, int]] = field(default_factory=set)

    def tell(self, fault: Fault) -> None:
        """Add a fault.

        Raises:
            TooMany: it was the last that is listed.
        """
        self.found.append(fault)
        self.rows.add((fault.file, fault.row))
        if len(self.found) == MOST:
            raise TooMany

    def stop(self) -> None:
        """Go no further if there are any.

        Raises:
            Faulty: with all of them.
        """
        if self.found:
            raise Faulty(self.found)


class Faulty(Exception):
    """A package that can't be loaded; nothing was changed. `faults` says why."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = faults
