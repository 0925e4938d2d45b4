"""The sentences of the demonstration: put together from templates, about places that do not exist."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import random

LABEL = "Demonstration data. All of this is invented."


class Matter(NamedTuple):
    """A disputed point: its slug, topic, question, what is wanted (a noun phrase), how it is asked in Russian."""

    slug: str
    topic: str
    question: str
    thing: str
    russian: str


TOPICS = {
    "nine-straits": "Passage through the Nine Straits",
    "straits-tolls": "Tolls in the Nine Straits",
    "lissen-water": "The waters of the Lissen",
    "oon-marsh": "The marsh of Oon",
    "oon-missing": "People missing in the marsh of Oon",
    "two-zanthes": "The border of the two Zanthes",
    "salt-market": "The common salt market",
    "talks-themselves": "The course of the Halcyra talks",
}
NARROWER = {"straits-tolls": "nine-straits", "oon-missing": "oon-marsh"}

MATTERS = (
    Matter("toll-freeze", "straits-tolls", "Shall the tolls in the Nine Straits be frozen?", "a freeze of the tolls in the Nine Straits", "заморозить ли сборы в Девяти проливах"),
    Matter("ship-searches", "nine-straits", "May ships of third parties be searched in the Nine Straits?", "searches of third parties’ ships in the Nine Straits", "досматривать ли суда третьих сторон в Девяти проливах"),
    Matter("lissen-dam", "lissen-water", "May the upper dam on the Lissen be filled?", "the filling of the upper dam on the Lissen", "наполнять ли верхнее водохранилище на реке Лиссен"),
    Matter("lissen-council", "lissen-water", "Shall a joint council share out the water of the Lissen?", "a joint council for the water of the Lissen", "создавать ли общий совет по водам Лиссена"),
    Matter("oon-observers", "oon-marsh", "Shall observers enter the marsh of Oon?", "observers in the marsh of Oon", "пускать ли наблюдателей на болота Оона"),
    Matter("oon-exchange", "oon-missing", "Shall prisoners be exchanged all for all?", "an exchange of prisoners, all for all", "обменивать ли пленных по формуле «всех на всех»"),
    Matter("zanthe-crossings", "two-zanthes", "Shall the crossings between the two Zanthes be open at night?", "open crossings at night between the two Zanthes", "открывать ли ночью переходы между двумя Зантами"),
    Matter("salt-quota", "salt-market", "Shall there be a quota for salt?", "a quota for salt", "вводить ли квоту на соль"),
)  # fmt: skip

OPENINGS = (
    "", "", "", "Let me be plain. ", "I have said it before and say it again. ",
    "We listened with care to what {other} said. ", "After {hours} hours of talks, one thing is clear. ",
    "My government has thought about this for {weeks} weeks. ", "There was no shouting in the room, and no movement either. ",
    "Our paper of {pages} pages says it on the first. ", "I will answer your question. ", "Nothing has been signed yet. ",
)  # fmt: skip
CORES = {
    "supports": (
        "We support {thing}.", "Our answer to {thing} is yes.", "{party} wants {thing} written into the text.",
        "There can be no settlement without {thing}.", "We are for {thing}, and for the sooner the better.",
        "We proposed {thing} ourselves, {weeks} weeks ago.", "What stood in the way of {thing} no longer does.",
    ),
    "opposes": (
        "We will not accept {thing}.", "Our answer to {thing} is no.", "{party} has never agreed to {thing}, and does not now.",
        "No delegation of ours has a mandate for {thing}.", "We see no reason for {thing}, and {weeks} reasons against it.",
        "It is {other} that wants {thing}; we do not.", "As long as I lead this delegation, there will be no signature of ours under {thing}.",
    ),
    "conditional": (
        "We could live with {thing}, if {condition}.", "Our yes to {thing} depends on one thing: that {condition}.",
        "As for {thing}, only if {condition}.", "{party} is ready to discuss {thing} once it is certain that {condition}.",
        "We do not exclude {thing}. But we expect that {condition}.",
    ),
    "undecided": (
        "We have not made up our minds about {thing}.", "On {thing} my government is still consulting.",
        "I can’t tell you today whether {party} wants {thing}.", "Ask me about {thing} in {weeks} weeks.",
        "There are {weeks} opinions about {thing} in our cabinet, and I have heard them all.",
    ),
}  # fmt: skip
CONDITIONS = (
    "the observers come from {third}", "the tolls stay below {number} crowns", "both banks sign on the same day",
    "{number} of the missing are accounted for first", "the inspections are mutual", "{third} withdraws its reservation",
    "the text says so in all languages", "it ends after {weeks} weeks, unless all agree to go on",
)  # fmt: skip
CLOSINGS = (
    "", "", "", " The rest is detail.", " I told the delegation of {other} so this morning.", " We have put that in writing.",
    " Our experts will go on working on it.", " We owe that to the people on both banks.", " I do not expect that to change before the next round.",
    " {other} knows our reasons.", " That is all there is to say today.", " We will see what {third} makes of it.",
    " Page {pages} of our paper explains why.",
)  # fmt: skip
REMARKS = (
    "We spent {hours} hours on {topic}, and the text is {pages} pages longer than before.",
    "We handed {other} a paper of {pages} pages on {topic}.",
    "On {topic} the two sides are closer than they were {weeks} weeks ago.",
    "On {topic} we heard nothing new from {other}.",
    "Whoever says that {topic} was not discussed today was not in the room.",
    "{other} asked for a break when we came to {topic}. We waited {hours} hours.",
    "I can confirm that {topic} is on the agenda of the next round.",
    "The experts have left {number} brackets in the text on {topic}.",
    "We thank {third} for its draft on {topic}; it is a beginning.",
    "Nobody in this building will be hurried about {topic}, and certainly not {party}.",
    "About {topic} I would ask you to read the text before you write about it.",
    "On {topic} we have {number} proposals on the table, and {other} has {weeks}.",
)  # fmt: skip
PARAPHRASED = (
    "{party} said that {topic} had taken up {hours} hours of the meeting.",
    "The delegation of {party} called the talks on {topic} useful and gave no details.",
    "By its own account {party} put {number} proposals on {topic} before {other}.",
    "The speaker declined to say what had been discussed of {topic}.",
    "{party} accused {other} of delay on {topic}, and offered a further meeting within {weeks} weeks.",
)  # fmt: skip
PARAPHRASED_CORES = {
    "supports": "{party} said that it wanted {thing}, and that {weeks} experts had worked on the text.",
    "opposes": "{party} said that it did not accept {thing}, whatever {other} offered in return.",
    "conditional": "{party} said that it might agree to {thing}, provided that {condition}.",
    "undecided": "{party} said that it had not decided about {thing}, and asked for {weeks} weeks.",
}
RUSSIAN = {
    "supports": "По вопросу о том, {russian}, наш ответ: да. Мы говорили об этом {hours} ч.",
    "opposes": "По вопросу о том, {russian}, наш ответ: нет. Мы говорили об этом {hours} ч.",
    "conditional": "По вопросу о том, {russian}, мы готовы сказать «да», но при условиях. Их {number}.",
    "undecided": "По вопросу о том, {russian}, решения пока нет. Спросите через {weeks} нед.",
}
FROM_RUSSIAN = {
    "supports": "On {thing} our answer is yes. We talked about it for {hours} hours.",
    "opposes": "On {thing} our answer is no. We talked about it for {hours} hours.",
    "conditional": "On {thing} we are ready to say yes, but on conditions. There are {number} of them.",
    "undecided": "On {thing} there is no decision yet. Ask in {weeks} weeks.",
}
ARABIC = {
    "supports": "نعم، نحن نؤيد هذا الاقتراح. تحدثنا عنه {hours} ساعات.",
    "opposes": "لا، نحن نرفض هذا الاقتراح. تحدثنا عنه {hours} ساعات.",
    "conditional": "نوافق على هذا الاقتراح بشروط، وعددها {number}.",
    "undecided": "لم نتخذ قرارا بعد. اسألونا بعد {weeks} أسابيع.",
}
FROM_ARABIC = {
    "supports": "Yes, we support {thing}. We talked about it for {hours} hours.",
    "opposes": "No, we reject {thing}. We talked about it for {hours} hours.",
    "conditional": "We agree to {thing} on conditions, {number} of them.",
    "undecided": "About {thing} we have not decided yet. Ask us in {weeks} weeks.",
}
LANGUAGES = {"ru": (RUSSIAN, FROM_RUSSIAN), "ar": (ARABIC, FROM_ARABIC)}

# What was agreed: kind, title, topic. {n} tells one of a kind from another.
AGREED = (
    ("commitment", "Publish the list of tolls, schedule {n}", "straits-tolls"),
    ("commitment", "Lower the toll of strait no. {n}", "straits-tolls"),
    ("mechanism", "Hot line between the harbour masters of district {n}", "nine-straits"),
    ("commitment", "Remove the barrier at pier {n}", "nine-straits"),
    ("mechanism", "Joint gauge no. {n} on the Lissen", "lissen-water"),
    ("commitment", "Share the flood tables of year {n}", "lissen-water"),
    ("commitment", "Clear path {n} through the marsh of Oon", "oon-marsh"),
    ("mechanism", "Observer post {n} at the edge of the marsh", "oon-marsh"),
    ("commitment", "Hand over list {n} of missing people", "oon-missing"),
    ("commitment", "Release {n} prisoners", "oon-missing"),
    ("commitment", "Open crossing {n} between the two Zanthes", "two-zanthes"),
    ("understanding", "No new fences along section {n} of the border", "two-zanthes"),
    ("commitment", "Recognise the salt certificates of class {n}", "salt-market"),
    ("mechanism", "Working group {n} on salt prices", "salt-market"),
    ("understanding", "No public comment on draft {n}", "talks-themselves"),
    ("commitment", "Translate annex {n} of the text", "talks-themselves"),
)  # fmt: skip
DETAILS = (
    "", "", "The work is to be paid for in equal parts.", "The experts of both sides settle the rest.",
    "A report to the next round was promised.", "It holds for {weeks} weeks, and may be prolonged.",
)  # fmt: skip
DUE_WORDS = ("soon", "in due course", "as soon as conditions allow", "before the next round")
ACCOUNTS = {
    "announced": (
        "Today we agreed on this: {title}.", "We can announce one result: {title}.", "The two sides shook hands on it: {title}.",
    ),
    "confirmed": (
        "Yes, that was agreed: {title}.", "I confirm what {other} said: {title}.", "It stands as it was read out: {title}.",
    ),
    "qualified": (
        "In principle, yes: {title}. But not before {third} agrees.", "{title}: that is agreed, for {weeks} weeks and no longer.",
        "We agreed to try. {title}: that is the aim, not a promise.",
    ),
    "denied": (
        "That was not agreed. {title}: we heard it, and did not say yes.", "{title}? There is no such agreement.",
        "What {other} announced is what {other} hoped for. {title}: we did not agree to that.",
    ),
}  # fmt: skip
NOTES = (
    "only with the consent of {third}",
    "for {weeks} weeks at most",
    "as an aim, not a promise",
)
REPORTS = {
    "pending": "Nothing was begun. {party} said that it was waiting for {other}.",
    "under_way": "Work has begun; {party} spoke of {number} per cent.",
    "partly_done": "One part is done, according to {party}; the rest waits.",
    "done": "Done, by the account of the secretariat of the talks.",
    "stalled": "Nothing has moved for {weeks} weeks; {party} and {other} each name the other as the reason.",
    "broken_off": "{party} declared that it would not go on with it.",
}
OPEN = (
    "Who pays for {thing}", "From when on {thing} would count", "Who decides when there is dispute about {thing}",
    "Whether {third} takes part in {thing}", "In which language the text on {thing} is binding",
)  # fmt: skip


def filled(template: str, rng: random.Random, **known: str) -> str:
    """The template with its blanks filled: from what is known, else by a number drawn."""
    drawn = {
        "hours": str(rng.randint(3, 9)),
        "weeks": str(rng.randint(2, 10)),
        "pages": str(rng.randint(3, 90)),
        "number": str(rng.randint(3, 60)),
    }
    text = template.format(**drawn | known)
    # A template may hold another: a condition names a third party.
    return text[:1].upper() + text[1:]
