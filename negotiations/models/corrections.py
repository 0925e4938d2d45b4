"""What was corrected after it was public: noted by triggers as the history is written.

A change counts against the version that the public saw last: what was changed while a record was
taken back is noted when it is public again, and the life of a draft never is.
"""

from __future__ import annotations

from django.db import models

from negotiations.languages import pgettext_lazy

# By kind of record: what readers are told of when it changes.
MATTERS = {
    "process": ("name",),
    "party": ("name", "short_name", "native_name", "part_of", "wikidata"),
    "person": ("name", "native_name", "wikidata"),
    "appointment": ("office", "party", "start", "end"),
    "meeting": (
        "title", "kind", "state", "date", "ended", "place", "coordinates", "place_wikidata", "host",
    ),
    "delegation": ("party", "role"),
    "delegate": ("person", "title"),
    "topic": ("name",),
    "question": ("text",),
    "source": ("title", "kind", "publisher", "on_behalf_of", "date", "url"),
    "statement": (
        "words", "original_words", "translated_by", "speaker", "party", "form", "date", "occasion",
        "meeting",
    ),
    "position": ("question", "party", "stance", "summary"),
    "action": ("title", "kind", "details", "due", "due_words", "meeting"),
    "account": ("party", "stance", "note", "statement"),
    "progress": ("state", "date", "report"),
    "openmatter": ("title", "details", "topic", "question", "statement"),
}  # fmt: skip
DATES = {"date", "due", "ended", "start", "end"}
KEYS = {
    "host", "meeting", "on_behalf_of", "part_of", "party", "person", "question", "speaker",
    "statement", "topic",
}  # fmt: skip
# On whose page a record without one of its own is shown.
SHOWN_ON = {
    "appointment": "person",
    "delegation": "meeting",
    "delegate": "meeting",
    "position": "question",
    "account": "action",
    "progress": "action",
    "openmatter": "meeting",
}
# By kind of record that cites: the citation's column for it.
CITING_COLUMNS = {
    "statement": "statement_id",
    "account": "account_id",
    "progress": "progress_id",
    "openmatter": "open_matter_id",
    "appointment": "appointment_id",
    "meeting": "meeting_id",
    "action": "action_id",
}
# What readers are told of a citation, under the name of the record that cites.
OF_A_CITATION = ("source", "passage", "where")


