"""Whose translation a statement's words are. The column has a default for versions that know no such thing."""

from __future__ import annotations

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from negotiations.models.corrections import noting


class Migration(migrations.Migration):
    dependencies = [
        ("negotiations", "0023_demonstration_people"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="statement",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="statement",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="statement",
            name="delete_delete",
        ),
        migrations.AddField(
            model_name="statement",
            name="translated_by",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="Who translated the words above: “the Kremlin’s press office”. Left empty, Readout.",
                max_length=200,
                verbose_name="whose translation",
            ),
        ),
        migrations.AddField(
            model_name="statementevent",
            name="translated_by",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="Who translated the words above: “the Kremlin’s press office”. Left empty, Readout.",
                max_length=200,
                verbose_name="whose translation",
            ),
        ),
        migrations.AlterField(
            model_name="statementevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="id_status_created_at_updated_at_revision_meeting_speaker_party_form_words_language_original_words_original_language_translated_by_date_from_date_precision_date_about_occasion_occasion_note_events",
                to="negotiations.statement",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="statement",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "negotiations_statementevent" ("created_at", "date_about", "date_from", "date_precision", "form", "id", "language", "meeting_id", "occasion", "occasion_note", "original_language", "original_words", "party_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "speaker_id", "status", "translated_by", "updated_at", "words") VALUES (NEW."created_at", NEW."date_about", NEW."date_from", NEW."date_precision", NEW."form", NEW."id", NEW."language", NEW."meeting_id", NEW."occasion", NEW."occasion_note", NEW."original_language", NEW."original_words", NEW."party_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."revision", NEW."speaker_id", NEW."status", NEW."translated_by", NEW."updated_at", NEW."words"); RETURN NULL;',
                    hash="95d2252560334eced1b112cf6816f04d130f595e",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_c5fb9",
                    table="negotiations_statement",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="statement",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."date_about" IS DISTINCT FROM (NEW."date_about") OR OLD."date_from" IS DISTINCT FROM (NEW."date_from") OR OLD."date_precision" IS DISTINCT FROM (NEW."date_precision") OR OLD."form" IS DISTINCT FROM (NEW."form") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."language" IS DISTINCT FROM (NEW."language") OR OLD."meeting_id" IS DISTINCT FROM (NEW."meeting_id") OR OLD."occasion" IS DISTINCT FROM (NEW."occasion") OR OLD."occasion_note" IS DISTINCT FROM (NEW."occasion_note") OR OLD."original_language" IS DISTINCT FROM (NEW."original_language") OR OLD."original_words" IS DISTINCT FROM (NEW."original_words") OR OLD."party_id" IS DISTINCT FROM (NEW."party_id") OR OLD."speaker_id" IS DISTINCT FROM (NEW."speaker_id") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."translated_by" IS DISTINCT FROM (NEW."translated_by") OR OLD."words" IS DISTINCT FROM (NEW."words"))',
                    func='INSERT INTO "negotiations_statementevent" ("created_at", "date_about", "date_from", "date_precision", "form", "id", "language", "meeting_id", "occasion", "occasion_note", "original_language", "original_words", "party_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "speaker_id", "status", "translated_by", "updated_at", "words") VALUES (NEW."created_at", NEW."date_about", NEW."date_from", NEW."date_precision", NEW."form", NEW."id", NEW."language", NEW."meeting_id", NEW."occasion", NEW."occasion_note", NEW."original_language", NEW."original_words", NEW."party_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."revision", NEW."speaker_id", NEW."status", NEW."translated_by", NEW."updated_at", NEW."words"); RETURN NULL;',
                    hash="9a6e96e09db819161ea2159f6fe2fae0eb605cac",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_9c32c",
                    table="negotiations_statement",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="statement",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "negotiations_statementevent" ("created_at", "date_about", "date_from", "date_precision", "form", "id", "language", "meeting_id", "occasion", "occasion_note", "original_language", "original_words", "party_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "speaker_id", "status", "translated_by", "updated_at", "words") VALUES (OLD."created_at", OLD."date_about", OLD."date_from", OLD."date_precision", OLD."form", OLD."id", OLD."language", OLD."meeting_id", OLD."occasion", OLD."occasion_note", OLD."original_language", OLD."original_words", OLD."party_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."revision", OLD."speaker_id", OLD."status", OLD."translated_by", OLD."updated_at", OLD."words"); RETURN NULL;',
                    hash="23560a4e7f6c0a9fd1a26c305b202e1b06c1dd3e",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_53115",
                    table="negotiations_statement",
                    when="AFTER",
                ),
            ),
        ),
        migrations.RunSQL(noting("statement"), migrations.RunSQL.noop),
    ]
