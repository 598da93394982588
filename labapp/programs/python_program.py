"""A student's Python program: a process of its own, run once, in lockstep or live."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from labapp.model.canonical import sha256_hex
from labapp.model.clock import Clock
from labapp.model.reading import Event
from labapp.model.trouble import Problem
from labapp.programs.child import Child
from labapp.programs.dialogue import Dialogue, Script
from labapp.programs.ending import STOPPED, Ending, failed, our_fault
from labapp.programs.guard import LOCKSTEP_EPOCH_S
from labapp.programs.kit_access import KitAccess, PointFacts
from labapp.programs.limits import Limits
from labapp.programs.program import OnEvent, ProgramState
from labapp.programs.source import decode_source
from labapp.programs.syntax_check import check_syntax

_log = logging.getLogger(__name__)


def _nobody(_event: Event) -> None:
    """Receive events where nobody asked for them."""


class PythonProgram:
    """Implements ``Program`` over a process; ``work`` is the only folder that it may write to."""

    kind: Literal["python", "rules"] = "python"

    def __init__(
        self,
        source: bytes,
        filename: str,
        points: Mapping[str, PointFacts],
        work: Path,
        limits: Limits | None = None,
    ) -> None:
        self.source = source
        self.filename = filename
        self._points = points
        self._work = work
        self._limits = limits or Limits()
        self._on_event: OnEvent = _nobody
        self._state = ProgramState.READY
        self._failure: Problem | None = None
        self._child = Child(work, self._limits)
        self._dialogue: Dialogue | None = None
        self._stopping = threading.Event()
        self._turn = threading.RLock()  # held by whoever leads the conversation
        self._thread: threading.Thread | None = None

    @property
    def sha256(self) -> str:
        """``sha256:`` of the source as it was given."""
        return sha256_hex(self.source)

    @property
    def state(self) -> ProgramState:
        """Where it stands."""
        return self._state

    @property
    def failure(self) -> Problem | None:
        """Why it failed, for people."""
        return self._failure

    @property
    def output(self) -> str:
        """What it printed so far, the newest part of it; says so where the oldest was dropped."""
        text, dropped = self._child.output.text, self._child.output.dropped_bytes
        return f"… ({dropped / 1e6:.1f} MB)\n{text}" if dropped else text

    def report_to(self, on_event: OnEvent) -> None:
        """Pass on what it logs and what was refused to it."""
        self._on_event = on_event

    def check(self) -> tuple[Problem, ...]:
        """Return what stops it from being run: its encoding or its first mistake in writing."""
        text = decode_source(self.source, self.filename)
        if isinstance(text, Problem):
            return (text,)
        found = check_syntax(Script(text, self._name), self._points, self._work, self._limits)
        return tuple(self._placed(problem) for problem in found)

    def advance(self, t_us: int, kit: KitAccess) -> None:
        """Lockstep: run until it would sleep beyond ``t_us``."""
        if self._thread is not None:
            return  # it runs live
        with self._turn:
            if self._state == ProgramState.READY:
                self._finish(self._begin(kit, LOCKSTEP_EPOCH_S))
            if self._state == ProgramState.RUNNING and self._dialogue is not None:
                self._finish(self._dialogue.run_to(t_us))

    def start(self, kit: KitAccess, clock: Clock) -> bool:
        """Live: run in threads of its own until it ends."""
        with self._turn:
            if self._state != ProgramState.READY:
                return False
            self._state = ProgramState.RUNNING
            self._thread = threading.Thread(
                target=self._live, args=(kit, clock), name="program", daemon=True
            )
            self._thread.start()
        return True

    def stop(self) -> None:
        """End it now and wait until nothing of it is left."""
        self._stopping.set()
        self._child.kill()
        self._child.interrupt()
        thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join()
        with self._turn:
            if self._state in (ProgramState.READY, ProgramState.RUNNING):
                self._finish(STOPPED)
            self._child.close()

    def facts(self) -> dict[str, Any]:
        """Return what evidence keeps of the run."""
        dialogue, failure = self._dialogue, self._failure
        return {
            "sha256": self.sha256,
            "filename": self._name,
            "state": self._state.value,
            "failure": None if failure is None else {"code": failure.code, "line": failure.line},
            "python": "" if dialogue is None else dialogue.python,
            "layers": list(self._child.layers),
            "exit_code": self._child.exit_code,
            "refused": [] if dialogue is None else list(dialogue.refused),
            "never_slept": dialogue is not None and dialogue.was_busy,
            "strange_lines": self._child.bad_lines,
            "output_dropped": self._child.output.dropped_bytes,
        }

    # ------------------------------------------------------------------ the run

    @property
    def _name(self) -> str:
        """The file's name as tracebacks show it, without the folders of this machine."""
        return Path(self.filename).name

    def _begin(self, kit: KitAccess, epoch_s: float | None) -> Ending | None:
        text = decode_source(self.source, self.filename)
        if isinstance(text, Problem):
            return failed(text)
        self._state = ProgramState.RUNNING
        self._dialogue = Dialogue(
            Script(text, self._name), self._child, kit, self._limits, self._on_event
        )
        return self._dialogue.begin(epoch_s)

    def _live(self, kit: KitAccess, clock: Clock) -> None:
        with self._turn:
            try:
                ending = self._begin(kit, None)
                if ending is None and self._dialogue is not None:
                    ending = self._dialogue.serve(clock, self._stopping)
            except Exception:  # noqa: BLE001 (a bug of ours: into the log)
                _log.exception("the run of a program ended by a fault of ours")
                ending = failed(our_fault(self.filename))
            self._finish(ending)

    def _finish(self, ending: Ending | None) -> None:
        """Leave nothing of the process and say how it ended; nothing while it runs."""
        if ending is None:
            return
        self._child.close()
        if self._stopping.is_set() and ending.how == "failed":
            ending = STOPPED  # it was ended by us, whatever that looked like
        if ending.problem is not None:
            self._failure = self._placed(ending.problem)
        self._state = ProgramState(ending.how)

    def _placed(self, problem: Problem) -> Problem:
        """Return a problem with the file as it was given, where it is in this file."""
        if problem.file != self._name:
            return problem
        return Problem(
            code=problem.code,
            message=problem.message,
            file=self.filename,
            line=problem.line,
            column=problem.column,
        )
