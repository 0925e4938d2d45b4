"""What was corrected after it was public, noted as the history is written."""

from django.db import migrations, models

from negotiations.models.corrections import NO_NOTING, NOTING


class Migration(migrations.Migration):
    dependencies = [
        ("negotiations", "0009_review"),
    ]

    operations = [
        migrations.CreateModel(
            name="Correction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("corrected", "corrected"),
                            ("withdrawn", "withdrawn"),
                            ("published", "published"),
                        ],
                        max_length=10,
                    ),
                ),
                ("kind", models.CharField(max_length=30)),
                ("record_id", models.BigIntegerField()),
                (
                    "page",
                    models.CharField(help_text="Where it is shown: “action-12”.", max_length=50),
                ),
                ("fields", models.JSONField(default=dict)),
                ("shown", models.BooleanField(default=True)),
                ("context_id", models.UUIDField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("shown", True)),
                        fields=["what", "-at", "-id"],
                        name="correction_newest",
                    ),
                    models.Index(
                        condition=models.Q(("shown", True)),
                        fields=["kind", "what", "-at", "-id"],
                        name="correction_newest_of_kind",
                    ),
                    models.Index(fields=["page", "what", "-at", "-id"], name="correction_of_page"),
                    models.Index(fields=["kind", "record_id"], name="correction_of_record"),
                ],
            },
        ),
        migrations.RunSQL(NOTING, NO_NOTING),
    ]
