"""The rules that the database keeps and that take more than one row to see, as triggers.

Each says what is wrong in a sentence, because an editor may read it. Functions that several
triggers share are in FUNCTIONS, installed by a migration.
"""

from __future__ import annotations

from typing import Any

import pgtrigger
from django.apps import apps

FUNCTIONS = r"""
-- Typographic quotes, dashes and white space folded; soft hyphens and zero-width marks dropped.
-- What stands at the ends is kept, so that the folding of a text's beginning begins its folding.
CREATE OR REPLACE FUNCTION readout_fold_within(value text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
  SELECT regexp_replace(regexp_replace(regexp_replace(regexp_replace(
    normalize(value, NFC),
    '[\u00AD\u200B-\u200D\u2060\uFEFF]', '', 'g'),
    '[\u2018\u2019\u201A\u201B\u2032\u201C-\u201F\u2033\u00AB\u00BB\u2039\u203A"\u0060\u00B4]', '''', 'g'),
    '[\u2010-\u2015\u2212]', '-', 'g'),
    '[\s\u00A0\u2000-\u200A\u202F\u205F\u3000]+', ' ', 'g')
$$;

CREATE OR REPLACE FUNCTION readout_fold(value text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
  SELECT btrim(readout_fold_within(value))
$$;

-- Where the parts of these quoted words begin and end in a folded text, counted from 0; empty if
-- they do not occur. "[…]" or "[...]" splits the quotation; its parts must follow one another.
-- Words without any letter or digit are no quotation.
CREATE OR REPLACE FUNCTION readout_folded_places(words text, folded text) RETURNS integer[]
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT AS $$
DECLARE
  rest text := folded;
  passed integer := 0;
  part text;
  place integer;
  places integer[] := '{}';
BEGIN
  FOREACH part IN ARRAY regexp_split_to_array(words, '\[\s*(?:\u2026|\.\s*\.\s*\.)\s*\]') LOOP
    part := readout_fold(part);
    CONTINUE WHEN part !~ '[[:alnum:]]';
    place := strpos(rest, part);
    IF place = 0 THEN RETURN '{}'; END IF;
    rest := substr(rest, place + length(part));
    passed := passed + place - 1;
    places := places || ARRAY[[passed, passed + length(part)]];
    passed := passed + length(part);
  END LOOP;
  RETURN places;
END $$;

-- Do these quoted words occur in this text?
CREATE OR REPLACE FUNCTION readout_quotation_found(words text, source_text text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
  SELECT readout_folded_places(words, readout_fold_within(source_text)) <> '{}'
$$;

-- Which of a statement's words must stand in a source of this language; none if it has neither.
CREATE OR REPLACE FUNCTION readout_words_to_find(
  words text, language text, original_words text, original_language text, source_language text
) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE
    WHEN source_language IN ('', language) THEN words
    WHEN source_language = original_language AND original_words <> '' THEN original_words
  END
$$;

-- The beginning of some words, to name a record by.
CREATE OR REPLACE FUNCTION readout_beginning(words text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
  SELECT '“' || left(words, 60) || CASE WHEN length(words) > 60 THEN '…' ELSE '' END || '”'
$$;

-- How many characters of the text stand before the one that became this character of its folding.
-- Each step goes on by as many as the folding is still short of.
CREATE OR REPLACE FUNCTION readout_unfolded(source_text text, folded_place integer)
RETURNS integer LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT AS $$
DECLARE
  place integer := folded_place + 1;
  short integer;
BEGIN
  LOOP
    short := folded_place + 1 - length(readout_fold_within(left(source_text, place)));
    EXIT WHEN short <= 0 OR place >= length(source_text);
    place := least(place + short, length(source_text));
  END LOOP;
  -- A few characters become two when normalised: then it went too far.
  WHILE place > 0 AND length(readout_fold_within(left(source_text, place - 1))) > folded_place LOOP
    place := place - 1;
  END LOOP;
  RETURN greatest(place - 1, 0);
END $$;

-- Where the parts of these quoted words begin and end in the text itself, as readout_folded_places.
CREATE OR REPLACE FUNCTION readout_quotation_places(words text, source_text text)
RETURNS integer[] LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT AS $$
DECLARE
  folded text := readout_fold_within(source_text);
  parts integer[] := readout_folded_places(words, folded);
  start integer;
  past integer;
  places integer[] := '{}';
BEGIN
  FOR part IN 1 .. coalesce(array_length(parts, 1), 0) LOOP
    start := readout_unfolded(source_text, parts[part][1]);
    past := CASE WHEN parts[part][2] >= length(folded) THEN length(source_text)
      ELSE readout_unfolded(source_text, parts[part][2]) END;
    -- What folding drops or joins after the last character is no part of the words.
    past := start + length(regexp_replace(substr(source_text, start + 1, past - start),
      '[\s\u00A0\u00AD\u2000-\u200D\u202F\u205F\u2060\u3000\uFEFF]+$', ''));
    places := places || ARRAY[[start, past]];
  END LOOP;
  RETURN places;
END $$;

-- A party, and all that it is part of.
CREATE OR REPLACE FUNCTION readout_party_and_above(party bigint) RETURNS SETOF bigint
LANGUAGE sql STABLE STRICT AS $$
  WITH RECURSIVE above(id, part_of_id) AS (
    SELECT p.id, p.part_of_id FROM negotiations_party p WHERE p.id = party
    UNION
    SELECT p.id, p.part_of_id FROM negotiations_party p JOIN above ON p.id = above.part_of_id
  ) SELECT id FROM above
$$;

-- A party, and all that is part of it.
CREATE OR REPLACE FUNCTION readout_party_and_below(party bigint) RETURNS SETOF bigint
LANGUAGE sql STABLE STRICT AS $$
  WITH RECURSIVE below(id) AS (
    SELECT readout_party_and_below.party
    UNION
    SELECT p.id FROM negotiations_party p JOIN below ON p.part_of_id = below.id
  ) SELECT id FROM below
$$;

-- Is this account's or position's party the statement's own, or one that it is part of?
CREATE OR REPLACE FUNCTION readout_speaks_for(statement bigint, party bigint) RETURNS boolean
LANGUAGE sql STABLE STRICT AS $$
  SELECT party IN (SELECT readout_party_and_above(s.party_id))
  FROM negotiations_statement s WHERE s.id = statement
$$;

-- Is this party, or what it is part of, a party of the process in which the action was agreed?
CREATE OR REPLACE FUNCTION readout_in_process(action bigint, party bigint) RETURNS boolean
LANGUAGE sql STABLE STRICT AS $$
  SELECT EXISTS (
    SELECT FROM negotiations_action a
    JOIN negotiations_meeting m ON m.id = a.meeting_id
    JOIN negotiations_process_parties pp ON pp.process_id = m.process_id
    WHERE a.id = action AND pp.party_id IN (SELECT readout_party_and_above(party)))
$$;

-- What keeps this statement from being public, or NULL. A verbatim one needs a source, and its
-- words must stand in each cited text that was captured in their language.
CREATE OR REPLACE FUNCTION readout_quotation_problem(statement bigint) RETURNS text
LANGUAGE sql STABLE STRICT AS $$
  SELECT CASE
    WHEN s.form <> 'verbatim' THEN NULL
    WHEN NOT EXISTS (SELECT FROM negotiations_citation c WHERE c.statement_id = s.id)
      THEN 'A verbatim statement cites at least one source before it is published.'
    ELSE (
      SELECT 'The quoted words do not occur in the text of “' || src.title || '”. '
             'Correct the words, cut with […], or call it a paraphrase.'
      FROM negotiations_citation c JOIN negotiations_source src ON src.id = c.source_id
      WHERE c.statement_id = s.id AND src.text <> '' AND NOT readout_quotation_found(
        readout_words_to_find(s.words, s.language, s.original_words, s.original_language,
                              src.language), src.text)
      ORDER BY c.id LIMIT 1)
  END
  FROM negotiations_statement s WHERE s.id = statement
$$;
"""


