"""Measures the lines of docs/benchmarks.md on the Qin county and prints them as a Markdown table.

Every line is measured on the built program, from outside, as a county would use it: by its command line and over HTTP. Beside the
clock stands the processor time of the command (user), which says more on a machine that has other work.
"""

import argparse
import datetime
import json
import os
import platform
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path

import pages as http

HERE = Path(__file__).resolve().parent
TODAY = "2026-10-31"
# The register says no day of its own; a past day has people from its day on.
REGISTER_OF = "2025-12"
PARTS = ["build", "import", "facts", "screen", "list", "change", "whatif", "publish", "match", "pages", "during", "memory",
         "million", "cases", "peer"]


class Table:
    """The lines, in the order in which they were measured."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, str, str]] = []

    def add(self, what: str, measured: str, asked: str) -> None:
        self.lines.append((what, measured, asked))
        print(f"  {what}: {measured} (asked: {asked})", flush=True)

    def print(self, program: Path) -> None:
        commit = run_text(["git", "rev-parse", "--short", "HEAD"], HERE)
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
        print(f"\nCommit {commit}, {datetime.date.today()}, {os.cpu_count()} cores, {memory:.0f} GiB, "
              f"{platform.system()} {platform.release()}, {run_text([str(program), '--version'], HERE)}\n")
        print("| what | measured | asked |\n| --- | --- | --- |")
        for line in self.lines:
            print("| " + " | ".join(line) + " |")


def run_text(command: list[str], folder: Path) -> str:
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False).stdout.strip()


class County:
    """A fresh SQLite county in a folder of its own."""

    def __init__(self, program: Path, data: Path, folder: Path) -> None:
        self.program, self.data, self.folder = program, data, folder
        self.database = folder / "county/shouwang.db"

    def command(self, *args: object) -> list[str]:
        return [str(self.program), *map(str, args), "--dir", "county", "--today", TODAY]

    def copy(self, name: str) -> "County":
        folder = self.folder / name
        shutil.copytree(self.folder / "county", folder / "county")
        return County(self.program, self.data, folder)

    def run(self, *args: object) -> tuple[float, float, str]:
        """Seconds, peak memory in MB, standard output. What it cost besides stands in `cost`."""
        start = time.monotonic()
        child = subprocess.Popen(self.command(*args), cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                 text=True)
        told: list[str] = []
        reader = threading.Thread(target=lambda: told.append(child.stderr.read()))
        reader.start()
        out = child.stdout.read()
        _, status, usage = os.wait4(child.pid, 0)
        reader.join()
        took = time.monotonic() - start
        if status != 0:
            sys.exit(f"shouwang {' '.join(map(str, args))} ended with {status}:\n{out[-2000:]}\n{told[0][-4000:]}")
        self.cost = f"processor {usage.ru_utime:.1f} s, peak {usage.ru_maxrss / 1024:.0f} MB"
        return took, usage.ru_maxrss / 1024, out

    def size(self) -> float:
        return sum(f.stat().st_size for f in self.database.parent.glob("shouwang.db*")) / 2**20


def seconds(value: float) -> str:
    return f"{value * 1000:.1f} ms" if value < 1 else f"{value:.1f} s"


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Server:
    def __init__(self, county: County) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = (county.folder / "serve.log").open("w")
        self.child = subprocess.Popen(county.command("serve", "--listen", f"127.0.0.1:{self.port}"), cwd=county.folder,
                                      stdout=self.log, stderr=self.log,
                                      env={**os.environ, "SHOUWANG_LOG": "store::tx=debug"})
        for _ in range(600):
            try:
                urllib.request.urlopen(self.url, timeout=2).read()
                return
            except OSError:
                time.sleep(0.1)
        sys.exit("the server does not answer")

    def memory(self, line: str = "VmRSS") -> float:
        text = Path(f"/proc/{self.child.pid}/status").read_text()
        return int(re.search(rf"{line}:\s+(\d+)", text).group(1)) / 1024

    def held(self, verb: str) -> list[float]:
        """How long each transaction of this kind took from its first statement until it was committed, in milliseconds, in order."""
        self.log.flush()
        text = re.sub(r"\x1b\[[0-9;]*m", "", Path(self.log.name).read_text())
        found = re.findall(rf'what="{re.escape(verb)}" .*?held=([\d.]+)(µs|ms|s)', text)
        return sorted(float(number) * {"µs": 0.001, "ms": 1, "s": 1000}[unit] for number, unit in found)

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        self.child.terminate()
        self.child.wait(30)


def build(table: Table) -> None:
    for profile, asked in [("demo", "5 min"), ("release", "10 min")]:
        with tempfile.TemporaryDirectory(prefix="shouwang-build-") as folder:
            start = time.monotonic()
            subprocess.run(["cargo", "build", "--locked", "--quiet", "--profile", profile, "--package", "shouwang",
                            "--target-dir", folder], cwd=HERE.parent, check=True)
            took = time.monotonic() - start
            table.add(f"clean build, {profile} profile", f"{int(took // 60)} min {took % 60:.0f} s", asked)
            if profile == "release":
                size = (Path(folder) / "release/shouwang").stat().st_size / 2**20
                table.add("size of the program", f"{size:.1f} MB", "60 MB")


def start(county: County) -> None:
    county.folder.mkdir(exist_ok=True)
    county.run("init", "--county", "140430")
    county.run("areas", "import", county.data / "qin/areas.csv")


def timed(table: Table, what: str, asked: str, county: County, *args: object) -> None:
    took, _, _ = county.run(*args)
    table.add(what, f"{seconds(took)}, {county.cost}", asked)


def fill(table: Table, county: County) -> None:
    qin = county.data / "qin"
    start(county)
    timed(table, "import the register (.xlsx), with facts and journal", "15 s", county, "import", "register", qin / "registry.xlsx",
          "--period", REGISTER_OF)
    timed(table, "import the income file (1,152,624 rows), with facts", "20 s", county, "import", "income", qin / "income.csv.gz")
    timed(table, "all 79 department files, `import DIR`, with facts", "60 s", county, "import", qin / "departments")
    table.add("database after everything", f"{county.size():,.0f} MB", "1,536 MB")


def long_list(table: Table, county: County) -> None:
    workbook = county.folder / "医保_住院结算_2026-10_大表.xlsx"
    subprocess.run([sys.executable, HERE / "long_list.py", county.data / "qin/registry.xlsx", workbook, "100000"],
                   check=True)
    timed(table, "a list of 100,000 rows (.xlsx): read and matched, nothing stored", "", county, "import", "medical_stays", workbook,
          "--dry-run")
    took, _, out = county.run("import", "medical_stays", workbook, "--json")
    stored = json.loads(out)[0]["stored_after_ms"] / 1000
    table.add("the same matched and stored, seen by nobody yet", seconds(stored), "4 s")
    table.add("the same with facts and leads", f"{seconds(took)}, {county.cost}", "8 s")


def cases(table: Table, county: County) -> None:
    """A county with 5,000 open and 30,000 closed cases beside its register."""
    start(county)
    county.run("import", "register", county.data / "qin/registry.xlsx", "--period", REGISTER_OF)
    made = subprocess.run([sys.executable, HERE / "cases.py", county.database, "5000", "30000", TODAY], capture_output=True,
                          text=True, check=False)
    if made.returncode:
        sys.exit(f"cases.py: {made.stderr}")
    timed(table, "`facts rebuild` with 35,000 cases", "", county, "facts", "rebuild")
    timed(table, "the clocks over all cases, the first night, with start and end of the program", "1 s", county, "clocks")
    timed(table, "the same, the second night", "1 s", county, "clocks")
    with Server(county) as server:
        asked = {"export of all": "2 s", "export of what runs": "2 s", "500 cards in one document": "10 s"}
        for kind, took in http.node("cases.mjs", server.url, http.login(county), 100).items():
            one = took["n"] == 1
            table.add(f"5,000 open and 30,000 closed cases: {kind}", f"{took['max']} ms" if one else http.said(took),
                      asked.get(kind, "p95 50 ms"))


def peer(table: Table, county: County) -> None:
    statement = county.folder / "statement.sql"
    statement.write_text(county.run("rules", "sql")[2], encoding="utf-8")
    done = subprocess.run([sys.executable, HERE / "duckdb_peer.py", county.database, statement], capture_output=True,
                          text=True, check=False)
    if done.returncode:
        sys.exit(f"duckdb_peer.py: {done.stderr}")
    for line in json.loads(done.stdout):
        table.add(line["what"], line["measured"], "recorded")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []])
    wanted = parser.parse_args()
    parts = wanted.parts or [part for part in PARTS if part != "build"]
    table = Table()
    with tempfile.TemporaryDirectory(prefix="shouwang-bench-") as folder:
        county = County(wanted.program.resolve(), wanted.data.resolve(), Path(folder))
        if "build" in parts:
            build(table)
        if set(parts) - {"build", "cases"}:
            fill(table, county)
        if "facts" in parts:
            timed(table, "full `facts rebuild`", "20 s", county, "facts", "rebuild")
        if "screen" in parts or set(parts) & {"list", "change", "whatif", "publish", "match", "pages", "during", "million"}:
            timed(table, "screen the county, all rules, leads stored", "1 s", county, "screen")
        if "list" in parts:
            long_list(table, county)
        if "million" in parts:
            http.million(table, county, Server)
        if set(parts) & {"change", "whatif", "publish", "match", "pages", "during", "memory"}:
            with Server(county) as server:
                http.login(county)
                table.add("memory of `serve` with the county, at rest", f"{server.memory():.0f} MB", "200 MB")
                if "pages" in parts:
                    http.pages(table, server, county, "p95 50 ms")
                if "whatif" in parts:
                    http.what_if(table, server, county)
                if "publish" in parts:
                    http.publish(table, server, county, TODAY)
                if "match" in parts:
                    http.match(table, server, county)
                if "change" in parts:
                    http.change(table, server, county, TODAY)
                if "during" in parts:
                    http.during(table, server, county)
                table.add("memory of `serve` after that", f"{server.memory():.0f} MB", "")
        if "memory" in parts:
            empty = County(county.program, county.data, county.folder / "empty")
            start(empty)
            http.login(empty)
            with Server(empty) as server:
                http.memory(table, server, empty)
        if "cases" in parts:
            cases(table, County(county.program, county.data, county.folder / "cases"))
        if "peer" in parts:
            peer(table, county)
    table.print(wanted.program)


if __name__ == "__main__":
    main()
