"""Of which process and time something is asked: the filter that pages and pictures share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from negotiations.languages import gettext, gettext_lazy, pgettext
from negotiations.models import Process, VagueDate
from negotiations.models.visibility import DEMONSTRATION, asks_for_demonstration

if TYPE_CHECKING:
    from django.http import QueryDict


INVENTED = gettext_lazy("Demonstration data: all of this is invented.")


@dataclass(frozen=True)
class Within:
    """A process (or all) and the time from one date to another; a vague date counts where it may be so.

    Without a process, all real ones are meant, or all demonstration data; never both.
    """

    process: Process | None = None
    since: VagueDate | None = None
    until: VagueDate | None = None
    demonstration: bool = False

    @classmethod
    def from_address(cls, query: QueryDict) -> Within:
        """Read `process`, `from`, `to` and `data` of an address.

        Raises:
            ValueError: with a sentence that says what to change.
        """
        slug = query.get("process", "").strip()
        process = Process.published.filter(slug=slug).first() if slug else None
        if slug and not process:
            raise ValueError(
                gettext("There is no process “{slug}”. Choose one from the list.").format(
                    slug=slug[:60]
                )
            )
        since, until = (_date(query.get(name, "")) for name in ("from", "to"))
        if since and until and until.last < since.first:
            raise ValueError(
                gettext("“To” ({until}) comes before “from” ({since}). Exchange them.").format(
                    until=until, since=since
                )
            )
        demonstration = asks_for_demonstration(query.get("data", ""))
        if process:
            demonstration = process.demonstration
        return cls(process, since, until, demonstration)

    def address(self, **more: object) -> str:
        """The part of an address after `?`, or nothing; `more` are further parameters, if not empty."""
        own = {
            "process": self.process.slug if self.process else "",
            "from": self.since.iso if self.since else "",
            "to": self.until.iso if self.until else "",
            "data": DEMONSTRATION if self.demonstration and not self.process else "",
        }
        filled = {name: value for name, value in (more | own).items() if value}
        return f"?{urlencode(filled)}" if filled else ""

    @property
    def words(self) -> str:
        """As a part of a sentence: “in Talks, from 2024 to March 2025”; empty if all is asked."""
        words = []
        if self.process:
            words.append(gettext("in {process}").format(process=self.process.name))
        if self.since:
            words.append(gettext("from {since}").format(since=self.since))
        if self.until:
            words.append(gettext("to {until}").format(until=self.until))
        return ", ".join(words)

    def titled(self, title: str) -> str:
        """The title of what is asked for within it."""
        if not self.words:
            return title
        if self.since and not self.process:
            return pgettext("asked for within a time", "{title}, {within}").format(
                title=title, within=self.words
            )
        return pgettext("asked for within", "{title} {within}").format(
            title=title, within=self.words
        )

    @property
    def warning(self) -> list[str]:
        """What a picture must say first, if what it shows is invented."""
        return [str(INVENTED)] if self.demonstration else []

    def meetings(self, alias: str) -> tuple[str, dict[str, Any]]:
        """SQL that a meeting is in it, and its parameters."""
        where = [
            f"{alias}.process_id IN (SELECT p.id FROM negotiations_process p"
            " WHERE p.demonstration = %(demonstration)s)"
        ]
        values: dict[str, Any] = {"demonstration": self.demonstration}
        if self.process:
            where = [f"{alias}.process_id = %(process)s"]
            values = {"process": self.process.pk}
        if self.since:
            where.append(f"coalesce({alias}.ended_until, {alias}.date_until) >= %(since)s")
            values["since"] = self.since.first
        if self.until:
            where.append(f"{alias}.date_from <= %(until)s")
            values["until"] = self.until.last
        return " AND ".join(where), values


def _date(words: str) -> VagueDate | None:
    words = words.strip()[:100]
    return VagueDate.parse(words) if words else None
