"""An invented corpus of any size: words drawn as language draws them, names that nobody bears.

Filled by COPY with the triggers off, then indexed at once; the records satisfy all constraints.
The same number and seed give the same records.
"""

from __future__ import annotations

import datetime as dt
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np
import psycopg
from django.db import connection, connections, transaction
from tqdm import tqdm

from negotiations.search.entries import FACETS, TABLE, Kind
from negotiations.search.schema import ENTRY_COLUMNS, NAME_COLUMNS, TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

VOCABULARY, EXPONENT = 30_000, 0.9
PARTIES, TOPICS, PUBLISHERS = 100, 300, 40
PROCESSES = 20
CHUNK = 10_000
FIRST_DAY, DAYS = dt.date(1990, 1, 1), 13_500
KEPT = "published\t2026-01-01 00:00:00+00\t2026-01-01 00:00:00+00\t1"
OWN = ("id", "status", "created_at", "updated_at", "revision")
NO = "\\N"
WORD_SYLLABLES = ["ba", "ce", "di", "fo", "gu", "la", "me", "ni", "po", "ru", "sa", "te", "vi", "mo", "lu", "ra", "ne", "ti", "so", "da", "ke", "li", "no", "pa", "re", "si", "to", "ve", "mi", "co"]  # fmt: skip
NAME_SYLLABLES = ["qua", "xo", "zhe", "yth", "wyr", "jax", "kho", "vrin", "osk", "ulj", "eth", "ykk", "zor", "phae", "gry", "dwe", "uvo", "ixt", "oqu", "ziv"]  # fmt: skip


def vocabulary(rng: np.random.Generator) -> np.ndarray:
    """Pronounceable words that are all different, the commonest first."""
    words: dict[str, None] = {}
    while len(words) < VOCABULARY:
        size = int(rng.integers(2, 5))
        words["".join(rng.choice(WORD_SYLLABLES, size))] = None
    return np.array(list(words), dtype=object)


def _names(rng: np.random.Generator, number: int, parts: int = 1) -> list[str]:
    """Different invented names, of syllables that no word of the vocabulary has."""
    names: dict[str, None] = {}
    while len(names) < number:
        made = ("".join(rng.choice(NAME_SYLLABLES, 3)).capitalize() for _ in range(parts))
        names[" ".join(made)] = None
    return list(names)


def chances() -> np.ndarray:
    weights = 1 / np.arange(1, VOCABULARY + 1) ** EXPONENT
    return np.cumsum(weights / weights.sum())


def texts(
    rng: np.random.Generator, words: np.ndarray, number: int, low: int, high: int
) -> list[str]:
    """So many texts of `low` to `high` words each, drawn by Zipf's law."""
    lengths = rng.integers(low, high + 1, number)
    drawn = words[np.searchsorted(chances(), rng.random(int(lengths.sum())))].tolist()
    ends = np.cumsum(lengths).tolist()
    starts = [0, *ends[:-1]]
    return [" ".join(drawn[a:b]).capitalize() + "." for a, b in zip(starts, ends, strict=True)]


def make(
    statements: int, seed: int, *, processes: int = PROCESSES, quiet: bool = False
) -> Iterator[tuple[str, float]]:
    """Fill the database; yields each step with its seconds."""
    begun = time.monotonic()
    rng = np.random.default_rng(seed)
    with transaction.atomic(), connection.cursor() as cursor:
        tables = [
            name
            for name in connection.introspection.table_names(cursor)
            if name.startswith("negotiations_") and not name.endswith("event")
        ]
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        _fill(cursor.connection, rng, statements, processes, quiet)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # the foreign keys, before triggers return
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"
                f" WHERE pg_get_serial_sequence('{table}', 'id') IS NOT NULL HAVING count(*) > 0"
            ) if table not in WITHOUT_SEQUENCE else None
        cursor.execute("INSERT INTO readout_change (transaction) VALUES (pg_current_xact_id())")
    yield f"{statements:,} statements and what they hang on", time.monotonic() - begun
    begun = time.monotonic()
    index(statements)
    yield "the search index", time.monotonic() - begun


INDEX = (TABLE, FACETS, "negotiations_searchname")
WITHOUT_SEQUENCE = {
    *INDEX,
    "negotiations_user_groups",
    "negotiations_user_user_permissions",
    "negotiations_user",
}


