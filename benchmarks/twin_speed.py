"""How fast the fire twin runs in lockstep, alone and as a whole attempt."""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks.measure import Ratio, loop, pairs, seconds
from labapp.app.one_attempt import Order, make_attempt
from labapp.app.paths import Paths, find_paths
from labapp.profiles.load import load_profile
from labapp.twins.registry import make_twin

SIMULATED_S = 30


def measure() -> list[Ratio]:
    paths = find_paths()
    profile = load_profile("fire-safety", paths.profiles)

    def twin() -> float:
        made = make_twin(profile, seed=7)
        made.stimulate("ignite")
        return seconds(lambda: made.run_to(SIMULATED_S * 1_000_000)) / SIMULATED_S

    def attempt() -> float:
        with tempfile.TemporaryDirectory() as folder:
            own = Paths(data=Path(folder), shipped=paths.shipped)
            order = Order(project="fire-alarm", program="reference", out=Path(folder), lang="en")
            return seconds(lambda: make_attempt(order, own, _quiet, _quiet))

    return [
        pairs("twin: one second of fire", twin, loop, of="400 000 turns of a Python loop"),
        pairs(
            "attempt: fire alarm done and graded",
            attempt,
            loop,
            of="400 000 turns of a Python loop",
            count=3,
        ),
    ]


def _quiet(*_: object) -> None:
    """Take progress and notes and show nothing."""
