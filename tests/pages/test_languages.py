"""A page in the language that its address says: whole, by itself, and beside the others."""

from __future__ import annotations

import datetime as dt
import html
import re
from typing import TYPE_CHECKING

import pytest
from django.db import models
from django.test import Client, override_settings
from django.urls import get_script_prefix

from negotiations import languages
from negotiations.languages import dates, speaking
from negotiations.languages.names import FIELDS, KINDS
from negotiations.models import Citation, Meeting, Person, Statement, record_models
from negotiations.models.dates import VagueDate
from negotiations.models.differences import told_fields
from tests import factories, riyadh

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.django_db

MAIN = [
    "/",
    "/meetings/",
    "/meetings/riyadh-2025-02-18/",
    "/meetings/riyadh-2025-02-18/cite/",
    "/statements/",
    "/statements/?party=russia&from=2025-01&q=NATO",
    "/search/?q=nothing+like+it",
    "/search/?q=embassies",
    "/actions/",
    "/actions/tracker/",
    "/people/",
    "/people/sergey-lavrov/",
    "/parties/russia/",
    "/topics/",
    "/questions/",
    "/processes/",
    "/compare/?a=russia&b=united-states",
    "/network/",
    "/map/",
    "/changes/",
    "/data/",
    "/about/",
    "/follow/",
]
# Names of formats, licences and this site, and what is typed into the search, which speaks English.
THE_SAME = {
    *[
        "Readout",
        "UTC",
        "CC",
        "BY",
        "English",
        "CSV",
        "JSON",
        "Lines",
        "Excel",
        "SVG",
        "PNG",
        "API",
        "RIS",
        "CSL",
        "Atom",
        "BibTeX",
        "iCalendar",
    ],
    *[
        "Popolo",
        "Akoma",
        "Ntoso",
        "Chicago",
        "APA",
        "OSCOLA",
        "Wikidata",
        "testserver",
        "Creative",
        "Commons",
        "Attribution",
    ],
    *[
        "Data",
        "Package",
        "Model",
        "Context",
        "Protocol",
        "json",
        "mcp",
        "datapackage",
        "zip",
        "demonstration",
        "SHA",
    ],
    *[
        "speaker",
        "party",
        "topic",
        "meeting",
        "process",
        "publisher",
        "form",
        "verbatim",
        "paraphrase",
        "status",
        "account",
    ],
    *[
        "has",
        "source",
        "original",
        "date",
        "after",
        "before",
        "lavrov",
        "us",
        "OR",
        "NATO",
        "membership",
        "troops",
        "diplom",
    ],
    *[
        "summit",
        "Arctic",
        "Natural",
        "Earth",
        "Equal",
        "artificial",
        "barriers",
        "https",
        "http",
        "en",
        "csl",
        "bib",
        "ris",
        "statements",
        "actions",
    ],
}
APART = re.compile(r"<(script|style|textarea|head)\b.*?</\1>|<!--.*?-->", re.DOTALL)
ATTRIBUTE = re.compile(r'\b(?:aria-label|placeholder|title|alt)="([^"]*)"')
LATIN = re.compile(r"[A-Za-z][A-Za-z’'\d \-]*")


@pytest.fixture
def _riyadh() -> None:
    riyadh.load()


def body(client: Client, address: str, **headers: str) -> str:
    return client.get(address, headers=headers).content.decode()


def recorded() -> str:
    """All text that editors entered."""
    texts = [
        str(value)
        for model in (*record_models(), Citation)
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField)
        for value in model._default_manager.values_list(field.name, flat=True)
    ]
    return "\n".join(" ".join(text.split()) for text in texts)


def english_left(page: str, records: str) -> Iterator[str]:
    """English words of a page that no record holds."""
    page = APART.sub("", page)
    texts = [*re.split(r"<[^>]*>", page), *ATTRIBUTE.findall(page)]
    for text in texts:
        for words in LATIN.findall(" ".join(html.unescape(text).split())):
            rest = words.strip(" -'’")
            if rest in records or set(re.findall(r"[A-Za-z]+", rest)) <= THE_SAME:
                continue
            yield rest


# --- Whole ---


@pytest.mark.usefixtures("_riyadh")
@pytest.mark.parametrize("code", ["ru", "ar"])
@pytest.mark.parametrize("address", MAIN)
def test_no_english_is_left(client: Client, code: str, address: str) -> None:
    page = body(client, f"/{code}{address}")
    assert f'<html lang="{code}"' in page
    assert not list(english_left(page, recorded()))


@pytest.mark.usefixtures("_riyadh")
def test_what_is_english_would_be_found(client: Client) -> None:
    assert len(list(english_left(body(client, "/about/"), recorded()))) > 20