def refuse(message: str, rule: str) -> str:
    """PL/pgSQL that refuses the change; `rule` names the constraint, `message` is for people."""
    return (
        f"RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = '{rule}', "
        f"MESSAGE = '{message}';"
    )


def current(model: Any) -> Any:
    """The model as it is in the code: migrations hand in a copy that lacks its methods."""
    return apps.get_model(model._meta.app_label, model._meta.object_name)


def column(model: Any, name: str) -> str:
    return str(model._meta.get_field(name).column)


class Revision(pgtrigger.Trigger):
    """Counts the changes of a row, raw SQL's too, so that a stale form can be told."""

    name = "revision"
    when = pgtrigger.Before
    operation = pgtrigger.Update
    func = "NEW.revision := OLD.revision + 1; NEW.updated_at := now(); RETURN NEW;"


class PublishedOnPublished(pgtrigger.Trigger):
    """A published record may not hang on an unpublished one.

    FOR SHARE makes a reviewer who takes the whole back at this moment wait, and be refused.
    """

    name = "published_on_published"
    when = pgtrigger.After
    operation = pgtrigger.Insert | pgtrigger.Update
    condition = pgtrigger.Q(new__status="published")

    def get_func(self, model: Any) -> str:
        model = current(model)
        checks = [
            f"""
            IF NEW.{field.column} IS NOT NULL AND
               (TG_OP = 'INSERT' OR OLD.status <> 'published'
                OR NEW.{field.column} IS DISTINCT FROM OLD.{field.column}) THEN
              PERFORM FROM {field.related_model._meta.db_table}
                WHERE id = NEW.{field.column} AND status = 'published' FOR SHARE;
              IF NOT FOUND THEN
                {refuse(f"Publish the {field.verbose_name} first: a published {model._meta.verbose_name} may not hang on an unpublished record.", "published_on_published")}
              END IF;
            END IF;"""
            for field in model.hangs_on()
        ]
        links = [
            f"""
            IF TG_OP = 'INSERT' OR OLD.status <> 'published' THEN
              IF EXISTS (SELECT FROM {link.through._meta.db_table} l
                         JOIN {link.target._meta.db_table} t ON t.id = l.{link.to}
                         WHERE l.{link.by} = NEW.id AND t.status <> 'published') THEN
                {refuse(f"Publish the {link.words} of this {model._meta.verbose_name} first.", "published_on_published")}
              END IF;
            END IF;"""
            for link in model.links()
        ]
        return "\n".join([*checks, *links, self._cited(model), "RETURN NULL;"])

    def _cited(self, model: Any) -> str:
        if not (column := model.cited_by_column()):
            return ""
        return f"""
            IF (TG_OP = 'INSERT' OR OLD.status <> 'published') AND EXISTS (
                 SELECT FROM negotiations_citation c
                 JOIN negotiations_source s ON s.id = c.source_id
                 WHERE c.{column} = NEW.id AND s.status <> 'published') THEN
              {refuse(f"Publish the source that this {model._meta.verbose_name} cites first.", "published_on_published")}
            END IF;"""


