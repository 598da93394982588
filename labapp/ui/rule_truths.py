"""Whether rules' conditions hold on the bench now, while no program runs."""

from __future__ import annotations

from collections.abc import Callable

from labapp.criteria.bind import bind_condition
from labapp.criteria.online import OnlineCondition
from labapp.criteria.parse import parse_condition
from labapp.model.reading import Reading
from labapp.model.trouble import BadInput
from labapp.packs.kit_channels import kit_channels
from labapp.profiles.profile import Profile
from labapp.ui.rules_text import Rules


class RuleTruths:
    """Watches the conditions of some rules; one that cannot be read is not known."""

    def __init__(self, profile: Profile) -> None:
        self._channels = kit_channels(profile)
        self._watched: list[tuple[str, OnlineCondition | None]] = []
        self._fed: dict[str, int] = {}

    def take(self, rules: Rules) -> None:
        """Watch these rules from now on; conditions that were watched already go on."""
        known = dict(self._watched)
        fresh = [rule.when for rule in rules.rules]
        if set(fresh) - set(known):
            self._fed.clear()
        self._watched = [(when, known.get(when) or self._condition(when)) for when in fresh]

    def look(self, latest: Callable[[str], Reading | None]) -> tuple[bool | None, ...]:
        """Feed the newest readings and return which conditions hold, in the rules' order."""
        readings = {name: latest(name) for name in self._points()}
        now_us = max((r.t_us for r in readings.values() if r is not None), default=0)
        for name, reading in readings.items():
            if reading is not None and self._fed.get(name) != reading.t_us:
                self._fed[name] = reading.t_us
                self._feed(name, reading)
        return tuple(
            None if condition is None else condition.truth(now_us)
            for _, condition in self._watched
        )  # fmt: skip

    def _points(self) -> frozenset[str]:
        found = [c.points for _, c in self._watched if c is not None]
        return frozenset[str]().union(*found)

    def _feed(self, name: str, reading: Reading) -> None:
        for _, condition in self._watched:
            if condition is not None and name in condition.points:
                condition.feed(name, reading.t_us, reading.value)

    def _condition(self, when: str) -> OnlineCondition | None:
        try:
            return OnlineCondition(bind_condition(parse_condition(when), self._channels))
        except BadInput:
            return None
