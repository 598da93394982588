"""Runs Windows builds of Python and Qt under Wine: ``python tests/windows/run.py TOOL [NAME…]``.

TOOL is called as CONTRIBUTING.md says. What passes here is strong evidence for our own Windows
code paths, and none for drivers, virus scanners and firewalls: Wine is not Windows.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
REQUIREMENTS = HERE / "requirements.txt"
LEFT_OUT = HERE / "left_out.txt"
PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)", re.MULTILINE)
# Without a locale Wine cannot make Chinese names; compiled files stay out of the checkout.
WINDOWS_ENV = "LC_ALL=C.UTF-8 PYTHONPYCACHEPREFIX=C:\\pyc PYTHONUNBUFFERED=1"
SET_UP_S = 300.0
COM = 5
TAIL_LINES = 60
# The packages whose code has ways of its own on Windows, in two parts that take as long as each
# other. Pure code that is the same everywhere is not run again; "same digest" goes through it.
PARTS = (
    ("model", "wire", "store", "transport", "coach", "launcher"),
    ("kits", "twins", "session", "programs"),
)
PARTS_S = 240.0


class Failed(Exception):
    """A check did not hold; the text says why."""


@dataclass(frozen=True, slots=True)
class Windows:
    """The tool, and how to call it with limits of time."""

    tool: str

    def python(self, *words: str, seconds: float) -> subprocess.CompletedProcess[str]:
        """Run Windows Python in the checkout; whatever it prints comes back as one text each."""
        return self.call("python", *words, seconds=seconds)

    def call(self, *words: str, seconds: float) -> subprocess.CompletedProcess[str]:
        """Call the tool.

        Raises:
            Failed: it did not end in time; everything it started is killed.
        """
        with started([self.tool, *words]) as running:
            try:
                out, error = running.communicate(timeout=seconds)
            except subprocess.TimeoutExpired as cause:
                os.killpg(running.pid, signal.SIGKILL)
                out, error = running.communicate()
                raise Failed(f"not done after {seconds:.0f} s\n{tail(out + error)}") from cause
        return subprocess.CompletedProcess(words, running.returncode, out, error)


@contextmanager
def started(words: list[str]) -> Iterator[subprocess.Popen[str]]:
    """Start a program in a group of its own; nothing of it is left afterwards."""
    environ = {**os.environ, "LABAPP_WINDOWS_ENV": WINDOWS_ENV, "PYTHONUTF8": "1"}
    running = subprocess.Popen(
        words,
        cwd=ROOT,
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
        start_new_session=True,
    )
    try:
        yield running
    finally:
        if running.poll() is None:
            os.killpg(running.pid, signal.SIGTERM)
            try:
                running.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(running.pid, signal.SIGKILL)
        for pipe in (running.stdout, running.stderr):
            if pipe is not None:
                pipe.close()
        running.wait()


def tail(text: str) -> str:
    """Return the last lines of a long text, indented."""
    return "\n".join("    " + line for line in text.strip().splitlines()[-TAIL_LINES:])


def need(fact: object, why: str) -> None:
    """Raise Failed with ``why`` unless the fact holds."""
    if not fact:
        raise Failed(why)


def set_up(windows: Windows) -> str:
    """Bring the packages of ``requirements.txt``, unless they are there already."""
    wanted = dict(PIN.findall(REQUIREMENTS.read_text("utf-8")))
    ask = (
        "import importlib.metadata as m, json, sys; names = sys.argv[1:];"
        "known = {d.name.lower().replace('_', '-').replace('.', '-'): d.version"
        " for d in m.distributions()}; print(json.dumps(known))"
    )
    try:
        found = json.loads(windows.python("-c", ask, seconds=60).stdout or "{}")
    except (Failed, ValueError):
        found = {}
    missing = [n for n, v in wanted.items() if found.get(re.sub("[_.]", "-", n.lower())) != v]
    if not missing:
        return f"{len(wanted)} packages are there"
    done = windows.call("setup", str(REQUIREMENTS), seconds=SET_UP_S)
    if done.returncode and found:  # an older one stands in the way
        windows.call("clean", seconds=60)
        done = windows.call("setup", str(REQUIREMENTS), seconds=SET_UP_S)
    need(done.returncode == 0, f"the set-up failed\n{tail(done.stdout + done.stderr)}")
    return done.stdout.strip().splitlines()[-1]


def core_tests(windows: Windows) -> str:
    """Run the core's quick tests under Windows Python, both parts at once."""
    with ThreadPoolExecutor(len(PARTS)) as pool:
        ends = list(pool.map(lambda part: _pytest(windows, part), PARTS))
    failed = [end for end in ends if end.returncode != 0]
    need(not failed, "\n".join(tail(end.stdout + end.stderr) for end in failed))
    counts = [re.search(r"(\d+) passed", end.stdout) for end in ends]
    passed = sum(int(count[1]) for count in counts if count)
    return f"{passed} tests passed, {len(left_out())} left out for Wine"


