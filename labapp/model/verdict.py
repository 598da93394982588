"""What judging a criterion says."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any

from labapp.model.text import Text


class Outcome(StrEnum):
    """The five outcomes; only the first two spend an attempt."""

    MET = "met"
    NOT_MET = "not_met"
    NOT_EXERCISED = "not_exercised"
    INCONCLUSIVE = "inconclusive"
    ERROR = "error"


# Worst first: how outcomes of several criteria roll up into one.
ROLL_UP = (
    Outcome.ERROR,
    Outcome.NOT_MET,
    Outcome.INCONCLUSIVE,
    Outcome.NOT_EXERCISED,
    Outcome.MET,
)


def roll_up(outcomes: list[Outcome]) -> Outcome:
    """Return the worst of ``outcomes``; nothing at all is not exercised."""
    return min(outcomes, key=ROLL_UP.index) if outcomes else Outcome.NOT_EXERCISED


@dataclass(frozen=True, slots=True)
class Episode:
    """One occasion on which a criterion was put to the test, ``[from_us, to_us)``."""

    from_us: int
    to_us: int
    outcome: Outcome

    def to_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {"from_us": self.from_us, "to_us": self.to_us, "outcome": self.outcome.value}


@dataclass(frozen=True, slots=True)
class Cite:
    """A stretch of one channel that shows why: what was expected and what was seen there."""

    channel: str
    from_us: int
    to_us: int
    expected: str
    seen: str

    def to_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            "channel": self.channel,
            "from_us": self.from_us,
            "to_us": self.to_us,
            "expected": self.expected,
            "seen": self.seen,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """Outcome, share and reasons of one criterion on one trace.

    ``score`` is the share earned, exact, and ``None`` while nothing could be judged;
    ``low`` and ``high`` bound it when data is missing. ``borderline`` is set where it
    was met only within the measurement doubt. ``measured`` and ``required`` are the
    short values of a check row ("1.8 s", "≤ 3 s"), where the form of the criterion has them.
    """

    outcome: Outcome
    score: Fraction | None
    low: Fraction
    high: Fraction
    episodes: tuple[Episode, ...]
    cites: tuple[Cite, ...]
    say: Text
    borderline: bool = False
    measured: Text | None = None
    required: Text | None = None
    truth: tuple[bool | None, ...] = ()


def fraction_text(share: Fraction | None) -> str | None:
    """Return ``5/6``, ``1`` or ``0``: the published form of an exact share."""
    return None if share is None else str(share)
