"""One project on the bench: what the window works with. Methods return at once; news come as events."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from labapp.app.attempt_folder import AttemptFolder, cannot_write
from labapp.app.background import Background
from labapp.app.bench_seat import BenchSeat
from labapp.app.clock import wall_time
from labapp.app.live_bench import LiveBench
from labapp.app.one_attempt import finish
from labapp.app.paths import Paths
from labapp.app.programs_folder import FILES, ProgramsFolder
from labapp.app.run_seat import RunSeat, work_folder
from labapp.app.settings import Settings
from labapp.app.states import (
    AppEvent,
    AttemptGraded,
    BenchState,
    Finished,
    RunState,
    StepsChanged,
    Told,
    WriteDone,
)
from labapp.app.student_record import StudentRecord
from labapp.coach.answers import Answers
from labapp.coach.lockstep import find_scenario
from labapp.coach.sealing import Attempt, seal_attempt
from labapp.coach.walkthrough import Walkthrough
from labapp.model.bench import Bench, BenchKind
from labapp.model.clock import Clock
from labapp.model.reading import Event, Gap, Reading
from labapp.model.text import Text
from labapp.model.trouble import BadInput, LabError, Problem
from labapp.packs.pack import Pack, Step
from labapp.profiles.profile import Profile
from labapp.programs.kit_access import facts_of
from labapp.programs.open_program import open_program
from labapp.programs.program import Program
from labapp.programs.rules import rules_as_python
from labapp.store.recording import RecordingWriter
from labapp.transport.kit_url import KitUrl
from labapp.transport.ports import PortInfo, list_ports

TWIN = "twin:"


class Desk:
    """The open project of one student; a ``PlotSource`` for the live plots.

    Every method may be called from the window's thread and none of them waits for the wire,
    the disk or a program, but for ``close`` and ``ports``.
    """

    def __init__(
        self,
        pack: Pack,
        paths: Paths,
        clock: Clock,
        record: StudentRecord,
        settings: Callable[[], Settings],
        publish: Callable[[AppEvent], None],
    ) -> None:
        self.pack = pack
        self._paths = paths
        self._clock = clock
        self._record = record
        self._settings = settings
        self._publish = publish
        self._programs = ProgramsFolder(paths.programs, pack)
        self._bench_work = Background("bench", self._tell)
        self._disk_work = Background("disk", self._tell)
        folders = () if pack.folder is None else (pack.folder,)
        self._seat = BenchSeat(pack.profile, clock, folders, self._bench_work, publish)
        self._run = RunSeat(clock, publish, self._sealed)
        self._work: Path | None = None
        current = record.last_step or pack.steps[0].id
        self.walkthrough = Walkthrough(pack=pack, results=record.results).at(current)
        if not self.walkthrough.current:
            self.walkthrough = self.walkthrough.at(pack.steps[0].id)

    def close(self) -> None:
        """End a running attempt, leave the kit safe, and wait until all of it is on the disk."""
        self._run.close()
        self._bench_work.close()
        self._disk_work.close()
        self._seat.close()

    # ------------------------------------------------------------------ what is shown

    @property
    def profile(self) -> Profile:
        """The kit that the project is for."""
        return self.pack.profile

    @property
    def step(self) -> Step:
        """The current step."""
        step = self.pack.step(self.walkthrough.current)
        return self.pack.steps[0] if step is None else step

    @property
    def bench(self) -> BenchState:
        """How the link stands."""
        return self._seat.state

    @property
    def run(self) -> RunState:
        """How far the attempt is."""
        return self._run.state

    def last_finished(self, step_id: str) -> Finished | None:
        """Return the newest graded attempt at a step, or ``None``."""
        return self._record.last_finished(step_id)

    def attempts(self) -> tuple[Finished, ...]:
        """Return every graded attempt at this project that still lies on the disk, newest first."""
        return self._record.attempts()

    def latest(self, point: str) -> Reading | None:
        """Return the newest reading of a point."""
        bench = self._seat.bench
        return None if bench is None else bench.sitting.latest(point)

    def now_us(self) -> int:
        """Return microseconds since the sitting began, 0 without a kit."""
        bench = self._seat.bench
        return 0 if bench is None else bench.now_us()

    def window(
        self, point: str, from_us: int, to_us: int, columns: int
    ) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
        """Return what to draw of a point; see ``PlotRing.window``."""
        bench = self._seat.bench
        if bench is None:
            return np.empty(0, np.int64), np.empty(0), np.empty(0)
        return bench.sitting.ring.window(point, from_us, to_us, columns)

    def events(self) -> Sequence[Event]:
        """Return what happened in this sitting."""
        bench = self._seat.bench
        return () if bench is None else bench.sitting.events()

    def gaps(self) -> Sequence[Gap]:
        """Return the stretches without data, the one that lasts now included."""
        bench = self._seat.bench
        if bench is None:
            return ()
        still = bench.open_gap()
        return (*bench.sitting.gaps(), *(() if still is None else (still,)))

    # ------------------------------------------------------------------ the kit

    def ports(self) -> tuple[PortInfo, ...]:
        """Return the serial ports; may take up to 3 s: not in the window's thread."""
        return tuple(list_ports())

    def connect(self, url: str) -> None:
        """Connect to the kit at ``url``; what it is not is told as an event."""
        try:
            self._seat.connect(KitUrl.parse(url), self.step.bench.preset)
        except LabError as trouble:
            for problem in trouble.problems:
                self._tell(problem)

    def connect_twin(self) -> None:
        """Start the simulated kit and connect to it."""
        self.connect(TWIN)

    def disconnect(self) -> None:
        """Leave the kit in its safe state."""
        self._seat.disconnect()

    def reconnect_now(self) -> None:
        """Try the lost link again at once."""
        bench = self._seat.bench
        if bench is not None:
            bench.reconnect_now()

    def write(self, point: str, value: float, who: str = "panel") -> None:
        """Drive a point by hand; the result comes as ``WriteDone``."""
        self._bench_work.do(lambda: self._write(point, value, who))

    def stimulate(self, do: str, **args: float | str | bool) -> None:
        """Do something to the simulated kit."""
        bench = self._seat.bench
        if bench is not None:
            self._bench_work.do(lambda: bench.stimulate(do, **args))

    def _write(self, point: str, value: float, who: str) -> None:
        bench = self._seat.bench
        if bench is None:
            return
        result = bench.write(point, value, who)
        self._publish(WriteDone(result))
        if not result.is_done:
            self._tell(Problem(code="K-WRITE", message=result.message))

    # ------------------------------------------------------------------ steps and answers

    def select_step(self, step_id: str) -> None:
        """Go to a step; a locked one changes nothing."""
        self.walkthrough = self.walkthrough.at(step_id)
        self._publish(StepsChanged())
        self._disk_work.do(lambda: self._record.remember_step(step_id))

    def submit(self, answers: Mapping[str, object]) -> None:
        """Hand in answers: of a step that records, with its recording; else by themselves.

        ``answers`` is the form of :class:`labapp.coach.answers.Answers`.
        """
        try:
            given = Answers.from_json(dict(answers))
        except BadInput as trouble:
            for problem in trouble.problems:
                self._tell(problem)
            return
        if self.step.needs_recording:
            self._run.stop(given)
            return
        step = self.step
        self._run.starting(step.id)
        self._disk_work.do(lambda: self._seal_answers(step, given))

    def _seal_answers(self, step: Step, answers: Answers) -> None:
        try:
            folder = self._attempt_folder(step)
            bench = Bench(kind=BenchKind.TWIN, profile=self.profile.id, clock="none")
            attempt = self._attempt(step, bench, answers)
            writer = RecordingWriter(folder.recording)
            writer.start(attempt.meta)
            path = seal_attempt(attempt, writer.finish(0), None)
        except LabError:
            self._run.gave_up()
            raise
        self._grade(path, folder, None)

    # ------------------------------------------------------------------ programs

    def program_text(self, kind: str) -> str:
        """Return the student's program of a kind (``rules`` or ``python``)."""
        return self._programs.text(kind)

    def starter_text(self, kind: str) -> str:
        """Return the program that the project starts with."""
        return self._programs.starter(kind)

    def save_program(self, kind: str, source: str) -> None:
        """Keep the student's program."""
        self._disk_work.do(lambda: self._save_program(kind, source))

    def _save_program(self, kind: str, source: str) -> None:
        try:
            self._programs.save(kind, source)
        except OSError as cause:
            raise LabError(cannot_write(self._paths.programs, cause)) from cause

    def check_program(self, kind: str, source: str) -> tuple[Problem, ...]:
        """Return everything that keeps a program from running; nothing is driven."""
        try:
            return self._program(kind, source, Path()).check()
        except BadInput as trouble:
            return trouble.problems

    def rules_as_python(self, source: str) -> str:
        """Return rules as the Python program that does the same.

        Raises:
            BadInput: the rules have mistakes.
        """
        return rules_as_python(source.encode("utf-8"), FILES["rules"], facts_of(self.profile))

    def _program(self, kind: str, source: str, work: Path) -> Program:
        return open_program(source.encode("utf-8"), FILES[kind], facts_of(self.profile), work)

    # ------------------------------------------------------------------ attempts

    def start(self, program: tuple[str, str] | None = None) -> None:
        """Begin the step's attempt, with a program of (kind, source) where there is one."""
        if self._run.is_busy:
            return
        step = self.step
        self._run.starting(step.id)
        self._bench_work.do(lambda: self._start(step, program))

    def stop(self) -> None:
        """End the attempt now; it is sealed and graded."""
        self._run.stop()

    def _start(self, step: Step, program: tuple[str, str] | None) -> None:
        try:
            bench = self._connected()
            self._clear_work()
            self._work = work_folder()
            ready = None if program is None else self._checked(program, self._work)
            attempt = self._attempt(step, bench.bench, Answers())
            if bench.bench.kind == BenchKind.TWIN and step.scenario is not None:
                attempt = self._staged(attempt, bench, step)
            self._run.start(attempt, bench, self._attempt_folder(step), ready)
        except BaseException:
            self._run.gave_up()
            raise

    def _staged(self, attempt: Attempt, bench: LiveBench, step: Step) -> Attempt:
        """Bring the twin to the start of the step's scenario."""
        scenario = find_scenario(self.pack, step.scenario)
        bench.begin(step.scenario, step.seed)
        source = None if scenario is None else scenario.source
        return self._attempt(step, bench.bench, attempt.answers, source)

    def _connected(self) -> LiveBench:
        bench = self._seat.bench
        if bench is None:
            raise LabError(
                Problem(
                    code="A-NO-KIT",
                    message=Text(
                        "还没有连接套件。先连接套件，或者用仿真套件，再开始。",
                        "No kit is connected. Connect one, or use the simulated kit, then start.",
                    ),
                )
            )
        return bench

    def _checked(self, program: tuple[str, str], work: Path) -> Program:
        ready = self._program(*program, work)
        problems = ready.check()
        if problems:
            raise BadInput(*problems)
        return ready

    def _attempt(
        self, step: Step, bench: Bench, answers: Answers, scenario: bytes | None = None
    ) -> Attempt:
        settings = self._settings()
        return Attempt(
            pack=self.pack,
            step=step,
            bench=bench,
            when=wall_time(),
            student=settings.student,
            seat=settings.seat,
            answers=answers,
            scenario=scenario,
        )

    def _attempt_folder(self, step: Step) -> AttemptFolder:
        name = f"{self.pack.id}-{step.id}"
        try:
            return AttemptFolder.make(None, self._paths.attempts, name)
        except LabError as trouble:
            for problem in trouble.problems:
                self._tell(problem)
            return AttemptFolder.make(None, self._paths.spare, name)

    def _sealed(self, path: Path | None, folder: AttemptFolder, failure: Problem | None) -> None:
        """The attempt's thread hands over the sealed file."""
        if path is None:
            self._run.gave_up()
            return
        if failure is not None:
            self._tell(failure)
        self._disk_work.do(lambda: self._grade(folder.keep(path), folder, failure))

    def _grade(self, evidence: Path, folder: AttemptFolder, failure: Problem | None) -> None:
        try:
            done = finish(evidence, self._settings().lang, failure, folder)
        except BaseException:
            self._run.gave_up()
            raise
        finished = Finished(grade=done.grade, evidence=done.evidence, report=done.report)
        step_id = done.grade.step
        result = self._record.keep(finished)
        self.walkthrough = self.walkthrough.with_result(step_id, result)
        self._clear_work()
        self._run.done()
        self._publish(StepsChanged())
        self._publish(AttemptGraded(finished))

    def _clear_work(self) -> None:
        folder, self._work = self._work, None
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)

    def _tell(self, problem: Problem) -> None:
        self._publish(Told(problem))
