"""Cards in frames of other sites, and oEmbed (https://oembed.com), by which these find them.

The cards are the only pages that may stand in a frame. They run no script and set no cookie.
"""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils.csp import CSP
from django.utils.html import format_html
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from negotiations.exchange.standards.beside import LARGEST, beside
from negotiations.exchange.standards.cards import with_source
from negotiations.exchange.standards.linked import summary
from negotiations.insight.corroboration import with_verdict
from negotiations.insight.readouts import matrix
from negotiations.models import Action, FormerSlug, Meeting, Record, Statement

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

POLICY: dict[str, list[str]] = {
    "default-src": [CSP.NONE],
    "style-src": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.NONE],
    "frame-ancestors": ["*"],
}
MOST_ACTIONS = 20  # of a meeting; the others are a click away
WIDTH = 600
HEIGHTS: dict[type[Record], int] = {Statement: 300, Action: 360, Meeting: 480}
IN_A_LINE, LINE, HIGHEST = 52, 29, 700  # of a statement’s words
# Of the addresses of pages, and of the short ones.
CARDED: dict[str, type[Record]] = {"statement": Statement, "action": Action, "meeting": Meeting}
LETTERS: dict[str, type[Record]] = {"s": Statement, "a": Action, "m": Meeting}
CARD_SIZE = (1200, 630)
KEPT = 3600  # seconds for which others may keep an answer


def framable(view: Callable[..., Any]) -> Callable[..., Any]:
    """For a card: any site may show it in a frame; search engines are sent to the page itself."""

    @require_safe
    @csp_override(POLICY)
    @xframe_options_exempt
    @wraps(view)
    def answer(request: HttpRequest, **which: Any) -> Any:
        response = view(request, **which)
        response["X-Robots-Tag"] = "noindex"
        return response

    return answer


def _card(request: HttpRequest, record: Record, context: dict[str, Any]) -> HttpResponse:
    name = str(record._meta.model_name)
    page = request.build_absolute_uri(record.get_absolute_url())
    common = {"page": page, "title": summary(record)[0], name: record}
    common["demonstration"] = record.is_demonstration
    return render(request, f"embed/{name}.html", {**common, **context})


@framable
@beside(Statement, with_source)
def statement(request: HttpRequest, said: Any) -> HttpResponse:
    """A statement with who said it, when, and by which source."""
    return _card(request, said, {"citations": said.citations.all()})


@framable
@beside(Action, lambda actions: with_verdict(actions).select_related("meeting__process"))
def action(request: HttpRequest, action: Action) -> HttpResponse:
    """An action with what each side says of it."""
    return _card(request, action, {"told": matrix(action.meeting, [action])})


@framable
@beside(Meeting, lambda meetings: meetings.select_related("process"))
def meeting(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """What was agreed at a meeting, and by whose account."""
    public = with_verdict(Action.published.filter(meeting=meeting)).order_by("pk")
    actions = list(public[: MOST_ACTIONS + 1])
    told = matrix(meeting, actions[:MOST_ACTIONS])
    return _card(request, meeting, {"told": told, "more": len(actions) > MOST_ACTIONS})


# --- oEmbed ---


@require_safe
def oembed(request: HttpRequest) -> HttpResponse:
    """How another site shows the page of a `url`: as the spec's "rich", a frame with the card in it."""
    try:
        size = [_size(request, name) for name in ("maxwidth", "maxheight")]
    except ValueError as error:
        return _refused(400, str(error))
    if request.GET.get("format", "json") != "json":
        return _refused(501, "Only format=json is spoken here.")
    if not (url := request.GET.get("url")):
        return _refused(400, "Give the address of a page of this site as “url”.")
    if not (record := _record(url, request.get_host())):
        return _refused(
            404, "There is no statement, action or meeting of this site at that address."
        )
    response = JsonResponse(_embedded(request, record, *size))
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _refused(status: int, sentence: str) -> HttpResponse:
    response = HttpResponse(
        f"{sentence}\n", status=status, content_type="text/plain; charset=utf-8"
    )
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _size(request: HttpRequest, name: str) -> int | None:
    value = request.GET.get(name)
    if value is None:
        return None
    if not (value.isascii() and value.isdigit() and int(value[:6]) > 0 and len(value) < 7):
        raise ValueError(f"“{name}” is a number of pixels, such as 600.")
    return int(value)


def _record(url: str, host: str) -> Record | None:
    """The public record whose page has this address, by whatever of its addresses."""
    try:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or parts.netloc.lower() != host.lower():
            return None
        found = resolve(parts.path)
    except (ValueError, Resolver404):
        return None
    which = dict(found.kwargs)
    if found.url_name == "short":
        model = LETTERS.get(which.pop("letter"))
    else:
        model = CARDED.get(found.url_name or "")
    if not model or which.get("pk", 0) > LARGEST:
        return None
    records: Any = model.published.all()
    if record := records.filter(**which).first():
        return record
    if "slug" not in which:
        return None
    former = FormerSlug.objects.filter(kind=found.url_name, slug=which["slug"])
    return records.filter(pk__in=former.values("record_id")).first()


def _embedded(
    request: HttpRequest, record: Record, most_wide: int | None, most_high: int | None
) -> dict[str, Any]:
    base = request.build_absolute_uri("/").rstrip("/")
    width = min(WIDTH, most_wide or WIDTH)
    height = min(height_of(record), most_high or HIGHEST)
    title, _description = summary(record)
    answer = {
        "type": "rich",
        "version": "1.0",
        "title": title,
        "provider_name": "Readout",
        "provider_url": f"{base}/",
        "cache_age": KEPT,
        "html": frame(record, base, width, height),
        "width": width,
        "height": height,
    }
    if isinstance(record, Statement):
        answer |= {
            "author_name": str(record.who),
            "author_url": base + record.who.get_absolute_url(),
        }
    wide, high = CARD_SIZE
    if wide <= (most_wide or wide) and high <= (
        most_high or high
    ):  # the spec: it respects them, too
        picture = f"{base}{record.get_absolute_url().rstrip('/')}.card.png"
        answer |= {"thumbnail_url": picture, "thumbnail_width": wide, "thumbnail_height": high}
    return answer


def height_of(record: Record) -> int:
    """So many pixels that most cards need not be scrolled: a frame without a script can't grow."""
    lines = len(record.words) // IN_A_LINE if isinstance(record, Statement) else 0
    return min(HEIGHTS[type(record)] + LINE * lines, HIGHEST)


def frame(record: Record, base: str, width: int = WIDTH, height: int | None = None) -> str:
    """The HTML that puts a record's card on another site's page."""
    return format_html(
        '<iframe src="{}/embed{}" title="{}" width="{}" height="{}" loading="lazy" '
        'sandbox="allow-popups allow-popups-to-escape-sandbox" '
        'style="border: 0; max-width: 100%"></iframe>',
        base,
        record.get_absolute_url(),
        summary(record)[0],
        width,
        height or height_of(record),
    )