def _copy(db: Any, table: str, columns: Iterable[str], lines: Iterable[str]) -> None:
    names = ", ".join(f'"{name}"' for name in columns)
    with (
        db.cursor() as cursor,
        cursor.copy(f"COPY negotiations_{table} ({names}) FROM STDIN") as copy,
    ):
        block: list[str] = []
        for line in lines:
            block.append(line)
            if len(block) == 5000:
                copy.write("\n".join(block) + "\n")
                block.clear()
        if block:
            copy.write("\n".join(block) + "\n")


def _fill(db: Any, rng: np.random.Generator, statements: int, processes: int, quiet: bool) -> None:
    words = vocabulary(rng)
    people, meetings = max(statements // 100, 20), max(statements // 100, 5)
    sources = max(statements // 40, 5)
    party_names = _names(rng, PARTIES)
    parents = {n: int(rng.integers(1, 61)) for n in range(61, PARTIES + 1)}
    marks = ("circle", "square", "triangle", "diamond", "hexagon", "cross", "star", "half")
    _copy(
        db, "party", (*OWN, "slug", "name", "short_name", "native_name", "kind", "mark", "description", "part_of_id"),
        (
            f"{n}\t{KEPT}\t{name.lower()}\t{name}\t\t\t{'body' if n in parents else 'state'}\t"
            f"{marks[parents.get(n, n) % 8]}\t\t{parents.get(n, NO)}"
            for n, name in enumerate(party_names, 1)
        ),
    )  # fmt: skip
    topic_names = _names(rng, TOPICS, 2)
    _copy(
        db, "topic", (*OWN, "slug", "name", "description", "position", "parent_id"),
        (
            f"{n}\t{KEPT}\t{name.lower().replace(' ', '-')}\t{name}\t\t0\t{NO if n <= 60 else 1 + n % 60}"
            for n, name in enumerate(topic_names, 1)
        ),
    )  # fmt: skip
    _copy(
        db, "question", (*OWN, "slug", "text", "description", "topic_id"),
        (f"{n}\t{KEPT}\tquestion-{n}\tShall {name} be?\t\t{n}" for n, name in enumerate(topic_names, 1)),
    )  # fmt: skip
    _copy(
        db, "process", (*OWN, "slug", "name", "summary"),
        (f"{n}\t{KEPT}\tprocess-{n}\t{name}\t" for n, name in enumerate(_names(rng, processes, 3), 1)),
    )  # fmt: skip
    sides = [sorted(set(rng.integers(1, 61, 6).tolist()) | {1, 2}) for _ in range(processes)]
    _copy(
        db, "process_parties", ("process_id", "party_id"),
        (f"{n}\t{party}" for n, parties in enumerate(sides, 1) for party in parties),
    )  # fmt: skip
    person_names = _names(rng, people, 2)
    at = rng.integers(1, PARTIES + 1, people).tolist()
    _copy(
        db, "person", (*OWN, "slug", "name", "sort_name", "native_name", "description"),
        (
            f"{n}\t{KEPT}\tperson-{n}\t{name}\t{', '.join(reversed(name.split()))}\t\t"
            for n, name in enumerate(person_names, 1)
        ),
    )  # fmt: skip
    _copy(
        db, "appointment", (*OWN, "office", "start_about", "end_about", "attested_about", "party_id", "person_id"),
        (f"{n}\t{KEPT}\tEnvoy\tf\tf\tf\t{party}\t{n}" for n, party in enumerate(at, 1)),
    )  # fmt: skip
    days = np.sort(rng.integers(0, DAYS, meetings)).tolist()
    dates = [(FIRST_DAY + dt.timedelta(days=day)).isoformat() for day in days]
    _copy(
        db, "meeting",
        (*OWN, "slug", "title", "kind", "state", "date_from", "date_precision", "date_about",
         "ended_about", "timing", "duration_about", "place", "summary", "process_id"),
        (
            f"{n}\t{KEPT}\tmeeting-{n}\tTalks of {name}\ttalks\theld\t{dates[n - 1]}\t3\tf\tf\t\tf\t{name}\t\t{1 + n % processes}"
            for n, name in enumerate(_names(rng, meetings, 2), 1)
        ),
    )  # fmt: skip
    _copy(
        db, "delegation", (*OWN, "role", "meeting_id", "party_id"),
        (f"{2 * n - 1 + k}\t{KEPT}\tnegotiating\t{n}\t{1 + k}" for n in range(1, meetings + 1) for k in (0, 1)),
    )  # fmt: skip
    _copy(
        db, "delegate", (*OWN, "title", "rank", "delegation_id", "meeting_id", "person_id"),
        (
            f"{4 * (n - 1) + k + 1}\t{KEPT}\tEnvoy\t{1 + k // 2}\t{2 * n - 1 + k % 2}\t{n}\t{1 + (n * 4 + k) % people}"
            for n in range(1, meetings + 1) for k in range(4)
        ),
    )  # fmt: skip
    publishers = _names(rng, PUBLISHERS)
    _copy(
        db, "source",
        (*OWN, "title", "kind", "publisher", "republisher", "author", "date_about", "language",
         "url", "archived_url", "text", "text_sha256"),
        (
            f"{n}\t{KEPT}\tReport {n}\tnews_report\t{publishers[int(p)]}\t\t\tf\ten\t\t\t\t"
            for n, p in enumerate((PUBLISHERS * rng.random(sources) ** 2).astype(int), 1)
        ),
    )  # fmt: skip
    _statements(db, rng, words, statements, quiet, (meetings, people, sources, dates, at))
    _actions(db, rng, words, meetings, statements)


def _statements(
    db: Any,
    rng: np.random.Generator,
    words: np.ndarray,
    number: int,
    quiet: bool,
    sizes: tuple[Any, ...],
) -> None:
    meetings, people, sources, dates, at = sizes
    first = 1
    columns = (*OWN, "form", "words", "language", "original_words", "original_language", "date_from",
               "date_precision", "date_about", "occasion", "occasion_note", "meeting_id", "party_id",
               "speaker_id")  # fmt: skip
    with tqdm(total=number, unit=" statements", disable=quiet) as bar:
        while first <= number:
            size = min(CHUNK, number - first + 1)
            ids = range(first, first + size)
            said = texts(rng, words, size, 40, 120)
            speakers = (1 + (people * rng.random(size) ** 2).astype(int)).tolist()
            verbatim, vague = (rng.random(size) < 0.5).tolist(), rng.random(size).tolist()
            of = [1 + (pk - 1) * meetings // number for pk in ids]
            lines = []
            for pk, text, who, exact, share, meeting in zip(
                ids, said, speakers, verbatim, vague, of, strict=True
            ):
                date, precision = dates[meeting - 1], 3
                if share < 0.05:
                    date, precision = date[:8] + "01", 2
                elif share < 0.07:
                    date, precision = date[:5] + "01-01", 1
                form = "verbatim" if exact else "paraphrase"
                lines.append(
                    f"{pk}\t{KEPT}\t{form}\t{text}\ten\t\t\t{date}\t{precision}\tf\tnot_stated\t\t{meeting}\t{at[who - 1]}\t{who}"
                )
            _copy(db, "statement", columns, lines)
            cited = rng.integers(1, sources + 1, size).tolist()
            _copy(
                db, "citation", ("passage", "where", "source_id", "statement_id"),
                (f"\tParagraph {pk % 9 + 1}\t{source}\t{pk}" for pk, source in zip(ids, cited, strict=True)),
            )  # fmt: skip
            about = (1 + (TOPICS * rng.random(size) ** 1.5).astype(int)).tolist()
            _copy(
                db, "statement_topics", ("statement_id", "topic_id"),
                (
                    f"{pk}\t{t}"
                    for pk, topic in zip(ids, about, strict=True)
                    for t in ([topic, topic % TOPICS + 1] if pk % 2 else [topic])
                ),
            )  # fmt: skip
            stances = ("supports", "opposes", "conditional", "undecided")
            _copy(
                db, "position", (*OWN, "stance", "summary", "party_id", "question_id", "statement_id"),
                (
                    f"{pk // 20}\t{KEPT}\t{stances[pk // 20 % 4]}\t\t{at[who - 1]}\t{topic}\t{pk}"
                    for pk, who, topic in zip(ids, speakers, about, strict=True)
                    if pk % 20 == 0
                ),
            )  # fmt: skip
            first += size
            bar.update(size)


def _actions(
    db: Any, rng: np.random.Generator, words: np.ndarray, meetings: int, statements: int
) -> None:
    number = meetings * 5
    titles = texts(rng, words, number, 3, 8)
    details = texts(rng, words, number, 10, 40)
    kinds = ("commitment", "mechanism", "follow_up", "understanding")
    _copy(
        db, "action", (*OWN, "kind", "title", "details", "due_about", "due_words", "meeting_id"),
        (
            f"{n}\t{KEPT}\t{kinds[n % 4]}\t{titles[n - 1]}\t{details[n - 1]}\tf\t\t{1 + (n - 1) // 5}"
            for n in range(1, number + 1)
        ),
    )  # fmt: skip
    _copy(
        db,
        "action_owed_by",
        ("action_id", "party_id"),
        (f"{n}\t{1 + n % 2}" for n in range(1, number + 1)),
    )
    _copy(
        db,
        "action_topics",
        ("action_id", "topic_id"),
        (f"{n}\t{1 + n % TOPICS}" for n in range(1, number + 1)),
    )
    # Documented by citations of their own: an account's statement would have to be its party's.
    stances = ("announced", "confirmed", "qualified", "denied")
    _copy(
        db, "account", (*OWN, "stance", "note", "action_id", "party_id"),
        (
            f"{2 * n - 1 + k}\t{KEPT}\t{stances[(n + k) % 4 if k else 0]}\t\t{n}\t{1 + k}"
            for n in range(1, number + 1) for k in ((0, 1) if n % 2 else (0,))
        ),
    )  # fmt: skip
    _copy(
        db, "citation", ("passage", "where", "source_id", "account_id"),
        (
            f"\tParagraph 1\t1\t{2 * n - 1 + k}"
            for n in range(1, number + 1) for k in ((0, 1) if n % 2 else (0,))
        ),
    )  # fmt: skip
    states = ("pending", "under_way", "done", "partly_done", "stalled", "broken_off")
    _copy(
        db, "progress", (*OWN, "state", "date_from", "date_precision", "date_about", "report", "action_id"),
        (f"{n}\t{KEPT}\t{states[n % 6]}\t2026-01-01\t1\tf\t\t{n}" for n in range(1, number + 1, 3)),
    )  # fmt: skip
    _copy(
        db, "citation", ("passage", "where", "source_id", "progress_id"),
        (f"\tParagraph 2\t1\t{n}" for n in range(1, number + 1, 3)),
    )  # fmt: skip


# --- The index, for records that are in place ---


def index(statements: int) -> None:
    """Build the whole search index of a database that nobody uses yet, on two connections."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes"
            " WHERE tablename = ANY (%s) AND indexname NOT LIKE '%%_pkey'",
            [list(INDEX)],
        )
        indexes = cursor.fetchall()
        for name, _ in indexes:
            cursor.execute(f"DROP INDEX {name}")
        cursor.execute(f"TRUNCATE {', '.join(INDEX)}")
        tables = (
            "citation",
            "source",
            *(table.removeprefix("negotiations_") for table in TABLES.values()),
        )
        tables += (
            "statement_topics",
            "action_topics",
            "action_owed_by",
            "account",
            "progress",
            "position",
        )
        tables += ("delegation", "delegate", "appointment")
        for table in tables:
            cursor.execute(f"ANALYZE negotiations_{table}")
        cursor.execute(
            "INSERT INTO negotiations_searchpublisher (name)"
            " SELECT DISTINCT publisher FROM negotiations_source ON CONFLICT DO NOTHING"
        )
        cursor.execute("ANALYZE negotiations_searchpublisher")
    entries = f"INSERT INTO negotiations_searchentry ({ENTRY_COLUMNS}) SELECT {ENTRY_COLUMNS} FROM readout_entries"
    step = max(statements // 20, 1000)
    jobs = [
        f"{entries} WHERE kind = {Kind.STATEMENT} AND record_id BETWEEN {first} AND {first + step - 1}"
        for first in range(1, statements + 1, step)
    ]
    jobs += [f"{entries} WHERE kind = {kind}" for kind in Kind if kind != Kind.STATEMENT]
    jobs.append(
        f"INSERT INTO negotiations_searchname ({NAME_COLUMNS}) SELECT {NAME_COLUMNS} FROM readout_names"
    )
    _run(jobs)
    _run([definition for _, definition in sorted(indexes, key=lambda item: "gin" not in item[1])])
    _run([f"VACUUM ANALYZE {name}" for name in (
        *INDEX, "negotiations_statement", "negotiations_citation", "negotiations_statement_topics",
        "negotiations_action")])  # fmt: skip


def _run(jobs: list[str]) -> None:
    parameters = connections["default"].get_connection_params()
    for name in ("cursor_factory", "context"):
        parameters.pop(name, None)

    def work(job: str) -> None:
        with psycopg.connect(**parameters, autocommit=True) as db:
            db.execute("SET maintenance_work_mem = '1GB'")
            db.execute("SET synchronous_commit = off")
            db.execute(job)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, jobs))
