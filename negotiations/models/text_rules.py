"""The rules of captured texts: sealed, never altered silently, and whatever is quoted stands in them."""

from __future__ import annotations

import pgtrigger

from negotiations.models.rules import refuse

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
