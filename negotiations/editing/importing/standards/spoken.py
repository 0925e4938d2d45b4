"""The words of a speech in Akoma Ntoso: what was said, without what others wrote between."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from negotiations.editing.importing.standards.running import Settings, note, shown
from negotiations.editing.importing.standards.xml import LANG, local, number, text_of
from negotiations.models import VagueDate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from negotiations.editing.importing.findings import Finding

# ISO 639-2, as Akoma Ntoso writes languages, where BCP 47 has a shorter code.
LANGUAGES = {
    "ara": "ar", "chi": "zh", "deu": "de", "eng": "en", "fra": "fr", "fre": "fr", "ger": "de",
    "heb": "he", "ita": "it", "jpn": "ja", "nld": "nl", "pol": "pl", "por": "pt", "rus": "ru",
    "spa": "es", "tur": "tr", "ukr": "uk", "zho": "zh",
}  # fmt: skip
BREAKS = ("eol", "eop", "br")
# What stands in a speech and was not said.
NOT_SAID = (
    "authorialNote", "remark", "scene", "narrative", "recordedTime", "noteRef", "num", "img", "from",
    "heading", "subheading",
)  # fmt: skip
SAID_SILENTLY = ("noteRef", "from")  # of these nothing is told


def is_paraphrase(summary: Any) -> bool:
    """Does it name its speaker first, as one of Readout's does?"""
    begins = len(summary) > 0 and not (summary.text or "").strip()
    return (
        begins
        and local(summary[0]) in ("person", "organization")
        and bool(summary[0].get("refersTo"))
    )


class Spoken:
    """Reads the words of speeches, and counts what mark-up of them is not kept."""

    def __init__(self, settings: Settings, language: str) -> None:
        self.settings, self.language = settings, language
        self._marks: Counter[str] = Counter()
        self._first: dict[str, int] = {}

    def words(self, speech: Any) -> tuple[dict[str, str], list[Finding]]:
        """The columns of a statement that its words fill, and what of the speech was left out."""
        told: list[Finding] = []
        by_language: dict[str, list[str]] = {}
        date = ""
        for each in speech:
            if local(each) == "from":
                date = self._date(text_of(each))
            if local(each) in NOT_SAID:
                told += self._told(each)
                continue
            if local(each) != "p":
                self._count(each)
            language = each.get(LANG) or speech.get(LANG) or self.language
            line = " ".join("".join(self._said(each, told)).split())
            if line:
                by_language.setdefault(LANGUAGES.get(language, language), []).append(line)
        if time := speech.get("startTime"):
            date = date or time[:10]
            told.append(self._note(speech, f"Its time of day is not kept: “{shown(time)}”."))
        if to := speech.get("to"):
            told.append(self._note(speech, f"To whom it was said is not kept: “{shown(to)}”."))
        (language, lines), *others = by_language.items() or [(self.language, [])]
        values = {"words": "\n".join(lines), "language": language, "date": date}
        if others:
            values |= {"original_words": "\n".join(others[0][1]), "original_language": others[0][0]}
        told += [
            self._note(speech, f"Its words in “{code}” are not kept: “{shown(' '.join(lines))}”.")
            for code, lines in others[1:]
        ]
        return values, told

    def paraphrase(self, summary: Any) -> dict[str, str]:
        """Likewise of a summary, whose first element is its speaker."""
        speaker = summary[0]
        words = "".join(
            [
                speaker.tail or "",
                *(f"{''.join(each.itertext())}{each.tail or ''}" for each in summary[1:]),
            ]
        )
        language = summary.get(LANG) or self.language
        return {
            "words": words.strip().removeprefix(":").strip(),
            "language": LANGUAGES.get(language, language),
            "date": self._date(text_of(speaker)),
        }

    def _said(self, element: Any, told: list[Finding]) -> Iterator[str]:
        yield element.text or ""
        for each in element:
            if local(each) in BREAKS:
                yield " "
            elif local(each) in NOT_SAID:
                told += self._told(each)
            else:
                self._count(each)
                yield from self._said(each, told)
            yield each.tail or ""

    def _told(self, element: Any) -> list[Finding]:
        words = text_of(element)
        if local(element) in SAID_SILENTLY or not words:
            return []
        return [
            self._note(element, f"<{local(element)}> is not among the words: “{shown(words)}”.")
        ]

    def _note(self, element: Any, sentence: str) -> Finding:
        return note(element.sourceline or 0, local(element), number(element), "", sentence)

    def _count(self, element: Any) -> None:
        self._marks[local(element)] += 1
        self._first.setdefault(local(element), element.sourceline or 0)

    def mark_up(self) -> Iterator[Finding]:
        """What elements within speeches were read as mere words, told once each."""
        for name, times in self._marks.items():
            often = f" ({times:,} times, first here)" if times > 1 else ""
            yield note(
                self._first[name],
                name,
                "",
                "",
                f"<{name}>{often}: its words are kept, not what it means.",
            )

    @staticmethod
    def _date(who: str) -> str:
        """The date that Readout writes after a speaker, where it is not the meeting's."""
        last = who.rpartition(", ")[2]
        try:
            return VagueDate.parse(last).edtf
        except ValueError:
            return ""
