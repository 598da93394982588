"""Where readings come from; stamped on every recording and every mark."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class BenchKind(StrEnum):
    """Provenance of a sitting's readings."""

    HARDWARE = "hardware"
    TWIN = "twin"
    REPLAY = "replay"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """The far end of the wire during one sitting.

    ``link`` is the path as configured (``serial:COM3?baud=9600``); ``seed`` and
    ``scenario`` are set where a twin was driven by one. ``clock`` is lockstep or live.
    """

    kind: BenchKind
    profile: str
    link: str = ""
    unit: int | None = None
    seed: int | None = None
    scenario: str | None = None
    clock: str = "live"

    def to_json(self) -> dict[str, Any]:
        """Return the published form, without the path of the link."""
        return {
            "kind": self.kind.value,
            "profile": self.profile,
            "unit": self.unit,
            "seed": self.seed,
            "scenario": self.scenario,
            "clock": self.clock,
        }
