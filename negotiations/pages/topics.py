"""Topics and questions: who said what of them, in time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.db.models import Count, F, Prefetch, Q
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from negotiations.insight.corrections import last_corrected
from negotiations.models import Action, Citation, OpenMatter, Position, Question, Statement, Topic
from negotiations.pages.actions import shown as shown_actions
from negotiations.pages.former import former_address
from negotiations.pages.lists import PER_PAGE, asks_for_demonstration, data_shown
from negotiations.pages.rendering import page, preview
from negotiations.pages.statements import shown

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


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
        "questions": Question.objects.visible(preview=drafts).filter(topic=topic),
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
    positions = (
        Position.objects.visible(preview=drafts)
        .filter(question=question)
        .select_related("party", "statement__speaker", "statement__party", "statement__meeting")
        .prefetch_related(
            Prefetch("statement__citations", queryset=Citation.objects.select_related("source"))
        )
        .order_by("party__name", F("statement__date_from").asc(nulls_last=True), "id")
    )
    context = {
        "question": question,
        "corrected": last_corrected(question),
        "positions": positions,
        "open_matters": OpenMatter.objects.visible(preview=drafts)
        .filter(question=question)
        .select_related("meeting"),
    }
    return page(request, "question", context)
