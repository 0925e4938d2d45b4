"""The whole report on the Riyadh talks, entered from nothing in at most 120 interactions."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import Permission
from django.db import OperationalError
from django.test import Client, override_settings
from playwright.sync_api import expect

from negotiations.editing.drafting.forms import DraftForm
from negotiations.models import (
    Account,
    Action,
    Appointment,
    Delegate,
    Meeting,
    OpenMatter,
    Person,
    Position,
    Process,
    SectionTopic,
    Source,
    Statement,
    User,
    Workplace,
    record_models,
)
from negotiations.models.quotations import failures
from negotiations.models.sources import passage_places
from tests import factories
from tests.editing.drafting.conftest import TEXT
from tests.sample.test_riyadh import DATA, REPORT, has_report

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page
    from pytest_django.live_server_helper import LiveServer

pytestmark = pytest.mark.django_db(transaction=True)

LIMIT = 120


class Hands:
    """An editor's hands: each click, each field filled and each key that acts counts as one."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def _settled(self) -> None:
        busy = ".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added"
        expect(self.page.locator(busy)).to_have_count(0)

    def open(self, address: str) -> None:
        self.count += 1
        self.page.goto(address)

    def click(self, what: Locator) -> None:
        self.count += 1
        what.click()
        self._settled()

    def press(self, keys: str) -> None:
        self.count += 1
        self.page.keyboard.press(keys)
        self._settled()

    def fill(self, label: str, words: str) -> None:
        self.count += 1
        self._field(label).fill(words)

    def choose(self, label: str, option: str) -> None:
        self.count += 1
        self._field(label).select_option(label=option)

    def _field(self, label: str) -> Locator:
        fields = self.page.locator("input, select, textarea")
        return fields.and_(self.page.get_by_label(label, exact=True))

    def mark(self, words: str) -> None:
        """Select these words of the captured text with the mouse: one drag."""
        self.count += 1
        piece = self.page.locator("#captured .piece", has_text=words).first
        piece.scroll_into_view_if_needed()
        box = piece.evaluate(
            """(piece, words) => {
                const node = piece.firstChild, at = node.data.indexOf(words), range = new Range();
                range.setStart(node, at); range.setEnd(node, at + words.length);
                const {left, right, top, bottom} = range.getBoundingClientRect();
                return {left, right, y: (top + bottom) / 2};
            }""",
            words,
        )
        self.page.mouse.move(box["left"] + 0.5, box["y"])
        self.page.mouse.down()
        self.page.mouse.move(box["right"] - 0.5, box["y"], steps=4)
        self.page.mouse.up()


class Desk:
    """The desk page, as this story uses it."""

    def __init__(self, hands: Hands) -> None:
        self.hands, self.page = hands, hands.page

    def at(self, passage: str) -> None:
        """Check that the work has come to this passage: its form is open."""
        quoted = self.page.locator(".draft-form .passage").inner_text()
        assert passage in quoted, f"expected the form for {passage!r}, found {quoted!r}"

    def suggestion(self, kind: str, words: str) -> Locator:
        """The suggestion in the list, by its kind and words."""
        items = self.page.locator("#offers ol > li").filter(
            has=self.page.locator(".kind", has_text=re.compile(f"^{kind}$"))
        )
        return items.filter(has_text=words).first

    def sentence(self, words: str) -> Locator:
        return self.page.locator("#captured .sentence").filter(has_text=words).first

    def save(self, *fields: tuple[str, str], keys: str = "Control+Enter") -> None:
        expect(self.page.locator(".draft-form")).to_be_visible()
        for label, words in fields:
            self.hands.fill(label, words)
        self.hands.press(keys)
        assert not self.page.locator(".draft-form [role=alert]").count(), self.page.locator(
            ".draft-form"
        ).inner_text()

    def save_with_quotations(self, *fields: tuple[str, str]) -> None:
        self.save(*fields, keys="Control+Shift+Enter")


