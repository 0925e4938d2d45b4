"""The extractor against labelled texts; `pytest -s` prints the table. Bars are what was measured."""

from __future__ import annotations

import pytest

from tests.editing.extraction.measure import Score, measure, names, table

# Of each text: recall of its quotations, and the part of them with the right speaker.
BARS = {
    "british": (1.0, 0.87),
    "heldout": (0.9, 0.9),
    "heldout-russian": (1.0, 0.66),
    "interview": (1.0, 1.0),
    "oped": (1.0, 1.0),
    "readout": (1.0, 0.66),
    "release": (0.87, 0.75),
    "riyadh": (1.0, 0.9),
    "russian": (0.87, 0.87),
    "transcript": (1.0, 1.0),
    "wire": (0.9, 0.9),
}


@pytest.fixture(scope="module")
def scores() -> dict[str, Score]:
    found = {name: measure(name) for name in names()}
    print(f"\n{table(found)}")
    return found


@pytest.mark.parametrize("name", sorted(BARS))
def test_quotations_have_their_speakers(name: str, scores: dict[str, Score]) -> None:
    if name not in scores:
        pytest.skip("the report is kept beside the project")
    score, (recall, right_speaker) = scores[name], BARS[name]
    assert score.recall >= recall, score.wrong
    assert score.with_right_speaker >= right_speaker, score.wrong


def test_in_all_nearly_nothing_is_invented(scores: dict[str, Score]) -> None:
    total = sum(scores.values(), Score())
    assert total.precision >= 0.98, total.wrong
    assert total.speaker_precision >= 0.98, total.wrong
    assert total.with_right_speaker >= 0.88, total.wrong


def test_no_labelled_text_goes_unmeasured(scores: dict[str, Score]) -> None:
    assert set(scores) <= set(BARS)