class Correction(models.Model):
    """A change to what the public saw: a correction, a withdrawal, or a publication."""

    class What(models.TextChoices):
        CORRECTED = "corrected", pgettext_lazy("change of a record", "corrected")
        WITHDRAWN = "withdrawn", pgettext_lazy("change of a record", "withdrawn")
        PUBLISHED = "published", pgettext_lazy("change of a record", "published")

    at = models.DateTimeField()
    what = models.CharField(max_length=10, choices=What.choices)
    kind = models.CharField(max_length=30)
    record_id = models.BigIntegerField()
    page = models.CharField(max_length=50, help_text="Where it is shown: “action-12”.")
    # Where not the record itself was changed, but what it cites; `fields` are OF_A_CITATION then.
    citation_id = models.BigIntegerField(null=True)
    # {"words": ["before", "after"], "speaker": [3, 7], "due": [[null, null, false], [...]]}
    fields = models.JSONField(default=dict)
    # Of a record that is not public now, only that it was withdrawn.
    shown = models.BooleanField(default=True)
    context_id = models.UUIDField(null=True)

    class Meta:
        indexes = (
            models.Index(
                fields=["what", "-at", "-id"],
                name="correction_newest",
                condition=models.Q(shown=True),
            ),
            models.Index(
                fields=["kind", "what", "-at", "-id"],
                name="correction_newest_of_kind",
                condition=models.Q(shown=True),
            ),
            models.Index(fields=["page", "what", "-at", "-id"], name="correction_of_page"),
            models.Index(fields=["kind", "record_id"], name="correction_of_record"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.record_id} {self.what}"


def _columns(field: str) -> list[str]:
    if field in DATES:
        return [f"{field}_from", f"{field}_precision", f"{field}_about"]
    return [f"{field}_id" if field in KEYS else field]


def _value(version: str, field: str) -> str:
    columns = [f"{version}.{column}" for column in _columns(field)]
    return f"jsonb_build_array({', '.join(columns)})" if field in DATES else columns[0]


def _row(version: str, field: str) -> str:
    return ", ".join(f'{version}."{column}"' for column in _columns(field))


def _page(kind: str, row: str, number: str) -> str:
    """SQL for the page on which a row of this kind is shown."""
    page = SHOWN_ON.get(kind)
    return f"'{page}-' || {row}.{page}_id" if page else f"'{kind}-' || {row}.{number}"


def noting(kind: str) -> str:
    """SQL that notes the changes of one kind; doing it again changes nothing."""
    table = f"negotiations_{kind}event"
    read = ", ".join(f'"{column}"' for field in MATTERS[kind] for column in _columns(field))
    page = _page(kind, "NEW", "pgh_obj_id")
    earlier = f"""SELECT pgh_label, status, {read} INTO last FROM {table}
      WHERE pgh_obj_id = NEW.pgh_obj_id AND pgh_id < NEW.pgh_id"""
    compared = "".join(
        f"""
      IF ({_row("NEW", field)}) IS DISTINCT FROM ({_row("last", field)}) THEN
        changed := changed || jsonb_build_object('{field}',
          jsonb_build_array({_value("last", field)}, {_value("NEW", field)}));
      END IF;"""
        for field in MATTERS[kind]
    )
    return f"""
    CREATE OR REPLACE FUNCTION readout_note_{kind}() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
      last record;
      changed jsonb := '{{}}';
      was_public boolean;
    BEGIN
      -- A new draft, or one that was deleted and is back: the public saw neither.
      IF NEW.pgh_label = 'insert' AND NEW.status <> 'published' THEN RETURN NULL; END IF;
      {earlier} ORDER BY pgh_id DESC LIMIT 1;
      was_public := coalesce(last.pgh_label <> 'delete' AND last.status = 'published', false);
      IF NEW.pgh_label = 'delete' OR NEW.status <> 'published' THEN
        IF was_public THEN
          UPDATE negotiations_correction SET shown = false
            WHERE kind = '{kind}' AND record_id = NEW.pgh_obj_id AND what <> 'withdrawn';
          INSERT INTO negotiations_correction
              (at, what, kind, record_id, page, fields, shown, context_id)
            VALUES (NEW.pgh_created_at, 'withdrawn', '{kind}', NEW.pgh_obj_id, {page}, '{{}}',
              true, NEW.pgh_context_id);
        END IF;
        RETURN NULL;
      END IF;
      IF NOT was_public THEN
        -- What was cited otherwise meanwhile is told now.
        UPDATE negotiations_correction n SET at = NEW.pgh_created_at, context_id = NEW.pgh_context_id
          WHERE kind = '{kind}' AND record_id = NEW.pgh_obj_id AND citation_id IS NOT NULL
            AND id > readout_last_withdrawn('{kind}', NEW.pgh_obj_id);
        UPDATE negotiations_correction SET shown = true
          WHERE kind = '{kind}' AND record_id = NEW.pgh_obj_id;
        INSERT INTO negotiations_correction
            (at, what, kind, record_id, page, fields, shown, context_id)
          VALUES (NEW.pgh_created_at, 'published', '{kind}', NEW.pgh_obj_id, {page}, '{{}}',
            true, NEW.pgh_context_id);
        {earlier} AND pgh_label <> 'delete' AND status = 'published' ORDER BY pgh_id DESC LIMIT 1;
        IF NOT FOUND THEN RETURN NULL; END IF;
      END IF;{compared}
      IF changed <> '{{}}' THEN
        INSERT INTO negotiations_correction
            (at, what, kind, record_id, page, fields, shown, context_id)
          VALUES (NEW.pgh_created_at, 'corrected', '{kind}', NEW.pgh_obj_id, {page}, changed,
            true, NEW.pgh_context_id);
      END IF;
      RETURN NULL;
    END $$;
    CREATE OR REPLACE TRIGGER readout_note AFTER INSERT ON {table}
      FOR EACH ROW EXECUTE FUNCTION readout_note_{kind}();
    -- For the list of deleted records.
    CREATE INDEX IF NOT EXISTS {kind}event_deleted ON {table} (pgh_obj_id)
      WHERE pgh_label = 'delete';
    """


# Who must do what was agreed is a link, and matters as much as its due date.
_OWING = """
    CREATE OR REPLACE FUNCTION readout_note_owing() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF EXISTS (SELECT FROM negotiations_action
                 WHERE id = NEW.action_id AND status = 'published') THEN
        INSERT INTO negotiations_correction
            (at, what, kind, record_id, page, fields, shown, context_id)
          VALUES (NEW.pgh_created_at, 'corrected', 'action', NEW.action_id,
            'action-' || NEW.action_id, jsonb_build_object('owed_by', CASE NEW.pgh_label
              WHEN 'delete' THEN jsonb_build_array(NEW.party_id, NULL)
              ELSE jsonb_build_array(NULL, NEW.party_id) END), true, NEW.pgh_context_id);
      END IF;
      RETURN NULL;
    END $$;
    CREATE OR REPLACE TRIGGER readout_note AFTER INSERT ON negotiations_actionpartyevent
      FOR EACH ROW EXECUTE FUNCTION readout_note_owing();
"""

# A public record's words rest on what it cites. While it is taken back, one note for each citation
# is held back, from what the public saw last to what it will see. What is cited in the very act of
# publication is no correction.
_CITING = f"""
    CREATE OR REPLACE FUNCTION readout_last_withdrawn(of_kind text, of_record bigint) RETURNS bigint
    LANGUAGE sql STABLE AS $$
      SELECT max(id) FROM negotiations_correction
      WHERE kind = of_kind AND record_id = of_record AND what = 'withdrawn'
    $$;
    CREATE OR REPLACE FUNCTION readout_note_citing() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
      citing record;
      last record;
      held negotiations_correction;
      nothing CONSTANT jsonb := '{{"source": null, "passage": "", "where": ""}}';
      before jsonb := nothing;
      after jsonb := nothing;
    BEGIN
      CASE {
    "".join(
        f"""
        WHEN NEW.{column} IS NOT NULL THEN
          SELECT '{kind}' AS kind, r.id, r.status, {_page(kind, "r", "id")} AS page INTO citing
            FROM negotiations_{kind} r WHERE r.id = NEW.{column};"""
        for kind, column in CITING_COLUMNS.items()
    )
}
      END CASE;
      IF citing.id IS NULL OR EXISTS (
          SELECT FROM negotiations_correction
          WHERE kind = citing.kind AND record_id = citing.id AND what = 'published'
            AND at = NEW.pgh_created_at AND context_id IS NOT DISTINCT FROM NEW.pgh_context_id) THEN
        RETURN NULL;
      END IF;
      IF NEW.pgh_label <> 'delete' THEN
        after := jsonb_build_object(
          'source', NEW.source_id, 'passage', NEW.passage, 'where', NEW."where");
      END IF;
      IF NEW.pgh_label <> 'insert' THEN
        SELECT source_id, passage, "where" INTO last FROM negotiations_citationevent
          WHERE pgh_obj_id = NEW.pgh_obj_id AND pgh_id < NEW.pgh_id ORDER BY pgh_id DESC LIMIT 1;
        before := jsonb_build_object(
          'source', last.source_id, 'passage', last.passage, 'where', last."where");
      END IF;
      IF citing.status <> 'published' THEN
        SELECT * INTO held FROM negotiations_correction
          WHERE kind = citing.kind AND record_id = citing.id AND citation_id = NEW.pgh_obj_id
            AND id > readout_last_withdrawn(citing.kind, citing.id);
        IF FOUND THEN
          DELETE FROM negotiations_correction WHERE id = held.id;
          before := jsonb_build_object('source', held.fields->'source'->0,
            'passage', held.fields->'passage'->0, 'where', held.fields->'where'->0);
        ELSIF readout_last_withdrawn(citing.kind, citing.id) IS NULL THEN
          RETURN NULL;
        END IF;
      END IF;
      IF before <> after THEN
        INSERT INTO negotiations_correction
            (at, what, kind, record_id, page, citation_id, fields, shown, context_id)
          VALUES (NEW.pgh_created_at, 'corrected', citing.kind, citing.id, citing.page,
            NEW.pgh_obj_id, (SELECT jsonb_object_agg(key, jsonb_build_array(value, after->key))
              FROM jsonb_each(before)), citing.status = 'published', NEW.pgh_context_id);
      END IF;
      RETURN NULL;
    END $$;
    CREATE OR REPLACE TRIGGER readout_note AFTER INSERT ON negotiations_citationevent
      FOR EACH ROW EXECUTE FUNCTION readout_note_citing();
"""

NOTING = "".join(noting(kind) for kind in MATTERS) + _OWING
NO_NOTING = (
    "".join(
        f"DROP FUNCTION readout_note_{kind} CASCADE; DROP INDEX {kind}event_deleted;"
        for kind in MATTERS
    )
    + "DROP FUNCTION readout_note_owing CASCADE;"
)
NOTING_CITATIONS = _CITING + NOTING
NO_NOTING_CITATIONS = (
    "DROP FUNCTION readout_note_citing CASCADE; DROP FUNCTION readout_last_withdrawn CASCADE;"
)