@pytest.fixture
def hands(live_server: LiveServer, page: Page) -> Hands:
    user = User.objects.create_user("editor", is_staff=True)
    # The groups went with the first test that emptied the tables; an editor's rights are these.
    rights = Permission.objects.filter(content_type__app_label="negotiations")
    user.user_permissions.set(rights.exclude(codename="publish_records"))
    client = Client()
    client.force_login(user)
    session = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page.set_default_timeout(20_000)
    page.errors = []
    page.on(
        "console",
        lambda message: page.errors.append(message.text) if message.type == "error" else 0,
    )
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    return Hands(page)


def paraphrases() -> dict[str, str]:
    """The own-words sentences of the sample, by its keys: what an editor would type."""
    return {each["key"]: each["words"] for each in tomllib.loads(DATA.read_text())["statement"]}


@has_report
def test_the_riyadh_report_is_entered_from_nothing(hands: Hands, live_server: LiveServer) -> None:
    assert not any(model.objects.exists() for model in record_models())
    report, own = REPORT.read_text("utf-8"), paraphrases()
    desk, page = Desk(hands), hands.page

    # The text is captured.
    hands.open(f"{live_server.url}/admin/capture/")
    hands.fill("Paste the text:", report)
    hands.click(page.get_by_role("button", name="Continue"))
    hands.fill("Publisher:", "RT")
    hands.click(page.get_by_role("button", name="Save as a draft"))
    expect(page.locator(".draft-form")).to_be_visible()
    source = Source.objects.get()

    # The meeting, with its process and parties, once for this source.
    hands.open(f"{live_server.url}/admin/draft/{source.pk}/")
    desk.save(
        ("Meeting", "Russia–US talks in Riyadh"),
        ("Process", "Russia–US normalisation talks, 2025"),
        ("Parties of the process", "Russia; United States (US)"),
        ("Date", "18 February 2025"),
        ("Place", "Riyadh, Saudi Arabia"),
        ("How long", "about 4.5 hours"),
    )
    # Each section gets a topic: here, the headings' own words.
    hands.press("t")
    desk.save()
    assert SectionTopic.objects.count() == 9

    # People first. Tammy Bruce, so that the State Department is known; her words come right after.
    hands.click(desk.suggestion("Person", "Tammy Bruce").locator("[data-key=E]"))
    desk.save()
    desk.at("State Department Spokesperson Tammy Bruce")
    desk.save_with_quotations(
        ("Words", own["more-needed"]), ("It leaves open", "A lasting peace in Ukraine")
    )
    hands.click(desk.suggestion("Person", "Vladimir Putin").locator("[data-key=Y]"))
    hands.press("e")
    desk.save(("Office", "President"))
    desk.save(("Which meeting", "Summit of Vladimir Putin and Donald Trump"))
    # Both delegations, each with one key.
    hands.press("Shift+Y")
    hands.press("Shift+Y")

    # Then the text from top to bottom: own words where they are needed, a key for the rest.
    desk.at("Lavrov noted that the dialogues were fruitful")
    desk.save_with_quotations(("Words", own["fruitful"]))
    desk.at("He highlighted that one of the initial agreements")
    missions = "Resolve the situation of the diplomatic missions"
    desk.save(("Words", own["missions"]), ("It tells of the action", missions))
    desk.at("Furthermore, both countries committed")
    desk.save_with_quotations(
        ("What is to happen", "Appoint ambassadors to each other’s countries"),
        ("What they say of it", own["ambassadors"]),
    )
    desk.at("The deputy heads")
    desk.save(
        ("Which meeting", "Meeting of the deputy heads of the foreign ministries"),
        (
            "What was agreed",
            "The deputy heads of the foreign ministries meet on what is unresolved",
        ),
        ("What they say of it", own["deputies"]),
        ("It leaves open", "Confiscated Russian property; Restrictions on bank transactions"),
    )
    hands.press("y")  # “not only listened, but also heard each other”
    desk.at("He indicated that the US has begun")
    desk.save(("Words", own["understands"]))
    desk.at("He acknowledged that this does not eliminate")
    desk.save(
        ("Words", own["conflicts-remain"]),
        ("It leaves open", "Where the two countries’ interests conflict"),
    )
    desk.at("He noted that both sides are interested")
    desk.save_with_quotations(("Words", own["resume"]))
    desk.at("The Russian delegation reiterated")
    desk.save(("Words", own["nato-threat"]), ("It shows a position on", "May Ukraine join NATO?"))
    desk.at("Lavrov stated, following the press conference")
    desk.save(
        ("Words", own["troops"]),
        ("It shows a position on", "May NATO troops deploy in Ukraine, under whatever flag?"),
    )
    desk.at("He also expressed gratitude")
    desk.save(("Words", own["thanks-trump"]))
    desk.at("Yury Ushakov, a presidential aide, noted")
    desk.save(
        ("Words", own["converged"]),
        ("It shows a position on", "Have the positions of Russia and the United States converged?"),
        ("It leaves open", "Whether the positions converge"),
    )
    desk.at("However, he acknowledged that Russia and the US")
    desk.save_with_quotations(
        ("Words", own["interests-agreed"]),
        ("It tells of the action", "Take each other’s interests into account"),
    )
    desk.at("Ushakov indicated that although both nations")
    desk.save_with_quotations(("Words", own["outlined"]))
    hands.press("Alt+D")  # that progress depends on teams is no open matter
    hands.press("y")  # “The Americans should appoint …”
    desk.at("Kirill Dmitriev, the RDIF chief")
    desk.save_with_quotations(("Words", own["equals"]))
    desk.at("Although he expressed it was premature")
    desk.save(("Words", own["compromises"]), ("It leaves open", "Compromises"))
    hands.press("y")  # “We need to pursue joint projects …”
    desk.at("Following the discussions on Tuesday")
    desk.save_with_quotations(
        ("Words", own["no-date"]),
        ("It shows a position on", "When is the Putin–Trump summit held?"),
        ("It leaves open", "The date of the summit"),
    )
    hands.press("Alt+D")  # the summit is a planned meeting already
    desk.at("After the meetings")
    mechanism = "Set up a consultation mechanism for matters between the two countries"
    desk.save_with_quotations(
        ("Words", own["mechanism-purpose"]), ("It tells of the action", mechanism)
    )
    desk.at("Rubio confirmed that Russia and the US")
    staff = "Restore the former number of diplomats at the embassies"
    desk.save(("Words", own["staff"]), ("It tells of the action", staff))
    desk.at("He added that both countries would need")
    later = "Consider geopolitical and economic cooperation after the conflict"
    desk.save(("Words", own["after-the-conflict"]), ("It tells of the action", later))
    desk.at("Additionally, Washington declared")
    teams = "Appoint high-level teams to seek a settlement in Ukraine"
    desk.save(("Words", own["high-level-teams"]), ("It tells of the action", teams))

    # The first quotation of all was left, while Lavrov was not known yet.
    hands.click(desk.suggestion("Statement", "both parties eager").locator("[data-key=E]"))
    desk.save_with_quotations(("Words", own["eager"]))

    # What the other side says of the same actions.
    for action, sentence, stance, *note in (
        (missions, "After the meetings, the US State Department", "confirmed"),
        (later, "He noted that both sides are interested", "qualified", "Not of a time after it."),
        (teams, "The Americans should appoint their representatives", "qualified", "“Probably”."),
    ):
        hands.click(desk.sentence(sentence))
        drafted = page.locator(".drafted > ol > li").filter(has_text=action)
        hands.click(drafted.get_by_role("button", name="Another account"))
        hands.choose("They have", stance)
        desk.save(*(("Note", words) for words in note))

    print(f"\nThe Riyadh report: {hands.count} interactions, of {LIMIT} at most.")
    assert page.errors == []
    all_is_drafted(report)
    assert hands.count <= LIMIT
    a_reviewer_publishes_it_in_one_act()


