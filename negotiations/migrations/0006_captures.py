"""Versions of the captured texts, which nothing alters silently."""

import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from negotiations.migrations._batch import Batch

# The texts that are there already, as old as the history says.
FIRST_VERSIONS = """
    INSERT INTO negotiations_capture
        (source_id, text, how, media_type, came_from, captured_at, captured_by_id)
      SELECT s.id, s.text, 'otherwise', '', '', coalesce((
          SELECT min(e.pgh_created_at) FROM negotiations_sourceevent e
          WHERE e.pgh_obj_id = s.id AND e.text_sha256 = s.text_sha256), s.created_at), NULL
      FROM negotiations_source s WHERE s.text <> '';
"""


class Migration(migrations.Migration):
    dependencies = [
        ("negotiations", "0005_capture_places"),
    ]

    operations = [
        Batch(
            [
                migrations.CreateModel(
                    name="Capture",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "number",
                            models.PositiveIntegerField(
                                db_default=0, editable=False, verbose_name="version"
                            ),
                        ),
                        ("text", models.TextField(editable=False)),
                        (
                            "text_sha256",
                            models.CharField(
                                db_default="",
                                editable=False,
                                max_length=64,
                                verbose_name="SHA-256 of the text",
                            ),
                        ),
                        (
                            "how",
                            models.CharField(
                                choices=[
                                    ("pasted", "pasted"),
                                    ("file", "from a file"),
                                    ("address", "from a web address"),
                                    ("otherwise", "not on the capture page"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("media_type", models.CharField(blank=True, max_length=100)),
                        (
                            "came_from",
                            models.CharField(
                                blank=True,
                                help_text="The file’s name, or the web address after all redirects.",
                                max_length=2000,
                                verbose_name="where from",
                            ),
                        ),
                        (
                            "captured_at",
                            models.DateTimeField(default=django.utils.timezone.now, editable=False),
                        ),
                    ],
                    options={
                        "ordering": ("source", "-number"),
                    },
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="citation",
                    name="cited_statement_stands",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="citation",
                    name="cited_passage_stands",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="source",
                    name="sourced_statements_stand",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="source",
                    name="sourced_passages_stand",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="statement",
                    name="quotation_stands",
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="citation",
                    trigger=pgtrigger.compiler.Trigger(
                        name="cited_statement_stands",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            constraint="CONSTRAINT",
                            declare="DECLARE problem text;",
                            func="\n            SELECT 'Statement ' || s.id || ', ' || readout_beginning(s.words) || ': '\n              || readout_quotation_problem(s.id) INTO problem FROM negotiations_statement s\n              WHERE s.status = 'published' AND s.form = 'verbatim' AND s.id IN (CASE WHEN TG_OP <> 'DELETE' THEN NEW.statement_id END, CASE WHEN TG_OP <> 'INSERT' THEN OLD.statement_id END)\n                AND readout_quotation_problem(s.id) IS NOT NULL LIMIT 1;\n            IF problem IS NOT NULL THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation',\n                CONSTRAINT = 'quotation_stands', MESSAGE = problem;\n            END IF;\n            RETURN NULL;",
                            hash="70276f1730de4f269840ad9ae8c8a23f7f32fb99",
                            operation="INSERT OR UPDATE OR DELETE",
                            pgid="pgtrigger_cited_statement_stands_d3b99",
                            table="negotiations_citation",
                            timing="DEFERRABLE INITIALLY DEFERRED",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="citation",
                    trigger=pgtrigger.compiler.Trigger(
                        name="cited_passage_stands",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            constraint="CONSTRAINT",
                            declare="DECLARE problem text;",
                            func="\n    SELECT 'The passage does not occur in the captured text of its source: '\n      || readout_beginning(c.passage) || ', cited by ' || coalesce('statement ' || c.statement_id, 'account ' || c.account_id,\n      'progress report ' || c.progress_id, 'open matter ' || c.open_matter_id,\n      'appointment ' || c.appointment_id, 'meeting ' || c.meeting_id, 'action ' || c.action_id)\n      || '.' INTO problem\n      FROM negotiations_citation c JOIN negotiations_source s ON s.id = c.source_id\n      WHERE c.id = NEW.id AND c.passage <> '' AND s.text <> ''\n        AND NOT readout_quotation_found(c.passage, s.text) LIMIT 1;\n    IF problem IS NOT NULL THEN\n      RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'passage_stands',\n        MESSAGE = problem;\n    END IF;\n    RETURN NULL;",
                            hash="0eb2ccd3c0c68b1925676ccc111372ea19eb71ca",
                            operation='INSERT OR UPDATE OF "passage", "source_id"',
                            pgid="pgtrigger_cited_passage_stands_04ae8",
                            table="negotiations_citation",
                            timing="DEFERRABLE INITIALLY DEFERRED",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="source",
                    trigger=pgtrigger.compiler.Trigger(
                        name="text_is_captured",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE latest text;",
                            func="\n        SELECT c.text INTO latest FROM negotiations_capture c\n          WHERE c.source_id = NEW.id ORDER BY c.number DESC LIMIT 1;\n        IF NEW.text <> coalesce(latest, '') THEN\n          INSERT INTO negotiations_capture\n              (source_id, text, how, media_type, came_from, captured_at, captured_by_id)\n            VALUES (NEW.id, NEW.text, 'otherwise', '', '', now(), (\n              SELECT u.id FROM negotiations_user u WHERE u.id::text =\n                nullif(current_setting('pghistory.context_metadata', true), '')::jsonb ->> 'user'));\n        END IF;\n        RETURN NULL;",
                            hash="870ffa3ed0fe57169ad372acfb085254c5b40298",
                            operation='INSERT OR UPDATE OF "text"',
                            pgid="pgtrigger_text_is_captured_6caf1",
                            table="negotiations_source",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="source",
                    trigger=pgtrigger.compiler.Trigger(
                        name="sourced_statements_stand",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            constraint="CONSTRAINT",
                            declare="DECLARE problem text;",
                            func="\n            SELECT 'Statement ' || s.id || ', ' || readout_beginning(s.words) || ': '\n              || readout_quotation_problem(s.id) INTO problem FROM negotiations_statement s\n              WHERE s.status = 'published' AND s.form = 'verbatim' AND s.id IN (SELECT c.statement_id FROM negotiations_citation c WHERE c.source_id = NEW.id)\n                AND readout_quotation_problem(s.id) IS NOT NULL LIMIT 1;\n            IF problem IS NOT NULL THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation',\n                CONSTRAINT = 'quotation_stands', MESSAGE = problem;\n            END IF;\n            RETURN NULL;",
                            hash="0f3aea5049443f4381982126028981db8dc6c1ad",
                            operation='UPDATE OF "text", "language"',
                            pgid="pgtrigger_sourced_statements_stand_725f1",
                            table="negotiations_source",
                            timing="DEFERRABLE INITIALLY DEFERRED",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="source",
                    trigger=pgtrigger.compiler.Trigger(
                        name="sourced_passages_stand",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            constraint="CONSTRAINT",
                            declare="DECLARE problem text;",
                            func="\n    SELECT 'The passage does not occur in the captured text of its source: '\n      || readout_beginning(c.passage) || ', cited by ' || coalesce('statement ' || c.statement_id, 'account ' || c.account_id,\n      'progress report ' || c.progress_id, 'open matter ' || c.open_matter_id,\n      'appointment ' || c.appointment_id, 'meeting ' || c.meeting_id, 'action ' || c.action_id)\n      || '.' INTO problem\n      FROM negotiations_citation c JOIN negotiations_source s ON s.id = c.source_id\n      WHERE c.source_id = NEW.id AND c.passage <> '' AND s.text <> ''\n        AND NOT readout_quotation_found(c.passage, s.text) LIMIT 1;\n    IF problem IS NOT NULL THEN\n      RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'passage_stands',\n        MESSAGE = problem;\n    END IF;\n    RETURN NULL;",
                            hash="c7a04635ec05496ee36368f3226388eab0b1006c",
                            operation='UPDATE OF "text"',
                            pgid="pgtrigger_sourced_passages_stand_8b0ab",
                            table="negotiations_source",
                            timing="DEFERRABLE INITIALLY DEFERRED",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="statement",
                    trigger=pgtrigger.compiler.Trigger(
                        name="quotation_stands",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            constraint="CONSTRAINT",
                            declare="DECLARE problem text;",
                            func="\n            SELECT 'Statement ' || s.id || ', ' || readout_beginning(s.words) || ': '\n              || readout_quotation_problem(s.id) INTO problem FROM negotiations_statement s\n              WHERE s.status = 'published' AND s.form = 'verbatim' AND s.id IN (SELECT NEW.id)\n                AND readout_quotation_problem(s.id) IS NOT NULL LIMIT 1;\n            IF problem IS NOT NULL THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation',\n                CONSTRAINT = 'quotation_stands', MESSAGE = problem;\n            END IF;\n            RETURN NULL;",
                            hash="ea762a261f9c78b953416d67582fce2efc51021d",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_quotation_stands_5b035",
                            table="negotiations_statement",
                            timing="DEFERRABLE INITIALLY DEFERRED",
                            when="AFTER",
                        ),
                    ),
                ),
                migrations.AddField(
                    model_name="capture",
                    name="captured_by",
                    field=models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="capture",
                    name="source",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="captures",
                        to="negotiations.source",
                    ),
                ),
                migrations.AddIndex(
                    model_name="capture",
                    index=models.Index(fields=["text_sha256"], name="capture_by_seal"),
                ),
                migrations.AddConstraint(
                    model_name="capture",
                    constraint=models.UniqueConstraint(
                        fields=("source", "number"), name="capture_number_once"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="capture",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("how__in", ["pasted", "file", "address", "otherwise"])),
                        name="capture_how_is_known",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="capture",
                    trigger=pgtrigger.compiler.Trigger(
                        name="capture_is_sealed",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE latest record;",
                            func="\n        -- One capture of a source after the other.\n        PERFORM FROM negotiations_source WHERE id = NEW.source_id FOR NO KEY UPDATE;\n        SELECT c.number, c.text INTO latest FROM negotiations_capture c\n          WHERE c.source_id = NEW.source_id ORDER BY c.number DESC LIMIT 1;\n        IF NEW.text = coalesce(latest.text, '') THEN\n          RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'capture_is_new', MESSAGE = 'The text is the same as before: there is nothing to capture.';\n        END IF;\n        NEW.number := coalesce(latest.number, 0) + 1;\n        NEW.text_sha256 := encode(sha256(convert_to(NEW.text, 'UTF8')), 'hex');\n        RETURN NEW;",
                            hash="bff9edd726e6b10c07eea3d983de5667c130ead3",
                            operation="INSERT",
                            pgid="pgtrigger_capture_is_sealed_d10ee",
                            table="negotiations_capture",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="capture",
                    trigger=pgtrigger.compiler.Trigger(
                        name="capture_is_the_text",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n        UPDATE negotiations_source SET text = NEW.text\n          WHERE id = NEW.source_id AND text <> NEW.text;\n        RETURN NULL;",
                            hash="2e038cae47262cda0e09c61ef331fa3697ce3262",
                            operation="INSERT",
                            pgid="pgtrigger_capture_is_the_text_3f04d",
                            table="negotiations_capture",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="capture",
                    trigger=pgtrigger.compiler.Trigger(
                        name="capture_stays_as_it_is",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n        IF NEW.captured_by_id IS NOT NULL\n            OR to_jsonb(NEW) - 'captured_by_id' <> to_jsonb(OLD) - 'captured_by_id' THEN\n          RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'capture_stays', MESSAGE = 'A captured text stays as it is. Capture it anew.';\n        END IF;\n        RETURN NEW;",
                            hash="6452e9b796bc53e49fee46759576c3aaf9031057",
                            operation="UPDATE",
                            pgid="pgtrigger_capture_stays_as_it_is_c1456",
                            table="negotiations_capture",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="capture",
                    trigger=pgtrigger.compiler.Trigger(
                        name="capture_goes_with_its_source",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            constraint="CONSTRAINT",
                            func="\n        IF EXISTS (SELECT FROM negotiations_source WHERE id = OLD.source_id) THEN\n          RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'capture_stays', MESSAGE = 'A captured text is deleted with its source only.';\n        END IF;\n        RETURN NULL;",
                            hash="dfb1246130b3c3b73d43d07947b895884f27204b",
                            operation="DELETE",
                            pgid="pgtrigger_capture_goes_with_its_source_bba26",
                            table="negotiations_capture",
                            timing="DEFERRABLE INITIALLY DEFERRED",
                            when="AFTER",
                        ),
                    ),
                ),
                migrations.RunSQL(FIRST_VERSIONS, migrations.RunSQL.noop),
            ]
        )
    ]
