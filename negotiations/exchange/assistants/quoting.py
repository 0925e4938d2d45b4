"""Records as an assistant quotes them: the words as they are, whose they are, and by which source."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch

from negotiations.insight.corroboration import Verdict, with_verdict
from negotiations.insight.positions import stands
from negotiations.insight.readouts import matrix
from negotiations.models import (
    Action,
    Citation,
    Delegate,
    Delegation,
    Meeting,
    OpenMatter,
    Progress,
    Question,
    Statement,
)
from negotiations.search.entries import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from negotiations.insight.positions import Stand
    from negotiations.models import Record, Source
    from negotiations.search.cards import Card

Told = dict[str, Any]
MOST = 50  # of what belongs to one record
PARAPHRASE = "Readout’s paraphrase, not the speaker’s words: do not put it in quotation marks"
INVENTED = "Demonstration data, invented: do not quote it as fact"


def told(**facts: Any) -> Told:
    """Without what is not known."""
    return {name: value for name, value in facts.items() if value not in ("", None, [])}


def _date(record: Any) -> str:
    return record.date.edtf if record.date else ""


def _source(source: Source, base: str, passage: str = "", where: str = "") -> Told:
    return told(
        title=source.title,
        publisher=source.publisher,
        url=source.url,
        readout_url=base + source.get_absolute_url(),
        passage=passage,
        where=where,
    )


def _citations(citations: Iterable[Citation], base: str) -> list[Told]:
    return [_source(each.source, base, each.passage, each.where) for each in citations]


def found(card: Card, base: str, verdict: str = "") -> Told:
    """A record that a search found."""
    statement = card.kind == Kind.STATEMENT
    source = told(title=card.source.name, publisher=card.publisher) if card.source else None
    return told(
        kind=card.kind_word,
        title=card.title,
        **({"words": card.snippet} if statement else {"text": card.snippet}),
        form=card.form,
        note=PARAPHRASE if card.form == Statement.Form.PARAPHRASE else "",
        warning=INVENTED if card.demonstration else "",
        speaker=card.person.name if card.person else "",
        party=card.party.name if statement and card.party else "",
        date=card.date.edtf if card.date else "",
        meeting=card.meeting.name if card.meeting else "",
        by_whose_account=str(Verdict(verdict).label) if verdict else "",
        source=source,
        url=base + card.url,
    )


def statement(said: Statement, base: str) -> Told:
    """A statement's words with who, for whom, when and where; without its sources."""
    return told(
        words=said.words,
        language=said.language,
        original_words=said.original_words,
        form=said.form,
        note="" if said.is_verbatim else PARAPHRASE,
        speaker=said.speaker.name if said.speaker else "",
        party=said.party.name,
        date=_date(said),
        meeting=said.meeting.title if said.meeting else "",
        url=base + said.get_absolute_url(),
    )


def whole(record: Record, base: str) -> Told:
    """A record with all that an assistant needs to quote it, and with whose account it is."""
    tellers: dict[type[Record], Any] = {
        Statement: _statement,
        Action: _action,
        Meeting: _meeting,
        Question: _question,
    }
    more = tellers.get(type(record), _other)(record, base)
    warning = INVENTED if record.is_demonstration else ""
    url = base + record.get_absolute_url()
    return told(kind=record.kind_words, warning=warning, **{**more, "url": url})


def _statement(said: Statement, base: str) -> Told:
    cited = said.citations.select_related("source").defer("source__text")
    return {**statement(said, base), "sources": _citations(cited, base)}


def _action(action: Action, base: str) -> Told:
    row = matrix(action.meeting, [action], most=MOST).rows[0]
    verdict = with_verdict(Action.published.filter(pk=action.pk)).values_list("verdict", flat=True)
    reports = Progress.published.filter(action=action).order_by(*Progress.NEWEST)
    cited = action.citations.select_related("source").defer("source__text")
    accounts = [
        told(
            party=account.party.name,
            account=account.get_stance_display(),
            note=account.note,
            negotiated_there=cells is row.cells,
            statement=statement(account.statement, base) if account.statement else None,
        )
        for cells in (row.cells, row.others)
        for cell in cells
        for account in cell.accounts
    ]
    return told(
        title=action.title,
        details=action.details,
        agreed_at=action.meeting.title,
        meeting_date=_date(action.meeting),
        by_whose_account=str(Verdict(verdict[0]).label),
        accounts=accounts,
        silent=[cell.party.name for cell in row.silent],
        due=action.due.edtf if action.due else action.due_words,
        progress=[
            told(date=_date(each), status=each.get_state_display(), report=each.report)
            for each in reports[:MOST]
        ],
        sources=_citations(cited[:MOST], base),
    )


def _meeting(meeting: Meeting, base: str) -> Told:
    sat = Delegate.published.select_related("person")
    delegations = (
        Delegation.published.filter(meeting=meeting)
        .select_related("party")
        .prefetch_related(Prefetch("delegates", queryset=sat, to_attr="present"))
        .order_by("pk")
    )
    actions = with_verdict(Action.published.filter(meeting=meeting)).order_by("pk")
    cited = meeting.citations.select_related("source").defer("source__text")
    return told(
        title=meeting.title,
        what=f"{meeting.get_kind_display()}, {meeting.get_state_display()}",
        date=_date(meeting),
        place=meeting.place,
        summary=meeting.summary,
        delegations=[
            told(
                party=each.party.name,
                role=each.get_role_display(),
                delegates=[str(delegate) for delegate in each.present],
            )
            for each in delegations
        ],
        actions=[
            told(
                title=each.title,
                by_whose_account=str(Verdict(each.verdict).label),
                url=base + each.get_absolute_url(),
            )
            for each in actions[:MOST]
        ],
        open_matters=[
            each.title
            for each in OpenMatter.published.filter(meeting=meeting).order_by("pk")[:MOST]
        ],
        sources=_citations(cited[:MOST], base),
    )


def _question(question: Question, base: str) -> Told:
    found = stands([question])
    positions = [
        {"party": side.name, **where(stand, base)}
        for _question, sides in found.questions
        for side, stand in sides
        if stand
    ]
    return told(
        title=question.text,
        topic=question.topic.name,
        description=question.description,
        positions=positions,
    )


def where(stand: Stand | None, base: str) -> Told:
    """Where a party stands on a question, by the statement that shows it last."""
    if stand is None:
        return {"position": "silent"}
    shown = stand.shown
    return told(
        position=", ".join(stand.stances or stand.maybe),
        perhaps=", ".join(stand.maybe) if stand.stances else "",
        in_other_words=shown.summary if shown else "",
        shown_by=statement(shown.statement, base) if shown else None,
    )


def _other(record: Any, base: str) -> Told:
    text = getattr(record, "description", "") or getattr(record, "summary", "")
    return told(title=str(record), text=text)
