"""What the extractor is told (`Known`) and what it answers with (`Proposal`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from negotiations.models.dates import VagueDate

Kind = Literal["statement", "action", "follow_up", "open_matter", "person"]


@dataclass(frozen=True)
class Proposal:
    """A draft that the text suggests. Nothing is made of it until an editor accepts it.

    Positions count code points. What the text does not tell is None, empty or False: no speaker is
    better than a wrong one.
    """

    kind: Kind
    # The passage: a quotation with its quotation marks, or the sentence.
    start: int
    end: int
    # The rule that found it, in a word or two, for the editor to see: "X said", "quotation marks".
    rule: str
    # Of a statement: the exact words without outer quotation marks; […] stands where the reporter
    # cut in ("…," he said, "…"). Empty for a paraphrase, which the editor puts in own words.
    words: str = ""
    form: Literal["verbatim", "paraphrase", ""] = ""
    # Who speaks: a person that is known, and the name as the text has it ("Lavrov"). Where a body
    # speaks, the person is None and the name is the body's ("the US State Department").
    speaker: int | None = None
    speaker_name: str = ""
    # For which party: of a statement its speaker's, of a person the delegation's, else the office's.
    party: int | None = None
    # Of an action or follow-up meeting: the known parties that the sentence names as agreeing.
    parties: tuple[int, ...] = ()
    # When it was said (statement) or is due (action, follow-up meeting), no more exactly than told;
    # `date_words` is how the text puts it, also where that is no date: "in due course".
    date: VagueDate | None = None
    date_words: str = ""
    # Of a person whom the text introduces and nobody knows yet; or whom the text seats in a
    # delegation though the records do not, then with `speaker` as the known person.
    name: str = ""
    office: str = ""
    party_name: str = ""
    # Whether the text says that this person sat in that party's delegation; the order of the
    # proposals is the delegation's.
    seated: bool = False


@dataclass(frozen=True)
class KnownParty:
    """A party with all that a text may call it; `part_of` is the party whose body it is."""

    pk: int
    names: tuple[str, ...]
    adjectives: tuple[str, ...] = ()
    part_of: int | None = None


@dataclass(frozen=True)
class KnownPerson:
    """A person with all names (also in other scripts), and offices as (office, party).

    `party` is the one of the delegation at the meeting, else of the only party with an office;
    `seated` says whether the person sits in a delegation of the meeting already.
    """

    pk: int
    names: tuple[str, ...]
    offices: tuple[tuple[str, int], ...] = ()
    party: int | None = None
    seated: bool = False


@dataclass(frozen=True)
class Known:
    """Who is known already. Empty, the extractor works with the names that the text itself tells."""

    people: tuple[KnownPerson, ...] = ()
    parties: tuple[KnownParty, ...] = ()
