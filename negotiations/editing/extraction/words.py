"""The words by which English and Russian show who speaks, and what is agreed or open."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# --- Speaking ---

ENGLISH_SPEECH = """
    said|says|say|saying|stated?|states|stating|noted|notes|noting|add(?:ed|s|ing)|told|tells|telling
    |announc(?:ed|es|ing)|declar(?:ed|es|ing)|emphasi[sz](?:ed|es|ing)|stress(?:ed|es|ing)
    |assert(?:ed|s|ing)|indicat(?:ed|es|ing)|acknowledg(?:ed|es|ing)|highlight(?:ed|s|ing)
    |remark(?:ed|s|ing)|suggest(?:ed|s|ing)|confirm(?:ed|s|ing)|mention(?:ed|s|ing)
    |explain(?:ed|s|ing)|insist(?:ed|s|ing)|argu(?:ed|es|ing)|warn(?:ed|s|ing)|claim(?:ed|s|ing)
    |admit(?:ted|s|ting)|reiterat(?:ed|es|ing)|express(?:ed|es|ing)|observed|observes
    |point(?:ed|s|ing)\\sout|characteri[sz](?:ed|es|ing)|describ(?:ed|es|ing)|call(?:ed|s|ing)
    |label+(?:ed|s|ing)|deem(?:ed|s|ing)|dubb(?:ed|ing)|recall(?:ed|s|ing)|repl(?:ied|ies|ying)
    |respond(?:ed|s|ing)|answer(?:ed|s|ing)|promis(?:ed|es|ing)|vow(?:ed|s|ing)|conclud(?:ed|es|ing)
    |comment(?:ed|s|ing)|wrote|writes|writing|tweeted|posted|urg(?:ed|es|ing)|accus(?:ed|es|ing)
    |reject(?:ed|s|ing)|den(?:ied|ies|ying)|denounc(?:ed|es|ing)|condemn(?:ed|s|ing)
    |welcom(?:ed|es|ing)|prais(?:ed|es|ing)|propos(?:ed|es|ing)|maintain(?:ed|s|ing)
    |affirm(?:ed|s|ing)|underlin(?:ed|es|ing)|underscor(?:ed|es|ing)|predict(?:ed|s|ing)
    |continued|went\\son|caution(?:ed|s|ing)|complain(?:ed|s|ing)|conced(?:ed|es|ing)
    |reveal(?:ed|s|ing)|clarif(?:ied|ies|ying)|report(?:ed|s|ing)|voiced?|voicing|thank(?:ed|s|ing)
    |dismiss(?:ed|es|ing)|hail(?:ed|s|ing)|likened|spoke\\sof|speaks\\sof|speaking\\sof
    |put\\sit|puts\\sit|asked|asks|joked|quipped|pledged|reassured|assured|declined
"""
RUSSIAN_SPEECH = """
    (?:сказа|заяви|отмети|подчеркну|добави|сообщи|указа|напомни|уточни|поясни|объясни|рассказа|назва
    |призна|подтверди|вырази|предложи|предупреди|ответи|написа|замети|констатирова|объяви|пообеща
    |призва|охарактеризова|оцени|высказа|поблагодари|завери|продолжи|резюмирова|обвини|осуди
    |приветствова|говори|отмеча|подчёркива|подчеркива|прокомментирова|подыто(?:жи)|допусти|посетова
    |опровер[г]?|отрица|возрази|обрати|приве)л?(?:а|и)?
    |говорит|отмечает|подч[её]ркивает|считает|считают|полагает|уверен|уверена|заявляет|заявляют
    |говорится|отмечается|сообщает|сообщают|пишет|утверждает|утверждают|называет
