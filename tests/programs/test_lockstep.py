"""Python programs in virtual time: what labkit promises, and that runs are alike."""

from __future__ import annotations

from pathlib import Path

import pytest

from labapp.model.text import Text
from labapp.programs.limits import Limits
from labapp.programs.program import ProgramState
from labapp.programs.python_program import PythonProgram
from tests.programs.fake_kit import POINTS, FakeKit, lead, message_of, ramp, run, turns_on


def test_a_program_reads_decides_and_drives(tmp_path: Path) -> None:
    source = """
from labkit import kit, sleep
while True:
    if kit.flame is not None and kit.flame > 30:
        kit.buzzer = "on"
        break
    sleep(0.1)
"""
    ran = run(source, tmp_path, 3.0, FakeKit({"flame": ramp(0, 20, from_s=0.5)}))
    assert (ran.state, ran.writes) == (ProgramState.ENDED, [(1_600_000, "buzzer", 1.0)])


def test_a_point_is_none_before_its_first_reading(tmp_path: Path) -> None:
    source = """
from labkit import kit, sleep
print(kit.temp, kit.quality("temp"))
sleep(0.5)
print(kit.temp, kit.quality("temp"))
"""
    ran = run(source, tmp_path, 1.0, FakeKit({"temp": ramp(20, 2, from_s=0.25)}))
    assert ran.output == "None bad\n21.0 good\n"


def test_time_is_the_benchs(tmp_path: Path) -> None:
    source = """
import time
from labkit import now, sleep, every
start = now()
sleep(0.25)
time.sleep(0.25)
print(now() - start, time.monotonic(), time.time())
for t in every(0.2):
    print(t)
    if t > 1:
        break
"""
    ran = run(source, tmp_path, 2.0)
    assert ran.output == "0.5 0.5 946684800.5\n0.5\n0.7\n0.9\n1.1\n"


def test_what_is_between_ticks_comes_at_the_next(tmp_path: Path) -> None:
    source = "from labkit import kit, sleep\nsleep(0.0301)\nkit.fan = 10\nsleep(60)\n"
    assert run(source, tmp_path, 0.1).writes == [(40_000, "fan", 10.0)]


def test_wait_until_takes_functions_and_sentences(tmp_path: Path) -> None:
    source = """
from labkit import kit, now, wait_until
print(wait_until(lambda: kit.flame is not None), now())
print(wait_until("flame > 10 % for 500 ms"), now())
print(wait_until("flame > 99 %", timeout=0.5), now())
"""
    ran = run(source, tmp_path, 3.0, FakeKit({"flame": ramp(0, 10, from_s=0.3)}))
    assert ran.output == "True 0.3\nTrue 1.51\nFalse 2.01\n"


def test_holds_is_none_while_it_cannot_be_known(tmp_path: Path) -> None:
    source = """
from labkit import holds, sleep
print(holds("temp > 21 Cel"))
sleep(0.5)
print(holds("temp > 21 Cel"), holds("temp > 25 Cel"))
"""
    ran = run(source, tmp_path, 1.0, FakeKit({"temp": ramp(21.5, 1, from_s=0.2)}))
    assert ran.output == "None\nTrue False\n"


def test_on_change_and_timers_run_while_the_program_sleeps(tmp_path: Path) -> None:
    source = """
from labkit import every, kit, now

def pressed(value):
    print(value, now())
    kit.buzzer = value

kit.on_change("call_point", pressed)

@every(0.4)
def tick():
    print("tick", now())
"""
    ran = run(source, tmp_path, 1.0, FakeKit({"call_point": turns_on(0.3, 0.6)}))
    assert ran.state == ProgramState.RUNNING
    assert ran.output == "tick 0.0\non 0.3\ntick 0.4\noff 0.6\ntick 0.8\n"
    assert ran.writes == [(300_000, "buzzer", 1.0), (600_000, "buzzer", 0.0)]


def test_states_are_names_codes_and_truths(tmp_path: Path) -> None:
    source = """
from labkit import kit
b = kit.call_point
print(b, b == "on", b == "ON", b == 1, b == True, bool(b), int(b), b != "off", {b: 1}["on"])
s = kit.signal
print(s, s == "red", s == 2, bool(s))
for value in ("on", "OFF", True, 0, 1.0):
    kit.buzzer = value
kit.gas_valve = "open"
kit.label = "hello"
kit.fan = 50
print(kit.fan, kit.gas_valve, kit.label)
"""
    ran = run(
        source, tmp_path, 0.1, FakeKit({"call_point": lambda _: 1.0, "signal": lambda _: 2.0})
    )
    assert ran.output == (
        "on True True True True True 1 True 1\nyellow False True True\n50.0 open hello\n"
    )
    assert [value for _, point, value in ran.writes if point == "buzzer"] == [1, 0, 1, 0, 1]
    assert [(p, v) for _, p, v in ran.writes[-3:]] == [
        ("gas_valve", 1.0), ("label", "hello"), ("fan", 50.0),
    ]  # fmt: skip


def test_a_refused_write_can_be_caught(tmp_path: Path) -> None:
    source = """
from labkit import WriteRefused, kit
for value in (120, float("nan"), float("inf"), "1", None, True, [1], 10 ** 400):
    try:
        kit.fan = value
    except WriteRefused as refused:
        print(refused)
try:
    kit.buzzer = "on"
except WriteRefused as refused:
    print(refused.reason["zh"])
"""
    kit = FakeKit(refused={"buzzer": Text("套件没有应答。", "The kit did not answer.")})
    ran = run(source, tmp_path, 0.1, kit)
    said = ran.output.splitlines()
    assert (ran.state, ran.writes, len(said)) == (ProgramState.ENDED, [], 9)
    assert said[0] == "fan cannot be 120 %; 0 % … 100 % is allowed."
    assert said[-1] == "套件没有应答。"


