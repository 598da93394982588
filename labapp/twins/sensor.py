"""A sensor: lag, gain and bias, noise, fault, limits, resolution, in that order."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from labapp.twins import portable_math
from labapp.twins.faults import Fault, SensorFault
from labapp.twins.noise import Noise

TICK_HZ = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class SensorSpec:
    """A sensor as its data sheet has it; every quantity in the point's own unit.

    Attributes:
        every: ticks of 10 ms from one sample to the next.
        resolution: what one count of ``raw`` is worth.
        low: least value that it shows.
        high: greatest value that it shows.
        lag_s: time constant of its first-order response, seconds; 0 follows at once.
        noise: standard deviation of one sample.
        bias_spread: standard deviation of the offset from one unit to the next.
        gain_spread: standard deviation of the gain error from one unit to the next.
        walk: standard deviation of a bias step from sample to sample.
    """

    every: int = 10
    resolution: float = 1.0
    low: float = 0.0
    high: float = 65535.0
    lag_s: float = 0.0
    noise: float = 0.0
    bias_spread: float = 0.0
    gain_spread: float = 0.0
    walk: float = 0.0


class Sensor:
    """One sensor of one kit; another seed is another unit of the same type.

    ``raw`` counts resolutions; ``alive`` is false while the sensor gives nothing (dropout).
    Each sample takes exactly one noise value, whatever the fault, so that mending a fault
    leaves the rest of the stream as it would have been.
    """

    __slots__ = (
        "_bias",
        "_fault_age",
        "_follow",
        "_gain",
        "_gaussian",
        "_level",
        "_spikes",
        "alive",
        "fault",
        "raw",
        "spec",
    )

    def __init__(self, seed: int, point: str, spec: SensorSpec) -> None:
        self.spec = spec
        lag_samples = spec.lag_s * TICK_HZ / spec.every
        self._follow = 1.0 - portable_math.exp(-1.0 / lag_samples) if lag_samples > 0 else 1.0
        unit = Noise(seed, f"{point}.unit")
        self._gain = 1.0 + spec.gain_spread * unit.normal()
        self._bias = spec.bias_spread * unit.normal()
        self._gaussian = Noise(seed, point)
        self._spikes = Noise(seed, f"{point}.spike")
        self._level: float | None = None
        self._fault_age = 0
        self.fault: Fault | None = None
        self.raw = 0
        self.alive = True

    @property
    def value(self) -> float | None:
        """What the sensor shows, in its unit; ``None`` while it gives nothing."""
        return self.raw * self.spec.resolution if self.alive else None

    def sample(self, truth: float) -> int:
        """Take one sample of the true quantity and return the new ``raw``."""
        level = self._level
        if level is None:
            level = truth
        level += (truth - level) * self._follow
        self._level = level
        spec = self.spec
        gaussian = self._gaussian.normal()
        noise = spec.noise * gaussian
        self._bias += spec.walk * gaussian
        shown = level * self._gain + self._bias + noise
        if self.fault is not None:
            return self._sample_with(self.fault, shown, noise)
        self.raw = self._quantise(shown)
        return self.raw

    def break_with(self, fault: Fault | None) -> None:
        """Start a fault now, in place of any other; ``None`` mends the sensor."""
        self.fault = fault
        self._fault_age = 0
        self.alive = fault is None or fault.kind is not SensorFault.DROPOUT

    def _sample_with(self, fault: Fault, shown: float, noise: float) -> int:
        self._fault_age += 1
        match fault.kind:
            case SensorFault.STUCK | SensorFault.DROPOUT:
                return self.raw
            case SensorFault.CONST:
                shown = fault.value
            case SensorFault.OFFSET:
                shown += fault.value
            case SensorFault.GAIN:
                shown *= fault.value
            case SensorFault.DRIFT:
                shown += fault.value * (self._fault_age * self.spec.every / TICK_HZ)
            case SensorFault.NOISE:
                shown += noise * fault.value
            case SensorFault.SPIKE:
                if self._spikes.normal() > 2.0:  # 2.3 % of samples
                    shown += fault.value
        self.raw = self._quantise(shown)
        return self.raw

    def _quantise(self, shown: float) -> int:
        spec = self.spec
        bounded = spec.low if shown < spec.low else spec.high if shown > spec.high else shown
        return math.floor(bounded / spec.resolution + 0.5)

    def state(self) -> dict[str, Any]:
        """Return everything that changes, as JSON values that read back exactly."""
        fault = self.fault
        return {
            "level": self._level,
            "bias": self._bias,
            "raw": self.raw,
            "position": self._gaussian.position,
            "spikes": self._spikes.position,
            "fault": None if fault is None else [fault.kind.value, fault.value],
            "age": self._fault_age,
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Go back to a ``state()``."""
        fault = state["fault"]
        self.break_with(None if fault is None else Fault(SensorFault(fault[0]), fault[1]))
        self._level = state["level"]
        self._bias = state["bias"]
        self.raw = state["raw"]
        self._gaussian.position = state["position"]
        self._spikes.position = state["spikes"]
        self._fault_age = state["age"]
