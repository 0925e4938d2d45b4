"""Invented people who hold no office are few, and are asked for at each search."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("negotiations", "0022_marks_are_no_letters"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="person",
            index=models.Index(
                condition=models.Q(("demonstration", True)),
                fields=["id"],
                name="person_is_demonstration",
            ),
        ),
    ]
