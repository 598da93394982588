"""Which step of a project a student may do next: a pure picture, made anew by each result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fractions import Fraction

from labapp.model.verdict import Outcome
from labapp.model.work import Grade
from labapp.packs.pack import Pack, Step


class StepStatus(StrEnum):
    """How a step stands for one student."""

    LOCKED = "locked"
    READY = "ready"
    CURRENT = "current"
    PASSED = "passed"
    FAILED = "failed"
    INCONCLUSIVE = "inconclusive"


@dataclass(frozen=True, slots=True, kw_only=True)
class StepResult:
    """What the attempts at one step came to; ``points`` are those of the best one."""

    outcome: Outcome
    points: Fraction
    max: Fraction

    @classmethod
    def of(cls, grade: Grade) -> StepResult:
        """Return the result of one graded attempt."""
        return cls(outcome=grade.outcome, points=grade.points, max=grade.max)

    def better(self, other: StepResult | None) -> StepResult:
        """Return the one that counts: the one with more points, and of equals the newer (self)."""
        return self if other is None or self.points >= other.points else other


@dataclass(frozen=True, slots=True, kw_only=True)
class Walkthrough:
    """One student's way through one pack.

    A step opens when every step before it was passed. A step is passed with the pack's
    pass mark, one without marks by being done. A step that could not be judged stays open
    and is told as inconclusive, never as failed.
    """

    pack: Pack
    results: Mapping[str, StepResult] = field(default_factory=dict)
    current: str = ""

    def status(self, step_id: str) -> StepStatus:
        """Return how the step stands.

        Raises:
            KeyError: the pack has no such step.
        """
        step = self._step(step_id)
        result = self.results.get(step_id)
        if result is not None and self._passes(result):
            return StepStatus.PASSED
        if not self.is_open(step_id):
            return StepStatus.LOCKED
        if result is None:
            return StepStatus.CURRENT if step.id == self.current else StepStatus.READY
        undecided = result.outcome in (Outcome.INCONCLUSIVE, Outcome.NOT_EXERCISED, Outcome.ERROR)
        return StepStatus.INCONCLUSIVE if undecided else StepStatus.FAILED

    @property
    def statuses(self) -> dict[str, StepStatus]:
        """How every step stands, in the pack's order."""
        return {step.id: self.status(step.id) for step in self.pack.steps}

    def is_open(self, step_id: str) -> bool:
        """Whether the step may be worked on: all before it are passed."""
        return self.first_missing(step_id) is None

    def first_missing(self, step_id: str) -> Step | None:
        """Return the step that has to be passed first, or ``None`` where the way is free."""
        for step in self.pack.steps:
            if step.id == step_id:
                return None
            result = self.results.get(step.id)
            if result is None or not self._passes(result):
                return step
        raise KeyError(step_id)

    @property
    def next_step(self) -> Step | None:
        """The first step that is not passed yet, or ``None`` when all are."""
        return next((s for s in self.pack.steps if self.status(s.id) != StepStatus.PASSED), None)

    @property
    def points(self) -> Fraction:
        """The best marks of all steps together."""
        return sum((result.points for result in self.results.values()), Fraction(0))

    @property
    def passed(self) -> int:
        """How many steps are passed."""
        return sum(status == StepStatus.PASSED for status in self.statuses.values())

    def at(self, step_id: str) -> Walkthrough:
        """Return the way with another current step; a locked one changes nothing."""
        return replace(self, current=step_id) if self.is_open(step_id) else self

    def with_result(self, step_id: str, result: StepResult) -> Walkthrough:
        """Return the way after another attempt; a worse attempt never takes marks away."""
        known = self.results.get(step_id)
        return replace(self, results={**self.results, step_id: result.better(known)})

    def _passes(self, result: StepResult) -> bool:
        if result.max == 0:
            return result.outcome == Outcome.MET
        return result.points >= self.pack.pass_mark * result.max

    def _step(self, step_id: str) -> Step:
        step = self.pack.step(step_id)
        if step is None:
            raise KeyError(step_id)
        return step
