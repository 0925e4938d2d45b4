"""Words, dates and addresses in the language of the page, for all templates without loading it.

`translate` and `blocktranslate` are written as Django's are, and read by its tools; they look the
words up in `negotiations.languages`, and are some twenty times as fast.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from django import template
from django.template.base import Node, render_value_in_context
from django.templatetags import i18n
from django.utils.safestring import SafeString

from negotiations.languages import (
    ENGLISH,
    LANGUAGES,
    current,
    gettext,
    here,
    ngettext,
    npgettext,
    pgettext,
    plain,
)
from negotiations.languages.dates import moment, written

if TYPE_CHECKING:
    import datetime as dt

    from django.http import HttpRequest
    from django.template.base import NodeList, Parser, Token

    from negotiations.models import VagueDate

register = template.Library()
PREFIXES = [(each.code, each.prefix) for each in LANGUAGES.values()]
CURRENT = ' aria-current="true"'


class Words(Node):
    """A text that is always the same."""

    def __init__(self, text: str, message_context: str | None, name: str | None) -> None:
        self.text, self.message_context, self.name = text, message_context, name

    def render(self, context: template.Context) -> str:
        said = (
            pgettext(self.message_context, self.text)
            if self.message_context
            else gettext(self.text)
        )
        if self.name:
            context[self.name] = said
            return ""
        return said


@register.tag
def translate(parser: Parser, token: Token) -> Words:
    """`{% translate "Search" context "what to do" as word %}`"""
    node: Any = i18n.do_translate(parser, token)
    context = node.message_context and str(node.message_context.var)
    return Words(str(node.filter_expression.var.literal), context, node.asvar)


class Sentence(i18n.BlockTranslateNode):
    """A text with values in it. `{{ prefix }}` in it is the language's prefix."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.one, names = self.render_token_list(self.singular)
        self.many, more = self.render_token_list(self.plural) if self.plural else ("", [])
        self.names = list(dict.fromkeys([*names, *more]))
        self.about = self.message_context and str(self.message_context.var)

    def render(self, context: template.Context, nested: bool = False) -> str:
        known = {name: value.resolve(context) for name, value in self.extra_context.items()}
        if self.counter and self.countervar:
            number = self.counter.resolve(context)
            known[self.countervar] = number
            text = (
                npgettext(self.about, self.one, self.many, number)
                if self.about
                else ngettext(self.one, self.many, number)
            )
        else:
            text = pgettext(self.about, self.one) if self.about else gettext(self.one)
        values = {}
        for name in self.names:
            value = (
                known[name]
                if name in known
                else context.get(name, here() if name == "prefix" else "")
            )
            values[name] = render_value_in_context(value, context)
        said = text % values
        if self.asvar:
            context[self.asvar] = said
            return ""
        return said


@register.tag
def blocktranslate(parser: Parser, token: Token) -> Sentence:
    """`{% blocktranslate count number=found %}{{ number }} page{% plural %}…{% endblocktranslate %}`"""
    node: Any = i18n.do_block_translate(parser, token)
    return Sentence(
        node.extra_context,
        node.singular,
        node.plural,
        node.countervar,
        node.counter,
        node.message_context,
        node.trimmed,
        node.asvar,
        node.tag_name,
    )


class Once(Node):
    """What depends on nothing but the language: made once for each."""

    child_nodelists = ()  # it has no blocks; Django looks for them each time a page is made

    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist
        self.made: dict[str, SafeString] = {}

    def render(self, context: template.Context) -> SafeString:
        code = current().code
        if code not in self.made:
            self.made[code] = self.nodelist.render(context)
        return self.made[code]


@register.tag
def once(parser: Parser, token: Token) -> Once:
    """`{% once %}…{% endonce %}` around the same words on many pages"""
    nodelist = parser.parse(("endonce",))
    parser.delete_first_token()
    return Once(nodelist)


# --- Dates ---


@register.filter
def day(value: dt.date) -> str:
    """A day, or the day of a moment: `18 February 2025`."""
    return written(value) if value else ""


@register.filter(name="moment")
def to_the_minute(value: dt.datetime) -> str:
    """`18 February 2025, 14:05`"""
    return moment(value) if value else ""


@register.filter
def dated(date: VagueDate | None, empty: str = "") -> SafeString | str:
    """A date as exactly as it is known, for machines, too; `empty` without one."""
    if not date:
        return empty or gettext("date not stated")
    return SafeString(f'<time datetime="{date.iso}">{date}</time>')


@register.filter
def typed(date: VagueDate | None) -> str:
    """A date as it can be typed: in words in English, else as machines write it."""
    if not date:
        return ""
    return str(date) if current().code == ENGLISH else date.edtf


# --- Addresses ---


class Here(Node):
    """What stands before the address of a page, to stay in the language."""

    def render(self, context: template.Context) -> str:
        return here()


@register.tag(name="here")
def prefix(parser: Parser, token: Token) -> Here:
    """`<a href="{% here %}/meetings/">`"""
    return Here()


@register.filter(is_safe=True)
def in_no_language(address: str) -> str:
    """The address of data beside a page; it is the same in all languages."""
    return plain(address)


# Both are on every page, where templates of their own took longer than a tenth of all.


@register.simple_tag
def hreflang(request: HttpRequest | None) -> SafeString:
    """The same page's addresses in all languages, in its head."""
    if not request:
        return SafeString("")
    base = f"{request.scheme}://{request.get_host()}"
    address = escape(base), escape(plain(request.get_full_path()))
    return SafeString(
        "\n    ".join(
            f'<link rel="alternate" hreflang="{code}" href="{address[0]}{before}{address[1]}">'
            for code, before in (*PREFIXES, ("x-default", ""))
        )
    )


@register.simple_tag
def languages_menu(request: HttpRequest | None) -> SafeString:
    """The way to the same page, with all that is asked of it, in the other languages."""
    if not request:
        return SafeString("")
    address, spoken = escape(plain(request.get_full_path())), current().code
    links = (
        f'<li><a href="{each.prefix}{address}" lang="{each.code}" dir="{each.direction}"'
        f' hreflang="{each.code}"{CURRENT if each.code == spoken else ""}>{each.name}</a></li>'
        for each in LANGUAGES.values()
    )
    label = escape(gettext("Language"))
    return SafeString(
        f'<nav class="languages" aria-label="{label}"><ul>{"".join(links)}</ul></nav>'
    )


@register.simple_tag
def lang() -> str:
    """The code of the page's language."""
    return current().code


@register.simple_tag
def direction() -> str:
    """In which direction the page is read."""
    return current().direction
