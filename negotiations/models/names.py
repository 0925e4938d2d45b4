"""Names as they are compared: in Latin letters, without case, accents and marks."""

from __future__ import annotations

import unicodedata

from anyascii import anyascii
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db.models import F, Func, TextField

# Cyrillic, Greek, Hebrew, Arabic. Names in other scripts are known by the very same letters only.
ALPHABETS = ((0x0430, 0x045F), (0x03AC, 0x03CE), (0x05D0, 0x05EA), (0x0620, 0x064A))
BESIDES = "ґپچژکگی"


def _letters() -> dict[str, str]:
    """The lower-case letters of these alphabets, by what they are in Latin ones."""
    ranged = [chr(code) for first, last in ALPHABETS for code in range(first, last + 1)]
    return {
        letter: "".join(filter(str.isalpha, anyascii(letter).lower()))
        for letter in (*ranged, *BESIDES)
        if unicodedata.category(letter) in {"Ll", "Lo"}
    }


def _latin_sql(value: str) -> str:
    """SQL that writes the letters of ALPHABETS in Latin ones, as `anyascii` does."""
    letters = _letters()
    # Translating to "" drops a letter: those come last. Longer ones take a step each.
    single = {letter: latin for letter, latin in letters.items() if len(latin) == 1}
    dropped = "".join(letter for letter, latin in letters.items() if not latin) + "''’‘ʼʹ`"
    for letter, latin in letters.items():
        if len(latin) > 1:
            value = f"replace({value}, '{letter}', '{latin}')"
    return f"translate({value}, '{''.join(single)}{dropped}', '{''.join(single.values())}')"


LATIN = f"""
-- A name as it is compared with others. Kept as an expression in indexes: after a change of this
-- function, reindex them.
CREATE OR REPLACE FUNCTION readout_latin(value text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN {_latin_sql("lower(unaccent(lower(normalize(value, NFC))))")};
"""


class Latin(Func):
    """A name of the database as it is compared."""

    function = "readout_latin"
    output_field = TextField()


def alike_indexes(model: str, *fields: str) -> tuple[GinIndex, ...]:
    """The trigram indexes by which records with names like one are found."""
    return tuple(
        GinIndex(
            OpClass(Latin(F(field)), name="gin_trgm_ops"),
            name=f"{model}_{field}_alike",
            fastupdate=False,
        )
        for field in fields
    )
