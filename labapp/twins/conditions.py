"""``when:`` of a scenario, in the condition language of the criteria."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from labapp.criteria.check import reach_of

if TYPE_CHECKING:
    from labapp.criteria.bind import BoundCondition
    from labapp.criteria.online import OnlineCondition


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
        from labapp.criteria.online import OnlineCondition

        return OnlineCondition(self._bound)


def parse_when(text: str, points: Mapping[str, PointFacts]) -> When:
    """Read a condition and bind it to the points of a kit.

    Raises:
        BadInput: it cannot be read, or the kit has no such point, unit or state; ``line`` and
            ``column`` count within ``text``.
    """
    from labapp.criteria.bind import ChannelSpec, bind_condition
    from labapp.criteria.parse import parse_condition

    channels = {
        name: ChannelSpec(unit=facts.unit, states=facts.states) for name, facts in points.items()
    }
    return When(text, bind_condition(parse_condition(text), channels))