@pytest.mark.usefixtures("_riyadh")
def test_all_links_of_a_page_stay_in_its_language(client: Client) -> None:
    """Those to data, feeds and the desk lead to what is in no language."""
    for address in MAIN:
        page = APART.sub("", body(client, f"/ru{address}"))
        menu = page.index('<nav class="languages"')
        for link in re.findall(r'(?:href|action|hx-get)="(/[^"]*)"', page[:menu]):
            path = re.sub(r"[?#].*", "", link)
            plain = re.search(r"^/[a-z]/\d+$|\.[a-z]+$|/(feed|download)/$|^/(admin|api)/", path)
            assert plain or path.startswith("/ru/"), (address, link)
            assert not (plain and path.startswith("/ru/")), (address, link)


def test_words_of_records_are_known_to_the_catalogues() -> None:
    names = {str(model._meta.verbose_name) for model in record_models()}
    assert names <= set(KINDS)
    labels = {told.label for model in record_models() for told in told_fields(model)}
    assert labels <= set(FIELDS)


# --- By its address alone ---


def test_english_has_no_prefix_and_asks_nobody(client: Client) -> None:
    page = body(client, "/about/", accept_language="ru")
    assert '<html lang="en" dir="ltr">' in page
    assert "How to read a statement" in page


def test_right_to_left(client: Client) -> None:
    assert '<html lang="ar" dir="rtl">' in body(client, "/ar/")


def test_a_language_that_is_not_there(client: Client) -> None:
    assert client.get("/de/").status_code == 404
    assert client.get("/russia/").status_code == 404


@pytest.mark.parametrize(
    ("address", "leads_to"),
    [
        ("/ru", "/ru/"),
        ("/ru/api/v1/statements?limit=1", "/api/v1/statements?limit=1"),
        ("/ru/admin/", "/admin/"),
        ("/ar/statements.csv?form=verbatim", "/statements.csv?form=verbatim"),
        ("/ar/search/feed/?q=x", "/search/feed/?q=x"),
        ("/ru//example.org/x.png", "/example.org/x.png"),
    ],
)
def test_data_has_no_language(client: Client, address: str, leads_to: str) -> None:
    response = client.get(address)
    assert (response.status_code, response["Location"]) == (301, leads_to)


@override_settings(PAGE_CACHE=8)
@pytest.mark.django_db(transaction=True)
def test_kept_pages_are_not_mixed_up() -> None:
    factories.StatementFactory(words="Ours.")
    client = Client()
    for _ in range(2):
        assert '<html lang="ru"' in body(client, "/ru/statements/")
        assert '<html lang="en"' in body(client, "/statements/")
        assert '<html lang="ar"' in body(client, "/ar/statements/")


def test_a_language_ends_with_its_page(client: Client) -> None:
    body(client, "/ru/nowhere/")
    assert languages.current().code == "en"
    assert get_script_prefix() == "/"


# --- Beside the others ---


def test_the_same_page_in_other_languages(client: Client) -> None:
    page = body(client, "/ru/statements/?form=verbatim&from=2025")
    for code, prefix in (("en", ""), ("ru", "/ru"), ("ar", "/ar"), ("x-default", "")):
        href = f"{prefix}/statements/?form=verbatim&amp;from=2025"
        assert f'<link rel="alternate" hreflang="{code}" href="http://testserver{href}">' in page
    menu = page[page.index('<nav class="languages"') :]
    assert 'href="/ar/statements/?form=verbatim&amp;from=2025" lang="ar"' in menu
    assert 'href="/statements/?form=verbatim&amp;from=2025" lang="en"' in menu


def test_a_page_that_is_not_there_names_no_others(client: Client) -> None:
    response = client.get("/ru/people/nobody/")
    assert response.status_code == 404
    page = response.content.decode()
    assert "По этому адресу ничего нет" in page
    assert '<link rel="alternate" hreflang' not in page


def test_crawlers_are_kept_from_the_same_in_every_language(client: Client) -> None:
    rules = body(client, "/robots.txt").splitlines()
    for prefix in ("", "/ru", "/ar"):
        assert f"Disallow: {prefix}/search/" in rules


# --- What readers do ---


def test_search_with_its_filters(client: Client) -> None:
    statement = factories.StatementFactory(words="The bridge stays open.", form="paraphrase")
    page = body(client, "/ru/search/?q=bridge&form=paraphrase")
    assert f'href="/ru/statements/{statement.pk}/"' in page
    assert "1 запись" in page
    assert "пересказ" in page


def test_a_fragment_is_in_the_language(client: Client) -> None:
    factories.StatementFactory(words="The bridge stays open.")
    page = body(client, "/ru/statements/?q=bridge", hx_request="true", hx_target="results")
    assert "<html" not in page
    assert "1 заявление" in page
    assert 'hx-get="/ru/statements/"' in page


