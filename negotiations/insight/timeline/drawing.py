"""A process as a timeline: a lane for its meetings and one for each side, columns for the steps of time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from negotiations.insight.pictures.drawing import (
    Picture,
    element,
    hatched,
    hatching,
    link,
    shape,
    shortened,
    text,
    width_of,
)
from negotiations.insight.timeline.asking import address, period_of
from negotiations.insight.timeline.laying import HEAD, LEFT, Lane, Plan, Row, plan
from negotiations.insight.timeline.reading import told_of, word
from negotiations.insight.within import INVENTED
from negotiations.languages import gettext, grouped, pgettext_lazy
from negotiations.models import Precision, VagueDate

if TYPE_CHECKING:
    import datetime as dt

    from negotiations.insight.timeline.asking import Asked
    from negotiations.insight.timeline.naming import Named
    from negotiations.insight.timeline.reading import Cell, Timeline
    from negotiations.models import Process

NAME = "timeline"
LEGEND = 34
RADIUS = 6
TARGET = 24  # pixels that a finger needs
REPEATED = 560  # from one writing of a lane's name to the next, for who has scrolled
MONTHS = [
    pgettext_lazy("short month", "Jan"),
    pgettext_lazy("short month", "Feb"),
    pgettext_lazy("short month", "Mar"),
    pgettext_lazy("short month", "Apr"),
    pgettext_lazy("short month", "May"),
    pgettext_lazy("short month", "Jun"),
    pgettext_lazy("short month", "Jul"),
    pgettext_lazy("short month", "Aug"),
    pgettext_lazy("short month", "Sep"),
    pgettext_lazy("short month", "Oct"),
    pgettext_lazy("short month", "Nov"),
    pgettext_lazy("short month", "Dec"),
]


@dataclass(frozen=True)
class Drawing:
    """What every part of the picture needs."""

    here: str  # the timeline's own path
    asked: Asked
    plan: Plan
    named: dict[tuple[str, int], Named]


def draw(
    process: Process,
    asked: Asked,
    found: Timeline,
    named: dict[tuple[str, int], Named],
    today: dt.date,
) -> Picture:
    """The picture. `named` has the record of every cell with a single one."""
    if not found.scale:
        raise ValueError(gettext("Nothing is dated, so there is nothing to draw."))
    laid = plan(found)
    drawing = Drawing(reverse("timeline", args=[process.slug]), asked, laid, named)
    when = f", {asked.period}" if asked.period else ""
    picture = Picture(
        NAME,
        gettext("{name}: timeline{when}").format(name=process.name, when=when),
        _description(found),
        laid.width,
        laid.height + LEGEND,
    )
    picture.body = [
        hatching(NAME),
        *_columns(drawing),
        *(part for lane in laid.lanes for part in _lane(drawing, lane)),
        *_today(laid, today),
        *_legend(laid),
    ]
    picture.notes = [*([str(INVENTED)] if process.demonstration else []), *notes(found)]
    return picture


def notes(found: Timeline) -> list[str]:
    """What is counted, and what is not in the picture."""
    parts = [told_of(kind, number) for kind, number in found.numbers.items()]
    told = [f"n = {', '.join(parts) or '0'}."]
    if found.highest:
        told.append(
            gettext("The highest bar of statements stands for {highest}.").format(
                highest=grouped(found.highest)
            )
        )
    if found.undated:
        parts = [told_of(kind, number) for kind, number in found.undated.items()]
        told.append(
            gettext("Without a date, and so not in the picture: {parts}.").format(
                parts=", ".join(parts)
            )
        )
    if found.earlier:
        told.append(
            gettext("Earlier, and not in the picture: {earlier}. The list has them.").format(
                earlier=grouped(found.earlier)
            )
        )
    if found.later:
        told.append(
            gettext("Later, and not in the picture: {later}. The list has them.").format(
                later=grouped(found.later)
            )
        )
    told.append(
        gettext(
            "Hatched: somewhere in this time, as the date is known no better; or planned, "
            "postponed or cancelled. An action that several sides owe is in the lane of each."
        )
    )
    return told


def _description(found: Timeline) -> str:
    if not found.scale or not found.total:
        return gettext("Nothing is recorded for this time.")
    parts = [told_of(kind, number) for kind, number in found.numbers.items()]
    steps = {1: gettext("years"), 2: gettext("months"), 3: gettext("days")}[found.scale.step]
    first, last = (
        period_of(day, found.scale.step) for day in (found.scale.first, found.scale.last)
    )
    return gettext(
        "{parts} from {first} to {last}, by {steps}: one lane for the meetings, and "
        "one for each of {number} parties. The table below tells the same."
    ).format(parts=", ".join(parts), first=first, last=last, steps=steps, number=len(found.sides))


# --- Time ---


def _columns(drawing: Drawing) -> list[Any]:
    """The columns, and above them the years, months or days, each leading into itself."""
    laid = drawing.plan
    bottom = laid.height
    drawn: list[Any] = []
    for at, step in enumerate(laid.steps):
        left = laid.at(at)
        if at % 2:
            drawn.append(
                element("rect", "stripe", x=left, y=HEAD, width=laid.column, height=bottom - HEAD)
            )
        wider = _heading(laid.steps, at)
        if wider:
            words = text(left + 3, 17, str(wider), "small strong")
            if wider != drawing.asked.period:
                room = element("rect", "target", x=left, y=0, width=110, height=TARGET)
                words = link(drawing.here + address(wider), str(wider), room, words)
            drawn.append(words)
            drawn.append(element("line", "rule", x1=left, y1=0, x2=left, y2=bottom))
        drawn.append(
            link(
                drawing.here + address(step),
                str(step),
                element("rect", "target", x=left, y=TARGET, width=laid.column, height=TARGET),
                text(left + laid.column / 2, 41, _label(step), "small middle"),
            )
        )
    drawn.append(element("line", "axis", x1=LEFT, y1=HEAD, x2=laid.width, y2=HEAD))
    return drawn


def _heading(steps: list[VagueDate], at: int) -> VagueDate | None:
    """The year or month that begins here, over its months or days."""
    step = steps[at]
    if step.precision == Precision.YEAR:
        return None
    wider = period_of(step.first, step.precision - 1)
    begins = at == 0 or period_of(steps[at - 1].first, step.precision - 1) != wider
    return wider if begins else None


def _label(step: VagueDate) -> str:
    if step.precision == Precision.YEAR:
        return str(step.first.year)
    return (
        str(MONTHS[step.first.month - 1])
        if step.precision == Precision.MONTH
        else str(step.first.day)
    )


def _today(laid: Plan, today: dt.date) -> list[Any]:
    if not laid.scale.first <= today <= laid.scale.last:
        return []
    x = laid.x_of(today)
    line = element("line", "today", x1=x, y1=HEAD, x2=x, y2=laid.height)
    return [line, text(x + 4, HEAD + 13, gettext("today"), "small label quiet")]


# --- Lanes ---


def _lane(drawing: Drawing, lane: Lane) -> list[Any]:
    laid = drawing.plan
    drawn: list[Any] = [
        element("line", "rule", x1=0, y1=lane.top, x2=laid.width, y2=lane.top),
        *_lane_name(laid, lane),
    ]
    for row in lane.rows:
        if row.words:
            drawn.append(text(LEFT - 8, row.middle + 4, row.words, "small quiet end"))
        for cell in row.cells:
            drawn.append(_cell(drawing, lane, row, cell))
    return drawn


def _lane_name(laid: Plan, lane: Lane) -> list[Any]:
    drawn: list[Any] = []
    for x in range(0, laid.width - 200, REPEATED):
        name = shortened(lane.name, REPEATED - 40)
        part = [text(x + (18 if lane.mark else 2), lane.top + 17, name, "strong label")]
        if lane.mark:
            part.append(shape(lane.mark, x + 8, lane.top + 12.5, 5.5))
        hidden = {"aria-hidden": "true"} if x else {}
        drawn.append(element("g", "repeated" if x else "", *part, **hidden))
    return drawn


def _cell(drawing: Drawing, lane: Lane, row: Row, cell: Cell) -> Any:
    laid = drawing.plan
    left, right = laid.x_of(cell.first), laid.x_of(cell.last, end=True)
    wide = max(right - left, TARGET)
    if row.spans:
        parts = _span(row, cell, left, wide)
    elif cell.kind == "statement":
        parts = _bar(laid, row, cell, left, right - left)
    else:
        x = laid.x_of(cell.day, middle=True) if cell.day else (left + right) / 2
        parts = _mark(row, cell, x)
    return link(_leads_to(drawing, cell), _title(drawing, lane, cell), *parts)


def _span(row: Row, cell: Cell, left: float, wide: float) -> list[Any]:
    """A bar over the whole time in which it lies; hatched if it is known no better."""
    css, fill = ("vague", hatched(NAME)) if cell.vague else ("mark", "")
    box = {"x": left + 1, "y": row.top + 5, "width": wide - 2, "height": row.height - 10}
    parts = [element("rect", "target", x=left, y=row.top, width=wide, height=row.height)]
    parts.append(element("rect", css, **box, rx=3, **({"fill": fill} if fill else {})))
    if cell.number > 1:
        words = f"{cell.number:,}"
        room = width_of(words, 12) + 6
        middle = left + wide / 2
        parts.append(
            element("rect", "ground", x=middle - room / 2, y=row.middle - 6, width=room, height=12)
        )
        parts.append(text(middle, row.middle + 4.5, words, "small strong middle"))
    return parts


def _bar(laid: Plan, row: Row, cell: Cell, left: float, wide: float) -> list[Any]:
    """Statements as a bar, whose height is their number on one scale for all sides."""
    room = row.height - 18
    high = max(room * cell.number / laid.highest, 2)
    bottom = row.top + row.height - 2
    parts = [element("rect", "target", x=left, y=row.top, width=wide, height=row.height)]
    parts.append(
        element(
            "rect", f"hue-{row.mark or 'none'}",
            x=left + 2, y=bottom - high, width=max(wide - 4, 2), height=high,
        )
    )  # fmt: skip
    parts.append(text(left + wide / 2, bottom - high - 3, f"{cell.number:,}", "tiny middle"))
    return parts


def _mark(row: Row, cell: Cell, x: float) -> list[Any]:
    y = row.middle
    parts = [
        element("rect", "target", x=x - TARGET / 2, y=y - TARGET / 2, width=TARGET, height=TARGET)
    ]
    if cell.number > 1:
        parts.append(element("rect", "hollow", x=x - 11, y=y - 9, width=22, height=18, rx=9))
        parts.append(text(x, y + 4.5, f"{cell.number:,}", "small strong middle"))
    else:
        parts.append(glyph(cell.kind, x, y))
    return parts


def glyph(kind: str, x: float, y: float) -> Any:
    """A meeting is a disc; an action due a hollow triangle that points down, one done a tick."""
    if kind == "meeting":
        return element("circle", "mark", cx=x, cy=y, r=RADIUS + 1)
    if kind == "due":
        return element("path", "hollow", d=f"M{x - 6:.1f} {y - 5:.1f}h12l-6 11z")
    return element("path", "tick", d=f"M{x - 6:.1f} {y + 0.5:.1f}l4 5 8-10.5")


def _title(drawing: Drawing, lane: Lane, cell: Cell) -> str:
    record = drawing.named.get((cell.kind, cell.record)) if cell.record else None
    if record:
        return f"{word(cell.kind).capitalize()}: {record.title}, {when(record)}"
    times = _period(cell, drawing.plan.scale.step)
    whose = "" if cell.side is None else f"{lane.name}: "
    vague = gettext(", date known no better") if cell.vague else ""
    return f"{whose}{cell.words}, {times}{vague}"


def when(record: Named) -> str:
    """Its date as exactly as it is known, and its state if that is not what one would think."""
    until = gettext(" to {until}").format(until=record.until) if record.until else ""
    note = f", {record.note}" if record.note else ""
    return f"{record.date}{until}{note}"


def _period(cell: Cell, step: int) -> str:
    """The time of a cell in words."""
    one = enclosing(cell, step)
    if one and (one.first, one.last) == (cell.first, cell.last):
        return str(one)
    first, last = (period_of(day, Precision.DAY) for day in (cell.first, cell.last))
    return gettext("{first} to {last}").format(first=first, last=last)


def enclosing(cell: Cell, step: int) -> VagueDate | None:
    """The smallest year, month or day that holds all of a cell's time, if one does."""
    for precision in range(step, 0, -1):
        period = period_of(cell.first, precision)
        if cell.last <= period.last:
            return period
    return None


