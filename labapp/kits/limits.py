"""What is checked of a value before anything is sent."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from fractions import Fraction

from labapp.model.text import Text
from labapp.profiles.profile import Point, Write
from labapp.wire.values import exact

# 3 * 0.1 is meant to be 0.3: what floats add to a step counts as the step.
_SAME_STEP = Fraction(1, 1_000_000)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a value is not sent."""

    code: str
    message: Text


@dataclass(slots=True)
class Limits:
    """The limits of one driven point, and what was sent last."""

    point: Point
    write: Write
    _sent_us: int | None = field(default=None, init=False)
    _sent: float | None = field(default=None, init=False)
    _on_since_us: int | None = field(default=None, init=False)

    def refusal(self, value: float, now_us: int) -> Refusal | None:
        """Return why ``value`` must not be sent now, or ``None``."""
        return self._outside(value) or self._off_step(value) or self._too_soon(value, now_us)

    def note_sent(self, value: float, now_us: int) -> None:
        """Remember what was put on the wire."""
        rest = self.rest
        if value == rest:
            self._on_since_us = None
        elif self._on_since_us is None:
            self._on_since_us = now_us
        self._sent, self._sent_us = value, now_us

    @property
    def rest(self) -> float:
        """The value at which the point counts as off: its safe value, else the least."""
        return self.write.min if self.write.safe is None else self.write.safe

    @property
    def off_at_us(self) -> int | None:
        """When the point has been on for as long as it may, or ``None``."""
        if self.write.max_on_s is None or self._on_since_us is None:
            return None
        return self._on_since_us + round(self.write.max_on_s * 1e6)

    def _outside(self, value: float) -> Refusal | None:
        point, write = self.point, self.write
        if point.states:
            if value in range(len(point.states)):
                return None
            known = ", ".join(f"{name} ({code})" for code, name in enumerate(point.states))
            return Refusal("E-ENUM", Text(
                f"{point.id} 没有状态 {value:g}，可以写：{known.replace(', ', '、')}。",
                f"{point.id} has no state {value:g}; it can be: {known}.",
            ))  # fmt: skip
        if math.isfinite(value) and write.min <= value <= write.max:
            return None
        return Refusal("E-LIMIT", Text(
            f"{point.id}={value:g} 超出 {write.min:g}..{write.max:g}，没有发送。",
            f"{point.id}={value:g} is outside {write.min:g}..{write.max:g}; nothing was sent.",
        ))  # fmt: skip

    def _off_step(self, value: float) -> Refusal | None:
        step = self.write.step
        if step is None or self.point.states:
            return None
        steps = (exact(value) - exact(self.write.min)) / exact(step)
        if abs(steps - round(steps)) < _SAME_STEP:
            return None
        return Refusal("E-LIMIT", Text(
            f"{self.point.id}={value:g} 不在步长 {step:g} 上，没有发送。",
            f"{self.point.id}={value:g} is not a multiple of the step {step:g}; nothing was sent.",
        ))  # fmt: skip

    def _too_soon(self, value: float, now_us: int) -> Refusal | None:
        if self._sent_us is None or self._sent is None:
            return None
        passed_us = now_us - self._sent_us
        if passed_us < self.write.min_interval_ms * 1000:
            return Refusal("E-RATE", Text(
                f"{self.point.id} 每 {self.write.min_interval_ms} ms 最多写一次，没有发送。稍后再写。",
                f"{self.point.id} may be written once in {self.write.min_interval_ms} ms; "
                "nothing was sent. Write it a little later.",
            ))  # fmt: skip
        rate = self.write.max_rate_per_s
        if rate is None or abs(value - self._sent) * 1e6 <= rate * passed_us:
            return None
        return Refusal("E-SLEW", Text(
            f"{self.point.id} 变化太快，每秒最多 {rate:g}，没有发送。分几步写。",
            f"{self.point.id} would change too fast, {rate:g} a second at most; nothing was sent. "
            "Write it in smaller steps.",
        ))  # fmt: skip
