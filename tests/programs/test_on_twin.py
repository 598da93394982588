"""Programs on the fire kit's twin, over its real bytes: rules and their Python are one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from labapp.coach.lockstep import LockstepBench, find_scenario
from labapp.model.reading import Event, Gap, Reading
from labapp.packs.load import load_pack
from labapp.programs.kit_access import facts_of
from labapp.programs.open_program import open_program
from labapp.programs.rules import rules_as_python
from labapp.twins.registry import make_twin

ROOT = Path(__file__).parents[2]
PACK = load_pack("fire-alarm", [ROOT / "projects"], [ROOT / "device_profiles"])
FACTS = facts_of(PACK.profile)


class Seen:
    """Everything that came off the kit, and everything that happened."""

    def __init__(self) -> None:
        self.readings: list[Reading] = []
        self.events: list[Event] = []

    def take(self, readings: Sequence[Reading]) -> None:
        self.readings += readings

    def gap(self, gap: Gap) -> None:
        raise AssertionError(gap)

    def event(self, event: Event) -> None:
        self.events.append(event)

    def all_of(self, kind: str) -> list[Event]:
        return [event for event in self.events if event.kind == kind]


def seen_of(source: str, name: str, work: Path, seconds: float) -> Seen:
    """Run a program through a fire, and return what was seen."""
    program = open_program(source.encode(), name, FACTS, work)
    assert program.check() == ()
    twin = make_twin(PACK.profile, 7, find_scenario(PACK, "flaming"), None)
    bench, seen = LockstepBench(PACK, twin, program), Seen()
    bench.hub.add(seen)
    try:
        bench.run_to(round(seconds * 1e6))
    finally:
        bench.end()
    assert program.failure is None, program.output
    return seen


def test_rules_and_their_python_give_the_same_run(tmp_path: Path) -> None:
    rules = PACK.members["solutions/reference.yaml"].decode()
    python = rules_as_python(rules.encode(), "reference.yaml", FACTS)
    first = seen_of(rules, "reference.yaml", tmp_path, 50)
    second = seen_of(python, "program.py", tmp_path, 50)
    driven = [(e.data["point"], e.data["value"]) for e in first.all_of("write")]
    assert {("buzzer", 0.0), ("buzzer", 1.0), ("fan", 100.0), ("gas_valve", 0.0)} <= set(driven)
    assert second.events == first.events
    assert second.readings == first.readings


def test_what_a_program_logs_is_recorded_and_its_end_leaves_the_kit_safe(tmp_path: Path) -> None:
    source = """
from labkit import kit, log, sleep, wait_until
wait_until(lambda: kit.temp is not None)
kit.fan = 60
sleep(1)
log("room", kit.temp > 0)
"""
    seen = seen_of(source, "program.py", tmp_path, 3)
    logged, ended = seen.all_of("program")
    assert logged.data == {"log": "room", "value": True}
    assert ended.data["state"] == "ended"
    writes = [(e.data["point"], e.data["value"], e.data["who"]) for e in seen.all_of("write")]
    assert writes[0] == ("fan", 60.0, "program")
    assert ("fan", 0.0, "safety") in writes
