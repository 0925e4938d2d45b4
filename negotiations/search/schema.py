"""The search index in PostgreSQL: how words are read, what is indexed, and what keeps it so.

`readout_searchable` says once, for all kinds, what of a public record is found. The triggers, the
rebuild and the benchmark's corpus fill the index from it. Installed by a migration.
"""

from __future__ import annotations

from negotiations.search.entries import (
    ACCOUNTS,
    ACTION_KINDS,
    FACETS,
    FORMS,
    STATUSES,
    STEP,
    TABLE,
    UNDATED,
    Dimension,
    Kind,
)
from negotiations.search.hits import ID_BITS


def _place(values: tuple[str, ...], column: str) -> str:
    return f"array_position(ARRAY[{', '.join(repr(v) for v in values)}]::text[], {column}::text)"


# No stop words: an exact phrase needs all its words. The query leaves them out elsewhere.
WORDS = r"""
CREATE TEXT SEARCH DICTIONARY readout_english (TEMPLATE = snowball, LANGUAGE = english);
CREATE TEXT SEARCH DICTIONARY readout_russian (TEMPLATE = snowball, LANGUAGE = russian);
CREATE TEXT SEARCH CONFIGURATION readout_en (COPY = pg_catalog.english);
CREATE TEXT SEARCH CONFIGURATION readout_ru (COPY = pg_catalog.russian);
CREATE TEXT SEARCH CONFIGURATION readout_any (COPY = pg_catalog.simple);
ALTER TEXT SEARCH CONFIGURATION readout_en
  ALTER MAPPING FOR asciihword, asciiword, hword, hword_asciipart, hword_part, word
  WITH unaccent, readout_english;
ALTER TEXT SEARCH CONFIGURATION readout_ru
  ALTER MAPPING FOR asciihword, asciiword, hword_asciipart WITH unaccent, readout_english;
ALTER TEXT SEARCH CONFIGURATION readout_ru
  ALTER MAPPING FOR hword, hword_part, word WITH unaccent, readout_russian;
ALTER TEXT SEARCH CONFIGURATION readout_any
  ALTER MAPPING FOR asciihword, asciiword, hword, hword_asciipart, hword_part, word
  WITH unaccent, simple;
"""

DROP_WORDS = """
DROP TEXT SEARCH CONFIGURATION readout_en, readout_ru, readout_any;
DROP TEXT SEARCH DICTIONARY readout_english, readout_russian;
"""

FUNCTIONS = r"""
-- Which dictionary reads a text of this language (BCP 47).
CREATE OR REPLACE FUNCTION readout_reader(language text) RETURNS regconfig
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE split_part(language, '-', 1)
    WHEN 'en' THEN 'readout_en'::regconfig
    WHEN 'ru' THEN 'readout_ru'::regconfig
    ELSE 'readout_any'::regconfig END
$$;

-- The text with what no reader sees taken out, hyphens and apostrophes that look alike made one, and
-- spaces for other marks: under the locale C they would be taken for letters.
CREATE OR REPLACE FUNCTION readout_plain(value text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN octet_length(value) = char_length(value) THEN value -- ASCII has none of them
    ELSE translate(normalize(coalesce(value, ''), NFC),
      E'\u2010\u2011\u2019\u02BC'
      '\u201C\u201D\u201E\u201F\u00AB\u00BB\u2039\u203A\u2018\u201A\u201B\u2013\u2014\u2015\u2026'
      '\u2022\u00B7\u00A0\u202F\u2009\u3001\u3002\u300C\u300D\u060C\u061B\u061F'
      '\u00AD\u200B\u200C\u200D\u2060\uFEFF', '--''''' || repeat(' ', 27)) END
$$;

-- A word or phrase as each dictionary would have indexed it.
CREATE OR REPLACE FUNCTION readout_term(value text) RETURNS tsquery
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN en = ru AND en = anyway THEN en
    WHEN en = ru OR ru = anyway THEN en || anyway ELSE en || ru || anyway END
  FROM (SELECT phraseto_tsquery('readout_en', readout_plain(value)) en,
               phraseto_tsquery('readout_ru', readout_plain(value)) ru,
               phraseto_tsquery('readout_any', readout_plain(value)) anyway) each
$$;

-- Is this a word that says nothing by itself, in English or Russian?
CREATE OR REPLACE FUNCTION readout_is_filler(word text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ts_lexize('english_stem', lower(word)) = '{}' OR ts_lexize('russian_stem', lower(word)) = '{}'
$$;

CREATE OR REPLACE FUNCTION readout_party_chain(party bigint) RETURNS bigint[]
LANGUAGE plpgsql STABLE PARALLEL SAFE STRICT AS $$
DECLARE chain bigint[] := '{}';
BEGIN
  WHILE party IS NOT NULL AND NOT party = ANY (chain) LOOP
    chain := chain || party;
    SELECT part_of_id INTO party FROM negotiations_party WHERE id = party;
  END LOOP;
  RETURN chain;
END $$;

CREATE OR REPLACE FUNCTION readout_topic_chain(topic bigint) RETURNS bigint[]
LANGUAGE plpgsql STABLE PARALLEL SAFE STRICT AS $$
DECLARE chain bigint[] := '{}';
BEGIN
  WHILE topic IS NOT NULL AND NOT topic = ANY (chain) LOOP
    chain := chain || topic;
    SELECT parent_id INTO topic FROM negotiations_topic WHERE id = topic;
  END LOOP;
  RETURN chain;
END $$;
"""


