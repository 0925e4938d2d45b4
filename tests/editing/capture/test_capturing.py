"""An editor captures a text: brings it, sees what was recognised, saves; and captures it anew."""

from __future__ import annotations

import html
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from negotiations.editing.capture import forms
from negotiations.editing.capture.fetching import Page
from negotiations.models import Capture, Source
from tests import factories as make
from tests.editing.capture import documents
from tests.editing.test_desk import form_of as fields_of
from tests.editing.test_desk import problems, sentences

pytestmark = pytest.mark.django_db

REPORT = (
    "Talks end\nThe sides “heard each other” on Tuesday, the minister said, and will meet again.\n"
    "They spoke for four hours in the capital.\nJane Doe for The Herald"
)


def at_desk(group: str) -> Client:
    client = Client()
    client.force_login(make.UserFactory(group=group))
    return client


@pytest.fixture
def editor() -> Client:
    return at_desk("editor")


def form_in(page: Any) -> dict[str, str]:
    """What step two would send if nothing were changed."""

    class Shown:
        def get(self, _address: str) -> Any:
            return page

    form = fields_of(Shown(), "")  # type: ignore[arg-type]
    return {name: html.unescape(value) for name, value in form.items()}


def bring(client: Client, path: str = "/admin/capture/", /, **data: Any) -> Any:
    return client.post(path, data)


def save(client: Client, page: Any, path: str = "/admin/capture/", /, **changes: Any) -> Any:
    return client.post(path, {**form_in(page), **changes})


def file(content: bytes, name: str = "report.txt", kind: str = "text/plain") -> Any:
    return SimpleUploadedFile(name, content, kind)


def test_a_pasted_report_becomes_a_draft_source(editor: Client) -> None:
    saved = save(editor, bring(editor, text=REPORT))
    source = Source.objects.get()
    assert saved.status_code == 302
    assert saved.url.endswith((f"/source/{source.pk}/change/", f"/draft/{source.pk}/"))
    assert (source.title, source.publisher, source.author) == (
        "Talks end",
        "The Herald",
        "Jane Doe",
    )
    assert (source.kind, source.language, source.status) == ("news_report", "en", "draft")
    capture = source.captures.get()
    assert (capture.text, capture.how, capture.media_type) == (REPORT, "pasted", "text/plain")
    assert source.text == REPORT
    assert capture.captured_by is not None


def test_a_copied_report_names_who_copied_it_and_from_whom(editor: Client) -> None:
    text = (
        "Mending relations: insights from the talks\n"
        "The minister called them “useful,” and eager to resume. Read Full Article at RT.com\n\n"
        "Both delegations met on Tuesday to discuss what is next.\n**A heading**\n"
        "They spoke for hours.\nSophie Wagner for TROIB News"
    )
    save(editor, bring(editor, text=text))
    source = Source.objects.get()
    assert source.title == "Mending relations: insights from the talks"
    assert (source.kind, source.language, source.date) == ("news_report", "en", None)
    assert (source.author, source.publisher) == ("Sophie Wagner", "RT.com")
    assert source.republisher == "TROIB News"


def test_line_ends_come_back_as_they_went(editor: Client) -> None:
    page = bring(editor, text="One\r\n\r\n  two\rthree & <b>four</b>\n")
    text = form_in(page)["text"].replace("\n", "\r\n")
    save(editor, page, text=text, title="T", kind="transcript", publisher="P")
    assert Source.objects.get().text == "One\n\n  two\nthree & <b>four</b>"


@pytest.mark.parametrize(
    ("upload", "media_type"),
    [
        (file(REPORT.encode()), "text/plain"),
        (file(documents.ARTICLE.encode(), "a.html", "text/html"), "text/html"),
        (file(documents.pdf("We heard each other."), "a.pdf"), "application/pdf"),
        (file(documents.word("We heard each other."), "a.docx"), "application/vnd.open"),
    ],
)
def test_a_file_is_read_by_what_it_is(editor: Client, upload: Any, media_type: str) -> None:
    upload.seek(0)
    page = bring(editor, file=upload)
    save(editor, page, title="T", kind="transcript", publisher="P")
    capture = Capture.objects.get()
    assert (capture.how, capture.came_from) == ("file", upload.name)
    assert capture.media_type.startswith(media_type)
    assert "heard each other" in capture.text
    assert "alert" not in capture.text


