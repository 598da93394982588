"""An actuator: command, delay, speed, fault, and what it has done so far."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from labapp.twins.faults import ActuatorFault, Fault
from labapp.twins.sensor import TICK_HZ


@dataclass(frozen=True, slots=True, kw_only=True)
class ActuatorSpec:
    """How an actuator follows its command.

    Attributes:
        delay_s: from the command to the first movement, seconds.
        travel_s: from fully off to fully on, seconds; 0 switches at once.
        full: the command at which it is fully on, in the point's unit (100 for a percentage).
        starts_at: its command when the kit is switched on, in the point's unit.
    """

    delay_s: float = 0.0
    travel_s: float = 0.0
    full: float = 1.0
    starts_at: float = 0.0


class Actuator:
    """One actuator. ``command`` is the last accepted, ``position`` what it really does (0..1).

    A kit's register holds the command, as real kits have it: a broken actuator is seen by
    what the sensors say, never by its own register.
    """

    __slots__ = ("_pending", "_target", "command", "fault", "on_ticks", "position", "spec")

    def __init__(self, spec: ActuatorSpec) -> None:
        self.spec = spec
        self.command = spec.starts_at
        self.position = self._share(spec.starts_at)
        self._target = self.position
        self._pending: list[tuple[int, float]] = []
        self.fault: Fault | None = None
        self.on_ticks = 0

    def drive(self, command: float, tick: int) -> None:
        """Accept a command in the point's unit at ``tick``; outside its range it is bounded."""
        self.command = command
        self._pending.append((tick + round(self.spec.delay_s * TICK_HZ), self._share(command)))

    def advance(self, tick: int, ticks: int) -> float:
        """Move for ``ticks`` ticks up to ``tick`` and return the new position, 0..1."""
        while self._pending and self._pending[0][0] <= tick:
            self._target = self._pending.pop(0)[1]
        wanted = self._target if self.fault is None else self._with(self.fault)
        away = wanted - self.position
        if away:
            travel = self.spec.travel_s * TICK_HZ
            reach = ticks / travel if travel > 0 else 1.0
            self.position = (
                wanted if abs(away) <= reach else self.position + (reach if away > 0 else -reach)
            )
        if self.position > 0.0:
            self.on_ticks += ticks
        return self.position

    def break_with(self, fault: Fault | None) -> None:
        """Start a fault now, in place of any other; ``None`` mends the actuator."""
        self.fault = fault

    def _share(self, command: float) -> float:
        return min(1.0, max(0.0, command / self.spec.full))

    def _with(self, fault: Fault) -> float:
        match fault.kind:
            case ActuatorFault.OFF:
                return 0.0
            case ActuatorFault.ON:
                return 1.0
            case ActuatorFault.WEAK:
                return min(1.0, self._target * fault.value)
            case _:
                return self.position

    def state(self) -> dict[str, Any]:
        """Return everything that changes, as JSON values that read back exactly."""
        fault = self.fault
        return {
            "command": self.command,
            "position": self.position,
            "target": self._target,
            "pending": [list(one) for one in self._pending],
            "fault": None if fault is None else [fault.kind.value, fault.value],
            "on_ticks": self.on_ticks,
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Go back to a ``state()``."""
        fault = state["fault"]
        self.fault = None if fault is None else Fault(ActuatorFault(fault[0]), fault[1])
        self.command = state["command"]
        self.position = state["position"]
        self._target = state["target"]
        self._pending = [(int(tick), share) for tick, share in state["pending"]]
        self.on_ticks = state["on_ticks"]
