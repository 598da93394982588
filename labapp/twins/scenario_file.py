"""Reads a scenario document into plain steps and draws; knows no kit yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from labapp.model.duration import parse_duration_us
from labapp.model.text import Text
from labapp.model.trouble import BadInput, Problem
from labapp.profiles.document import Document, Part, Words
from labapp.profiles.yaml_reader import Loc
from labapp.twins.stimuli import Value

TICK_US = 10_000


class _Step(BaseModel):
    """One step; keys besides these are arguments of its deed."""

    model_config = ConfigDict(extra="allow", frozen=True, strict=True)

    at: str | float | None = None
    every: str | float | None = None
    when: str | None = None
    do: str | None = None
    for_: str | float | None = Field(default=None, alias="for")
    mark: str | None = Field(default=None, pattern=r"^[a-z][a-z0-9_-]{0,39}$")
    text: Words | None = None


class _File(Part):
    schema_: Literal["labapp.scenario/1"] = Field(alias="schema")
    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,59}$")
    title: Words
    about: Words | None = None
    kit: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,59}$")
    preset: str = "room"
    seed: int = Field(default=1, ge=0, lt=2**32)
    duration: str | float
    init: dict[str, str | float | bool] = Field(default_factory=dict)
    vary: dict[str, Any] = Field(default_factory=dict)
    steps: tuple[_Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Draw:
    """What a seed chooses from: one of ``ends``, or anything between two of them.

    Of times (microseconds, whole ticks) both ends can come; of numbers the upper cannot.
    """

    ends: tuple[Value, ...]
    between: bool = False
    is_time: bool = False

    def at(self, word: int) -> Value:
        """Return the choice of 32 uniform bits."""
        if not self.between:
            return self.ends[len(self.ends) * word >> 32]
        low, high = float(self.ends[0]), float(self.ends[1])
        if self.is_time:
            ticks = int(high - low) // TICK_US
            return int(low) + ((ticks + 1) * word >> 32) * TICK_US
        return low + (high - low) * (word / 2**32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step as it is written; a value ``$name`` stands for a draw. Times: microseconds."""

    number: int
    at: Value | None
    every: Value | None
    for_: Value | None
    when: str | None
    do: str | None
    args: Mapping[str, Value | bool]
    mark: str | None
    text: Text | None

    def loc(self, *below: str) -> Loc:
        """Return where a part of this step stands in its document."""
        return ("steps", self.number, *below)


@dataclass(slots=True)
class Draft:
    """The checked contents of one file."""

    id: str
    title: Text
    about: Text | None
    kit: str
    preset: str
    seed: int
    duration_us: int = 0
    init: dict[str, Value] = field(default_factory=dict)
    vary: dict[str, Draw] = field(default_factory=dict)
    steps: tuple[Step, ...] = ()


def read_draft(document: Document) -> Draft:
    """Return what the document says.

    Raises:
        BadInput: with every mistake at its place.
    """
    file = document.check(_File)
    reader = _Reader(document)
    draft = Draft(
        id=file.id,
        title=file.title.text,
        about=None if file.about is None else file.about.text,
        kit=file.kit,
        preset=file.preset,
        seed=file.seed,
    )
    draft.duration_us = reader.time(("duration",), file.duration)
    draft.init = {
        name: ("on" if value else "off") if isinstance(value, bool) else value
        for name, value in file.init.items()
    }
    draft.vary = {name: reader.draw(("vary", name), given) for name, given in file.vary.items()}
    draft.steps = tuple(reader.step(n, step, draft.vary) for n, step in enumerate(file.steps))
    if reader.problems:
        raise BadInput(*sorted(reader.problems, key=lambda p: (p.line or 0, p.column or 0)))
    return draft


