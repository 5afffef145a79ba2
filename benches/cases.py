"""Writes cases into the database of a county that has households: open ones in every state, closed ones, their steps, risks, papers
and help. Only for the benchmarks: nothing of it stands in a journal.

    python3 cases.py DATABASE OPEN CLOSED TODAY
"""

import datetime
import json
import random
import sqlite3
import sys

STATES = [  # state, phase, owner, clock in days
    ("accepted", "identify", "village"), ("checked", "identify", "county"), ("compared", "identify", "village"),
    ("reviewed", "identify", "village"), ("noticed", "identify", "village"), ("submitted", "identify", "township"),
    ("passed", "identify", "county"), ("approved", "identify", "county"), ("announced", "help", "village"),
    ("helping", "help", "village"), ("helping", "help", "village"), ("helping", "help", "village"),
    ("helping", "help", "village"), ("removal_proposed", "remove", "village"), ("removal_checked", "remove", "village"),
    ("removal_submitted", "remove", "township"), ("suspended", "side", "township"),
]
WAY = ["accepted", "checked", "compared", "reviewed", "noticed", "submitted", "passed", "approved", "announced", "helping"]
STEPS = ["check", "compare", "review", "post", "submit", "pass", "approve", "announce", "plan"]
CLOSED = [("removed", "follow"), ("followed", "follow"), ("followed", "follow"), ("not_taken", "over"), ("ended", "over")]
RISKS = ["illness", "schooling", "disability", "unstable_work", "lack_of_labour", "unsafe_housing"]
MEASURES = ["work_local", "industry_own", "health_relief", "net_dibao", "school_rain", "work_training"]


def main() -> None:
    path, opened, closed, today = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), datetime.date.fromisoformat(sys.argv[4])
    dice = random.Random(4)
    db = sqlite3.connect(path)
    homes = db.execute("select id, village_code from households where closed_on is null and village_code is not null order by id").fetchall()
    dice.shuffle(homes)
    if len(homes) < opened + closed:
        sys.exit(f"{len(homes)} households are too few")
    rows = {name: [] for name in ["cases", "steps", "risks", "papers", "measures"]}
    made = [0]

    def new_id() -> str:
        made[0] += 1
        return f"{1_780_000_000_000 + made[0]:012x}7{dice.randrange(16**3):03x}8{dice.randrange(16**15):015x}"

    def day(back: int) -> str:
        return (today - datetime.timedelta(days=back)).isoformat()

    def at(back: int) -> str:
        return day(back) + "T02:00:00.000Z"

    for number, (home, village) in enumerate(homes[: opened + closed]):
        runs = number < opened
        case = new_id()
        state, phase, owner = dice.choice(STATES) if runs else (*dice.choice(CLOSED), "village")
        found = dice.randrange(5, 40) if runs and phase == "identify" else dice.randrange(60, 900)
        far = WAY.index(state) if state in WAY else len(WAY) - 1
        announced = phase not in ("identify", "side") and state != "not_taken"
        since = dice.randrange(0, 5) if runs else dice.randrange(1, 50)
        due = day(dice.randrange(-12, 6)) if runs and state != "helping" else None
        total = day(found - 15) if phase == "identify" else None
        ended = day(since) if not runs else None
        urgent = int(runs and dice.random() < 0.03)
        sort = min(one for one in (due, total) if one) if due or total else (ended or day(since))
        rows["cases"].append((
            case, f"140430C{today.year}{number + 1:05d}", "monitoring", home, village, state, phase, owner,
            "object" if announced else None, day(found), total, day(since), due, sort, urgent,
            day(since - 5) if state == "noticed" else None, int(state == "noticed"),
            day(found - 15) if announced else None, ended, ("helped" if phase == "follow" else "natural") if ended else None,
            at(found), far + 2))
        rows["steps"].append((case, 0, "open", "", "accepted", day(found), at(found), json.dumps({"discovered_on": day(found)})))
        for place in range(far):
            back = max(since, found - 1 - place)
            body = {"on": day(back), "opinion": "同意", "minutes": "民主评议会议记录，到会代表一致同意。"}
            rows["steps"].append((case, place + 1, STEPS[place], WAY[place], WAY[place + 1], day(back), at(back), json.dumps(body)))
        risks = dice.sample(RISKS, dice.randrange(1, 4))
        rows["risks"].extend((case, place + 1, risk, day(found), at(found)) for place, risk in enumerate(risks))
        if not urgent and state != "accepted":
            rows["papers"].append((case, day(found - 1), at(found)))
        if announced:
            for _ in range(dice.randrange(1, 4)):
                given = not runs or dice.random() < 0.6
                rows["measures"].append((
                    new_id(), home, village, dice.choice(MEASURES), json.dumps([dice.choice(risks)]), day(found - 16), day(dice.randrange(-60, 40)),
                    day(dice.randrange(0, 40)) if given else None, "receipt" if given else None, "1" if given else None, at(found - 16)))
    with db:
        db.executemany(
            "insert into cases (id, number, life, household_id, village_code, state, phase, owner, class, discovered_on, total_due_on,"
            " since_day, due_on, sort_day, urgent, notice_until, notice_hangs, identified_on, closed_on, closed_how, created_at, version)"
            " values (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)", rows["cases"])
        db.executemany(
            "insert into case_steps (case_id, seq, step, from_state, to_state, on_day, at, body, account_id, name, pack_id, pack_version)"
            " values (?,?,?,?,?,?,?,?,'bench','陈会计','cn-2026',1)", rows["steps"])
        db.executemany("insert into case_risks (case_id, position, risk, found_on, name, recorded_at) values (?,?,?,?,'陈会计',?)", rows["risks"])
        db.executemany(
            "insert into case_papers (case_id, seq, kind, on_day, signed_by, how, account_id, name, at)"
            " values (?, 0, 'consent', ?, '户主', 'signed', 'bench', '陈会计', ?)", rows["papers"])
        db.executemany(
            "insert into measures (id, household_id, village_code, kind, aims, promised_on, due_on, delivered_on, proof_kind, proof_number,"
            " recorded_at, words, owner_office, owner_name, by_account, by_name, version)"
            " values (?,?,?,?,?,?,?,?,?,?,?,'','','陈会计','bench','陈会计',1)", rows["measures"])
        db.execute("analyze")
    print(json.dumps({name: len(found) for name, found in rows.items()}))


if __name__ == "__main__":
    main()
