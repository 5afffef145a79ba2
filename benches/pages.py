"""The parts of the benchmarks that speak HTTP: pages under load, one change, memory, and all of it while an import runs."""

import gzip
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
WINDOWS = 8
SECONDS = 30
CHANGES = 200
DECISIONS = 200


def node(script: str, *args: object, today: str = "") -> dict:
    done = subprocess.run(["node", HERE / script, *map(str, args)], capture_output=True, text=True, check=False,
                          env={**os.environ, "TODAY": today})
    if done.returncode:
        sys.exit(f"{script}: {done.stderr}")
    return json.loads(done.stdout)


def somebody(county, name: str, area: str = "140430") -> str:
    """A new person of the county office: name and first password."""
    told = county.run("user", "add", name, "--name", name, "--role", "county", "--area", area, "--json")[2]
    return f"{name}:{json.loads(told)['password']}"


def login(county) -> str:
    """Somebody of the county office, made once for a county."""
    if not hasattr(county, "login"):
        county.login = somebody(county, "bench")
    return county.login


def said(took: dict) -> str:
    return f"p50 {took['p50']} ms, p95 {took['p95']} ms, p99 {took['p99']} ms, max {took['max']} ms ({took['n']} answers)"


def change(table, server, county, today) -> None:
    took = node("change.mjs", server.url, login(county), CHANGES, today=today)
    held = server.held("household.correct")
    at = lambda share: round(held[min(len(held) - 1, int(len(held) * share))], 1)
    table.add("one value of one household put right, facts and leads right and committed: its transaction",
              f"p50 {at(.5)} ms, p95 {at(.95)} ms, p99 {at(.99)} ms ({len(held)})", "5 ms")
    table.add("the whole request of it, by the browser", said(took), "")


def match(table, server, county) -> None:
    """A list of rows that only a person can assign comes in; somebody assigns them, one key after the other."""
    workbook = county.folder / "医保_住院结算_2026-09_补报.xlsx"
    subprocess.run([sys.executable, HERE / "long_list.py", county.data / "qin/registry.xlsx", workbook, str(DECISIONS + 50), "asked"],
                   check=True)
    county.run("import", "medical_stays", workbook)
    took = node("match.mjs", server.url, login(county), DECISIONS, "medical_stays")
    table.add(f"{DECISIONS} match decisions by keyboard: the decision, with facts and leads", said(took["decision"]), "100 ms each")
    table.add("the next question after each", said(took["next question"]), "100 ms each")


def what_if(table, server, county) -> None:
    took = node("what_if.mjs", server.url, login(county), 200)
    table.add("one rule tried with another threshold: the whole page", said(took), "100 ms")
    past = node("what_if.mjs", server.url, login(county), 40, "2026-06-30")
    table.add("the same on a past day, the first time", f"{past['first'] / 1000:.1f} s", "10 s")
    table.add("the same on a past day, again", said(past), "100 ms")


def publish(table, server, county, today) -> None:
    """A threshold of three rules is published again and again while four windows go on: until every village is screened by it."""
    second = somebody(county, "publisher")
    until("the villages to be screened", lambda: not is_behind(county))
    meanwhile: list[dict] = []
    windows = threading.Thread(target=lambda: meanwhile.append(node("load.mjs", server.url, login(county), 20, 4)))
    windows.start()
    took: list[float] = []
    answers: list[int] = []
    for value in (22_000, 18_000, 20_000, 16_000, 20_000):
        time.sleep(1)
        before = books(county)
        done = node("publish.mjs", server.url, login(county), second, "oop_any", value, today)
        until("the publication to reach every village", lambda: (now := books(county)) != before and len(now) == 1)
        took.append(time.time() - done["asked_at"] / 1000)
        answers.append(done["took"])
    windows.join()
    table.add("a threshold published: until every village is screened by it, the slowest of 5",
              f"{max(took):.2f} s (the publication itself answers after {max(answers)} ms)", "1 s")
    table.add(f"pages meanwhile, 4 windows, {meanwhile[0]['all']['n']} answers", said(meanwhile[0]["all"]), "p99 300 ms")


def until(what: str, is_so) -> None:
    """Waits for something of the server's, a minute at the most."""
    end = time.time() + 60
    while not is_so():
        if time.time() > end:
            raise SystemExit(f"waited a minute for {what}")
        time.sleep(0.005)