def leads_to(here: str, named: dict[tuple[str, int], Named], cell: Cell, step: int) -> str:
    """The record itself; or of several, the time in which they lie, in smaller steps or as a list."""
    if cell.record and (record := named.get((cell.kind, cell.record))):
        return record.url
    period = enclosing(cell, step)
    return here + address(period, listed=cell.vague or not period or period.precision < step)


def _leads_to(drawing: Drawing, cell: Cell) -> str:
    return leads_to(drawing.here, drawing.named, cell, drawing.plan.scale.step)


def _legend(laid: Plan) -> list[Any]:
    y = laid.height + LEGEND - 10
    drawn: list[Any] = [
        element("line", "axis", x1=0, y1=laid.height, x2=laid.width, y2=laid.height)
    ]
    x = 8.0
    for kind, words in (
        ("meeting", gettext("meeting")),
        ("due", gettext("action due")),
        ("done", gettext("reported done")),
    ):
        drawn += [glyph(kind, x, y - 4.5), text(x + 14, y, words, "small quiet")]
        x += 130
    drawn.append(
        element("rect", "vague", x=x - 8, y=y - 11, width=30, height=13, rx=3, fill=hatched(NAME))
    )
    drawn.append(text(x + 28, y, gettext("vague or planned"), "small quiet"))
    drawn.append(element("rect", "hue-none", x=x + 152, y=y - 11, width=12, height=12))
    drawn.append(text(x + 170, y, gettext("statements"), "small quiet"))
    return drawn
