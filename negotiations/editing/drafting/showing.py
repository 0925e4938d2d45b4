"""What the desk page of a source shows: the text laid out, the suggestions, what is drafted from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse

from negotiations.editing.drafting.layout import anchor, lay_out
from negotiations.models import Meeting, Process, Question, Topic

if TYPE_CHECKING:
    from negotiations.editing.drafting.forms import DraftForm
    from negotiations.editing.drafting.suggestions import Suggestion
    from negotiations.editing.drafting.work import Work

# Names that the fields complete; more would slow the page down without helping anyone.
NAMES_OFFERED = 300


def shown(work: Work, form: DraftForm | None, focus: str) -> dict[str, Any]:
    """The page’s context; `focus` is the id of what the cursor is on, if it is known."""
    if not focus and form and form.ends:
        focus = f"s-{sentence_number(work, form.begins)}"
    elif not focus and not form:
        upcoming = work.next_after(work.place)
        focus = f"offer-{upcoming.number}" if upcoming else f"s-{sentence_number(work, work.place)}"
    return {
        "title": f"Draft from “{work.source.title}”",
        "work": work,
        "source": work.source,
        "form": form,
        "focus": focus,
        "blocks": lay_out(work.source.text, work.paragraphs, work.uses, work.suggestions),
        "offers": [_offer(work, each) for each in work.suggestions],
        "dismissed": [_offer(work, each) for each in work.dismissed],
        "records": _records(work),
        "names": _names(work),
        "parts": [{"at": work.reading.paragraphs[first].start} for first, _ in work.reading.parts]
        if work.reading.paragraphs
        else [],
    }


def _offer(work: Work, suggestion: Suggestion) -> dict[str, Any]:
    """A suggestion as the page tells it."""
    proposal = suggestion.proposal
    people = {each.pk: each.names[0] for each in work.known.people}
    parties = {each.pk: each.names[0] for each in work.known.parties}
    party = parties.get(proposal.party or 0, "")
    if suggestion.kind == "person":
        who, told = proposal.name, ", ".join(filter(None, (proposal.office, proposal.party_name)))
    else:
        who = people.get(proposal.speaker or 0) or proposal.speaker_name or party
        told = proposal.words or suggestion.passage
    return {
        "suggestion": suggestion,
        "who": who,
        "party": party,
        "told": told,
        "batch": work.batches.get(suggestion.key, 0),
    }


def _records(work: Work) -> list[dict[str, Any]]:
    """What is drafted from this source, with its place in the text and its form in admin."""
    placed = {use.record: use.start for use in reversed(work.uses)}
    return [
        {
            "record": record,
            "kind": str(record._meta.verbose_name),
            "name": anchor(record),
            "url": reverse(
                f"admin:negotiations_{record._meta.model_name}_change", args=[record.pk]
            ),
            "sentence": sentence_number(work, placed[record]) if record in placed else None,
        }
        for record in work.records
    ]


def _names(work: Work) -> dict[str, list[str]]:
    """What the fields complete, by the kind of record."""
    people = sorted(work.known.people, key=lambda each: each.party is None)
    return {
        "person": [each.names[0] for each in people[:NAMES_OFFERED]],
        "party": [each.names[0] for each in work.known.parties[:NAMES_OFFERED]],
        "topic": list(Topic.objects.values_list("name", flat=True)[:NAMES_OFFERED]),
        "question": list(Question.objects.values_list("text", flat=True)[:NAMES_OFFERED]),
        "action": [action.title for action in work.actions],
        "meeting": list(Meeting.objects.values_list("title", flat=True)[:NAMES_OFFERED]),
        "process": list(Process.objects.values_list("name", flat=True)[:NAMES_OFFERED]),
    }


def sentence_number(work: Work, place: int) -> int:
    sentence = work.reading.sentence_at(place)
    return sentence.number if sentence else 0
