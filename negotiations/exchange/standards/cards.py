"""Cards: a statement, an action or a meeting as a picture of 1200 by 630, for links on other sites.

What does not fit ends in an ellipsis; what is written from right to left stands on the right. A
card always says whose words or account it is, when, and by which source.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch
from django.http import HttpResponse
from django.views.decorators.http import require_safe
from lxml import etree

from negotiations.exchange.standards.beside import beside
from negotiations.insight.corroboration import Verdict, verdicts
from negotiations.insight.pictures.drawing import E, element, shape, shortened, wrapped
from negotiations.insight.pictures.framing import TOKENS, rendered
from negotiations.insight.readouts import matrix
from negotiations.limits import SEARCHES, limited
from negotiations.models import Action, Citation, Delegation, Meeting, Statement

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from django.http import HttpRequest

    from negotiations.insight.readouts import Cell
    from negotiations.models import Party, Record

WIDTH, HEIGHT, MARGIN = 1200, 630, 64
ROOM = WIDTH - 2 * MARGIN
HEAD, FOOT = 116, 566  # the lowest line of the head, and of the foot
SIZES = (60, 52, 44, 38, 33)  # of the words; the first at which all fit
LEADING = 1.26
MOST_LETTERS = 900  # more than ever fit
MOST_SIDES = 4
HUES = ("circle", "square", "triangle", "diamond", "hexagon", "cross", "star", "half")
STYLE = (
    f"text {{ font-family: {TOKENS['sans']}; }} .hue-none {{ fill: {TOKENS['quiet']}; }}"
    + "".join(f" .hue-{each} {{ fill: {TOKENS[each]}; }}" for each in HUES)
)
# Unicode's marks for an embedded run from right to left, and for its end.
RIGHT_TO_LEFT, END = "\u202b", "\u202c"


def runs_right(words: str) -> bool:
    """Is this written from right to left? By its first letter that has a direction (UAX 9, P2)."""
    for letter in words:
        if (direction := unicodedata.bidirectional(letter)) in ("L", "R", "AL"):
            return direction != "L"
    return False


def line(words: str, y: float, size: float, *, colour: str = "ink", bold: bool = False) -> Any:
    """One line of text, at the left, or at the right if it is written from there."""
    right = runs_right(words)
    made = element(
        "text", "", f"{RIGHT_TO_LEFT}{words}{END}" if right else words,
        x=WIDTH - MARGIN if right else MARGIN, y=y, fill=TOKENS[colour], font_size=size,
        text_anchor="end" if right else "start", font_weight=600 if bold else 400,
    )  # fmt: skip
    return made


def block(words: str, top: float, bottom: float) -> Iterator[Any]:
    """Words as large as lets all of them stand between two heights; cut at the smallest size."""
    words = words[:MOST_LETTERS]
    for size in SIZES:
        lines = wrapped(words, ROOM, size * 0.98)
        fit = max(int((bottom - top) / (size * LEADING)), 1)
        if len(lines) <= fit:
            break
    else:
        rest = " ".join(lines[fit - 1 :])
        lines = [*lines[: fit - 1], shortened(rest, ROOM, size * 0.98)]
    right = runs_right(words)
    for place, each in enumerate(lines):
        made = line(each, top + (place + 0.8) * size * LEADING, size)
        if right and not runs_right(each):
            made.set("x", str(WIDTH - MARGIN))
            made.set("text-anchor", "end")
        yield made


def card(
    record: Record, kind: str, body: Iterable[Any], foot: str, mark: str, description: str
) -> bytes:
    """The picture as PNG. `kind` stands at its head, `foot` at its bottom; `mark` gives its hue."""
    if record.is_demonstration:
        kind = f"demonstration data, invented: {kind}"
    root = E.svg(
        E.title(description),
        E.style(STYLE),
        element("rect", "", x=0, y=0, width=WIDTH, height=HEIGHT, fill=TOKENS["paper"]),
        element("rect", f"hue-{mark or 'none'}", x=0, y=0, width=16, height=HEIGHT),
        line("Readout", 92, 34, bold=True),
        element(
            "text", "", kind, x=WIDTH - MARGIN, y=92, fill=TOKENS["quiet"], font_size=26, text_anchor="end"
        ),
        element("path", "", d=f"M{MARGIN} {HEAD}H{WIDTH - MARGIN}", stroke=TOKENS["rule"], stroke_width=2),
        *body,
        line(shortened(foot, ROOM, 24), FOOT + 16, 24, colour="quiet"),
        {"width": str(WIDTH), "height": str(HEIGHT), "viewBox": f"0 0 {WIDTH} {HEIGHT}"},
    )  # fmt: skip
    return rendered(etree.tostring(root, encoding="unicode"), 1)


def _side(party: Party, words: str, y: float, size: float) -> Iterator[Any]:
    """A party by its mark, and what is to be said of it."""
    right = runs_right(words)
    yield shape(party.mark, WIDTH - MARGIN - 12 if right else MARGIN + 12, y - size * 0.33, 12)
    made = line(shortened(words, ROOM - 40, size), y, size, bold=True)
    made.set("x", str(WIDTH - MARGIN - 40 if right else MARGIN + 40))
    yield made


def statement_card(said: Statement) -> bytes:
    citation = said.citations.all()[0] if said.citations.all() else None
    words = " ".join(said.words.split())
    who = f"{said.speaker.name}, for {said.party.name}" if said.speaker else said.party.name
    told = [str(each) for each in (said.date, said.meeting) if each]
    return card(
        said,
        "verbatim" if said.is_verbatim else "paraphrase, not the speaker’s words",
        [
            *block(f"“{words}”" if said.is_verbatim else words, HEAD + 24, 448),
            *_side(said.party, who, 490, 32),
            line(
                shortened(", ".join(told) or "date not stated", ROOM, 26), 530, 26, colour="quiet"
            ),
        ],
        f"Source: {citation.source.publisher}, {citation.source.title}"
        if citation
        else "No source is cited.",
        said.party.mark,
        f"{who}: {words}",
    )


def action_card(action: Action) -> bytes:
    told = matrix(action.meeting, [action])
    verdict = Verdict(verdicts([action.pk])[action.pk]).label
    when = f", {action.meeting.date}" if action.meeting.date else ""
    sides = told.rows[0].cells[:MOST_SIDES]
    top = 440 - 42 * max(len(sides) - 1, 0)
    body = [
        *block(action.title, HEAD + 24, top - 90),
        line(str(verdict).capitalize(), top - 44, 34, bold=True),
    ]
    for place, cell in enumerate(sides):
        body += _side(
            cell.party, f"{cell.party.short}: {stance_of(cell)}", top + 6 + 42 * place, 28
        )
    more = len(told.rows[0].cells) - len(sides)
    also = f" · and {more} more sides" if more else ""
    return card(
        action,
        "action, by whose account",
        body,
        f"{action.meeting.title}{when}{also}",
        "",
        action.title,
    )


def stance_of(cell: Cell) -> str:
    """What one side says of an action, in words: "announced", "silent"."""
    stances = dict.fromkeys(each.get_stance_display() for each in cell.accounts)
    return ", ".join(stances) or "silent"


def meeting_card(meeting: Meeting) -> bytes:
    sides = list(
        Delegation.published.filter(meeting=meeting).select_related("party").order_by("pk")
    )
    when = [
        str(each)
        for each in (meeting.date or meeting.timing or "date not given", meeting.place)
        if each
    ]
    shown = sides[:MOST_SIDES]
    top = 480 - 46 * max(len(shown) - 1, 0)
    body = [
        *block(meeting.title, HEAD + 24, top - 84),
        line(shortened(", ".join(when), ROOM, 30), top - 48, 30, colour="quiet"),
    ]
    for place, each in enumerate(shown):
        role = "" if each.role == Delegation.Role.NEGOTIATING else f" ({each.get_role_display()})"
        body += _side(each.party, f"{each.party.name}{role}", top + 6 + 46 * place, 32)
    more = f", and {len(sides) - len(shown)} more parties" if len(sides) > len(shown) else ""
    foot = f"{meeting.get_kind_display().capitalize()}, {meeting.get_state_display()}{more}"
    return card(meeting, "meeting", body, foot, "", meeting.title)


def with_source(statements: Any) -> Any:
    """Statements with all that a card shows."""
    cited = Citation.objects.select_related("source").defer("source__text")
    return statements.select_related("speaker", "party", "meeting").prefetch_related(
        Prefetch("citations", queryset=cited)
    )


@limited(SEARCHES)
@require_safe
@beside(Statement, with_source)
def of_statement(request: HttpRequest, said: Statement) -> HttpResponse:
    """A statement's card."""
    return HttpResponse(statement_card(said), content_type="image/png")


@limited(SEARCHES)
@require_safe
@beside(Action, lambda actions: actions.select_related("meeting__process"))
def of_action(request: HttpRequest, action: Action) -> HttpResponse:
    """An action's card."""
    return HttpResponse(action_card(action), content_type="image/png")


@limited(SEARCHES)
@require_safe
@beside(Meeting, lambda meetings: meetings.select_related("process"))
def of_meeting(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """A meeting's card."""
    return HttpResponse(meeting_card(meeting), content_type="image/png")