class _Reader:
    """Turns written values into numbers and collects what does not fit."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self.problems: list[Problem] = []

    def time(self, loc: Loc, given: str | float) -> int:
        """Return microseconds; a number alone has no unit and is a mistake."""
        try:
            return parse_duration_us(str(given))
        except ValueError:
            self._tell(
                "T-TIME",
                loc,
                Text(
                    f"{given} 不是时长；写成 20 s、500 ms 或 2 min。",
                    f"{given} is not a duration; write it like 20 s, 500 ms or 2 min.",
                ),
            )
            return 0

    def draw(self, loc: Loc, given: Any) -> Draw:
        """Return one entry of ``vary``: two quantities are a range, anything else a choice."""
        match given:
            case {"between": [low, high], **rest} if not rest:
                return self._range(loc, low, high)
            case {"choose": [_, *_] as options, **rest} if not rest:
                return self._choice(loc, options)
            case [low, high] if _is_quantity(low) and _is_quantity(high):
                return self._range(loc, low, high)
            case [_, *_] as options:
                return self._choice(loc, options)
        self._tell(
            "T-VARY",
            loc,
            Text(
                "这里写范围 [20 s, 30 s] 或选项 [wood, pu]。",
                "Write a range [20 s, 30 s] or a choice [wood, pu].",
            ),
        )
        return Draw((0.0,))

    def _range(self, loc: Loc, low: Any, high: Any) -> Draw:
        if isinstance(low, str) and isinstance(high, str):
            first, last = self.time(loc, low), self.time(loc, high)
            ends, is_time = (first - first % TICK_US, last - last % TICK_US), True
        elif _is_number(low) and _is_number(high):
            ends, is_time = (low, high), False
        else:
            ends, is_time = (0, -1), False
        if ends[0] > ends[1]:
            self._tell(
                "T-VARY",
                loc,
                Text(
                    f"范围 {low}..{high} 不成立；写成“小值, 大值”，单位一致。",
                    f"{low}..{high} is not a range; write the smaller end first, both in one unit.",
                ),
            )
        return Draw(ends, between=True, is_time=is_time)

    def _choice(self, loc: Loc, options: list[Any]) -> Draw:
        times = [isinstance(option, str) and _is_quantity(option) for option in options]
        if all(times):
            return Draw(tuple(self.time(loc, option) for option in options), is_time=True)
        if any(times) or not all(isinstance(option, str | int | float) for option in options):
            self._tell(
                "T-VARY",
                loc,
                Text("选项要同一类：都是时长、都是数或都是词。", "Choices are of one kind."),
            )
        return Draw(tuple(options))

    def step(self, number: int, step: _Step, vary: Mapping[str, Draw]) -> Step:
        """Return one step with its times read and its ``$names`` known."""
        loc: Loc = ("steps", number)
        args: dict[str, Value | bool] = {}
        for name, value in (step.model_extra or {}).items():
            if isinstance(value, str | int | float):
                args[name] = value
                self._is_drawn((*loc, name), value, vary)
            else:
                self._tell("T-ARG", (*loc, name), _not_plain(name))
        if step.do is None and step.mark is None:
            self._tell(
                "T-STEP",
                loc,
                Text("这一步既没有 do 也没有 mark。", "This step has neither do nor mark."),
            )
        if step.do is None and args:
            words = ", ".join(args)
            self._tell("T-STEP", loc, Text(f"{words} 要跟着 do。", f"{words} needs a do."))
        if step.at is None and step.every is None and step.when is None:
            self._tell(
                "T-STEP",
                loc,
                Text("写明何时：at、every 或 when。", "Say when: at, every or when."),
            )
        if step.when is not None and step.every is not None:
            self._tell(
                "T-STEP",
                (*loc, "every"),
                Text("when 只触发一次，不能与 every 同用。", "when happens once; leave every out."),
            )
        return Step(
            number=number,
            at=self._when((*loc, "at"), step.at, vary),
            every=self._when((*loc, "every"), step.every, vary),
            for_=self._when((*loc, "for"), step.for_, vary),
            when=step.when,
            do=step.do,
            args=args,
            mark=step.mark,
            text=None if step.text is None else step.text.text,
        )

    def _when(self, loc: Loc, given: str | float | None, vary: Mapping[str, Draw]) -> Value | None:
        if given is None:
            return None
        if isinstance(given, str) and given.startswith("$"):
            if self._is_drawn(loc, given, vary) and not vary[given[1:]].is_time:
                self._tell(
                    "T-TIME", loc, Text(f"{given} 不是时长。", f"{given} is not a duration.")
                )
            return given
        return self.time(loc, given)

    def _is_drawn(self, loc: Loc, given: Any, vary: Mapping[str, Draw]) -> bool:
        if not isinstance(given, str) or not given.startswith("$"):
            return True
        if given[1:] in vary:
            return True
        listed = ", ".join(f"${name}" for name in vary) or "-"
        self._tell(
            "T-DRAW",
            loc,
            Text(
                f"vary 里没有 {given}；已有：{listed}。", f"vary has no {given}; it has: {listed}."
            ),
        )
        return False

    def _tell(self, code: str, loc: Loc, message: Text) -> None:
        self.problems.append(self._document.problem(code, loc, message))


def _not_plain(name: str) -> Text:
    return Text(f"{name} 要一个数或一个词。", f"{name} takes a number or a word.")


def _is_number(given: Any) -> bool:
    return isinstance(given, int | float) and not isinstance(given, bool)


def _is_quantity(given: Any) -> bool:
    if not isinstance(given, str):
        return _is_number(given)
    try:
        parse_duration_us(given)
    except ValueError:
        return False
    return True