class NothingHangsOnIt(pgtrigger.Trigger):
    """A record that published ones hang on can't be taken back."""

    name = "nothing_hangs_on_it"
    when = pgtrigger.After
    operation = pgtrigger.UpdateOf("status")
    condition = pgtrigger.Q(old__status="published") & ~pgtrigger.Q(new__status="published")

    def get_func(self, model: Any) -> str:
        model = current(model)
        checks = [
            f"""
            IF EXISTS (SELECT FROM {child._meta.db_table} c
                       WHERE c.{field.column} = NEW.id AND c.status = 'published') THEN
              {refuse(f"Take back the published {child._meta.verbose_name_plural} that hang on this {model._meta.verbose_name} first.", "published_on_published")}
            END IF;"""
            for child, field in model.dependants()
        ]
        links = [
            f"""
            IF EXISTS (SELECT FROM {link.through._meta.db_table} l
                       JOIN {owner._meta.db_table} o ON o.id = l.{link.by}
                       WHERE l.{link.to} = NEW.id AND o.status = 'published') THEN
              {refuse(f"Take this {model._meta.verbose_name} off the published {owner._meta.verbose_name_plural} first.", "published_on_published")}
            END IF;"""
            for owner, link in model.linked_from()
        ]
        cited = [
            f"""
            IF EXISTS (SELECT FROM negotiations_citation c
                       JOIN {citing._meta.db_table} r ON r.id = c.{field.column}
                       WHERE c.source_id = NEW.id AND r.status = 'published') THEN
              {refuse(f"Published {citing._meta.verbose_name_plural} cite this source. Take them back first.", "published_on_published")}
            END IF;"""
            for field, citing in model.cited_by()
        ]
        return "\n".join([*checks, *links, *cited, "RETURN NULL;"])


def told_demonstration(model: Any, of: str) -> str:
    """SQL for whether the record with this id is demonstration data; NULL where there is none."""
    if not model.demonstrated_by:
        return f"(SELECT demonstration FROM {model._meta.db_table} WHERE id = {of})"
    key = model._meta.get_field(model.demonstrated_by)
    return told_demonstration(
        key.related_model, f"(SELECT {key.column} FROM {model._meta.db_table} WHERE id = {of})"
    )


APART = "Demonstration data and real records are kept apart: nothing hangs on both."


