"""The addresses that the site answers, from its URL conf: what is tried is tried at all of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import get_resolver
from django.urls.resolvers import RoutePattern, URLResolver
from django.utils.regex_helper import normalize

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@dataclass(frozen=True)
class Route:
    """One address with places for what it is asked for, as Python's `%` fills them."""

    pattern: str
    places: tuple[str, ...]
    view: Callable[..., Any]

    def __str__(self) -> str:
        return self.pattern

    @property
    def is_public(self) -> bool:
        return not self.pattern.startswith("/admin/")

    def filled(self, with_: dict[str, object]) -> str:
        return self.pattern % {place: with_[place] for place in self.places}


def routes() -> list[Route]:
    """All of them, each once, but for admin's last one, which takes what no other did."""
    found = {(each.pattern, each.view): each for each in _walk(get_resolver(), "/", ())}
    return [each for each in found.values() if each.places != ("url",)]


def public() -> list[Route]:
    return [each for each in routes() if each.is_public]


def _walk(resolver: Any, before: str, places: tuple[str, ...]) -> Iterator[Route]:
    for each in resolver.url_patterns:
        of_it = tuple(each.pattern.converters) + tuple(each.pattern.regex.groupindex)
        here = (*places, *dict.fromkeys(of_it))
        path = before + _written(each.pattern)
        if isinstance(each, URLResolver):
            yield from _walk(each, path, here)
        else:
            yield Route(path, here, each.callback)


def _written(pattern: Any) -> str:
    """The pattern as `reverse` writes it: "people/%(slug)s/"."""
    regex = pattern.regex.pattern if isinstance(pattern, RoutePattern) else pattern._regex
    ((text, _),) = normalize(regex.removesuffix(r"\Z"))[:1]
    return text.lstrip("^")
