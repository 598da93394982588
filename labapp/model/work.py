"""What a student does and what it earns."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from labapp.model.canonical import canonical_json, sha256_hex
from labapp.model.text import Text
from labapp.model.verdict import Cite, Episode, Outcome, fraction_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One criterion's line of a grade; ``points`` and ``max`` are exact shares of marks."""

    id: str
    title: Text
    outcome: Outcome
    score: Fraction | None
    low: Fraction
    high: Fraction
    max: Fraction
    episodes: tuple[Episode, ...]
    cites: tuple[Cite, ...]
    say: Text
    borderline: bool = False
    measured: Text | None = None
    required: Text | None = None

    @property
    def points(self) -> Fraction:
        """Marks earned, exact; what could not be judged earns nothing yet and costs no attempt."""
        return self.max * self.score if self.score is not None else Fraction(0)

    def to_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            "id": self.id,
            "title": self.title.to_json(),
            "outcome": self.outcome.value,
            "score": fraction_text(self.score),
            "low": fraction_text(self.low),
            "high": fraction_text(self.high),
            "points": marks(self.points),
            "max": marks(self.max),
            "borderline": self.borderline,
            "measured": None if self.measured is None else self.measured.to_json(),
            "required": None if self.required is None else self.required.to_json(),
            "episodes": [episode.to_json() for episode in self.episodes],
            "cites": [cite.to_json() for cite in self.cites],
            "say": self.say.to_json(),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade:
    """Verdicts turned into points, for one attempt at one step."""

    project: str
    version: str
    step: str
    bench: dict[str, Any]
    outcome: Outcome
    items: tuple[Item, ...]
    engine: str
    recording: str
    """``sha256:`` of the sealed recording that was judged."""

    @property
    def points(self) -> Fraction:
        """Marks earned in all, exact."""
        return sum((item.points for item in self.items), Fraction(0))

    @property
    def max(self) -> Fraction:
        """Marks that could be earned."""
        return sum((item.max for item in self.items), Fraction(0))

    def to_json(self) -> dict[str, Any]:
        """Return the published form but for paths, with its digest."""
        body: dict[str, Any] = {
            "project": self.project,
            "version": self.version,
            "step": self.step,
            "bench": self.bench,
            "outcome": self.outcome.value,
            "points": marks(self.points),
            "max": marks(self.max),
            "items": [item.to_json() for item in self.items],
            "recording": self.recording,
            "engine": self.engine,
        }
        return body | {"digest": sha256_hex(canonical_json(body))}


def marks(points: Fraction) -> str:
    """Return points rounded once, half to even, to 0.01, without trailing zeros: ``8.33``, ``13``."""
    cents = round(points * 100)  # Fraction rounds exactly, half to even
    whole, rest = divmod(abs(cents), 100)
    text = f"{whole}.{rest:02d}".rstrip("0").rstrip(".")
    return f"-{text}" if cents < 0 else text
