"""Python programs in real time: in threads of their own, stopped at any moment."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Never

import pytest

from labapp.app.clock import SystemClock
from labapp.programs.limits import Limits
from labapp.programs.program import ProgramState
from labapp.programs.python_program import PythonProgram
from tests.programs.fake_kit import POINTS, FakeKit, Sensor, stopped_at_the_end
from tests.waiting import wait_for

CLOCK = SystemClock()


def live_kit(**sensors: Sensor) -> FakeKit:
    """Return a kit whose time begins now and passes."""
    origin_us = CLOCK.now_us()
    return FakeKit(sensors, now_us=lambda: CLOCK.now_us() - origin_us)


def program_of(source: str, work: Path, limits: Limits | None = None) -> PythonProgram:
    return PythonProgram(source.encode(), "program.py", POINTS, work, limits)


def ended(program: PythonProgram) -> bool:
    return program.state not in (ProgramState.READY, ProgramState.RUNNING)


def test_it_runs_beside_the_app_until_its_end(tmp_path: Path) -> None:
    source = """
from labkit import kit, log, now, sleep
sleep(0.1)
kit.buzzer = "on"
log("alarm", now())
sleep(0.05)
kit.buzzer = "off"
"""
    kit = live_kit()
    with stopped_at_the_end(program_of(source, tmp_path)) as program:
        program.report_to(kit.events.append)
        assert program.start(kit, CLOCK) is True
        assert program.start(kit, CLOCK) is False
        wait_for(lambda: program.state == ProgramState.ENDED)
    assert [(point, value) for _, point, value in kit.writes] == [("buzzer", 1.0), ("buzzer", 0.0)]
    (on_us, *_), (off_us, *_) = kit.writes
    assert on_us >= 100_000
    assert off_us - on_us >= 50_000
    assert [e.data["log"] for e in kit.events] == ["alarm"]
    assert program.failure is None


def test_changes_wake_it_from_its_sleep(tmp_path: Path) -> None:
    source = """
from labkit import kit, log
kit.on_change("call_point", lambda value: setattr(kit, "buzzer", value))
log("watching")
"""
    pressed = threading.Event()
    kit = live_kit(call_point=lambda _: float(pressed.is_set()))
    with stopped_at_the_end(program_of(source, tmp_path)) as program:
        program.report_to(kit.events.append)
        program.start(kit, CLOCK)
        wait_for(lambda: kit.events)
        assert not kit.writes
        pressed.set()
        assert wait_for(lambda: kit.writes)[0][1:] == ("buzzer", 1.0)
        assert not ended(program)
    assert program.state == ProgramState.STOPPED


@pytest.mark.parametrize(
    "source",
    [
        "from labkit import kit, sleep\nkit.fan = 1\nsleep(1e9)\n",
        "from labkit import kit\nkit.fan = 1\nwhile True:\n    pass\n",
        "from labkit import kit\nwhile True:\n    kit.fan = 1\n",
        "from labkit import kit\nkit.fan = 1\nwhile True:\n    print('x' * 1000)\n",
    ],
    ids=["asleep", "computing", "asking", "printing"],
)
def test_it_is_stopped_at_once_whatever_it_does(tmp_path: Path, source: str) -> None:
    kit = live_kit()
    with stopped_at_the_end(program_of(source, tmp_path)) as program:
        program.start(kit, CLOCK)
        wait_for(lambda: kit.writes)
        asked_us = CLOCK.now_us()
        program.stop()
        assert CLOCK.now_us() - asked_us < 1_500_000
        written = len(kit.writes)
    assert (program.state, program.failure) == (ProgramState.STOPPED, None)
    assert len(kit.writes) == written


def test_stop_may_be_pressed_by_many_and_before_it_is_up(tmp_path: Path) -> None:
    program = program_of("from labkit import sleep\nsleep(9)\n", tmp_path)
    program.start(live_kit(), CLOCK)
    hands = [threading.Thread(target=program.stop) for _ in range(8)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    assert program.state == ProgramState.STOPPED
    assert program.start(live_kit(), CLOCK) is False


def test_its_own_mistake_is_told(tmp_path: Path) -> None:
    with stopped_at_the_end(program_of("x = 0\ny = 1 / x\n", tmp_path)) as program:
        program.start(live_kit(), CLOCK)
        wait_for(lambda: ended(program))
    assert program.state == ProgramState.FAILED
    assert program.failure is not None
    assert (program.failure.code, program.failure.line) == ("program.error", 2)
    assert program.failure.message.zh.startswith("这里除以了 0。")


def test_a_loop_without_sleep_is_held_to_so_many_calls_a_second(tmp_path: Path) -> None:
    source = "from labkit import kit\nn = 0\nwhile True:\n    n += 1\n    kit.fan = n % 100\n"
    kit = live_kit()
    with stopped_at_the_end(program_of(source, tmp_path, Limits(calls_per_s=40))) as program:
        program.start(kit, CLOCK)
        wait_for(lambda: len(kit.writes) > 50)
    first_us, last_us = kit.writes[0][0], kit.writes[50][0]
    assert last_us - first_us > 500_000
    assert program.facts()["never_slept"] is True


def test_a_fault_of_the_kits_own_is_ours_and_told(tmp_path: Path, expected_logs: object) -> None:
    class Broken(FakeKit):
        def read(self, point: str) -> Never:
            raise LookupError(point)

    assert callable(expected_logs)
    expected_logs("the run of a program ended by a fault of ours")
    program = program_of("from labkit import kit\nkit.fan\n", tmp_path)
    with stopped_at_the_end(program):
        program.start(Broken(now_us=CLOCK.now_us), CLOCK)
        wait_for(lambda: ended(program))
    assert program.failure is not None
    assert program.failure.code == "program.ours"
