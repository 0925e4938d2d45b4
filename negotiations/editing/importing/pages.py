"""The pages of import: send a table, look at what it would do, say yes."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from negotiations.editing.importing.findings import Became, Findings, Report
from negotiations.editing.importing.kinds import KEY_WORDS, KINDS, Kind
from negotiations.editing.importing.reading import MEGABYTE, Unreadable
from negotiations.editing.importing.running import run
from negotiations.editing.pages import TOOLS, Tool, at_the_desk, desk_page
from negotiations.models import ImportFile
from negotiations.models.visibility import may_preview

if TYPE_CHECKING:
    from django.http import HttpRequest

LARGEST = 20 * MEGABYTE
MOST_ROWS = 5_000  # that a page may keep an editor waiting for; the command takes any number
KEPT_FOR = dt.timedelta(days=1)
ENCODINGS = (
    ("", "find out"),
    ("utf-8", "UTF-8"),
    ("windows-1252", "Western European (windows-1252)"),
    ("windows-1250", "Central European (windows-1250)"),
    ("windows-1251", "Cyrillic (windows-1251)"),
    ("windows-1256", "Arabic (windows-1256)"),
    ("utf-16", "UTF-16"),
)

TOOLS.append(
    Tool("/admin/import/", "Import", "Tables (CSV, Excel), checked before they are written.")
)


def may_import(user: Any, kind: Kind | None = None) -> bool:
    """May this user make and change records of this kind, or of any?"""
    kinds = [kind] if kind else KINDS.values()
    return may_preview(user) and any(
        user.has_perms(
            [f"negotiations.{act}_{each.model._meta.model_name}" for act in ("add", "change")]
        )
        for each in kinds
    )


class ImportForm(forms.Form):
    """Which table, and of what."""

    kind = forms.ChoiceField(label="What each row is", choices=())
    file = forms.FileField(
        label="The table", help_text="CSV or Excel (.xlsx), with the columns below."
    )
    encoding = forms.ChoiceField(
        choices=ENCODINGS, required=False, help_text="Of a CSV file, if its letters come out wrong."
    )

    def __init__(self, user: Any, *args: Any) -> None:
        super().__init__(*args)
        self.fields["kind"].choices = [
            (kind.name, kind.words) for kind in KINDS.values() if may_import(user, kind)
        ]

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(
                f"The file has {file.size // MEGABYTE:,} MB; {LARGEST // MEGABYTE} are the most here. "
                "Cut it into several, or import it with `manage.py import_records`."
            )
        return file


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk(may_import)
def start(request: HttpRequest) -> HttpResponse:
    """The form; a table that is sent is tried at once, and shown on a page of its own."""
    if request.method != "POST":
        return _start_page(request, ImportForm(request.user))
    form = ImportForm(request.user, request.POST, request.FILES)
    if form.is_valid():
        upload, kind = form.cleaned_data["file"], KINDS[form.cleaned_data["kind"]]
        waiting = ImportFile(
            kind=kind.name,
            name=upload.name[:255],
            encoding=form.cleaned_data["encoding"],
            content=upload.read(),
            uploaded_by=request.user,
        )
        try:
            waiting.findings = _try(waiting).as_json()
        except Unreadable as error:
            form.add_error("file", str(error))
        else:
            ImportFile.objects.filter(uploaded_at__lt=timezone.now() - KEPT_FOR).delete()
            waiting.save()
            return HttpResponseRedirect(reverse("import_look", args=[waiting.pk]))
    return _start_page(request, form)


def _start_page(request: HttpRequest, form: ImportForm) -> HttpResponse:
    kinds = [kind for kind in KINDS.values() if may_import(request.user, kind)]
    context = {"title": "Import", "form": form, "kinds": kinds, "most_rows": MOST_ROWS}
    return desk_page(request, "import", context, status=422 if form.errors else 200)


def _try(waiting: ImportFile, *, write: bool = False, **options: Any) -> Findings:
    return run(
        io.BytesIO(bytes(waiting.content)),
        waiting.name,
        KINDS[waiting.kind],
        write=write,
        user=waiting.uploaded_by,
        encoding=waiting.encoding,
        most_rows=MOST_ROWS,
        **options,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk(may_import)
def look(request: HttpRequest, pk: int) -> HttpResponse:
    """What an import would do, and the buttons that do it or let it be."""
    with transaction.atomic():
        # Two clicks are one import: the second waits, and finds nothing.
        waiting = _waiting(request, pk)
        if request.method == "POST":
            return _decide(request, waiting)
    kind = KINDS[waiting.kind]
    context = {
        "title": f"Import of {waiting.name}",
        "waiting": waiting,
        "kind": kind,
        "counts": waiting.findings["counts"],
        "sorts": [
            (words, waiting.findings["counts"][became.name], waiting.findings["shown"][became.name])
            for became, words in SORTS
        ],
        "possible": not waiting.findings["counts"]["PROBLEM"]
        and (waiting.findings["counts"]["NEW"] or waiting.findings["counts"]["CHANGED"]),
    }
    return desk_page(request, "import_look", context)


SORTS = (
    (Became.PROBLEM, "Problems"),
    (Became.CHANGED, "Changed"),
    (Became.LEFT_OUT, "Left out"),
    (Became.NEW, "New"),
)


def _waiting(request: HttpRequest, pk: int) -> ImportFile:
    mine = ImportFile.objects.select_related("uploaded_by").filter(uploaded_by=request.user.pk)
    if request.method == "POST":
        mine = mine.select_for_update(of=("self",))
    waiting = get_object_or_404(mine, pk=pk)
    if not may_import(request.user, KINDS[waiting.kind]):
        raise Http404
    return waiting


def _decide(request: HttpRequest, waiting: ImportFile) -> HttpResponse:
    if "import" not in request.POST:
        waiting.delete()
        messages.info(request, f"Not imported: {waiting.name}.")
        return HttpResponseRedirect(reverse("import"))
    seen = waiting.findings["fingerprint"]
    found = _try(waiting, write=True, expected=seen)
    if found.problems or found.fingerprint != seen:
        waiting.findings = found.as_json()
        waiting.save(update_fields=["findings"])
        messages.warning(
            request,
            "Records changed since you looked. Nothing was imported; this is what would happen now.",
        )
        return HttpResponseRedirect(reverse("import_look", args=[waiting.pk]))
    waiting.delete()
    new, changed = found.number(Became.NEW), found.number(Became.CHANGED)
    messages.success(
        request, f"Imported {waiting.name}: {new:,} new, {changed:,} changed. All of it is draft."
    )
    kind = KINDS[waiting.kind].model._meta.model_name
    return HttpResponseRedirect(reverse(f"admin:negotiations_{kind}_changelist"))


@require_GET
@at_the_desk(may_import)
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """What would become of each row, as CSV, as things stand now."""
    waiting = _waiting(request, pk)
    text = io.StringIO()
    _try(waiting, findings=Findings(report=Report(text)))
    return _csv(text.getvalue(), f"import-{pk}-report.csv")


@require_GET
@at_the_desk(may_import)
def columns(request: HttpRequest, name: str) -> HttpResponse:
    """The columns of a kind: name, what, example."""
    kind = _kind(name)
    context = {"title": f"Columns: {kind.words_plural}", "kind": kind, "key_words": KEY_WORDS}
    return desk_page(request, "import_columns", context)


@require_GET
@at_the_desk(may_import)
def template(request: HttpRequest, name: str) -> HttpResponse:
    """An empty table of a kind, to be filled."""
    text = io.StringIO()
    csv.writer(text).writerow(_kind(name).header)
    return _csv(text.getvalue(), f"{name}.csv")


def _kind(name: str) -> Kind:
    if name not in KINDS:
        raise Http404
    return KINDS[name]


def _csv(text: str, name: str) -> HttpResponse:
    """With the mark by which spreadsheet programs know UTF-8."""
    return HttpResponse(
        text.encode("utf-8-sig"),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