def _pytest(windows: Windows, part: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
    folders = [f"tests/{name}" for name in part if any((ROOT / "tests" / name).glob("test_*.py"))]
    return windows.python(
        "-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", "not slow and not peer and not gui",
        *(f"--deselect={name}" for name in left_out()), *folders, seconds=PARTS_S,
    )  # fmt: skip


def left_out() -> list[str]:
    """Return the tests that Wine itself cannot run; each line has its reason after a ``#``."""
    lines = LEFT_OUT.read_text("utf-8").splitlines()
    named = (line.partition("#")[0].strip() for line in lines)
    return [name for name in named if name]


def same_digest(windows: Windows) -> str:
    """Do the fire alarm on both systems: the same readings, the same marks, to the bit."""
    words = ["-m", "labapp", "run", "fire-alarm", "--program", "reference", "--json", "--out"]
    with tempfile.TemporaryDirectory() as folder:
        with started([sys.executable, *words, folder]) as running:
            out, error = running.communicate(timeout=120)
        need(running.returncode == 0, f"on Linux\n{tail(out + error)}")
        here = json.loads(out)
    done = windows.python(*words, r"C:\labapp-run", seconds=120)
    need(done.returncode == 0, f"on Windows\n{tail(done.stdout + done.stderr)}")
    there = json.loads(done.stdout)
    for field in ("outcome", "points", "recording", "digest"):
        need(here[field] == there[field], f"{field}: {here[field]} here, {there[field]} there")
    return f"{here['points']} of {here['max']} points, {here['digest'][:20]}…"


def job_object(windows: Windows) -> str:
    """Stop a hanging program and its children by the job object they are in."""
    done = windows.python(str(inside("stop_program.py")), seconds=60)
    need(done.returncode == 0, tail(done.stdout + done.stderr))
    return done.stdout.strip().splitlines()[-1]


def window(windows: Windows) -> str:
    """Open the window offscreen, wait until it is painted, close it."""
    done = windows.python(str(inside("open_window.py")), seconds=90)
    need(done.returncode == 0, tail(done.stdout + done.stderr))
    return done.stdout.strip().splitlines()[-1]


def inside(name: str) -> Path:
    """Return where a file of this folder lies for whoever stands in the checkout."""
    return (HERE / name).relative_to(ROOT)


def serial_port(windows: Windows) -> str:
    """Read and drive the twin over Modbus RTU on a COM port, which is a terminal of this system."""
    simulate = [sys.executable, "-m", "labapp", "simulate", "fire-safety", "--listen", "pty:"]
    with started([*simulate, "--for", "60s"]) as twin:
        need(twin.stdout is not None, "no output of the twin")
        listening = json.loads(first_line(twin.stdout) or "{}").get("listening", "")
        tty = re.search(r"/dev/pts/\d+", listening)
        need(tty, f"the twin listens at {listening!r}")
        done = windows.call("com", str(COM), tty[0] if tty else "", seconds=20)
        need(done.returncode == 0, tail(done.stdout + done.stderr))
        done = windows.python(
            "-m", "labapp", "monitor", "fire-safety", "--kit", f"serial:COM{COM}",
            "--for", "3s", "--write", "buzzer=on", seconds=60,
        )  # fmt: skip
    need(done.returncode == 0, tail(done.stdout + done.stderr))
    readings = [json.loads(line) for line in done.stdout.splitlines()]
    good = [r for r in readings if r.get("quality") == "good"]
    points = {reading["point"] for reading in good}
    need({"flame", "temp", "buzzer"} <= points, f"good readings of {sorted(points)} only")
    sounded = any(r["point"] == "buzzer" and r["value"] == 1 for r in good)
    need(sounded, "the buzzer was driven but is not read as on")
    bad = len(readings) - len(good)
    need(bad <= len(readings) // 10, f"{bad} of {len(readings)} readings are not good")
    return f"{len(good)} good readings of {len(points)} points in 3 s, buzzer driven"


def first_line(pipe: IO[str] | None) -> str:
    """Return the first line that a program prints."""
    return pipe.readline() if pipe is not None else ""


CHECKS: dict[str, Callable[[Windows], str]] = {
    "same digest": same_digest,
    "job object": job_object,
    "window": window,
    "serial port": serial_port,
    "core tests": core_tests,
}


def main() -> int:
    """Run every check, or those that are named; return 1 if one failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tool")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(CHECKS))
    asked = parser.parse_args()
    windows = Windows(asked.tool)
    ends = [_run("set-up", set_up, windows)]
    if ends[0]:
        ends = [_run(name, CHECKS[name], windows) for name in asked.names or CHECKS]
    print(f"{sum(ends)} passed, {len(ends) - sum(ends)} failed", flush=True)
    return 0 if all(ends) else 1


def _run(name: str, check: Callable[[Windows], str], windows: Windows) -> bool:
    began = time.monotonic()
    try:
        said, passed = check(windows), True
    except (Failed, ValueError, OSError, subprocess.TimeoutExpired) as why:
        said, passed = f"FAILED: {why}", False
    print(f"  {name}: {said} ({time.monotonic() - began:.0f} s)", flush=True)
    return passed


if __name__ == "__main__":
    sys.exit(main())
