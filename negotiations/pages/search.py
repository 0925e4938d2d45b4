"""Search, and the lists of statements and actions: one page, one object for what is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from negotiations.languages import counted, gettext, gettext_lazy, grouped, pgettext_lazy
from negotiations.languages import here as prefix
from negotiations.limits import SEARCHES, limited
from negotiations.models import Action, Process
from negotiations.pages import actions
from negotiations.pages.rendering import page
from negotiations.search import finding, names
from negotiations.search.asking import KINDS, SORTS, Ask, Refused
from negotiations.search.entries import Kind
from negotiations.search.facets import MOST_VALUES

if TYPE_CHECKING:
    from django.http import HttpRequest

DUE = (
    ("dated", gettext_lazy("has a date")),
    ("overdue", gettext_lazy("overdue")),
    ("none", gettext_lazy("no date given")),
)
ORDERS = {
    "relevance": pgettext_lazy("order", "relevance"),
    "newest": pgettext_lazy("order", "newest"),
    "oldest": pgettext_lazy("order", "oldest"),
}
PLACES = {
    None: (gettext_lazy("Search"), "/search/", ""),
    Kind.STATEMENT: (
        gettext_lazy("Statements"),
        "/statements/",
        gettext_lazy("Who said what, word for word or in paraphrase, each with its source."),
    ),
    Kind.ACTION: (
        gettext_lazy("Actions"),
        "/actions/",
        gettext_lazy("What was agreed, by whose account, and what became of it."),
    ),
}


@limited(SEARCHES)
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Records of all kinds."""
    return _page(request, None)


@limited(SEARCHES)
@require_safe
def statement_list(request: HttpRequest) -> HttpResponse:
    """Who said what: by words, party, person, topic, year, form, process, publisher and date."""
    return _page(request, Kind.STATEMENT)


@limited(SEARCHES)
@require_safe
def action_list(request: HttpRequest) -> HttpResponse:
    """What was agreed: by words, who owes it, account, status, kind and due date."""
    return _page(request, Kind.ACTION)


def _page(request: HttpRequest, kind: Kind | None) -> HttpResponse:
    title, path, lede = PLACES[kind]
    here = prefix() + path
    context: dict[str, Any] = {"title": str(title), "here": here, "path": path, "lede": str(lede)}
    # A name that a template looks for in vain costs it as much as ten that it finds.
    context |= {"refusal": None, "found": None, "nearly": (), "actions": ()}
    try:
        ask = Ask.from_address(request.GET, kind)
    except Refused as refusal:
        text = request.GET.get("q", "")[:200]
        context |= {"refusal": refusal, "text": text}
        return page(request, "search", context, partial="results", status=400)
    context |= {"demonstration": ask.demonstration, "invented": False}
    context |= {
        "ask": ask,
        "text": ask.text,
        "sorts": SORTS if ask.text else SORTS[1:],
        "orders": ORDERS,
    }
    narrowed = ask.text or ask.chosen or ask.kind or ask.since or ask.until
    if not kind and not (narrowed or ask.demonstration):
        return page(request, "search", context, partial="results")
    more = request.GET.get("more", "")
    found = finding.find(ask, {more: MOST_VALUES})
    kept = ask.address(sort=None)
    context |= {
        "found": found,
        "told": _told(kind, found),
        "none": _none(kind, bool(ask.text or ask.chips())),
        "counted": grouped(found.counted),
        "meetings": ask.chosen.get("meeting", ()),
        "since": ask.since.iso if ask.since else "",
        "until": ask.until.iso if ask.until else "",
        "chips": ask.chips(),
        "first": ask.page == 1 and not ask.after,
        "due": DUE,
        "tabs": [] if kind else _tabs(found),
        "feed": f"{path}feed/?{kept}",
        "kept": f"?{kept}" if kept else "",
        "again": ask.address(),
        "by": {name: ask.address(sort=name) for name in context["sorts"]},
    }
    if ask.text and (not found.count or found.relaxed):
        context["nearly"] = _nearly(ask)
    if not (found.count or ask.demonstration):
        context["invented"] = Process.published.demonstrating(True).exists()
    if kind == Kind.ACTION:
        by_id = {
            a.pk: a
            for a in actions.shown(Action.published.filter(pk__in=[c.pk for c in found.cards]))
        }
        context["actions"] = [by_id[card.pk] for card in found.cards if card.pk in by_id]
    return page(request, "search", context, partial="results")


def _told(kind: Kind | None, found: finding.Found) -> str:
    """How many were found, in words."""
    number = found.count
    if kind == Kind.STATEMENT:
        told = counted("{number} statement", "{number} statements", number)
    elif kind == Kind.ACTION:
        told = counted("{number} action", "{number} actions", number)
    else:
        told = counted("{number} record", "{number} records", number)
    exact = found.exact or found.cut_short
    return told if exact else gettext("about {what}").format(what=told)


def _none(kind: Kind | None, narrowed: bool) -> str:
    """What is said where nothing was found."""
    if kind == Kind.STATEMENT:
        return (
            gettext("No public statement fits this.")
            if narrowed
            else gettext("No statement is published yet.")
        )
    if kind == Kind.ACTION:
        return (
            gettext("No public action fits this.")
            if narrowed
            else gettext("No action is published yet.")
        )
    return (
        gettext("No public record fits this.")
        if narrowed
        else gettext("No record is published yet.")
    )


def _tabs(found: finding.Found) -> list[dict[str, Any]]:
    """All, and each kind that has matches, with their number and address."""
    ask = found.ask
    kinds = {name: (kind, found.kinds.get(kind, 0)) for name, kind in KINDS.items()}
    shown: list[tuple[str | None, str, int, bool]] = [
        (None, gettext("all"), sum(found.kinds.values()), not ask.kind)
    ]
    shown += [(n, k.label, count, ask.kind == k) for n, (k, count) in kinds.items() if count]
    return [
        {
            "label": label,
            "count": f"{grouped(count)}{'' if found.exact else '+'}",
            "address": ask.address(**{"in": name}),
            "on": on,
        }
        for name, label, count, on in shown
    ]


def _nearly(ask: Ask) -> list[dict[str, str]]:
    """Searches with a word replaced by the name that it may have been meant for."""
    from negotiations.search import language

    offers: dict[str, dict[str, str]] = {}
    for atom in language.read(ask.text).atoms():
        if atom.negated or len(atom.text) < 4 or atom.kind not in ("word", "field"):
            continue
        if atom.field not in ("", "speaker", "party", "topic", "meeting"):
            continue
        for near in names.nearly(atom.text):
            corrected = ask.text.replace(atom.text, near.word or near.name)
            if near.word != atom.text.lower():
                offers.setdefault(
                    near.url,
                    {
                        "name": near.name,
                        "url": near.url,
                        "q": Ask(text=corrected).address(),
                        "text": corrected,
                    },
                )
    return list(offers.values())[:3]


@limited(SEARCHES)
@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """Options for the search box, as a fragment."""
    text = " ".join(request.GET.get("q", "").split())[:80]
    return render(request, "components/suggestions.html", {"found": names.suggest(text)})