LAVROV, USHAKOV, DMITRIEV = "Sergey Lavrov", "Yury Ushakov", "Kirill Dmitriev"
QUOTATIONS = {
    "useful": LAVROV,
    "quite successfully": LAVROV,
    "artificial barriers": LAVROV,
    "not only listened, but also heard each other": LAVROV,
    "determination": LAVROV,
    "move forward": LAVROV,
    "take each other’s interests into account": USHAKOV,
    "teams of negotiators": USHAKOV,
    "in due course": USHAKOV,
    "The Americans should appoint their representatives": USHAKOV,
    "with respect": DMITRIEV,
    "We need to pursue joint projects": DMITRIEV,
    "unlikely": USHAKOV,
    "consultation mechanism": "",
    "one phone call followed by one meeting": "Tammy Bruce",
    "important step forward": "Tammy Bruce",
}


def a_reviewer_publishes_it_in_one_act() -> None:
    """Somebody who wrote none of it, at the meeting's checklist, with four eyes asked for."""
    reviewer = User.objects.create_user("reviewer", is_staff=True)
    rights = Permission.objects.filter(content_type__app_label="negotiations")
    reviewer.user_permissions.set(rights)
    client = Client()
    client.force_login(reviewer)
    meeting = Meeting.objects.get(state="held")
    checklist = f"/admin/review/meeting/{meeting.pk}/"
    with override_settings(FOUR_EYES=True):
        html = client.get(checklist).content.decode()
        seal = re.search(r'name="seal" value="([^"]*)"', html)
        client.post(checklist, {"seal": seal[1], "publish": "1"})
    # What waits are people who are only named, with their offices, and meetings yet to come.
    for model in record_models():
        waiting = model.objects.exclude(status="published")
        assert model in (Person, Appointment, Meeting) or not waiting.exists(), model
    assert {each.name for each in Person.objects.exclude(status="published")} == {
        "Vladimir Putin",
        "Donald Trump",
    }
    assert list(failures()) == []
    assert Client().get(meeting.get_absolute_url()).status_code == 200


