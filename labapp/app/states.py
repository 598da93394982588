"""What the faces show: frozen pictures of projects, bench and run, and the news about them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Literal

from labapp.model.text import Text

if TYPE_CHECKING:
    from pathlib import Path

    from labapp.kits.write_result import WriteResult
    from labapp.model.bench import Bench
    from labapp.model.reading import Event
    from labapp.model.trouble import Problem
    from labapp.model.work import Grade, Item


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectCard:
    """One project on the home screen. A broken one carries its problems instead of steps."""

    id: str
    title: Text
    summary: Text
    kit: str
    minutes: int
    done: int
    total: int
    points: str
    max: str
    state: Literal["new", "running", "done", "broken"]
    next_step: Text | None = None
    problems: tuple[Problem, ...] = ()


class BenchPhase(StrEnum):
    """How the bench stands."""

    NONE = "none"
    CONNECTING = "connecting"
    ONLINE = "online"
    DEGRADED = "degraded"
    LOST = "lost"
    GAVE_UP = "gave_up"


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchState:
    """The link as people see it. ``loss`` is a share of 1; ``detail`` tells of connecting."""

    phase: BenchPhase = BenchPhase.NONE
    bench: Bench | None = None
    url: str = ""
    message: Text = field(default=Text("未连接套件", "No kit connected"))
    detail: tuple[Text, ...] = ()
    rtt_ms: float | None = None
    loss: float = 0.0
    rate_hz: float = 0.0
    attempts: int = 0
    lost_since_us: int | None = None


class RunPhase(StrEnum):
    """How far an attempt is."""

    IDLE = "idle"
    STARTING = "starting"
    RUNNING = "running"
    GRADING = "grading"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleTruth:
    """One rule while it runs: whether its condition holds, and the values it looks at."""

    name: Text
    truth: bool | None
    now: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramState:
    """A student's program while it runs."""

    kind: Literal["", "rules", "python"] = ""
    phase: Literal["none", "running", "ended", "failed", "stopped"] = "none"
    output: str = ""
    failure: Problem | None = None
    rules: tuple[RuleTruth, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RunState:
    """An attempt while it runs, with its verdicts so far; times in microseconds.

    ``origin_us`` is the sitting's time at which the attempt began: its items and
    ``elapsed_us`` count from there.
    """

    phase: RunPhase = RunPhase.IDLE
    step: str = ""
    total_us: int | None = None
    elapsed_us: int = 0
    origin_us: int = 0
    items: tuple[Item, ...] = ()
    program: ProgramState = field(default_factory=ProgramState)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """A graded attempt, and where its evidence and report lie."""

    grade: Grade
    evidence: Path
    report: Path


@dataclass(frozen=True, slots=True)
class ProjectsChanged:
    """The list of projects, or how far they are, is new."""


@dataclass(frozen=True, slots=True)
class StepsChanged:
    """A step was passed, unlocked or selected."""


@dataclass(frozen=True, slots=True)
class BenchChanged:
    """The link stands otherwise than before."""

    state: BenchState


@dataclass(frozen=True, slots=True)
class RunChanged:
    """The attempt moved on."""

    state: RunState


@dataclass(frozen=True, slots=True)
class AttemptGraded:
    """An attempt was sealed and graded."""

    finished: Finished


@dataclass(frozen=True, slots=True)
class Noted:
    """Something happened on the bench that the plot marks."""

    event: Event


@dataclass(frozen=True, slots=True)
class Told:
    """Something that the user should read."""

    problem: Problem


@dataclass(frozen=True, slots=True)
class WriteDone:
    """A value that the user set by hand reached the kit, or did not."""

    result: WriteResult


AppEvent = (
    ProjectsChanged
    | StepsChanged
    | BenchChanged
    | RunChanged
    | AttemptGraded
    | Noted
    | Told
    | WriteDone
)