def test_a_web_page_is_fetched_and_its_final_address_kept(
    editor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fetched(address: str) -> Page:
        assert address == "https://herald.example/old"
        content = documents.ARTICLE.encode()
        return Page(content, "text/html", "utf-8", "https://herald.example/new")

    monkeypatch.setattr(forms, "fetch", fetched)
    save(editor, bring(editor, address="https://herald.example/old"))
    source = Source.objects.get()
    assert (source.url, source.publisher) == ("https://herald.example/new", "The Herald")
    assert str(source.date) == "18 February 2025"
    capture = source.captures.get()
    assert (capture.how, capture.came_from) == ("address", "https://herald.example/new")


def test_a_site_known_already_is_named_as_before(
    editor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.SourceFactory(url="https://herald.example/1", publisher="Herald Ltd", kind="interview")
    page = Page(documents.ARTICLE.encode(), "text/html", "", "https://herald.example/2")
    monkeypatch.setattr(forms, "fetch", lambda _: page)
    step_two = form_in(bring(editor, address="https://herald.example/2"))
    assert (step_two["publisher"], step_two["kind"]) == ("Herald Ltd", "interview")


@pytest.mark.parametrize(
    ("text", "kind", "language"),
    [
        ("Joint Statement of the Parties\n" + "They agreed on peace and trade. " * 3, "joint_statement", "en"),
        ("Readout of the call\n" + "The presidents spoke about the talks. " * 3, "official_readout", "en"),
        ("Стенограмма беседы\nПереговоры прошли успешно, сказал министр. Встреча состоится через месяц.", "transcript", "ru"),
        ("Interview mit dem Minister\n" + "Die Gespräche waren schwierig, aber gut. " * 3, "interview", "de"),
        ("Kind words", "", ""),
        ("Some words\n" + "Nothing tells what these words are or whose. " * 3, "", "en"),
    ],
)  # fmt: skip
def test_kind_and_language_are_guessed_where_something_tells(
    editor: Client, text: str, kind: str, language: str
) -> None:
    recognised = form_in(bring(editor, text=text))
    assert recognised.get("kind", "") == kind
    assert recognised["language"] == language


def test_nothing_typed_is_lost_when_step_two_fails(editor: Client) -> None:
    step_two = bring(editor, text=REPORT)
    again = save(editor, step_two, date="31 February 2025", author="Typed with care", kind="")
    assert again.status_code == 200
    assert "is not a date that can be read" in sentences(again)
    assert form_in(again)["author"] == "Typed with care"
    assert form_in(again)["text"] == REPORT
    assert not Source.objects.exists()
    assert save(editor, again, date="Feb 2025", kind="transcript").status_code == 302


def test_an_address_that_is_known_is_refused_with_what_was_typed(editor: Client) -> None:
    make.SourceFactory(url="https://herald.example/1")
    step_two = bring(editor, text=REPORT)
    again = save(editor, step_two, url="https://herald.example/1", author="Typed")
    assert "There is a source with this web address already." in sentences(again)
    assert form_in(again)["author"] == "Typed"
    assert Source.objects.count() == 1


def test_a_text_changed_on_its_way_is_refused(editor: Client) -> None:
    step_two = bring(editor, text=REPORT)
    again = save(editor, step_two, text=REPORT.replace("heard", "shot"))
    assert "This is not the text that was read" in sentences(again)
    assert "This is not the text that was read" in sentences(
        save(editor, step_two, seal="forged:seal")
    )
    assert not Source.objects.exists()


def test_the_same_text_for_a_second_source_is_pointed_out(editor: Client) -> None:
    known = make.SourceFactory(text=REPORT)
    page = sentences(bring(editor, text=REPORT))
    assert "The very same text is captured already" in page
    assert f"/admin/negotiations/source/{known.pk}/change/" in page


def test_script_in_what_is_brought_is_shown_as_text(editor: Client) -> None:
    page = bring(editor, text="Words </textarea><script>alert(1)</script> and more words").content
    assert b"<script>alert" not in page
    assert b"&lt;script&gt;alert" in page


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({}, "Paste the text, choose a file or give a web address."),
        ({"text": "a", "address": "https://e.org"}, "Bring one thing at a time"),
        ({"text": "Words\0more"}, "There are null characters in this text."),
        ({"text": "…"}, "No words were found in this."),
        ({"text": "a" * 2_000_001}, "longer than 2,000,000 characters"),
        ({"address": "nothing like it"}, "This is no web address."),
        ({"address": "http://127.0.0.1/admin/"}, "not on the public web"),
        ({"address": "http://169.254.169.254/latest/meta-data/"}, "not on the public web"),
        ({"address": "http://[::ffff:127.0.0.1]/"}, "not on the public web"),
    ],
)
def test_bad_input_gets_its_sentence_and_stores_nothing(
    editor: Client, data: dict[str, str], sentence: str
) -> None:
    page = bring(editor, **data)
    assert page.status_code == 200
    assert any(sentence in problem for problem in problems(page)), problems(page)
    assert not Source.objects.exists()


