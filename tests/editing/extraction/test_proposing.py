"""What the extractor proposes from a text, and what it leaves alone."""

from __future__ import annotations

import pytest

from negotiations.editing.extraction import Known, KnownParty, KnownPerson, Proposal, propose
from negotiations.models import VagueDate
from tests.editing.extraction.measure import REPORT

NORVENIA, KESTRIA, MINISTRY = 1, 2, 3
BRANDT, KARST = 11, 12
KNOWN = Known(
    people=(
        KnownPerson(
            BRANDT, ("Ola Brandt", "Ула Брандт"), (("Foreign Minister", MINISTRY),), MINISTRY
        ),
        KnownPerson(
            KARST, ("Ruben Karst", "Рубен Карст"), (("Foreign Minister", KESTRIA),), KESTRIA
        ),
    ),
    parties=(
        KnownParty(NORVENIA, ("Norvenia", "Норвения")),
        KnownParty(KESTRIA, ("Kestria", "Кестрия"), ("Kestrian",)),
        KnownParty(MINISTRY, ("Norvenian Foreign Ministry",), part_of=NORVENIA),
    ),
)
THURSDAY = VagueDate.parse("2031-05-15")


def found(text: str, kind: str = "", form: str = "", known: Known = KNOWN) -> list[Proposal]:
    language = "ru" if "а" <= text.strip("«— ")[:1].casefold() <= "я" else "en"
    return [
        each
        for each in propose(text, language, known, THURSDAY)
        if kind in ("", each.kind) and form in ("", each.form)
    ]


def quoted(text: str, known: Known = KNOWN) -> list[str]:
    return [each.words for each in found(text, "statement", "verbatim", known)]


def speakers(text: str, known: Known = KNOWN) -> list[str | int]:
    statements = found(text, "statement", "verbatim", known)
    return [each.speaker or each.speaker_name for each in statements]


# --- Quotations ---


@pytest.mark.parametrize(
    "text",
    [
        "“We will not leave the table,” Brandt said.",
        '"We will not leave the table," Brandt said.',
        "„We will not leave the table“, Brandt said.",
        "«We will not leave the table», Brandt said.",
        "‘We will not leave the table,’ Brandt said.",
        "'We will not leave the table,' Brandt said.",
        "``We will not leave the table,'' Brandt said.",
        "''We will not leave the table,'' Brandt said.",
    ],
)
def test_every_style_of_quotation_marks(text: str) -> None:
    assert quoted(text) == ["We will not leave the table"]
    assert speakers(text) == [BRANDT]


def test_the_passage_is_the_quotation_with_its_marks() -> None:
    text = "Brandt said it went “quite well” today."
    (each,) = found(text, "statement", "verbatim")
    assert text[each.start : each.end] == "“quite well”"


def test_quotations_inside_belong_to_the_words() -> None:
    assert quoted("Brandt said: “He told us ‘no’ and meant “yes” by it.”") == [
        "He told us ‘no’ and meant “yes” by it."
    ]


def test_apostrophes_are_no_quotation_marks() -> None:
    text = (
        "The states' envoys don't know what the '90s' treaties' authors meant, Brandt's aide says."
    )
    assert quoted(text) == []


def test_a_quotation_runs_over_paragraphs_that_reopen() -> None:
    text = "Brandt said: “We begin with the bridge.\n\n“And we end with it.”"
    assert quoted(text) == ["We begin with the bridge. […] And we end with it."]
    assert speakers(text) == [BRANDT]


def test_a_reporter_cuts_in() -> None:
    assert quoted("“We agreed on the hinges,” Karst said, “but not on the door.”") == [
        "We agreed on the hinges […] but not on the door."
    ]
    assert quoted("«Мы договорились, — сказал Карст, — но не обо всём».") == [
        "Мы договорились […] но не обо всём"
    ]


def test_a_quotation_that_is_never_closed_is_none() -> None:
    assert quoted("Brandt said: “We begin with the bridge.\nThe talks went on.") == []


def test_scare_quotes_and_titles_are_nobodys_words() -> None:
    assert quoted("The “experts” arrived in ‘style’ and read the newspaper “Morning Lamp”.") == []


# --- Speakers ---


