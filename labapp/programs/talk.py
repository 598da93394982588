"""Answers what a running program asks of its kit, one JSON call at a time."""

from __future__ import annotations

import math
from typing import Any

from labapp.model.reading import Event
from labapp.model.text import Text
from labapp.model.trouble import BadInput
from labapp.programs.following import MOST_CONDITIONS, Following
from labapp.programs.kit_access import (
    KitAccess,
    Value,
    WriteRefused,
    accept,
    unknown_point,
)
from labapp.programs.program import OnEvent

Json = dict[str, Any]

MOST_LOGGED = 5_000
"""Lines that one run may log: ten a second for eight minutes."""


class Talk:
    """The app's half of labkit: every call gets an answer, whatever stands in it; for one thread."""

    CALLS = frozenset(("read", "write", "quality", "watch", "now", "log", "holds", "sleep"))

    def __init__(self, kit: KitAccess, on_event: OnEvent) -> None:
        self._kit = kit
        self._on_event = on_event
        self._following = Following(kit)
        self._watched: dict[str, Value | None] = {}
        self._logged = 0

    @property
    def has_to_look(self) -> bool:
        """Whether the kit must be looked at while the program sleeps."""
        return bool(self._watched) or not self._following.is_empty

    def look(self) -> None:
        """Take the kit's present values into account; called at every instant there is."""
        self._following.look()

    def is_due(self, call: Json) -> bool:
        """Return whether a call can be answered now: a sleep only when it is over."""
        if call["op"] != "sleep" or self._kit.now_us() >= _until_us(call):
            return True
        return bool(call.get("watch")) and bool(self._changed())

    def left_us(self, call: Json) -> int:
        """Return how long a sleep still lasts."""
        return max(0, _until_us(call) - self._kit.now_us())

    def answer(self, call: Json) -> Json:
        """Return the answer to a call that is due."""
        match call:
            case {"op": "now"}:
                return {"t_us": self._kit.now_us()}
            case {"op": "sleep"}:
                return {"t_us": self._kit.now_us(), "changed": self._take_changes(call)}
            case {"op": "log", "text": str(text), "value": value}:
                return self._log(text, value)
            case {"op": "holds", "condition": str(text)}:
                return self._holds(text)
            case {"op": "read" | "write" | "quality" | "watch", "point": str(point)}:
                if point not in self._kit.points:
                    return {"no": unknown_point(point, self._kit.points).to_json()}
                return self._about_point(point, call)
        return {"no": Text("labkit 的调用不完整。", "An incomplete call of labkit.").to_json()}

    def _about_point(self, point: str, call: Json) -> Json:
        if call["op"] == "write":
            return self._write(point, call.get("value"))
        value, quality = self._kit.read(point)
        if call["op"] == "watch":
            self._watched[point] = value
        return {"v": quality.value if call["op"] == "quality" else value}

    def _write(self, point: str, value: object) -> Json:
        try:
            self._kit.write(point, accept(point, value, self._kit.points))
        except WriteRefused as refused:
            return {"no": refused.reason.to_json()}
        return {}

    def _holds(self, text: str) -> Json:
        if text not in self._following and len(self._following) >= MOST_CONDITIONS:
            return {"bad": _too_many().to_json()}
        try:
            self._following.add(text)
        except BadInput as trouble:
            return {"bad": _about_condition(text, trouble).to_json()}
        return {"v": self._following.truth(text)}

    def _log(self, text: str, value: object) -> Json:
        self._logged += 1
        if self._logged > MOST_LOGGED:
            return {}
        said: dict[str, object] = {"log": text[:500]}
        if isinstance(value, bool | str | int | float):
            said["value"] = _plain(value)
        self._on_event(Event(self._kit.now_us(), "program", said))
        return {}

    def _changed(self) -> list[list[Any]]:
        found = []
        for point, before in self._watched.items():
            value, _quality = self._kit.read(point)
            if value != before:
                found.append([point, value])
        return found

    def _take_changes(self, call: Json) -> list[list[Any]]:
        if not call.get("watch"):
            return []
        changed = self._changed()
        self._watched |= dict(changed)
        return changed


def _until_us(call: Json) -> int:
    until = call.get("until_us")
    return until if isinstance(until, int) else 0


def _plain(value: bool | str | int | float) -> object:
    """Return a value that JSON can hold; what it cannot is spelled."""
    if isinstance(value, str):
        return value[:500]
    if isinstance(value, bool) or (isinstance(value, float) and math.isfinite(value)):
        return value
    return value if isinstance(value, int) and abs(value) < 1 << 63 else str(value)[:80]


def _about_condition(text: str, trouble: BadInput) -> Text:
    told = trouble.problems[0].message
    shown = text if len(text) <= 60 else text[:59] + "…"
    return Text(f"条件“{shown}”：{told.zh}", f'The condition "{shown}": {told.en}')


def _too_many() -> Text:
    return Text(
        f"一个程序最多用 {MOST_CONDITIONS} 个不同的条件。把条件写成固定的文字，不要每次拼出新的。",
        f"One program may use {MOST_CONDITIONS} different conditions. Write them as fixed texts "
        "instead of making up new ones each time.",
    )
