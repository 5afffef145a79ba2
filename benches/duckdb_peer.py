"""All rule predicates over the household facts, by SQLite and by DuckDB, on the same rows in one run.

    duckdb_peer.py county.db statement.sql   → JSON, one entry for each line of the table of docs/benchmarks.md

`statement.sql` is the one pass that the program itself renders (`shouwang rules sql`): a key, a village code, and one column
p0, p1, … per rule with 1 hit, 0 miss, NULL cannot tell. Both engines count hits and unknowns of every column; the counts must be
equal. The rows are the county's, then the county's ten times.
"""

import csv
import json
import re
import sqlite3
import statistics
import sys
import tempfile
import time

import duckdb

TABLE = "household_facts"
RUNS = 7


def counting(statement: str) -> str:
    rules = len(re.findall(r"\bas p\d+\b", statement))
    sums = ", ".join(
        f"sum(case when p{n} = 1 then 1 else 0 end), sum(case when p{n} is null then 1 else 0 end)" for n in range(rules)
    )
    return f"select {sums} from ({statement}) asked"


def times(ask) -> tuple[list[float], tuple]:
    took, answer = [], ()
    for _ in range(RUNS):
        start = time.perf_counter()
        answer = tuple(int(value) for value in ask())
        took.append((time.perf_counter() - start) * 1000)
    return took[1:], answer


def main() -> None:
    database, path = sys.argv[1], sys.argv[2]
    with open(path, encoding="utf-8") as file:
        statement = file.read()
    query = counting(statement)
    source = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    info = source.execute(f"select name, type from pragma_table_info('{TABLE}')").fetchall()
    kinds = {"BIGINT": "BIGINT", "DOUBLE PRECISION": "DOUBLE"}
    ddl = ", ".join(f'"{name}" {kinds.get(kind.upper(), "VARCHAR")}' for name, kind in info)
    rows = source.execute(f"select * from {TABLE}").fetchall()
    lines = []
    for copies in (1, 10):
        many = [(f"{row[0]}{copy}", *row[1:]) for copy in range(copies) for row in rows]
        marks = ", ".join("?" for _ in info)
        small = sqlite3.connect(":memory:")
        small.execute(f"create table {TABLE} ({ddl})")
        small.executemany(f"insert into {TABLE} values ({marks})", many)
        columnar = duckdb.connect(config={"threads": 2})
        columnar.execute(f"create table {TABLE} ({ddl})")
        with tempfile.NamedTemporaryFile("w", suffix=".csv", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([["\\N" if v is None else v for v in row] for row in many])
            file.flush()
            columnar.execute(f"copy {TABLE} from '{file.name}' (header false, nullstr '\\N')")
        ours, our_counts = times(lambda: small.execute(query).fetchone())
        theirs, their_counts = times(lambda: columnar.execute(query).fetchone())
        if our_counts != their_counts:
            sys.exit(f"the engines disagree: {our_counts} and {their_counts}")
        a, b = statistics.median(ours), statistics.median(theirs)
        lines.append({
            "what": f"{len(our_counts) // 2} predicates × {len(many):,} households in one pass, median of {RUNS - 1}",
            "measured": f"SQLite {sqlite3.sqlite_version} {a:.0f} ms, DuckDB {duckdb.__version__} (2 threads) {b:.0f} ms: "
                        f"{a / b:.1f} : 1",
        })
    json.dump(lines, sys.stdout)


if __name__ == "__main__":
    main()
