"""The module that students import: ``from labkit import kit, sleep, now, every, wait_until, log``.

It lives in the student's own process and knows nothing but a wire to the app, which answers
every call at the bench's present instant. Only the standard library is at hand here.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any, Protocol

__all__ = [
    "BadCondition",
    "State",
    "UnknownPoint",
    "WriteRefused",
    "every",
    "holds",
    "kit",
    "log",
    "now",
    "sleep",
    "wait_until",
]

POLL_US = 10_000
"""How often ``wait_until`` looks at a Python condition: the twins' tick."""

Json = dict[str, Any]


class Wire(Protocol):
    """Carries one call to the app and its answer back."""

    def call(self, op: str, **arguments: object) -> Json:
        """Return the app's answer; a refusal comes back under ``no``."""


class WriteRefused(Exception):
    """The kit did not take a value; the text says why and what it would take."""

    def __init__(self, reason: Mapping[str, str]) -> None:
        super().__init__(reason.get("en", ""))
        self.reason = dict(reason)


class BadCondition(ValueError):
    """A sentence that is no condition on this kit; the text says what is wrong with it."""

    def __init__(self, reason: Mapping[str, str]) -> None:
        super().__init__(reason.get("en", ""))
        self.reason = dict(reason)


class UnknownPoint(AttributeError):
    """The kit has no point of that name."""


class State(str):
    """A state such as ``on``; true unless it is the first of its point's states (off).

    Equal to its name in any case, to its code (``1``) and, for two states, to ``True``.
    """

    code: int

    def __new__(cls, code: int, states: list[str]) -> State:
        """Return the state of that code among the names of its point's states."""
        self = super().__new__(cls, states[code])
        self.code = code
        return self

    def __bool__(self) -> bool:
        return self.code != 0

    def __int__(self) -> int:
        return self.code

    def __eq__(self, other: object) -> bool:
        if isinstance(other, str):
            return str(self).lower() == str(other).lower()
        return isinstance(other, int | float) and self.code == other

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return str.__hash__(self)


class Bench:
    """The one conversation with the app that everything in this module shares."""

    def __init__(self) -> None:
        self.wire: Wire | None = None
        self.points: dict[str, Json] = {}
        self.owner = threading.get_ident()
        self.callbacks: dict[str, list[Callable[[Any], object]]] = {}
        self.timers: list[Timer] = []
        self._dispatching = False

    def call(self, op: str, **arguments: object) -> Json:
        """Ask the app; blocks until it answers.

        Raises:
            RuntimeError: called from a thread that the student started.
        """
        if threading.get_ident() != self.owner:
            raise RuntimeError("labkit is for the main part of a program, not for threads")
        if self.wire is None:
            raise RuntimeError("labkit works inside labapp: press Run, or use `labapp run`")
        answer = self.wire.call(op, **arguments)
        if "no" in answer:
            raise WriteRefused(answer["no"])
        if "bad" in answer:
            raise BadCondition(answer["bad"])
        return answer

    def value(self, point: str, wired: float | str | None) -> float | State | str | None:
        """Return what a student sees for a value off the wire."""
        states: list[str] = self.points[point]["states"]
        if not states or wired is None:
            return wired
        if isinstance(wired, str):
            return State(states.index(wired), states) if wired in states else wired
        code = int(wired)
        return State(code, states) if 0 <= code < len(states) else wired

    def rest(self, until_us: int) -> int:
        """Sleep until ``until_us``, running what is due on the way; return the instant."""
        while True:
            quiet = self._dispatching or not (self.timers or self.callbacks)
            due = until_us if quiet else min([until_us, *(t.due_us for t in self.timers)])
            answer = self.call("sleep", until_us=due, watch=not self._dispatching)
            t_us = int(answer["t_us"])
            if not quiet:
                self._dispatch(t_us, answer.get("changed", []))
            if t_us >= until_us:
                return t_us

    def run_on(self) -> None:
        """Keep what was registered alive after the last line of the program."""
        while self.timers or self.callbacks:
            self.rest(int(self.call("now")["t_us"]) + 3_600_000_000)

    def _dispatch(self, t_us: int, changed: list[list[Any]]) -> None:
        self._dispatching = True
        try:
            for point, wired in changed:
                for callback in list(self.callbacks.get(point, [])):
                    callback(self.value(point, wired))
            for timer in list(self.timers):
                timer.run_if_due(t_us)
        finally:
            self._dispatching = False