def _codes(**values: str | tuple[str, ...]) -> str:
    """SQL for the codes of a record: of each dimension one value, several, or an array of them in []."""
    single, arrays = [], []
    for name, sql in values.items():
        base = Dimension[name.upper()] * STEP
        for each in (sql,) if isinstance(sql, str) else sql:
            if each.startswith("["):
                arrays.append(f"ARRAY(SELECT {base} + v::integer FROM unnest({each[1:-1]}) v)")
            else:
                single.append(f"{base} + ({each})::integer")
    return " || ".join([f"ARRAY[{', '.join(single)}]", *arrays])


def _cited(column: str) -> str:
    """The sources that a record cites: the first one, all publishers, and whether there is any."""
    return f"""LEFT JOIN LATERAL (
      SELECT (array_agg(c.source_id ORDER BY c.id))[1] AS source_id,
             array_agg(p.id) AS publishers, max(1) AS any
      FROM negotiations_citation c JOIN negotiations_source so ON so.id = c.source_id
      JOIN negotiations_searchpublisher p ON p.name = so.publisher
      WHERE c.{column} = r.id) cited ON true"""


_YEAR = "extract(year FROM {}.date_from)::bigint"

SEARCHABLE = f"""
CREATE OR REPLACE VIEW readout_searchable AS
-- statements
SELECT {Kind.STATEMENT} AS kind, r.id AS record_id, r.speaker_id AS person_id, r.party_id,
  r.meeting_id, cited.source_id, r.date_from, r.date_until, r.date_precision, r.date_about,
  ''::text AS title, ''::text AS body,
  {
    _codes(
        kind=f"{Kind.STATEMENT}",
        party="[readout_party_chain(r.party_id)]",
        person="r.speaker_id",
        topic="[about.ids]",
        year=_YEAR.format("r"),
        form=_place(FORMS, "r.form"),
        process="m.process_id",
        publisher="[cited.publishers]",
        meeting="r.meeting_id",
        has=(
            "cited.any",
            "CASE WHEN r.original_words <> '' THEN 2 END",
            "CASE WHEN r.date_from IS NOT NULL THEN 3 END",
        ),
    )
} AS codes,
  to_tsvector(readout_reader(r.language), readout_plain(r.words)) || CASE WHEN r.original_words = ''
    THEN ''::tsvector
    ELSE to_tsvector(readout_reader(r.original_language), readout_plain(r.original_words)) END AS words
FROM negotiations_statement r
LEFT JOIN negotiations_meeting m ON m.id = r.meeting_id
LEFT JOIN LATERAL (SELECT array_agg(x) AS ids FROM negotiations_statement_topics t,
  unnest(readout_topic_chain(t.topic_id)) x WHERE t.statement_id = r.id) about ON true
{_cited("statement_id")}
WHERE r.status = 'published'
UNION ALL -- actions
SELECT {Kind.ACTION}, r.id, NULL, owed.first, r.meeting_id, cited.source_id,
  m.date_from, m.date_until, m.date_precision, m.date_about, r.title, r.details,
  {
    _codes(
        kind=f"{Kind.ACTION}",
        party="[owed.ids]",
        topic="[about.ids]",
        year=_YEAR.format("m"),
        process="m.process_id",
        publisher="[cited.publishers]",
        status=f"coalesce({_place(STATUSES, 'latest.state')}, 1)",
        account=_place(ACCOUNTS, "readout_verdict(r.id)"),
        action_kind=_place(ACTION_KINDS, "r.kind"),
        meeting="r.meeting_id",
        has=("cited.any", "CASE WHEN m.date_from IS NOT NULL THEN 3 END"),
    )
},
  setweight(to_tsvector('readout_en', readout_plain(r.title)), 'A')
    || to_tsvector('readout_en', readout_plain(r.details))
FROM negotiations_action r
JOIN negotiations_meeting m ON m.id = r.meeting_id
LEFT JOIN LATERAL (SELECT min(o.party_id) AS first, array_agg(x) AS ids
  FROM negotiations_action_owed_by o, unnest(readout_party_chain(o.party_id)) x
  WHERE o.action_id = r.id) owed ON true
LEFT JOIN LATERAL (SELECT array_agg(x) AS ids FROM negotiations_action_topics t,
  unnest(readout_topic_chain(t.topic_id)) x WHERE t.action_id = r.id) about ON true
LEFT JOIN LATERAL (SELECT p.state FROM negotiations_progress p
  WHERE p.action_id = r.id AND p.status = 'published'
  ORDER BY p.date_from DESC, p.date_precision DESC, p.id DESC LIMIT 1) latest ON true
LEFT JOIN LATERAL (SELECT array_agg(p.id) AS publishers, min(c.source_id) AS source_id, max(1) AS any
  FROM (
    SELECT source_id FROM negotiations_citation WHERE action_id = r.id
    UNION SELECT c.source_id FROM negotiations_account a
      JOIN negotiations_citation c ON c.account_id = a.id
      WHERE a.action_id = r.id AND a.status = 'published'
    UNION SELECT c.source_id FROM negotiations_account a
      JOIN negotiations_citation c ON c.statement_id = a.statement_id
      WHERE a.action_id = r.id AND a.status = 'published'
  ) c
  JOIN negotiations_source so ON so.id = c.source_id
  JOIN negotiations_searchpublisher p ON p.name = so.publisher) cited ON true
WHERE r.status = 'published'
UNION ALL -- meetings
SELECT {Kind.MEETING}, r.id, NULL, NULL, NULL, cited.source_id,
  r.date_from, r.date_until, r.date_precision, r.date_about, r.title, concat_ws(' ', r.place, r.summary),
  {
    _codes(
        kind=f"{Kind.MEETING}",
        party="[sat.ids]",
        person="[sat.people]",
        year=_YEAR.format("r"),
        process="r.process_id",
        publisher="[cited.publishers]",
        meeting="r.id",
        has=("cited.any", "CASE WHEN r.date_from IS NOT NULL THEN 3 END"),
    )
},
  setweight(to_tsvector('readout_en', readout_plain(concat_ws(' ', r.title, r.place))), 'A')
    || to_tsvector('readout_en', readout_plain(r.summary))
FROM negotiations_meeting r
LEFT JOIN LATERAL (SELECT array_agg(x) AS ids,
    (SELECT array_agg(g.person_id) FROM negotiations_delegate g
     WHERE g.meeting_id = r.id AND g.status = 'published') AS people
  FROM negotiations_delegation d, unnest(readout_party_chain(d.party_id)) x
  WHERE d.meeting_id = r.id AND d.status = 'published') sat ON true
{_cited("meeting_id")}
WHERE r.status = 'published'
UNION ALL -- people
SELECT {Kind.PERSON}, r.id, NULL, NULL, NULL, NULL, NULL, NULL, NULL, false, r.name,
  concat_ws(' ', held.offices, r.description),
  {_codes(kind=f"{Kind.PERSON}", party="[held.parties]", person="r.id")},
  setweight(to_tsvector('readout_any', readout_plain(concat_ws(' ', r.name, r.native_name, r.other_names))), 'A')
    || setweight(to_tsvector('readout_en', readout_plain(held.offices)), 'B')
    || to_tsvector('readout_en', readout_plain(r.description))
FROM negotiations_person r
LEFT JOIN LATERAL (SELECT string_agg(DISTINCT concat_ws(', ', a.office, y.name), '; ') AS offices, array_agg(x) AS parties
  FROM negotiations_appointment a JOIN negotiations_party y ON y.id = a.party_id,
  unnest(readout_party_chain(a.party_id)) x
  WHERE a.person_id = r.id AND a.status = 'published') held ON true
WHERE r.status = 'published'
UNION ALL -- parties
SELECT {Kind.PARTY}, r.id, NULL, NULL, NULL, NULL, NULL, NULL, NULL, false, r.name, r.description,
  {_codes(kind=f"{Kind.PARTY}", party="[readout_party_chain(r.id)]")},
  setweight(to_tsvector('readout_any', readout_plain(concat_ws(' ', r.name, r.short_name, r.native_name, r.other_names))), 'A')
    || setweight(to_tsvector('readout_en', readout_plain(concat_ws(' ', r.name, r.short_name))), 'A')
    || to_tsvector('readout_en', readout_plain(r.description))
FROM negotiations_party r WHERE r.status = 'published'
UNION ALL -- topics
SELECT {Kind.TOPIC}, r.id, NULL, NULL, NULL, NULL, NULL, NULL, NULL, false, r.name, r.description,
  {_codes(kind=f"{Kind.TOPIC}", topic="[readout_topic_chain(r.id)]")},
  setweight(to_tsvector('readout_en', readout_plain(concat_ws(' ', r.name, r.other_names))), 'A')
    || to_tsvector('readout_en', readout_plain(r.description))
FROM negotiations_topic r WHERE r.status = 'published'
UNION ALL -- questions
SELECT {
    Kind.QUESTION
}, r.id, NULL, NULL, NULL, NULL, NULL, NULL, NULL, false, r.text, r.description,
  {
    _codes(
        kind=f"{Kind.QUESTION}", topic="[readout_topic_chain(r.topic_id)]", party="[held.parties]"
    )
},
  setweight(to_tsvector('readout_en', readout_plain(r.text)), 'A')
    || to_tsvector('readout_en', readout_plain(r.description))
FROM negotiations_question r
LEFT JOIN LATERAL (SELECT array_agg(x) AS parties FROM negotiations_position p,
  unnest(readout_party_chain(p.party_id)) x
  WHERE p.question_id = r.id AND p.status = 'published') held ON true
WHERE r.status = 'published'
UNION ALL -- open matters
SELECT {Kind.OPEN_MATTER}, r.id, s.speaker_id, s.party_id, r.meeting_id, cited.source_id,
  m.date_from, m.date_until, m.date_precision, m.date_about, r.title, r.details,
  {
    _codes(
        kind=f"{Kind.OPEN_MATTER}",
        party="[readout_party_chain(s.party_id)]",
        person="s.speaker_id",
        topic="[readout_topic_chain(r.topic_id)]",
        year=_YEAR.format("m"),
        process="m.process_id",
        publisher="[cited.publishers]",
        meeting="r.meeting_id",
        has=("cited.any", "CASE WHEN m.date_from IS NOT NULL THEN 3 END"),
    )
},
  setweight(to_tsvector('readout_en', readout_plain(r.title)), 'A')
    || to_tsvector('readout_en', readout_plain(r.details))
FROM negotiations_openmatter r
JOIN negotiations_meeting m ON m.id = r.meeting_id
LEFT JOIN negotiations_statement s ON s.id = r.statement_id
{_cited("open_matter_id")}
WHERE r.status = 'published'
UNION ALL -- processes
SELECT {Kind.PROCESS}, r.id, NULL, NULL, NULL, NULL, NULL, NULL, NULL, false, r.name, r.summary,
  {_codes(kind=f"{Kind.PROCESS}", process="r.id", party="[sides.ids]")},
  setweight(to_tsvector('readout_en', readout_plain(r.name)), 'A')
    || to_tsvector('readout_en', readout_plain(r.summary))
FROM negotiations_process r
LEFT JOIN LATERAL (SELECT array_agg(x) AS ids FROM negotiations_process_parties p,
  unnest(readout_party_chain(p.party_id)) x WHERE p.process_id = r.id) sides ON true
WHERE r.status = 'published';

-- The same as rows of the index. A speaker's code weighs B, other names C, for the order of results.
-- The facets begin with the day and the id: who reads many matches reads this one column.
CREATE OR REPLACE VIEW readout_entries AS
SELECT record_id * 16 + kind AS id, kind, record_id, person_id, party_id, meeting_id, source_id,
  coalesce(date_from, DATE '{UNDATED.isoformat()}') AS sort_date,
  date_from, date_until, date_precision, coalesce(date_about, false) AS date_about,
  int4send(-1 - (coalesce(date_from, DATE '{UNDATED.isoformat()}') - DATE '{UNDATED.isoformat()}'))
    || int4send((record_id * 16 + kind >> {ID_BITS})::integer)
    || int4send((record_id * 16 + kind & {2**ID_BITS - 1})::integer)
    || coalesce(coded.facets, '') AS facets,
  title, body, coded.tags || words AS vector
FROM readout_searchable,
LATERAL (
  SELECT string_agg(int4send(c), ''::bytea ORDER BY c) FILTER (WHERE c < {
    Dimension.MEETING * STEP
}) AS facets,
    string_agg('#' || c || CASE c / {STEP} WHEN {Dimension.PERSON} THEN ':1B'
      WHEN {Dimension.PARTY} THEN ':1C' WHEN {Dimension.TOPIC} THEN ':1C'
      WHEN {Dimension.MEETING} THEN ':1C' ELSE ':1' END, ' ')::tsvector AS tags
  FROM (SELECT DISTINCT c FROM unnest(codes) c WHERE c IS NOT NULL) each_once(c)
) coded;

CREATE OR REPLACE VIEW readout_names AS
SELECT record_id * 16 + kind AS id, kind, record_id, name, slug, mark,
  lower(unaccent(concat_ws(' ', name, others))) AS names,
  to_tsvector('readout_any', readout_plain(concat_ws(' ', name, others)))
    || to_tsvector('readout_en', readout_plain(name)) AS vector
FROM (
  SELECT {
    Kind.PERSON
} AS kind, id AS record_id, name, slug, '' AS mark, concat_ws(' ', native_name, other_names) AS others
    FROM negotiations_person WHERE status = 'published'
  UNION ALL SELECT {
    Kind.PARTY
}, id, name, slug, mark, concat_ws(' ', short_name, native_name, other_names)
    FROM negotiations_party WHERE status = 'published'
  UNION ALL SELECT {Kind.MEETING}, id, title, slug, '', place
    FROM negotiations_meeting WHERE status = 'published'
  UNION ALL SELECT {Kind.TOPIC}, id, name, slug, '', other_names
    FROM negotiations_topic WHERE status = 'published'
  UNION ALL SELECT {Kind.QUESTION}, id, text, slug, '', ''
    FROM negotiations_question WHERE status = 'published'
  UNION ALL SELECT {Kind.PROCESS}, id, name, slug, '', ''
    FROM negotiations_process WHERE status = 'published'
) named;
"""

