"""``when:`` of a scenario, in the condition language of the criteria."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from labapp.criteria.bind import BoundCondition, ChannelSpec, bind_condition
from labapp.criteria.condition import reach_of
from labapp.criteria.online import OnlineCondition
from labapp.criteria.parse import parse_condition


@dataclass(frozen=True, slots=True)
class PointFacts:
    """A point as conditions know it: its unit and, of a two-state point, its states by code."""

    unit: str
    states: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class When:
    """A ``when:`` that was checked against a kit's points; every run watches it afresh."""

    text: str
    _bound: BoundCondition

    @property
    def reach_us(self) -> int:
        """How far back it looks, microseconds."""
        return reach_of(self._bound.condition)[0]

    def watch(self) -> OnlineCondition:
        """Begin to watch it from the start of a run."""
        return OnlineCondition(self._bound)


def parse_when(text: str, points: Mapping[str, PointFacts]) -> When:
    """Read a condition and bind it to the points of a kit.

    Raises:
        BadInput: it cannot be read, the kit has no such point, unit or state, or it cannot be
            followed while it happens; ``line`` and ``column`` count within ``text``.
    """
    channels = {
        name: ChannelSpec(unit=facts.unit, states=facts.states) for name, facts in points.items()
    }
    when = When(text, bind_condition(parse_condition(text), channels))
    when.watch()  # says at once what cannot be followed
    return when
