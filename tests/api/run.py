"""Serves a demo county and lets schemathesis try every operation of its OpenAPI document, signed in as the county office.

Called by ./check with SHOUWANG_BIN; prints `N passed, N failed`, one check per operation and phase.
"""

import http.cookiejar
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
import xml.etree.ElementTree as ElementTree
from pathlib import Path

DOCUMENT = "/api/openapi.json"
SECONDS = 150


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait(url: str, program: subprocess.Popen, log: Path) -> None:
    for _ in range(2400):
        if program.poll() is not None:
            sys.exit(f"the program ended with {program.returncode}:\n{log.read_text()}")
        try:
            urllib.request.urlopen(url, timeout=2).read()
            return
        except OSError:
            time.sleep(0.1)
    sys.exit(f"the program does not answer:\n{log.read_text()}")


def sign_in(url: str, person: str) -> dict[str, str]:
    """Through the person's door of the demo: the headers of everything that follows."""
    jar = http.cookiejar.CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    page = browser.open(url).read().decode()
    form = next(f for f in page.split("<form")[1:] if re.search(rf'["/]{person}"', f))
    action = re.search(r'action="([^"]+)"', form).group(1)
    fields = dict(re.findall(r'name="([^"]+)"[^>]*? value="([^"]*)"', form.split("</form>")[0]))
    browser.open(urllib.parse.urljoin(url, action), urllib.parse.urlencode(fields).encode()).read()
    inside = browser.open(f"{url}/households").read().decode()
    token = re.search(r'name="_csrf" value="([^"]+)"', inside)
    cookies = "; ".join(f"{c.name}={c.value}" for c in jar)
    headers = {"Cookie": cookies}
    if token:
        headers["X-CSRF-Token"] = token.group(1)
    return headers


def main() -> int:
    program_path = os.environ.get("SHOUWANG_BIN", "target/debug/shouwang")
    with tempfile.TemporaryDirectory(prefix="shouwang-api-") as folder:
        folder = Path(folder)
        log = folder / "log"
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        with log.open("w") as out:
            program = subprocess.Popen(
                [program_path, "demo", "--dir", folder / "county", "--households", "120", "--seed", "7",
                 "--today", "2026-10-31", "--listen", f"127.0.0.1:{port}"],
                stdout=out, stderr=out, cwd=folder,
            )
        try:
            wait(url, program, log)
            headers = sign_in(url, "alice")
            junit = folder / "report.xml"
            command = [
                Path(sys.executable).with_name("schemathesis"), "run", url + DOCUMENT,
                "--phases", "examples,coverage,fuzzing", "--seed", "7", "--max-examples", "25",
                "--workers", "2", "--max-time", str(SECONDS), "--request-timeout", "10",
                "--checks",
                "not_a_server_error,status_code_conformance,content_type_conformance,"
                "response_headers_conformance,response_schema_conformance",
                "--report", "junit", "--report-junit-path", junit,
            ]
            for name, value in headers.items():
                command += ["--header", f"{name}: {value}"]
            surroundings = os.environ | {"SCHEMATHESIS_HOOKS": "hooks", "PYTHONPATH": str(Path(__file__).resolve().parent)}
            done = subprocess.run(command, cwd=folder, env=surroundings, timeout=SECONDS + 120, check=False)
            cases = list(ElementTree.parse(junit).iter("testcase")) if junit.exists() else []
        finally:
            program.terminate()
            program.wait(20)
        return report(done.returncode, cases, log.read_text())


def report(code: int, cases: list, log: str) -> int:
    failed = sum(1 for case in cases if case.find("failure") is not None or case.find("error") is not None)
    if re.search(r"panicked at", log):
        print("the program panicked:\n" + log[-4000:])
        failed += 1
    if not cases:
        print("schemathesis tried no operation")
        failed += 1
    print(f"{len(cases) - min(failed, len(cases))} passed, {failed} failed")
    return 1 if failed or code else 0


if __name__ == "__main__":
    sys.exit(main())