"""


def _verbs(words: str) -> str:
    return "".join(words.split())


SPEECH_VERB = f"{_verbs(ENGLISH_SPEECH)}|{_verbs(RUSSIAN_SPEECH)}"
SPEECH = re.compile(rf"(?<![\w-])(?:{SPEECH_VERB})(?![\w-])", re.IGNORECASE)

# What is quoted after these is somebody else's: Olin dismissed talk of a “deal”.
REJECTS = re.compile(r"dismiss|reject|den(?:ied|ies|ying)|опровер|отрица", re.IGNORECASE)
# What stands before these is spoken of, and does not speak.
BEFORE_OBJECTS = _set(
    """of with to from by for about against than between on at in into under over
    behind toward towards without including like unlike via per met meeting thanked told
    с со к ко для о об от у при с между против перед после из за над под благодаря включая"""
)

# --- Offices and bodies ---

OFFICE = _set("""minister president spokesperson spokesman spokeswoman envoy ambassador secretary aide adviser
    advisor chief head director ceo chairman chairwoman chair chairperson commissioner general mediator
    negotiator representative chancellor premier king queen prince princess senator governor mayor
    coordinator commander leader diplomat officer counsellor consul admiral colonel delegate emir sultan
    deputy undersecretary rapporteur economist analyst professor historian columnist mp lawmaker counterpart""")
RUSSIAN_OFFICE = tuple(
    _set("""министр президент посол помощник советник представител пресс-секретар секретар
    госсекретар спецпосланник спецпредставител посланник директор гендиректор премьер канцлер
    председател сенатор депутат замминистр замглав постпред посредник генерал корол координатор лидер
    руководител вице-премьер вице-президент уполномоченн переговорщик дипломат эксперт политолог
    профессор""")
)
RUSSIAN_HEAD = _set("глава главы главе главу главой посла послу послом")
# A word in front that belongs to the office: "deputy foreign minister", "presidential aide".
OFFICE_FRONT = _set("""deputy special presidential chief senior former foreign prime vice first national security top
    acting press state permanent lead head defence defense finance interior trade energy economy justice
    government ministry military political assistant executive managing general honorary joint high
    official party opposition royal delegation ministerial principal peace un eu nato commerce treasury
    cabinet white house department office council commission fund bank union agency mission
    официальный официальная бывший бывшая специальный специальная первый первая генеральный исполняющий
    постоянный постоянная главный главная заместитель""")
OF = _set("of for to on the in and at")
PORTFOLIO = _set("""state defence defense foreign affairs interior trade finance treasury commerce energy justice
    home security national war peace economy culture health transport environment agriculture north
    south east west middle the political policy relations international european""")
BODY = _set("""ministry department delegation administration government office kremlin council commission
    parliament embassy fund union agency committee side mission secretariat army movement front alliance
    organisation organization bank party team authority house bureau court congress senate""")
RUSSIAN_BODY = tuple(
    _set("""министерств мид минобороны департамент делегаци администраци правительств кремл совет комисси
    парламент посольств фонд ведомств госдеп сторон секретариат движени госдепартамент госдум
    внешнеполитическ пресс-служб""")
)
ORGANISATION = (
    BODY
    | _set("""group news times post company corporation institute university foundation association league
    forum conference agreement treaty accord street square palace sea river strait project declaration
    nations states republic kingdom federation talks summit
    bridge port isle island islands lake mount camp hotel airport hall format process road avenue city region
    province valley coast ocean gulf bay crossing border park gate line zone plan act law bill review lamp""")
)
NO_NAME = _set("""monday tuesday wednesday thursday friday saturday sunday january february march april june july
    august september october november december i we he she it they you the a an this that these those
    but and or yet so as in on at by for from with after before during following when while if although
    though however moreover furthermore additionally also meanwhile asked both all each earlier later
    today yesterday tomorrow according speaking answering what why how who where there here his her
    their our its my no not q a question answer
    понедельник вторник среду четверг пятницу субботу воскресенье он она они оно мы вы я это этот как
    по в во на о об при после перед по-моему также однако кроме между ранее вчера сегодня завтра что
    его её ее их при а но и если когда вопрос ответ""")
PARTICLE = _set("de del della der den di du da dos van von bin ibn al el la le ben ter")
HONORIFIC = _set("mr mrs ms miss dr sir dame lord lady madam prof sheikh г-н г-жа господин госпожа")
FEMALE = _set("mrs ms miss dame lady madam spokeswoman chairwoman queen princess г-жа госпожа")
# One office by several names.
SAME_OFFICE = {
    "spokesman": "spokesperson",
    "spokeswoman": "spokesperson",
    "head": "chief",
    "ceo": "chief",
    "director": "chief",
    "leader": "chief",
    "chairman": "chair",
    "chairwoman": "chair",
    "chairperson": "chair",
    "advisor": "adviser",
    "aide": "adviser",
    "premier": "prime",
    "defense": "defence",
    "affairs": "",
}

# --- Tokens ---

TOKEN = re.compile(r"(?:[^\W\d_]\.){1,4}(?=[\s\w,’']|$)|[^\W\d_]+(?:[-‑'’][^\W\d_]+){0,6}")
POSSESSIVE = re.compile(r"(?:['’]s|(?<=s)['’])$")
ENDING = re.compile(r"(?:ого|ому|ыми|ими|ым|им|ом|ем|ой|ей|ий|ый|ая|ую|ых|их|а|я|у|ю|е|ь|й)$")


@dataclass(frozen=True, slots=True)
class Token:
    """A word with its place; `key` is its folded form without a possessive ending."""

    start: int
    end: int
    text: str
    key: str

    @property
    def capital(self) -> bool:
        return self.text[0].isupper()

    @property
    def possessive(self) -> bool:
        return self.text.endswith(("'s", "’s", "s'", "s’"))


def tokens(text: str, start: int, end: int) -> list[Token]:
    return [
        Token(m.start(), m.end(), m[0], fold(POSSESSIVE.sub("", m[0])))
        for m in TOKEN.finditer(text, start, end)
    ]


@lru_cache(maxsize=20_000)
def fold(word: str) -> str:
    """For comparing: lower case, no accents, one kind of apostrophe and hyphen."""
    word = word.casefold().replace("ё", "е").replace("’", "'").replace("‑", "-")
    if word.isascii() or "а" <= word[:1] <= "я":
        return word
    return "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """A folded surname without its Russian case ending: all cases of a name have one stem."""
    if not "а" <= word[:1] <= "я":
        return word
    cut = ENDING.sub("", word)
    return cut if len(cut) >= 3 else word


def is_russian(word: str) -> bool:
    return "а" <= word[:1].casefold() <= "я"


def is_office(key: str) -> bool:
    return key in OFFICE or key in RUSSIAN_HEAD or key.startswith(RUSSIAN_OFFICE)


def is_body(key: str) -> bool:
    return key in BODY or key.startswith(RUSSIAN_BODY)
