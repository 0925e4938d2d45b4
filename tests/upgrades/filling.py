"""What was entered with the first release; run by its code, through its `manage.py shell`.

Not part of any later release: what is imported here is what there was then.
"""

from __future__ import annotations

import pghistory
from django.contrib.auth.models import Group

from negotiations.models import (
    Citation,
    Meeting,
    Party,
    Person,
    Process,
    Source,
    Statement,
    User,
)
from negotiations.models.visibility import publish, unpublish

TEXT = """The minister spoke to reporters after the talks.

“We are ready to go on talking,” she said, “as long as it takes.”
"""

editor = User.objects.create_user(
    "irina", "irina@readout.example", "a password of old", is_staff=True, last_name="Редактор"
)
editor.groups.set(Group.objects.all())

with pghistory.context(note="Entered with 0.1.0", user=editor.pk):
    process = Process.objects.get()
    source = Source.objects.create(
        title="Remarks after the talks",
        kind="transcript",
        publisher="Ministry",
        date="March 2025",
        url="https://ministry.example/remarks",
        text=TEXT,
    )
    meeting = Meeting.objects.create(
        process=process,
        title="A second round",
        slug="second-round",
        kind="talks",
        state="planned",
        date="about 2026",
    )
    person = Person.objects.create(name="Ирина Ковалёва", slug="irina-kovaleva")
    quoted = Statement.objects.create(
        speaker=person,
        party=Party.objects.get(slug="russia"),
        words="We are ready to go on talking, […] as long as it takes.",
        date="March 2025",
    )
    Citation.objects.create(
        source=source, statement=quoted, passage="The minister spoke to reporters after the talks."
    )
    for record in (source, person, quoted):
        publish(record)

with pghistory.context(note="Corrected with 0.1.0", user=editor.pk):
    said = Statement.objects.filter(form="paraphrase", status="published").order_by("pk")[0]
    said.words += " (corrected)"
    said.save()
    person.slug = "irina-kovalyova"
    person.save()

with pghistory.context(note="Taken back and deleted with 0.1.0", user=editor.pk):
    unpublish(quoted)
    Person.objects.create(name="Nobody", slug="nobody").delete()
