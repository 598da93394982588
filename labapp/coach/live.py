"""An attempt on a bench that runs in real time: hardware, or a twin in its own process."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from labapp.coach.answers import Answers
from labapp.coach.bench_access import BenchAccess
from labapp.coach.elsewhere import finish_somewhere, seal_somewhere
from labapp.coach.live_items import LiveItems
from labapp.coach.retimed import Retimed
from labapp.coach.sealing import Attempt, prepare_seal
from labapp.kits.modbus_kit import WriteResult
from labapp.model.clock import Clock
from labapp.model.reading import Event, Gap, Sink
from labapp.model.text import Text
from labapp.model.trouble import LabError, Problem
from labapp.model.work import Item
from labapp.programs.program import Program, ProgramState
from labapp.store.recording import RecordingWriter

_log = logging.getLogger(__name__)
TICK_S = 0.1
"""How often verdicts, countdown and the program are looked at."""


class AttemptBench(Protocol):
    """What an attempt needs of a bench; all methods from any thread."""

    def now_us(self) -> int:
        """Return microseconds since the sitting began."""

    def add(self, sink: Sink) -> None:
        """Let ``sink`` receive everything from now on, and first what the kit reads now."""

    def remove(self, sink: Sink) -> None:
        """End that; nothing reaches ``sink`` after this returns."""

    def write(self, point: str, value: float, who: str) -> WriteResult:
        """Drive a point and verify it; the write is told to the sinks as an event."""

    def make_safe(self) -> None:
        """Bring every driven point to its safe state, as far as the link allows."""

    def open_gap(self) -> Gap | None:
        """Return the gap that has begun and not ended, up to now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveProgress:
    """How far an attempt is; ``total_us`` is ``None`` where the student ends it."""

    elapsed_us: int
    total_us: int | None
    items: tuple[Item, ...]


class LiveAttempt:
    """One attempt, in a thread of its own, from ``start`` until its time is over or ``stop``.

    ``on_progress`` is called ten times a second and ``on_sealed`` once at the end, both in the
    attempt's thread; ``on_problem`` in any. ``on_sealed`` gets the sealed file, or ``None``
    where nothing could be saved, which ``on_problem`` was told before.
    """

    def __init__(
        self,
        attempt: Attempt,
        bench: AttemptBench,
        folder: Path,
        clock: Clock,
        *,
        program: Program | None = None,
        spare_folder: Path | None = None,
        on_progress: Callable[[LiveProgress], None],
        on_problem: Callable[[Problem], None],
        on_sealed: Callable[[Path | None], None],
    ) -> None:
        self._attempt = attempt
        self._bench = bench
        self._clock = clock
        self._program = program
        self._spare_folder = spare_folder
        self._on_progress = on_progress
        self._on_problem = on_problem
        self._on_sealed = on_sealed
        self._writer = RecordingWriter(folder, clock=clock, on_problem=on_problem)
        self._items = LiveItems(attempt.step, attempt.pack.profile)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="attempt")
        self._origin_us = 0
        self._program_ended = program is None

    @property
    def program(self) -> Program | None:
        """The program that drives the kit, where there is one."""
        return self._program

    def start(self) -> None:
        """Begin to record; the instant of this call is the attempt's zero.

        Raises:
            LabError: the folder already holds a recording.
        """
        self._origin_us = self._bench.now_us()
        self._writer.start(self._attempt.meta)
        try:
            prepare_seal(self._attempt, self._writer.folder, self._program)
        except LabError as trouble:  # the attempt goes on; a crash would leave its recording only
            for problem in trouble.problems:
                self._on_problem(problem)
        self._thread.start()

    def stop(self, answers: Answers | None = None) -> None:
        """End it now; returns at once, ``on_sealed`` follows."""
        if answers is not None:
            self._attempt = replace(self._attempt, answers=answers)
        self._stopping.set()

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until the attempt is sealed; return whether it is."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def elapsed_us(self) -> int:
        """Return microseconds since the attempt began."""
        return self._bench.now_us() - self._origin_us

    # ------------------------------------------------------------------ the attempt's thread

    def _run(self) -> None:
        path: Path | None = None
        try:
            end_us = self._record()
            path = self._seal(end_us)
        except LabError as trouble:
            for problem in trouble.problems:
                self._on_problem(problem)
        except Exception:  # noqa: BLE001 (a bug of ours: into the log)
            _log.exception("an attempt ended by a fault of ours")
            self._on_problem(_our_fault(self._writer.folder))
            self._writer.abandon()
        finally:
            self._on_sealed(path)

    def _record(self) -> int:
        """Record until the end; return when that was, in the attempt's time."""
        access = BenchAccess(self._attempt.pack.profile, self._drive, self.elapsed_us)
        holds_us = {p.id: p.stale_us for p in self._attempt.pack.profile.points}
        # Named last of all, so that what the bench tells first is what held at zero.
        self._origin_us = self._bench.now_us()
        sink = Retimed((self._writer, access, self._items), self._origin_us, holds_us)
        self._bench.add(sink)
        try:
            if self._program is not None:
                self._program.report_to(self._writer.event)
                self._program.start(access, self._clock)
            total_us = self._attempt.step.duration_us or None
            while not self._is_over(total_us):
                self._tick(total_us, sink)
                self._clock.wait(self._stopping, TICK_S)
            end_us = min(self.elapsed_us(), total_us or self.elapsed_us())
            gap = self._bench.open_gap()
            if gap is not None:
                sink.gap(gap)
            return end_us
        finally:
            self._bench.remove(sink)
            if self._program is not None:
                self._program.stop()
            self._bench.make_safe()

    def _is_over(self, total_us: int | None) -> bool:
        return self._stopping.is_set() or (total_us is not None and self.elapsed_us() >= total_us)

    def _tick(self, total_us: int | None, sink: Sink) -> None:
        elapsed_us = self.elapsed_us()
        self._see_to_the_program(sink)
        self._on_progress(
            LiveProgress(
                elapsed_us=elapsed_us, total_us=total_us, items=self._items.so_far(elapsed_us)
            )
        )

    def _see_to_the_program(self, sink: Sink) -> None:
        """A program that ended or failed leaves the kit safe; the attempt goes on."""
        if self._program is None or self._program_ended:
            return
        if self._program.state in (ProgramState.READY, ProgramState.RUNNING):
            return
        self._program_ended = True
        said: dict[str, object] = {"state": self._program.state.value}
        sink.event(Event(self._bench.now_us(), "program", said))
        self._bench.make_safe()

    def _drive(self, point: str, value: float) -> WriteResult:
        return self._bench.write(point, value, "program")

    def _seal(self, end_us: int) -> Path:
        spare = self._spare_folder
        recorded = finish_somewhere(self._writer, end_us, spare, self._on_problem)
        return seal_somewhere(self._attempt, recorded, self._program, spare, self._on_problem)


def _our_fault(folder: Path) -> Problem:
    return Problem(
        code="A-OURS",
        message=Text(
            f"这次尝试因为软件自己的问题中断了，不计入成绩。录到的数据在 {folder}，"
            "日志里有原因。再做一次即可。",
            f"This attempt was ended by a fault of the software and does not count. What was recorded "
            f"is in {folder}, the cause in the log. Do it again.",
        ),
        file=str(folder),
    )