def _kept_apart(told: list[str]) -> str:
    """PL/pgSQL that refuses what hangs on both; `told` are booleans in SQL."""
    rows = ", ".join(f"({each})" for each in told)
    return f"""
            IF (SELECT count(DISTINCT told) > 1 FROM (VALUES {rows}) each(told)) THEN
              {refuse(APART, "demonstration_apart")}
            END IF;"""


# How the address of demonstration data begins, and no other: it tells wherever it is seen.
DEMONSTRATION_ADDRESS = "demonstration-"


class DemonstrationApart(pgtrigger.Trigger):
    """What is invented and what is real never hang on each other, and neither becomes the other."""

    name = "demonstration_apart"
    when = pgtrigger.After
    operation = pgtrigger.Insert | pgtrigger.Update

    def get_func(self, model: Any) -> str:
        model = current(model)
        keys = {field.name: field for field in model.hangs_on()}
        told = [told_demonstration(f.related_model, f"NEW.{f.column}") for f in keys.values()]
        if teller := keys.get(model.demonstrated_by):
            own, before = (
                told_demonstration(teller.related_model, f"{row}.{teller.column}")
                for row in ("NEW", "OLD")
            )
            changed = f"NEW.{teller.column} <> OLD.{teller.column} AND {own} <> {before}"
        else:
            own, changed = "NEW.demonstration", "NEW.demonstration <> OLD.demonstration"
            told.append(own)
        columns = [f.column for f in keys.values()]
        addressed = ""
        if any(field.name == "slug" for field in model._meta.concrete_fields):
            columns.append("slug")
            addressed = f"""
            IF starts_with(NEW.slug, '{DEMONSTRATION_ADDRESS}') <> {own} THEN
              {refuse(f"The address of demonstration data begins with “{DEMONSTRATION_ADDRESS}”, and no other does.", "demonstration_address")}
            END IF;"""
        same = " AND ".join(f"NEW.{c} IS NOT DISTINCT FROM OLD.{c}" for c in columns) or "true"
        becomes = refuse(
            f"A {model._meta.verbose_name} stays demonstration data, or real, for ever.",
            "demonstration_apart",
        )
        return f"""
            IF TG_OP = 'UPDATE' THEN
              IF {changed} THEN
                {becomes}
              END IF;
              IF {same} THEN RETURN NULL; END IF;
            END IF;{_kept_apart(told)}{addressed}
            RETURN NULL;"""


class LinkApart(pgtrigger.Trigger):
    """The same for the table of a many-to-many, and for citations."""

    name = "demonstration_apart"
    when = pgtrigger.After
    operation = pgtrigger.Insert | pgtrigger.Update

    def get_func(self, model: Any) -> str:
        keys = [field for field in current(model)._meta.concrete_fields if field.is_relation]
        told = [told_demonstration(f.related_model, f"NEW.{f.column}") for f in keys]
        return f"{_kept_apart(told)}\n            RETURN NULL;"


class NotesResolved(pgtrigger.Trigger):
    """What a reviewer noted is resolved before a record is public; then a withdrawal ends."""

    name = "notes_resolved"
    when = pgtrigger.After
    operation = pgtrigger.UpdateOf("status")
    condition = ~pgtrigger.Q(old__status="published") & pgtrigger.Q(new__status="published")

    def get_func(self, model: Any) -> str:
        kind = model._meta.model_name
        return f"""
            IF EXISTS (SELECT FROM negotiations_reviewnote
                       WHERE kind = '{kind}' AND record_id = NEW.id AND resolved_at IS NULL) THEN
              {refuse(f"Mend and resolve the reviewer’s notes on this {model._meta.verbose_name} first.", "notes_resolved")}
            END IF;
            UPDATE negotiations_withdrawal SET ended_at = now()
              WHERE kind = '{kind}' AND record_id = NEW.id AND ended_at IS NULL;
            RETURN NULL;"""


class WithdrawnForCause(pgtrigger.Trigger):
    """Only what was public is withdrawn, and with a reason."""

    name = "withdrawn_for_cause"
    when = pgtrigger.After
    operation = pgtrigger.Insert | pgtrigger.Update
    condition = pgtrigger.Q(new__status="withdrawn")

    def get_func(self, model: Any) -> str:
        kind = model._meta.model_name
        return f"""
            IF TG_OP = 'INSERT' OR OLD.status NOT IN ('published', 'withdrawn') THEN
              {refuse(f"Only a public {model._meta.verbose_name} can be withdrawn.", "withdrawn_for_cause")}
            END IF;
            IF NOT EXISTS (SELECT FROM negotiations_withdrawal
                           WHERE kind = '{kind}' AND record_id = NEW.id AND ended_at IS NULL) THEN
              {refuse(f"Say why the {model._meta.verbose_name} is withdrawn.", "withdrawn_for_cause")}
            END IF;
            RETURN NULL;"""


