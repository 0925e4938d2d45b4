"""Who met whom as a network: each a mark, each pair a line as wide as the meetings are many."""

from __future__ import annotations

from math import hypot
from typing import TYPE_CHECKING, Any

import networkx as nx

from negotiations.insight.encounters.asking import Of
from negotiations.insight.pictures.drawing import (
    Picture,
    element,
    link,
    shape,
    shortened,
    text,
)
from negotiations.insight.pictures.labelling import Box, label
from negotiations.languages import counted, gettext, grouped

if TYPE_CHECKING:
    from negotiations.insight.encounters.asking import Asked
    from negotiations.insight.encounters.reading import Encounters, Node, Pair

WIDTH, HEIGHT = 1080, 660
LEGEND = 40
SIDE, ABOVE = 150, 34  # room for the names around
RADIUS = 8
MOST_PAIRS, MOST_NODES = 60, 30
THIN, WIDE = 1.2, 9.0
LONGEST = 170
SEED = 1
ROOM = Box(0, 0, WIDTH, HEIGHT)


def network(asked: Asked, found: Encounters) -> Picture:
    """The picture of the pairs that met most."""
    pairs, nodes = _shown(found.pairs)
    places = _places(nodes, pairs)
    most = max((pair.meetings for pair in pairs), default=1)
    picture = Picture(
        "network", _title(asked), _description(asked, pairs, nodes), WIDTH, HEIGHT + LEGEND
    )
    # The strongest last, so that it lies above.
    lines = [_line(pair, places, most) for pair in reversed(pairs)]
    picture.body = [*lines, *_marks(nodes, places, pairs), *_legend(most)]
    picture.notes = notes(asked, found, len(pairs))
    return picture


def notes(asked: Asked, found: Encounters, drawn: int) -> list[str]:
    """What is counted, how much of it there is, and how much of that is drawn."""
    told = [
        *asked.within.warning,
        "n = " + _counts(asked, found),
    ]
    if drawn < found.number:
        told.append(
            gettext("Drawn are the {drawn} pairs that met most.").format(drawn=grouped(drawn))
        )
    if asked.of == Of.PEOPLE and not asked.within_sides:
        told.append(gettext("People of one delegation do not count as having met."))
    told.append(
        gettext("Only who is recorded as present counts. Nearness in the picture has no meaning.")
    )
    return told


def _counts(asked: Asked, found: Encounters) -> str:
    meetings = counted("{number} held meeting", "{number} held meetings", found.meetings)
    who = (
        counted("{number} people", "{number} people", found.who)
        if asked.of == Of.PEOPLE
        else counted("{number} parties", "{number} parties", found.who)
    )
    pairs = counted("{number} pair", "{number} pairs", found.number)
    return gettext("{meetings} with {who} at the table; {pairs} met.").format(
        meetings=meetings, who=who, pairs=pairs
    )


def _title(asked: Asked) -> str:
    if asked.partner:
        whose = gettext("Whom {name} met").format(name=asked.partner)
    elif asked.of == Of.PEOPLE:
        whose = gettext("Who met whom: people")
    else:
        whose = gettext("Who met whom: parties")
    return asked.within.titled(whose)


def _description(asked: Asked, pairs: list[Pair], nodes: list[Node]) -> str:
    if not pairs:
        return gettext("Nobody is recorded as having met.")
    first = pairs[0]
    return gettext(
        "A network of {number} {who} and {pairs} pairs. {one} and {other} met most, at {meetings}. "
        "The table tells the same."
    ).format(
        number=len(nodes),
        who=asked.of.label,
        pairs=len(pairs),
        one=first.one.name,
        other=first.other.name,
        meetings=counted("{number} meeting", "{number} meetings", first.meetings),
    )


def _shown(pairs: list[Pair]) -> tuple[list[Pair], list[Node]]:
    """The strongest pairs, as long as no more are in them than can be told apart."""
    nodes: dict[int, Node] = {}
    shown = []
    for pair in pairs[:MOST_PAIRS]:
        new = {each.pk: each for each in (pair.one, pair.other)}
        if len(nodes | new) <= MOST_NODES:
            nodes |= new
            shown.append(pair)
    return shown, sorted(nodes.values(), key=lambda each: (each.party, each.name, each.slug))


