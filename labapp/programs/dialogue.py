"""One run of a program: the conversation with its process, in lockstep or live."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any

from labapp.model.clock import Clock
from labapp.model.reading import Event
from labapp.programs import ending
from labapp.programs.child import Child
from labapp.programs.ending import DONE, STOPPED, Ending, failed
from labapp.programs.explain import explain
from labapp.programs.fault import Fault
from labapp.programs.kit_access import KitAccess
from labapp.programs.limits import Limits
from labapp.programs.program import OnEvent
from labapp.programs.talk import Talk

Json = dict[str, Any]

_LOOK_S = 0.01
"""How often a live kit is looked at for a program that waits for a change: the twins' tick."""
_LONGEST_WAIT_S = 60.0
_FAREWELL_S = 1.0
_MOST_REFUSED = 20


@dataclass(frozen=True, slots=True)
class Script:
    """A program that was read: its text, and the name that its traceback shows."""

    text: str
    filename: str


class Dialogue:
    """Leads one process from its start to its end; all of it in one thread at a time.

    What it returns is ``None`` while the program runs, and then its ending.
    """

    def __init__(
        self, script: Script, child: Child, kit: KitAccess, limits: Limits, on_event: OnEvent
    ) -> None:
        self.refused: list[str] = []
        self.was_busy = False
        self.python = ""
        self._script = script
        self._child = child
        self._kit = kit
        self._limits = limits
        self._on_event = on_event
        self._talk = Talk(kit, on_event)
        self._loops: tuple[tuple[int, int], ...] = ()
        self._held: Json | None = None

    def begin(self, epoch_s: float | None) -> Ending | None:
        """Start the process and let the program go; ``epoch_s`` is what time.time() counts from."""
        filename = self._script.filename
        first = self._child.start()
        if first is None:
            return failed(ending.not_started(filename, f"> {self._limits.start_s:g} s"))
        if first["op"] == "stopped":
            return STOPPED
        if first["op"] != "ready":
            return failed(ending.not_started(filename, self._child.why_not_started))
        self.python = str(first.get("python", ""))[:20]
        self._child.layers += [str(name)[:20] for name in _list(first.get("layers"))[:10]]
        points = {
            point: {"states": list(facts.states)} for point, facts in self._kit.points.items()
        }
        self._child.send(
            {
                "op": "go",
                "source": self._script.text,
                "filename": filename,
                "points": points,
                "epoch_s": epoch_s,
            }
        )
        return None

    def run_to(self, t_us: int) -> Ending | None:
        """Lockstep: answer calls until the program would sleep beyond ``t_us``.

        A program that asks without end and never sleeps is held until the next instant.
        """
        self._talk.look()
        answered, most = 0, self._limits.calls_per_instant
        while True:
            if self._held is None:
                found = self._next()
                if isinstance(found, Ending):
                    return found
                self._held = found
            if not self._talk.is_due(self._held):
                return None
            if answered >= (self._limits.calls_when_busy if self.was_busy else most):
                self.was_busy = True
                return None
            answered += 1
            self._answer(self._held)

    def serve(self, clock: Clock, stopping: threading.Event) -> Ending:
        """Live: answer calls as they come until the program ends or ``stopping`` is set."""
        second_us, answered = clock.now_us(), 0
        while True:
            found = self._next()
            if isinstance(found, Ending):
                return found
            self._talk.look()
            ended = self._nap(found)
            if ended is not None:
                return ended
            if clock.now_us() - second_us >= 1_000_000:
                second_us, answered = clock.now_us(), 0
            answered += 1
            if answered > self._limits.calls_per_s:
                self.was_busy = True
                clock.wait(stopping, (second_us + 1_000_000 - clock.now_us()) / 1e6)
            self._answer(found)

    def _nap(self, call: Json) -> Ending | None:
        """Wait until a call is due; only the program's end can come in between."""
        while not self._talk.is_due(call):
            longest_s = _LOOK_S if self._talk.has_to_look else _LONGEST_WAIT_S
            message = self._child.next(min(self._talk.left_us(call) / 1e6, longest_s))
            self._talk.look()
            found = None if message is None else self._sort(message)
            if isinstance(found, Ending):
                return found
            if found is not None:
                self._child.bad_lines += 1
        return None

    def _answer(self, call: Json) -> None:
        self._held = None
        self._child.lines.clear()  # they tell of one stretch of computing
        self._child.send(self._talk.answer(call))

    def _next(self) -> Json | Ending:
        """Return the program's next call, or its end."""
        while True:
            message = self._child.next(self._limits.quiet_s)
            if message is None and not self._child.lines:
                # Its watchdog is kept out: soon faulthandler will have printed the line.
                message = self._child.next(self._limits.quiet_s / 2)
            if message is None:
                return self._silent()
            found = self._sort(message)
            if found is not None:
                return found

    def _sort(self, message: Json) -> Json | Ending | None:
        """Return a call or an ending; ``None`` for what needs no answer."""
        match message["op"]:
            case "stopped":
                return STOPPED
            case "gone":
                return self._gone()
            case "end":
                return self._end(message)
            case "compiled":
                self._loops = _loops(message.get("loops"))
            case "refused":
                self._note_refusal(message)
            case op if op in Talk.CALLS:
                return message
            case _:
                self._child.bad_lines += 1
        return None

    def _end(self, message: Json) -> Ending:
        """Let the process leave by itself, so that its exit code is its own."""
        while (last := self._child.next(_FAREWELL_S)) is not None and last["op"] != "gone":
            pass
        if message.get("how") != "error":
            return DONE
        fault = Fault.from_json(message, self._script.text, self._script.filename)
        return failed(explain(fault, self._kit.points))

    def _gone(self) -> Ending:
        if self._child.is_garbled:
            return failed(ending.garbled(self._script.filename))
        seen = next((lines[-1] for lines in reversed(self._child.lines) if lines), None)
        line = ending.dumped_line(self._script.filename, self._child.output.text) or seen
        return ending.gone(self._script.filename, self._child.exit_code, line, self._limits)

    def _silent(self) -> Ending:
        return failed(
            ending.endless(
                self._script.filename,
                tuple(self._child.lines),
                self._loops,
                self._child.output.text,
                self._limits,
            )
        )

    def _note_refusal(self, message: Json) -> None:
        if len(self.refused) >= _MOST_REFUSED:
            return
        what = " ".join(str(message.get(k, ""))[:200] for k in ("event", "what")).strip()
        self.refused.append(what)
        self._on_event(Event(self._kit.now_us(), "program", {"refused": what}))


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _loops(told: object) -> tuple[tuple[int, int], ...]:
    return tuple(
        (pair[0], pair[1])
        for pair in _list(told)
        if isinstance(pair, list) and len(pair) == 2 and all(isinstance(n, int) for n in pair)
    )