class Timer:
    """A function that runs every so often while the program sleeps or has reached its end."""

    def __init__(self, period_us: int, first_us: int, step: Callable[[], object]) -> None:
        self.period_us = period_us
        self.due_us = first_us
        self._step = step

    def run_if_due(self, t_us: int) -> None:
        """Run once if it is time; missed times are left out, not caught up."""
        if t_us >= self.due_us:
            self.due_us += self.period_us * ((t_us - self.due_us) // self.period_us + 1)
            self._step()


class Kit:
    """The points of the kit as attributes: ``kit.temp`` reads, ``kit.buzzer = "on"`` writes."""

    def __init__(self, bench: Bench) -> None:
        object.__setattr__(self, "_bench", bench)

    def __getattr__(self, name: str) -> float | State | str | None:
        bench: Bench = object.__getattribute__(self, "_bench")
        _known(bench, name)
        return bench.value(name, bench.call("read", point=name)["v"])

    def __setattr__(self, name: str, value: object) -> None:
        bench: Bench = object.__getattribute__(self, "_bench")
        _known(bench, name)
        bench.call("write", point=name, value=_wired(value))

    def __dir__(self) -> list[str]:
        bench: Bench = object.__getattribute__(self, "_bench")
        return [*bench.points, "on_change", "quality"]

    def on_change(self, point: str, call: Callable[[Any], object]) -> None:
        """Call ``call(value)`` in the main part, while it sleeps, when ``point`` has changed."""
        bench: Bench = object.__getattribute__(self, "_bench")
        _known(bench, point)
        if not callable(call):
            raise TypeError("kit.on_change takes a point and a function without its ()")
        bench.callbacks.setdefault(point, []).append(call)
        bench.call("watch", point=point)

    def quality(self, point: str) -> str:
        """Return ``good``, ``uncertain`` or ``bad``: whether ``point`` has a usable reading now."""
        bench: Bench = object.__getattribute__(self, "_bench")
        _known(bench, point)
        return str(bench.call("quality", point=point)["v"])


class Every:
    """``for t in every(0.1):`` or ``@every(0.1)`` above a function: every so many seconds."""

    def __init__(self, period_us: int) -> None:
        self._period_us = period_us

    def __iter__(self) -> Iterator[float]:
        t_us = due_us = int(_bench.call("now")["t_us"])
        while True:
            yield t_us / 1_000_000
            late_us = max(0, int(_bench.call("now")["t_us"]) - due_us)
            due_us += self._period_us * (late_us // self._period_us + 1)
            t_us = _bench.rest(due_us)

    def __call__(self, step: Callable[[], object]) -> Callable[[], object]:
        first_us = int(_bench.call("now")["t_us"])
        _bench.timers.append(Timer(self._period_us, first_us, step))
        return step


def sleep(seconds: float) -> None:
    """Wait ``seconds`` of the bench's clock."""
    _bench.rest(int(_bench.call("now")["t_us"]) + _microseconds("sleep", seconds, least=0))


def now() -> float:
    """Return seconds since the sitting began, by the bench's clock."""
    return int(_bench.call("now")["t_us"]) / 1_000_000


def every(period: float) -> Every:
    """Return something to loop over, or to write above a function, each ``period`` seconds."""
    return Every(_microseconds("every", period, least=1_000))


def wait_until(condition: Callable[[], object] | str, timeout: float | None = None) -> bool:
    """Wait until ``condition`` holds; return whether it did within ``timeout`` seconds.

    ``condition`` is a function (``lambda: kit.temp is not None``) or a sentence of the
    criteria language (``"temp > 57 Cel for 2 s"``).
    """
    if isinstance(condition, str):
        return _wait(lambda: holds(condition) is True, timeout)
    if callable(condition):
        return _wait(condition, timeout)
    raise TypeError("wait_until takes a function: wait_until(lambda: kit.temp is not None)")


def holds(condition: str) -> bool | None:
    """Return whether a sentence of the criteria language holds now; ``None`` if unknown.

    The app follows it from its first use on, so use it before what it looks back on.
    """
    answer: bool | None = _bench.call("holds", condition=str(condition))["v"]
    return answer


def log(text: object, value: float | str | bool | None = None) -> None:
    """Write a line into the recording, with a value if there is one to keep."""
    _bench.call("log", text=str(text)[:500], value=_wired(value))


def _wait(condition: Callable[[], object], timeout: float | None) -> bool:
    t_us = int(_bench.call("now")["t_us"])
    end_us = None if timeout is None else t_us + _microseconds("wait_until", timeout, least=0)
    while not condition():
        if end_us is not None and t_us >= end_us:
            return False
        t_us = _bench.rest(t_us + POLL_US if end_us is None else min(t_us + POLL_US, end_us))
    return True


def _known(bench: Bench, name: str) -> None:
    if name in bench.points:
        return
    close = get_close_matches(name.lower(), list(bench.points), n=1)
    hint = f"; did you mean {close[0]!r}?" if close else ""
    raise UnknownPoint(f"the kit has no point {name!r}{hint}", name=name)


def _wired(value: object) -> object:
    """Return ``value`` as JSON can carry it; the app says what it thinks of it."""
    if isinstance(value, State):
        return str(value)
    if value is None or isinstance(value, bool | int | float | str):
        return value
    try:
        return float(value)  # type: ignore[arg-type]  # numpy and Decimal numbers come this way
    except (TypeError, ValueError):
        return {"not": type(value).__name__}


def _microseconds(what: str, seconds: float, *, least: int) -> int:
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        raise TypeError(f"{what} takes seconds as a number, not {type(seconds).__name__}")
    if not math.isfinite(seconds) or seconds * 1_000_000 < least:
        raise ValueError(f"{what} takes {least / 1_000_000:g} seconds or more, not {seconds!r}")
    return round(min(seconds, 1e9) * 1_000_000)


_bench = Bench()
kit = Kit(_bench)
