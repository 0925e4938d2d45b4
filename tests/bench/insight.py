"""The insight pages beside the meeting's page, in one run: of the demonstration, and of a process at size.

    python3 -m uv run --group bench python -m tests.bench.insight [--large 100000]

The bars: of the demonstration process (3,000 statements) each takes at most three times as long as the
page of its longest meeting; of one with `--large` statements none takes longer than a reader waits. Needs what tests.bench.run needs.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from contextlib import ExitStack

import psycopg

from tests.bench.run import (
    KEPT,
    ROUNDS,
    Page,
    database,
    drive,
    manage,
    postgresql,
    readout,
    replay,
    url,
)

BAR, PATIENCE = 3, 1000  # times the meeting's page; ms, uncached, with statement_timeout at 3,000
DEMONSTRATION = "demo"
FIND = """
SELECT p.id, p.slug, count(*) FROM negotiations_process p JOIN negotiations_meeting m ON m.process_id = p.id
  JOIN negotiations_statement s ON s.meeting_id = m.id GROUP BY p.id ORDER BY count(*) DESC LIMIT 1
"""
MEETINGS = """
SELECT m.slug FROM negotiations_meeting m JOIN negotiations_statement s ON s.meeting_id = m.id
  WHERE m.process_id = %s GROUP BY m.id ORDER BY count(*) DESC, m.id LIMIT 2
"""
PARTIES = """
SELECT y.slug FROM negotiations_party y JOIN negotiations_process_parties p ON p.party_id = y.id
  JOIN negotiations_position o ON o.party_id = y.id
  WHERE p.process_id = %s GROUP BY y.id ORDER BY count(*) DESC, y.id LIMIT 2
"""
POSITIONS = """
SELECT q.slug, t.slug FROM negotiations_question q JOIN negotiations_topic t ON t.id = q.topic_id
  JOIN negotiations_position o ON o.question_id = q.id
  JOIN negotiations_statement s ON s.id = o.statement_id JOIN negotiations_meeting m ON m.id = s.meeting_id
  WHERE m.process_id = %s GROUP BY q.id, t.id ORDER BY count(*) DESC, q.id LIMIT 1
"""


def one_process(statements: int) -> str:
    """Have a corpus that is all one process; returns what its database is called."""
    name = f"process_{statements}"
    database(name)
    with psycopg.connect(url(name)) as db:
        if db.execute("SELECT count(*) FROM negotiations_statement").fetchone() != (statements,):
            number = str(statements)
            manage(name, "make_corpus", "--statements", number, "--processes", "1", "-v0")
    return name


def pages(size: int | str) -> tuple[list[Page], int]:
    """The pages of the process with most statements, the meeting's first; and how many statements."""
    with psycopg.connect(url(size)) as db:
        pk, process, number = db.execute(FIND).fetchone()  # type: ignore[misc]
        meeting, other = (slug for (slug,) in db.execute(MEETINGS, [pk]))
        one, two = (slug for (slug,) in db.execute(PARTIES, [pk]))
        question, topic = db.execute(POSITIONS, [pk]).fetchone()  # type: ignore[misc]
        (action,) = db.execute(
            "SELECT max(a.id) FROM negotiations_action a JOIN negotiations_meeting m"
            " ON m.id = a.meeting_id WHERE m.process_id = %s",
            [pk],
        ).fetchone()  # type: ignore[misc]
    return [
        Page("meeting", f"/meetings/{meeting}/"),
        Page("action", f"/actions/{action}/"),
        Page("question", f"/questions/{question}/"),
        Page("topic", f"/topics/{topic}/"),
        Page("two parties compared", f"/compare/?a={one}&b={two}"),
        Page("one party at two times", f"/compare/?a={one}&b={one}&a_until=2025"),
        Page("two meetings compared", f"/compare/?a=meeting:{meeting}&b=meeting:{other}"),
        Page("tracker", f"/actions/tracker/?process={process}"),
        Page("tracker, overdue", f"/actions/tracker/?process={process}&due=overdue"),
        Page("process", f"/processes/{process}/"),
        Page("report", f"/processes/{process}/report/"),
        Page("timeline", f"/processes/{process}/timeline/"),
        Page("who met whom", f"/network/?process={process}"),
        Page("map", f"/map/?process={process}"),
    ], number


def measure(site: str, table: list[Page], seconds: int) -> None:
    """Each in turn with the meeting's page, some rounds: the ratio is the median of theirs."""
    meeting = table[0]
    for page in table:
        drive(site + page.readout, 1, 2)  # each worker has to have made it once
        times = []
        for _ in range(ROUNDS):
            base = drive(site + meeting.readout, seconds, 1)[1]
            alone = drive(site + page.readout, seconds, 1)[1]
            times.append((alone, alone / base))
        page.alone, page.times = map(statistics.median, zip(*times, strict=True))


def show(title: str, table: list[Page]) -> None:
    print(f"\n{title}; one connection, ms; sql and slowest through psycopg")
    print(f"{'page':26} {'p50':>7} {'meeting':>8} {'queries':>7} {'sql':>7} {'slowest':>8}")
    for p in table:
        print(
            f"{p.name:26} {p.alone:7.1f} {p.times:7.2f}x {p.queries:7} {p.sql:7.1f} {p.slowest:8.1f}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--large", type=int, default=0)
    parser.add_argument("--seconds", type=int, default=2)
    given = parser.parse_args()
    KEPT.mkdir(parents=True, exist_ok=True)
    tables: list[list[Page]] = []
    with postgresql(), ExitStack() as sites:
        database(DEMONSTRATION)
        manage(DEMONSTRATION, "load_demo", "-v0")
        large = [one_process(given.large)] if given.large else []
        for size in [DEMONSTRATION, *large]:
            table, number = pages(size)
            measure(sites.enter_context(readout(size, 0)), table, given.seconds)
            replay(size, table)
            show(f"The process with most statements, {number:,}, in “{size}”", table)
            tables.append(table)
    demonstration, *rest = tables
    checks = [(f"{p.name}: {p.times:.2f} times the meeting's page (bar {BAR})", p.times <= BAR) for p in demonstration]  # fmt: skip
    for after in rest[0] if rest else []:
        checks.append((f"{after.name} at size: {after.alone:.0f} ms (bar {PATIENCE})", after.alone <= PATIENCE))  # fmt: skip
    print()
    for sentence, met in checks:
        print("met    " if met else "NOT MET", sentence)
    sys.exit(0 if all(met for _, met in checks) else 1)


if __name__ == "__main__":
    main()
