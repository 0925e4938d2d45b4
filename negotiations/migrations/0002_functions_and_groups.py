"""The functions that the triggers share, and the two groups of the editors' desk."""

from django.db import migrations

from negotiations.models.functions import FUNCTIONS

RECORDS = [
    "process",
    "party",
    "person",
    "appointment",
    "meeting",
    "delegation",
    "delegate",
    "topic",
    "question",
    "statement",
    "position",
    "action",
    "account",
    "progress",
    "openmatter",
    "source",
    "citation",
]


def make_groups(apps, schema_editor):
    content_type = apps.get_model("contenttypes", "ContentType")
    group = apps.get_model("auth", "Group")
    permission = apps.get_model("auth", "Permission")

    def right(codename, model, name):
        kind, _ = content_type.objects.get_or_create(app_label="negotiations", model=model)
        found, _ = permission.objects.get_or_create(
            codename=codename, content_type=kind, defaults={"name": name}
        )
        return found

    rights = [
        right(f"{act}_{model}", model, f"Can {act} {model}")
        for model in RECORDS
        for act in ("add", "change", "delete", "view")
    ]
    rights.append(right("preview_records", "user", "Can see drafts on their pages"))
    publish = right("publish_records", "user", "Can publish records and take them back")
    editor, _ = group.objects.get_or_create(name="editor")
    reviewer, _ = group.objects.get_or_create(name="reviewer")
    editor.permissions.add(*rights)
    reviewer.permissions.add(*rights, publish)


class Migration(migrations.Migration):
    dependencies = [
        ("negotiations", "0001_records"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [
        migrations.RunSQL(
            FUNCTIONS,
            "DROP FUNCTION readout_quotation_problem, readout_in_process, readout_speaks_for, "
            "readout_party_and_below, readout_party_and_above, readout_quotation_places, "
            "readout_unfolded, readout_words_to_find, readout_beginning, readout_quotation_found, readout_folded_places, readout_fold, "
            "readout_fold_within",
        ),
        migrations.RunPython(make_groups, migrations.RunPython.noop),
    ]
