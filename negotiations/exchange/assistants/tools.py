"""What an assistant may ask for: search, get, compare. All of it is public, nothing is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.http import QueryDict
from django.urls import Resolver404, resolve

from negotiations.exchange.assistants.quoting import found, told, where, whole
from negotiations.insight import comparing
from negotiations.insight.corroboration import verdicts
from negotiations.models import (
    Action,
    FormerSlug,
    Meeting,
    Party,
    Person,
    Process,
    Question,
    Source,
    Statement,
    Topic,
)
from negotiations.models.records import AddressedRecord
from negotiations.search import finding
from negotiations.search.asking import KINDS, Ask, Refused
from negotiations.search.entries import Kind

if TYPE_CHECKING:
    from collections.abc import Callable

    from negotiations.models import Record

LONGEST, MOST = 1000, 20
LARGEST = 2**63 - 1  # of the numbers that PostgreSQL gives to records
PAGES: dict[str, type[Record]] = {
    str(model._meta.model_name): model
    for model in (Action, Meeting, Party, Person, Process, Question, Source, Statement, Topic)
}
LETTERS: dict[str, type[Record]] = {
    "a": Action, "d": Source, "m": Meeting, "p": Person, "q": Question, "r": Process, "s": Statement,
    "t": Topic, "y": Party,
}  # fmt: skip


class BadCall(Exception):
    """What was asked can't be answered; the message says what to change."""


def _text(description: str) -> dict[str, Any]:
    return {"type": "string", "maxLength": LONGEST, "description": description}


PAGE = {
    "type": "integer",
    "minimum": 1,
    "maximum": 1000,
    "description": "Which page of the results.",
}
# By tool: what it is for, and its arguments; the first of these are needed.
TOOLS: dict[str, tuple[str, dict[str, dict[str, Any]], list[str]]] = {
    "search": (
        "Find statements, agreed actions, meetings, people, parties, topics and questions of "
        "negotiations. Words of the query are searched for in all of them; “quoted phrases”, OR, "
        "-without and filters such as speaker:lavrov party:us topic:NATO form:verbatim "
        "meeting:riyadh after:2024 before:2025-03 narrow it. Quote a statement’s words exactly, with "
        "speaker, party, date, source and url; a paraphrase is never a quotation.",
        {
            "query": _text("What to look for: “NATO membership speaker:lavrov”."),
            "kind": {**_text("Only records of this kind."), "enum": ["", *KINDS]},
            "page": PAGE,
        },
        ["query"],
    ),
    "get": (
        "Read one record whole, by the address that search gave: a statement with its sources, an "
        "action with each side’s account of it, a meeting with its delegations and what was agreed, "
        "a question with where each party stands.",
        {"url": _text("The record’s address: https://…/statements/12/ or /statements/12/.")},
        ["url"],
    ),
    "compare": (
        "Where two parties stand on every question on which one of them took a position, or one "
        "party at two times, or what was said at two meetings; each with the words that show it.",
        {
            "a": _text("A party’s address (“russia”), or a meeting’s after “meeting:”."),
            "b": _text("The other’s."),
            "a_until": _text("For a party: only what it said up to this date, such as 2024-12."),
            "b_until": _text("Likewise for the other."),
            "page": PAGE,
        },
        ["a", "b"],
    ),
}


def schema(name: str) -> dict[str, Any]:
    """The JSON Schema of a tool's arguments."""
    _what, arguments, needed = TOOLS[name]
    return {
        "type": "object", "properties": arguments, "required": needed, "additionalProperties": False,
    }  # fmt: skip


def call(name: str, arguments: dict[str, Any], base: str) -> dict[str, Any]:
    """What a tool answers; `base` is the site's address.

    Raises:
        BadCall: with a sentence that says what to change.
    """
    if name not in TOOLS:
        raise BadCall(f"There is no tool “{name[:60]}”. There are {', '.join(TOOLS)}.")
    asked = _checked(name, arguments)
    answers: dict[str, Callable[[dict[str, str], str], dict[str, Any]]] = {
        "search": search, "get": get, "compare": compare,
    }  # fmt: skip
    return answers[name](asked, base)