ENTRY_COLUMNS = (
    "id, kind, record_id, person_id, party_id, meeting_id, source_id, sort_date, date_from, "
    "date_until, date_precision, date_about, facets, title, body, vector"
)
NAME_COLUMNS = "id, kind, record_id, name, slug, mark, names, vector"

TABLES = {
    Kind.STATEMENT: "negotiations_statement",
    Kind.ACTION: "negotiations_action",
    Kind.MEETING: "negotiations_meeting",
    Kind.PERSON: "negotiations_person",
    Kind.PARTY: "negotiations_party",
    Kind.TOPIC: "negotiations_topic",
    Kind.QUESTION: "negotiations_question",
    Kind.OPEN_MATTER: "negotiations_openmatter",
    Kind.PROCESS: "negotiations_process",
}
NAMED = (Kind.PERSON, Kind.PARTY, Kind.MEETING, Kind.TOPIC, Kind.QUESTION, Kind.PROCESS)


def upsert(table: str, columns: str) -> str:
    changed = ", ".join(f"{name} = EXCLUDED.{name}" for name in columns.split(", ")[1:])
    return f"ON CONFLICT (id) DO UPDATE SET {changed}"


def _refresh_of(kind: Kind) -> str:
    """Read records of one kind again. The lock lets two who change one record see each other."""
    table = TABLES[kind]
    gone = f"NOT EXISTS (SELECT FROM {table} r WHERE r.id = e.record_id AND r.status = 'published')"
    indexes = [("negotiations_searchentry", ENTRY_COLUMNS, "readout_entries")]
    if kind in NAMED:
        indexes.append(("negotiations_searchname", NAME_COLUMNS, "readout_names"))
    take_out = "".join(
        f"""
      DELETE FROM {index} e WHERE id = ANY (entries) AND {gone};"""
        for index, _, _ in indexes
    )
    put_in = "".join(
        f"""
        INSERT INTO {index} ({columns})
          SELECT {columns} FROM {view} WHERE kind = {kind} AND record_id = ANY (ids)
          {upsert(index, columns)};"""
        for index, columns, view in indexes
    )
    return f"""
    WHEN {kind} THEN
      PERFORM FROM {table} WHERE id = ANY (ids) ORDER BY id FOR NO KEY UPDATE;{take_out}
      -- Drafts, of which an import makes thousands, are not worth planning the views for.
      IF EXISTS (SELECT FROM {table} WHERE id = ANY (ids) AND status = 'published') THEN{put_in}
      END IF;"""


