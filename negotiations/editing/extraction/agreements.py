"""Finds what was agreed, what is to follow, and what stayed open."""

from __future__ import annotations

import re

AGREED = re.compile(
    r"\b(?P<agreed>(?:(?:has|have|had|was|were|also|both|jointly)\s){0,3}"
    r"(?:agreed|committed|consented|pledged|undertook|undertakes?|vowed|promised|decided|resolved)\s(?:\w{2,14}ly\s)?(?:to|on|that|upon|themselves\sto)\b"
    r"|(?:reach|reached|sign|signed|conclude|concluded|adopted|approved)\s(?:an?\s|the\s)?(?:\w{3,14}\s)?(?:agreement|accord|deal|memorandum|protocol|understanding|declaration|roadmap)s?\b"
    r"|(?:it\swas\sagreed|it\shas\sbeen\sagreed)\b"
    r"|agreements?\s(?:made|reached|signed)\b"
    r"|(?:договорил(?:ись|ся|ась)|условились|согласились|обязал(?:ись|ся|ась)|взял[аи]?\sна\sсебя|пообещал[аи]?"
    r"|(?:достигнут\w{1,3}|достигли|подписал[аи]?|подписан\w{0,2}|заключил[аи]?)\s(?:\w{3,20}\s)?(?:договор[её]нност\w{1,3}|соглашени\w{1,3}|договор\w{0,2}|меморандум\w{0,2})))",
    re.IGNORECASE,
)
WILL = re.compile(
    r"\b(?:will|shall|is\sto|are\sto)\s(?P<adverb>\w{2,14}ly\s|soon\s|then\s|also\s|jointly\s)?(?P<verb>[a-z]{2,20})\b"
    r"|\b(?:будет|будут|намерен\w{0,1}|планиру\w{2,3})\s(?P<russian>[а-яё]{3,20})",
    re.IGNORECASE,
)
MEET = re.compile(
    r"\b(?:will|shall|to|plans?\sto|agreed\sto|due\sto|expected\sto|scheduled\sto)\s(?:\w{2,14}\s){0,2}(?:meet|reconvene|convene|hold\s(?:\w{2,14}\s){0,3}(?:talks|consultations|meeting|round|negotiations)|resume\stalks)\b"
    r"|\b(?:next|second|third|fourth|further|follow-up|new)\s(?:round|meeting|session)\b"
    r"|\b(?:upcoming|anticipated|planned|expected|future|forthcoming|possible|next|high-level)\s(?:\w{3,14}\s)?(?:summit|visit)\b"
    r"|\b(?:talks|round|meeting|summit|session)\b[^.;\ue000]{0,40}?\b(?:will\sbe\sheld|will\stake\splace|is\sscheduled|is\splanned|is\sexpected|will\sbegin)\b"
    r"|\b(?:встретятся|встретится|проведут\s(?:\w{3,20}\s){0,2}(?:встречу|переговоры|консультации|раунд)|состоится|состоятся)\b"
    r"|\b(?:следующ\w{2,3}|очередн\w{2,3}|втор\w{2}|нов\w{2})\s(?:раунд\w{0,2}|встреч\w{1,2}|консультаци\w{1,2}|саммит\w{0,2})\b",
    re.IGNORECASE,
)
OPEN = re.compile(
    r"\b(?:unclear|unresolved|unsettled|undecided|premature|uncertain|outstanding\s(?:issues|matters|questions)|open\squestions?"
    r"|too\s(?:early|soon)\sto|yet\sto\sbe|no\s(?:agreement|date|deal|decision|consensus|breakthrough)\b"
    r"|(?:did\snot|didn[’']t|failed\sto|could\snot|unable\sto|have\snot|has\snot|had\snot|not\syet)\s(?:yet\s|been\s)?(?:agreed?|reach(?:ed)?|resolved?|decided?|settled?)"
    r"|remain(?:s|ed|ing)?\s(?:an?\s|the\s|very\s|\w{2,14}ly\s)?(?:open|far\sapart|divided|challenging|difficult|to\sbe|in\sdispute|disputed|sticking\spoint|at\sodds|unlikely|obstacle|hard|unanswered)"
    r"|(?:challenging|difficult|hard)\sto\s(?:pinpoint|say|predict|name)|sticking\spoints?|depends?\son|would\sdepend\son|differences\s(?:remain|persist)"
    r"|further\s(?:efforts?|work|talks)\s(?:is|are)\s(?:necessary|needed|required)|does\snot\seliminate"
    r"|неясно|не\sясно|преждевременно|оста[её]тся\s(?:\w{3,20}\s)?(?:открыт\w{2,3}|нереш[её]нн\w{2,3}|неясн\w{2,3}|неизвестн\w{2,3})|остаются\s(?:\w{3,20}\s)?(?:разногласи\w|вопрос\w|открыт\w{2,3})"
    r"|рано\sговорить|пока\sне\s(?:договорил\w{2,3}|согласован\w{0,2}|определен\w{0,2}|решен\w{0,2})|не\sудалось|нереш[её]нн\w{2,3})\b",
    re.IGNORECASE,
)
NOT_AGREED = re.compile(
    r"\b(?:not|never|n[’']t|refused\sto|failed\sto|yet\sto|nothing\swas|не|отказал\w{2,3})\s(?:\w{2,12}\s)?$",
    re.IGNORECASE,
)
BOTH = re.compile(
    r"\bboth\s(?:sides|parties|countries|nations|delegations|states|governments)\b|\b(?:the\s)?two\s(?:sides|parties|countries|nations|delegations|states|governments)\b"
    r"|\beach\sother\b|\bthe\s(?:sides|parties)\b|\bобе\s(?:стороны|страны|делегации)|\bстороны\b|\bстороны,?\sдоговор",
    re.IGNORECASE,
)
COLLECTIVE = re.compile(
    r"\b(?:sides|parties|countries|nations|delegations|governments|teams|heads|ministers|ministry|presidents|they|we|negotiators|experts|groups?|committee|commission|mechanism)\b",
    re.IGNORECASE,
)


def kind_of(masked: str, start: int, end: int, has_party: bool) -> tuple[str, str, int] | None:
    """Whether a sentence tells of an agreement, a meeting to come, or an open matter.

    Returns:
        The kind, the rule, and where in the text the telling words begin; None if it tells of none.
        What is to be met for comes before what was agreed, as "agreed to meet" is a meeting.
    """
    agreed = AGREED.search(masked, start, end)
    if agreed and NOT_AGREED.search(masked[max(start, agreed.start() - 30) : agreed.start()]):
        agreed = None
    meet = MEET.search(masked, start, end)
    if meet and (agreed is None or meet.start() - agreed.end() < 12):
        return "follow_up", _rule(meet[0]), meet.start()
    if agreed:
        return "action", _rule(agreed[0]), agreed.start()
    will = WILL.search(masked, start, end)
    if will and (will["verb"] or "").casefold() not in {
        "be",
        "not",
        "have",
        "need",
        "continue",
        "depend",
        "remain",
    }:
        before = masked[max(start, will.start() - 80) : will.start()]
        if (
            not will["russian"]
            and (has_party or COLLECTIVE.search(before))
            and COLLECTIVE.search(before)
        ):
            return "action", "will", will.start()
    return None


def open_matter(masked: str, start: int, end: int) -> tuple[str, int] | None:
    """The words that leave something open, and where they begin."""
    match = OPEN.search(masked, start, end)
    return (_rule(match[0]), match.start()) if match else None


def _rule(words: str) -> str:
    return " ".join(words.split()).casefold()
