"""A small kit for students' programs: scripted sensors, outputs that remember what was written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from labapp.model.reading import Event, Quality
from labapp.model.text import Text
from labapp.programs.kit_access import PointFacts, Value, WriteRefused
from labapp.programs.limits import Limits
from labapp.programs.program import Program, ProgramState
from labapp.programs.python_program import PythonProgram

TICK_US = 10_000
POINTS: Mapping[str, PointFacts] = {
    "flame": PointFacts(unit="%", name=Text("火焰", "Flame"), decimals=0),
    "temp": PointFacts(unit="Cel", name=Text("温度", "Temperature"), decimals=1),
    "call_point": PointFacts(states=("off", "on"), name=Text("手报", "Call point")),
    "signal": PointFacts(states=("none", "red", "yellow", "green")),
    "buzzer": PointFacts(states=("off", "on"), access="rw", name=Text("蜂鸣器", "Buzzer")),
    "gas_valve": PointFacts(states=("closed", "open"), access="rw"),
    "fan": PointFacts(unit="%", access="rw", min=0, max=100, decimals=0),
    "label": PointFacts(access="rw", is_text=True),
}

P = TypeVar("P", bound=Program)
Sensor = Callable[[int], Value | None]
Write = tuple[int, str, Value]


class FakeKit:
    """Sensors are functions of the time in microseconds; a refused point takes nothing."""

    def __init__(
        self,
        sensors: Mapping[str, Sensor] | None = None,
        *,
        now_us: Callable[[], int] | None = None,
        refused: Mapping[str, Text] | None = None,
        bad: Callable[[str, int], bool] = lambda _point, _t_us: False,
    ) -> None:
        self.writes: list[Write] = []
        self.events: list[Event] = []
        self.t_us = 0
        self._sensors = sensors or {}
        self._driven: dict[str, Value] = {}
        self._now_us = now_us
        self._refused = refused or {}
        self._bad = bad

    @property
    def points(self) -> Mapping[str, PointFacts]:
        return POINTS

    def now_us(self) -> int:
        return self.t_us if self._now_us is None else self._now_us()

    def read(self, point: str) -> tuple[Value | None, Quality]:
        sensor = self._sensors.get(point)
        value = self._driven.get(point) if sensor is None else sensor(self.now_us())
        is_bad = value is None or self._bad(point, self.now_us())
        return value, Quality.BAD if is_bad else Quality.GOOD

    def write(self, point: str, value: Value) -> None:
        if point in self._refused:
            raise WriteRefused(self._refused[point])
        self.writes.append((self.now_us(), point, value))
        self._driven[point] = value


@dataclass(frozen=True)
class Ran:
    """What is left of a lockstep run."""

    program: Program
    kit: FakeKit
    state: ProgramState

    @property
    def writes(self) -> list[Write]:
        return self.kit.writes

    @property
    def output(self) -> str:
        return self.program.output


def lead(program: Program, kit: FakeKit, seconds: float) -> Ran:
    """Advance a program over ``seconds`` of virtual time or until its end, and stop it."""
    program.report_to(kit.events.append)
    try:
        for t_us in range(0, round(seconds * 1e6) + 1, TICK_US):
            kit.t_us = t_us
            program.advance(t_us, kit)
            if program.state not in (ProgramState.READY, ProgramState.RUNNING):
                break
        return Ran(program, kit, program.state)
    finally:
        program.stop()


def run(
    source: str,
    work: Path,
    seconds: float = 1.0,
    kit: FakeKit | None = None,
    limits: Limits | None = None,
) -> Ran:
    """Run Python in lockstep on a kit."""
    program = PythonProgram(source.encode(), "program.py", POINTS, work, limits)
    return lead(program, FakeKit() if kit is None else kit, seconds)


def message_of(program: Program) -> Text:
    """Return what people are told of a failed program."""
    assert program.failure is not None, program.output
    return program.failure.message


@contextmanager
def stopped_at_the_end(program: P) -> Iterator[P]:
    """Leave nothing of a program, whatever a test finds."""
    try:
        yield program
    finally:
        program.stop()


def turns_on(*times_s: float) -> Sensor:
    """Return a state point that is off and changes at each of these times."""
    return lambda t_us: float(sum(t_us >= round(t * 1e6) for t in times_s) % 2)


def ramp(start: float, per_s: float, *, from_s: float = 0.0) -> Sensor:
    """Return a quantity that rises from ``from_s`` on; before it there is no reading."""
    return lambda t_us: start + per_s * t_us / 1e6 if t_us >= round(from_s * 1e6) else None
