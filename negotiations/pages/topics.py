"""Topics and questions: who said what of them, in time."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Count, F, Q
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from negotiations.insight import by_time
from negotiations.insight.by_time import Asked
from negotiations.insight.corrections import last_corrected
from negotiations.insight.positions import QUESTIONS, lines, questions_under, stands
from negotiations.models import Action, OpenMatter, Position, Question, Statement, Topic
from negotiations.pages.actions import shown as shown_actions
from negotiations.pages.former import former_address
from negotiations.pages.lists import PER_PAGE, asks_for_demonstration, data_shown
from negotiations.pages.rendering import page, preview
from negotiations.pages.statements import shown

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from negotiations.insight.positions import Line


@require_safe
def topic_list(request: HttpRequest) -> HttpResponse:
    """The tree of topics."""
    demonstration = asks_for_demonstration(request)
    topics = Topic.published.demonstrating(demonstration).annotate(
        statement_count=Count("statements", filter=Q(statements__status="published"), distinct=True)
    )
    under: dict[int | None, list[Topic]] = {}
    for topic in topics.order_by("position", "name"):
        under.setdefault(topic.parent_id, []).append(topic)
    return page(request, "topics", {"topics": _tree(under, None, 0), **data_shown(demonstration)})


def _tree(
    under: dict[int | None, list[Topic]], parent: int | None, depth: int
) -> list[tuple[Topic, int]]:
    return [
        row
        for topic in under.get(parent, [])
        for row in [(topic, depth), *_tree(under, topic.pk, depth + 1)]
    ]


@require_safe
@former_address(Topic)
def topic_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One topic: its questions, what was said, agreed and left open."""
    drafts = preview(request)
    topic = get_object_or_404(
        Topic.objects.visible(preview=drafts).select_related("parent"), slug=slug
    )
    said = Statement.objects.visible(preview=drafts).filter(topics=topic)
    actions = Action.objects.visible(preview=drafts).filter(topics=topic)
    context = {
        "topic": topic,
        "corrected": last_corrected(topic),
        "children": Topic.objects.visible(preview=drafts).filter(parent=topic),
        "stands": stands(questions_under(topic, drafts=drafts), drafts=drafts),
        "most_questions": QUESTIONS,
        "actions": shown_actions(actions, drafts=drafts).order_by("-meeting__date_from", "id")[
            :PER_PAGE
        ],
        "open_matters": OpenMatter.objects.visible(preview=drafts)
        .filter(topic=topic)
        .select_related("meeting")[:PER_PAGE],
        "page_obj": Paginator(
            shown(said, drafts=drafts).order_by(F("date_from").asc(nulls_last=True), "id"), PER_PAGE
        ).get_page(request.GET.get("page")),
    }
    return page(request, "topic", context)


@require_safe
def question_list(request: HttpRequest) -> HttpResponse:
    """The questions in dispute."""
    demonstration = asks_for_demonstration(request)
    questions = (
        Question.published.demonstrating(demonstration)
        .select_related("topic")
        .annotate(
            position_count=Count(
                "positions", filter=Q(positions__status="published"), distinct=True
            )
        )
    )
    questions = questions.order_by("text")
    page_obj = Paginator(questions, 100).get_page(request.GET.get("page"))
    return page(request, "questions", {"page_obj": page_obj, **data_shown(demonstration)})


@require_safe
@former_address(Question)
def question_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One question: what each party wanted when, with the words that show it."""
    drafts = preview(request)
    questions = Question.objects.visible(preview=drafts).select_related("topic")
    question = get_object_or_404(questions, slug=slug)
    refusal = ""
    try:
        asked = Asked.from_address(request.GET)
    except ValueError as error:
        asked, refusal = Asked(), str(error)
    told = lines(question, drafts=drafts)
    said = by_time.positions(question, asked, drafts=drafts).select_related(
        "party", "statement__speaker", "statement__party", "statement__meeting"
    )
    page_obj = Paginator(said, PER_PAGE).get_page(request.GET.get("page"))
    is_listed = not asked.is_all or bool(refusal) or page_obj.paginator.count > _shown(told)
    context = {
        "question": question,
        "corrected": last_corrected(question),
        "lines": told,
        "table": by_time.time_table(question, drafts=drafts),
        "sides": [line.side for line in told],
        "compare": urlencode(dict(zip("ab", (line.side.slug for line in told), strict=False))),
        "when": request.GET.get("when", "")[:100],
        "asked": asked,
        "refusal": refusal,
        "page_obj": page_obj,
        # A list of what the lines show already would say it twice.
        "is_listed": is_listed,
        "own": not is_listed,
        "stances": Position.Stance.choices,
        "open_matters": OpenMatter.objects.visible(preview=drafts)
        .filter(question=question)
        .select_related("meeting"),
    }
    return page(request, "question", context, "statements", 400 if refusal else 200)


def _shown(told: list[Line]) -> int:
    return len(
        {
            position.pk
            for line in told
            for held in (*line.held, *line.apart)
            for position in (held.first, held.last, *held.several)
        }
    )
