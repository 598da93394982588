"""``lab.py test``: named jobs in order, each timed; one that fails fails the whole."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from launcher import system
from launcher.environment import Environment, clean_environ, prepare
from launcher.say import Voice, seconds_said

LINT_IMPORTS = "from importlinter.cli import lint_imports_command as check; check()"


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
    """Run pytest with ``words``, or without words every job; return the exit code."""
    python = prepare(_full(root), voice)
    environ = clean_environ(os.environ)
    if words:
        return _call([str(python), "-m", "pytest", *words], root, environ)
    missing = system.packages_for_tests()
    if missing:
        system.install_or_tell(missing, voice)
    results = [_run(job, root, environ, voice) for job in jobs(root, python, voice)]
    return _sum_up(results)


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
        Job("tests without Qt", ("-m", "pytest", "-m", "not gui and not slow"), core),
        Job("tests of the window", ("-m", "pytest", "-m", "gui and not slow"), full),
    ]
    windows = _windows_tool(root, os.environ)
    script = root / "tests" / "windows" / "run.py"
    if windows and script.exists():
        listed.append(Job("Windows", (str(script), str(windows)), full))
    else:
        why = "it needs root and LABAPP_WINDOWS_TOOL"
        sys.stderr.write(f"lab.py test: the Windows job is left out: {why}\n")
    return listed


def _full(root: Path) -> Environment:
    return Environment(
        root / ".venv", (root / "requirements.lock", root / "requirements-test.lock")
    )


def _windows_tool(root: Path, environ: Mapping[str, str]) -> Path | None:
    """Return the program that runs Windows builds of Python here, where there is one."""
    if sys.platform == "win32" or os.geteuid() != 0:
        return None
    named = environ.get("LABAPP_WINDOWS_TOOL")
    tool = Path(named) if named else root.parent / "shared" / "tools" / "windows"
    return tool if tool.is_file() else None


def _run(job: Job, root: Path, environ: Mapping[str, str], voice: Voice) -> Result:
    print(f"\n=== {job.name}", flush=True)
    began = time.monotonic()
    code = _call([str(job.python()), *job.words], root, environ)
    result = Result(job.name, code, time.monotonic() - began)
    print(f"=== {_line(result)}", flush=True)
    return result


def _call(words: list[str], root: Path, environ: Mapping[str, str]) -> int:
    with subprocess.Popen(words, cwd=root, env=dict(environ)) as started:
        while True:
            try:
                return started.wait()
            except KeyboardInterrupt:
                continue  # the check received it too; its end is waited for


def _line(result: Result) -> str:
    how = "passed" if result.code == 0 else f"FAILED (exit code {result.code})"
    return f"{result.name}: {how} in {seconds_said(result.seconds)}"


def _sum_up(results: list[Result]) -> int:
    failed = [result.name for result in results if result.code]
    took = seconds_said(sum(result.seconds for result in results))
    print()
    for result in results:
        print(f"  {_line(result)}")
    if failed:
        print(f"lab.py test: {len(failed)} of {len(results)} jobs failed: {', '.join(failed)}")
        return 1
    print(f"lab.py test: {len(results)} jobs passed in {took}", flush=True)
    return 0
