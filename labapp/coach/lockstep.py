"""An attempt on a twin in this process, as fast as the machine can: real bytes, virtual time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from labapp.coach.answers import Answers
from labapp.coach.bench_access import BenchAccess
from labapp.coach.elsewhere import OnProblem, finish_somewhere, seal_somewhere
from labapp.coach.sealing import Attempt
from labapp.kits.master import ModbusMaster
from labapp.kits.modbus_kit import ModbusKit, WriteResult
from labapp.model.bench import Bench, BenchKind
from labapp.model.reading import Event
from labapp.packs.pack import Pack, Step
from labapp.programs.program import Program, ProgramState
from labapp.session.hub import SampleHub
from labapp.store.recording import RecordingWriter
from labapp.twins.engine import TICK_US, Twin
from labapp.twins.inprocess import InProcessIO
from labapp.twins.memory import TwinMemory
from labapp.twins.registry import make_twin
from labapp.twins.scenario import Scenario, load_scenario, read_scenario

Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class LockstepPlan:
    """What to attempt. Without ``scenario`` and ``seed`` the step's own are used.

    ``duration_us`` 0 means the step's, else the scenario's.
    """

    pack: Pack
    step: Step
    scenario: str | None = None
    seed: int | None = None
    answers: Answers = Answers()
    duration_us: int = 0
    when: str = ""
    student: str = ""
    seat: str = ""

    @property
    def chosen_seed(self) -> int:
        """The seed that was asked for, else the step's."""
        return self.step.seed if self.seed is None else self.seed

    @property
    def chosen_scenario(self) -> str | None:
        """The scenario that was asked for, else the step's, else its rehearsal."""
        return self.scenario or self.step.scenario or self.step.rehearsal


def run_lockstep(
    plan: LockstepPlan,
    folder: Path,
    program: Program | None = None,
    progress: Progress | None = None,
    *,
    spare: Path | None = None,
    on_problem: OnProblem = lambda _problem: None,
) -> Path:
    """Run the attempt in virtual time and return its sealed evidence in ``folder``.

    The same plan and program give the same recording on every machine. The program is
    stopped and the kit made safe whatever happens; Ctrl-C seals what there is by then. What
    the folder does not take is kept in ``spare``, and ``on_problem`` is told.

    Raises:
        BadInput: no such scenario, or it does not fit the kit.
        LabError: the folder cannot be written.
    """
    scenario = find_scenario(plan.pack, plan.chosen_scenario)
    twin = make_twin(plan.pack.profile, plan.chosen_seed, scenario, plan.step.bench.preset)
    bench = LockstepBench(plan.pack, twin, program)
    attempt = _attempt(plan, twin, scenario)
    writer = RecordingWriter(folder)
    writer.start(attempt.meta)
    bench.hub.add(writer)
    end_us = plan.duration_us or plan.step.duration_us or (scenario.duration_us if scenario else 0)
    try:
        ended_us = _lived(bench, end_us, progress)
        recorded = finish_somewhere(writer, ended_us, spare, on_problem)
    except BaseException:
        writer.abandon()
        raise
    finally:
        bench.end()
    return seal_somewhere(attempt, recorded, program, spare, on_problem)


def _lived(bench: LockstepBench, end_us: int, progress: Progress | None) -> int:
    """Let the bench live until ``end_us`` or Ctrl-C; return when that was."""
    try:
        bench.run_to(end_us, progress)
    except KeyboardInterrupt:
        return bench.now_us()
    return end_us


def _attempt(plan: LockstepPlan, twin: Twin, scenario: Scenario | None) -> Attempt:
    bench = Bench(
        kind=BenchKind.TWIN,
        profile=plan.pack.profile.id,
        link="twin:",
        unit=plan.pack.profile.modbus.unit,
        seed=twin.seed,
        scenario=None if scenario is None else scenario.id,
        clock="lockstep",
    )
    return Attempt(
        pack=plan.pack,
        step=plan.step,
        bench=bench,
        when=plan.when,
        student=plan.student,
        seat=plan.seat,
        answers=plan.answers,
        scenario=None if scenario is None else scenario.source,
    )


class LockstepBench:
    """A twin, the link to it and a program, in one thread; time moves only in ``run_to``."""

    def __init__(self, pack: Pack, twin: Twin, program: Program | None) -> None:
        profile = pack.profile
        framing = profile.transport.variants[0].framing
        self.hub = SampleHub()
        self._twin = twin
        self._program = program
        self._now_us = 0
        self._told = 0
        self._was_running = program is not None
        wire = InProcessIO(TwinMemory(profile, twin), framing)
        master = ModbusMaster(wire, framing, now=self.now_us)
        self._kit = ModbusKit(profile, master, now_us=self.now_us)
        self._access = BenchAccess(profile, self._drive, self.now_us)
        self.hub.add(self._access)
        if program is not None:
            program.report_to(self.hub.event)

    def now_us(self) -> int:
        """Return the virtual time, microseconds from the start."""
        return self._now_us

    def run_to(self, end_us: int, progress: Progress | None = None) -> None:
        """Live from now until ``end_us``, in ticks."""
        for tick in range(self._now_us // TICK_US, end_us // TICK_US + 1):
            self._now_us = tick * TICK_US
            self._step()
            if progress is not None and tick % 100 == 0:
                progress(self._now_us / max(1, end_us))

    def end(self) -> None:
        """Stop the program and bring the kit to its safe state; may be called at any time."""
        if self._program is not None:
            self._program.stop()
        self._kit.make_safe()

    def _step(self) -> None:
        self._twin.run_to(self._now_us)
        self._pass_on_events()
        if self._kit.next_due_us() <= self._now_us:
            for result in self._kit.end_overdue():
                self._tell_write(result, "limit")
            self.hub.take(self._kit.poll_due())
        if self._program is not None and self._was_running:
            self._program.advance(self._now_us, self._access)
            self._see_to_its_end(self._program)

    def _see_to_its_end(self, program: Program) -> None:
        """A program that ended or failed leaves the kit safe, at that instant."""
        if program.state in (ProgramState.READY, ProgramState.RUNNING):
            return
        self._was_running = False
        said = {"state": program.state.value}
        self.hub.event(Event(self._now_us, "program", dict(said)))
        for result in self._kit.make_safe():
            self._tell_write(result, "safety")

    def _drive(self, point: str, value: float) -> WriteResult:
        result = self._kit.write(point, value, "program")
        self._tell_write(result, "program")
        return result

    def _tell_write(self, result: WriteResult, who: str) -> None:
        self.hub.event(write_event(self._now_us, result, who))

    def _pass_on_events(self) -> None:
        fresh = self._twin.events[self._told :]
        self._told = len(self._twin.events)
        for event in fresh:
            self.hub.event(event)


def write_event(t_us: int, result: WriteResult, who: str) -> Event:
    """Return what a recording keeps of a write."""
    return Event(
        t_us,
        "write",
        {"point": result.point, "value": result.value, "result": result.outcome.value, "who": who},
    )


def find_scenario(pack: Pack, asked: str | None) -> Scenario | None:
    """Return a scenario of the pack by id, a shipped one, or a file; ``None`` where none is asked for.

    Raises:
        BadInput: there is none of that name, or it has mistakes.
    """
    if asked is None:
        return None
    member = f"scenarios/{asked}.yaml"
    if member in pack.members:
        name = str(pack.folder / member) if pack.folder is not None else member
        return read_scenario(name, pack.members[member].decode("utf-8"))
    return load_scenario(asked, [] if pack.folder is None else [pack.folder])