@pytest.mark.parametrize(
    "text",
    [
        "Brandt said the map was “a basis for work.”",
        "“It is a basis for work,” said Ola Brandt.",
        "Brandt, a former teacher, noted that it was “a basis for work.”",
        "According to Brandt, it is “a basis for work.”",
        "Ola Brandt arrived late. “It is a basis for work,” she said.",
        "Karst spoke first. Brandt replied that it was no map, adding that it was “a basis.”",
        "The Norvenian foreign minister called it “a basis for work.”",
        "«Это основа для работы», — сказала Брандт.",
        "По словам Брандт, это «основа для работы».",
    ],
)
def test_the_speaker_is_found(text: str) -> None:
    assert speakers(text) == [BRANDT]


@pytest.mark.parametrize(
    "case", ["сказал Карст", "сообщил журналистам Рубен Карст", "добавил Карст"]
)
def test_the_native_name_is_the_same_person(case: str) -> None:
    assert speakers(f"«Это основа для работы», — {case}.") == [KARST]
    assert speakers("По словам Карста, это «основа для работы».") == [KARST]


@pytest.mark.parametrize(
    "text",
    [
        "A senior official said it was “a basis for work and more.”",
        "Brandt and Karst said it was “a basis for work and more.”",
        "Brandt met Karst. “It is a basis for work,” he added.",
        "Brandt was told that it was “a basis for work and more.”",
        "Karst rejected talk of “a basis for work and nothing more”.",
        "“It is a basis for work and more.” The hall was silent.",
    ],
)
def test_no_speaker_is_better_than_a_wrong_one(text: str) -> None:
    assert speakers(text) == [""]


def test_a_body_speaks_where_no_person_is_named() -> None:
    (each,) = found("The Norvenian Foreign Ministry announced “a pause.”", "statement", "verbatim")
    assert (each.speaker, each.speaker_name, each.party) == (
        None,
        "Norvenian Foreign Ministry",
        MINISTRY,
    )


def test_a_heading_ends_what_he_means() -> None:
    assert speakers("Karst said little.\n\nThe border\n\n“It is a long one,” he added.") == [""]


def test_who_speaks_may_be_known_from_the_text_alone() -> None:
    text = "Foreign Minister Ola Brandt spoke. “It is a basis for work,” Brandt said."
    assert speakers(text, Known()) == ["Brandt"]


def test_namesakes_are_not_guessed() -> None:
    other = KnownPerson(13, ("Arne Brandt",), (), KESTRIA)
    known = Known((*KNOWN.people, other), KNOWN.parties)
    assert speakers("Brandt said it was “a basis for work.”", known) == [""]
    assert speakers("Arne Brandt said it was “a basis for work.”", known) == [13]


# --- Paraphrases, transcripts ---


def test_a_sentence_without_quotation_marks_is_a_paraphrase_to_be_put_in_own_words() -> None:
    text = "Karst noted on Thursday that the bridge would open in June. Rain fell."
    (each,) = found(text, "statement")
    assert (each.form, each.words, each.speaker, each.party) == ("paraphrase", "", KARST, KESTRIA)
    assert text[each.start : each.end].endswith("in June.")
    assert each.date == THURSDAY


def test_a_transcript_gives_each_turn_to_its_speaker() -> None:
    text = "MR. KARST: We agree.\n\nAnd we go home.\n\nQUESTION: When?\n\nBRANDT: Soon."
    assert quoted(text) == ["We agree.", "And we go home.", "Soon."]
    assert speakers(text) == [KARST, KARST, BRANDT]


# --- People ---


def test_a_delegation_is_proposed_in_its_order() -> None:
    text = (
        "The Kestrian delegation included Defence Minister Ana Rell, special envoy Tom Ark, "
        "and Ivo Lund, CEO of the Kestrian Grain Fund."
    )
    assert [(e.name, e.office, e.party, e.seated) for e in found(text, "person")] == [
        ("Ana Rell", "Defence Minister", KESTRIA, True),
        ("Tom Ark", "special envoy", KESTRIA, True),
        ("Ivo Lund", "CEO of the Kestrian Grain Fund", KESTRIA, True),
    ]