def test_suggestions_lead_to_pages_in_the_language(client: Client) -> None:
    person = factories.PersonFactory(name="Ada Bridge")
    page = body(client, "/ru/search/suggest/?q=bridge")
    assert f'data-url="/ru/people/{person.slug}/"' in page
    assert "человек" in page


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/ru/statements/?from=yesterday", "Начать сначала"),
        ("/ar/actions/tracker/?status=x", "ابدأ من جديد"),
        ("/ru/compare/?a=x&b=y", "Стороны «x» нет"),
    ],
)
def test_mistakes_are_told_in_the_language(client: Client, address: str, words: str) -> None:
    response = client.get(address)
    assert response.status_code == 400
    assert words in response.content.decode()


def test_a_chosen_date_can_be_sent_again(client: Client) -> None:
    """What a form holds must be what the site reads, also where dates are written otherwise."""
    page = body(client, "/ru/network/?from=2025-02&to=2025-03-05")
    assert 'value="2025-02"' in page
    assert 'value="2025-03-05"' in page
    assert 'value="March 2025"' in body(client, "/network/?to=2025-03")


# --- Words, numbers, dates ---


@pytest.mark.parametrize(
    ("number", "russian", "arabic"),
    [
        (1, "1 заявление", "تصريح واحد"),
        (2, "2 заявления", "تصريحان"),
        (5, "5 заявлений", "5 تصريحات"),
        (11, "11 заявлений", "11 تصريحًا"),
        (21, "21 заявление", "21 تصريحًا"),
        (100, "100 заявлений", "100 تصريح"),
        (1200, "1\N{NO-BREAK SPACE}200 заявлений", "1,200 تصريح"),
    ],
)
def test_numbers_take_their_forms(number: int, russian: str, arabic: str) -> None:
    for code, words in (("ru", russian), ("ar", arabic)):
        with speaking(code):
            told = languages.counted("{number} statement", "{number} statements", number)
        assert told == words


@pytest.mark.parametrize(
    ("date", "english", "russian", "arabic"),
    [
        ("2025-02-18", "18 February 2025", "18 февраля 2025 г.", "18 فبراير 2025"),
        ("2025-02", "February 2025", "февраль 2025 г.", "فبراير 2025"),
        ("2025", "2025", "2025 г.", "2025"),
        ("2025-03~", "about March 2025", "ориентировочно март 2025 г.", "نحو مارس 2025"),
    ],
)
def test_vague_dates(date: str, english: str, russian: str, arabic: str) -> None:
    for code, words in (("en", english), ("ru", russian), ("ar", arabic)):
        with speaking(code):
            assert str(VagueDate.parse(date)) == words


def test_moments_and_lists() -> None:
    with speaking("ru"):
        at = dt.datetime(2025, 5, 9, 8, 5, tzinfo=dt.UTC)
        assert dates.moment(at) == "9 мая 2025 г., 08:05"
        assert languages.listed(["а", "б", "в"]) == "а, б и в"


# --- What editors entered ---


def test_records_stay_in_their_own_language(client: Client) -> None:
    statement = factories.StatementFactory(words="We agreed.", language="en")
    page = body(client, f"/ar/statements/{statement.pk}/")
    assert 'lang="en" dir="auto"><p>We agreed.</p>' in page


@pytest.mark.parametrize(
    ("whose", "english", "russian"),
    [
        ("the Kremlin’s press office", "Translation: the Kremlin’s press office.", "Перевод: the"),
        ("", "Readout’s translation.", "Перевод Readout."),
    ],
)
def test_a_translation_says_whose_it_is(
    client: Client, whose: str, english: str, russian: str
) -> None:
    statement = factories.StatementFactory(
        words="We are ready.",
        original_words="Мы готовы.",
        original_language="ru",
        translated_by=whose,
    )
    address = f"/statements/{statement.pk}/"
    assert english in body(client, address)
    assert russian in body(client, f"/ru{address}")
    assert 'lang="ru" dir="auto"><p>Мы готовы.</p>' in body(client, address)
    data = client.get(f"/api/v1{address[:-1]}").json()
    assert (data["translated_by"] or "") == whose


def test_a_record_is_one_for_machines_in_all_languages(client: Client) -> None:
    """Data about the record, its citations and what others show of it name one address."""
    address = factories.StatementFactory().get_absolute_url()
    pages = [body(client, prefix + address) for prefix in ("", "/ru")]
    linked = [re.findall(r'<script type="application/ld\+json">.*?</script>', p) for p in pages]
    assert linked[0] == linked[1] != []
    codes = [
        re.findall(r'<textarea[^>]*id="embed-code".*?</textarea>', p, re.DOTALL) for p in pages
    ]
    assert codes[0] == codes[1] != []
    assert "/ru/" not in APART.sub("", body(client, f"/api/v1{address[:-1]}"))


@pytest.mark.usefixtures("_riyadh")
def test_every_kind_of_page_is_there_in_every_language(client: Client) -> None:
    for record in (
        Meeting.published.first(),
        Person.published.first(),
        Statement.published.first(),
    ):
        for code in ("ru", "ar"):
            assert client.get(f"/{code}{record.get_absolute_url()}v1/").status_code == 200