REFRESH = f"""
-- Bring the entries of these records up to date, in the transaction that changed them.
CREATE OR REPLACE FUNCTION readout_reindex(of_kind integer, VARIADIC ids bigint[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE entries bigint[] := ARRAY(SELECT i * 16 + of_kind FROM unnest(ids) i WHERE i IS NOT NULL);
BEGIN
  IF cardinality(entries) = 0 THEN RETURN; END IF;
  CASE of_kind {"".join(_refresh_of(kind) for kind in Kind)}
  END CASE;
END $$;

-- The same for all records that carry one of these codes.
CREATE OR REPLACE FUNCTION readout_reindex_coded(VARIADIC wanted integer[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE found record;
BEGIN
  FOR found IN
    SELECT kind, array_agg(record_id) AS ids FROM negotiations_searchentry
    WHERE vector @@ (SELECT string_agg('''#' || c || '''', '|') FROM unnest(wanted) c)::tsquery
    GROUP BY kind
  LOOP
    PERFORM readout_reindex(found.kind, VARIADIC found.ids);
  END LOOP;
END $$;
"""


def _trigger(name: str, table: str, events: str, body: str, when: str = "") -> str:
    return f"""
CREATE OR REPLACE FUNCTION readout_search_{name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  {body}
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER readout_search_{name} AFTER {events} ON {table}
  FOR EACH ROW {when} EXECUTE FUNCTION readout_search_{name}();"""


