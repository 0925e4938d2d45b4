"""The two steps of a capture: bring a text, then say what it is."""

from __future__ import annotations

import hashlib
from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError

from negotiations.editing.capture.fetching import Unreachable, fetch
from negotiations.editing.capture.reading import (
    LONGEST,
    TOO_LONG,
    Document,
    Unreadable,
    plain,
    read,
    read_pasted,
)
from negotiations.models import Capture, Source

How = Capture.How
SALT = "readout.capture"
WAYS = {"text": How.PASTED, "file": How.FILE, "address": How.ADDRESS}


def sha256(text: str) -> str:
    """The seal of a text, as the database makes it."""
    return hashlib.sha256(text.encode()).hexdigest()


class BringForm(forms.Form):
    """Step one: a text, a file or a web address. Clean, it has a `document` and says `how`."""

    text = forms.CharField(
        label="Paste the text",
        required=False,
        strip=False,
        max_length=LONGEST,
        error_messages={
            "max_length": TOO_LONG,
            "null_characters_not_allowed": "There are null characters in this text. "
            "Copy the words from where they are shown.",
        },
        widget=forms.Textarea(attrs={"rows": 12, "autofocus": True, "dir": "auto"}),
        help_text="The words, or a page’s HTML.",
    )
    file = forms.FileField(
        label="Or choose a file",
        required=False,
        allow_empty_file=True,
        max_length=200,
        widget=forms.FileInput(attrs={"accept": ".txt,.html,.htm,.pdf,.docx"}),
        help_text="Plain text, HTML, PDF or Word (.docx), up to 20 MB.",
    )
    address = forms.CharField(
        label="Or give its web address",
        required=False,
        max_length=2000,
        widget=forms.TextInput(
            attrs={"class": "vTextField", "inputmode": "url", "placeholder": "https://"}
        ),
        help_text="It is fetched once, now.",
    )

    document: Document
    how: str
    came_from: str = ""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        given = [name for name in WAYS if data.get(name)]
        if self.errors:
            return data
        if len(given) != 1:
            raise ValidationError(
                "Paste the text, choose a file or give a web address."
                if not given
                else "Bring one thing at a time: a text, a file or a web address."
            )
        self.how = WAYS[given[0]]
        try:
            self.document = getattr(self, f"_read_{given[0]}")(data[given[0]])
        except (Unreadable, Unreachable) as sentence:
            self.add_error(given[0], str(sentence))
        return data

    def _read_text(self, text: str) -> Document:
        return read_pasted(text)

    def _read_file(self, file: Any) -> Document:
        self.came_from = file.name
        return read(file.read(), media_type=file.content_type or "")

    def _read_address(self, address: str) -> Document:
        page = fetch(address)
        self.came_from = page.url
        return read(page.content, media_type=page.media_type, charset=page.charset, url=page.url)

    @property
    def seal(self) -> str:
        """What step two must bring back, with the text unchanged."""
        return signing.dumps(
            {
                "sha256": sha256(self.document.text),
                "how": self.how,
                "media_type": self.document.media_type,
                "came_from": self.came_from[:2000],
            },
            salt=SALT,
        )


class SealedForm(forms.Form):
    """The captured text on its way from step one to step two, and proof that it is the same."""

    text = forms.CharField(
        label="The text as captured",
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12, "readonly": True, "dir": "auto"}),
        help_text="Never shown whole to the public.",
    )
    seal = forms.CharField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        text = plain(data.get("text", ""))
        try:
            self.known = signing.loads(data.get("seal", ""), salt=SALT)
        except signing.BadSignature:
            self.known = {}
        if self.known.pop("sha256", "") != sha256(text):
            raise ValidationError(
                "This is not the text that was read: it was changed on the way. Go back, and bring "
                "it again."
            )
        return {**data, "text": text}

    def capture(self, source: Source, user: Any) -> Capture:
        """Store the text as the source's newest version."""
        made: Capture = Capture.objects.create(
            source=source, text=self.cleaned_data["text"], captured_by=user, **self.known
        )
        return made


class DetailsForm(forms.ModelForm):
    """Step two for a new source: what it is, as far as recognised."""

    class Meta:
        model = Source
        fields = (
            "title",
            "kind",
            "publisher",
            "republisher",
            "author",
            "date",
            "language",
            "url",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field.widget, forms.TextInput):
                field.widget.attrs.setdefault("class", "vTextField")


class ReasonForm(forms.Form):
    """Step two for a source that is there: why its text is captured anew.

    `seen` is the version with which the new text was compared; 0 if there was none.
    """

    seen = forms.IntegerField(widget=forms.HiddenInput)

    why = forms.CharField(
        label="Why",
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text="Kept in the history: “The publisher corrected the report.”",
    )
