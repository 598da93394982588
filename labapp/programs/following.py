"""Conditions in the language of the criteria, followed while a program runs."""

from __future__ import annotations

from collections.abc import Mapping

from labapp.criteria.bind import BoundCondition, ChannelSpec, bind_condition
from labapp.criteria.online import OnlineCondition
from labapp.criteria.parse import parse_condition
from labapp.model.reading import Quality
from labapp.programs.kit_access import KitAccess, PointFacts, code_of

MOST_CONDITIONS = 50
"""How many conditions one program may have followed; a lesson needs a handful."""


class Following:
    """Follows conditions on a kit as a program sees it: a point without a usable reading is unknown.

    For one thread. ``look`` is called at every instant at which something may have changed.
    """

    def __init__(self, kit: KitAccess) -> None:
        self._kit = kit
        self._conditions: dict[str, OnlineCondition] = {}

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to follow."""
        return not self._conditions

    def add(self, text: str) -> None:
        """Follow a condition from now on; nothing if it is followed already.

        Raises:
            BadInput: it is no condition, or not one of this kit's points.
        """
        if text not in self._conditions:
            self.add_bound(text, bound_condition(text, self._kit.points))

    def add_bound(self, text: str, condition: BoundCondition) -> None:
        """Follow a condition that was read before, under ``text``."""
        if text not in self._conditions:
            online = OnlineCondition(condition)
            self._conditions[text] = online
            self._feed(online, self._kit.now_us(), {})

    def look(self) -> None:
        """Take the kit's present values into account."""
        t_us, seen = self._kit.now_us(), dict[str, float | None]()
        for online in self._conditions.values():
            self._feed(online, t_us, seen)

    def truth(self, text: str) -> bool | None:
        """Return whether a condition holds now, as of the last ``look``; ``None`` if unknown."""
        return self._conditions[text].truth(self._kit.now_us())

    def __len__(self) -> int:
        return len(self._conditions)

    def __contains__(self, text: object) -> bool:
        return text in self._conditions

    def _feed(self, online: OnlineCondition, t_us: int, seen: dict[str, float | None]) -> None:
        for point in sorted(online.points):
            if point not in seen:
                seen[point] = self._usable(point)
            online.feed(point, t_us, seen[point])

    def _usable(self, point: str) -> float | None:
        value, quality = self._kit.read(point)
        if value is None or quality == Quality.BAD:
            return None
        return code_of(value, self._kit.points[point])


def bound_condition(text: str, points: Mapping[str, PointFacts]) -> BoundCondition:
    """Return a condition on these points.

    Raises:
        BadInput: it is no condition, or speaks of what the kit does not have.
    """
    return bind_condition(parse_condition(text), channels_of(points))


def channels_of(points: Mapping[str, PointFacts]) -> dict[str, ChannelSpec]:
    """Return the points that conditions may speak of: all but words."""
    return {
        point: ChannelSpec(
            unit=facts.unit,
            states=facts.states,
            name=facts.name,
            period_us=facts.period_us or None,
        )
        for point, facts in points.items()
        if not facts.is_text
    }