class TakesItsNotes(pgtrigger.Trigger):
    """A deleted record takes its notes along. While its withdrawal stands, its address must answer."""

    name = "takes_its_notes"
    when = pgtrigger.Before
    operation = pgtrigger.Delete

    def get_func(self, model: Any) -> str:
        kind = model._meta.model_name
        return f"""
            IF EXISTS (SELECT FROM negotiations_withdrawal
                       WHERE kind = '{kind}' AND record_id = OLD.id AND ended_at IS NULL) THEN
              {refuse(f"A withdrawn {model._meta.verbose_name} is not deleted: its address goes on saying that it was withdrawn.", "withdrawn_stays")}
            END IF;
            DELETE FROM negotiations_reviewnote WHERE kind = '{kind}' AND record_id = OLD.id;
            DELETE FROM negotiations_withdrawal WHERE kind = '{kind}' AND record_id = OLD.id;
            RETURN OLD;"""


class IsAboutARecord(pgtrigger.Trigger):
    """The record that a note or a withdrawal names is there. The lock keeps it from going."""

    name = "is_about_a_record"
    when = pgtrigger.After
    operation = pgtrigger.Insert | pgtrigger.UpdateOf("kind", "record_id")

    def get_func(self, model: Any) -> str:
        finds = "".join(
            f"""
              WHEN '{kind._meta.model_name}' THEN
                PERFORM FROM {kind._meta.db_table} WHERE id = NEW.record_id FOR KEY SHARE;"""
            for kind in current(model).kinds()
        )
        return f"""
            CASE NEW.kind{finds}
              ELSE {refuse("There is no such kind of record.", "is_about_a_record")}
            END CASE;
            IF NOT FOUND THEN
              {refuse("There is no such record.", "is_about_a_record")}
            END IF;
            RETURN NULL;"""


class LinkOnPublished(pgtrigger.Trigger):
    """A published record may not be linked to an unpublished one. For the table of a many-to-many."""

    name = "link_on_published"
    when = pgtrigger.After
    operation = pgtrigger.Insert | pgtrigger.Update

    def get_func(self, model: Any) -> str:
        model = current(model)
        owner, target = (field for field in model._meta.fields if field.is_relation)
        return f"""
            IF EXISTS (SELECT FROM {owner.related_model._meta.db_table} o
                       WHERE o.id = NEW.{owner.column} AND o.status = 'published') THEN
              PERFORM FROM {target.related_model._meta.db_table}
                WHERE id = NEW.{target.column} AND status = 'published' FOR SHARE;
              IF NOT FOUND THEN
                {refuse(f"Publish the {target.related_model._meta.verbose_name} first, then link it to a published {owner.related_model._meta.verbose_name}.", "published_on_published")}
              END IF;
            END IF;
            RETURN NULL;"""


class CitedOnPublished(pgtrigger.Trigger):
    """What a published record cites is published: a citation is as public as its record."""

    name = "cited_on_published"
    when = pgtrigger.After
    operation = pgtrigger.Insert | pgtrigger.Update

    def get_func(self, model: Any) -> str:
        model = current(model)
        citing = " UNION ALL ".join(
            f"SELECT FROM {field.related_model._meta.db_table} r"
            f" WHERE r.id = NEW.{field.column} AND r.status = 'published'"
            for name in model.CITING
            if (field := model._meta.get_field(name))
        )
        return f"""
            IF EXISTS ({citing}) THEN
              PERFORM FROM negotiations_source
                WHERE id = NEW.source_id AND status = 'published' FOR SHARE;
              IF NOT FOUND THEN
                {refuse("Publish the source first: what cites it is public.", "published_on_published")}
              END IF;
            END IF;
            RETURN NULL;"""