@pytest.mark.parametrize(
    ("upload", "sentence"),
    [
        (file(b""), "This is empty"),
        (file(documents.bomb(), "a.docx"), "unpacks to more than"),
        (file(documents.pdf(), "a.pdf"), "This PDF has no text"),
        (file(documents.pdf("Words", password="p"), "a.pdf"), "locked by a password"),
        (file(b"\x89PNG\r\n", "a.txt"), "This is a picture"),
        (file(b"a" * (20 * 2**20 + 1)), "larger than 20 MB"),
    ],
)
def test_a_bad_file_gets_its_sentence_and_stores_nothing(
    editor: Client, upload: Any, sentence: str
) -> None:
    upload.seek(0)
    page = bring(editor, file=upload)
    assert any(sentence in problem for problem in problems(page)), problems(page)
    assert not Source.objects.exists()


@pytest.mark.parametrize("as_file", [True, False])
def test_fifty_megabytes_are_refused_unread(as_file: bool) -> None:
    editor = Client(enforce_csrf_checks=True)  # That check must not be the one to read it.
    editor.force_login(make.UserFactory(group="editor"))
    content = "a" * (50 * 2**20)
    data = {"file": file(content.encode())} if as_file else {"text": content}
    page = bring(editor, **data)
    assert page.status_code == 413
    assert "That was too much to take in" in sentences(page)
    assert not Source.objects.exists()


def test_a_paste_beyond_what_a_form_may_carry_gets_the_same_sentence(editor: Client) -> None:
    page = bring(editor, text="я" * (6 * 2**20))
    assert page.status_code == 413
    assert "That was too much to take in" in sentences(page)


def test_what_breaks_off_on_the_way_is_told(editor: Client) -> None:
    page = editor.generic("POST", "/admin/capture/", b"half", "multipart/form-data; boundary=")
    assert page.status_code == 400
    assert "broke off on the way" in sentences(page)


def test_capturing_is_protected_from_other_sites() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make.UserFactory(group="editor"))
    assert client.post("/admin/capture/", {"text": REPORT}).status_code == 403
    assert not Source.objects.exists()


def test_capturing_is_for_those_who_may_add_sources(client: Client) -> None:
    assert client.get("/admin/capture/").status_code == 302
    client.force_login(make.UserFactory())
    assert client.get("/admin/capture/").status_code == 403


def test_the_desk_offers_it(editor: Client) -> None:
    assert 'href="/admin/capture/"' in sentences(editor.get("/admin/"))


# --- Anew ---


@pytest.fixture
def source() -> Source:
    return make.SourceFactory(text=REPORT, status="draft", url="https://herald.example/1")


def anew(source: Source) -> str:
    return f"/admin/capture/{source.pk}/"


def test_a_new_version_is_compared_before_it_is_saved(editor: Client, source: Source) -> None:
    new = REPORT.replace("four hours", "five hours")
    step_two = bring(editor, anew(source), text=new, address=source.url)
    assert "They spoke for<del> four</del> hours in the capital." in sentences(step_two)
    assert "They spoke for<ins> five</ins> hours in the capital." in sentences(step_two)
    assert "3 paragraphs the same" in sentences(step_two)
    source.refresh_from_db()
    assert source.text == REPORT
    save(editor, step_two, anew(source), why="The publisher corrected it.")
    source.refresh_from_db()
    assert source.text == new
    assert [c.number for c in source.captures.all()] == [2, 1]
    context = (
        Source.pgh_event_model.objects.filter(pgh_obj_id=source.pk).latest("pgh_id").pgh_context
    )
    assert context.metadata["note"] == "The publisher corrected it."
    assert "Version 2" in sentences(editor.get(anew(source)))


