"""Which quoted words stand in their sources, and where: by the reading of the rule itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection

from negotiations.models.text_rules import CITED_BY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from negotiations.models import Statement

AROUND = 60  # characters of context, at most, on each side

PLACES = """
    SELECT src.id, src.title, src.language, part,
      substr(src.text, greatest(places[part][1] - %(around)s, 0) + 1,
             least(places[part][1], %(around)s)),
      substr(src.text, places[part][1] + 1, places[part][2] - places[part][1]),
      substr(src.text, places[part][2] + 1, %(around)s),
      places[part][1] <= %(around)s,
      places[part][2] + %(around)s >= length(src.text)
    FROM negotiations_statement s
    JOIN negotiations_citation c ON c.statement_id = s.id
    JOIN negotiations_source src ON src.id = c.source_id
    CROSS JOIN LATERAL (SELECT readout_words_to_find(
      s.words, s.language, s.original_words, s.original_language, src.language) AS words) looked_for
    CROSS JOIN LATERAL (SELECT readout_quotation_places(looked_for.words, src.text) AS places) found
    LEFT JOIN LATERAL generate_series(1, array_length(places, 1)) part ON true
    WHERE s.id = %(statement)s AND s.form = 'verbatim' AND src.text <> ''
      AND looked_for.words IS NOT NULL
    ORDER BY c.id, part
"""


@dataclass(frozen=True)
class Part:
    """Words as the source has them, with a few around them."""

    before: str
    words: str
    after: str


@dataclass(frozen=True)
class Verification:
    """A statement's words in one source: its parts where they stand, none if not found."""

    source_id: int
    title: str
    language: str
    parts: tuple[Part, ...]

    @property
    def found(self) -> bool:
        return bool(self.parts)


def verified(statement: Statement) -> list[Verification]:
    """By each captured source that a verbatim statement cites: were its words found, and where?

    One query, and not a word more of the sources than the context. A source in a language in which
    the statement has no words says nothing about it and is left out; so is every source of
    a paraphrase.
    """
    if not statement.is_verbatim:
        return []
    with connection.cursor() as cursor:
        cursor.execute(PLACES, {"statement": statement.pk, "around": AROUND})
        rows = cursor.fetchall()
    found: dict[int, Verification] = {}
    for pk, title, language, part, before, words, after, at_start, at_end in rows:
        known = found.get(pk, Verification(pk, title, language, ()))
        new = (Part(_end_of(before, at_start), words, _start_of(after, at_end)),) if part else ()
        if len(known.parts) < (part or 0):
            known = Verification(pk, title, language, known.parts + new)
        found[pk] = known
    return list(found.values())


def _end_of(text: str, whole: bool) -> str:
    """The last words of a paragraph, from a whole word on."""
    line = text.rpartition("\n")[2]
    return line if whole or line != text else f"…{text.partition(' ')[2]}"


def _start_of(text: str, whole: bool) -> str:
    line = text.partition("\n")[0]
    return line if whole or line != text else f"{text.rpartition(' ')[0]}…"


# --- All of them ---


@dataclass(frozen=True)
class Failure:
    """Words that do not stand where they should; `what` is "statement 12"."""

    what: str
    words: str
    source: str
    reason: str

    def __str__(self) -> str:
        return f"{self.what}: “{' '.join(self.words.split())}”\n  {self.source}: {self.reason}"