def all_is_drafted(report: str) -> None:
    """Every fact of the report is a draft, and every quotation stands where it says."""
    quoted = re.findall(r"“([^”]*)”", report)
    verbatim = list(Statement.objects.filter(form="verbatim"))
    for words in quoted:
        assert any(words.rstrip(",.") in each.words for each in verbatim), words
    assert len(quoted) == len(QUOTATIONS)
    for words, speaker in QUOTATIONS.items():
        statement = next(each for each in verbatim if each.words.startswith(words))
        assert str(statement.speaker or "") == speaker
        assert passage_places(statement.words, report)
        assert passage_places(statement.citations.get().passage, report)
    mechanism = Statement.objects.get(words="consultation mechanism")
    assert mechanism.party.name == "State Department"
    assert mechanism.party.part_of.name == "United States"

    meeting = Meeting.objects.get(state="held")
    assert str(meeting.date) == "18 February 2025"
    assert meeting.get_duration_display() == "about 4½ hours"
    assert {party.name for party in Process.objects.get().parties.all()} == {
        "Russia",
        "United States",
    }
    seats = Delegate.objects.values_list("person__name", "delegation__party__name")
    assert dict(seats) == {
        LAVROV: "Russia",
        USHAKOV: "Russia",
        DMITRIEV: "Russia",
        "Marco Rubio": "United States",
        "Mike Waltz": "United States",
        "Steve Witkoff": "United States",
    }
    assert Person.objects.count() == Appointment.objects.count() == 9
    assert Appointment.objects.filter(party__name="Russian Direct Investment Fund").count() == 1
    assert str(Appointment.objects.get(person__name="Donald Trump").attested) == "18 February 2025"

    assert Statement.objects.filter(form="paraphrase").count() >= 20
    assert Action.objects.count() == 8
    accounts = Account.objects.values_list("action__title", "party__name", "stance")
    assert len(accounts) == 11
    assert sum(stance == "qualified" for *_, stance in accounts) == 2
    assert Action.objects.filter(accounts=None).count() == 0
    assert OpenMatter.objects.count() == 7
    assert OpenMatter.objects.filter(statement=None).count() == 0
    stances = Position.objects.values_list("question__text", "stance")
    assert sorted(stance for _, stance in stances) == ["opposes"] * 2 + ["undecided"] * 2
    assert Meeting.objects.filter(state="planned", follows=meeting).count() == 2
    for model in record_models():
        assert not model.objects.exclude(status="draft").exists(), model


