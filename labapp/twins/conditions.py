"""``when:`` of a scenario, in the condition language of the criteria."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PointFacts:
    """A point as conditions know it: its unit and, of a two-state point, its states by code."""

    unit: str
    states: tuple[str, ...] = ()
