"""What can be broken on a kit: sensors, actuators and the link, and how a fault is written."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class SensorFault(StrEnum):
    """How a sensor can lie."""

    STUCK = "stuck"  # shows its last value for ever
    CONST = "const"  # shows the value given
    OFFSET = "offset"  # plus the value
    GAIN = "gain"  # times the value
    DRIFT = "drift"  # plus the value each second
    NOISE = "noise"  # its own noise, the value times as much again
    SPIKE = "spike"  # plus the value in one sample of about forty
    DROPOUT = "dropout"  # no value at all


class ActuatorFault(StrEnum):
    """How an actuator can disobey."""

    STUCK = "stuck"  # stays where it is
    OFF = "off"  # never runs
    ON = "on"  # never stops: a welded relay
    WEAK = "weak"  # reaches the command times the value


class LinkFault(StrEnum):
    """How a link can spoil a reply."""

    DELAY = "delay"  # answers the value later, microseconds
    DROP = "drop"  # this share of replies is lost
    CORRUPT = "corrupt"  # this share of replies has one wrong byte


# The value that a fault takes when none is written; ``None`` where one must be.
DEFAULTS: dict[str, float | None] = {
    "stuck": 0.0,
    "const": None,
    "offset": None,
    "gain": None,
    "drift": None,
    "noise": 10.0,
    "spike": None,
    "dropout": 0.0,
    "off": 0.0,
    "on": 0.0,
    "weak": 0.5,
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault at work: its kind and its value, in the unit that the kind says."""

    kind: SensorFault | ActuatorFault
    value: float = 0.0