def _both(kind: Kind, column: str) -> str:
    """Of a row that hangs on a record: the record before, and after."""
    return f"""IF TG_OP = 'INSERT' THEN PERFORM readout_reindex({kind}, NEW.{column});
  ELSIF TG_OP = 'DELETE' THEN PERFORM readout_reindex({kind}, OLD.{column});
  ELSIF NEW.{column} IS DISTINCT FROM OLD.{column} THEN PERFORM readout_reindex({kind}, OLD.{column}, NEW.{column});
  ELSE PERFORM readout_reindex({kind}, NEW.{column});
  END IF;"""


_ANY = "INSERT OR UPDATE OR DELETE"
_CITING = {
    "statement_id": Kind.STATEMENT,
    "action_id": Kind.ACTION,
    "meeting_id": Kind.MEETING,
    "open_matter_id": Kind.OPEN_MATTER,
}


def _hanging() -> str:
    """What is indexed with another record: its topics, parties, citations, accounts and so on."""
    rows = [
        ("statement_topics", Kind.STATEMENT, "statement_id"),
        ("action_topics", Kind.ACTION, "action_id"),
        ("action_owed_by", Kind.ACTION, "action_id"),
        ("account", Kind.ACTION, "action_id"),
        ("progress", Kind.ACTION, "action_id"),
        ("delegation", Kind.MEETING, "meeting_id"),
        ("delegate", Kind.MEETING, "meeting_id"),
        ("appointment", Kind.PERSON, "person_id"),
        ("position", Kind.QUESTION, "question_id"),
        ("process_parties", Kind.PROCESS, "process_id"),
    ]
    made = [
        _trigger(table, f"negotiations_{table}", _ANY, _both(kind, column))
        for table, kind, column in rows
    ]
    made += [
        _trigger(f"cited_{column}", "negotiations_citation", _ANY, _both(kind, column))
        for column, kind in _CITING.items()
    ]
    return "".join(made)


