"""The attempt that runs now, or none: started, watched, sealed and graded."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Literal

from labapp.app.attempt_folder import AttemptFolder
from labapp.app.live_bench import LiveBench
from labapp.app.states import (
    AppEvent,
    ProgramState,
    RuleTruth,
    RunChanged,
    RunPhase,
    RunState,
    Told,
)
from labapp.coach.answers import Answers
from labapp.coach.live import LiveAttempt, LiveProgress
from labapp.coach.sealing import Attempt
from labapp.model.clock import Clock
from labapp.model.trouble import Problem
from labapp.programs import program as programs
from labapp.programs.program import Program
from labapp.programs.rules import RuleProgram

_PHASES: dict[programs.ProgramState, Literal["none", "running", "ended", "failed", "stopped"]] = {
    programs.ProgramState.READY: "none",
    programs.ProgramState.RUNNING: "running",
    programs.ProgramState.ENDED: "ended",
    programs.ProgramState.FAILED: "failed",
    programs.ProgramState.STOPPED: "stopped",
}


class RunSeat:
    """Holds one attempt at a time; ``on_sealed`` gets its sealed file in the attempt's thread."""

    def __init__(
        self,
        clock: Clock,
        publish: Callable[[AppEvent], None],
        on_sealed: Callable[[Path | None, AttemptFolder, Problem | None], None],
    ) -> None:
        self._clock = clock
        self._publish = publish
        self._on_sealed = on_sealed
        self._state = RunState()
        self._live: LiveAttempt | None = None

    @property
    def state(self) -> RunState:
        """How far it is."""
        return self._state

    @property
    def is_busy(self) -> bool:
        """Whether an attempt runs or is being graded."""
        return self._state.phase not in (RunPhase.IDLE, RunPhase.DONE)

    def starting(self, step: str) -> None:
        """Say that an attempt is being made ready."""
        self._set(RunState(phase=RunPhase.STARTING, step=step))

    def gave_up(self) -> None:
        """Say that it did not come to an attempt."""
        self._set(RunState())

    def start(
        self, attempt: Attempt, bench: LiveBench, folder: AttemptFolder, program: Program | None
    ) -> None:
        """Begin to record and to judge.

        Raises:
            LabError: the folder cannot be used.
        """
        step = attempt.step.id
        live = LiveAttempt(
            attempt,
            bench,
            folder.recording,
            self._clock,
            program=program,
            spare_folder=folder.spare(),
            on_progress=lambda progress: self._progress(step, program, progress),
            on_problem=lambda problem: self._publish(Told(problem)),
            on_sealed=lambda path: self._sealed(path, folder, program),
        )
        self._live = live
        self._set(
            RunState(
                phase=RunPhase.RUNNING,
                step=step,
                total_us=attempt.step.duration_us or None,
                origin_us=bench.now_us(),
                program=program_state(program),
            )
        )
        live.start()

    def stop(self, answers: Answers | None = None) -> None:
        """End the attempt now; grading follows."""
        if self._live is not None:
            self._live.stop(answers)

    def close(self) -> None:
        """End the attempt and wait until it is sealed."""
        live = self._live
        if live is not None:
            live.stop()
            live.wait()

    def done(self) -> None:
        """Say that the grade is there."""
        self._live = None
        self._set(replace(self._state, phase=RunPhase.DONE))

    # ------------------------------------------------------------------ the attempt's thread

    def _progress(self, step: str, program: Program | None, progress: LiveProgress) -> None:
        self._set(
            replace(
                self._state,
                phase=RunPhase.RUNNING,
                step=step,
                total_us=progress.total_us,
                elapsed_us=progress.elapsed_us,
                items=progress.items,
                program=program_state(program),
            )
        )

    def _sealed(self, path: Path | None, folder: AttemptFolder, program: Program | None) -> None:
        self._set(replace(self._state, phase=RunPhase.GRADING, program=program_state(program)))
        self._on_sealed(path, folder, None if program is None else program.failure)

    def _set(self, state: RunState) -> None:
        self._state = state
        self._publish(RunChanged(state))


def program_state(program: Program | None) -> ProgramState:
    """Return how a program stands, as the window shows it."""
    if program is None:
        return ProgramState()
    rules: tuple[RuleTruth, ...] = ()
    if isinstance(program, RuleProgram):
        rules = tuple(RuleTruth(name=r.name, truth=r.truth, now=r.now) for r in program.truths())
    return ProgramState(
        kind="rules" if program.kind == "rules" else "python",
        phase=_PHASES[program.state],
        output=program.output,
        failure=program.failure,
        rules=rules,
    )


def work_folder() -> Path:
    """Return a new folder for a program's own files; whoever asks for it removes it."""
    return Path(tempfile.mkdtemp(prefix="labapp-program-"))
