"""What the engine asks of a kit's world."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from labapp.twins.actuator import Actuator
from labapp.twins.sensor import Sensor
from labapp.twins.stimuli import Args, Deed, Stimulus

STATUS = frozenset({"heartbeat", "tick", "uptime", "firmware"})
"""Points that a kit tells of itself; no plant plays them, the registers answer for it."""


class Plant(Protocol):
    """A kit's physics with its sensors and actuators, stepped by ticks of 10 ms.

    Everything it does follows from its seed, its deeds and its commands; it knows no clock.
    """

    @property
    def stimuli(self) -> Mapping[str, Stimulus]:
        """What can be done to it, by word."""

    @property
    def sensors(self) -> Mapping[str, Sensor]:
        """Its sensors by point."""

    @property
    def actuators(self) -> Mapping[str, Actuator]:
        """Its actuators by point."""

    def begin(self, init: Args) -> None:
        """Set what the run starts from, before the first step."""

    def step(self, tick: int) -> None:
        """Live through the 10 ms that end at ``tick``."""

    def apply(self, deed: Deed, tick: int) -> Deed | None:
        """Do something to it now; return what takes it back, or ``None``."""

    def truth(self) -> dict[str, float]:
        """Return what no sensor shows."""

    def state(self) -> dict[str, Any]:
        """Return all that changes but sensors and actuators, as JSON values."""

    def restore(self, state: dict[str, Any]) -> None:
        """Go back to a ``state()``."""
