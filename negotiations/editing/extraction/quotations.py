"""Finds what stands between quotation marks, of any style, over paragraphs too."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice

from negotiations.editing.extraction.paragraphs import Paragraph
from negotiations.editing.extraction.words import SPEECH, SPEECH_VERB

MARK = re.compile(r"``|''|[“”„‟«»\"＂‘’'‚]")
CLOSES = {"“": "”", "„": "“”", "‟": "”", "«": "»", '"': '"', "‘": "’", "'": "'", "‚": "‘’"}
SINGLE = "‘'‚"
SINGLE_CLOSE = {sign: re.compile(f"[{CLOSES[sign]}‘]") for sign in SINGLE}
# 'em, 'tis, the '90s: an apostrophe, though it stands where a quotation mark could.
ELISION = re.compile(r"(?:\d\ds?|em|til|tis|twas|cause|n|bout|round)\b", re.IGNORECASE)
# «Едем, — сказал он, — и вернёмся»: the reporter cuts in without closing the marks.
CUT_IN = re.compile(r"(?<=[,.!?…])\s*[—–]\s+(?P<tag>[^«»“”\"—–\n]{3,140})[,.]\s*[—–]\s+")
# — Едем, — сказал он: direct speech that has a dash for a mark.
DASH = re.compile(r"[—–]\s+")
TAG = re.compile(
    rf"(?<=[,!?…])\s*[—–]\s+(?:{SPEECH_VERB})\b[^—–\n]{{0,140}}?(?P<end>[.,]\s*[—–]\s+|$)",
    re.IGNORECASE,
)
LONGEST_SINGLE = 3000
MOST_APOSTROPHES = 40
MASK = "\ue000"


@dataclass(frozen=True)
class Quotation:
    """A quotation with its marks, as pieces (start, end).

    It has one in each paragraph that it runs over, and several where the reporter cuts in.
    """

    pieces: tuple[tuple[int, int], ...]

    @property
    def start(self) -> int:
        return self.pieces[0][0]

    @property
    def end(self) -> int:
        return self.pieces[-1][1]


def quotations(text: str, paragraphs: list[Paragraph]) -> list[Quotation]:
    """All quotations, in the order of the text; what is quoted inside one belongs to its words.

    A quotation that is never closed is none: nobody can tell where it ends.
    """
    found: list[Quotation] = []
    running: list[tuple[int, int]] = []
    opened = ""
    for paragraph in paragraphs:
        if running and not _same_opening(text, paragraph.start, opened):
            running = []
        if not running and (spoken := _after_dash(text, paragraph)):
            found.append(Quotation(spoken))
            continue
        closed, unclosed = _in_paragraph(text, paragraph, opened if running else "")
        if running and closed and closed[0][0] == paragraph.start:
            found.append(Quotation((*running, closed.pop(0))))
            running = []
        found += [Quotation(_cut(text, piece)) for piece in closed]
        if unclosed is None:
            running = []
            continue
        opened = _mark(text, unclosed)
        running = [*(running if unclosed == paragraph.start else ()), (unclosed, paragraph.end)]
    return found


def _cut(text: str, piece: tuple[int, int]) -> tuple[tuple[int, int], ...]:
    """The pieces of a quotation into which a reporter cuts with "— сказал он, —"."""
    if text[piece[0]] not in "«„":
        return (piece,)
    pieces, start = [], piece[0]
    for match in CUT_IN.finditer(text, *piece):
        if SPEECH.search(match["tag"]):
            pieces.append((start, match.start()))
            start = match.end()
    return (*pieces, (start, piece[1]))


def _after_dash(text: str, paragraph: Paragraph) -> tuple[tuple[int, int], ...]:
    """The pieces of direct speech in a paragraph that begins with a dash and tells who speaks."""
    dash = DASH.match(text, paragraph.start, paragraph.end)
    tag = TAG.search(text, dash.end(), paragraph.end) if dash else None
    if not dash or not tag:
        return ()
    pieces = [(dash.end(), tag.start())]
    if tag["end"]:
        pieces.append((tag.end(), paragraph.end))
    return tuple(pieces)


def _mark(text: str, at: int) -> str:
    return '"' if text.startswith(("``", "''", "＂"), at) else text[at]


def _same_opening(text: str, at: int, mark: str) -> bool:
    # Guillemets may be repeated either way at the head of each paragraph.
    return _mark(text, at) == mark or (mark == "«" and text[at] == "»")


def _in_paragraph(
    text: str, paragraph: Paragraph, going_on: str
) -> tuple[list[tuple[int, int]], int | None]:
    """The closed quotations of a paragraph, and where one opens that it does not close."""
    found: list[tuple[int, int]] = []
    start, end = paragraph.start, paragraph.end
    nests = {
        mark: text.count(mark, start, end) <= text.count(close, start, end)
        for mark, close in (("“", "”"), ("«", "»"))
    }
    at = start
    opening, depth, last_close = None, 0, None
    mark = ""
    while match := MARK.search(text, at, end):
        here, after = match.start(), match.end()
        sign = _mark(text, here)
        at = after
        if opening is None:
            if not _opens(text, here, after, start, end, sign, bool(going_on) and here == start):
                continue
            if sign in SINGLE:
                close = _single_close(text, here, min(end, here + LONGEST_SINGLE), sign)
                if close:
                    found.append((here, close))
                    at = close
                continue
            opening, depth, last_close = here, 1, None
            mark = "«" if sign == "»" else sign
        elif sign in CLOSES[mark] and (mark != '"' or _closes(text, here, after, end)):
            depth -= 1
            last_close = after
            if depth <= 0:
                if after - opening > 2:
                    found.append((opening, after))
                opening = None
        elif sign == mark and mark in nests:
            if nests[mark]:
                depth += 1
            elif last_close is None and mark == "“":
                opening, depth = here, 1
            else:
                depth += 1
    if opening is not None and last_close is not None:
        # «one «within» another» may end with a single mark for both.
        found.append((opening, last_close))
        return found, None
    return found, opening


def _opens(
    text: str, here: int, after: int, start: int, end: int, sign: str, going_on: bool
) -> bool:
    if sign not in CLOSES or after >= end:
        return going_on
    if sign in "“„‟«":
        return True
    before = text[here - 1] if here > start else " "
    if before.isalnum() or text[after].isspace():
        return False
    if sign in SINGLE:
        return (text[after].isalnum() or text[after] in '“"[…') and not (
            sign in "'‘" and ELISION.match(text, after)
        )
    return True


def _closes(text: str, here: int, after: int, end: int) -> bool:
    """Does this straight mark close? Not where it plainly opens: after a space, before a word."""
    return not (
        text[here - 1].isspace() and after < end and (text[after].isalnum() or text[after] in "“‘")
    )


def _single_close(text: str, here: int, end: int, sign: str) -> int | None:
    """Where a single quotation mark is closed, if it is: apostrophes are stepped over."""
    perhaps = None
    for match in islice(SINGLE_CLOSE[sign].finditer(text, here + 1, end), MOST_APOSTROPHES):
        at = match.start()
        before, after = text[at - 1], text[at + 1] if at + 1 < end else " "
        if match[0] == "‘" and sign == "‘":
            break
        if after.isalnum() or before.isspace():
            continue
        # The states' delegates: perhaps a possessive, so a surer close may follow.
        if before in "sS" and after.isspace() and text[at + 2 : at + 3].islower():
            perhaps = perhaps or at + 1
            continue
        return at + 1
    return perhaps


def inner(text: str, piece: tuple[int, int]) -> tuple[int, int]:
    """The piece without its marks and the space inside them."""
    start, end = piece
    if mark := MARK.match(text, start, end):
        start = mark.end()
    if start < end and MARK.fullmatch(text[end - 1]):
        end -= 2 if text.endswith("''", start, end) else 1
    words = text[start:end]
    return start + len(words) - len(words.lstrip()), start + len(words.rstrip())


def mask(text: str, found: list[Quotation]) -> str:
    """The text with the quoted words masked, as long as before; the mark that ends them stays."""
    parts, at = [], 0
    for quotation in found:
        for piece in quotation.pieces:
            start, end = inner(text, piece)
            if start < end and text[end - 1] in ".!?…,":
                end -= 1
            if start < end:
                parts += [text[at:start], MASK * (end - start)]
                at = end
    return "".join([*parts, text[at:]])
