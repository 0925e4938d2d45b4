"""How many actions have which status, as bars: the picture to keep of what a page tells as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from negotiations.insight.outcomes import rule
from negotiations.insight.pictures.drawing import Picture, element, shortened, text
from negotiations.insight.within import INVENTED
from negotiations.languages import counted, gettext, grouped

if TYPE_CHECKING:
    from negotiations.insight.outcomes import Asked, Summary

WIDTH, ROW, BAR = 680, 30, 16
LEFT, RIGHT = 130, 130  # beside the bars, for what each is and how many
ROOM = WIDTH - LEFT - RIGHT
TICKS = 5  # at most


def bars(asked: Asked, found: Summary) -> Picture:
    """The numbers of a summary; the darker part of a bar is overdue."""
    of = [each.name for each in (asked.process, asked.party) if each]
    bottom = len(found.by_state) * ROW + 6
    drawn: list[Any] = []
    for value in _ticks(found.most):
        x = LEFT + _long(value, found)
        drawn.append(element("path", "rule", d=f"M{x:.1f} 0V{bottom}"))
        drawn.append(text(x, bottom + 15, grouped(value), "tiny quiet middle"))
    for at, (_state, words, number, overdue) in enumerate(found.by_state):
        top = at * ROW + (ROW - BAR) / 2
        drawn.append(text(LEFT - 10, top + 12.5, shortened(words.capitalize(), LEFT - 10), "end"))
        for css, length in (("bar-all", number), ("bar-overdue", overdue)):
            long = _long(length, found)
            drawn.append(element("rect", css, x=LEFT, y=top, width=long, height=BAR))
        told = grouped(number) + (", " + _overdue(overdue) if overdue else "")
        drawn.append(text(LEFT + _long(number, found) + 8, top + 12.5, told))
    drawn.append(element("path", "axis", d=f"M{LEFT} 0V{bottom}"))
    words = gettext("actions, by the latest report on each")
    drawn.append(text(LEFT + ROOM, bottom + 32, shortened(words, ROOM), "small quiet end"))
    return Picture(
        "bars",
        " – ".join([gettext("What became of it"), *of]),
        "; ".join(
            f"{words}: {counted('{number} action', '{number} actions', number)}, {_overdue(overdue)}"
            for _state, words, number, overdue in found.by_state
        )
        or gettext("There is no action."),
        WIDTH,
        bottom + 40,
        drawn,
        [
            *([str(INVENTED)] if asked.demonstration else []),
            gettext("n = {actions}. The darker part of a bar is overdue.").format(
                actions=counted("{number} action", "{number} actions", found.total)
            ),
            rule("overdue"),
        ],
    )


def _overdue(number: int) -> str:
    return counted("{number} overdue", "{number} overdue", number)


def _long(number: int, found: Summary) -> float:
    return ROOM * number / found.most if found.most else 0


def _ticks(most: int) -> range:
    """Round numbers from 0 on."""
    step = 1
    for step in (m * 10**e for e in range(18) for m in (1, 2, 5)):
        if most / step <= TICKS:
            break
    return range(0, most + 1, step)