def test_a_version_captured_meanwhile_is_compared_before_anything_is_saved(
    editor: Client, source: Source
) -> None:
    mine = bring(editor, anew(source), text=REPORT.replace("four", "five"))
    save(editor, bring(editor, anew(source), text=REPORT.replace("four", "six")), anew(source))
    again = save(editor, mine, anew(source), why="Typed with care")
    assert "Version 2 was captured since you began." in sentences(again)
    assert "<del> six</del>" in sentences(again)
    assert form_in(again)["why"] == "Typed with care"
    assert source.captures.count() == 2
    assert save(editor, again, anew(source)).status_code == 302
    source.refresh_from_db()
    assert source.text == REPORT.replace("four", "five")


def test_the_same_text_again_is_not_a_new_version(editor: Client, source: Source) -> None:
    page = bring(editor, anew(source), text=REPORT)
    assert "This is the text that is there already." in sentences(page)
    assert source.captures.count() == 1


def test_what_is_quoted_and_would_be_lost_is_shown_before_and_refused_by_name(
    editor: Client, source: Source
) -> None:
    reviewer = at_desk("reviewer")
    Source.objects.filter(pk=source.pk).update(status="published")
    statement = make.StatementFactory(form="verbatim", words="heard each other", status="draft")
    make.CitationFactory(statement=statement, source=source)
    statement.status = "published"
    statement.save()
    connection.check_constraints()
    assert bring(editor, anew(source), text="Other words").status_code == 403
    step_two = bring(reviewer, anew(source), text=REPORT.replace("heard", "saw"))
    assert f"Statement {statement.pk}" in sentences(step_two)
    assert "Correct this first" in sentences(step_two)
    again = save(reviewer, step_two, anew(source), why="Typed with care")
    assert any(
        f"Statement {statement.pk}, “heard each other”: The quoted words do not occur" in problem
        for problem in problems(again)
    )
    assert form_in(again)["why"] == "Typed with care"
    source.refresh_from_db()
    assert (source.text, source.captures.count()) == (REPORT, 1)


def test_a_source_that_is_not_there_is_not_found(editor: Client) -> None:
    assert editor.get("/admin/capture/404/").status_code == 404


def test_very_different_and_very_long_texts_are_compared_in_bounds(
    editor: Client, source: Source
) -> None:
    new = "\n".join(f"Line {n}" for n in range(4_000))
    assert "Too much differs" in sentences(bring(editor, anew(source), text=new))


def test_the_form_of_a_source_shows_its_text_is_sealed(editor: Client, source: Source) -> None:
    address = f"/admin/negotiations/source/{source.pk}/change/"
    page = sentences(editor.get(address))
    assert f"{len(REPORT)} characters, version 1, captured on" in page
    assert anew(source) in page
    assert 'name="text"' not in page
    saved = editor.post(address, {**fields_of(editor, address), "text": "Altered", "title": "New"})
    assert saved.status_code == 302
    source.refresh_from_db()
    assert (source.title, source.text) == ("New", REPORT)


def test_a_source_made_in_its_form_has_no_text_yet(editor: Client) -> None:
    page = sentences(editor.get("/admin/negotiations/source/add/"))
    assert 'name="text"' not in page
    bare = make.SourceFactory(status="draft")
    assert "Capture its text" in sentences(
        editor.get(f"/admin/negotiations/source/{bare.pk}/change/")
    )


def test_versions_cost_no_more_queries_when_they_are_many(editor: Client, source: Source) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert editor.get(anew(source)).status_code == 200
        return len(asked)

    queries()  # what is asked once a session or process
    few = queries()
    for number in range(5):
        user = make.UserFactory()
        Capture.objects.create(source=source, text=f"v{number}", how="pasted", captured_by=user)
    assert queries() == few


def test_the_public_never_sees_the_text(client: Client, source: Source) -> None:
    Source.objects.update(status="published")
    page = client.get(source.get_absolute_url()).content.decode()
    assert "four hours" not in page
