"""Attempts at the small pack, made by hand: what the kit read is what the test says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from labapp.coach.answers import Answers
from labapp.coach.sealing import Attempt, seal_attempt
from labapp.model.bench import Bench, BenchKind
from labapp.model.reading import Event, Gap, Reading, Sink
from labapp.packs.pack import Pack
from labapp.store.recording import RecordingWriter

PRESSES_S = ((12.0, 16.0), (26.0, 30.0))
SECONDS = 40
STEP_US = 100_000


def pressed(t_us: int) -> bool:
    """Whether the call point is pressed."""
    return any(a * 1e6 <= t_us < b * 1e6 for a, b in PRESSES_S)


def readings(late_us: int = 0, seconds: int = SECONDS, always: bool = False) -> list[Reading]:
    """Return ten readings a second of a buzzer that follows the call point so late."""
    found = []
    for t in range(0, seconds * 1_000_000, STEP_US):
        rings = always or pressed(t - late_us)
        found.append(Reading("call_point", t, float(pressed(t)), int(pressed(t))))
        found.append(Reading("buzzer", t, float(rings), int(rings)))
        found.append(Reading("temp", t, 20 + t / 40_000_000, 200))
    return found


def attempt_at(pack: Pack, step: str = "alarm", **more: Any) -> Attempt:
    """Return an attempt on a twin."""
    found = pack.step(step)
    assert found is not None
    if found.duration_us:
        found = replace(found, duration_us=SECONDS * 1_000_000)
    facts: dict[str, Any] = {
        "when": "2026-01-31T08:00:00.000+08:00",
        "student": "李雷",
        "seat": "12",
        "bench": Bench(
            kind=BenchKind.TWIN, profile=pack.profile.id, link="twin:", seed=3, scenario="press"
        ),
    }
    return Attempt(pack=pack, step=found, **{**facts, **more})


def sealed_attempt(
    folder: Path,
    pack: Pack,
    given: Sequence[Reading | Gap | Event] | None = None,
    *,
    step: str = "alarm",
    seconds: int = SECONDS,
    answers: Answers | None = None,
    **more: Any,
) -> Path:
    """Return the sealed evidence of an attempt."""
    attempt = attempt_at(pack, step, answers=answers or Answers(), **more)
    writer = RecordingWriter(folder)
    writer.start(attempt.meta)
    give(writer, readings() if given is None else given)
    return seal_attempt(attempt, writer.finish(seconds * 1_000_000), None)


def give(sink: Sink, items: Sequence[Reading | Gap | Event]) -> None:
    """Hand items to a sink in order."""
    for item in items:
        match item:
            case Reading():
                sink.take([item])
            case Gap():
                sink.gap(item)
            case Event():
                sink.event(item)
