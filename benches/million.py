"""Makes a county of a million persons of a county that is loaded: its households, people, statuses, facts and leads once more for
each of some neighbouring counties, under other numbers and other village codes. Only for pages: nothing is derived or journalled.

    million.py county.db 7     the database is changed: work on a copy
"""

import sqlite3
import sys

# the columns that change with the copy, by what they hold
AREA = ("village_code", "parent_code", "code")
ID = ("id", "household_id", "person_id", "head_id", "lead_id", "subject")
NUMBER = ("number",)
DIGEST = ("id_digest", "id15_digest", "id6_digest", "phone_digest")
TABLES = ("areas", "households", "persons", "memberships", "statuses", "search_keys", "household_facts", "person_facts", "leads",
          "lead_reasons", "counted_villages", "lead_counts", "reason_counts", "wave_counts")
ORDER = {"search_keys": " order by key, person_id, kind"}


def main() -> None:
    path, times = sys.argv[1], int(sys.argv[2])
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("pragma synchronous = off")
    db.execute("pragma cache_size = -400000")
    county = db.execute("select substr(min(village_code), 1, 6) from households").fetchone()[0]
    neighbours = [f"{int(county) + n:06d}" for n in range(1, times)]
    db.execute("begin")
    for table in TABLES:
        columns = [row[1] for row in db.execute(f"pragma table_info({table})")]
        order = ORDER.get(table, "")
        db.execute(f"create temp table source as select * from {table}{order}")
        for n, code in enumerate(neighbours, 1):
            area = f"'{code}' || substr(%s, 7)"
            shown = []
            for column in columns:
                if column in AREA:
                    copied = f"case when substr({column}, 1, 6) = '{county}' then {area % column} else {column} end"
                elif column in ID:
                    # a lead about a village has its code as subject
                    copied = f"case when length({column}) = 32 then '{n:x}f' || substr({column}, 3) else '{n}' || {column} end"
                elif column in NUMBER and table in ("households", "persons"):
                    copied = f"{column} || '{n}'"
                elif column in DIGEST:
                    copied = f"case when {column} is null then null else '{n}' || {column} end"
                else:
                    copied = column
                shown.append(copied)
            where = f"where substr(code, 1, 6) = '{county}'" if table == "areas" else ""
            db.execute(f"insert into {table} ({', '.join(columns)}) select {', '.join(shown)} from source {where}")
        db.execute("drop table source")
    db.execute("update village_stamps set stamp = stamp + 1")
    db.execute("commit")
    db.execute("pragma wal_checkpoint(truncate)")
    print(db.execute("select count(*) from persons").fetchone()[0])


if __name__ == "__main__":
    main()