def _checked(name: str, arguments: dict[str, Any]) -> dict[str, str]:
    _what, known, needed = TOOLS[name]
    for each, value in arguments.items():
        if each not in known:
            raise BadCall(f"“{name}” knows no “{each[:60]}”. It takes {', '.join(known)}.")
        if known[each]["type"] == "integer":
            if type(value) is not int or not 1 <= value <= known[each]["maximum"]:
                raise BadCall(f"“{each}” is a whole number from 1 to {known[each]['maximum']}.")
        elif not isinstance(value, str) or len(value) > LONGEST:
            raise BadCall(f"“{each}” is a text of at most {LONGEST:,} characters.")
        elif "\0" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
            raise BadCall(f"“{each}” has characters that no text has.")
        elif value not in known[each].get("enum", [value]):
            raise BadCall(f"“{each}” is one of {', '.join(filter(None, known[each]['enum']))}.")
    for each in needed:
        if not arguments.get(each):
            raise BadCall(f"“{name}” needs “{each}”.")
    return {each: str(value) for each, value in arguments.items()}


def _query(**values: str) -> QueryDict:
    query = QueryDict(mutable=True)
    query.update({name: value for name, value in values.items() if value})
    return query


def search(asked: dict[str, str], base: str) -> dict[str, Any]:
    """The records that a search finds, with the words whole."""
    query = _query(q=asked["query"], **{"in": asked.get("kind", "")}, page=asked.get("page", ""))
    try:
        ask = Ask.from_address(query)
    except Refused as error:
        raise BadCall(str(error)) from error
    ask.marks = ""  # words are quoted as they are
    answer = finding.find(ask)
    known = verdicts(card.pk for card in answer.cards if card.kind == Kind.ACTION)
    return told(
        count=answer.count,
        count_is_exact=answer.exact,
        problems=[str(each) for each in ask.problems],
        note="Nothing has all of these words; these have some." if answer.relaxed else "",
        results=[
            found(card, base, known.get(card.pk, "") if card.kind == Kind.ACTION else "")
            for card in answer.cards[:MOST]
        ],
        has_more=answer.has_next or len(answer.cards) > MOST,
    )


def get(asked: dict[str, str], base: str) -> dict[str, Any]:
    """One record."""
    path = urlsplit(asked["url"].strip()).path if "://" in asked["url"] else asked["url"].strip()
    path = path.partition("?")[0].partition("#")[0]
    try:
        address = resolve(path if path.startswith("/") else f"/{path}")
    except Resolver404 as error:
        raise BadCall(f"“{asked['url'][:100]}” is no address of this site’s records.") from error
    which = dict(address.kwargs)
    short = address.url_name == "short"
    model = LETTERS.get(which.pop("letter")) if short else PAGES.get(address.url_name or "")
    if model is None:
        raise BadCall(f"“{asked['url'][:100]}” is no record. Use a url that search gave.")
    record = None if which.get("pk", 0) > LARGEST else _public(model, which)
    if record is None:
        raise BadCall(f"Nothing is public at “{asked['url'][:100]}”.")
    return whole(record, base)


def _public(model: type[Record], which: dict[str, Any]) -> Any:
    records: Any = model.published.all()
    if model is Source:
        records = records.defer("text")
    if record := records.filter(**which).first():
        return record
    if issubclass(model, AddressedRecord) and "slug" in which:
        return records.filter(pk__in=_former(model, which["slug"])).first()
    return None


def _former(model: type[AddressedRecord], slug: str) -> Any:
    return FormerSlug.objects.filter(kind=model._meta.model_name, slug=slug).values("record_id")


def compare(asked: dict[str, str], base: str) -> dict[str, Any]:
    """Where two stand on the questions on which one of them took a position."""
    try:
        read = comparing.Asked.from_address(_query(**asked))
    except ValueError as error:
        raise BadCall(str(error)) from error
    if read is None:
        raise BadCall("Name both sides, as “a” and “b”.")
    if read.a.record.is_demonstration != read.b.record.is_demonstration:
        raise BadCall("One is real and one is demonstration data. Choose two of a kind.")
    answer = comparing.compare(read)
    return told(
        a=read.a.name,
        b=read.b.name,
        numbers={str(comparing.Result(name).label): n for name, n in answer.numbers.items()},
        questions=[
            told(
                question=each.question.text,
                side=each.side.name if each.side else "",
                result=each.label,
                a=where(each.a, base),
                b=where(each.b, base),
                url=base + each.question.get_absolute_url(),
            )
            for each in answer.pairs
        ],
        page=read.page,
        pages=answer.pages,
        url=f"{base}/compare/?a={asked['a']}&b={asked['b']}",
    )