def _of_parents() -> str:
    """What many records are indexed with: read again all that carry its code."""
    party, topic, meeting = (
        f"{dimension * STEP} + NEW.id::integer"
        for dimension in (Dimension.PARTY, Dimension.TOPIC, Dimension.MEETING)
    )
    return "".join(
        [
            _trigger(
                "part_of",
                "negotiations_party",
                "UPDATE OF part_of_id",
                f"PERFORM readout_reindex_coded({party});",
                "WHEN (OLD.part_of_id IS DISTINCT FROM NEW.part_of_id)",
            ),
            _trigger(
                "office_at",
                "negotiations_party",
                "UPDATE OF name",
                f"""PERFORM readout_reindex({Kind.PERSON}, VARIADIC ARRAY(
                  SELECT person_id FROM negotiations_appointment WHERE party_id = NEW.id));""",
            ),
            _trigger(
                "parent",
                "negotiations_topic",
                "UPDATE OF parent_id",
                f"PERFORM readout_reindex_coded({topic});",
                "WHEN (OLD.parent_id IS DISTINCT FROM NEW.parent_id)",
            ),
            _trigger(
                "meeting_of",
                "negotiations_meeting",
                "UPDATE OF process_id, date_from, date_precision, date_about",
                f"PERFORM readout_reindex_coded({meeting});",
                "WHEN ((OLD.process_id, OLD.date_from, OLD.date_precision, OLD.date_about)"
                " IS DISTINCT FROM (NEW.process_id, NEW.date_from, NEW.date_precision, NEW.date_about))",
            ),
            _trigger(
                "delegations_of",
                "negotiations_delegation",
                "UPDATE OR DELETE OR INSERT",
                f"""PERFORM readout_reindex({Kind.ACTION}, VARIADIC ARRAY(
                  SELECT id FROM negotiations_action
                  WHERE meeting_id = CASE WHEN TG_OP = 'DELETE' THEN OLD.meeting_id ELSE NEW.meeting_id END));""",
            ),
            _trigger(
                "account_words",
                "negotiations_statement",
                "UPDATE OF speaker_id, party_id",
                f"""PERFORM readout_reindex({Kind.OPEN_MATTER}, VARIADIC ARRAY(
                  SELECT id FROM negotiations_openmatter WHERE statement_id = NEW.id));""",
            ),
            _trigger(
                "cited_for_accounts",
                "negotiations_citation",
                _ANY,
                f"""PERFORM readout_reindex({Kind.ACTION}, VARIADIC ARRAY(
                  SELECT action_id FROM negotiations_account
                  WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.account_id ELSE NEW.account_id END
                     OR statement_id = CASE WHEN TG_OP = 'DELETE' THEN OLD.statement_id ELSE NEW.statement_id END));""",
            ),
            _trigger(
                "publisher_of",
                "negotiations_source",
                "INSERT OR UPDATE OF publisher",
                f"""INSERT INTO negotiations_searchpublisher (name) VALUES (NEW.publisher)
                    ON CONFLICT DO NOTHING;
                  IF TG_OP = 'UPDATE' THEN
                    PERFORM readout_reindex({Kind.STATEMENT}, VARIADIC ARRAY(SELECT statement_id FROM negotiations_citation WHERE source_id = NEW.id AND statement_id IS NOT NULL));
                    PERFORM readout_reindex({Kind.MEETING}, VARIADIC ARRAY(SELECT meeting_id FROM negotiations_citation WHERE source_id = NEW.id AND meeting_id IS NOT NULL));
                    PERFORM readout_reindex({Kind.OPEN_MATTER}, VARIADIC ARRAY(SELECT open_matter_id FROM negotiations_citation WHERE source_id = NEW.id AND open_matter_id IS NOT NULL));
                    PERFORM readout_reindex({Kind.ACTION}, VARIADIC ARRAY(
                      SELECT c.action_id FROM negotiations_citation c WHERE c.source_id = NEW.id AND c.action_id IS NOT NULL
                      UNION SELECT a.action_id FROM negotiations_citation c JOIN negotiations_account a
                        ON a.id = c.account_id OR a.statement_id = c.statement_id WHERE c.source_id = NEW.id));
                  END IF;""",
            ),
        ]
    )