def test_who_is_known_is_proposed_only_for_a_seat() -> None:
    assert found("Foreign Minister Ola Brandt waved.", "person") == []
    (each,) = found("The Norvenian delegation was led by Foreign Minister Ola Brandt.", "person")
    assert (each.speaker, each.seated) == (BRANDT, True)


# --- What was agreed, what follows, what is open ---


@pytest.mark.parametrize(
    ("text", "kind", "due"),
    [
        (
            "Norvenia and Kestria agreed to open the bridge without delay.",
            "action",
            "without delay",
        ),
        ("Norvenia committed to paying for Kestria’s half.", "action", ""),
        ("Норвения и Кестрия договорились открыть мост.", "action", ""),
        ("The ministers of Norvenia and Kestria will meet next week.", "follow_up", "next week"),
        ("It remains unclear whether Norvenia and Kestria will pay.", "open_matter", ""),
        ("Norvenia and Kestria have not agreed on the map.", "open_matter", ""),
    ],
)
def test_sentences_of_what_is_agreed_to_follow_or_open(text: str, kind: str, due: str) -> None:
    proposals = [each for each in found(text) if each.kind == kind]
    assert [(each.date_words, each.date) for each in proposals] == [(due, None)]
    if kind == "open_matter":
        assert not found(text, "action") or "agreed" not in text
    else:
        assert set(proposals[0].parties) == {NORVENIA, KESTRIA}


@pytest.mark.parametrize(
    ("told", "date"),
    [
        ("on 18 June 2031", "18 June 2031"),
        ("on June 18", "18 June 2031"),
        ("in June 2031", "June 2031"),
        ("tomorrow", "16 May 2031"),
        ("on Tuesday", "20 May 2031"),
        ("next Tuesday", "None"),
        ("on 31 February 2031", "None"),
        ("in due course", "None"),
    ],
)
def test_dates_are_no_more_exact_than_told(told: str, date: str) -> None:
    (each,) = found(f"The ministers of Norvenia and Kestria will meet {told}.", "follow_up")
    assert str(each.date) == date


def test_days_stay_words_without_the_source_s_date() -> None:
    text = "The ministers will meet on Tuesday."
    (each,) = [e for e in propose(text, "en", KNOWN) if e.kind == "follow_up"]
    assert (each.date, each.date_words) == (None, "Tuesday")


@pytest.mark.skipif(not REPORT.exists(), reason="the report is kept beside the project")
def test_the_riyadh_report_with_nobody_known() -> None:
    proposals = propose(REPORT.read_text(), "en", Known())
    people = [each for each in proposals if each.kind == "person"]
    assert [(each.name, each.party_name) for each in people if each.seated] == [
        ("Sergey Lavrov", "Russia"),
        ("Yury Ushakov", "Russia"),
        ("Kirill Dmitriev", "Russia"),
        ("Marco Rubio", "United States"),
        ("Mike Waltz", "United States"),
        ("Steve Witkoff", "United States"),
    ]
    assert {(e.name, e.office, e.party_name) for e in people if not e.seated} == {
        ("Vladimir Putin", "Russian President", "Russia"),
        ("Donald Trump", "American counterpart", "United States"),
        ("Tammy Bruce", "State Department Spokesperson", "State Department"),
    }
    kinds = [each.kind for each in proposals]
    assert [kinds.count(kind) for kind in ("action", "follow_up", "open_matter")] == [6, 3, 7]


# --- Any text ---


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n  \u2028",
        "\x00“\ud7ff”",
        '"' * 1_000_000,
        "“" * 200_000,
        " 'a" * 30_000,
        "a" * 1_000_000,
        "he said " * 20_000,
        '"a," he said, "b" ' * 5_000,
        "— a, " * 50_000,
        "Minister Aa Bb of " * 10_000,
        " в в" * 20_000,
    ],
    ids=lambda text: ascii(text[:12]),
)
def test_hostile_texts_come_to_an_end(text: str) -> None:
    for each in propose(text, "en", KNOWN):
        assert 0 <= each.start < each.end <= len(text)


def test_other_languages_give_their_quotations_only() -> None:
    text = "Le ministre a dit : « Nous avons une base de travail. »"
    assert [(e.kind, e.words, e.speaker_name) for e in propose(text, "fr", KNOWN)] == [
        ("statement", "Nous avons une base de travail.", "")
    ]
