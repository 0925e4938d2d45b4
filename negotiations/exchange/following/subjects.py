"""What can be followed by e-mail: a record, a search, or the corrections that somebody asks for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.apps import apps
from django.http import QueryDict

from negotiations.exchange.following.news import news
from negotiations.exchange.following.reach import FOLLOWABLE, changes_of
from negotiations.exchange.following.searches import changes_found
from negotiations.insight.corrections import CHOICES, Asked, place_after, rows_of
from negotiations.languages import gettext, grouped, here, pgettext, plain
from negotiations.languages.names import kind_named
from negotiations.models import FormerSlug, Subscription, merged_into
from negotiations.search.asking import Ask, Refused

if TYPE_CHECKING:
    import datetime as dt

    from negotiations.exchange.following.news import News
    from negotiations.models import Record

What = Subscription.What
LONGEST = 2000
WITH_DATES = ("process", "meeting", "party", "action")
HOW = (
    "Name what you want to follow: record=process:<address>, search=<query> or changes=<query>. "
    "“Follow” at the foot of each record’s page leads here."
)


class NotFollowable(Exception):
    """What is asked for can't be followed; the message says what to change."""


@dataclass(frozen=True)
class Subject:
    """Something to follow: how it is kept, how it is called, and where it is found otherwise."""

    what: str
    which: str
    title: str
    url: str
    feed: str = ""
    calendar: str = ""
    demonstration: bool = False

    def address(self) -> str:
        """The part after `?` of the address of the page on which it can be followed."""
        if self.what == What.RECORD:
            kind, pk = self.which.split("-")
            return urlencode({"record": f"{kind}:{pk}"})
        return urlencode({self.what: self.which})


def asked_for(query: QueryDict) -> Subject:
    """What an address asks to follow.

    Raises:
        NotFollowable: with a sentence.
    """
    given = [what for what in What.values if what in query]
    if len(given) != 1:
        raise NotFollowable(HOW)
    text = str(query.get(given[0])).strip()
    if len(text) > LONGEST:
        raise NotFollowable(
            gettext("That is too long. Use {value} characters or fewer.").format(
                value=grouped(LONGEST)
            )
        )
    if given[0] == What.RECORD:
        return _record(text)
    inner = QueryDict(text.removeprefix("?"))
    return _search(inner) if given[0] == What.SEARCH else _changes(inner)


def followed(subscription: Subscription) -> Subject:
    """What a subscription follows, as it is now; where that is gone, its number is its name.

    Raises:
        NotFollowable: the search can't be answered any more.
    """
    if subscription.what != What.RECORD:
        query = QueryDict(subscription.which)
        return _search(query) if subscription.what == What.SEARCH else _changes(query)
    kind, _, pk = subscription.which.partition("-")
    record = _public(kind, pk=int(pk))
    if record:
        return _of(kind, record)
    model = apps.get_model("negotiations", kind)
    words = gettext("{kind} {pk}, which is not public any more").format(
        kind=pgettext("kind of record", str(model._meta.verbose_name)), pk=pk
    )
    return Subject(What.RECORD, subscription.which, words, f"{here()}/changes/?record={kind}-{pk}")


def news_of(
    subscription: Subscription, most: int, since: dt.datetime, until: dt.datetime
) -> list[News]:
    """What is new of it after one moment and up to another, the newest first.

    Raises:
        NotFollowable: the search can't be answered any more.
    """
    if subscription.what == What.SEARCH:
        ask = _ask(QueryDict(subscription.which))
        ask.sort, ask.marks = "newest", ""
        return news(changes_found(ask, most, since, until))
    if subscription.what == What.CHANGES:
        asked = replace(_asked(QueryDict(subscription.which)), place=place_after(until))
        return news([row for row in rows_of(asked, most) if row[0] > since])
    kind, _, pk = followed(subscription).which.partition("-")
    return news(changes_of(kind, int(pk), most, since=since, until=until))


# --- By what is followed ---


def _record(text: str) -> Subject:
    kind, _, key = text.partition(":")
    if kind not in FOLLOWABLE:
        raise NotFollowable(
            gettext("What can be followed is one of {value}.").format(value=", ".join(FOLLOWABLE))
        )
    found = None
    if key.isascii() and key.isdigit() and len(key) < 19:
        found = _public(kind, pk=int(key))
    elif kind != "action" and key and "\0" not in key:
        former = FormerSlug.objects.filter(kind=kind, slug=key).values_list("record_id", flat=True)
        found = _public(kind, slug=key) or _public(kind, pk__in=former)
    if not found:
        raise NotFollowable(
            gettext("There is no public {kind} “{key}”. Follow it from its own page.").format(
                kind=kind, key=key[:60]
            )
        )
    return _of(kind, found)


def _public(kind: str, **which: Any) -> Record | None:
    model: type[Record] = apps.get_model("negotiations", kind)
    found: Record | None = model.published.filter(**which).first()
    if found is None and isinstance(which.get("pk"), int):
        found = model.published.filter(pk=merged_into(model, which["pk"])).first()
    return found


def _of(kind: str, record: Record) -> Subject:
    page = record.get_absolute_url()
    return Subject(
        What.RECORD,
        f"{kind}-{record.pk}",
        str(record),
        page,
        f"{plain(page)[:-1]}.atom",
        f"{plain(page)[:-1]}.ics" if kind in WITH_DATES else "",
        record.is_demonstration,
    )


def _ask(query: QueryDict) -> Ask:
    try:
        return Ask.from_address(query)
    except Refused as error:
        raise NotFollowable(str(error)) from error


def _asked(query: QueryDict) -> Asked:
    try:
        return Asked.from_address(query)
    except ValueError as error:
        raise NotFollowable(str(error)) from error


def _search(query: QueryDict) -> Subject:
    ask = _ask(query)
    which = ask.address(sort=None)
    if not which:
        raise NotFollowable(
            gettext("Say what to search for first, then follow the search from its page.")
        )
    chips = [label for label, _ in ask.chips()]
    if ask.kind:
        chips.insert(0, ask.kind.label)
    title = gettext("Search: {text}").format(text=ask.text) if ask.text else gettext("Search")
    title += f" ({'; '.join(map(str, chips))})" if chips else ""
    return Subject(
        What.SEARCH,
        which,
        title,
        f"{here()}/search/?{which}",
        f"/search/feed/?{which}",
        "",
        ask.demonstration,
    )


def _changes(query: QueryDict) -> Subject:
    asked = _asked(query)
    names = ("what", "kind", "record")
    given = {name: value for name in names if (value := getattr(asked, name))}
    which = urlencode(given)
    title = str(CHOICES[asked.what][0])
    if asked.record or asked.kind:
        kind, _, number = (asked.record or asked.kind).partition("-")
        words = kind_named(apps.get_model("negotiations", kind))
        title += gettext(" of {which}").format(which=f"{words} {number}".rstrip())
    after = f"?{which}" if which else ""
    return Subject(
        What.CHANGES, which, title, f"{here()}/changes/{after}", f"/changes/feed/{after}"
    )