# Named to come last: PostgreSQL fires triggers in the order of their names, and the rules first.
TRIGGERS = (
    "".join(
        _trigger(f"own_{kind.name.lower()}", TABLES[kind], _ANY, _both(kind, "id")) for kind in Kind
    )
    + _hanging()
    + _of_parents()
)

FILL = f"""
INSERT INTO negotiations_searchpublisher (name)
  SELECT DISTINCT publisher FROM negotiations_source ON CONFLICT DO NOTHING;
INSERT INTO negotiations_searchname ({NAME_COLUMNS})
  SELECT {NAME_COLUMNS} FROM readout_names ON CONFLICT DO NOTHING;
INSERT INTO negotiations_searchentry ({ENTRY_COLUMNS})
  SELECT {ENTRY_COLUMNS} FROM readout_entries ON CONFLICT DO NOTHING;
"""

# Called immutable, as an index asks, and it is: for as long as an entry that changes has its facets
# put in anew, and nothing else writes them. It looks with eyes of its own (volatile): an index that is
# built while others write would else hold what its statement saw when it began.
VECTOR = f"""
CREATE FUNCTION readout_vector_now(entry bigint) RETURNS tsvector LANGUAGE sql VOLATILE
RETURN (SELECT vector FROM {TABLE} WHERE id = entry);
CREATE FUNCTION readout_vector(entry bigint) RETURNS tsvector LANGUAGE sql IMMUTABLE
RETURN readout_vector_now(entry);
"""
NO_VECTOR = "DROP FUNCTION readout_vector, readout_vector_now"