def books(county) -> set[str]:
    """By which rule books the villages are screened."""
    with sqlite3.connect(f"file:{county.database}?mode=ro", uri=True) as db:
        return {row[0] for row in db.execute("select distinct book from screened_villages")}


def is_behind(county) -> bool:
    with sqlite3.connect(f"file:{county.database}?mode=ro", uri=True) as db:
        return db.execute("select count(*) from screened_villages c join village_stamps s using (village_code) "
                          "where c.stamp < s.stamp").fetchone()[0] > 0


def pages(table, server, county, asked: str, note: str = "") -> None:
    for kind, took in node("load.mjs", server.url, login(county), SECONDS, WINDOWS).items():
        table.add(f"page: {kind}{note}, {WINDOWS} at a time", said(took), asked)


def during(table, server, county) -> None:
    """Pages, and a lead answered now and then, while the command line takes files in that are new to the county."""
    for name, run in imports(county):
        # what the first screening found waits until it is given out: ten leads for each village
        node("wave.mjs", server.url, login(county))
        done = threading.Event()
        took: list[float] = []

        def take_in(run=run, took=took, done=done) -> None:
            took.append(county.run(*run)[0])
            done.set()

        worker = threading.Thread(target=take_in)
        worker.start()
        pages_of, leads_of = [], []
        while not done.is_set():
            told = node("load.mjs", server.url, login(county), 3, 4, "answers")
            pages_of.append(told["all"])
            leads_of += [told["answer a lead"]] if "answer a lead" in told else []
        worker.join()
        for what, all_of in [("opening a page", pages_of), ("answering a lead", leads_of)]:
            slowest = max((one["p99"] for one in all_of), default=0)
            answers = sum(one["n"] for one in all_of)
            if answers < 100:
                raise SystemExit(f"{what} while {name} is taken in: only {answers} answers, which say nothing")
            table.add(f"{what} while {name} is taken in ({took[0]:.0f} s), slowest p99 of 3 s, {answers} answers",
                      f"{slowest} ms", "300 ms")


def imports(county):
    """Files with content that the county does not know yet."""
    lines = gzip.open(county.data / "qin/income.csv.gz", "rb").read().rsplit(b"\n", 3)[0]
    income = county.folder / "income-again.csv.gz"
    income.write_bytes(gzip.compress(lines + b"\n", 1))
    # the same register in an archive that says something else: other bytes, the same county
    register = county.folder / "register-again.xlsx"
    whole = (county.data / "qin/registry.xlsx").read_bytes()
    if whole[-2:] == b"\0\0":
        register.write_bytes(whole[:-2] + b"\x05\0again")
        yield "the register once more", ("import", "register", register, "--period", "2025-12")
    yield "the income file once more", ("import", "income", income)


def memory(table, server, empty) -> None:
    """The register sent by a browser to a county that is empty."""
    took = node("upload.mjs", server.url, login(empty), empty.data / "qin/registry.xlsx")
    table.add("a workbook of 22 MB sent by the browser: read / accepted",
              f"{took['read_ms'] / 1000:.1f} s / {took['accepted_ms'] / 1000:.1f} s", "")
    table.add("memory of `serve` while it takes that workbook in, peak", f"{server.memory('VmHWM'):.0f} MB", "500 MB")


def million(table, county, serve) -> None:
    """Pages of a county seven times as large, made by copying."""
    copy = county.copy("million")
    made = subprocess.run([sys.executable, HERE / "million.py", copy.database, "7"], capture_output=True, text=True, check=False)
    if made.returncode:
        sys.exit(f"million.py: {made.stderr}")
    copy.login = somebody(copy, "prefecture", "1404")
    people = int(re.sub(r"\D", "", made.stdout))
    server = serve(copy)
    try:
        pages(table, server, copy, "p95 100 ms", f", {people:,} persons")
        took = node("what_if.mjs", server.url, login(copy), 60)
        table.add(f"one rule tried with another threshold, {people:,} persons", said(took), "700 ms for 500,000 households")
        table.add(f"memory of `serve` after that, {people:,} persons", f"{server.memory():.0f} MB", "")
    finally:
        server.stop()
        shutil.rmtree(copy.folder)
