"""The catalogues and the code: what is said where, and whether each language has it.

`python -m tests.catalogues` brings the catalogues up to date: new texts are added without a
translation, for which the tests then ask, those that are gone are dropped, and the compiled files
are written anew. It needs nothing that is not a Python package.
"""

from __future__ import annotations

import ast
import io
import re
from pathlib import Path
from typing import TYPE_CHECKING

from babel.messages import Catalog
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from negotiations.languages import CATALOGUES, DOMAIN, ENGLISH, LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
KEYWORDS = {
    "gettext": (1,),
    "gettext_lazy": (1,),
    "gettext_noop": (1,),
    "ngettext": (1, 2),
    "counted": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "pgettext_noop": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
TEXT = r"""u?(?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")"""
IN_TEMPLATES = re.compile(rf"\b(_|n?p?gettext)\(\s*({TEXT}(?:\s*,\s*{TEXT})*)", re.DOTALL)
# Django and its libraries have catalogues of their own for the desk.
DESK = ("admin", "account", "allauth", "mfa", "editing", "exchange")
TRANSLATED = [code for code in LANGUAGES if code != ENGLISH]
HEADER = """\
# The words of Readout's pages. See tests/catalogues.py.
"""


def sources() -> Iterator[Path]:
    yield from sorted((ROOT / "negotiations").rglob("*.py"))
    yield from (
        path
        for path in sorted((ROOT / "templates").rglob("*.*"))
        if path.suffix in (".html", ".txt")
        and path.relative_to(ROOT / "templates").parts[0] not in DESK
    )


def said() -> Catalog:
    """All texts that the code and the templates say, with where."""
    catalogue = Catalog(domain=DOMAIN)
    for path in sources():
        where = str(path.relative_to(ROOT))
        found = _in_code(path) if path.suffix == ".py" else _in_template(path)
        for context, text in found:
            catalogue.add(text, locations=[(where, None)], context=context)
    return catalogue


def _in_code(path: Path) -> Iterator[tuple[str | None, str | tuple[str, ...]]]:
    with path.open("rb") as file:
        for _line, name, texts, _comments in extract_python(file, KEYWORDS, [], {}):
            given = texts if isinstance(texts, tuple) else (texts,)
            yield from _message(name, given)


def _in_template(path: Path) -> Iterator[tuple[str | None, str | tuple[str, ...]]]:
    for name, arguments in IN_TEMPLATES.findall(templatize(path.read_text())):
        texts = ast.literal_eval(f"({arguments},)")
        yield from _message("gettext" if name == "_" else name, texts)


def _message(
    name: str | None, texts: tuple[str | None, ...]
) -> Iterator[tuple[str | None, str | tuple[str, ...]]]:
    keyword = KEYWORDS[name or ""]
    if len(texts) < len(keyword) or not all(texts[: len(keyword)]):
        return  # what is said is not known here, but marked elsewhere
    given = [str(each) for each in texts[: len(keyword)]]
    context = given.pop(0) if isinstance(keyword[0], tuple) else None
    yield context, (given[0] if len(given) == 1 else (given[0], given[1]))


def path_of(code: str, suffix: str = "po") -> Path:
    return CATALOGUES / code / "LC_MESSAGES" / f"{DOMAIN}.{suffix}"


def kept(code: str) -> Catalog:
    """The catalogue of a language as it is in the repository."""
    with path_of(code).open("rb") as file:
        return read_po(file, locale=code, domain=DOMAIN)


def compiled(catalogue: Catalog) -> bytes:
    file = io.BytesIO()
    write_mo(file, catalogue)
    return file.getvalue()


def update(code: str) -> None:
    template = said()
    catalogue = kept(code) if path_of(code).exists() else Catalog(locale=code, domain=DOMAIN)
    catalogue.update(template, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    catalogue.fuzzy = False
    catalogue.header_comment = HEADER.rstrip()
    path_of(code).parent.mkdir(parents=True, exist_ok=True)
    with path_of(code).open("wb") as file:
        write_po(file, catalogue, width=0, sort_output=True, include_lineno=False)
    path_of(code, "mo").write_bytes(compiled(catalogue))


if __name__ == "__main__":
    for code in TRANSLATED:
        update(code)
