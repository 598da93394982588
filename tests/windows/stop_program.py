"""Under Windows Python: a hanging program is stopped, and nothing that it started is left."""

from __future__ import annotations

import importlib
import subprocess
import sys
import tempfile
from pathlib import Path

from labapp.app.clock import SystemClock
from labapp.programs.program import ProgramState
from labapp.programs.python_program import PythonProgram
from tests.programs.fake_kit import POINTS, FakeKit
from tests.waiting import wait_for

HANGS = b"from labkit import kit, sleep\nkit.buzzer = True\nwhile True:\n    pass\n"
# Says that it runs, tries to start another process, says how that went, and stays.
BREEDS = (
    "import subprocess, sys\n"
    "print('runs', flush=True)\n"
    "sys.stdin.readline()\n"
    "try:\n"
    "    subprocess.Popen([sys.executable, '-c', 'input()'])\n"
    "    print('started', flush=True)\n"
    "except OSError:\n"
    "    print('refused', flush=True)\n"
    "while True:\n"
    "    pass\n"
)


def stop_a_hanging_program() -> float:
    """Return how many seconds the end took, of a program that computes and never listens."""
    clock = SystemClock()
    kit = FakeKit(now_us=clock.now_us)
    with tempfile.TemporaryDirectory() as work:
        program = PythonProgram(HANGS, "main.py", POINTS, Path(work))
        assert program.start(kit, clock)
        wait_for(lambda: kit.writes, 30, "the program drives the buzzer")
        assert "job" in program.facts()["layers"], program.facts()
        began = clock.now_us()
        program.stop()
        took = (clock.now_us() - began) / 1e6
    assert program.state is not ProgramState.RUNNING, program.state
    assert took < 2, took
    return took


def end_with_the_job() -> str:
    """Return what a child in a job said of a second process; the job's end is the child's."""
    job = importlib.import_module("labapp.programs.limits_windows").Job(512 << 20)
    child = subprocess.Popen(
        [getattr(sys, "_base_executable", sys.executable), "-c", BREEDS],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    assert child.stdin is not None
    assert child.stdout is not None
    assert child.stdout.readline() == "runs\n"
    job.hold(int(child._handle))  # type: ignore[attr-defined]
    child.stdin.write("go\n")
    child.stdin.flush()
    answer = child.stdout.readline().strip()
    assert child.poll() is None
    job.close()  # as if the app had been killed: the handle is gone
    child.wait(5)
    child.stdin.close()
    child.stdout.close()
    return answer


if __name__ == "__main__":
    seconds = stop_a_hanging_program()
    second = end_with_the_job()
    print(f"a hanging program stopped in {seconds:.2f} s; a second process in its job: {second}")