def _places(nodes: list[Node], pairs: list[Pair]) -> dict[int, tuple[float, float]]:
    """Where each is drawn: a spring layout that begins on a circle, so it is always the same."""
    graph = nx.Graph()
    graph.add_nodes_from(node.pk for node in nodes)
    strongest = max((pair.meetings for pair in pairs), default=1)
    for pair in pairs:
        graph.add_edge(pair.one.pk, pair.other.pk, weight=0.4 + 0.6 * pair.meetings / strongest)
    if len(nodes) < 2:
        return {node.pk: (WIDTH / 2, HEIGHT / 2) for node in nodes}
    found = nx.spring_layout(
        graph,
        pos=nx.circular_layout(graph),
        k=2.2 / len(nodes) ** 0.5,
        iterations=150,
        seed=SEED,
        method="force",
    )
    xs, ys = ([place[axis] for place in found.values()] for axis in (0, 1))
    return {
        pk: (
            round(_spread(x, xs, SIDE, WIDTH - SIDE), 1),
            round(_spread(y, ys, ABOVE, HEIGHT - ABOVE), 1),
        )
        for pk, (x, y) in found.items()
    }


def _spread(value: float, values: list[float], first: float, last: float) -> float:
    least, most = min(values), max(values)
    if most - least < 1e-6:
        return (first + last) / 2
    return first + (value - least) / (most - least) * (last - first)


def _width(meetings: int, most: int) -> float:
    return THIN + (WIDE - THIN) * (meetings - 1) / max(most - 1, 1)


def _line(pair: Pair, places: dict[int, tuple[float, float]], most: int) -> Any:
    (x1, y1), (x2, y2) = places[pair.one.pk], places[pair.other.pk]
    line = element(
        "line", "edge", x1=x1, y1=y1, x2=x2, y2=y2, stroke_width=_width(pair.meetings, most)
    )
    return link(
        pair.url,
        gettext("{one} and {other}: {meetings}").format(
            one=pair.one.name,
            other=pair.other.name,
            meetings=counted("{number} meeting", "{number} meetings", pair.meetings),
        ),
        line,
    )


def _marks(
    nodes: list[Node], places: dict[int, tuple[float, float]], pairs: list[Pair]
) -> list[Any]:
    taken = [Box.around(*places[node.pk], RADIUS) for node in nodes]
    partners = dict.fromkeys(places, 0)
    for pair in pairs:
        partners[pair.one.pk] += 1
        partners[pair.other.pk] += 1
    drawn = []
    for node in nodes:
        x, y = places[node.pk]
        name = shortened(node.name, LONGEST)
        at = label(name, x, y, RADIUS, taken, ROOM, _away(node, pairs, places))
        taken.append(at.box)
        side = f", {node.party}" if node.party != node.name else ""
        lines = gettext("{number} lines here").format(number=partners[node.pk])
        title = f"{node.name}{side}: {lines}"
        drawn.append(
            link(
                node.url,
                title,
                element("rect", "target", x=x - 12, y=y - 12, width=24, height=24),
                shape(node.mark, x, y, RADIUS),
                text(at.x, at.y, name, f"label {at.css}"),
            )
        )
    return drawn


def _away(
    node: Node, pairs: list[Pair], places: dict[int, tuple[float, float]]
) -> tuple[float, float]:
    """The direction, of length 1, away from most of its lines."""
    x, y = places[node.pk]
    sum_x = sum_y = 0.0
    for pair in pairs:
        if node.pk in (pair.one.pk, pair.other.pk):
            to_x, to_y = places[pair.without(node.pk).pk]
            far = max(hypot(to_x - x, to_y - y), 1)
            sum_x, sum_y = sum_x + (x - to_x) / far, sum_y + (y - to_y) / far
    long = max(hypot(sum_x, sum_y), 1e-6)
    return sum_x / long, sum_y / long


def _legend(most: int) -> list[Any]:
    """Lines with the number of meetings that their width stands for."""
    y = HEIGHT + LEGEND - 14
    drawn = [text(0, y + 4.5, gettext("Meetings of a pair:"), "small quiet")]
    x = 130.0
    for meetings in sorted({1, (most + 1) // 2, most}):
        drawn.append(
            element(
                "line", "edge", x1=x, y1=y, x2=x + 34, y2=y, stroke_width=_width(meetings, most)
            )
        )
        drawn.append(text(x + 42, y + 4.5, grouped(meetings), "small quiet"))
        x += 90
    return drawn
