"""The language in which a page is read: its address says which (`/ru/…`), and nothing else does.

So an address is one page, for caches and for those who share it. English has no prefix. The words
are looked up in our own catalogues alone and then remembered: a page has some hundred of them, and
by Django's functions they took longer than all the rest.
"""

from __future__ import annotations

import gettext as catalogues
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.urls import get_script_prefix, set_script_prefix
from django.utils import translation
from django.utils.functional import lazy

if TYPE_CHECKING:
    from collections.abc import Iterator

CATALOGUES = Path(__file__).resolve().parent.parent / "locale"
DOMAIN = "django"


@dataclass(frozen=True, slots=True)
class Language:
    """A language of the interface, as it calls itself."""

    code: str
    name: str
    direction: str = "ltr"

    @property
    def prefix(self) -> str:
        """What stands before a page's address in this language."""
        return "" if self.code == ENGLISH else f"/{self.code}"


ENGLISH = "en"
LANGUAGES = {
    language.code: language
    for language in (
        Language(ENGLISH, "English"),
        Language("ru", "Русский"),
        Language("ar", "العربية", "rtl"),
    )
}
_spoken: ContextVar[str] = ContextVar("language", default=ENGLISH)


def current() -> Language:
    """The language of the page that is being made."""
    return LANGUAGES[_spoken.get()]


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """All words, and the addresses of pages, in this language for a while."""
    before, token = get_script_prefix(), _spoken.set(code)
    set_script_prefix(f"{LANGUAGES[code].prefix}/")
    try:
        with translation.override(None if code == ENGLISH else code):
            yield
    finally:
        _spoken.reset(token)
        set_script_prefix(before)


# --- Addresses ---


def here() -> str:
    """What stands before the addresses of pages in the language of this one: `/ru`, or nothing."""
    return current().prefix


def plain(address: str) -> str:
    """An address as it is in no language: that of data, and the one that identifies a record."""
    return address.removeprefix(here())


# --- Words ---


def gettext(text: str) -> str:
    """The text in the language of the page."""
    code = _spoken.get()
    return text if code == ENGLISH else _said(code, None, text)


def pgettext(context: str, text: str) -> str:
    """The text as it reads in this context: many English words are several in other languages."""
    code = _spoken.get()
    return text if code == ENGLISH else _said(code, context, text)


def ngettext(one: str, many: str, number: int) -> str:
    """The text that fits the number."""
    code = _spoken.get()
    if code == ENGLISH:
        return one if number == 1 else many
    return _counted(code, None, one, many, number)


def npgettext(context: str, one: str, many: str, number: int) -> str:
    """The text that fits the number, as it reads in this context."""
    code = _spoken.get()
    if code == ENGLISH:
        return one if number == 1 else many
    return _counted(code, context, one, many, number)


def gettext_noop(text: str) -> str:
    """Marks a text for the catalogues that is looked up elsewhere."""
    return text


def pgettext_noop(context: str, text: str) -> str:
    """Marks a text with its context for the catalogues; it is looked up elsewhere."""
    return text


gettext_lazy = lazy(gettext, str)
pgettext_lazy = lazy(pgettext, str)


def listed(words: list[str]) -> str:
    """`a, b and c`."""
    if len(words) < 2:
        return "".join(words)
    return gettext("{several} and {last}").format(
        several=gettext(", ").join(words[:-1]), last=words[-1]
    )


@cache
def _catalogue(code: str) -> catalogues.NullTranslations:
    return catalogues.translation(DOMAIN, CATALOGUES, [code])


@lru_cache(maxsize=8192)
def _said(code: str, context: str | None, text: str) -> str:
    if not text:  # under which a catalogue keeps what it says of itself
        return text
    catalogue = _catalogue(code)
    return catalogue.gettext(text) if context is None else catalogue.pgettext(context, text)


@lru_cache(maxsize=8192)
def _counted(code: str, context: str | None, one: str, many: str, number: int) -> str:
    catalogue = _catalogue(code)
    if context is None:
        return catalogue.ngettext(one, many, number)
    return catalogue.npgettext(context, one, many, number)


# --- Numbers ---


def grouped(number: int) -> str:
    """A number with its thousands apart."""
    written = f"{number:,}"
    return written.replace(",", "\N{NO-BREAK SPACE}") if _spoken.get() == "ru" else written


def counted(one: str, many: str, number: int, **more: object) -> str:
    """The text that fits the number, with the number written in place of {number}."""
    return ngettext(one, many, number).format(number=grouped(number), **more)
