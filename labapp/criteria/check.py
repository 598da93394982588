"""A criterion as data: its clauses, the channels they name, how far they look back and ahead.

Durations are whole microseconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from labapp.criteria.condition import (
    Cmp,
    Condition,
    Not,
    Place,
    Quantity,
    Value,
    names_of,
    place,
    reach_of,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """The instants at which a condition begins or ends to hold, ``while`` another holds.

    ``turns`` marks the form ``NAME turns STATE``, which is ``NAME is STATE begins``.
    """

    of: Condition
    edge: Literal["begins", "ends"] = "begins"
    guard: Condition | None = None
    turns: bool = False

    @property
    def level(self) -> Condition:
        """What is true from the trigger on."""
        return self.of if self.edge == "begins" else Not(self.of)


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What must follow a trigger: within a time (and held, or kept until), or throughout.

    ``within_us`` is ``None`` for ``throughout``.
    """

    of: Condition
    within_us: int | None
    for_us: int | None = None
    until: Trigger | None = None
    unless: Condition | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Each:
    """Each time TRIGGER: RESPONSE."""

    trigger: Trigger
    response: Response


@dataclass(frozen=True, slots=True, kw_only=True)
class Whenever:
    """Whenever CONDITION: CONDITION, after a grace."""

    when: Condition
    then: Condition
    after_us: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Always:
    """Always CONDITION, from ``ignoring_us`` after the start on."""

    of: Condition
    ignoring_us: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Never:
    """Never CONDITION unless CONDITION, from ``ignoring_us`` after the start on."""

    of: Condition
    unless: Condition | None = None
    ignoring_us: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Reach CONDITION within a time of the start (else within the span), and hold it."""

    of: Condition
    within_us: int | None = None
    for_us: int | None = None


TimeStat = Literal["share", "total", "count"]
ValueStat = Literal["mean", "max", "min", "final"]
PairStat = Literal["median_abs_error", "rmse", "accuracy"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistic:
    """One number over the whole span, compared with a literal.

    ``of`` is set for share, total and count; ``names`` holds one channel for mean, max, min
    and final, and two for the pair statistics.
    """

    stat: TimeStat | ValueStat | PairStat
    cmp: Cmp
    quantity: Quantity
    of: Condition | None = None
    names: tuple[Value, ...] = ()
    at: Place = place()


@dataclass(frozen=True, slots=True)
class Formula:
    """Expert form ``stl:``: judged at the start of the span, and answered at any instant."""

    of: Condition


Clause = Each | Whenever | Always | Never | Reach | Statistic | Formula


@dataclass(frozen=True, slots=True)
class Check:
    """One criterion: clauses that must all be kept."""

    clauses: tuple[Clause, ...]


def conditions_of(clause: Clause) -> tuple[Condition, ...]:
    """Return the conditions of a clause in the order of its text."""
    match clause:
        case Each(trigger=trigger, response=response):
            kept = [*_of_trigger(trigger), response.of]
            kept += [] if response.until is None else _of_trigger(response.until)
            return (*kept, *_given(response.unless))
        case Whenever(when=when, then=then):
            return (when, then)
        case Never(of=of, unless=unless):
            return (of, *_given(unless))
        case Always(of=of) | Reach(of=of) | Formula(of):
            return (of,)
        case Statistic(of=of):
            return _given(of)


def channels_of(check: Check) -> frozenset[str]:
    """Return the channels that ``check`` speaks of."""
    found: set[str] = set()
    for clause in check.clauses:
        for condition in conditions_of(clause):
            found |= names_of(condition)
        if isinstance(clause, Statistic):
            found |= {value.name for value in clause.names}
    return frozenset(found)


def _of_trigger(trigger: Trigger) -> list[Condition]:
    return [trigger.of, *_given(trigger.guard)]


def _given(condition: Condition | None) -> tuple[Condition, ...]:
    return () if condition is None else (condition,)


def horizons(check: Check) -> tuple[int, int]:
    """Return how far past and future the criterion looks: pre-roll and post-roll, in µs."""
    each = [clause_reach(clause) for clause in check.clauses]
    return max(past for past, _ in each), max(future for _, future in each)


def clause_reach(clause: Clause) -> tuple[int, int]:
    """Return how far one clause looks back and ahead, microseconds."""
    reaches = [reach_of(condition) for condition in conditions_of(clause)]
    past = max((past for past, _ in reaches), default=0)
    future = max((future for _, future in reaches), default=0)
    match clause:
        case Whenever(after_us=after):
            return past + after, future
        case Each(response=response):
            return past + 1, future + (response.within_us or 0) + (response.for_us or 0)
        case _:
            return past, future