class NoCycle(pgtrigger.Trigger):
    """Nothing is part of itself, by however many steps. The lock keeps two editors from closing a ring."""

    when = pgtrigger.After

    def __init__(self, field: str, words: str) -> None:
        self.field, self.words = field, words
        super().__init__(
            name="no_cycle", operation=pgtrigger.Insert | pgtrigger.UpdateOf(f"{field}_id")
        )

    def get_func(self, model: Any) -> str:
        model = current(model)
        table, parent = model._meta.db_table, column(model, self.field)
        return f"""
            IF NEW.{parent} IS NULL THEN RETURN NULL; END IF;
            PERFORM pg_advisory_xact_lock(hashtext('{table}'));
            IF EXISTS (
              WITH RECURSIVE above(id) AS (
                SELECT NEW.{parent}
                UNION
                SELECT t.{parent} FROM {table} t JOIN above ON t.id = above.id
                WHERE t.{parent} IS NOT NULL
              ) SELECT FROM above WHERE id = NEW.id) THEN
              {refuse(f"A {model._meta.verbose_name} can not be {self.words} itself, nor one of its own parts.", "no_cycle")}
            END IF;
            RETURN NULL;"""


class KeepsItsAddress(pgtrigger.Trigger):
    """A renamed slug redirects for ever, so nobody else may take it."""

    name = "keeps_its_address"
    when = pgtrigger.After
    operation = pgtrigger.Insert | pgtrigger.UpdateOf("slug")

    def get_func(self, model: Any) -> str:
        model = current(model)
        kind = model._meta.model_name
        return f"""
            IF TG_OP = 'UPDATE' AND NEW.slug = OLD.slug THEN RETURN NULL; END IF;
            DELETE FROM negotiations_formerslug
              WHERE kind = '{kind}' AND slug = NEW.slug AND record_id = NEW.id;
            IF EXISTS (SELECT FROM negotiations_formerslug
                       WHERE kind = '{kind}' AND slug = NEW.slug) THEN
              {refuse(f"This address belonged to another {model._meta.verbose_name}, and links to it must go on working. Choose another.", "address_is_taken")}
            END IF;
            IF TG_OP = 'UPDATE' THEN
              INSERT INTO negotiations_formerslug (kind, slug, record_id, renamed_at)
                VALUES ('{kind}', OLD.slug, NEW.id, now());
            END IF;
            RETURN NULL;"""


# A captured text is never altered silently: whoever changes a source's text, by whatever way, makes
# a capture, and a new capture becomes the source's text. Each of the two triggers rests where
# the other has done its part.
TEXT_IS_CAPTURED = pgtrigger.Trigger(
    name="text_is_captured",
    when=pgtrigger.After,
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("text"),
    declare=[("latest", "text")],
    func="""
        SELECT c.text INTO latest FROM negotiations_capture c
          WHERE c.source_id = NEW.id ORDER BY c.number DESC LIMIT 1;
        IF NEW.text <> coalesce(latest, '') THEN
          INSERT INTO negotiations_capture
              (source_id, text, how, media_type, came_from, captured_at, captured_by_id)
            VALUES (NEW.id, NEW.text, 'otherwise', '', '', now(), (
              SELECT u.id FROM negotiations_user u WHERE u.id::text =
                nullif(current_setting('pghistory.context_metadata', true), '')::jsonb ->> 'user'));
        END IF;
        RETURN NULL;""",
)

CAPTURE_IS_SEALED = pgtrigger.Trigger(
    name="capture_is_sealed",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    declare=[("latest", "record")],
    func=f"""
        -- One capture of a source after the other.
        PERFORM FROM negotiations_source WHERE id = NEW.source_id FOR NO KEY UPDATE;
        SELECT c.number, c.text INTO latest FROM negotiations_capture c
          WHERE c.source_id = NEW.source_id ORDER BY c.number DESC LIMIT 1;
        IF NEW.text = coalesce(latest.text, '') THEN
          {refuse("The text is the same as before: there is nothing to capture.", "capture_is_new")}
        END IF;
        NEW.number := coalesce(latest.number, 0) + 1;
        NEW.text_sha256 := encode(sha256(convert_to(NEW.text, 'UTF8')), 'hex');
        RETURN NEW;""",
)

CAPTURE_IS_THE_TEXT = pgtrigger.Trigger(
    name="capture_is_the_text",
    when=pgtrigger.After,
    operation=pgtrigger.Insert,
    func="""
        UPDATE negotiations_source SET text = NEW.text
          WHERE id = NEW.source_id AND text <> NEW.text;
        RETURN NULL;""",
)

