"""Sources, and the citations that tie records to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator, URLValidator
from django.db import connection, models
from django.db.models import Q
from django.utils import timezone

from negotiations.languages import pgettext_lazy
from negotiations.models import rules, text_rules
from negotiations.models.dates import VagueDateField
from negotiations.models.parties import Party
from negotiations.models.records import Record, demonstration_field, kept

if TYPE_CHECKING:
    from collections.abc import Sequence

LANGUAGE = RegexValidator(
    r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$",
    "Write the language’s code (BCP 47): en, ru, uk, fr, ar, zh-Hant.",
)
# What may cite a source.
CITING = ("statement", "account", "progress", "open_matter", "appointment", "meeting", "action")
WEB_ADDRESS = URLValidator(schemes=["http", "https"])


def quotation_found(words: str, text: str) -> bool:
    """Do the quoted words occur in the text, as the database's rule reads them?

    Typographic quotes, dashes and white space are folded; `[…]` splits the quotation into parts
    that must follow one another.
    """
    if "\0" in words:  # PostgreSQL's text knows no null character, so no captured text has one.
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT readout_quotation_found(%s, %s)", [words, text])
        return bool(cursor.fetchone()[0])


def passage_places(passage: str, text: str) -> list[tuple[int, int]]:
    """Where the parts of a quotation stand in a text, as (start, end) in code points.

    Reads as `quotation_found` does; empty if the words do not occur.
    """
    return all_passage_places([passage], text)[0]


def all_passage_places(passages: Sequence[str], text: str) -> list[list[tuple[int, int]]]:
    """`passage_places` of each passage, in one query."""
    asked = ["" if "\0" in passage else passage for passage in passages]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT readout_quotation_places(words, %s) "
            "FROM unnest(%s::text[]) WITH ORDINALITY AS asked (words, place) ORDER BY place",
            [text, asked],
        )
        return [[(start, end) for start, end in places] for (places,) in cursor.fetchall()]


@kept
class Source(Record):
    """A document that says what was said or done."""

    class Kind(models.TextChoices):
        OFFICIAL_READOUT = "official_readout", pgettext_lazy("kind of source", "official readout")
        TRANSCRIPT = "transcript", pgettext_lazy("kind of source", "transcript")
        JOINT_STATEMENT = "joint_statement", pgettext_lazy("kind of source", "joint statement")
        NEWS_REPORT = "news_report", pgettext_lazy("kind of source", "news report")
        INTERVIEW = "interview", pgettext_lazy("kind of source", "interview")
        DATASET = "dataset", pgettext_lazy("kind of source", "dataset")

    title = models.CharField(max_length=300)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    publisher = models.CharField(max_length=200, help_text="Who published it first: “RT”.")
    republisher = models.CharField(
        max_length=200, blank=True, help_text="Whose copy we read, if it is not the publisher’s."
    )
    on_behalf_of = models.ForeignKey(
        Party,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="sources",
        help_text="The party whose voice it is, for a readout or a party’s own medium.",
    )
    author = models.CharField(max_length=200, blank=True)
    date = VagueDateField(
        "published",
        blank=True,
        help_text="As far as the document itself tells. Leave empty if it doesn’t.",
    )
    language = models.CharField(
        max_length=35,
        blank=True,
        default="en",
        validators=[LANGUAGE],
        help_text="Code: en, ru, fr.",
    )
    url = models.URLField("web address", max_length=1000, blank=True, validators=[WEB_ADDRESS])
    archived_url = models.URLField(
        "archived copy",
        max_length=1000,
        blank=True,
        validators=[WEB_ADDRESS],
        help_text="In a web archive, for the day when the original is gone.",
    )
    text = models.TextField(
        "text as captured",
        blank=True,
        help_text="Never shown whole to the public. Verbatim words and passages are checked against it.",
    )
    text_sha256 = models.CharField("SHA-256 of the text", max_length=64, blank=True, editable=False)
    demonstration = demonstration_field()

    class Meta(Record.Meta):
        ordering = ("-id",)
        constraints = (
            *Record.Meta.constraints,
            *VagueDateField.constraints("date", "source"),
            models.UniqueConstraint(
                fields=["url"],
                name="source_url_once",
                condition=~Q(url=""),
                violation_error_message="There is a source with this web address already.",
            ),
        )
        triggers = (
            *Record.Meta.triggers,
            text_rules.SEAL_THE_TEXT,
            text_rules.TEXT_IS_CAPTURED,
            text_rules.SOURCED_STATEMENTS_STAND,
            text_rules.SOURCED_PASSAGES_STAND,
        )

    def __str__(self) -> str:
        return f"{self.title} ({self.publisher})"

    @classmethod
    def cited_by(cls) -> list[tuple[models.ForeignKey, type[Record]]]:
        keys = [Citation._meta.get_field(name) for name in Citation.CITING]
        return [(key, key.related_model) for key in keys]


class Capture(models.Model):
    """One version of a source's text, sealed: how, when, by whom and from where it was taken.

    The database gives the number and the seal, and makes the newest capture the source's text; a
    change of `Source.text` by any other way makes a capture too. A capture is never changed, and
    deleted with its source only.
    """

    class How(models.TextChoices):
        PASTED = "pasted", "pasted"
        FILE = "file", "from a file"
        ADDRESS = "address", "from a web address"
        OTHERWISE = "otherwise", "not on the capture page"

    source = models.ForeignKey(Source, models.CASCADE, related_name="captures")
    number = models.PositiveIntegerField("version", editable=False, db_default=0)
    text = models.TextField(editable=False)
    text_sha256 = models.CharField(
        "SHA-256 of the text", max_length=64, editable=False, db_default=""
    )
    how = models.CharField(max_length=10, choices=How.choices)
    media_type = models.CharField(max_length=100, blank=True)
    came_from = models.CharField(
        "where from",
        max_length=2000,
        blank=True,
        help_text="The file’s name, or the web address after all redirects.",
    )
    captured_at = models.DateTimeField(default=timezone.now, editable=False)
    captured_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )

    class Meta:
        ordering = ("source", "-number")
        constraints = (
            models.UniqueConstraint(fields=["source", "number"], name="capture_number_once"),
            models.CheckConstraint(
                name="capture_how_is_known",
                condition=Q(how__in=["pasted", "file", "address", "otherwise"]),
            ),
        )
        indexes = (models.Index(fields=["text_sha256"], name="capture_by_seal"),)
        triggers = (
            text_rules.CAPTURE_IS_SEALED,
            text_rules.CAPTURE_IS_THE_TEXT,
            text_rules.CAPTURE_STAYS_AS_IT_IS,
            text_rules.CAPTURE_GOES_WITH_ITS_SOURCE,
        )

    def __str__(self) -> str:
        return f"{self.source}, version {self.number}"


@kept
class Citation(models.Model):
    """A record's tie to a source: the exact passage and where it stands.

    It has no status of its own: it is part of the record that cites, and as public as that.
    """

    CITING = CITING

    source = models.ForeignKey(Source, models.PROTECT, related_name="citations")
    statement = models.ForeignKey(
        "Statement", models.CASCADE, null=True, blank=True, related_name="citations"
    )
    account = models.ForeignKey(
        "Account", models.CASCADE, null=True, blank=True, related_name="citations"
    )
    progress = models.ForeignKey(
        "Progress", models.CASCADE, null=True, blank=True, related_name="citations"
    )
    open_matter = models.ForeignKey(
        "OpenMatter", models.CASCADE, null=True, blank=True, related_name="citations"
    )
    appointment = models.ForeignKey(
        "Appointment", models.CASCADE, null=True, blank=True, related_name="citations"
    )
    meeting = models.ForeignKey(
        "Meeting", models.CASCADE, null=True, blank=True, related_name="citations"
    )
    action = models.ForeignKey(
        "Action", models.CASCADE, null=True, blank=True, related_name="citations"
    )
    passage = models.TextField(
        blank=True, help_text="The exact words of the source. […] marks what you leave out."
    )
    where = models.CharField(
        "where it stands",
        max_length=200,
        blank=True,
        help_text="Page, paragraph, heading or minute: “Improving Communication, 1st paragraph”.",
    )

    class Meta:
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                name="citation_cites_for_one",
                condition=Q(
                    models.lookups.Exact(
                        models.Func(
                            *(models.F(name) for name in CITING),
                            function="num_nonnulls",
                            output_field=models.IntegerField(),
                        ),
                        1,
                    )
                ),
                violation_error_message="A citation belongs to exactly one record.",
            ),
            models.CheckConstraint(
                name="citation_leads_somewhere",
                condition=~Q(passage="") | ~Q(where=""),
                violation_error_message="Give the passage, or say where in the source it stands.",
            ),
        )
        triggers = (
            text_rules.CITED_STATEMENT_STANDS,
            text_rules.CITED_PASSAGE_STANDS,
            rules.CITATION_STILL_DOCUMENTS,
            rules.CitedOnPublished(),
            rules.LinkApart(),
        )

    def __str__(self) -> str:
        return f"{self.source}, {self.where}" if self.where else str(self.source)

    @property
    def record(self) -> Record:
        """The record that cites."""
        return next(each for name in self.CITING if (each := getattr(self, name)))

    def clean(self) -> None:
        super().clean()
        if not self.source_id:
            return
        if (
            self.passage
            and self.source.text
            and not quotation_found(self.passage, self.source.text)
        ):
            raise ValidationError(
                {
                    "passage": f"These words do not occur in the captured text of “{self.source.title}”. "
                    "Copy them exactly; […] marks what you leave out."
                }
            )
        for name in self.CITING:
            record = getattr(self, name) if getattr(self, f"{name}_id") else None
            if record and record.is_public and not self.source.is_public:
                raise ValidationError(
                    {"source": "Publish the source first: what cites it is public."}
                )
