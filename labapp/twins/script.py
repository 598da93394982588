"""What will happen to a twin, with nothing left open: a scenario after its draws."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from labapp.model.text import Text
from labapp.twins.stimuli import Args, Deed


class Watch(Protocol):
    """A condition that is fed as time goes on; see ``conditions.watch``."""

    @property
    def points(self) -> frozenset[str]:
        """The points that it needs."""

    def feed(self, point: str, t_us: int, value: float | None) -> None:
        """Tell a point's value, held until the next one."""

    def truth(self, t_us: int) -> bool | None:
        """Whether it holds at ``t_us``; ``None`` while that is not known."""


class Condition(Protocol):
    """A ``when:`` that has been checked against the kit's points."""

    @property
    def text(self) -> str:
        """The condition as it was written."""

    @property
    def reach_us(self) -> int:
        """How far back it looks, microseconds."""

    def watch(self) -> Watch:
        """Begin to watch it from the start of a run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """One thing to happen: at a time, again and again, or when a condition begins to hold.

    ``at_us`` counts from the start of the scenario; ``every_us`` repeats it from there.
    With ``when`` it happens once, as soon as the condition holds, and not before ``at_us``.
    """

    deed: Deed | None
    at_us: int = 0
    every_us: int | None = None
    for_us: int | None = None
    when: Condition | None = None
    mark: str | None = None
    text: Text | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the part of a timed cue that an agenda must remember."""
        return {
            "do": None if self.deed is None else self.deed.do,
            "args": {} if self.deed is None else dict(self.deed.args),
            "every_us": self.every_us,
            "for_us": self.for_us,
            "mark": self.mark,
            "text": None if self.text is None else self.text.to_json(),
        }

    @classmethod
    def from_json(cls, saved: Mapping[str, Any]) -> Cue:
        """Return the cue of ``to_json()``."""
        text = saved["text"]
        return cls(
            deed=None if saved["do"] is None else Deed(saved["do"], saved["args"]),
            every_us=saved["every_us"],
            for_us=saved["for_us"],
            mark=saved["mark"],
            text=None if text is None else Text(**text),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """Cues in the order of their file, and what the kit starts from."""

    cues: tuple[Cue, ...] = ()
    init: Args = field(default_factory=dict)
    scenario: str | None = None