# All but the account of who captured, which may be deleted.
CAPTURE_STAYS_AS_IT_IS = pgtrigger.Trigger(
    name="capture_stays_as_it_is",
    when=pgtrigger.Before,
    operation=pgtrigger.Update,
    func=f"""
        IF NEW.captured_by_id IS NOT NULL
            OR to_jsonb(NEW) - 'captured_by_id' <> to_jsonb(OLD) - 'captured_by_id' THEN
          {refuse("A captured text stays as it is. Capture it anew.", "capture_stays")}
        END IF;
        RETURN NEW;""",
)

# Deferred: the parts of what is deleted go first.
CAPTURE_GOES_WITH_ITS_SOURCE = pgtrigger.Trigger(
    name="capture_goes_with_its_source",
    when=pgtrigger.After,
    operation=pgtrigger.Delete,
    timing=pgtrigger.Deferred,
    func=f"""
        IF EXISTS (SELECT FROM negotiations_source WHERE id = OLD.source_id) THEN
          {refuse("A captured text is deleted with its source only.", "capture_stays")}
        END IF;
        RETURN NULL;""",
)

SEAL_THE_TEXT = pgtrigger.Trigger(
    name="seal_the_text",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.Update,
    func="""
        NEW.text_sha256 := CASE WHEN NEW.text = '' THEN ''
          ELSE encode(sha256(convert_to(NEW.text, 'UTF8')), 'hex') END;
        RETURN NEW;""",
)

DELEGATE_IS_AT_THE_MEETING = pgtrigger.Trigger(
    name="is_at_the_meeting",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.Update,
    func="""
        SELECT meeting_id INTO NEW.meeting_id FROM negotiations_delegation
          WHERE id = NEW.delegation_id;
        RETURN NEW;""",
)

DELEGATION_TAKES_ITS_DELEGATES = pgtrigger.Trigger(
    name="takes_its_delegates",
    when=pgtrigger.After,
    operation=pgtrigger.UpdateOf("meeting_id"),
    func="""
        UPDATE negotiations_delegate SET meeting_id = NEW.meeting_id
          WHERE delegation_id = NEW.id AND meeting_id <> NEW.meeting_id;
        RETURN NULL;""",
)


def quotation_stands(
    name: str, statements: str, operation: pgtrigger.Operation
) -> pgtrigger.Trigger:
    """Checks at the end of the transaction, when words, citation and source are all as meant.

    `statements` is SQL for the ids of the statements that the change may concern.
    """
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.After,
        operation=operation,
        timing=pgtrigger.Deferred,
        declare=[("problem", "text")],
        func=f"""
            SELECT 'Statement ' || s.id || ', ' || readout_beginning(s.words) || ': '
              || readout_quotation_problem(s.id) INTO problem FROM negotiations_statement s
              WHERE s.status = 'published' AND s.form = 'verbatim' AND s.id IN ({statements})
                AND readout_quotation_problem(s.id) IS NOT NULL LIMIT 1;
            IF problem IS NOT NULL THEN
              RAISE EXCEPTION USING ERRCODE = 'check_violation',
                CONSTRAINT = 'quotation_stands', MESSAGE = problem;
            END IF;
            RETURN NULL;""",
    )


STATEMENT_STANDS = quotation_stands(
    "quotation_stands", "SELECT NEW.id", pgtrigger.Insert | pgtrigger.Update
)
CITED_STATEMENT_STANDS = quotation_stands(
    "cited_statement_stands",
    "CASE WHEN TG_OP <> 'DELETE' THEN NEW.statement_id END, "
    "CASE WHEN TG_OP <> 'INSERT' THEN OLD.statement_id END",
    pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
)
SOURCED_STATEMENTS_STAND = quotation_stands(
    "sourced_statements_stand",
    "SELECT c.statement_id FROM negotiations_citation c WHERE c.source_id = NEW.id",
    pgtrigger.UpdateOf("text", "language"),
)

# SQL that names the record to which a citation (alias c) belongs: "statement 12".
CITED_BY = """coalesce('statement ' || c.statement_id, 'account ' || c.account_id,
      'progress report ' || c.progress_id, 'open matter ' || c.open_matter_id,
      'appointment ' || c.appointment_id, 'meeting ' || c.meeting_id, 'action ' || c.action_id)"""

PASSAGE_STANDS = """
    SELECT 'The passage does not occur in the captured text of its source: '
      || readout_beginning(c.passage) || ', cited by ' || {cited_by}
      || '.' INTO problem
      FROM negotiations_citation c JOIN negotiations_source s ON s.id = c.source_id
      WHERE {which} AND c.passage <> '' AND s.text <> ''
        AND NOT readout_quotation_found(c.passage, s.text) LIMIT 1;
    IF problem IS NOT NULL THEN
      RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'passage_stands',
        MESSAGE = problem;
    END IF;
    RETURN NULL;"""

