"""SQL functions that triggers, queries and other functions share; a migration installs them."""

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