def test_a_refused_write_that_is_not_caught_ends_the_program(tmp_path: Path) -> None:
    ran = run("from labkit import kit\nx = 1\nkit.temp = 30\n", tmp_path)
    assert ran.state == ProgramState.FAILED
    failure = ran.program.failure
    assert failure is not None
    assert (failure.code, failure.file, failure.line) == ("program.refused", "program.py", 3)
    assert message_of(ran.program).en.startswith("temp can only be read. What can be written:")


def test_what_it_logs_goes_into_the_recording(tmp_path: Path) -> None:
    source = "from labkit import log, sleep\nsleep(0.2)\nlog('fire', 41.5)\nlog(3)\nlog('x', float('nan'))\n"
    ran = run(source, tmp_path)
    assert [(e.t_us, e.kind, e.data) for e in ran.kit.events] == [
        (200_000, "program", {"log": "fire", "value": 41.5}),
        (200_000, "program", {"log": "3"}),
        (200_000, "program", {"log": "x", "value": "nan"}),
    ]


def test_a_program_that_never_sleeps_is_slowed_down_not_stopped(tmp_path: Path) -> None:
    source = """
from labkit import kit
while True:
    if kit.flame > 50:
        kit.buzzer = "on"
        break
"""
    limits = Limits(calls_per_instant=500, calls_when_busy=5)
    ran = run(source, tmp_path, 1.0, FakeKit({"flame": ramp(0, 100)}), limits)
    assert (ran.state, ran.writes) == (ProgramState.ENDED, [(510_000, "buzzer", 1.0)])
    assert ran.program.facts()["never_slept"] is True


def test_two_runs_are_alike(tmp_path: Path) -> None:
    source = """
import random, time
from labkit import kit, sleep
while True:
    order = [point for point in {"buzzer", "gas_valve", "fan"}]
    random.shuffle(order)
    for point in order:
        setattr(kit, point, random.randint(0, 1))
    sleep(random.random() / 10 + time.time() % 0.01)
"""
    kits = FakeKit(), FakeKit()
    first, second = (run(source, tmp_path, 2.0, kit).writes for kit in kits)
    assert len(first) > 50
    assert first == second


def test_files_in_its_own_folder_are_its_own(tmp_path: Path) -> None:
    (tmp_path / "my_part.py").write_text("LIMIT = 30\n", "utf-8")
    (tmp_path / "random.py").write_text("raise SystemError('shadowed')\n", "utf-8")
    source = """
import random
from my_part import LIMIT
with open("notes.txt", "w") as notes:
    notes.write(str(LIMIT))
print(open("notes.txt").read(), random.randint(3, 3))
"""
    assert run(source, tmp_path).output == "30 3\n"
    assert (tmp_path / "notes.txt").read_text("utf-8") == "30"


@pytest.mark.parametrize(
    ("source", "state"),
    [
        ("x = 1\n", "ended"),
        ("raise SystemExit(7)\n", "ended"),
        ("exit()\n", "ended"),
        ("", "ended"),
    ],
)
def test_it_may_end(tmp_path: Path, source: str, state: str) -> None:
    ran = run(source, tmp_path)
    assert (ran.state.value, ran.program.failure) == (state, None)


def test_a_program_runs_once_and_stays_ended(tmp_path: Path) -> None:
    program = PythonProgram(b"from labkit import sleep\nsleep(9)\n", "program.py", POINTS, tmp_path)
    kit = FakeKit()
    assert lead(program, kit, 0.1).state == ProgramState.RUNNING
    assert program.state == ProgramState.STOPPED
    program.advance(200_000, kit)
    program.stop()
    assert program.state == ProgramState.STOPPED


def test_a_program_that_was_never_run_is_stopped_too(tmp_path: Path) -> None:
    program = PythonProgram(b"x = 1\n", "program.py", POINTS, tmp_path)
    assert program.state == ProgramState.READY
    program.stop()
    program.advance(0, FakeKit())
    assert (program.state, program.output) == (ProgramState.STOPPED, "")


def test_evidence_keeps_what_ran_and_how(tmp_path: Path) -> None:
    source = "print('hello')\n"
    program = PythonProgram(source.encode(), "/home/li/program.py", POINTS, tmp_path)
    lead(program, FakeKit(), 0.1)
    facts = program.facts()
    assert facts["sha256"] == program.sha256
    assert facts["filename"] == "program.py"
    assert (facts["state"], facts["failure"], facts["exit_code"]) == ("ended", None, 0)
    assert "guard" in facts["layers"]
    assert program.kind == "python"


def test_other_files_that_fail_are_named(tmp_path: Path) -> None:
    (tmp_path / "part.py").write_text("def f(x):\n    return 1 / x\n", "utf-8")
    ran = run("from part import f\nf(0)\n", tmp_path)
    failure = ran.program.failure
    assert failure is not None
    assert (failure.file, failure.line) == ("part.py", 2)


def test_the_trace_in_the_output_is_the_students_own(tmp_path: Path) -> None:
    output = run("from labkit import kit\nkit.tmep\n", tmp_path).output
    assert 'File "program.py", line 2, in <module>' in output
    assert "labapp" not in output
    assert "labkit.UnknownPoint" in output
