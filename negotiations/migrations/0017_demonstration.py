"""What is invented is marked, and kept apart from what is real; when a due date has passed."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from negotiations.insight.outcomes import FUNCTION
from negotiations.migrations._batch import Batch


class Migration(migrations.Migration):
    dependencies = [
        ("negotiations", "0015_corrected_citations"),
    ]

    operations = [
        Batch(
            [
                pgtrigger.migrations.RemoveTrigger(
                    model_name="party",
                    name="insert_insert",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="party",
                    name="update_update",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="party",
                    name="delete_delete",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="person",
                    name="insert_insert",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="person",
                    name="update_update",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="person",
                    name="delete_delete",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="process",
                    name="insert_insert",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="process",
                    name="update_update",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="process",
                    name="delete_delete",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="source",
                    name="insert_insert",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="source",
                    name="update_update",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="source",
                    name="delete_delete",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="topic",
                    name="insert_insert",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="topic",
                    name="update_update",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="topic",
                    name="delete_delete",
                ),
                migrations.AddField(
                    model_name="party",
                    name="demonstration",
                    field=models.BooleanField(
                        db_default=False,
                        default=False,
                        editable=False,
                        verbose_name="demonstration data",
                    ),
                ),
                migrations.AddField(
                    model_name="partyevent",
                    name="demonstration",
                    field=models.BooleanField(
                        db_default=False,
                        default=False,
                        editable=False,
                        verbose_name="demonstration data",
                    ),
                ),
                migrations.AddField(
                    model_name="person",
                    name="demonstration",
                    field=models.BooleanField(
                        db_default=False,
                        default=False,
                        editable=False,
                        verbose_name="demonstration data",
                    ),
                ),
                migrations.AddField(
                    model_name="personevent",
                    name="demonstration",
                    field=models.BooleanField(
                        db_default=False,
                        default=False,
                        editable=False,
                        verbose_name="demonstration data",
                    ),
                ),
                migrations.AddField(
                    model_name="process",
                    name="demonstration",
                    field=models.BooleanField(
                        db_default=False,
                        default=False,
                        editable=False,
                        verbose_name="demonstration data",
                    ),
                ),
                migrations.AddField(
                    model_name="processevent",
                    name="demonstration",
                    field=models.BooleanField(
                        db_default=False,
                        default=False,
                        editable=False,
                        verbose_name="demonstration data",
                    ),
                ),
                migrations.AddField(
                    model_name="source",
                    name="demonstration",
                    field=models.BooleanField(
                        db_default=False,
                        default=False,
                        editable=False,
                        verbose_name="demonstration data",
                    ),
                ),
                migrations.AddField(
                    model_name="sourceevent",
                    name="demonstration",
                    field=models.BooleanField(
                        db_default=False,
                        default=False,
                        editable=False,
                        verbose_name="demonstration data",
                    ),
                ),
                migrations.AddField(
                    model_name="topic",
                    name="demonstration",
                    field=models.BooleanField(
                        db_default=False,
                        default=False,
                        editable=False,
                        verbose_name="demonstration data",
                    ),
                ),
                migrations.AddField(
                    model_name="topicevent",
                    name="demonstration",
                    field=models.BooleanField(
                        db_default=False,
                        default=False,
                        editable=False,
                        verbose_name="demonstration data",
                    ),
                ),
                migrations.AlterField(
                    model_name="partyevent",
                    name="pgh_obj",
                    field=models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="id_status_created_at_updated_at_revision_slug_name_short_name_native_name_kind_part_of_mark_other_names_description_demonstration_events",
                        to="negotiations.party",
                    ),
                ),
                migrations.AlterField(
                    model_name="personevent",
                    name="pgh_obj",
                    field=models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="id_status_created_at_updated_at_revision_slug_name_sort_name_native_name_other_names_description_demonstration_events",
                        to="negotiations.person",
                    ),
                ),
                migrations.AlterField(
                    model_name="processevent",
                    name="pgh_obj",
                    field=models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="id_status_created_at_updated_at_revision_slug_name_summary_demonstration_events",
                        to="negotiations.process",
                    ),
                ),
                migrations.AlterField(
                    model_name="sourceevent",
                    name="pgh_obj",
                    field=models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="id_status_created_at_updated_at_revision_title_kind_publisher_republisher_on_behalf_of_author_date_from_date_precision_date_about_language_url_archived_url_text_text_sha256_demonstration_events",
                        to="negotiations.source",
                    ),
                ),
                migrations.AlterField(
                    model_name="topicevent",
                    name="pgh_obj",
                    field=models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="id_status_created_at_updated_at_revision_slug_name_parent_description_other_names_position_demonstration_events",
                        to="negotiations.topic",
                    ),
                ),
                migrations.AddIndex(
                    model_name="action",
                    index=models.Index(
                        condition=models.Q(("due_from__isnull", False)),
                        fields=["due_until"],
                        name="action_due",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="account",
                    trigger=pgtrigger.compiler.Trigger(
                        name="demonstration_apart",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            IF TG_OP = 'UPDATE' THEN\n              IF NEW.action_id <> OLD.action_id AND (SELECT demonstration FROM negotiations_process WHERE id = (SELECT process_id FROM negotiations_meeting WHERE id = (SELECT meeting_id FROM negotiations_action WHERE id = NEW.action_id))) <> (SELECT demonstration FROM negotiations_process WHERE id = (SELECT process_id FROM negotiations_meeting WHERE id = (SELECT meeting_id FROM negotiations_action WHERE id = OLD.action_id))) THEN\n                RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'demonstration_apart', MESSAGE = 'A account stays demonstration data, or real, for ever.';\n              END IF;\n              IF NEW.action_id IS NOT DISTINCT FROM OLD.action_id AND NEW.party_id IS NOT DISTINCT FROM OLD.party_id AND NEW.statement_id IS NOT DISTINCT FROM OLD.statement_id THEN RETURN NULL; END IF;\n            END IF;\n            IF (SELECT count(DISTINCT told) > 1 FROM (VALUES ((SELECT demonstration FROM negotiations_process WHERE id = (SELECT process_id FROM negotiations_meeting WHERE id = (SELECT meeting_id FROM negotiations_action WHERE id = NEW.action_id)))), ((SELECT demonstration FROM negotiations_party WHERE id = NEW.party_id)), ((SELECT demonstration FROM negotiations_party WHERE id = (SELECT party_id FROM negotiations_statement WHERE id = NEW.statement_id)))) each(told)) THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'demonstration_apart', MESSAGE = 'Demonstration data and real records are kept apart: nothing hangs on both.';\n            END IF;\n            RETURN NULL;",
                            hash="855357c221f163e0213a86d3bd057054f607e030",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_demonstration_apart_6cb8a",
                            table="negotiations_account",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="action",
                    trigger=pgtrigger.compiler.Trigger(
                        name="demonstration_apart",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            IF TG_OP = 'UPDATE' THEN\n              IF NEW.meeting_id <> OLD.meeting_id AND (SELECT demonstration FROM negotiations_process WHERE id = (SELECT process_id FROM negotiations_meeting WHERE id = NEW.meeting_id)) <> (SELECT demonstration FROM negotiations_process WHERE id = (SELECT process_id FROM negotiations_meeting WHERE id = OLD.meeting_id)) THEN\n                RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'demonstration_apart', MESSAGE = 'A action stays demonstration data, or real, for ever.';\n              END IF;\n              IF NEW.meeting_id IS NOT DISTINCT FROM OLD.meeting_id AND NEW.leads_to_id IS NOT DISTINCT FROM OLD.leads_to_id THEN RETURN NULL; END IF;\n            END IF;\n            IF (SELECT count(DISTINCT told) > 1 FROM (VALUES ((SELECT demonstration FROM negotiations_process WHERE id = (SELECT process_id FROM negotiations_meeting WHERE id = NEW.meeting_id))), ((SELECT demonstration FROM negotiations_process WHERE id = (SELECT process_id FROM negotiations_meeting WHERE id = NEW.leads_to_id)))) each(told)) THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'demonstration_apart', MESSAGE = 'Demonstration data and real records are kept apart: nothing hangs on both.';\n            END IF;\n            RETURN NULL;",
                            hash="f54d6b04e05c42ce0b28adcea83379535c5d7bac",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_demonstration_apart_c2669",
                            table="negotiations_action",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="actionparty",
                    trigger=pgtrigger.compiler.Trigger(
                        name="demonstration_apart",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            IF (SELECT count(DISTINCT told) > 1 FROM (VALUES ((SELECT demonstration FROM negotiations_process WHERE id = (SELECT process_id FROM negotiations_meeting WHERE id = (SELECT meeting_id FROM negotiations_action WHERE id = NEW.action_id)))), ((SELECT demonstration FROM negotiations_party WHERE id = NEW.party_id))) each(told)) THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'demonstration_apart', MESSAGE = 'Demonstration data and real records are kept apart: nothing hangs on both.';\n            END IF;\n            RETURN NULL;",
                            hash="5edfbba19751344212829065ded5ad4857f66a14",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_demonstration_apart_0dcd2",
                            table="negotiations_action_owed_by",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="actiontopic",
                    trigger=pgtrigger.compiler.Trigger(
                        name="demonstration_apart",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            IF (SELECT count(DISTINCT told) > 1 FROM (VALUES ((SELECT demonstration FROM negotiations_process WHERE id = (SELECT process_id FROM negotiations_meeting WHERE id = (SELECT meeting_id FROM negotiations_action WHERE id = NEW.action_id)))), ((SELECT demonstration FROM negotiations_topic WHERE id = NEW.topic_id))) each(told)) THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'demonstration_apart', MESSAGE = 'Demonstration data and real records are kept apart: nothing hangs on both.';\n            END IF;\n            RETURN NULL;",
                            hash="b0fcf4dcfa8ca3c4f8c3720dc5f8cef979c904ae",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_demonstration_apart_76c79",
                            table="negotiations_action_topics",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="appointment",
                    trigger=pgtrigger.compiler.Trigger(
                        name="demonstration_apart",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            IF TG_OP = 'UPDATE' THEN\n              IF NEW.person_id <> OLD.person_id AND (SELECT demonstration FROM negotiations_person WHERE id = NEW.person_id) <> (SELECT demonstration FROM negotiations_person WHERE id = OLD.person_id) THEN\n                RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'demonstration_apart', MESSAGE = 'A appointment stays demonstration data, or real, for ever.';\n              END IF;\n              IF NEW.person_id IS NOT DISTINCT FROM OLD.person_id AND NEW.party_id IS NOT DISTINCT FROM OLD.party_id THEN RETURN NULL; END IF;\n            END IF;\n            IF (SELECT count(DISTINCT told) > 1 FROM (VALUES ((SELECT demonstration FROM negotiations_person WHERE id = NEW.person_id)), ((SELECT demonstration FROM negotiations_party WHERE id = NEW.party_id))) each(told)) THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'demonstration_apart', MESSAGE = 'Demonstration data and real records are kept apart: nothing hangs on both.';\n            END IF;\n            RETURN NULL;",
                            hash="939f8886e04c9126a24763d1ca8ececb2e066986",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_demonstration_apart_72647",
                            table="negotiations_appointment",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="citation",
                    trigger=pgtrigger.compiler.Trigger(
                        name="demonstration_apart",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            IF (SELECT count(DISTINCT told) > 1 FROM (VALUES ((SELECT demonstration FROM negotiations_source WHERE id = NEW.source_id)), ((SELECT demonstration FROM negotiations_party WHERE id = (SELECT party_id FROM negotiations_statement WHERE id = NEW.statement_id))), ((SELECT demonstration FROM negotiations_process WHERE id = (SELECT process_id FROM negotiations_meeting WHERE id = (SELECT meeting_id FROM negotiations_action WHERE id = (SELECT action_id FROM negotiations_account WHERE id = NEW.account_id))))), ((SELECT demonstration FROM negotiations_process WHERE id = (SELECT process_id FROM negotiations_meeting WHERE id = (SELECT meeting_id FROM negotiations_action WHERE id = (SELECT action_id FROM negotiations_progress WHERE id = NEW.progress_id))))), ((SELECT demonstration FROM negotiations_process WHERE id = (SELECT process_id FROM negotiations_meeting WHERE id = (SELECT meeting_id FROM negotiations_openmatter WHERE id = NEW.open_matter_id)))), ((SELECT demonstration FROM negotiations_person WHERE id = (SELECT person_id FROM negotiations_appointment WHERE id = NEW.appointment_id))), ((SELECT demonstration FROM negotiations_process WHERE id = (SELECT process_id FROM negotiations_meeting WHERE id = NEW.meeting_id))), ((SELECT demonstration FROM negotiations_process WHERE id = (SELECT process_id FROM negotiations_meeting WHERE id = (SELECT meeting_id FROM negotiations_action WHERE id = NEW.action_id))))) each(told)) THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'demonstration_apart', MESSAGE = 'Demonstration data and real records are kept apart: nothing hangs on both.';\n            END IF;\n            RETURN NULL;",
                            hash="3bc198ad2f2d5aa85a7d70a265aa7da167334d2b",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_demonstration_apart_986a4",
                            table="negotiations_citation",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="delegate",
                    trigger=pgtrigger.compiler.Trigger(
                        name="demonstration_apart",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            IF TG_OP = 'UPDATE' THEN\n              IF NEW.delegation_id <> OLD.delegation_id AND (SELECT demonstration FROM negotiations_process WHERE id = (SELECT process_id FROM negotiations_meeting WHERE id = (SELECT meeting_id FROM negotiations_delegation WHERE id = NEW.delegation_id))) <> (SELECT demonstration FROM negotiations_process WHERE id = (SELECT process_id FROM negotiations_meeting WHERE id = (SELECT meeting_id FROM negotiations_delegation WHERE id = OLD.delegation_id))) THEN\n                RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'demonstration_apart', MESSAGE = 'A delegate stays demonstration data, or real, for ever.';\n              END IF;\n              IF NEW.delegation_id IS NOT DISTINCT FROM OLD.delegation_id AND NEW.person_id IS NOT DISTINCT FROM OLD.person_id AND NEW.meeting_id IS NOT DISTINCT FROM OLD.meeting_id THEN RETURN NULL; END IF;\n            END IF;\n            IF (SELECT count(DISTINCT told) > 1 FROM (VALUES ((SELECT demonstration FROM negotiations_process WHERE id = (SELECT process_id FROM negotiations_meeting WHERE id = (SELECT meeting_id FROM negotiations_delegation WHERE id = NEW.delegation_id)))), ((SELECT demonstration FROM negotiations_person WHERE id = NEW.person_id)), ((SELECT demonstration FROM negotiations_process WHERE id = (SELECT process_id FROM negotiations_meeting WHERE id = NEW.meeting_id)))) each(told)) THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'demonstration_apart', MESSAGE = 'Demonstration data and real records are kept apart: nothing hangs on both.';\n            END IF;\n            RETURN NULL;",
                            hash="74d7d44754e4f7616544725187aab9dd881b96bb",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_demonstration_apart_c5f07",
                            table="negotiations_delegate",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="delegation",
                    trigger=pgtrigger.compiler.Trigger(
                        name="demonstration_apart",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            IF TG_OP = 'UPDATE' THEN\n              IF NEW.meeting_id <> OLD.meeting_id AND (SELECT demonstration FROM negotiations_process WHERE id = (SELECT process_id FROM negotiations_meeting WHERE id = NEW.meeting_id)) <> (SELECT demonstration FROM negotiations_process WHERE id = (SELECT process_id FROM negotiations_meeting WHERE id = OLD.meeting_id)) THEN\n                RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'demonstration_apart', MESSAGE = 'A delegation stays demonstration data, or real, for ever.';\n              END IF;\n              IF NEW.meeting_id IS NOT DISTINCT FROM OLD.meeting_id AND NEW.party_id IS NOT DISTINCT FROM OLD.party_id THEN RETURN NULL; END IF;\n            END IF;\n            IF (SELECT count(DISTINCT told) > 1 FROM (VALUES ((SELECT demonstration FROM negotiations_process WHERE id = (SELECT process_id FROM negotiations_meeting WHERE id = NEW.meeting_id))), ((SELECT demonstration FROM negotiations_party WHERE id = NEW.party_id))) each(told)) THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'demonstration_apart', MESSAGE = 'Demonstration data and real records are kept apart: nothing hangs on both.';\n            END IF;\n            RETURN NULL;",
                            hash="ecdf02d001a1fb12b0abda87d9532ca91f2a28c0",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_demonstration_apart_5b099",
                            table="negotiations_delegation",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="meeting",
                    trigger=pgtrigger.compiler.Trigger(
                        name="demonstration_apart",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            IF TG_OP = 'UPDATE' THEN\n              IF NEW.process_id <> OLD.process_id AND (SELECT demonstration FROM negotiations_process WHERE id = NEW.process_id) <> (SELECT demonstration FROM negotiations_process WHERE id = OLD.process_id) THEN\n                RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'demonstration_apart', MESSAGE = 'A meeting stays demonstration data, or real, for ever.';\n              END IF;\n              IF NEW.process_id IS NOT DISTINCT FROM OLD.process_id AND NEW.host_id IS NOT DISTINCT FROM OLD.host_id AND NEW.follows_id IS NOT DISTINCT FROM OLD.follows_id AND NEW.slug IS NOT DISTINCT FROM OLD.slug THEN RETURN NULL; END IF;\n            END IF;\n            IF (SELECT count(DISTINCT told) > 1 FROM (VALUES ((SELECT demonstration FROM negotiations_process WHERE id = NEW.process_id)), ((SELECT demonstration FROM negotiations_party WHERE id = NEW.host_id)), ((SELECT demonstration FROM negotiations_process WHERE id = (SELECT process_id FROM negotiations_meeting WHERE id = NEW.follows_id)))) each(told)) THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'demonstration_apart', MESSAGE = 'Demonstration data and real records are kept apart: nothing hangs on both.';\n            END IF;\n            IF starts_with(NEW.slug, 'demonstration-') <> (SELECT demonstration FROM negotiations_process WHERE id = NEW.process_id) THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'demonstration_address', MESSAGE = 'The address of demonstration data begins with “demonstration-”, and no other does.';\n            END IF;\n            RETURN NULL;",
                            hash="7d590517e00228d99cf62aa4248207a069dbc075",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_demonstration_apart_5ecc4",
                            table="negotiations_meeting",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="openmatter",
                    trigger=pgtrigger.compiler.Trigger(
                        name="demonstration_apart",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            IF TG_OP = 'UPDATE' THEN\n              IF NEW.meeting_id <> OLD.meeting_id AND (SELECT demonstration FROM negotiations_process WHERE id = (SELECT process_id FROM negotiations_meeting WHERE id = NEW.meeting_id)) <> (SELECT demonstration FROM negotiations_process WHERE id = (SELECT process_id FROM negotiations_meeting WHERE id = OLD.meeting_id)) THEN\n                RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'demonstration_apart', MESSAGE = 'A open matter stays demonstration data, or real, for ever.';\n              END IF;\n              IF NEW.meeting_id IS NOT DISTINCT FROM OLD.meeting_id AND NEW.topic_id IS NOT DISTINCT FROM OLD.topic_id AND NEW.question_id IS NOT DISTINCT FROM OLD.question_id AND NEW.statement_id IS NOT DISTINCT FROM OLD.statement_id THEN RETURN NULL; END IF;\n            END IF;\n            IF (SELECT count(DISTINCT told) > 1 FROM (VALUES ((SELECT demonstration FROM negotiations_process WHERE id = (SELECT process_id FROM negotiations_meeting WHERE id = NEW.meeting_id))), ((SELECT demonstration FROM negotiations_topic WHERE id = NEW.topic_id)), ((SELECT demonstration FROM negotiations_topic WHERE id = (SELECT topic_id FROM negotiations_question WHERE id = NEW.question_id))), ((SELECT demonstration FROM negotiations_party WHERE id = (SELECT party_id FROM negotiations_statement WHERE id = NEW.statement_id)))) each(told)) THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'demonstration_apart', MESSAGE = 'Demonstration data and real records are kept apart: nothing hangs on both.';\n            END IF;\n            RETURN NULL;",
                            hash="8a7eadcfeb42d4ed6623a4771a7fcd7a22511801",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_demonstration_apart_b5d3c",
                            table="negotiations_openmatter",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="party",
                    trigger=pgtrigger.compiler.Trigger(
                        name="demonstration_apart",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            IF TG_OP = 'UPDATE' THEN\n              IF NEW.demonstration <> OLD.demonstration THEN\n                RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'demonstration_apart', MESSAGE = 'A party stays demonstration data, or real, for ever.';\n              END IF;\n              IF NEW.part_of_id IS NOT DISTINCT FROM OLD.part_of_id AND NEW.slug IS NOT DISTINCT FROM OLD.slug THEN RETURN NULL; END IF;\n            END IF;\n            IF (SELECT count(DISTINCT told) > 1 FROM (VALUES ((SELECT demonstration FROM negotiations_party WHERE id = NEW.part_of_id)), (NEW.demonstration)) each(told)) THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'demonstration_apart', MESSAGE = 'Demonstration data and real records are kept apart: nothing hangs on both.';\n            END IF;\n            IF starts_with(NEW.slug, 'demonstration-') <> NEW.demonstration THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'demonstration_address', MESSAGE = 'The address of demonstration data begins with “demonstration-”, and no other does.';\n            END IF;\n            RETURN NULL;",
                            hash="6a3ecba791276c5267b3cb37d3a5663f00795105",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_demonstration_apart_22783",
                            table="negotiations_party",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="party",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "negotiations_partyevent" ("created_at", "demonstration", "description", "id", "kind", "mark", "name", "native_name", "other_names", "part_of_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "short_name", "slug", "status", "updated_at") VALUES (NEW."created_at", NEW."demonstration", NEW."description", NEW."id", NEW."kind", NEW."mark", NEW."name", NEW."native_name", NEW."other_names", NEW."part_of_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."revision", NEW."short_name", NEW."slug", NEW."status", NEW."updated_at"); RETURN NULL;',
                            hash="9ea57a07223a0a7076ab6668f65e593c53e58343",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_aef92",
                            table="negotiations_party",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="party",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."demonstration" IS DISTINCT FROM (NEW."demonstration") OR OLD."description" IS DISTINCT FROM (NEW."description") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."mark" IS DISTINCT FROM (NEW."mark") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."native_name" IS DISTINCT FROM (NEW."native_name") OR OLD."other_names" IS DISTINCT FROM (NEW."other_names") OR OLD."part_of_id" IS DISTINCT FROM (NEW."part_of_id") OR OLD."short_name" IS DISTINCT FROM (NEW."short_name") OR OLD."slug" IS DISTINCT FROM (NEW."slug") OR OLD."status" IS DISTINCT FROM (NEW."status"))',
                            func='INSERT INTO "negotiations_partyevent" ("created_at", "demonstration", "description", "id", "kind", "mark", "name", "native_name", "other_names", "part_of_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "short_name", "slug", "status", "updated_at") VALUES (NEW."created_at", NEW."demonstration", NEW."description", NEW."id", NEW."kind", NEW."mark", NEW."name", NEW."native_name", NEW."other_names", NEW."part_of_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."revision", NEW."short_name", NEW."slug", NEW."status", NEW."updated_at"); RETURN NULL;',
                            hash="82a71abd561f2306adc51f949100269602842e47",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_c963b",
                            table="negotiations_party",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="party",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "negotiations_partyevent" ("created_at", "demonstration", "description", "id", "kind", "mark", "name", "native_name", "other_names", "part_of_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "short_name", "slug", "status", "updated_at") VALUES (OLD."created_at", OLD."demonstration", OLD."description", OLD."id", OLD."kind", OLD."mark", OLD."name", OLD."native_name", OLD."other_names", OLD."part_of_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."revision", OLD."short_name", OLD."slug", OLD."status", OLD."updated_at"); RETURN NULL;',
                            hash="e67b02cabdc0d4f8959e355c1ed90cc97c3e4b0f",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_455c4",
                            table="negotiations_party",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="person",
                    trigger=pgtrigger.compiler.Trigger(
                        name="demonstration_apart",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            IF TG_OP = 'UPDATE' THEN\n              IF NEW.demonstration <> OLD.demonstration THEN\n                RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'demonstration_apart', MESSAGE = 'A person stays demonstration data, or real, for ever.';\n              END IF;\n              IF NEW.slug IS NOT DISTINCT FROM OLD.slug THEN RETURN NULL; END IF;\n            END IF;\n            IF (SELECT count(DISTINCT told) > 1 FROM (VALUES (NEW.demonstration)) each(told)) THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'demonstration_apart', MESSAGE = 'Demonstration data and real records are kept apart: nothing hangs on both.';\n            END IF;\n            IF starts_with(NEW.slug, 'demonstration-') <> NEW.demonstration THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'demonstration_address', MESSAGE = 'The address of demonstration data begins with “demonstration-”, and no other does.';\n            END IF;\n            RETURN NULL;",
                            hash="a62cf2df779fa2e06debbc3bdbe4be3bfa39cd15",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_demonstration_apart_74ebc",
                            table="negotiations_person",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="person",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "negotiations_personevent" ("created_at", "demonstration", "description", "id", "name", "native_name", "other_names", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "slug", "sort_name", "status", "updated_at") VALUES (NEW."created_at", NEW."demonstration", NEW."description", NEW."id", NEW."name", NEW."native_name", NEW."other_names", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."revision", NEW."slug", NEW."sort_name", NEW."status", NEW."updated_at"); RETURN NULL;',
                            hash="feb673f77cff4ee96cbac48f314deedcb608e4a9",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_4cf23",
                            table="negotiations_person",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="person",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."demonstration" IS DISTINCT FROM (NEW."demonstration") OR OLD."description" IS DISTINCT FROM (NEW."description") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."native_name" IS DISTINCT FROM (NEW."native_name") OR OLD."other_names" IS DISTINCT FROM (NEW."other_names") OR OLD."slug" IS DISTINCT FROM (NEW."slug") OR OLD."sort_name" IS DISTINCT FROM (NEW."sort_name") OR OLD."status" IS DISTINCT FROM (NEW."status"))',
                            func='INSERT INTO "negotiations_personevent" ("created_at", "demonstration", "description", "id", "name", "native_name", "other_names", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "slug", "sort_name", "status", "updated_at") VALUES (NEW."created_at", NEW."demonstration", NEW."description", NEW."id", NEW."name", NEW."native_name", NEW."other_names", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."revision", NEW."slug", NEW."sort_name", NEW."status", NEW."updated_at"); RETURN NULL;',
                            hash="e1ff3107eeeb5282008d80f94ef229687ce81f77",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_a6b28",
                            table="negotiations_person",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="person",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "negotiations_personevent" ("created_at", "demonstration", "description", "id", "name", "native_name", "other_names", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "slug", "sort_name", "status", "updated_at") VALUES (OLD."created_at", OLD."demonstration", OLD."description", OLD."id", OLD."name", OLD."native_name", OLD."other_names", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."revision", OLD."slug", OLD."sort_name", OLD."status", OLD."updated_at"); RETURN NULL;',
                            hash="c2d270479c1df57197290665d463315d1490b4b9",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_7638e",
                            table="negotiations_person",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="position",
                    trigger=pgtrigger.compiler.Trigger(
                        name="demonstration_apart",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            IF TG_OP = 'UPDATE' THEN\n              IF NEW.question_id <> OLD.question_id AND (SELECT demonstration FROM negotiations_topic WHERE id = (SELECT topic_id FROM negotiations_question WHERE id = NEW.question_id)) <> (SELECT demonstration FROM negotiations_topic WHERE id = (SELECT topic_id FROM negotiations_question WHERE id = OLD.question_id)) THEN\n                RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'demonstration_apart', MESSAGE = 'A position stays demonstration data, or real, for ever.';\n              END IF;\n              IF NEW.question_id IS NOT DISTINCT FROM OLD.question_id AND NEW.party_id IS NOT DISTINCT FROM OLD.party_id AND NEW.statement_id IS NOT DISTINCT FROM OLD.statement_id THEN RETURN NULL; END IF;\n            END IF;\n            IF (SELECT count(DISTINCT told) > 1 FROM (VALUES ((SELECT demonstration FROM negotiations_topic WHERE id = (SELECT topic_id FROM negotiations_question WHERE id = NEW.question_id))), ((SELECT demonstration FROM negotiations_party WHERE id = NEW.party_id)), ((SELECT demonstration FROM negotiations_party WHERE id = (SELECT party_id FROM negotiations_statement WHERE id = NEW.statement_id)))) each(told)) THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'demonstration_apart', MESSAGE = 'Demonstration data and real records are kept apart: nothing hangs on both.';\n            END IF;\n            RETURN NULL;",
                            hash="55409b2dc69122278b3c06682a0f9d111965b108",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_demonstration_apart_4088a",
                            table="negotiations_position",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="process",
                    trigger=pgtrigger.compiler.Trigger(
                        name="demonstration_apart",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            IF TG_OP = 'UPDATE' THEN\n              IF NEW.demonstration <> OLD.demonstration THEN\n                RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'demonstration_apart', MESSAGE = 'A process stays demonstration data, or real, for ever.';\n              END IF;\n              IF NEW.slug IS NOT DISTINCT FROM OLD.slug THEN RETURN NULL; END IF;\n            END IF;\n            IF (SELECT count(DISTINCT told) > 1 FROM (VALUES (NEW.demonstration)) each(told)) THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'demonstration_apart', MESSAGE = 'Demonstration data and real records are kept apart: nothing hangs on both.';\n            END IF;\n            IF starts_with(NEW.slug, 'demonstration-') <> NEW.demonstration THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'demonstration_address', MESSAGE = 'The address of demonstration data begins with “demonstration-”, and no other does.';\n            END IF;\n            RETURN NULL;",
                            hash="e85129245dfa85657b77251363a0347101873719",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_demonstration_apart_730cb",
                            table="negotiations_process",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="process",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "negotiations_processevent" ("created_at", "demonstration", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "slug", "status", "summary", "updated_at") VALUES (NEW."created_at", NEW."demonstration", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."revision", NEW."slug", NEW."status", NEW."summary", NEW."updated_at"); RETURN NULL;',
                            hash="b8ec24f43889701c83fd50a794e5aad955e6bf12",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_b2245",
                            table="negotiations_process",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="process",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."demonstration" IS DISTINCT FROM (NEW."demonstration") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."slug" IS DISTINCT FROM (NEW."slug") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."summary" IS DISTINCT FROM (NEW."summary"))',
                            func='INSERT INTO "negotiations_processevent" ("created_at", "demonstration", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "slug", "status", "summary", "updated_at") VALUES (NEW."created_at", NEW."demonstration", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."revision", NEW."slug", NEW."status", NEW."summary", NEW."updated_at"); RETURN NULL;',
                            hash="9b085f4232ed8c2bed0d69c303fb5aa0e59dd953",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_6ba97",
                            table="negotiations_process",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="process",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "negotiations_processevent" ("created_at", "demonstration", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "slug", "status", "summary", "updated_at") VALUES (OLD."created_at", OLD."demonstration", OLD."id", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."revision", OLD."slug", OLD."status", OLD."summary", OLD."updated_at"); RETURN NULL;',
                            hash="46a1765b6eb7ad15b143d03f3aa09d00f8a70604",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_f5f0e",
                            table="negotiations_process",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="processparty",
                    trigger=pgtrigger.compiler.Trigger(
                        name="demonstration_apart",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            IF (SELECT count(DISTINCT told) > 1 FROM (VALUES ((SELECT demonstration FROM negotiations_process WHERE id = NEW.process_id)), ((SELECT demonstration FROM negotiations_party WHERE id = NEW.party_id))) each(told)) THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'demonstration_apart', MESSAGE = 'Demonstration data and real records are kept apart: nothing hangs on both.';\n            END IF;\n            RETURN NULL;",
                            hash="9324da85b9548def2f6007e93b2a80f607aac620",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_demonstration_apart_474e2",
                            table="negotiations_process_parties",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="progress",
                    trigger=pgtrigger.compiler.Trigger(
                        name="demonstration_apart",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            IF TG_OP = 'UPDATE' THEN\n              IF NEW.action_id <> OLD.action_id AND (SELECT demonstration FROM negotiations_process WHERE id = (SELECT process_id FROM negotiations_meeting WHERE id = (SELECT meeting_id FROM negotiations_action WHERE id = NEW.action_id))) <> (SELECT demonstration FROM negotiations_process WHERE id = (SELECT process_id FROM negotiations_meeting WHERE id = (SELECT meeting_id FROM negotiations_action WHERE id = OLD.action_id))) THEN\n                RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'demonstration_apart', MESSAGE = 'A progress report stays demonstration data, or real, for ever.';\n              END IF;\n              IF NEW.action_id IS NOT DISTINCT FROM OLD.action_id THEN RETURN NULL; END IF;\n            END IF;\n            IF (SELECT count(DISTINCT told) > 1 FROM (VALUES ((SELECT demonstration FROM negotiations_process WHERE id = (SELECT process_id FROM negotiations_meeting WHERE id = (SELECT meeting_id FROM negotiations_action WHERE id = NEW.action_id))))) each(told)) THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'demonstration_apart', MESSAGE = 'Demonstration data and real records are kept apart: nothing hangs on both.';\n            END IF;\n            RETURN NULL;",
                            hash="5097cbc90b6839d64aa09e90d66dc703a80be7c5",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_demonstration_apart_dc932",
                            table="negotiations_progress",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="question",
                    trigger=pgtrigger.compiler.Trigger(
                        name="demonstration_apart",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            IF TG_OP = 'UPDATE' THEN\n              IF NEW.topic_id <> OLD.topic_id AND (SELECT demonstration FROM negotiations_topic WHERE id = NEW.topic_id) <> (SELECT demonstration FROM negotiations_topic WHERE id = OLD.topic_id) THEN\n                RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'demonstration_apart', MESSAGE = 'A question stays demonstration data, or real, for ever.';\n              END IF;\n              IF NEW.topic_id IS NOT DISTINCT FROM OLD.topic_id AND NEW.slug IS NOT DISTINCT FROM OLD.slug THEN RETURN NULL; END IF;\n            END IF;\n            IF (SELECT count(DISTINCT told) > 1 FROM (VALUES ((SELECT demonstration FROM negotiations_topic WHERE id = NEW.topic_id))) each(told)) THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'demonstration_apart', MESSAGE = 'Demonstration data and real records are kept apart: nothing hangs on both.';\n            END IF;\n            IF starts_with(NEW.slug, 'demonstration-') <> (SELECT demonstration FROM negotiations_topic WHERE id = NEW.topic_id) THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'demonstration_address', MESSAGE = 'The address of demonstration data begins with “demonstration-”, and no other does.';\n            END IF;\n            RETURN NULL;",
                            hash="5791539fb28e9b83c28b45f98bc76b883b9718d7",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_demonstration_apart_b8796",
                            table="negotiations_question",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="source",
                    trigger=pgtrigger.compiler.Trigger(
                        name="demonstration_apart",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            IF TG_OP = 'UPDATE' THEN\n              IF NEW.demonstration <> OLD.demonstration THEN\n                RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'demonstration_apart', MESSAGE = 'A source stays demonstration data, or real, for ever.';\n              END IF;\n              IF NEW.on_behalf_of_id IS NOT DISTINCT FROM OLD.on_behalf_of_id THEN RETURN NULL; END IF;\n            END IF;\n            IF (SELECT count(DISTINCT told) > 1 FROM (VALUES ((SELECT demonstration FROM negotiations_party WHERE id = NEW.on_behalf_of_id)), (NEW.demonstration)) each(told)) THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'demonstration_apart', MESSAGE = 'Demonstration data and real records are kept apart: nothing hangs on both.';\n            END IF;\n            RETURN NULL;",
                            hash="c3bb887d7cf03ee2408addcda1b7a61a822bf25a",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_demonstration_apart_4f51f",
                            table="negotiations_source",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="source",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "negotiations_sourceevent" ("archived_url", "author", "created_at", "date_about", "date_from", "date_precision", "demonstration", "id", "kind", "language", "on_behalf_of_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "publisher", "republisher", "revision", "status", "text", "text_sha256", "title", "updated_at", "url") VALUES (NEW."archived_url", NEW."author", NEW."created_at", NEW."date_about", NEW."date_from", NEW."date_precision", NEW."demonstration", NEW."id", NEW."kind", NEW."language", NEW."on_behalf_of_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."publisher", NEW."republisher", NEW."revision", NEW."status", NEW."text", NEW."text_sha256", NEW."title", NEW."updated_at", NEW."url"); RETURN NULL;',
                            hash="b53e9b179c809f03ae8cbad114894d206cb926c3",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_d333a",
                            table="negotiations_source",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="source",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."archived_url" IS DISTINCT FROM (NEW."archived_url") OR OLD."author" IS DISTINCT FROM (NEW."author") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."date_about" IS DISTINCT FROM (NEW."date_about") OR OLD."date_from" IS DISTINCT FROM (NEW."date_from") OR OLD."date_precision" IS DISTINCT FROM (NEW."date_precision") OR OLD."demonstration" IS DISTINCT FROM (NEW."demonstration") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."language" IS DISTINCT FROM (NEW."language") OR OLD."on_behalf_of_id" IS DISTINCT FROM (NEW."on_behalf_of_id") OR OLD."publisher" IS DISTINCT FROM (NEW."publisher") OR OLD."republisher" IS DISTINCT FROM (NEW."republisher") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."text" IS DISTINCT FROM (NEW."text") OR OLD."text_sha256" IS DISTINCT FROM (NEW."text_sha256") OR OLD."title" IS DISTINCT FROM (NEW."title") OR OLD."url" IS DISTINCT FROM (NEW."url"))',
                            func='INSERT INTO "negotiations_sourceevent" ("archived_url", "author", "created_at", "date_about", "date_from", "date_precision", "demonstration", "id", "kind", "language", "on_behalf_of_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "publisher", "republisher", "revision", "status", "text", "text_sha256", "title", "updated_at", "url") VALUES (NEW."archived_url", NEW."author", NEW."created_at", NEW."date_about", NEW."date_from", NEW."date_precision", NEW."demonstration", NEW."id", NEW."kind", NEW."language", NEW."on_behalf_of_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."publisher", NEW."republisher", NEW."revision", NEW."status", NEW."text", NEW."text_sha256", NEW."title", NEW."updated_at", NEW."url"); RETURN NULL;',
                            hash="8d2663787e655183c943f98a92efc62ae11adc04",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_150fb",
                            table="negotiations_source",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="source",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "negotiations_sourceevent" ("archived_url", "author", "created_at", "date_about", "date_from", "date_precision", "demonstration", "id", "kind", "language", "on_behalf_of_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "publisher", "republisher", "revision", "status", "text", "text_sha256", "title", "updated_at", "url") VALUES (OLD."archived_url", OLD."author", OLD."created_at", OLD."date_about", OLD."date_from", OLD."date_precision", OLD."demonstration", OLD."id", OLD."kind", OLD."language", OLD."on_behalf_of_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."publisher", OLD."republisher", OLD."revision", OLD."status", OLD."text", OLD."text_sha256", OLD."title", OLD."updated_at", OLD."url"); RETURN NULL;',
                            hash="50092e5875587328d323acc88bbc9a6a18674114",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_90476",
                            table="negotiations_source",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="statement",
                    trigger=pgtrigger.compiler.Trigger(
                        name="demonstration_apart",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            IF TG_OP = 'UPDATE' THEN\n              IF NEW.party_id <> OLD.party_id AND (SELECT demonstration FROM negotiations_party WHERE id = NEW.party_id) <> (SELECT demonstration FROM negotiations_party WHERE id = OLD.party_id) THEN\n                RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'demonstration_apart', MESSAGE = 'A statement stays demonstration data, or real, for ever.';\n              END IF;\n              IF NEW.meeting_id IS NOT DISTINCT FROM OLD.meeting_id AND NEW.speaker_id IS NOT DISTINCT FROM OLD.speaker_id AND NEW.party_id IS NOT DISTINCT FROM OLD.party_id THEN RETURN NULL; END IF;\n            END IF;\n            IF (SELECT count(DISTINCT told) > 1 FROM (VALUES ((SELECT demonstration FROM negotiations_process WHERE id = (SELECT process_id FROM negotiations_meeting WHERE id = NEW.meeting_id))), ((SELECT demonstration FROM negotiations_person WHERE id = NEW.speaker_id)), ((SELECT demonstration FROM negotiations_party WHERE id = NEW.party_id))) each(told)) THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'demonstration_apart', MESSAGE = 'Demonstration data and real records are kept apart: nothing hangs on both.';\n            END IF;\n            RETURN NULL;",
                            hash="b048b4c4d95328f68c33da109d5e99bc63c4049e",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_demonstration_apart_1bc11",
                            table="negotiations_statement",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="statementtopic",
                    trigger=pgtrigger.compiler.Trigger(
                        name="demonstration_apart",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            IF (SELECT count(DISTINCT told) > 1 FROM (VALUES ((SELECT demonstration FROM negotiations_party WHERE id = (SELECT party_id FROM negotiations_statement WHERE id = NEW.statement_id))), ((SELECT demonstration FROM negotiations_topic WHERE id = NEW.topic_id))) each(told)) THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'demonstration_apart', MESSAGE = 'Demonstration data and real records are kept apart: nothing hangs on both.';\n            END IF;\n            RETURN NULL;",
                            hash="86f60ef22380619c9fdafcf03eb986368ff20c76",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_demonstration_apart_7da01",
                            table="negotiations_statement_topics",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="topic",
                    trigger=pgtrigger.compiler.Trigger(
                        name="demonstration_apart",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            IF TG_OP = 'UPDATE' THEN\n              IF NEW.demonstration <> OLD.demonstration THEN\n                RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'demonstration_apart', MESSAGE = 'A topic stays demonstration data, or real, for ever.';\n              END IF;\n              IF NEW.parent_id IS NOT DISTINCT FROM OLD.parent_id AND NEW.slug IS NOT DISTINCT FROM OLD.slug THEN RETURN NULL; END IF;\n            END IF;\n            IF (SELECT count(DISTINCT told) > 1 FROM (VALUES ((SELECT demonstration FROM negotiations_topic WHERE id = NEW.parent_id)), (NEW.demonstration)) each(told)) THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'demonstration_apart', MESSAGE = 'Demonstration data and real records are kept apart: nothing hangs on both.';\n            END IF;\n            IF starts_with(NEW.slug, 'demonstration-') <> NEW.demonstration THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'demonstration_address', MESSAGE = 'The address of demonstration data begins with “demonstration-”, and no other does.';\n            END IF;\n            RETURN NULL;",
                            hash="ee71cae8cfa2ee65613e3a04e244f7a3ca5f862e",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_demonstration_apart_2eef5",
                            table="negotiations_topic",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="topic",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "negotiations_topicevent" ("created_at", "demonstration", "description", "id", "name", "other_names", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "revision", "slug", "status", "updated_at") VALUES (NEW."created_at", NEW."demonstration", NEW."description", NEW."id", NEW."name", NEW."other_names", NEW."parent_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."position", NEW."revision", NEW."slug", NEW."status", NEW."updated_at"); RETURN NULL;',
                            hash="57a66f07190f6acc90cbfcb8e0e8a078beb75bef",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_60191",
                            table="negotiations_topic",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="topic",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."demonstration" IS DISTINCT FROM (NEW."demonstration") OR OLD."description" IS DISTINCT FROM (NEW."description") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."other_names" IS DISTINCT FROM (NEW."other_names") OR OLD."parent_id" IS DISTINCT FROM (NEW."parent_id") OR OLD."position" IS DISTINCT FROM (NEW."position") OR OLD."slug" IS DISTINCT FROM (NEW."slug") OR OLD."status" IS DISTINCT FROM (NEW."status"))',
                            func='INSERT INTO "negotiations_topicevent" ("created_at", "demonstration", "description", "id", "name", "other_names", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "revision", "slug", "status", "updated_at") VALUES (NEW."created_at", NEW."demonstration", NEW."description", NEW."id", NEW."name", NEW."other_names", NEW."parent_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."position", NEW."revision", NEW."slug", NEW."status", NEW."updated_at"); RETURN NULL;',
                            hash="b1abdac036d0ad61939c1a9b419efa046ed45096",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_bd428",
                            table="negotiations_topic",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="topic",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "negotiations_topicevent" ("created_at", "demonstration", "description", "id", "name", "other_names", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "revision", "slug", "status", "updated_at") VALUES (OLD."created_at", OLD."demonstration", OLD."description", OLD."id", OLD."name", OLD."other_names", OLD."parent_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."position", OLD."revision", OLD."slug", OLD."status", OLD."updated_at"); RETURN NULL;',
                            hash="fae18c910b50213bdefbe11dd0319ad770e17777",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_620bf",
                            table="negotiations_topic",
                            when="AFTER",
                        ),
                    ),
                ),
            ]
        ),
        migrations.RunSQL(FUNCTION, "DROP FUNCTION readout_at_latest"),
    ]
