"""An attempt in real time without a window: open the bench, run, seal."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from labapp.app.attempt_folder import AttemptFolder
from labapp.app.live_bench import LiveBench
from labapp.app.paths import Paths
from labapp.app.states import BenchPhase, BenchState
from labapp.coach.live import LiveAttempt
from labapp.coach.lockstep import LockstepPlan, find_scenario
from labapp.coach.sealing import Attempt
from labapp.model.bench import BenchKind
from labapp.model.clock import Clock
from labapp.model.text import Text
from labapp.model.trouble import LabError, NoKit, Problem
from labapp.programs.program import Program
from labapp.transport.kit_url import KitUrl

CONNECT_S = 15.0
"""How long to wait for the first readings: a slow kit takes 10 s, a twin needs some to start."""
DEFAULT_S = 60.0
"""Length of an attempt at a step that says nothing of its length."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveRun:
    """A sealed attempt; ``lost`` says that the link was lost and was not back when it ended."""

    sealed: Path
    lost: Problem | None


def run_live(
    plan: LockstepPlan,
    url: KitUrl,
    folder: AttemptFolder,
    program: Program | None,
    paths: Paths,
    clock: Clock,
    progress: Callable[[float, Text], None],
    note: Callable[[Text], None],
) -> LiveRun:
    """Make one attempt in real time and return its sealed file.

    Raises:
        BadInput: the scenario cannot be used.
        NoKit: nothing answers at ``url``.
        LabError: the recording could not be saved.
    """
    waiting = _Waiting()
    folders = [plan.pack.folder] if plan.pack.folder is not None else []
    bench = LiveBench(
        plan.pack.profile,
        url,
        clock,
        preset=plan.step.bench.preset,
        seed=plan.chosen_seed,
        folders=folders,
        on_state=waiting.bench_changed,
    )
    try:
        bench.open()
        waiting.until_online(clock)
        return _attempt(plan, bench, folder, program, clock, progress, note, waiting)
    finally:
        bench.close()


def _attempt(
    plan: LockstepPlan,
    bench: LiveBench,
    folder: AttemptFolder,
    program: Program | None,
    clock: Clock,
    progress: Callable[[float, Text], None],
    note: Callable[[Text], None],
    waiting: _Waiting,
) -> LiveRun:
    asked = plan.chosen_scenario
    scenario = find_scenario(plan.pack, asked) if bench.bench.kind == BenchKind.TWIN else None
    if bench.bench.kind == BenchKind.TWIN:
        bench.begin(asked, plan.chosen_seed)
    length_us = (
        plan.step.duration_us or (scenario.duration_us if scenario else 0) or int(DEFAULT_S * 1e6)
    )
    attempt = Attempt(
        pack=plan.pack,
        step=replace(plan.step, duration_us=length_us),
        bench=bench.bench,
        when=plan.when,
        student=plan.student,
        seat=plan.seat,
        answers=plan.answers,
        scenario=None if scenario is None else scenario.source,
    )
    live = LiveAttempt(
        attempt,
        bench,
        folder.recording,
        clock,
        program=program,
        spare_folder=folder.spare(),
        on_progress=lambda p: progress(p.elapsed_us / length_us, plan.step.title),
        on_problem=lambda problem: note(problem.message),
        on_sealed=waiting.sealed,
    )
    live.start()
    try:
        waiting.until_sealed(clock)
    except KeyboardInterrupt:
        live.stop()
    live.wait()
    return LiveRun(sealed=waiting.path(), lost=waiting.lost())


class _Waiting:
    """Waits for what other threads tell."""

    def __init__(self) -> None:
        self._changed = threading.Event()
        self._bench = BenchState()
        self._is_sealed = threading.Event()
        self._sealed: Path | None = None

    def bench_changed(self, state: BenchState) -> None:
        self._bench = state
        self._changed.set()

    def sealed(self, path: Path | None) -> None:
        self._sealed = path
        self._is_sealed.set()

    def until_online(self, clock: Clock) -> None:
        """Wait for the kit to answer.

        Raises:
            NoKit: it does not.
        """
        end_us = clock.now_us() + int(CONNECT_S * 1e6)
        while self._bench.phase not in (BenchPhase.ONLINE, BenchPhase.DEGRADED):
            left_s = (end_us - clock.now_us()) / 1e6
            if left_s <= 0 or self._bench.phase == BenchPhase.GAVE_UP:
                raise NoKit(Problem(code="K-NO-KIT", message=self._bench.message))
            clock.wait(self._changed, left_s)
            self._changed.clear()

    def until_sealed(self, clock: Clock) -> None:
        while not clock.wait(self._is_sealed, 0.2):
            pass

    def lost(self) -> Problem | None:
        """Return what took the link away, where it is still away."""
        if self._bench.phase not in (BenchPhase.LOST, BenchPhase.GAVE_UP):
            return None
        return Problem(code="K-LOST", message=self._bench.message)

    def path(self) -> Path:
        if self._sealed is None:
            raise LabError(
                Problem(
                    code="A-NOT-SAVED",
                    message=Text(
                        "这次的记录没能保存，原因见上面几行。",
                        "The recording could not be saved; the lines above say why.",
                    ),
                )
            )
        return self._sealed