FACETS_COLUMNS = "id, kind, facets, vector"
FACETS_OF = f"SELECT id, kind, facets, CASE WHEN NOT kind = {Kind.STATEMENT} THEN vector END FROM"
# Never by UPDATE: the index would not see it, since what it is made of (the id) stays the same.
FACETS_FOLLOW = f"""
CREATE FUNCTION readout_search_facets() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT TG_OP = 'INSERT' THEN
    DELETE FROM {FACETS} f USING gone WHERE f.id = gone.id;
  END IF;
  IF NOT TG_OP = 'DELETE' THEN
    INSERT INTO {FACETS} ({FACETS_COLUMNS}) {FACETS_OF} fresh;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER readout_search_facets_in AFTER INSERT ON {TABLE}
  REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION readout_search_facets();
CREATE TRIGGER readout_search_facets_changed AFTER UPDATE ON {TABLE}
  REFERENCING OLD TABLE AS gone NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION readout_search_facets();
CREATE TRIGGER readout_search_facets_out AFTER DELETE ON {TABLE}
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION readout_search_facets();
"""
NO_FACETS_FOLLOW = "DROP FUNCTION readout_search_facets CASCADE"

# A vector stays beside its row, where a search over many rows needs it, up to half a page.
STORAGE = """
ALTER TABLE negotiations_searchentry SET (toast_tuple_target = 4080);
ALTER TABLE negotiations_searchentry ALTER COLUMN vector SET STATISTICS 200;
"""

# The views come with a later migration, when all that they name is there.
INSTALL = [WORDS, FUNCTIONS, REFRESH, STORAGE, TRIGGERS]
VIEWS = [SEARCHABLE, FILL]

NO_VIEWS = "DROP VIEW readout_entries, readout_searchable, readout_names"

# Dropping the functions drops their triggers.
REMOVE = [
    """DO $$ DECLARE f regprocedure; BEGIN
    FOR f IN SELECT oid::regprocedure FROM pg_proc WHERE proname LIKE 'readout\\_search\\_%' LOOP
      EXECUTE 'DROP FUNCTION ' || f || ' CASCADE';
    END LOOP; END $$""",
    "DROP FUNCTION readout_reindex, readout_reindex_coded",
    "DROP FUNCTION readout_topic_chain, readout_party_chain, readout_is_filler,"
    " readout_term, readout_plain, readout_reader",
    DROP_WORDS,
]
