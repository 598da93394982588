"""A twin for any profile: sensors that show what they are told, actuators that obey.

It has no physics, so nothing reacts to anything; it serves for trying out a new profile.
"""

from __future__ import annotations

from typing import Any

from labapp.model.text import Text
from labapp.profiles.profile import Point, Profile
from labapp.twins.actuator import Actuator, ActuatorSpec
from labapp.twins.plant import STATUS
from labapp.twins.sensor import Sensor, SensorSpec
from labapp.twins.stimuli import Arg, Args, Deed, Stimulus

_UNBOUNDED = 1e9


class PlainPlant:
    """Every point of a profile, standing still until somebody sets it."""

    def __init__(self, seed: int, profile: Profile) -> None:
        measured = _measured(profile)
        self._levels = {point.id: _middle(point) for point in measured}
        self.sensors = {point.id: Sensor(seed, point.id, _spec(point)) for point in measured}
        self.actuators = {point.id: Actuator(_drive(point)) for point in profile.driven}
        self.stimuli = {stimulus.do: stimulus for stimulus in plain_stimuli(profile)}

    def begin(self, init: Args) -> None:
        """Set the levels of the points named; nothing is needed."""
        for point, level in init.items():
            self._levels[point] = float(level)

    def step(self, tick: int) -> None:
        """Sample every point 10 times a second."""
        if tick % 10 == 0:
            for point, sensor in self.sensors.items():
                sensor.sample(self._levels[point])
            for actuator in self.actuators.values():
                actuator.advance(tick, 10)

    def apply(self, deed: Deed, tick: int) -> Deed | None:
        """Set one point; going back sets it to what it was."""
        point = str(deed.args["point"])
        before = self._levels[point]
        self._levels[point] = float(deed.args["to"])
        return Deed("set", {"point": point, "to": before})

    def truth(self) -> dict[str, float]:
        """Return the levels that the sensors follow."""
        return dict(self._levels)

    def state(self) -> dict[str, Any]:
        """Return the levels, as JSON values."""
        return dict(self._levels)

    def restore(self, state: dict[str, Any]) -> None:
        """Go back to a ``state()``."""
        self._levels = dict(state)


def plain_stimuli(profile: Profile) -> tuple[Stimulus, ...]:
    """Return the one stimulus that a plain twin knows."""
    measured = tuple(point.id for point in _measured(profile))
    point = Arg(kind="choice", default=None, choices=measured)
    to = Arg(kind="number", default=None, low=-_UNBOUNDED, high=_UNBOUNDED)
    return (
        Stimulus(
            do="set", name=Text("设定一个测点", "Set a point"), args={"point": point, "to": to}
        ),
    )


def _measured(profile: Profile) -> list[Point]:
    return [point for point in profile.points if not point.is_driven and point.id not in STATUS]


def _spec(point: Point) -> SensorSpec:
    low, high = point.range or (-_UNBOUNDED, _UNBOUNDED)
    resolution = 1.0
    for _ in range(point.decimals):
        resolution /= 10.0
    return SensorSpec(resolution=resolution, low=low, high=high)


def _middle(point: Point) -> float:
    if point.range is None or point.kind != "gauge":
        return 0.0
    return (point.range[0] + point.range[1]) / 2.0


def _drive(point: Point) -> ActuatorSpec:
    write = point.write
    if write is None:
        return ActuatorSpec()
    starts_at = write.safe if write.safe is not None else max(0.0, write.min)
    return ActuatorSpec(full=write.max if write.max > 0 else 1.0, starts_at=starts_at)
