"""The part of the benchmarks that speaks HTTP: pages under load, memory at rest and during an upload."""

import json
import threading

WINDOWS = 8
SECONDS = 30


def pages(table, county, serve, load, parts) -> None:
    told = county.run("user", "add", "bench", "--name", "bench", "--role", "county", "--area", "140430", "--json")[2]
    password = json.loads(told)["password"]
    server = serve(county)
    try:
        if "memory" in parts:
            table.add("memory of `serve` with the county, at rest", f"{server.memory():.0f} MB", "200 MB")
        if "pages" in parts:
            for kind, took in load(server.url, f"bench:{password}", SECONDS, WINDOWS).items():
                table.add(f"page {kind}, {WINDOWS} at a time, {took['n']} answers",
                          f"p50 {took['p50']} ms, p95 {took['p95']} ms, p99 {took['p99']} ms", "p95 50 ms")
            during(table, county, server, load, password)
        if "memory" in parts:
            table.add("peak memory of `serve` in this run", f"{server.memory('VmHWM'):.0f} MB", "500 MB")
    finally:
        server.stop()


def during(table, county, server, load, password) -> None:
    """Pages while the income file is taken in once more, under another name, by the command line."""
    again = county.folder / "income-again.csv.gz"
    again.write_bytes((county.data / "qin/income.csv.gz").read_bytes())
    done = threading.Event()

    def take_in() -> None:
        county.run("import", "income", again, "--dry-run")
        done.set()

    worker = threading.Thread(target=take_in)
    worker.start()
    slowest = 0.0
    answers = 0
    while not done.is_set():
        for took in load(server.url, f"bench:{password}", 3, WINDOWS).values():
            slowest, answers = max(slowest, took["p99"]), answers + took["n"]
    worker.join()
    table.add(f"a page while an import runs, {answers} answers", f"p99 {slowest} ms", "300 ms")
