"""What can be done to a simulated kit from outside: the vocabulary of scenarios and of the live bench."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from labapp.model.text import Text

Value = float | str
Args = Mapping[str, Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Arg:
    """One argument of a stimulus.

    ``kind`` is number (``low``..``high`` in ``unit``), switch (off, on or a number of
    ``low``..``high``) or choice (one of ``choices``). ``default`` is used where none is given;
    ``None`` means that it must be given.
    """

    kind: Literal["number", "switch", "choice"]
    default: Value | None
    unit: str = "1"
    low: float = 0.0
    high: float = 1.0
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stimulus:
    """One thing that can be done: its word in scenarios, its name, its arguments.

    ``lasts`` says whether it can be taken back after a while (``for:`` in a scenario).
    """

    do: str
    name: Text
    args: Mapping[str, Arg] = field(default_factory=dict)
    lasts: bool = True


@dataclass(frozen=True, slots=True)
class Deed:
    """A stimulus with its arguments, checked and complete."""

    do: str
    args: Args


def switch_number(arg: Arg, given: Value) -> float:
    """Return the number of a switch argument: off is its least, on its default or its greatest."""
    if given == "off":
        return arg.low
    if given == "on":
        return arg.high if isinstance(arg.default, str) or arg.default is None else arg.default
    return float(given)