NOT_FOUND = "the words do not occur in the captured text"
NO_CITATION = "it is published and cites no source"
# A source's text is folded once for all that cite it.
FOLDED = """
    SELECT id, title, language, readout_fold_within(text) AS folded
    FROM negotiations_source WHERE text <> '' OFFSET 0
"""
FAILURES = f"""
    WITH src AS MATERIALIZED ({FOLDED})
    SELECT 'statement ' || s.id, s.words, 'source ' || src.id || ', “' || src.title || '”', %s
      FROM negotiations_statement s
      JOIN negotiations_citation c ON c.statement_id = s.id
      JOIN src ON src.id = c.source_id
      CROSS JOIN LATERAL (SELECT readout_words_to_find(s.words, s.language, s.original_words,
        s.original_language, src.language) AS words) looked_for
      WHERE s.form = 'verbatim' AND readout_folded_places(looked_for.words, src.folded) = '{{}}'
    UNION ALL
    SELECT 'passage cited by ' || {CITED_BY}, c.passage,
        'source ' || src.id || ', “' || src.title || '”', %s
      FROM negotiations_citation c
      JOIN src ON src.id = c.source_id
      WHERE c.passage <> '' AND readout_folded_places(c.passage, src.folded) = '{{}}'
    UNION ALL
    SELECT 'statement ' || s.id, s.words, 'no source', %s
      FROM negotiations_statement s
      WHERE s.form = 'verbatim' AND s.status = 'published'
        AND NOT EXISTS (SELECT FROM negotiations_citation c WHERE c.statement_id = s.id)
"""
COUNTS = """
    SELECT
      (SELECT count(*) FROM negotiations_statement WHERE form = 'verbatim'),
      (SELECT count(*) FROM negotiations_statement s WHERE form = 'verbatim' AND NOT EXISTS (
        SELECT FROM negotiations_citation c JOIN negotiations_source src ON src.id = c.source_id
        WHERE c.statement_id = s.id AND src.text <> '' AND readout_words_to_find(s.words,
          s.language, s.original_words, s.original_language, src.language) IS NOT NULL)),
      count(*) FILTER (WHERE c.passage <> ''),
      count(*) FILTER (WHERE c.passage <> '' AND src.text = '')
    FROM negotiations_citation c JOIN negotiations_source src ON src.id = c.source_id
"""


@dataclass(frozen=True)
class Counts:
    """How many there are to check, and how many of them lack a captured text to check against."""

    statements: int
    statements_without_text: int
    passages: int
    passages_without_text: int


def failures() -> Iterator[Failure]:
    """All verbatim statements and cited passages, drafts too, that are not found in their source."""
    with connection.cursor() as cursor:
        cursor.execute(FAILURES, [NOT_FOUND, NOT_FOUND, NO_CITATION])
        for row in cursor:
            yield Failure(*row)


def counts() -> Counts:
    with connection.cursor() as cursor:
        cursor.execute(COUNTS)
        return Counts(*cursor.fetchone())


LOST = f"""
    WITH folded AS MATERIALIZED (SELECT readout_fold_within(%(text)s) AS text)
    SELECT 'Statement ' || s.id, s.words, s.status
      FROM negotiations_statement s
      JOIN negotiations_citation c ON c.statement_id = s.id
      JOIN negotiations_source src ON src.id = c.source_id
      CROSS JOIN folded
      WHERE src.id = %(source)s AND s.form = 'verbatim' AND readout_folded_places(
        readout_words_to_find(s.words, s.language, s.original_words, s.original_language,
          src.language), folded.text) = '{{}}'
    UNION ALL
    SELECT 'Passage cited by ' || {CITED_BY}, c.passage, 'cited'
      FROM negotiations_citation c CROSS JOIN folded
      WHERE c.source_id = %(source)s AND c.passage <> ''
        AND readout_folded_places(c.passage, folded.text) = '{{}}'
"""


@dataclass(frozen=True)
class Lost:
    """Quoted words that a new text lacks; `stops` says that it can't be stored before they go."""

    what: str
    words: str
    stops: bool


def lost_in(source_id: int, text: str) -> list[Lost]:
    """What is quoted from a source and would not be found in this text."""
    with connection.cursor() as cursor:
        cursor.execute(LOST, {"source": source_id, "text": text})
        return [
            Lost(what, words, status in ("published", "cited"))
            for what, words, status in cursor.fetchall()
        ]
