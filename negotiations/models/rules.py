"""The rules that the database keeps and that take more than one row to see, as triggers.

Each says what is wrong in a sentence, because an editor may read it. Those of captured texts and
what is quoted from them are in `text_rules`; the functions that triggers share, in `functions`.
"""

from __future__ import annotations

from typing import Any

import pgtrigger
from django.apps import apps


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
