"""Conditions as data: what is said of channels, in sentences, rules and scenarios.

Every part keeps where it stands in its text; two parts are equal where they say the same,
wherever they stand. Durations are whole microseconds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

Cmp = Literal[">=", "<=", ">", "<"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in the text of a criterion, counted from 1."""

    line: int = 1
    column: int = 1


def place() -> Place:
    """Return the field of where a part stands; it does not count in comparing parts."""
    return field(default=Place(), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as written, exact, with its unit symbol or alias (``None``: bare)."""

    amount: Fraction
    unit: str | None
    at: Place = place()


@dataclass(frozen=True, slots=True)
class Value:
    """The value of a channel."""

    name: str
    at: Place = place()


@dataclass(frozen=True, slots=True)
class Age:
    """How long ago a channel's newest good sample came."""

    name: str
    at: Place = place()


@dataclass(frozen=True, slots=True)
class Changes:
    """How many times a channel's value changed in the closed window of the last ``last_us``."""

    name: str
    last_us: int
    at: Place = place()


Number = Value | Age | Changes


@dataclass(frozen=True, slots=True)
class IsState:
    """A state channel is in a named state."""

    name: str
    state: str
    at: Place = place()
    state_at: Place = place()


@dataclass(frozen=True, slots=True)
class Compare:
    """A number compared with a literal."""

    number: Number
    cmp: Cmp
    quantity: Quantity


@dataclass(frozen=True, slots=True)
class InRange:
    """A value within two literals, both included."""

    name: str
    low: Quantity
    high: Quantity
    at: Place = place()


@dataclass(frozen=True, slots=True)
class Near:
    """A value within a tolerance of a literal, both ends included."""

    name: str
    target: Quantity
    tolerance: Quantity
    at: Place = place()


@dataclass(frozen=True, slots=True)
class Agrees:
    """Two channels' paired samples differ by the tolerance at most (``%``: of the second)."""

    name: str
    reference: str
    tolerance: Quantity
    at: Place = place()
    reference_at: Place = place()


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite."""

    of: Condition


@dataclass(frozen=True, slots=True)
class And:
    """All of them."""

    items: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one of them."""

    items: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """It has held through the closed window of the last ``for_us``."""

    of: Condition
    for_us: int


@dataclass(frozen=True, slots=True)
class Recent:
    """It held at some instant of the closed window of the last ``last_us``."""

    of: Condition
    last_us: int


@dataclass(frozen=True, slots=True)
class Window:
    """Expert form: at every, or at some, instant of a closed window ahead or behind."""

    op: Literal["always", "eventually", "once", "historically"]
    low_us: int
    high_us: int
    of: Condition


@dataclass(frozen=True, slots=True)
class Until:
    """Expert form: ``left`` holds up to an instant of the window at which ``right`` does."""

    op: Literal["until", "since"]
    low_us: int
    high_us: int
    left: Condition
    right: Condition


@dataclass(frozen=True, slots=True)
class Edge:
    """Expert form: it became true (rise), or false (fall), at this very instant."""

    op: Literal["rise", "fall"]
    of: Condition


@dataclass(frozen=True, slots=True)
class Implies:
    """Expert form: where ``left`` holds, ``right`` does."""

    left: Condition
    right: Condition


Leaf = IsState | Compare | InRange | Near | Agrees
Condition = Leaf | Not | And | Or | Held | Recent | Window | Until | Edge | Implies


def parts_of(condition: Condition) -> tuple[Condition, ...]:
    """Return the conditions directly inside ``condition``."""
    match condition:
        case Not(of) | Held(of) | Recent(of) | Edge(_, of) | Window(of=of):
            return (of,)
        case And(items) | Or(items):
            return items
        case Until(left=left, right=right) | Implies(left, right):
            return (left, right)
        case _:
            return ()


def leaves_of(condition: Condition) -> Iterator[Leaf]:
    """Give the leaves of ``condition`` from left to right."""
    match condition:
        case IsState() | Compare() | InRange() | Near() | Agrees():
            yield condition
        case _:
            for part in parts_of(condition):
                yield from leaves_of(part)


def names_of(condition: Condition) -> frozenset[str]:
    """Return the channels that ``condition`` speaks of."""
    found: set[str] = set()
    for leaf in leaves_of(condition):
        match leaf:
            case Compare(number):
                found.add(number.name)
            case Agrees(name, reference):
                found |= {name, reference}
            case _:
                found.add(leaf.name)
    return frozenset(found)


def reach_of(condition: Condition) -> tuple[int, int]:
    """Return how far a condition looks back and ahead of its instant, microseconds."""
    past = max((reach_of(part)[0] for part in parts_of(condition)), default=0)
    future = max((reach_of(part)[1] for part in parts_of(condition)), default=0)
    match condition:
        case Held(_, span) | Recent(_, span):
            return past + span, future
        case Window("once" | "historically", _, high) | Until("since", _, high):
            return past + high, future
        case Window("always" | "eventually", _, high) | Until("until", _, high):
            return past, future + high
        case Edge():
            return past + 1, future
        case Compare(Changes(_, span)):
            return span + 1, 0
        case Compare(Age(), _, Quantity() as quantity):
            return duration_us(quantity) or 0, 0
        case _:
            return past, future


def duration_us(quantity: Quantity) -> int | None:
    """Return a quantity of time in whole microseconds; ``None`` where it is not one."""
    size = {"us": 1, "µs": 1, "ms": 1_000, "s": 1_000_000, "sec": 1_000_000,
            "min": 60_000_000, "h": 3_600_000_000}.get(quantity.unit or "")  # fmt: skip
    if size is None or (quantity.amount * size).denominator != 1:
        return None
    return int(quantity.amount * size)
