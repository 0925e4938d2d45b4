"""Lines of positions, in SQL: what each side held on each question, one thing after the other.

A body speaks for the party that it is part of. Two statements have an order only where their dates
tell: of those of one day, or with a vague date that others fall into, none is the later one.
"""

from __future__ import annotations

from negotiations.models.visibility import visible_sql

# Who speaks for whom: a party itself and its bodies, at any depth.
VOICES = """voice (side, party) AS (
  SELECT id, id FROM negotiations_party WHERE {of}
  UNION
  SELECT v.side, p.id FROM voice v JOIN negotiations_party p ON p.part_of_id = v.party AND p.kind = 'body')"""
ALL_VOICES = VOICES.format(of="kind <> 'body'")

# How far "about" reaches on both sides: a day by a month, a month by half a year, a year by five.
REACH = """CASE WHEN s.date_about THEN CASE s.date_precision
  WHEN 3 THEN interval '1 month' WHEN 2 THEN interval '6 months' ELSE interval '5 years' END
  ELSE interval '0' END"""
CLOSES = f"(s.date_until + {REACH})::date"


def said(which: str, lane: str = "1") -> str:
    """Positions that were taken; `lane` tells apart what is to be compared, `which` is a condition.

    The statement is `s`, the position `p`, and `v` says whose voice it is (VOICES).
    """
    return f"""
      SELECT {lane}::int AS lane, v.side, p.question_id AS question, p.stance, p.id, s.form, s.words,
        s.date_precision < 3 OR s.date_about AS vague,
        (s.date_from - {REACH})::date AS opens, {CLOSES} AS closes
      FROM negotiations_position p
      JOIN voice v ON v.party = p.party_id
      JOIN negotiations_statement s ON s.id = p.statement_id
      WHERE p.stance <> 'not_stated' AND {visible_sql("p")} AND {visible_sql("s")} AND {which}"""


# From `said` to the items of each line:
# span: all that was said alike with the same date; `pos` is the position that is shown for it.
# clash: the vague ones that may come before or after one that differs.
# placed: whether it has a place in the line: not if it is undated or in a clash.
# moment: spans whose order can't be told. They differ in stance only within one day. Its `first` is
# what was surely said first, its `last` what surely was not said before.
# item: moments one after the other with the same stance, or one day with several.
LINES = """
span AS (
  SELECT row_number() OVER () AS n, lane, side, question, stance, vague, opens, closes,
    count(*) AS number, (array_agg(id ORDER BY form DESC, words, id))[1] AS pos
  FROM said GROUP BY lane, side, question, stance, vague, opens, closes),
clash AS (
  SELECT DISTINCT s.n FROM span s JOIN span o USING (lane, side, question)
  WHERE s.vague AND o.stance <> s.stance AND o.opens <= s.closes AND o.closes >= s.opens),
placed AS (
  SELECT *, opens IS NOT NULL AND n NOT IN (SELECT n FROM clash) AS in_line FROM span),
step AS (
  SELECT *, coalesce(opens > max(closes) OVER (PARTITION BY lane, side, question
    ORDER BY opens, closes, stance, vague
    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), true) AS later
  FROM placed WHERE in_line),
numbered AS (
  SELECT *, count(*) FILTER (WHERE later) OVER (PARTITION BY lane, side, question
    ORDER BY opens, closes, stance, vague ROWS UNBOUNDED PRECEDING) AS moment
  FROM step),
moment AS (
  SELECT lane, side, question, moment, min(opens) AS opens, sum(number) AS number,
    array_agg(DISTINCT stance ORDER BY stance) AS stances,
    (array_agg(pos ORDER BY closes, opens, stance, vague))[1] AS first,
    (array_agg(pos ORDER BY opens DESC, closes DESC, stance, vague))[1] AS last,
    array_agg(pos ORDER BY stance) AS shown
  FROM numbered GROUP BY lane, side, question, moment),
held AS (
  SELECT *, cardinality(stances) > 1 OR stances IS DISTINCT FROM
    lag(stances) OVER (PARTITION BY lane, side, question ORDER BY moment) AS begins
  FROM moment),
run AS (
  SELECT *, count(*) FILTER (WHERE begins) OVER (PARTITION BY lane, side, question
    ORDER BY moment ROWS UNBOUNDED PRECEDING) AS run
  FROM held),
item AS (
  SELECT lane, side, question, run, stances, sum(number) AS number, max(opens) AS opens,
    (array_agg(first ORDER BY moment))[1] AS first,
    (array_agg(last ORDER BY moment DESC))[1] AS last,
    CASE WHEN cardinality(stances) > 1 THEN max(shown) END AS several
  FROM run GROUP BY lane, side, question, run, stances)"""

# Each side's line on one question: the newest items, each with the last of a different stance before
# it (a change), then what has no place in the line.
LINE_OF_A_QUESTION = f"""
WITH RECURSIVE {ALL_VOICES},
said AS ({said("p.question_id = %(question)s")}),
{LINES},
most AS (SELECT side FROM span GROUP BY side ORDER BY sum(number) DESC, side LIMIT %(sides)s),
linked AS (
  SELECT *, row_number() OVER (PARTITION BY side ORDER BY run DESC) AS from_end,
    max(run) FILTER (WHERE cardinality(stances) = 1) OVER (PARTITION BY side ORDER BY run
      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS run_before
  FROM item)
SELECT i.side, i.stances, i.number, i.first, i.last, i.several,
  CASE WHEN cardinality(i.stances) = 1 AND b.stances <> i.stances THEN b.last END AS before,
  true AS in_line, i.run
FROM linked i LEFT JOIN item b ON b.side = i.side AND b.run = i.run_before
WHERE i.from_end <= %(items)s AND i.side IN (SELECT side FROM most)
UNION ALL
SELECT side, ARRAY[stance], number, pos, pos, NULL, NULL, false, place
FROM (SELECT *, row_number() OVER (PARTITION BY side ORDER BY opens NULLS LAST, closes, stance) AS place
  FROM placed WHERE NOT in_line) u
WHERE place <= %(apart)s AND side IN (SELECT side FROM most)
ORDER BY side, in_line DESC, run"""

# Where each line ends: the last item, and what differs from it and may have been said later.
STANDS = """
ends AS (
  SELECT DISTINCT ON (lane, side, question) * FROM item ORDER BY lane, side, question, run DESC),
stand AS (
  SELECT lane, side, question, e.stances, e.first, e.last, u.stances AS maybe, u.pos AS maybe_pos,
    coalesce(e.number, 0) + coalesce(u.number, 0) AS number
  FROM ends e FULL JOIN (
    SELECT p.lane, p.side, p.question, array_agg(DISTINCT p.stance ORDER BY p.stance) AS stances,
      (array_agg(p.pos ORDER BY p.opens DESC NULLS LAST, p.closes, p.stance))[1] AS pos,
      sum(p.number) AS number
    FROM placed p LEFT JOIN ends e USING (lane, side, question)
    WHERE NOT p.in_line AND (e.side IS NULL OR p.opens IS NULL OR p.closes >= e.opens)
      AND NOT (p.stance = ANY (coalesce(e.stances, ARRAY[]::varchar[])))
    GROUP BY p.lane, p.side, p.question) u USING (lane, side, question))"""
