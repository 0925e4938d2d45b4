"""Reviewers’ notes, withdrawals, and the status that goes with them."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from negotiations.migrations._batch import Batch


class Migration(migrations.Migration):
    dependencies = [
        ("negotiations", "0008_duplicates"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        Batch(
            [
                migrations.CreateModel(
                    name="ReviewNote",
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
                        ("kind", models.CharField(editable=False, max_length=30)),
                        ("record_id", models.BigIntegerField(editable=False)),
                        ("written_at", models.DateTimeField(auto_now_add=True)),
                        ("text", models.TextField(verbose_name="note")),
                        ("resolved_at", models.DateTimeField(editable=False, null=True)),
                    ],
                    options={
                        "ordering": ("-pk",),
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="ReviewNoteEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("kind", models.CharField(editable=False, max_length=30)),
                        ("record_id", models.BigIntegerField(editable=False)),
                        ("written_at", models.DateTimeField(auto_now_add=True)),
                        ("text", models.TextField(verbose_name="note")),
                        ("resolved_at", models.DateTimeField(editable=False, null=True)),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Withdrawal",
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
                        ("kind", models.CharField(editable=False, max_length=30)),
                        ("record_id", models.BigIntegerField(editable=False)),
                        ("written_at", models.DateTimeField(auto_now_add=True)),
                        ("why", models.TextField(verbose_name="why")),
                        ("ended_at", models.DateTimeField(editable=False, null=True)),
                    ],
                    options={
                        "ordering": ("-pk",),
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="WithdrawalEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("kind", models.CharField(editable=False, max_length=30)),
                        ("record_id", models.BigIntegerField(editable=False)),
                        ("written_at", models.DateTimeField(auto_now_add=True)),
                        ("why", models.TextField(verbose_name="why")),
                        ("ended_at", models.DateTimeField(editable=False, null=True)),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.RemoveConstraint(
                    model_name="account",
                    name="account_status_is_known",
                ),
                migrations.RemoveConstraint(
                    model_name="action",
                    name="action_status_is_known",
                ),
                migrations.RemoveConstraint(
                    model_name="appointment",
                    name="appointment_status_is_known",
                ),
                migrations.RemoveConstraint(
                    model_name="delegate",
                    name="delegate_status_is_known",
                ),
                migrations.RemoveConstraint(
                    model_name="delegation",
                    name="delegation_status_is_known",
                ),
                migrations.RemoveConstraint(
                    model_name="meeting",
                    name="meeting_status_is_known",
                ),
                migrations.RemoveConstraint(
                    model_name="openmatter",
                    name="openmatter_status_is_known",
                ),
                migrations.RemoveConstraint(
                    model_name="party",
                    name="party_status_is_known",
                ),
                migrations.RemoveConstraint(
                    model_name="person",
                    name="person_status_is_known",
                ),
                migrations.RemoveConstraint(
                    model_name="position",
                    name="position_status_is_known",
                ),
                migrations.RemoveConstraint(
                    model_name="process",
                    name="process_status_is_known",
                ),
                migrations.RemoveConstraint(
                    model_name="progress",
                    name="progress_status_is_known",
                ),
                migrations.RemoveConstraint(
                    model_name="question",
                    name="question_status_is_known",
                ),
                migrations.RemoveConstraint(
                    model_name="source",
                    name="source_status_is_known",
                ),
                migrations.RemoveConstraint(
                    model_name="statement",
                    name="statement_status_is_known",
                ),
                migrations.RemoveConstraint(
                    model_name="topic",
                    name="topic_status_is_known",
                ),
                migrations.AlterField(
                    model_name="account",
                    name="status",
                    field=models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("in_review", "in review"),
                            ("published", "published"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=10,
                    ),
                ),
                migrations.AlterField(
                    model_name="accountevent",
                    name="status",
                    field=models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("in_review", "in review"),
                            ("published", "published"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=10,
                    ),
                ),
                migrations.AlterField(
                    model_name="action",
                    name="status",
                    field=models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("in_review", "in review"),
                            ("published", "published"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=10,
                    ),
                ),
                migrations.AlterField(
                    model_name="actionevent",
                    name="status",
                    field=models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("in_review", "in review"),
                            ("published", "published"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=10,
                    ),
                ),
                migrations.AlterField(
                    model_name="appointment",
                    name="status",
                    field=models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("in_review", "in review"),
                            ("published", "published"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=10,
                    ),
                ),
                migrations.AlterField(
                    model_name="appointmentevent",
                    name="status",
                    field=models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("in_review", "in review"),
                            ("published", "published"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=10,
                    ),
                ),
                migrations.AlterField(
                    model_name="delegate",
                    name="status",
                    field=models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("in_review", "in review"),
                            ("published", "published"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=10,
                    ),
                ),
                migrations.AlterField(
                    model_name="delegateevent",
                    name="status",
                    field=models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("in_review", "in review"),
                            ("published", "published"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=10,
                    ),
                ),
                migrations.AlterField(
                    model_name="delegation",
                    name="status",
                    field=models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("in_review", "in review"),
                            ("published", "published"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=10,
                    ),
                ),
                migrations.AlterField(
                    model_name="delegationevent",
                    name="status",
                    field=models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("in_review", "in review"),
                            ("published", "published"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=10,
                    ),
                ),
                migrations.AlterField(
                    model_name="meeting",
                    name="status",
                    field=models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("in_review", "in review"),
                            ("published", "published"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=10,
                    ),
                ),
                migrations.AlterField(
                    model_name="meetingevent",
                    name="status",
                    field=models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("in_review", "in review"),
                            ("published", "published"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=10,
                    ),
                ),
                migrations.AlterField(
                    model_name="openmatter",
                    name="status",
                    field=models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("in_review", "in review"),
                            ("published", "published"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=10,
                    ),
                ),
                migrations.AlterField(
                    model_name="openmatterevent",
                    name="status",
                    field=models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("in_review", "in review"),
                            ("published", "published"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=10,
                    ),
                ),
                migrations.AlterField(
                    model_name="party",
                    name="status",
                    field=models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("in_review", "in review"),
                            ("published", "published"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=10,
                    ),
                ),
                migrations.AlterField(
                    model_name="partyevent",
                    name="status",
                    field=models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("in_review", "in review"),
                            ("published", "published"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=10,
                    ),
                ),
                migrations.AlterField(
                    model_name="person",
                    name="status",
                    field=models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("in_review", "in review"),
                            ("published", "published"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=10,
                    ),
                ),
                migrations.AlterField(
                    model_name="personevent",
                    name="status",
                    field=models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("in_review", "in review"),
                            ("published", "published"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=10,
                    ),
                ),
                migrations.AlterField(
                    model_name="position",
                    name="status",
                    field=models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("in_review", "in review"),
                            ("published", "published"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=10,
                    ),
                ),
                migrations.AlterField(
                    model_name="positionevent",
                    name="status",
                    field=models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("in_review", "in review"),
                            ("published", "published"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=10,
                    ),
                ),
                migrations.AlterField(
                    model_name="process",
                    name="status",
                    field=models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("in_review", "in review"),
                            ("published", "published"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=10,
                    ),
                ),
                migrations.AlterField(
                    model_name="processevent",
                    name="status",
                    field=models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("in_review", "in review"),
                            ("published", "published"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=10,
                    ),
                ),
                migrations.AlterField(
                    model_name="progress",
                    name="status",
                    field=models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("in_review", "in review"),
                            ("published", "published"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=10,
                    ),
                ),
                migrations.AlterField(
                    model_name="progressevent",
                    name="status",
                    field=models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("in_review", "in review"),
                            ("published", "published"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=10,
                    ),
                ),
                migrations.AlterField(
                    model_name="question",
                    name="status",
                    field=models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("in_review", "in review"),
                            ("published", "published"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=10,
                    ),
                ),
                migrations.AlterField(
                    model_name="questionevent",
                    name="status",
                    field=models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("in_review", "in review"),
                            ("published", "published"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=10,
                    ),
                ),
                migrations.AlterField(
                    model_name="source",
                    name="status",
                    field=models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("in_review", "in review"),
                            ("published", "published"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=10,
                    ),
                ),
                migrations.AlterField(
                    model_name="sourceevent",
                    name="status",
                    field=models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("in_review", "in review"),
                            ("published", "published"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=10,
                    ),
                ),
                migrations.AlterField(
                    model_name="statement",
                    name="status",
                    field=models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("in_review", "in review"),
                            ("published", "published"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=10,
                    ),
                ),
                migrations.AlterField(
                    model_name="statementevent",
                    name="status",
                    field=models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("in_review", "in review"),
                            ("published", "published"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=10,
                    ),
                ),
                migrations.AlterField(
                    model_name="topic",
                    name="status",
                    field=models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("in_review", "in review"),
                            ("published", "published"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=10,
                    ),
                ),
                migrations.AlterField(
                    model_name="topicevent",
                    name="status",
                    field=models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("in_review", "in review"),
                            ("published", "published"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=10,
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="account",
                    trigger=pgtrigger.compiler.Trigger(
                        name="notes_resolved",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NOT (OLD.\"status\" = 'published') AND NEW.\"status\" = 'published')",
                            func="\n            IF EXISTS (SELECT FROM negotiations_reviewnote\n                       WHERE kind = 'account' AND record_id = NEW.id AND resolved_at IS NULL) THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'notes_resolved', MESSAGE = 'Mend and resolve the reviewer’s notes on this account first.';\n            END IF;\n            UPDATE negotiations_withdrawal SET ended_at = now()\n              WHERE kind = 'account' AND record_id = NEW.id AND ended_at IS NULL;\n            RETURN NULL;",
                            hash="7afc9b274d688a064ecc5005a88e1d7f1bbeafed",
                            operation='UPDATE OF "status"',
                            pgid="pgtrigger_notes_resolved_279b4",
                            table="negotiations_account",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="account",
                    trigger=pgtrigger.compiler.Trigger(
                        name="withdrawn_for_cause",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NEW.\"status\" = 'withdrawn')",
                            func="\n            IF TG_OP = 'INSERT' OR OLD.status NOT IN ('published', 'withdrawn') THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'withdrawn_for_cause', MESSAGE = 'Only a public account can be withdrawn.';\n            END IF;\n            IF NOT EXISTS (SELECT FROM negotiations_withdrawal\n                           WHERE kind = 'account' AND record_id = NEW.id AND ended_at IS NULL) THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'withdrawn_for_cause', MESSAGE = 'Say why the account is withdrawn.';\n            END IF;\n            RETURN NULL;",
                            hash="608536873b0d49ab76431f54c6575a4d0980cc75",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_withdrawn_for_cause_6662d",
                            table="negotiations_account",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="account",
                    trigger=pgtrigger.compiler.Trigger(
                        name="takes_its_notes",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            IF EXISTS (SELECT FROM negotiations_withdrawal\n                       WHERE kind = 'account' AND record_id = OLD.id AND ended_at IS NULL) THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'withdrawn_stays', MESSAGE = 'A withdrawn account is not deleted: its address goes on saying that it was withdrawn.';\n            END IF;\n            DELETE FROM negotiations_reviewnote WHERE kind = 'account' AND record_id = OLD.id;\n            DELETE FROM negotiations_withdrawal WHERE kind = 'account' AND record_id = OLD.id;\n            RETURN OLD;",
                            hash="12f65c41fb320387b3c646ae4abe5fd2468fab11",
                            operation="DELETE",
                            pgid="pgtrigger_takes_its_notes_7ff08",
                            table="negotiations_account",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="action",
                    trigger=pgtrigger.compiler.Trigger(
                        name="notes_resolved",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NOT (OLD.\"status\" = 'published') AND NEW.\"status\" = 'published')",
                            func="\n            IF EXISTS (SELECT FROM negotiations_reviewnote\n                       WHERE kind = 'action' AND record_id = NEW.id AND resolved_at IS NULL) THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'notes_resolved', MESSAGE = 'Mend and resolve the reviewer’s notes on this action first.';\n            END IF;\n            UPDATE negotiations_withdrawal SET ended_at = now()\n              WHERE kind = 'action' AND record_id = NEW.id AND ended_at IS NULL;\n            RETURN NULL;",
                            hash="36595e36459ccb188265ea4745ebe09508cb6135",
                            operation='UPDATE OF "status"',
                            pgid="pgtrigger_notes_resolved_9c887",
                            table="negotiations_action",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="action",
                    trigger=pgtrigger.compiler.Trigger(
                        name="withdrawn_for_cause",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NEW.\"status\" = 'withdrawn')",
                            func="\n            IF TG_OP = 'INSERT' OR OLD.status NOT IN ('published', 'withdrawn') THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'withdrawn_for_cause', MESSAGE = 'Only a public action can be withdrawn.';\n            END IF;\n            IF NOT EXISTS (SELECT FROM negotiations_withdrawal\n                           WHERE kind = 'action' AND record_id = NEW.id AND ended_at IS NULL) THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'withdrawn_for_cause', MESSAGE = 'Say why the action is withdrawn.';\n            END IF;\n            RETURN NULL;",
                            hash="fb1ceeb35834d0c8c2c931e2ca5cf4dbd7a9b762",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_withdrawn_for_cause_5a553",
                            table="negotiations_action",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="action",
                    trigger=pgtrigger.compiler.Trigger(
                        name="takes_its_notes",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            IF EXISTS (SELECT FROM negotiations_withdrawal\n                       WHERE kind = 'action' AND record_id = OLD.id AND ended_at IS NULL) THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'withdrawn_stays', MESSAGE = 'A withdrawn action is not deleted: its address goes on saying that it was withdrawn.';\n            END IF;\n            DELETE FROM negotiations_reviewnote WHERE kind = 'action' AND record_id = OLD.id;\n            DELETE FROM negotiations_withdrawal WHERE kind = 'action' AND record_id = OLD.id;\n            RETURN OLD;",
                            hash="bfb057eb86e87dd0d3c79e619da8c6285245b0a1",
                            operation="DELETE",
                            pgid="pgtrigger_takes_its_notes_43f6b",
                            table="negotiations_action",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="appointment",
                    trigger=pgtrigger.compiler.Trigger(
                        name="notes_resolved",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NOT (OLD.\"status\" = 'published') AND NEW.\"status\" = 'published')",
                            func="\n            IF EXISTS (SELECT FROM negotiations_reviewnote\n                       WHERE kind = 'appointment' AND record_id = NEW.id AND resolved_at IS NULL) THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'notes_resolved', MESSAGE = 'Mend and resolve the reviewer’s notes on this appointment first.';\n            END IF;\n            UPDATE negotiations_withdrawal SET ended_at = now()\n              WHERE kind = 'appointment' AND record_id = NEW.id AND ended_at IS NULL;\n            RETURN NULL;",
                            hash="8f385f8338c66b669d6cdcc3e4a320b76a17dfed",
                            operation='UPDATE OF "status"',
                            pgid="pgtrigger_notes_resolved_c52a2",
                            table="negotiations_appointment",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="appointment",
                    trigger=pgtrigger.compiler.Trigger(
                        name="withdrawn_for_cause",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NEW.\"status\" = 'withdrawn')",
                            func="\n            IF TG_OP = 'INSERT' OR OLD.status NOT IN ('published', 'withdrawn') THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'withdrawn_for_cause', MESSAGE = 'Only a public appointment can be withdrawn.';\n            END IF;\n            IF NOT EXISTS (SELECT FROM negotiations_withdrawal\n                           WHERE kind = 'appointment' AND record_id = NEW.id AND ended_at IS NULL) THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'withdrawn_for_cause', MESSAGE = 'Say why the appointment is withdrawn.';\n            END IF;\n            RETURN NULL;",
                            hash="f17e174e0ba02e4c3597a5f6935956302b3138f2",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_withdrawn_for_cause_d50ef",
                            table="negotiations_appointment",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="appointment",
                    trigger=pgtrigger.compiler.Trigger(
                        name="takes_its_notes",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            IF EXISTS (SELECT FROM negotiations_withdrawal\n                       WHERE kind = 'appointment' AND record_id = OLD.id AND ended_at IS NULL) THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'withdrawn_stays', MESSAGE = 'A withdrawn appointment is not deleted: its address goes on saying that it was withdrawn.';\n            END IF;\n            DELETE FROM negotiations_reviewnote WHERE kind = 'appointment' AND record_id = OLD.id;\n            DELETE FROM negotiations_withdrawal WHERE kind = 'appointment' AND record_id = OLD.id;\n            RETURN OLD;",
                            hash="2a84fe342a79332ce2f17f0e7b1a203b5467e482",
                            operation="DELETE",
                            pgid="pgtrigger_takes_its_notes_de126",
                            table="negotiations_appointment",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="delegate",
                    trigger=pgtrigger.compiler.Trigger(
                        name="notes_resolved",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NOT (OLD.\"status\" = 'published') AND NEW.\"status\" = 'published')",
                            func="\n            IF EXISTS (SELECT FROM negotiations_reviewnote\n                       WHERE kind = 'delegate' AND record_id = NEW.id AND resolved_at IS NULL) THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'notes_resolved', MESSAGE = 'Mend and resolve the reviewer’s notes on this delegate first.';\n            END IF;\n            UPDATE negotiations_withdrawal SET ended_at = now()\n              WHERE kind = 'delegate' AND record_id = NEW.id AND ended_at IS NULL;\n            RETURN NULL;",
                            hash="3a8cab2d9968de54ab6b2f3560a1b49c1625975d",
                            operation='UPDATE OF "status"',
                            pgid="pgtrigger_notes_resolved_4098e",
                            table="negotiations_delegate",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="delegate",
                    trigger=pgtrigger.compiler.Trigger(
                        name="withdrawn_for_cause",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NEW.\"status\" = 'withdrawn')",
                            func="\n            IF TG_OP = 'INSERT' OR OLD.status NOT IN ('published', 'withdrawn') THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'withdrawn_for_cause', MESSAGE = 'Only a public delegate can be withdrawn.';\n            END IF;\n            IF NOT EXISTS (SELECT FROM negotiations_withdrawal\n                           WHERE kind = 'delegate' AND record_id = NEW.id AND ended_at IS NULL) THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'withdrawn_for_cause', MESSAGE = 'Say why the delegate is withdrawn.';\n            END IF;\n            RETURN NULL;",
                            hash="d150e76187b55cfd1e1c071d1747429d9a3d81fb",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_withdrawn_for_cause_d552b",
                            table="negotiations_delegate",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="delegate",
                    trigger=pgtrigger.compiler.Trigger(
                        name="takes_its_notes",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            IF EXISTS (SELECT FROM negotiations_withdrawal\n                       WHERE kind = 'delegate' AND record_id = OLD.id AND ended_at IS NULL) THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'withdrawn_stays', MESSAGE = 'A withdrawn delegate is not deleted: its address goes on saying that it was withdrawn.';\n            END IF;\n            DELETE FROM negotiations_reviewnote WHERE kind = 'delegate' AND record_id = OLD.id;\n            DELETE FROM negotiations_withdrawal WHERE kind = 'delegate' AND record_id = OLD.id;\n            RETURN OLD;",
                            hash="a3e20902fa5d8f95640549c205fb8ff6d5c2af7d",
                            operation="DELETE",
                            pgid="pgtrigger_takes_its_notes_156e8",
                            table="negotiations_delegate",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="delegation",
                    trigger=pgtrigger.compiler.Trigger(
                        name="notes_resolved",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NOT (OLD.\"status\" = 'published') AND NEW.\"status\" = 'published')",
                            func="\n            IF EXISTS (SELECT FROM negotiations_reviewnote\n                       WHERE kind = 'delegation' AND record_id = NEW.id AND resolved_at IS NULL) THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'notes_resolved', MESSAGE = 'Mend and resolve the reviewer’s notes on this delegation first.';\n            END IF;\n            UPDATE negotiations_withdrawal SET ended_at = now()\n              WHERE kind = 'delegation' AND record_id = NEW.id AND ended_at IS NULL;\n            RETURN NULL;",
                            hash="0ace14285b96ae7628304bcd5d3b048158cbb3b2",
                            operation='UPDATE OF "status"',
                            pgid="pgtrigger_notes_resolved_60cb7",
                            table="negotiations_delegation",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="delegation",
                    trigger=pgtrigger.compiler.Trigger(
                        name="withdrawn_for_cause",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NEW.\"status\" = 'withdrawn')",
                            func="\n            IF TG_OP = 'INSERT' OR OLD.status NOT IN ('published', 'withdrawn') THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'withdrawn_for_cause', MESSAGE = 'Only a public delegation can be withdrawn.';\n            END IF;\n            IF NOT EXISTS (SELECT FROM negotiations_withdrawal\n                           WHERE kind = 'delegation' AND record_id = NEW.id AND ended_at IS NULL) THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'withdrawn_for_cause', MESSAGE = 'Say why the delegation is withdrawn.';\n            END IF;\n            RETURN NULL;",
                            hash="86b4df15b3fdce4c40f54faa1f8d74bed609de91",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_withdrawn_for_cause_13cc6",
                            table="negotiations_delegation",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="delegation",
                    trigger=pgtrigger.compiler.Trigger(
                        name="takes_its_notes",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            IF EXISTS (SELECT FROM negotiations_withdrawal\n                       WHERE kind = 'delegation' AND record_id = OLD.id AND ended_at IS NULL) THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'withdrawn_stays', MESSAGE = 'A withdrawn delegation is not deleted: its address goes on saying that it was withdrawn.';\n            END IF;\n            DELETE FROM negotiations_reviewnote WHERE kind = 'delegation' AND record_id = OLD.id;\n            DELETE FROM negotiations_withdrawal WHERE kind = 'delegation' AND record_id = OLD.id;\n            RETURN OLD;",
                            hash="36cb40467c558cf4770534edf0abe3f3a949b8d5",
                            operation="DELETE",
                            pgid="pgtrigger_takes_its_notes_c26d7",
                            table="negotiations_delegation",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="meeting",
                    trigger=pgtrigger.compiler.Trigger(
                        name="notes_resolved",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NOT (OLD.\"status\" = 'published') AND NEW.\"status\" = 'published')",
                            func="\n            IF EXISTS (SELECT FROM negotiations_reviewnote\n                       WHERE kind = 'meeting' AND record_id = NEW.id AND resolved_at IS NULL) THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'notes_resolved', MESSAGE = 'Mend and resolve the reviewer’s notes on this meeting first.';\n            END IF;\n            UPDATE negotiations_withdrawal SET ended_at = now()\n              WHERE kind = 'meeting' AND record_id = NEW.id AND ended_at IS NULL;\n            RETURN NULL;",
                            hash="ec0b535a521e4e210aabb2af3b1d9835bced0330",
                            operation='UPDATE OF "status"',
                            pgid="pgtrigger_notes_resolved_60800",
                            table="negotiations_meeting",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="meeting",
                    trigger=pgtrigger.compiler.Trigger(
                        name="withdrawn_for_cause",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NEW.\"status\" = 'withdrawn')",
                            func="\n            IF TG_OP = 'INSERT' OR OLD.status NOT IN ('published', 'withdrawn') THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'withdrawn_for_cause', MESSAGE = 'Only a public meeting can be withdrawn.';\n            END IF;\n            IF NOT EXISTS (SELECT FROM negotiations_withdrawal\n                           WHERE kind = 'meeting' AND record_id = NEW.id AND ended_at IS NULL) THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'withdrawn_for_cause', MESSAGE = 'Say why the meeting is withdrawn.';\n            END IF;\n            RETURN NULL;",
                            hash="9dbdd6e4b290fc1941d288b641fadaec7e00ea81",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_withdrawn_for_cause_e050d",
                            table="negotiations_meeting",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="meeting",
                    trigger=pgtrigger.compiler.Trigger(
                        name="takes_its_notes",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            IF EXISTS (SELECT FROM negotiations_withdrawal\n                       WHERE kind = 'meeting' AND record_id = OLD.id AND ended_at IS NULL) THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'withdrawn_stays', MESSAGE = 'A withdrawn meeting is not deleted: its address goes on saying that it was withdrawn.';\n            END IF;\n            DELETE FROM negotiations_reviewnote WHERE kind = 'meeting' AND record_id = OLD.id;\n            DELETE FROM negotiations_withdrawal WHERE kind = 'meeting' AND record_id = OLD.id;\n            RETURN OLD;",
                            hash="994698fae9df9f02e8c1c535afc0b187d39f9f1c",
                            operation="DELETE",
                            pgid="pgtrigger_takes_its_notes_90f04",
                            table="negotiations_meeting",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="openmatter",
                    trigger=pgtrigger.compiler.Trigger(
                        name="notes_resolved",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NOT (OLD.\"status\" = 'published') AND NEW.\"status\" = 'published')",
                            func="\n            IF EXISTS (SELECT FROM negotiations_reviewnote\n                       WHERE kind = 'openmatter' AND record_id = NEW.id AND resolved_at IS NULL) THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'notes_resolved', MESSAGE = 'Mend and resolve the reviewer’s notes on this open matter first.';\n            END IF;\n            UPDATE negotiations_withdrawal SET ended_at = now()\n              WHERE kind = 'openmatter' AND record_id = NEW.id AND ended_at IS NULL;\n            RETURN NULL;",
                            hash="480e64b82db33e88a401fd3753e4351e3a0703cd",
                            operation='UPDATE OF "status"',
                            pgid="pgtrigger_notes_resolved_f6943",
                            table="negotiations_openmatter",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="openmatter",
                    trigger=pgtrigger.compiler.Trigger(
                        name="withdrawn_for_cause",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NEW.\"status\" = 'withdrawn')",
                            func="\n            IF TG_OP = 'INSERT' OR OLD.status NOT IN ('published', 'withdrawn') THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'withdrawn_for_cause', MESSAGE = 'Only a public open matter can be withdrawn.';\n            END IF;\n            IF NOT EXISTS (SELECT FROM negotiations_withdrawal\n                           WHERE kind = 'openmatter' AND record_id = NEW.id AND ended_at IS NULL) THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'withdrawn_for_cause', MESSAGE = 'Say why the open matter is withdrawn.';\n            END IF;\n            RETURN NULL;",
                            hash="4501266de505bfaf5ad75a573f29c68c0068f7b9",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_withdrawn_for_cause_158bf",
                            table="negotiations_openmatter",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="openmatter",
                    trigger=pgtrigger.compiler.Trigger(
                        name="takes_its_notes",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            IF EXISTS (SELECT FROM negotiations_withdrawal\n                       WHERE kind = 'openmatter' AND record_id = OLD.id AND ended_at IS NULL) THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'withdrawn_stays', MESSAGE = 'A withdrawn open matter is not deleted: its address goes on saying that it was withdrawn.';\n            END IF;\n            DELETE FROM negotiations_reviewnote WHERE kind = 'openmatter' AND record_id = OLD.id;\n            DELETE FROM negotiations_withdrawal WHERE kind = 'openmatter' AND record_id = OLD.id;\n            RETURN OLD;",
                            hash="84a67d31f5eedee8c3a1455d0e2eadd974f771b1",
                            operation="DELETE",
                            pgid="pgtrigger_takes_its_notes_b78b9",
                            table="negotiations_openmatter",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="party",
                    trigger=pgtrigger.compiler.Trigger(
                        name="notes_resolved",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NOT (OLD.\"status\" = 'published') AND NEW.\"status\" = 'published')",
                            func="\n            IF EXISTS (SELECT FROM negotiations_reviewnote\n                       WHERE kind = 'party' AND record_id = NEW.id AND resolved_at IS NULL) THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'notes_resolved', MESSAGE = 'Mend and resolve the reviewer’s notes on this party first.';\n            END IF;\n            UPDATE negotiations_withdrawal SET ended_at = now()\n              WHERE kind = 'party' AND record_id = NEW.id AND ended_at IS NULL;\n            RETURN NULL;",
                            hash="141d101950c45dbf0a25f322dfde26a2cbbc5783",
                            operation='UPDATE OF "status"',
                            pgid="pgtrigger_notes_resolved_7985a",
                            table="negotiations_party",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="party",
                    trigger=pgtrigger.compiler.Trigger(
                        name="withdrawn_for_cause",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NEW.\"status\" = 'withdrawn')",
                            func="\n            IF TG_OP = 'INSERT' OR OLD.status NOT IN ('published', 'withdrawn') THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'withdrawn_for_cause', MESSAGE = 'Only a public party can be withdrawn.';\n            END IF;\n            IF NOT EXISTS (SELECT FROM negotiations_withdrawal\n                           WHERE kind = 'party' AND record_id = NEW.id AND ended_at IS NULL) THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'withdrawn_for_cause', MESSAGE = 'Say why the party is withdrawn.';\n            END IF;\n            RETURN NULL;",
                            hash="bbbcd395a651c25103c7362e1bdf1adc85aafca1",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_withdrawn_for_cause_a42ef",
                            table="negotiations_party",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="party",
                    trigger=pgtrigger.compiler.Trigger(
                        name="takes_its_notes",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            IF EXISTS (SELECT FROM negotiations_withdrawal\n                       WHERE kind = 'party' AND record_id = OLD.id AND ended_at IS NULL) THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'withdrawn_stays', MESSAGE = 'A withdrawn party is not deleted: its address goes on saying that it was withdrawn.';\n            END IF;\n            DELETE FROM negotiations_reviewnote WHERE kind = 'party' AND record_id = OLD.id;\n            DELETE FROM negotiations_withdrawal WHERE kind = 'party' AND record_id = OLD.id;\n            RETURN OLD;",
                            hash="4dcfa5b4eef6ca4c399d834ba5f3ec4c61395e5e",
                            operation="DELETE",
                            pgid="pgtrigger_takes_its_notes_f86db",
                            table="negotiations_party",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="person",
                    trigger=pgtrigger.compiler.Trigger(
                        name="notes_resolved",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NOT (OLD.\"status\" = 'published') AND NEW.\"status\" = 'published')",
                            func="\n            IF EXISTS (SELECT FROM negotiations_reviewnote\n                       WHERE kind = 'person' AND record_id = NEW.id AND resolved_at IS NULL) THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'notes_resolved', MESSAGE = 'Mend and resolve the reviewer’s notes on this person first.';\n            END IF;\n            UPDATE negotiations_withdrawal SET ended_at = now()\n              WHERE kind = 'person' AND record_id = NEW.id AND ended_at IS NULL;\n            RETURN NULL;",
                            hash="ee09bb061d326ed5d21c36433b3073750a931a92",
                            operation='UPDATE OF "status"',
                            pgid="pgtrigger_notes_resolved_42eda",
                            table="negotiations_person",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="person",
                    trigger=pgtrigger.compiler.Trigger(
                        name="withdrawn_for_cause",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NEW.\"status\" = 'withdrawn')",
                            func="\n            IF TG_OP = 'INSERT' OR OLD.status NOT IN ('published', 'withdrawn') THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'withdrawn_for_cause', MESSAGE = 'Only a public person can be withdrawn.';\n            END IF;\n            IF NOT EXISTS (SELECT FROM negotiations_withdrawal\n                           WHERE kind = 'person' AND record_id = NEW.id AND ended_at IS NULL) THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'withdrawn_for_cause', MESSAGE = 'Say why the person is withdrawn.';\n            END IF;\n            RETURN NULL;",
                            hash="3053270cedfc0ab3411803cc076007adefd04ddf",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_withdrawn_for_cause_77b55",
                            table="negotiations_person",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="person",
                    trigger=pgtrigger.compiler.Trigger(
                        name="takes_its_notes",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            IF EXISTS (SELECT FROM negotiations_withdrawal\n                       WHERE kind = 'person' AND record_id = OLD.id AND ended_at IS NULL) THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'withdrawn_stays', MESSAGE = 'A withdrawn person is not deleted: its address goes on saying that it was withdrawn.';\n            END IF;\n            DELETE FROM negotiations_reviewnote WHERE kind = 'person' AND record_id = OLD.id;\n            DELETE FROM negotiations_withdrawal WHERE kind = 'person' AND record_id = OLD.id;\n            RETURN OLD;",
                            hash="e7a0f0ab02eb3487a041af51c1f981e7fcf46c08",
                            operation="DELETE",
                            pgid="pgtrigger_takes_its_notes_2cdfa",
                            table="negotiations_person",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="position",
                    trigger=pgtrigger.compiler.Trigger(
                        name="notes_resolved",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NOT (OLD.\"status\" = 'published') AND NEW.\"status\" = 'published')",
                            func="\n            IF EXISTS (SELECT FROM negotiations_reviewnote\n                       WHERE kind = 'position' AND record_id = NEW.id AND resolved_at IS NULL) THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'notes_resolved', MESSAGE = 'Mend and resolve the reviewer’s notes on this position first.';\n            END IF;\n            UPDATE negotiations_withdrawal SET ended_at = now()\n              WHERE kind = 'position' AND record_id = NEW.id AND ended_at IS NULL;\n            RETURN NULL;",
                            hash="fb914fadf8f71056fb9f768ce3ef6ebffbdfa7a0",
                            operation='UPDATE OF "status"',
                            pgid="pgtrigger_notes_resolved_bb8e1",
                            table="negotiations_position",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="position",
                    trigger=pgtrigger.compiler.Trigger(
                        name="withdrawn_for_cause",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NEW.\"status\" = 'withdrawn')",
                            func="\n            IF TG_OP = 'INSERT' OR OLD.status NOT IN ('published', 'withdrawn') THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'withdrawn_for_cause', MESSAGE = 'Only a public position can be withdrawn.';\n            END IF;\n            IF NOT EXISTS (SELECT FROM negotiations_withdrawal\n                           WHERE kind = 'position' AND record_id = NEW.id AND ended_at IS NULL) THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'withdrawn_for_cause', MESSAGE = 'Say why the position is withdrawn.';\n            END IF;\n            RETURN NULL;",
                            hash="2a102ba00d2efc477e825bbedabe5712b7051654",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_withdrawn_for_cause_6b4a4",
                            table="negotiations_position",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="position",
                    trigger=pgtrigger.compiler.Trigger(
                        name="takes_its_notes",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            IF EXISTS (SELECT FROM negotiations_withdrawal\n                       WHERE kind = 'position' AND record_id = OLD.id AND ended_at IS NULL) THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'withdrawn_stays', MESSAGE = 'A withdrawn position is not deleted: its address goes on saying that it was withdrawn.';\n            END IF;\n            DELETE FROM negotiations_reviewnote WHERE kind = 'position' AND record_id = OLD.id;\n            DELETE FROM negotiations_withdrawal WHERE kind = 'position' AND record_id = OLD.id;\n            RETURN OLD;",
                            hash="3dc51a95087f3db89c7804cdaeffdcf9b0924f96",
                            operation="DELETE",
                            pgid="pgtrigger_takes_its_notes_706f9",
                            table="negotiations_position",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="process",
                    trigger=pgtrigger.compiler.Trigger(
                        name="notes_resolved",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NOT (OLD.\"status\" = 'published') AND NEW.\"status\" = 'published')",
                            func="\n            IF EXISTS (SELECT FROM negotiations_reviewnote\n                       WHERE kind = 'process' AND record_id = NEW.id AND resolved_at IS NULL) THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'notes_resolved', MESSAGE = 'Mend and resolve the reviewer’s notes on this process first.';\n            END IF;\n            UPDATE negotiations_withdrawal SET ended_at = now()\n              WHERE kind = 'process' AND record_id = NEW.id AND ended_at IS NULL;\n            RETURN NULL;",
                            hash="d232426b33fe5b3f16c8acedc8dbcb9d92f60518",
                            operation='UPDATE OF "status"',
                            pgid="pgtrigger_notes_resolved_1f2d0",
                            table="negotiations_process",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="process",
                    trigger=pgtrigger.compiler.Trigger(
                        name="withdrawn_for_cause",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NEW.\"status\" = 'withdrawn')",
                            func="\n            IF TG_OP = 'INSERT' OR OLD.status NOT IN ('published', 'withdrawn') THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'withdrawn_for_cause', MESSAGE = 'Only a public process can be withdrawn.';\n            END IF;\n            IF NOT EXISTS (SELECT FROM negotiations_withdrawal\n                           WHERE kind = 'process' AND record_id = NEW.id AND ended_at IS NULL) THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'withdrawn_for_cause', MESSAGE = 'Say why the process is withdrawn.';\n            END IF;\n            RETURN NULL;",
                            hash="0426e4a54eae89a7f6710bba911ffb65ec69c554",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_withdrawn_for_cause_a7d61",
                            table="negotiations_process",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="process",
                    trigger=pgtrigger.compiler.Trigger(
                        name="takes_its_notes",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            IF EXISTS (SELECT FROM negotiations_withdrawal\n                       WHERE kind = 'process' AND record_id = OLD.id AND ended_at IS NULL) THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'withdrawn_stays', MESSAGE = 'A withdrawn process is not deleted: its address goes on saying that it was withdrawn.';\n            END IF;\n            DELETE FROM negotiations_reviewnote WHERE kind = 'process' AND record_id = OLD.id;\n            DELETE FROM negotiations_withdrawal WHERE kind = 'process' AND record_id = OLD.id;\n            RETURN OLD;",
                            hash="34b0fef12c0a64fed60be8d88397edc72e7f8ccd",
                            operation="DELETE",
                            pgid="pgtrigger_takes_its_notes_56a3e",
                            table="negotiations_process",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="progress",
                    trigger=pgtrigger.compiler.Trigger(
                        name="notes_resolved",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NOT (OLD.\"status\" = 'published') AND NEW.\"status\" = 'published')",
                            func="\n            IF EXISTS (SELECT FROM negotiations_reviewnote\n                       WHERE kind = 'progress' AND record_id = NEW.id AND resolved_at IS NULL) THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'notes_resolved', MESSAGE = 'Mend and resolve the reviewer’s notes on this progress report first.';\n            END IF;\n            UPDATE negotiations_withdrawal SET ended_at = now()\n              WHERE kind = 'progress' AND record_id = NEW.id AND ended_at IS NULL;\n            RETURN NULL;",
                            hash="c138b185847fc3f230f6fd0955017c38a52ff73e",
                            operation='UPDATE OF "status"',
                            pgid="pgtrigger_notes_resolved_f9b8c",
                            table="negotiations_progress",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="progress",
                    trigger=pgtrigger.compiler.Trigger(
                        name="withdrawn_for_cause",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NEW.\"status\" = 'withdrawn')",
                            func="\n            IF TG_OP = 'INSERT' OR OLD.status NOT IN ('published', 'withdrawn') THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'withdrawn_for_cause', MESSAGE = 'Only a public progress report can be withdrawn.';\n            END IF;\n            IF NOT EXISTS (SELECT FROM negotiations_withdrawal\n                           WHERE kind = 'progress' AND record_id = NEW.id AND ended_at IS NULL) THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'withdrawn_for_cause', MESSAGE = 'Say why the progress report is withdrawn.';\n            END IF;\n            RETURN NULL;",
                            hash="6329b910d052e0f40586cef5f53e8d8600786935",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_withdrawn_for_cause_d884c",
                            table="negotiations_progress",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="progress",
                    trigger=pgtrigger.compiler.Trigger(
                        name="takes_its_notes",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            IF EXISTS (SELECT FROM negotiations_withdrawal\n                       WHERE kind = 'progress' AND record_id = OLD.id AND ended_at IS NULL) THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'withdrawn_stays', MESSAGE = 'A withdrawn progress report is not deleted: its address goes on saying that it was withdrawn.';\n            END IF;\n            DELETE FROM negotiations_reviewnote WHERE kind = 'progress' AND record_id = OLD.id;\n            DELETE FROM negotiations_withdrawal WHERE kind = 'progress' AND record_id = OLD.id;\n            RETURN OLD;",
                            hash="db454a8f599ced3220dcbce7461f9447e3d06069",
                            operation="DELETE",
                            pgid="pgtrigger_takes_its_notes_66341",
                            table="negotiations_progress",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="question",
                    trigger=pgtrigger.compiler.Trigger(
                        name="notes_resolved",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NOT (OLD.\"status\" = 'published') AND NEW.\"status\" = 'published')",
                            func="\n            IF EXISTS (SELECT FROM negotiations_reviewnote\n                       WHERE kind = 'question' AND record_id = NEW.id AND resolved_at IS NULL) THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'notes_resolved', MESSAGE = 'Mend and resolve the reviewer’s notes on this question first.';\n            END IF;\n            UPDATE negotiations_withdrawal SET ended_at = now()\n              WHERE kind = 'question' AND record_id = NEW.id AND ended_at IS NULL;\n            RETURN NULL;",
                            hash="1ec7988cebde54e152fcad773b8b08c52115d096",
                            operation='UPDATE OF "status"',
                            pgid="pgtrigger_notes_resolved_9dd43",
                            table="negotiations_question",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="question",
                    trigger=pgtrigger.compiler.Trigger(
                        name="withdrawn_for_cause",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NEW.\"status\" = 'withdrawn')",
                            func="\n            IF TG_OP = 'INSERT' OR OLD.status NOT IN ('published', 'withdrawn') THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'withdrawn_for_cause', MESSAGE = 'Only a public question can be withdrawn.';\n            END IF;\n            IF NOT EXISTS (SELECT FROM negotiations_withdrawal\n                           WHERE kind = 'question' AND record_id = NEW.id AND ended_at IS NULL) THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'withdrawn_for_cause', MESSAGE = 'Say why the question is withdrawn.';\n            END IF;\n            RETURN NULL;",
                            hash="b677a7c1a8d1f54ac1909a61b4ec4f96f54bb335",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_withdrawn_for_cause_4a8c0",
                            table="negotiations_question",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="question",
                    trigger=pgtrigger.compiler.Trigger(
                        name="takes_its_notes",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            IF EXISTS (SELECT FROM negotiations_withdrawal\n                       WHERE kind = 'question' AND record_id = OLD.id AND ended_at IS NULL) THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'withdrawn_stays', MESSAGE = 'A withdrawn question is not deleted: its address goes on saying that it was withdrawn.';\n            END IF;\n            DELETE FROM negotiations_reviewnote WHERE kind = 'question' AND record_id = OLD.id;\n            DELETE FROM negotiations_withdrawal WHERE kind = 'question' AND record_id = OLD.id;\n            RETURN OLD;",
                            hash="1cc8536595a8fe659ae3a7a6abdef8e4f49359f1",
                            operation="DELETE",
                            pgid="pgtrigger_takes_its_notes_eeff9",
                            table="negotiations_question",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="source",
                    trigger=pgtrigger.compiler.Trigger(
                        name="notes_resolved",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NOT (OLD.\"status\" = 'published') AND NEW.\"status\" = 'published')",
                            func="\n            IF EXISTS (SELECT FROM negotiations_reviewnote\n                       WHERE kind = 'source' AND record_id = NEW.id AND resolved_at IS NULL) THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'notes_resolved', MESSAGE = 'Mend and resolve the reviewer’s notes on this source first.';\n            END IF;\n            UPDATE negotiations_withdrawal SET ended_at = now()\n              WHERE kind = 'source' AND record_id = NEW.id AND ended_at IS NULL;\n            RETURN NULL;",
                            hash="2ac6f6b7b868b3b8cbddd02bc994e9ce6c26f28c",
                            operation='UPDATE OF "status"',
                            pgid="pgtrigger_notes_resolved_6b77b",
                            table="negotiations_source",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="source",
                    trigger=pgtrigger.compiler.Trigger(
                        name="withdrawn_for_cause",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NEW.\"status\" = 'withdrawn')",
                            func="\n            IF TG_OP = 'INSERT' OR OLD.status NOT IN ('published', 'withdrawn') THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'withdrawn_for_cause', MESSAGE = 'Only a public source can be withdrawn.';\n            END IF;\n            IF NOT EXISTS (SELECT FROM negotiations_withdrawal\n                           WHERE kind = 'source' AND record_id = NEW.id AND ended_at IS NULL) THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'withdrawn_for_cause', MESSAGE = 'Say why the source is withdrawn.';\n            END IF;\n            RETURN NULL;",
                            hash="529d9b57aca984ddaa719f798438876c49a6ae0f",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_withdrawn_for_cause_ffc7e",
                            table="negotiations_source",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="source",
                    trigger=pgtrigger.compiler.Trigger(
                        name="takes_its_notes",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            IF EXISTS (SELECT FROM negotiations_withdrawal\n                       WHERE kind = 'source' AND record_id = OLD.id AND ended_at IS NULL) THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'withdrawn_stays', MESSAGE = 'A withdrawn source is not deleted: its address goes on saying that it was withdrawn.';\n            END IF;\n            DELETE FROM negotiations_reviewnote WHERE kind = 'source' AND record_id = OLD.id;\n            DELETE FROM negotiations_withdrawal WHERE kind = 'source' AND record_id = OLD.id;\n            RETURN OLD;",
                            hash="06152278c576a0d0866b2f0bd6c482e54070487e",
                            operation="DELETE",
                            pgid="pgtrigger_takes_its_notes_77df0",
                            table="negotiations_source",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="statement",
                    trigger=pgtrigger.compiler.Trigger(
                        name="notes_resolved",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NOT (OLD.\"status\" = 'published') AND NEW.\"status\" = 'published')",
                            func="\n            IF EXISTS (SELECT FROM negotiations_reviewnote\n                       WHERE kind = 'statement' AND record_id = NEW.id AND resolved_at IS NULL) THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'notes_resolved', MESSAGE = 'Mend and resolve the reviewer’s notes on this statement first.';\n            END IF;\n            UPDATE negotiations_withdrawal SET ended_at = now()\n              WHERE kind = 'statement' AND record_id = NEW.id AND ended_at IS NULL;\n            RETURN NULL;",
                            hash="4aa853030b22d478e3935a8788c3e8d2eb378865",
                            operation='UPDATE OF "status"',
                            pgid="pgtrigger_notes_resolved_ded58",
                            table="negotiations_statement",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="statement",
                    trigger=pgtrigger.compiler.Trigger(
                        name="withdrawn_for_cause",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NEW.\"status\" = 'withdrawn')",
                            func="\n            IF TG_OP = 'INSERT' OR OLD.status NOT IN ('published', 'withdrawn') THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'withdrawn_for_cause', MESSAGE = 'Only a public statement can be withdrawn.';\n            END IF;\n            IF NOT EXISTS (SELECT FROM negotiations_withdrawal\n                           WHERE kind = 'statement' AND record_id = NEW.id AND ended_at IS NULL) THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'withdrawn_for_cause', MESSAGE = 'Say why the statement is withdrawn.';\n            END IF;\n            RETURN NULL;",
                            hash="95d4cf0dc2a74c5a4089e1c5e049cef41281be27",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_withdrawn_for_cause_5dbae",
                            table="negotiations_statement",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="statement",
                    trigger=pgtrigger.compiler.Trigger(
                        name="takes_its_notes",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            IF EXISTS (SELECT FROM negotiations_withdrawal\n                       WHERE kind = 'statement' AND record_id = OLD.id AND ended_at IS NULL) THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'withdrawn_stays', MESSAGE = 'A withdrawn statement is not deleted: its address goes on saying that it was withdrawn.';\n            END IF;\n            DELETE FROM negotiations_reviewnote WHERE kind = 'statement' AND record_id = OLD.id;\n            DELETE FROM negotiations_withdrawal WHERE kind = 'statement' AND record_id = OLD.id;\n            RETURN OLD;",
                            hash="a43193ddad8880b474ad7618c7970225c4cba482",
                            operation="DELETE",
                            pgid="pgtrigger_takes_its_notes_b4baa",
                            table="negotiations_statement",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="topic",
                    trigger=pgtrigger.compiler.Trigger(
                        name="notes_resolved",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NOT (OLD.\"status\" = 'published') AND NEW.\"status\" = 'published')",
                            func="\n            IF EXISTS (SELECT FROM negotiations_reviewnote\n                       WHERE kind = 'topic' AND record_id = NEW.id AND resolved_at IS NULL) THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'notes_resolved', MESSAGE = 'Mend and resolve the reviewer’s notes on this topic first.';\n            END IF;\n            UPDATE negotiations_withdrawal SET ended_at = now()\n              WHERE kind = 'topic' AND record_id = NEW.id AND ended_at IS NULL;\n            RETURN NULL;",
                            hash="c98105a2c72eeb42bcac523425364d31f30c9a91",
                            operation='UPDATE OF "status"',
                            pgid="pgtrigger_notes_resolved_e5445",
                            table="negotiations_topic",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="topic",
                    trigger=pgtrigger.compiler.Trigger(
                        name="withdrawn_for_cause",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NEW.\"status\" = 'withdrawn')",
                            func="\n            IF TG_OP = 'INSERT' OR OLD.status NOT IN ('published', 'withdrawn') THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'withdrawn_for_cause', MESSAGE = 'Only a public topic can be withdrawn.';\n            END IF;\n            IF NOT EXISTS (SELECT FROM negotiations_withdrawal\n                           WHERE kind = 'topic' AND record_id = NEW.id AND ended_at IS NULL) THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'withdrawn_for_cause', MESSAGE = 'Say why the topic is withdrawn.';\n            END IF;\n            RETURN NULL;",
                            hash="73f63779ac9e55452cf0baa675d18f17d978e71a",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_withdrawn_for_cause_28559",
                            table="negotiations_topic",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="topic",
                    trigger=pgtrigger.compiler.Trigger(
                        name="takes_its_notes",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            IF EXISTS (SELECT FROM negotiations_withdrawal\n                       WHERE kind = 'topic' AND record_id = OLD.id AND ended_at IS NULL) THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'withdrawn_stays', MESSAGE = 'A withdrawn topic is not deleted: its address goes on saying that it was withdrawn.';\n            END IF;\n            DELETE FROM negotiations_reviewnote WHERE kind = 'topic' AND record_id = OLD.id;\n            DELETE FROM negotiations_withdrawal WHERE kind = 'topic' AND record_id = OLD.id;\n            RETURN OLD;",
                            hash="0fcb8c91c67fe1302d554d70905ac7c7133d2194",
                            operation="DELETE",
                            pgid="pgtrigger_takes_its_notes_f2509",
                            table="negotiations_topic",
                            when="BEFORE",
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="account",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("status__in", ["draft", "in_review", "published", "withdrawn"])
                        ),
                        name="account_status_is_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="action",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("status__in", ["draft", "in_review", "published", "withdrawn"])
                        ),
                        name="action_status_is_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="appointment",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("status__in", ["draft", "in_review", "published", "withdrawn"])
                        ),
                        name="appointment_status_is_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="delegate",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("status__in", ["draft", "in_review", "published", "withdrawn"])
                        ),
                        name="delegate_status_is_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="delegation",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("status__in", ["draft", "in_review", "published", "withdrawn"])
                        ),
                        name="delegation_status_is_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="meeting",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("status__in", ["draft", "in_review", "published", "withdrawn"])
                        ),
                        name="meeting_status_is_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="openmatter",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("status__in", ["draft", "in_review", "published", "withdrawn"])
                        ),
                        name="openmatter_status_is_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="party",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("status__in", ["draft", "in_review", "published", "withdrawn"])
                        ),
                        name="party_status_is_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="person",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("status__in", ["draft", "in_review", "published", "withdrawn"])
                        ),
                        name="person_status_is_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="position",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("status__in", ["draft", "in_review", "published", "withdrawn"])
                        ),
                        name="position_status_is_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="process",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("status__in", ["draft", "in_review", "published", "withdrawn"])
                        ),
                        name="process_status_is_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="progress",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("status__in", ["draft", "in_review", "published", "withdrawn"])
                        ),
                        name="progress_status_is_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="question",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("status__in", ["draft", "in_review", "published", "withdrawn"])
                        ),
                        name="question_status_is_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="source",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("status__in", ["draft", "in_review", "published", "withdrawn"])
                        ),
                        name="source_status_is_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="statement",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("status__in", ["draft", "in_review", "published", "withdrawn"])
                        ),
                        name="statement_status_is_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="topic",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("status__in", ["draft", "in_review", "published", "withdrawn"])
                        ),
                        name="topic_status_is_known",
                    ),
                ),
                migrations.AddField(
                    model_name="reviewnote",
                    name="author",
                    field=models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="reviewnote",
                    name="resolved_by",
                    field=models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="reviewnoteevent",
                    name="author",
                    field=models.ForeignKey(
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="reviewnoteevent",
                    name="pgh_context",
                    field=models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                migrations.AddField(
                    model_name="reviewnoteevent",
                    name="pgh_obj",
                    field=models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="id_kind_record_id_author_written_at_text_resolved_by_resolved_at_events",
                        to="negotiations.reviewnote",
                    ),
                ),
                migrations.AddField(
                    model_name="reviewnoteevent",
                    name="resolved_by",
                    field=models.ForeignKey(
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="withdrawal",
                    name="author",
                    field=models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="withdrawalevent",
                    name="author",
                    field=models.ForeignKey(
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="withdrawalevent",
                    name="pgh_context",
                    field=models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                migrations.AddField(
                    model_name="withdrawalevent",
                    name="pgh_obj",
                    field=models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="id_kind_record_id_author_written_at_why_ended_at_events",
                        to="negotiations.withdrawal",
                    ),
                ),
                migrations.AddIndex(
                    model_name="reviewnote",
                    index=models.Index(
                        fields=["kind", "record_id", "-id"], name="reviewnote_newest"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="reviewnote",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("text__regex", "\\S")), name="reviewnote_says_something"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="reviewnote",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("resolved_by", None), ("resolved_at__isnull", False), _connector="OR"
                        ),
                        name="reviewnote_resolved_by_then",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="reviewnote",
                    trigger=pgtrigger.compiler.Trigger(
                        name="is_about_a_record",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            CASE NEW.kind\n              WHEN 'party' THEN\n                PERFORM FROM negotiations_party WHERE id = NEW.record_id FOR KEY SHARE;\n              WHEN 'process' THEN\n                PERFORM FROM negotiations_process WHERE id = NEW.record_id FOR KEY SHARE;\n              WHEN 'person' THEN\n                PERFORM FROM negotiations_person WHERE id = NEW.record_id FOR KEY SHARE;\n              WHEN 'appointment' THEN\n                PERFORM FROM negotiations_appointment WHERE id = NEW.record_id FOR KEY SHARE;\n              WHEN 'meeting' THEN\n                PERFORM FROM negotiations_meeting WHERE id = NEW.record_id FOR KEY SHARE;\n              WHEN 'delegation' THEN\n                PERFORM FROM negotiations_delegation WHERE id = NEW.record_id FOR KEY SHARE;\n              WHEN 'delegate' THEN\n                PERFORM FROM negotiations_delegate WHERE id = NEW.record_id FOR KEY SHARE;\n              WHEN 'source' THEN\n                PERFORM FROM negotiations_source WHERE id = NEW.record_id FOR KEY SHARE;\n              WHEN 'topic' THEN\n                PERFORM FROM negotiations_topic WHERE id = NEW.record_id FOR KEY SHARE;\n              WHEN 'question' THEN\n                PERFORM FROM negotiations_question WHERE id = NEW.record_id FOR KEY SHARE;\n              WHEN 'statement' THEN\n                PERFORM FROM negotiations_statement WHERE id = NEW.record_id FOR KEY SHARE;\n              WHEN 'position' THEN\n                PERFORM FROM negotiations_position WHERE id = NEW.record_id FOR KEY SHARE;\n              WHEN 'action' THEN\n                PERFORM FROM negotiations_action WHERE id = NEW.record_id FOR KEY SHARE;\n              WHEN 'account' THEN\n                PERFORM FROM negotiations_account WHERE id = NEW.record_id FOR KEY SHARE;\n              WHEN 'progress' THEN\n                PERFORM FROM negotiations_progress WHERE id = NEW.record_id FOR KEY SHARE;\n              WHEN 'openmatter' THEN\n                PERFORM FROM negotiations_openmatter WHERE id = NEW.record_id FOR KEY SHARE;\n              ELSE RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'is_about_a_record', MESSAGE = 'There is no such kind of record.';\n            END CASE;\n            IF NOT FOUND THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'is_about_a_record', MESSAGE = 'There is no such record.';\n            END IF;\n            RETURN NULL;",
                            hash="28bd9df6a7ea34c5976cd148a53c29fdbcb4bd2a",
                            operation='INSERT OR UPDATE OF "kind", "record_id"',
                            pgid="pgtrigger_is_about_a_record_f087b",
                            table="negotiations_reviewnote",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="reviewnote",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "negotiations_reviewnoteevent" ("author_id", "id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "record_id", "resolved_at", "resolved_by_id", "text", "written_at") VALUES (NEW."author_id", NEW."id", NEW."kind", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."record_id", NEW."resolved_at", NEW."resolved_by_id", NEW."text", NEW."written_at"); RETURN NULL;',
                            hash="483a116343c7d3efbd40099460324837f86a1e7a",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_84f10",
                            table="negotiations_reviewnote",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="reviewnote",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "negotiations_reviewnoteevent" ("author_id", "id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "record_id", "resolved_at", "resolved_by_id", "text", "written_at") VALUES (NEW."author_id", NEW."id", NEW."kind", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."record_id", NEW."resolved_at", NEW."resolved_by_id", NEW."text", NEW."written_at"); RETURN NULL;',
                            hash="6cb8ac37be677016122486992b3b1c2d35504968",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_a9b69",
                            table="negotiations_reviewnote",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="reviewnote",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "negotiations_reviewnoteevent" ("author_id", "id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "record_id", "resolved_at", "resolved_by_id", "text", "written_at") VALUES (OLD."author_id", OLD."id", OLD."kind", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."record_id", OLD."resolved_at", OLD."resolved_by_id", OLD."text", OLD."written_at"); RETURN NULL;',
                            hash="919a046376b0cd4f49f3ef89218147069301d81c",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_24eb8",
                            table="negotiations_reviewnote",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="reviewnoteevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="f9134194956399574e389551e90fb151fd94a661",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_5a3bd",
                            table="negotiations_reviewnoteevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="withdrawal",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("why__regex", "\\S")), name="withdrawal_says_why"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="withdrawal",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("kind", "record_id"),
                        name="withdrawal_stands_once",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="withdrawal",
                    trigger=pgtrigger.compiler.Trigger(
                        name="is_about_a_record",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            CASE NEW.kind\n              WHEN 'party' THEN\n                PERFORM FROM negotiations_party WHERE id = NEW.record_id FOR KEY SHARE;\n              WHEN 'process' THEN\n                PERFORM FROM negotiations_process WHERE id = NEW.record_id FOR KEY SHARE;\n              WHEN 'person' THEN\n                PERFORM FROM negotiations_person WHERE id = NEW.record_id FOR KEY SHARE;\n              WHEN 'appointment' THEN\n                PERFORM FROM negotiations_appointment WHERE id = NEW.record_id FOR KEY SHARE;\n              WHEN 'meeting' THEN\n                PERFORM FROM negotiations_meeting WHERE id = NEW.record_id FOR KEY SHARE;\n              WHEN 'delegation' THEN\n                PERFORM FROM negotiations_delegation WHERE id = NEW.record_id FOR KEY SHARE;\n              WHEN 'delegate' THEN\n                PERFORM FROM negotiations_delegate WHERE id = NEW.record_id FOR KEY SHARE;\n              WHEN 'source' THEN\n                PERFORM FROM negotiations_source WHERE id = NEW.record_id FOR KEY SHARE;\n              WHEN 'topic' THEN\n                PERFORM FROM negotiations_topic WHERE id = NEW.record_id FOR KEY SHARE;\n              WHEN 'question' THEN\n                PERFORM FROM negotiations_question WHERE id = NEW.record_id FOR KEY SHARE;\n              WHEN 'statement' THEN\n                PERFORM FROM negotiations_statement WHERE id = NEW.record_id FOR KEY SHARE;\n              WHEN 'position' THEN\n                PERFORM FROM negotiations_position WHERE id = NEW.record_id FOR KEY SHARE;\n              WHEN 'action' THEN\n                PERFORM FROM negotiations_action WHERE id = NEW.record_id FOR KEY SHARE;\n              WHEN 'account' THEN\n                PERFORM FROM negotiations_account WHERE id = NEW.record_id FOR KEY SHARE;\n              WHEN 'progress' THEN\n                PERFORM FROM negotiations_progress WHERE id = NEW.record_id FOR KEY SHARE;\n              WHEN 'openmatter' THEN\n                PERFORM FROM negotiations_openmatter WHERE id = NEW.record_id FOR KEY SHARE;\n              ELSE RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'is_about_a_record', MESSAGE = 'There is no such kind of record.';\n            END CASE;\n            IF NOT FOUND THEN\n              RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'is_about_a_record', MESSAGE = 'There is no such record.';\n            END IF;\n            RETURN NULL;",
                            hash="306d8e53eda9853324853df00a94cfe896b1704c",
                            operation='INSERT OR UPDATE OF "kind", "record_id"',
                            pgid="pgtrigger_is_about_a_record_02960",
                            table="negotiations_withdrawal",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="withdrawal",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "negotiations_withdrawalevent" ("author_id", "ended_at", "id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "record_id", "why", "written_at") VALUES (NEW."author_id", NEW."ended_at", NEW."id", NEW."kind", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."record_id", NEW."why", NEW."written_at"); RETURN NULL;',
                            hash="94e381be8ec865fb1ee0ad74fd4b4c5ca1d89e6d",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_52520",
                            table="negotiations_withdrawal",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="withdrawal",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "negotiations_withdrawalevent" ("author_id", "ended_at", "id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "record_id", "why", "written_at") VALUES (NEW."author_id", NEW."ended_at", NEW."id", NEW."kind", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."record_id", NEW."why", NEW."written_at"); RETURN NULL;',
                            hash="76f464b07ca7328bf9b4503071cfa284089bd6ab",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_3f04a",
                            table="negotiations_withdrawal",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="withdrawal",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "negotiations_withdrawalevent" ("author_id", "ended_at", "id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "record_id", "why", "written_at") VALUES (OLD."author_id", OLD."ended_at", OLD."id", OLD."kind", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."record_id", OLD."why", OLD."written_at"); RETURN NULL;',
                            hash="0fbf29e137525cc4dc09ddc2a23a3545bb8517ea",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_255fd",
                            table="negotiations_withdrawal",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="withdrawalevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="6089633c222edfc83b00d621f39cc5ad2018439e",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_f3474",
                            table="negotiations_withdrawalevent",
                            when="BEFORE",
                        ),
                    ),
                ),
            ]
        )
    ]
