"""The HTML of found records and of facets, made here: a page has some fifty, and as templates they
took longer than to find them."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from negotiations.languages import gettext, grouped, pgettext
from negotiations.search.cards import START, STOP
from negotiations.search.entries import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from negotiations.search.cards import Card, Name
    from negotiations.search.facets import Facet, Value

DOT = ' <span class="dot">·</span> '


def cards(found: Iterable[Card]) -> str:
    """A list of found records: what, who, for whom, when, where, by which source."""
    return f'<ul class="plain list">{"".join(f"<li>{_card(card)}</li>" for card in found)}</ul>'


def _card(card: Card) -> str:
    said = card.kind == Kind.STATEMENT
    title = (
        f'<h3><a href="{card.url}" dir="auto">{escape(card.title)}</a></h3>' if card.title else ""
    )
    body = _words(card) if said else f'<p class="snippet" dir="auto">{marked(card.snippet)}</p>'
    own = f' id="statement-{card.pk}"' if said else ""
    meta = DOT.join(filter(None, _meta(card, said)))
    return (
        f'<article class="card"{own}>{title}{body if card.snippet else ""}'
        f'<p class="meta">{meta}</p></article>'
    )


def _words(card: Card) -> str:
    words = marked(card.snippet)
    if card.form == "verbatim":
        words = f"“{words}”"
    if card.original_snippet:
        original = marked(card.original_snippet)
        words += f'</p><p lang="{escape(card.original_language)}" dir="auto">“{original}”'
    return (
        f'<blockquote class="words statement-{card.form}" lang="{escape(card.language)}" dir="auto">'
        f"<p>{words}</p></blockquote>"
    )


def _meta(card: Card, said: bool) -> Iterable[str]:
    if card.demonstration:
        yield f'<span class="badge badge-demonstration">{gettext("demonstration data")}</span>'
    party = _party(card.party) if card.party else ""
    if said:
        yield (
            f"{_link(card.person, 'speaker')}{gettext(', ')}{pgettext('a party', 'for')} {party}"
            if card.person
            else party
        )
        yield pgettext("form of a statement", card.form)
    else:
        yield f'<span class="kind">{card.kind_word}</span>'
        yield party
    if card.date:
        yield f'<time datetime="{card.date.iso}">{card.date}</time>'
    if card.meeting:
        yield _link(card.meeting)
    if card.source:
        yield (
            f'{gettext("source:")} <a href="{card.source.url}" title="{escape(card.source.name)}">'
            f"{escape(card.publisher)}</a>"
        )
    if said:
        yield f'<a class="permalink" href="{card.url}">{gettext("Statement %(pk)s") % {"pk": card.pk}}</a>'


def _link(name: Name, css: str = "") -> str:
    named = f' class="{css}"' if css else ""
    return f'<a{named} href="{name.url}">{escape(name.name)}</a>'


def _party(party: Name) -> str:
    return (
        f'<a class="party" href="{party.url}">'
        f'<span class="mark mark-{party.mark}" aria-hidden="true"></span>{escape(party.name)}</a>'
    )


def marked(headline: str) -> str:
    """The snippet with the found words marked, everything else escaped."""
    return escape(headline).replace(START, "<mark>").replace(STOP, "</mark>")


def facet_boxes(facets: Iterable[Facet], address: str) -> str:
    """The facets as check boxes, with the way to more of each; `address` is that of the search."""
    return "".join(_facet(facet, escape(address)) for facet in facets)


def _facet(facet: Facet, address: str) -> str:
    more = ""
    if facet.more:
        told = gettext("More of {label}").format(label=escape(facet.label.lower()))
        more = f'<a class="small" href="{address}&amp;more={facet.name}">{told}</a>'
    newest = (
        f' <span class="muted">{gettext("of the newest {number}").format(number=grouped(facet.newest))}</span>'
        if facet.newest
        else ""
    )
    return (
        f"<fieldset><legend>{escape(facet.label)}{newest}</legend>"
        f"{''.join(_value(facet.name, value) for value in facet.values)}{more}</fieldset>"
    )


def _value(name: str, value: Value) -> str:
    return (
        f'<label><input type="checkbox" id="f-{name}-{value.id}" name="{name}"'
        f' value="{escape(value.value)}"{" checked" if value.chosen else ""}>'
        f'<span>{escape(value.label)}</span><span class="count">{value.shown}</span></label>'
    )
