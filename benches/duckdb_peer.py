"""All rule predicates over the household facts, by SQLite and by DuckDB, on the same rows in one run.

    duckdb_peer.py county.db statement.sql   → JSON, one entry for each line of the table of docs/benchmarks.md

`statement.sql` is the one pass that the program itself renders (`shouwang rules sql`): a key, a village code, and one column
p0, p1, … per rule with 1 hit, 0 miss, NULL cannot tell. Both engines count hits and unknowns of every column; the counts must be
equal. The rows are the county's, then the county's ten times, in a file of each engine. Three questions, each the same for both:

* again: what was asked before is asked again by the same connection;
* cold: the file is taken out of the system's memory, opened by a new connection and asked;
* one changed village: facts of one village are changed and committed, then the rules are asked of that village alone, by the
  index of the villages that both have.
"""

import csv
import json
import os
import re
import sqlite3
import statistics
import sys
import tempfile
import time
from pathlib import Path

import duckdb

TABLE = "household_facts"
RUNS = 5
COLD_RUNS = 3
VILLAGES = 20


def counting(statement: str) -> str:
    rules = len(re.findall(r"\bas p\d+\b", statement))
    sums = ", ".join(
        f"sum(case when p{n} = 1 then 1 else 0 end), sum(case when p{n} is null then 1 else 0 end)" for n in range(rules)
    )
    return f"select {sums} from ({statement}) asked"


class Engine:
    """One of the two, with its file and how it is opened."""

    def __init__(self, name: str, file: Path, connect) -> None:
        self.name, self.file, self.connect = name, file, connect
        self.db = connect(file)

    def close(self) -> None:
        self.db.close()

    def ask(self, query: str, *bound) -> tuple:
        return tuple(int(value or 0) for value in self.db.execute(query, bound).fetchone())

    def timed(self, work) -> tuple[float, tuple]:
        start = time.perf_counter()
        answer = work()
        return (time.perf_counter() - start) * 1000, answer

    def again(self, query: str) -> tuple[float, tuple]:
        asked = [self.timed(lambda: self.ask(query)) for _ in range(RUNS)]
        return statistics.median(took for took, _ in asked[1:]), asked[-1][1]

    def cold(self, query: str) -> tuple[float, tuple]:
        def opened() -> tuple:
            self.db = self.connect(self.file)
            return self.ask(query)

        asked = []
        for _ in range(COLD_RUNS):
            self.close()
            with self.file.open("rb") as file:
                os.fsync(file.fileno())
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
            asked.append(self.timed(opened))
        return statistics.median(took for took, _ in asked), asked[-1][1]

    def changed(self, query: str, villages: list[str]) -> tuple[float, tuple]:
        def change(village: str) -> tuple:
            self.db.execute("begin")
            self.db.execute(f"update {TABLE} set persons = persons + 1 where village_code = ?", (village,))
            self.db.execute("commit")
            return self.ask(query, village)

        asked = [self.timed(lambda village=village: change(village)) for village in villages]
        return statistics.median(took for took, _ in asked), tuple(answer for _, answer in asked)


def sqlite(file: Path):
    db = sqlite3.connect(file, isolation_level=None)
    db.execute("pragma journal_mode = wal")
    return db


def columnar(file: Path):
    return duckdb.connect(str(file), config={"threads": 2})


def main() -> None:
    database, path = sys.argv[1], sys.argv[2]
    statement = Path(path).read_text(encoding="utf-8").strip()
    if not statement.endswith(f"from {TABLE} f"):
        sys.exit(f"the statement does not end with its table: …{statement[-100:]}")
    query, of_village = counting(statement), counting(f"{statement} where f.village_code = ?")
    source = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    info = source.execute(f"select name, type from pragma_table_info('{TABLE}')").fetchall()
    kinds = {"BIGINT": "BIGINT", "DOUBLE PRECISION": "DOUBLE"}
    ddl = ", ".join(f'"{name}" {kinds.get(kind.upper(), "VARCHAR")}' for name, kind in info)
    rows = source.execute(f"select * from {TABLE}").fetchall()
    key, village = ([name for name, _ in info].index(name) for name in ("household_id", "village_code"))
    lines = []
    for copies in (1, 10):
        # the neighbours of a county have villages of their own
        def neighbour(row: tuple, copy: int) -> tuple:
            row = list(row)
            row[key] = f"{row[key]}{copy}"
            row[village] = f"{int(row[village][:6]) + copy:06d}{row[village][6:]}" if copy else row[village]
            return tuple(row)

        many = [neighbour(row, copy) for copy in range(copies) for row in rows]
        with tempfile.TemporaryDirectory(prefix="shouwang-peer-") as folder:
            ours = Engine(f"SQLite {sqlite3.sqlite_version}", Path(folder) / "rows.sqlite", sqlite)
            theirs = Engine(f"DuckDB {duckdb.__version__}", Path(folder) / "rows.duckdb", columnar)
            for engine in (ours, theirs):
                engine.db.execute(f"create table {TABLE} ({ddl})")
            ours.db.execute("begin")
            ours.db.executemany(f"insert into {TABLE} values ({', '.join('?' for _ in info)})", many)
            ours.db.execute("commit")
            with tempfile.NamedTemporaryFile("w", suffix=".csv", newline="", encoding="utf-8") as file:
                csv.writer(file).writerows([["\\N" if v is None else v for v in row] for row in many])
                file.flush()
                theirs.db.execute(f"copy {TABLE} from '{file.name}' (header false, nullstr '\\N')")
            for engine in (ours, theirs):
                engine.db.execute(f"create index of_villages on {TABLE} (village_code)")
                engine.db.execute("checkpoint" if engine is theirs else "pragma wal_checkpoint(truncate)")
            some = sorted({row[village] for row in many})
            some = some[:: max(1, len(some) // VILLAGES)][:VILLAGES]
            questions = [
                (f"{{}} predicates × {len(many):,} households in one pass, asked again", lambda e: e.again(query)),
                (f"the same cold, with opening the file ({len(many):,} households)", lambda e: e.cold(query)),
                (f"one changed village of {len(many):,} households: changed, committed, asked", lambda e: e.changed(of_village, some)),
            ]
            for what, ask in questions:
                (a, our_counts), (b, their_counts) = ask(ours), ask(theirs)
                if our_counts != their_counts:
                    sys.exit(f"the engines disagree: {our_counts} and {their_counts}")
                lines.append({
                    "what": what.format(query.count("sum(") // 2),
                    "measured": f"{ours.name} {a:.1f} ms, {theirs.name} (2 threads) {b:.1f} ms: {a / b:.2f} : 1",
                })
            ours.close()
            theirs.close()
    json.dump(lines, sys.stdout)


if __name__ == "__main__":
    main()