def test_a_passage_is_chosen_by_keyboard_alone(hands: Hands, live_server: LiveServer) -> None:
    text = "Title line\nOne is said here. Two is said here. Three is said here.\nFour 🕊 is said."
    source = factories.SourceFactory(text=text, status="draft")
    page = hands.page
    page.goto(f"{live_server.url}/admin/draft/{source.pk}/?at=0")
    page.locator("#s-1").click()
    hands.press("j")
    hands.press("Shift+ArrowDown")
    hands.press("s")
    quoted: Any = page.locator(".draft-form .passage").inner_text()
    assert quoted == "Two is said here. Three is said here."
    assert page.evaluate("document.activeElement.name") == "words"
    hands.press("Escape")
    assert page.evaluate("document.activeElement.classList.contains('sentence')")
    # Offsets count code points, also behind a character of two UTF-16 units.
    hands.mark("is said.")
    hands.press("s")
    assert page.locator(".draft-form .passage").inner_text() == "is said."
    assert page.errors == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_fits_and_can_be_read_by_all(
    hands: Hands, live_server: LiveServer, scheme: Any, width: int
) -> None:
    source = factories.SourceFactory(text=TEXT, status="draft")
    page = hands.page
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 800})
    address = f"{live_server.url}/admin/draft/{source.pk}/"
    page.goto(f"{address}?kind=statement&start=100&end=110")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page, context="#panes").response["violations"]
    assert [(each["id"], each["nodes"][0]["html"][:150]) for each in found] == []


def test_typed_words_are_not_lost_by_opening_another_form(
    hands: Hands, live_server: LiveServer
) -> None:
    source = factories.SourceFactory(text=TEXT, status="draft")
    page = hands.page
    page.goto(f"{live_server.url}/admin/draft/{source.pk}/?at=0&kind=statement&start=100&end=110")
    hands.fill("Words", "My own words.")
    asked: list[str] = []
    page.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    page.locator("#s-1").click()
    hands.press("s")
    assert "not saved" in asked[0]
    assert page.get_by_label("Words", exact=True).input_value() == "My own words."


def test_typed_words_survive_a_log_out_and_a_server_that_is_away(
    hands: Hands, live_server: LiveServer
) -> None:
    source = factories.SourceFactory(text=TEXT, status="draft")
    Workplace.objects.create(
        editor=User.objects.get(), source=source, meeting=factories.MeetingFactory()
    )
    factories.PartyFactory(name="Russia")
    page = hands.page
    page.goto(f"{live_server.url}/admin/draft/{source.pk}/?at=0")
    page.locator("#s-2").click()
    hands.press("s")
    hands.fill("Words", "My own words.")
    hands.fill("For which party", "Russia")
    with patch.object(DraftForm, "is_valid", side_effect=OperationalError("away")):
        hands.press("Control+Enter")
        expect(page.locator("#told")).to_contain_text("The server did not answer")
    expect(page.get_by_label("Words", exact=True)).to_have_value("My own words.")
    cookies = page.context.cookies()
    page.context.clear_cookies(name="sessionid")
    hands.press("Control+Enter")
    expect(page.locator("#told")).to_contain_text("You were logged out")
    expect(page.get_by_label("Words", exact=True)).to_have_value("My own words.")
    page.context.add_cookies(cookies)  # logged in again, in another window
    hands.click(page.get_by_role("link", name="Log in again"))
    hands.click(page.get_by_role("button", name="Bring back what you typed"))
    expect(page.get_by_label("Words", exact=True)).to_have_value("My own words.")
    hands.press("Control+Enter")
    expect(page.locator("#drafted-title")).to_contain_text("1")
    statement = Statement.objects.get()
    assert (statement.words, str(statement.party)) == ("My own words.", "Russia")