CITED_PASSAGE_STANDS = pgtrigger.Trigger(
    name="cited_passage_stands",
    when=pgtrigger.After,
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("passage", "source_id"),
    timing=pgtrigger.Deferred,
    declare=[("problem", "text")],
    func=PASSAGE_STANDS.format(which="c.id = NEW.id", cited_by=CITED_BY),
)
SOURCED_PASSAGES_STAND = pgtrigger.Trigger(
    name="sourced_passages_stand",
    when=pgtrigger.After,
    operation=pgtrigger.UpdateOf("text"),
    timing=pgtrigger.Deferred,
    declare=[("problem", "text")],
    func=PASSAGE_STANDS.format(which="c.source_id = NEW.id", cited_by=CITED_BY),
)


def _undocumented(table: str, column: str, words: str, which: str, unless: str = "false") -> str:
    return f"""
        IF EXISTS (SELECT FROM {table} r WHERE r.id = {which} AND r.status = 'published'
                   AND NOT ({unless}) AND NOT EXISTS (
                     SELECT FROM negotiations_citation c WHERE c.{column} = r.id)) THEN
          {refuse(f"Give a source: {words} says where it is documented before it is published.", "documented")}
        END IF;"""


# Table, the citation's column for it, its words, and what documents it besides a citation.
DOCUMENTED = {
    "account": (
        "negotiations_account",
        "account_id",
        "an account without a statement",
        "r.statement_id IS NOT NULL",
    ),
    "progress": ("negotiations_progress", "progress_id", "a progress report", "false"),
    "open_matter": (
        "negotiations_openmatter",
        "open_matter_id",
        "an open matter without a statement",
        "r.statement_id IS NOT NULL",
    ),
}


def documented(kind: str) -> pgtrigger.Trigger:
    """A published record of this kind says where it is documented."""
    table, cited_by, words, unless = DOCUMENTED[kind]
    return pgtrigger.Trigger(
        name="documented",
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update,
        timing=pgtrigger.Deferred,
        func=_undocumented(table, cited_by, words, "NEW.id", unless) + "\nRETURN NULL;",
    )


CITATION_STILL_DOCUMENTS = pgtrigger.Trigger(
    name="still_documents",
    when=pgtrigger.After,
    operation=pgtrigger.Update | pgtrigger.Delete,
    timing=pgtrigger.Deferred,
    func="".join(
        _undocumented(table, cited_by, words, f"OLD.{cited_by}", unless)
        for table, cited_by, words, unless in DOCUMENTED.values()
    )
    + "\nRETURN NULL;",
)

PARTY_OF_THE_PROCESS = (
    "An account comes from a party of the process. Add the party to the process, or choose another."
)
SPEAKS_FOR = "The party must be the statement’s own party, or one that it is part of."


def accounts_hold(accounts: str, operation: pgtrigger.Operation) -> pgtrigger.Trigger:
    """Accounts come from parties of the process; `accounts` is SQL (alias r) for those concerned."""
    return pgtrigger.Trigger(
        name="accounts_hold",
        when=pgtrigger.After,
        operation=operation,
        timing=pgtrigger.Immediate,  # a merge puts it off until all its rows have moved
        func=f"""
            IF EXISTS (SELECT FROM negotiations_account r
                       WHERE ({accounts}) AND NOT readout_in_process(r.action_id, r.party_id)) THEN
              {refuse(PARTY_OF_THE_PROCESS, "party_of_the_process")}
            END IF;
            RETURN NULL;""",
    )


def speakers_hold(
    rows: str,
    operation: pgtrigger.Operation,
    tables: tuple[str, ...] = ("negotiations_account", "negotiations_position"),
) -> pgtrigger.Trigger:
    """Accounts and positions are their statements' party's own; `rows` as in `accounts_hold`."""
    checks = "".join(
        f"""
            IF EXISTS (SELECT FROM {table} r WHERE ({rows})
                       AND NOT readout_speaks_for(r.statement_id, r.party_id)) THEN
              {refuse(SPEAKS_FOR, "speaks_for_its_party")}
            END IF;"""
        for table in tables
    )
    return pgtrigger.Trigger(
        name="speakers_hold",
        when=pgtrigger.After,
        operation=operation,
        timing=pgtrigger.Immediate,  # likewise
        func=f"{checks}\nRETURN NULL;",
    )
