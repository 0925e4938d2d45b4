"""Measures the extractor against labelled texts: `python -m tests.editing.extraction.measure`.

`texts/` holds each text with a .toml of its quotations and speakers, labelled by hand. The report on
the Riyadh talks is kept beside the project; only its labels are here.
"""

from __future__ import annotations

import os
import tomllib
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "negotiations.settings")
    django.setup()

from negotiations.editing.extraction import Known, Proposal, propose

TEXTS = Path(__file__).parent / "texts"
REPORT = Path(__file__).resolve().parents[4] / "shared" / "seed" / "riyadh-talks.txt"
LANGUAGES = {"russian": "ru", "heldout-russian": "ru"}


@dataclass
class Score:
    """How a text went. A quotation is right if its words are; a speaker, if it is the labelled one."""

    labelled: int = 0
    proposed: int = 0
    right: int = 0
    speakers_labelled: int = 0
    speakers_proposed: int = 0
    speakers_right: int = 0
    both_right: int = 0
    wrong: list[str] = field(default_factory=list)

    def __add__(self, other: Score) -> Score:
        return Score(
            *(
                getattr(self, name) + getattr(other, name)
                for name in list(self.__dataclass_fields__)
            )
        )

    @property
    def precision(self) -> float:
        return self.right / self.proposed if self.proposed else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.labelled

    @property
    def speaker_precision(self) -> float:
        return self.speakers_right / self.speakers_proposed if self.speakers_proposed else 1.0

    @property
    def speaker_recall(self) -> float:
        return self.speakers_right / self.speakers_labelled

    @property
    def with_right_speaker(self) -> float:
        """Of all labelled quotations, those found with the speaker labelled, or rightly none."""
        return self.both_right / self.labelled


def text_of(name: str) -> str:
    return (REPORT if name == "riyadh" else TEXTS / f"{name}.txt").read_text()


def labels_of(name: str) -> list[dict[str, str]]:
    labels: list[dict[str, str]] = tomllib.loads((TEXTS / f"{name}.toml").read_text())["quotation"]
    return labels


def names() -> list[str]:
    found = sorted(path.stem for path in TEXTS.glob("*.toml"))
    return [name for name in found if name != "riyadh" or REPORT.exists()]


def measure(name: str, known: Known | None = None) -> Score:
    """Compare what is proposed from a text with its labels."""
    proposals = propose(text_of(name), LANGUAGES.get(name, "en"), known or Known())
    return compare(labels_of(name), [p for p in proposals if p.form == "verbatim"])


def compare(labels: list[dict[str, str]], proposals: list[Proposal]) -> Score:
    score = Score(labelled=len(labels), proposed=len(proposals))
    score.speakers_labelled = sum(bool(label["speaker"]) for label in labels)
    score.speakers_proposed = sum(bool(each.speaker_name) for each in proposals)
    left = list(proposals)
    for label in labels:
        same = [each for each in left if plain(each.words) == plain(label["words"])]
        if not same:
            score.wrong.append(f"missed: {label['words']}")
            continue
        each = same[0]
        left.remove(each)
        score.right += 1
        if is_same(each.speaker_name, label["speaker"]):
            score.both_right += 1
            score.speakers_right += bool(label["speaker"])
        else:
            score.wrong.append(
                f"speaker {each.speaker_name or 'none'!r}, not {label['speaker'] or 'none'!r} "
                f"({each.rule}): {label['words']}"
            )
    score.wrong += [
        f"no quotation: {each.words} ({each.speaker_name}, {each.rule})" for each in left
    ]
    return score


def plain(words: str) -> str:
    return " ".join(words.split()).strip(" .,")


def is_same(proposed: str, labelled: str) -> bool:
    """Does the text's name for a speaker ("Lavrov") mean the labelled one ("Sergey Lavrov")?"""
    words = Counter(proposed.casefold().replace("’", "'").split())
    of = Counter(labelled.casefold().replace("’", "'").split())
    return bool(words) == bool(of) and not words - of


def table(scores: dict[str, Score]) -> str:
    head = f"{'text':<16}{'labelled':>9}{'quotations P/R':>16}{'speakers P/R':>16}{'right speaker':>15}"
    total = sum(scores.values(), Score())
    return "\n".join(
        [
            head,
            *(
                f"{name:<16}{s.labelled:>9}{s.precision:>9.2f} /{s.recall:.2f}"
                f"{s.speaker_precision:>10.2f} /{s.speaker_recall:.2f}{s.with_right_speaker:>15.2f}"
                for name, s in {**scores, "all": total}.items()
            ),
        ]
    )


def main() -> None:
    scores = {name: measure(name) for name in names()}
    print(table(scores))
    for name, score in scores.items():
        for line in score.wrong:
            print(f"  {name}: {line}")


if __name__ == "__main__":
    main()
