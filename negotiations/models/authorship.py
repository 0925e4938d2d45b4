"""Four eyes: who made a record and who changed it last, and so who may not publish it.

The rule is here and not in the database. Who is at the keyboard, and whether this site asks for
four eyes, the database could know only from us, told anew in each transaction: a trigger would
believe whatever it was told, and let pass what comes from nobody, as raw SQL and commands do. What it
can know by itself, it keeps: the history by which this is judged, and that nothing becomes public
with an open note. All publishing goes through `visibility.publish_all`, which asks here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from negotiations.models.records import Record
    from negotiations.models.users import User


class Authorship(NamedTuple):
    """Who made a record, who last changed its words, and since when it waits for review.

    A person is the number of an account; None is a command or the database itself.
    """

    maker: int | None
    changer: int | None
    waiting_since: dt.datetime | None

    @property
    def people(self) -> set[int]:
        return {person for person in (self.maker, self.changer) if person}


def authorship(model: type[Record], pks: Iterable[int]) -> dict[int, Authorship]:
    """By its history, the authorship of each record of one kind, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH told AS (
              SELECT e.pgh_obj_id, e.pgh_id, e.pgh_created_at, e.status,
                (c.metadata->>'user')::bigint AS person,
                lag(e.status) OVER life AS status_before,
                row_number() OVER life AS place,
                to_jsonb(e) - %(besides)s::text[] IS DISTINCT FROM
                  lag(to_jsonb(e) - %(besides)s::text[]) OVER life AS changed
              FROM {model.pgh_event_model._meta.db_table} e
              LEFT JOIN pghistory_context c ON c.id = e.pgh_context_id
              WHERE e.pgh_obj_id = ANY(%(pks)s)
              WINDOW life AS (PARTITION BY e.pgh_obj_id ORDER BY e.pgh_id))
            SELECT pgh_obj_id,
              max(person) FILTER (WHERE place = 1),
              (array_agg(person ORDER BY pgh_id DESC) FILTER (WHERE changed))[1],
              max(pgh_created_at) FILTER (
                WHERE status = 'in_review' AND status_before IS DISTINCT FROM 'in_review')
            FROM told GROUP BY pgh_obj_id""",
            {
                "pks": list(pks),
                "besides": [
                    *(f.name for f in model.pgh_event_model._meta.fields if f.name[:4] == "pgh_"),
                    *("pgh_context_id", "status", "revision", "created_at", "updated_at"),
                ],
            },
        )
        return {pk: Authorship(*rest) for pk, *rest in cursor.fetchall()}


def is_own(authors: Authorship | None, user: User | None) -> bool:
    """Do the four eyes keep this person from publishing it?"""
    return bool(settings.FOUR_EYES and user and authors and user.pk in authors.people)


def whose_eyes(authors: set[int]) -> str:
    others = get_user_model().objects.with_perm(
        "negotiations.publish_records", backend="django.contrib.auth.backends.ModelBackend"
    )
    names = others.filter(is_staff=True).exclude(pk__in=authors).order_by("username")
    seen = " or ".join(names.values_list("username", flat=True)[:5])
    who = f"It needs the eyes of {seen}." if seen else "There is no other reviewer yet: invite one."
    return f"You made it or changed it last, so another reviewer publishes it. {who}"
