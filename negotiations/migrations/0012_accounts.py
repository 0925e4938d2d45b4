"""Invitations, the right to send them, and the table in which the lock-out counts."""

import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

# Unlogged: quick, and a crash that forgets some failed log-ins does no harm.
CACHE = """
CREATE UNLOGGED TABLE readout_cache (
  cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL
);
CREATE INDEX readout_cache_expires ON readout_cache (expires);
"""


def let_reviewers_invite(apps, schema_editor):
    kind, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="negotiations", model="user"
    )
    right, _ = apps.get_model("auth", "Permission").objects.get_or_create(
        codename="invite_people",
        content_type=kind,
        defaults={"name": "Can invite people to the desk"},
    )
    apps.get_model("auth", "Group").objects.get(name="reviewer").permissions.add(right)


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("negotiations", "0011_importing"),
    ]

    operations = [
        migrations.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=150)),
                ("email", models.EmailField(max_length=254, verbose_name="e-mail")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("editor", "editor: drafts and sends to review"),
                            ("reviewer", "reviewer: publishes and takes back, too"),
                        ],
                        default="editor",
                        max_length=10,
                    ),
                ),
                ("token_hash", models.CharField(editable=False, max_length=64, unique=True)),
                (
                    "invited_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("expires_at", models.DateTimeField(editable=False)),
                ("revoked_at", models.DateTimeField(editable=False, null=True)),
                ("accepted_at", models.DateTimeField(editable=False, null=True)),
            ],
        ),
        migrations.AlterModelOptions(
            name="user",
            options={
                "permissions": (
                    ("preview_records", "Can see drafts on their pages"),
                    ("publish_records", "Can publish records and take them back"),
                    ("invite_people", "Can invite people to the desk"),
                ),
                "verbose_name": "user",
                "verbose_name_plural": "users",
            },
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.UniqueConstraint(
                django.db.models.functions.text.Lower("username"),
                name="user_name_in_any_case",
                violation_error_message="Another account has this user name. Choose another.",
            ),
        ),
        migrations.AddField(
            model_name="invitation",
            name="account",
            field=models.OneToOneField(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="invitation",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="invitation",
            name="invited_by",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="invitations",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(("revoked_at", None), ("accepted_at", None), _connector="OR"),
                name="invitation_ends_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("account", None), ("accepted_at__isnull", False), _connector="OR"
                ),
                name="invitation_account_only_if_accepted",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(("role__in", ["editor", "reviewer"])),
                name="invitation_role_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.UniqueConstraint(
                django.db.models.functions.text.Lower("email"),
                condition=models.Q(("accepted_at", None), ("revoked_at", None)),
                name="invitation_one_open_for_an_address",
            ),
        ),
        migrations.RunSQL(CACHE, "DROP TABLE readout_cache"),
        migrations.RunPython(let_reviewers_invite, migrations.RunPython.noop),
    ]
