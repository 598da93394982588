"""What may be said about one kind of kit, and how a wrong word is told."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from labapp.model.text import Text
from labapp.model.trouble import BadInput, Problem
from labapp.twins.faults import DEFAULTS, ActuatorFault, SensorFault
from labapp.twins.stimuli import Arg, Deed, Stimulus, Value, switch_number

_FAULT_WORDS = ("on", "kind", "value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """The stimuli, sensors, actuators and starting values of one kind of kit.

    ``drives`` gives the greatest command of each actuator, in its unit.
    """

    stimuli: Mapping[str, Stimulus]
    sensors: tuple[str, ...]
    drives: Mapping[str, float]
    init: Mapping[str, Arg]

    @property
    def deeds(self) -> tuple[str, ...]:
        """Every word that ``do`` may have."""
        return (*self.stimuli, "fault", "mend", "drive")

    def lasts(self, do: str) -> bool:
        """Return whether ``for:`` has a meaning with this deed."""
        return do in ("fault", "drive") or (do in self.stimuli and self.stimuli[do].lasts)

    def deed(self, do: str, given: Mapping[str, Value | bool]) -> Deed:
        """Return the deed with its defaults filled in.

        Raises:
            BadInput: an unknown word, or an argument that does not fit; ``path`` names it.
        """
        plain: dict[str, Value] = {name: _plain(value) for name, value in given.items()}
        if do == "fault":
            return self._fault(plain)
        if do == "mend":
            return Deed(do, _complete(do, {"on": _point_arg(self._points)}, plain))
        if do == "drive":
            return self._drive(plain)
        if do not in self.stimuli:
            raise _unknown("T-DO", "do", do, self.deeds)
        return Deed(do, _complete(do, self.stimuli[do].args, plain))

    @property
    def _points(self) -> tuple[str, ...]:
        return (*self.sensors, *self.drives)

    def _drive(self, given: Mapping[str, Value]) -> Deed:
        on = _point_arg(tuple(self.drives))
        high = self.drives.get(str(given.get("on")), 1.0)
        to = Arg(kind="switch", default=high, high=high)
        return Deed("drive", _complete("drive", {"on": on, "to": to}, given))

    def _fault(self, given: Mapping[str, Value]) -> Deed:
        kinds: Iterable[str] = ActuatorFault if given.get("on") in self.drives else SensorFault
        args = {
            "on": _point_arg(self._points),
            "kind": Arg(kind="choice", default=None, choices=tuple(str(kind) for kind in kinds)),
            "value": Arg(
                kind="number", default=DEFAULTS.get(str(given.get("kind"))), low=-1e6, high=1e6
            ),
        }
        return Deed("fault", _complete("fault", args, given))

    def starting(self, name: str, value: Value | bool) -> float:
        """Return a starting value, checked.

        Raises:
            BadInput: no such value on this kit, or out of its range.
        """
        if name not in self.init:
            raise _unknown("T-INIT", "init", name, tuple(self.init))
        return float(_fit(name, self.init[name], _plain(value)))


def _point_arg(points: tuple[str, ...]) -> Arg:
    return Arg(kind="choice", default=None, choices=points)


def _plain(value: Value | bool) -> Value:
    if isinstance(value, bool):
        return "on" if value else "off"
    return value


def _complete(do: str, args: Mapping[str, Arg], given: Mapping[str, Value]) -> dict[str, Value]:
    for name in given:
        if name not in args:
            raise _unknown("T-ARG", name, name, tuple(args))
    return {name: _fit(name, arg, given.get(name, arg.default), do) for name, arg in args.items()}


def _fit(name: str, arg: Arg, value: Value | None, do: str = "") -> Value:
    if value is None:
        raise BadInput(
            Problem(
                code="T-ARG-MISSING",
                path=name,
                message=Text(f"{do} 还需要 {name}。", f"{do} needs {name} as well."),
            )
        )
    if arg.kind == "choice":
        if value in arg.choices:
            return value
        raise _unknown("T-CHOICE", name, str(value), arg.choices)
    is_word = isinstance(value, str)
    if is_word and (arg.kind != "switch" or value not in ("on", "off")):
        raise _out(name, arg, value)
    number = switch_number(arg, value)
    if not arg.low <= number <= arg.high:
        raise _out(name, arg, value)
    return number


def _out(name: str, arg: Arg, value: Value) -> BadInput:
    unit = "" if arg.unit == "1" else f" {arg.unit}"
    zh_words, en_words = (
        ("，也可写 on 或 off", ", or on or off") if arg.kind == "switch" else ("", "")
    )
    span = f"{arg.low:g}..{arg.high:g}{unit}"
    return BadInput(
        Problem(
            code="T-RANGE",
            path=name,
            message=Text(
                f"{name} 写的是 {value}，可用 {span}{zh_words}。",
                f"{name} is {value}; it takes {span}{en_words}.",
            ),
        )
    )


def _unknown(code: str, path: str, word: str, known: tuple[str, ...]) -> BadInput:
    return BadInput(Problem(code=code, path=path, message=unknown_word(word, known)))


def unknown_word(word: str, known: Iterable[str]) -> Text:
    """Return the message for a word that is not among ``known``: what was meant, and the choice."""
    choice = sorted(known)
    close = difflib.get_close_matches(word, choice, n=1)
    zh = f"你是不是想写 {close[0]}？" if close else ""
    en = f"Did you mean {close[0]}? " if close else ""
    listed = ", ".join(choice)
    return Text(
        f"这里不认识 {word}。{zh}可用：{listed.replace(', ', '、')}。",
        f"{word} is not known here. {en}Known: {listed}.",
    )
