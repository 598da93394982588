"""``lab.py test``: named jobs in order, each timed; one that fails fails the whole."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from labapp.model.text import Text
from launcher import system
from launcher.environment import Environment, clean_environ, prepare
from launcher.say import Voice, seconds_said

LINT_IMPORTS = "from importlinter.cli import lint_imports_command as check; check()"
SLOW = "--slow"
PYTEST = ("-m", "pytest")
# As many tests at once as there are processors; more than four only wait for each other.
AT_ONCE = ("-n", "auto", "--maxprocesses", "4")
# Names the program that runs Windows builds of Python on Linux (CONTRIBUTING.md).
WINDOWS_TOOL = "LABAPP_WINDOWS_TOOL"


@dataclass(frozen=True, slots=True)
class Job:
    """One named check: a command that succeeds or not."""

    name: str
    words: tuple[str, ...]
    python: Callable[[], Path]


@dataclass(frozen=True, slots=True)
class Result:
    """How a job ended."""

    name: str
    code: int
    seconds: float


def test(root: Path, words: list[str], voice: Voice) -> int:
    """Run every job, or pytest alone with ``words``; return the exit code.

    ``--slow`` chooses the slow tests, which the jobs and a plain pytest leave out.
    """
    began = time.monotonic()
    python = prepare(_full(root), voice)
    environ = clean_environ(os.environ)
    if any(word != SLOW for word in words):
        return _call([str(python), *PYTEST, *_pytest_words(words)], root, environ)
    system.install_or_tell(system.packages_for_tests(), voice)
    chosen = slow_jobs(python) if words else jobs(root, python, voice)
    results = [_run(job, root, environ) for job in chosen]
    for line in summary(results, time.monotonic() - began):
        print(line, flush=True)
    return int(any(result.code for result in results))


def jobs(root: Path, python: Path, voice: Voice) -> list[Job]:
    """Return every job of this machine, in order."""

    def full() -> Path:
        return python

    def core() -> Path:
        return prepare(Environment(root / ".venv-core", (root / "requirements-core.lock",)), voice)

    listed = [
        Job("style", ("-m", "ruff", "check", "."), full),
        Job("format", ("-m", "ruff", "format", "--check", "."), full),
        Job("types", ("-m", "mypy"), full),
        Job("layers", ("-c", LINT_IMPORTS), full),
        Job("tests without Qt", (*PYTEST, *AT_ONCE), core),
        Job("tests of the window", (*PYTEST, *AT_ONCE, "tests/ui"), full),
    ]
    tool = windows_tool(os.environ)
    script = root / "tests" / "windows" / "run.py"
    if tool is not None and script.exists():
        listed.append(Job("Windows", (str(script), str(tool)), full))
    else:
        voice.say(
            Text(
                f"跳过 Windows 检查：它要以 root 运行，并由 {WINDOWS_TOOL} 指明工具",
                f"the Windows job is left out: it needs root, and its tool in {WINDOWS_TOOL}",
            )
        )
    return listed


def slow_jobs(python: Path) -> list[Job]:
    """Return the job that ``--slow`` stands for."""
    return [Job("slow tests", (*PYTEST, "-m", "slow"), lambda: python)]


def windows_tool(environ: Mapping[str, str]) -> Path | None:
    """Return the program that runs Windows builds of Python here; it needs root."""
    named = environ.get(WINDOWS_TOOL)
    if not named or sys.platform == "win32" or os.geteuid() != 0:
        return None
    return Path(named) if Path(named).is_file() else None


def summary(results: list[Result], seconds: float) -> list[str]:
    """Return a line for each job, and the last line that says how it all ended."""
    failed = [result.name for result in results if result.code]
    lines = ["", *(f"  {_line(result)}" for result in results)]
    if failed:
        count = f"{len(failed)} of {len(results)} checks failed"
        return [*lines, f"{count} in {seconds:.0f} s: {', '.join(failed)}"]
    return [*lines, f"all {len(results)} checks passed in {seconds:.0f} s"]


def _full(root: Path) -> Environment:
    return Environment(
        root / ".venv", (root / "requirements.lock", root / "requirements-test.lock")
    )


def _pytest_words(words: list[str]) -> list[str]:
    rest = [word for word in words if word != SLOW]
    return ["-m", "slow", *rest] if SLOW in words else rest


def _run(job: Job, root: Path, environ: Mapping[str, str]) -> Result:
    print(f"\n=== {job.name}", flush=True)
    python = str(job.python())
    began = time.monotonic()
    code = _call([python, *job.words], root, environ)
    result = Result(job.name, code, time.monotonic() - began)
    print(f"=== {_line(result)}", flush=True)
    return result


def _call(words: list[str], root: Path, environ: Mapping[str, str]) -> int:
    with subprocess.Popen(words, cwd=root, env=dict(environ)) as started:
        try:
            return started.wait()
        except KeyboardInterrupt:
            started.wait()  # the check received it too
            raise


def _line(result: Result) -> str:
    how = "passed" if result.code == 0 else f"FAILED (exit code {result.code})"
    return f"{result.name}: {how} in {seconds_said(result.seconds)}"
