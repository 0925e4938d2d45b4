"""Names as they are typed: suggestions while typing, and what a misspelling may have meant."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.db import connection, transaction

from negotiations.languages import gettext, here, pgettext
from negotiations.models.rules import DEMONSTRATION_ADDRESS
from negotiations.search.cards import KIND_WORD, SLUGGED
from negotiations.search.demonstration import is_demonstration
from negotiations.search.entries import Kind

MOST = 8
NEARLY = 0.42


@dataclass
class Suggestion:
    """A record that the reader may mean, and the word of its name that is like what was typed."""

    name: str
    kind: str
    url: str
    word: str = ""


def suggest(text: str) -> list[Suggestion]:
    """Records whose names have words that begin so; then such as are spelt nearly so."""
    words = re.findall(r"\w+", text)[:8]
    if not words:
        return []
    prefix = " & ".join([*(f"'{w}'" for w in words[:-1]), f"'{words[-1]}':*"])
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT kind, name, slug FROM negotiations_searchname
            WHERE vector @@ to_tsquery('readout_any', %s)
            ORDER BY starts_with(slug, %s), starts_with(names, lower(unaccent(%s))) DESC, kind, length(name), name LIMIT %s""",
            [prefix, DEMONSTRATION_ADDRESS, text, MOST],
        )
        rows = cursor.fetchall()
    found = [_suggestion(*row) for row in rows]
    return found or ([] if len(text) < 4 else nearly(text, 5))


@transaction.atomic
def nearly(text: str, most: int = 3) -> list[Suggestion]:
    """Records whose name is nearly this, the likest first."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL pg_trgm.word_similarity_threshold = {NEARLY}")
        cursor.execute(
            """SELECT n.kind, n.name, n.slug, best.word FROM negotiations_searchname n,
            LATERAL (SELECT w AS word, similarity(w, lower(unaccent(%(text)s))) AS likeness
              FROM unnest(string_to_array(names, ' ')) w
              ORDER BY similarity(w, lower(unaccent(%(text)s))) DESC LIMIT 1) best
            WHERE lower(unaccent(%(text)s)) <%% names AND best.likeness >= 0.35
              AND NOT starts_with(slug, %(apart)s) AND NOT readout_is_filler(%(text)s)
              AND NOT EXISTS (SELECT FROM negotiations_searchentry WHERE vector @@ readout_term(%(text)s))
            ORDER BY best.likeness DESC, n.kind = 4 DESC, n.name LIMIT %(most)s""",
            {"text": text[:80], "most": most, "apart": DEMONSTRATION_ADDRESS},
        )
        return [_suggestion(*row) for row in cursor.fetchall()]


def _suggestion(kind: int, name: str, slug: str, word: str = "") -> Suggestion:
    words = pgettext("kind of record", KIND_WORD[Kind(kind)])
    if is_demonstration(slug):
        words += f", {gettext('demonstration data')}"
    return Suggestion(name, words, f"{here()}/{SLUGGED[Kind(kind)]}/{slug}/", word)
