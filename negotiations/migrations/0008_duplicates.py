"""Names that are alike, other names, and the record of merges."""

import django.contrib.postgres.indexes
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import negotiations.models.names
from negotiations.migrations._batch import Batch
from negotiations.models.names import LATIN
from negotiations.search.schema import NO_VIEWS, VIEWS


class Migration(migrations.Migration):
    dependencies = [
        ("negotiations", "0007_drafting"),
    ]

    operations = [
        Batch(
            [
                migrations.RunSQL(LATIN, "DROP FUNCTION readout_latin"),
                migrations.CreateModel(
                    name="Merge",
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
                        ("kind", models.CharField(max_length=30)),
                        ("kept_id", models.BigIntegerField()),
                        ("kept_name", models.TextField()),
                        ("other_id", models.BigIntegerField()),
                        ("other_name", models.TextField()),
                        ("other_row", models.JSONField()),
                        ("steps", models.JSONField()),
                        ("why", models.CharField(blank=True, max_length=300)),
                        ("made_at", models.DateTimeField(auto_now_add=True)),
                        ("undone_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "ordering": ("-id",),
                    },
                ),
                migrations.CreateModel(
                    name="NotTheSame",
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
                        ("kind", models.CharField(max_length=30)),
                        ("one", models.BigIntegerField()),
                        ("two", models.BigIntegerField()),
                        ("said_at", models.DateTimeField(auto_now_add=True)),
                    ],
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="account",
                    name="accounts_hold",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="account",
                    name="speakers_hold",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="action",
                    name="accounts_hold",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="meeting",
                    name="accounts_hold",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="party",
                    name="accounts_hold",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="party",
                    name="speakers_hold",
                ),
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
                    model_name="position",
                    name="speakers_hold",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="processparty",
                    name="accounts_hold",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="statement",
                    name="speakers_hold",
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
                    name="other_names",
                    field=models.TextField(
                        blank=True,
                        default="",
                        db_default="",
                        help_text="Other spellings and former names, one a line. Search knows them, too.",
                    ),
                ),
                migrations.AddField(
                    model_name="partyevent",
                    name="other_names",
                    field=models.TextField(
                        blank=True,
                        default="",
                        db_default="",
                        help_text="Other spellings and former names, one a line. Search knows them, too.",
                    ),
                ),
                migrations.AddField(
                    model_name="person",
                    name="other_names",
                    field=models.TextField(
                        blank=True,
                        default="",
                        db_default="",
                        help_text="Other spellings and former names, one a line. Search knows them, too.",
                    ),
                ),
                migrations.AddField(
                    model_name="personevent",
                    name="other_names",
                    field=models.TextField(
                        blank=True,
                        default="",
                        db_default="",
                        help_text="Other spellings and former names, one a line. Search knows them, too.",
                    ),
                ),
                migrations.AddField(
                    model_name="topic",
                    name="other_names",
                    field=models.TextField(
                        blank=True,
                        default="",
                        db_default="",
                        help_text="Other spellings and former names, one a line. Search knows them, too.",
                    ),
                ),
                migrations.AddField(
                    model_name="topicevent",
                    name="other_names",
                    field=models.TextField(
                        blank=True,
                        default="",
                        db_default="",
                        help_text="Other spellings and former names, one a line. Search knows them, too.",
                    ),
                ),
                migrations.AlterField(
                    model_name="partyevent",
                    name="pgh_obj",
                    field=models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="id_status_created_at_updated_at_revision_slug_name_short_name_native_name_kind_part_of_mark_other_names_description_events",
                        to="negotiations.party",
                    ),
                ),
                migrations.AlterField(
                    model_name="personevent",
                    name="pgh_obj",
                    field=models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="id_status_created_at_updated_at_revision_slug_name_sort_name_native_name_other_names_description_events",
                        to="negotiations.person",
                    ),
                ),
                migrations.AlterField(
                    model_name="topicevent",
                    name="pgh_obj",
                    field=models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="id_status_created_at_updated_at_revision_slug_name_parent_description_other_names_position_events",
                        to="negotiations.topic",
                    ),
                ),
                migrations.RunSQL(VIEWS, NO_VIEWS),
                migrations.AddIndex(
                    model_name="party",
                    index=django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass(
                            negotiations.models.names.Latin(models.F("name")), name="gin_trgm_ops"
                        ),
                        fastupdate=False,
                        name="party_name_alike",
                    ),
                ),
                migrations.AddIndex(
                    model_name="party",
                    index=django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass(
                            negotiations.models.names.Latin(models.F("short_name")),
                            name="gin_trgm_ops",
                        ),
                        fastupdate=False,
                        name="party_short_name_alike",
                    ),
                ),
                migrations.AddIndex(
                    model_name="party",
                    index=django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass(
                            negotiations.models.names.Latin(models.F("native_name")),
                            name="gin_trgm_ops",
                        ),
                        fastupdate=False,
                        name="party_native_name_alike",
                    ),
                ),
                migrations.AddIndex(
                    model_name="party",
                    index=django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass(
                            negotiations.models.names.Latin(models.F("other_names")),
                            name="gin_trgm_ops",
                        ),
                        fastupdate=False,
                        name="party_other_names_alike",
                    ),
                ),
                migrations.AddIndex(
                    model_name="person",
                    index=django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass(
                            negotiations.models.names.Latin(models.F("name")), name="gin_trgm_ops"
                        ),
                        fastupdate=False,
                        name="person_name_alike",
                    ),
                ),
                migrations.AddIndex(
                    model_name="person",
                    index=django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass(
                            negotiations.models.names.Latin(models.F("native_name")),
                            name="gin_trgm_ops",
                        ),
                        fastupdate=False,
                        name="person_native_name_alike",
                    ),
                ),
                migrations.AddIndex(
                    model_name="person",
                    index=django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass(
                            negotiations.models.names.Latin(models.F("other_names")),
                            name="gin_trgm_ops",
                        ),
                        fastupdate=False,
                        name="person_other_names_alike",
                    ),
                ),
                migrations.AddIndex(
                    model_name="process",
                    index=django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass(
                            negotiations.models.names.Latin(models.F("name")), name="gin_trgm_ops"
                        ),
                        fastupdate=False,
                        name="process_name_alike",
                    ),
                ),
                migrations.AddIndex(
                    model_name="question",
                    index=django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass(
                            negotiations.models.names.Latin(models.F("text")), name="gin_trgm_ops"
                        ),
                        fastupdate=False,
                        name="question_text_alike",
                    ),
                ),
                migrations.AddIndex(
                    model_name="topic",
                    index=django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass(
                            negotiations.models.names.Latin(models.F("name")), name="gin_trgm_ops"
                        ),
                        fastupdate=False,
                        name="topic_name_alike",
                    ),
                ),
                migrations.AddIndex(
                    model_name="topic",
                    index=django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass(
                            negotiations.models.names.Latin(models.F("other_names")),
                            name="gin_trgm_ops",
                        ),
                        fastupdate=False,
                        name="topic_other_names_alike",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="account",
                    trigger=pgtrigger.compiler.Trigger(
                        name="accounts_hold",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            constraint="CONSTRAINT",
                            func="\n            IF EXISTS (SELECT FROM negotiations_account r\n                       WHERE (r.id = NEW.id) AND NOT readout_in_process(r.action_id, r.party_id)) THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'party_of_the_process', MESSAGE = 'An account comes from a party of the process. Add the party to the process, or choose another.';\n            END IF;\n            RETURN NULL;",
                            hash="7a820ceac3766b3871c6491c1593849e32a758cf",
                            operation='INSERT OR UPDATE OF "party_id", "action_id"',
                            pgid="pgtrigger_accounts_hold_8c806",
                            table="negotiations_account",
                            timing="DEFERRABLE INITIALLY IMMEDIATE",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="account",
                    trigger=pgtrigger.compiler.Trigger(
                        name="speakers_hold",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            constraint="CONSTRAINT",
                            func="\n            IF EXISTS (SELECT FROM negotiations_account r WHERE (r.id = NEW.id)\n                       AND NOT readout_speaks_for(r.statement_id, r.party_id)) THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'speaks_for_its_party', MESSAGE = 'The party must be the statement’s own party, or one that it is part of.';\n            END IF;\nRETURN NULL;",
                            hash="17e359e442536bf689d743f6ccc86c6dc6990f02",
                            operation='INSERT OR UPDATE OF "party_id", "statement_id"',
                            pgid="pgtrigger_speakers_hold_9228d",
                            table="negotiations_account",
                            timing="DEFERRABLE INITIALLY IMMEDIATE",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="action",
                    trigger=pgtrigger.compiler.Trigger(
                        name="accounts_hold",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            constraint="CONSTRAINT",
                            func="\n            IF EXISTS (SELECT FROM negotiations_account r\n                       WHERE (r.action_id = NEW.id) AND NOT readout_in_process(r.action_id, r.party_id)) THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'party_of_the_process', MESSAGE = 'An account comes from a party of the process. Add the party to the process, or choose another.';\n            END IF;\n            RETURN NULL;",
                            hash="fb437ca467958221aa1cdb3f5c86f4fce53fdc7f",
                            operation='UPDATE OF "meeting_id"',
                            pgid="pgtrigger_accounts_hold_8dbab",
                            table="negotiations_action",
                            timing="DEFERRABLE INITIALLY IMMEDIATE",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="meeting",
                    trigger=pgtrigger.compiler.Trigger(
                        name="accounts_hold",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            constraint="CONSTRAINT",
                            func="\n            IF EXISTS (SELECT FROM negotiations_account r\n                       WHERE (r.action_id IN (SELECT a.id FROM negotiations_action a WHERE a.meeting_id = NEW.id)) AND NOT readout_in_process(r.action_id, r.party_id)) THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'party_of_the_process', MESSAGE = 'An account comes from a party of the process. Add the party to the process, or choose another.';\n            END IF;\n            RETURN NULL;",
                            hash="014e00d1fd0d66bcf45b58d2133c71efd165ccf7",
                            operation='UPDATE OF "process_id"',
                            pgid="pgtrigger_accounts_hold_22176",
                            table="negotiations_meeting",
                            timing="DEFERRABLE INITIALLY IMMEDIATE",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="party",
                    trigger=pgtrigger.compiler.Trigger(
                        name="accounts_hold",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            constraint="CONSTRAINT",
                            func="\n            IF EXISTS (SELECT FROM negotiations_account r\n                       WHERE (r.party_id IN (SELECT readout_party_and_below(NEW.id))) AND NOT readout_in_process(r.action_id, r.party_id)) THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'party_of_the_process', MESSAGE = 'An account comes from a party of the process. Add the party to the process, or choose another.';\n            END IF;\n            RETURN NULL;",
                            hash="63d5fff9654269633f6e6014aefce1e18cdce956",
                            operation='UPDATE OF "part_of_id"',
                            pgid="pgtrigger_accounts_hold_0d4f1",
                            table="negotiations_party",
                            timing="DEFERRABLE INITIALLY IMMEDIATE",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="party",
                    trigger=pgtrigger.compiler.Trigger(
                        name="speakers_hold",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            constraint="CONSTRAINT",
                            func="\n            IF EXISTS (SELECT FROM negotiations_account r WHERE (r.statement_id IN (SELECT s.id FROM negotiations_statement s WHERE s.party_id IN (SELECT readout_party_and_below(NEW.id))))\n                       AND NOT readout_speaks_for(r.statement_id, r.party_id)) THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'speaks_for_its_party', MESSAGE = 'The party must be the statement’s own party, or one that it is part of.';\n            END IF;\n            IF EXISTS (SELECT FROM negotiations_position r WHERE (r.statement_id IN (SELECT s.id FROM negotiations_statement s WHERE s.party_id IN (SELECT readout_party_and_below(NEW.id))))\n                       AND NOT readout_speaks_for(r.statement_id, r.party_id)) THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'speaks_for_its_party', MESSAGE = 'The party must be the statement’s own party, or one that it is part of.';\n            END IF;\nRETURN NULL;",
                            hash="3d281fc8acd51fc6a59d93b80611703a1ccb5170",
                            operation='UPDATE OF "part_of_id"',
                            pgid="pgtrigger_speakers_hold_3c4e2",
                            table="negotiations_party",
                            timing="DEFERRABLE INITIALLY IMMEDIATE",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="party",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "negotiations_partyevent" ("created_at", "description", "id", "kind", "mark", "name", "native_name", "other_names", "part_of_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "short_name", "slug", "status", "updated_at") VALUES (NEW."created_at", NEW."description", NEW."id", NEW."kind", NEW."mark", NEW."name", NEW."native_name", NEW."other_names", NEW."part_of_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."revision", NEW."short_name", NEW."slug", NEW."status", NEW."updated_at"); RETURN NULL;',
                            hash="98d059c357ca6f71ad010e3b63032f11ae5cec57",
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
                            condition='WHEN (OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."description" IS DISTINCT FROM (NEW."description") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."mark" IS DISTINCT FROM (NEW."mark") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."native_name" IS DISTINCT FROM (NEW."native_name") OR OLD."other_names" IS DISTINCT FROM (NEW."other_names") OR OLD."part_of_id" IS DISTINCT FROM (NEW."part_of_id") OR OLD."short_name" IS DISTINCT FROM (NEW."short_name") OR OLD."slug" IS DISTINCT FROM (NEW."slug") OR OLD."status" IS DISTINCT FROM (NEW."status"))',
                            func='INSERT INTO "negotiations_partyevent" ("created_at", "description", "id", "kind", "mark", "name", "native_name", "other_names", "part_of_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "short_name", "slug", "status", "updated_at") VALUES (NEW."created_at", NEW."description", NEW."id", NEW."kind", NEW."mark", NEW."name", NEW."native_name", NEW."other_names", NEW."part_of_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."revision", NEW."short_name", NEW."slug", NEW."status", NEW."updated_at"); RETURN NULL;',
                            hash="c645a12546f48c90c0c5ee587e2bc5876b8a35bf",
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
                            func='INSERT INTO "negotiations_partyevent" ("created_at", "description", "id", "kind", "mark", "name", "native_name", "other_names", "part_of_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "short_name", "slug", "status", "updated_at") VALUES (OLD."created_at", OLD."description", OLD."id", OLD."kind", OLD."mark", OLD."name", OLD."native_name", OLD."other_names", OLD."part_of_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."revision", OLD."short_name", OLD."slug", OLD."status", OLD."updated_at"); RETURN NULL;',
                            hash="01ac1f518118379fdfea36148590d11e580546b0",
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
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "negotiations_personevent" ("created_at", "description", "id", "name", "native_name", "other_names", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "slug", "sort_name", "status", "updated_at") VALUES (NEW."created_at", NEW."description", NEW."id", NEW."name", NEW."native_name", NEW."other_names", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."revision", NEW."slug", NEW."sort_name", NEW."status", NEW."updated_at"); RETURN NULL;',
                            hash="24a7a261784a37a744ef3cc25bf43be75bf714ce",
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
                            condition='WHEN (OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."description" IS DISTINCT FROM (NEW."description") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."native_name" IS DISTINCT FROM (NEW."native_name") OR OLD."other_names" IS DISTINCT FROM (NEW."other_names") OR OLD."slug" IS DISTINCT FROM (NEW."slug") OR OLD."sort_name" IS DISTINCT FROM (NEW."sort_name") OR OLD."status" IS DISTINCT FROM (NEW."status"))',
                            func='INSERT INTO "negotiations_personevent" ("created_at", "description", "id", "name", "native_name", "other_names", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "slug", "sort_name", "status", "updated_at") VALUES (NEW."created_at", NEW."description", NEW."id", NEW."name", NEW."native_name", NEW."other_names", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."revision", NEW."slug", NEW."sort_name", NEW."status", NEW."updated_at"); RETURN NULL;',
                            hash="924c6989a6d346b1f01625670956f6a8dec451a1",
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
                            func='INSERT INTO "negotiations_personevent" ("created_at", "description", "id", "name", "native_name", "other_names", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "slug", "sort_name", "status", "updated_at") VALUES (OLD."created_at", OLD."description", OLD."id", OLD."name", OLD."native_name", OLD."other_names", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."revision", OLD."slug", OLD."sort_name", OLD."status", OLD."updated_at"); RETURN NULL;',
                            hash="97f7bcf5a7197ddd6a518cce4eae459ecaed8137",
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
                        name="speakers_hold",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            constraint="CONSTRAINT",
                            func="\n            IF EXISTS (SELECT FROM negotiations_position r WHERE (r.id = NEW.id)\n                       AND NOT readout_speaks_for(r.statement_id, r.party_id)) THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'speaks_for_its_party', MESSAGE = 'The party must be the statement’s own party, or one that it is part of.';\n            END IF;\nRETURN NULL;",
                            hash="4e7762d64b33e4fa7b21b75018885ec376b621d4",
                            operation='INSERT OR UPDATE OF "party_id", "statement_id"',
                            pgid="pgtrigger_speakers_hold_5726b",
                            table="negotiations_position",
                            timing="DEFERRABLE INITIALLY IMMEDIATE",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="processparty",
                    trigger=pgtrigger.compiler.Trigger(
                        name="accounts_hold",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            constraint="CONSTRAINT",
                            func="\n            IF EXISTS (SELECT FROM negotiations_account r\n                       WHERE (r.action_id IN (SELECT a.id FROM negotiations_action a JOIN negotiations_meeting m ON m.id = a.meeting_id WHERE m.process_id = OLD.process_id)) AND NOT readout_in_process(r.action_id, r.party_id)) THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'party_of_the_process', MESSAGE = 'An account comes from a party of the process. Add the party to the process, or choose another.';\n            END IF;\n            RETURN NULL;",
                            hash="047f32ffbe68169b2a4f38870ca1b4e20c9864f5",
                            operation="DELETE OR UPDATE",
                            pgid="pgtrigger_accounts_hold_8676b",
                            table="negotiations_process_parties",
                            timing="DEFERRABLE INITIALLY IMMEDIATE",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="statement",
                    trigger=pgtrigger.compiler.Trigger(
                        name="speakers_hold",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            constraint="CONSTRAINT",
                            func="\n            IF EXISTS (SELECT FROM negotiations_account r WHERE (r.statement_id = NEW.id)\n                       AND NOT readout_speaks_for(r.statement_id, r.party_id)) THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'speaks_for_its_party', MESSAGE = 'The party must be the statement’s own party, or one that it is part of.';\n            END IF;\n            IF EXISTS (SELECT FROM negotiations_position r WHERE (r.statement_id = NEW.id)\n                       AND NOT readout_speaks_for(r.statement_id, r.party_id)) THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'speaks_for_its_party', MESSAGE = 'The party must be the statement’s own party, or one that it is part of.';\n            END IF;\nRETURN NULL;",
                            hash="6254997c69e4e2c554df91f5148cd93fe15eae07",
                            operation='UPDATE OF "party_id"',
                            pgid="pgtrigger_speakers_hold_7a0b1",
                            table="negotiations_statement",
                            timing="DEFERRABLE INITIALLY IMMEDIATE",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="topic",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "negotiations_topicevent" ("created_at", "description", "id", "name", "other_names", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "revision", "slug", "status", "updated_at") VALUES (NEW."created_at", NEW."description", NEW."id", NEW."name", NEW."other_names", NEW."parent_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."position", NEW."revision", NEW."slug", NEW."status", NEW."updated_at"); RETURN NULL;',
                            hash="95601f0e6b3ce19faef822db310434c2dc189989",
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
                            condition='WHEN (OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."description" IS DISTINCT FROM (NEW."description") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."other_names" IS DISTINCT FROM (NEW."other_names") OR OLD."parent_id" IS DISTINCT FROM (NEW."parent_id") OR OLD."position" IS DISTINCT FROM (NEW."position") OR OLD."slug" IS DISTINCT FROM (NEW."slug") OR OLD."status" IS DISTINCT FROM (NEW."status"))',
                            func='INSERT INTO "negotiations_topicevent" ("created_at", "description", "id", "name", "other_names", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "revision", "slug", "status", "updated_at") VALUES (NEW."created_at", NEW."description", NEW."id", NEW."name", NEW."other_names", NEW."parent_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."position", NEW."revision", NEW."slug", NEW."status", NEW."updated_at"); RETURN NULL;',
                            hash="c909f0cb022d355972afd31c1f4a6bba83030a6d",
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
                            func='INSERT INTO "negotiations_topicevent" ("created_at", "description", "id", "name", "other_names", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "revision", "slug", "status", "updated_at") VALUES (OLD."created_at", OLD."description", OLD."id", OLD."name", OLD."other_names", OLD."parent_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."position", OLD."revision", OLD."slug", OLD."status", OLD."updated_at"); RETURN NULL;',
                            hash="50ec3bc8666418c86fdb76663fab1ed8be5ba873",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_620bf",
                            table="negotiations_topic",
                            when="AFTER",
                        ),
                    ),
                ),
                migrations.AddField(
                    model_name="merge",
                    name="made_by",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="merges",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="merge",
                    name="undone_by",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="merges_undone",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="notthesame",
                    name="said_by",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddIndex(
                    model_name="merge",
                    index=models.Index(fields=["kind", "kept_id"], name="merge_by_kept"),
                ),
                migrations.AddConstraint(
                    model_name="merge",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("undone_at", None)),
                        fields=("kind", "other_id"),
                        name="merge_once",
                        violation_error_message="This record was merged already.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="merge",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("kept_id", models.F("other_id")), _negated=True),
                        name="merge_of_two",
                        violation_error_message="A record is not merged with itself.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="notthesame",
                    constraint=models.UniqueConstraint(
                        fields=("kind", "one", "two"), name="not_the_same_once"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="notthesame",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("one__lt", models.F("two"))),
                        name="not_the_same_in_order",
                    ),
                ),
            ]
        )
    ]
