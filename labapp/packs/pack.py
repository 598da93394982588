"""A project pack as the rest of the app works with it: frozen, checked, bound to its kit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Literal

from labapp.criteria.bind import BoundCheck
from labapp.model.text import Text
from labapp.profiles.profile import Profile

StepKind = Literal["read", "wire", "connect", "measure", "quiz", "program", "challenge"]
ScoreBy = Literal["all", "episodes", "time"]
Statistic = Literal["mean", "median", "min", "max", "first", "final"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Titled:
    """An objective, or a group of steps in the step list."""

    id: str
    title: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What a criterion is worth. ``cap`` limits the whole step to that share when it is not met."""

    points: Fraction
    by: ScoreBy = "all"
    zero_at: Fraction | None = None
    cap: Fraction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """A timed promise of one step, parsed and bound to the kit's points.

    ``episodes`` and ``spaced_us`` say how often it has to be put to the test before it counts.
    """

    id: str
    title: Text
    check: str
    bound: BoundCheck
    horizon_us: tuple[int, int]
    score: Score
    episodes: int = 1
    spaced_us: int = 0
    doubt_us: int = 0
    objectives: tuple[tuple[str, Fraction], ...] = ()
    hint: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One choice of a question."""

    id: str
    text: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question with options; ``key`` is what has to be chosen, all of it and nothing else.

    With ``many`` each option that is rightly chosen or rightly left out earns its share.
    """

    id: str
    text: Text
    options: tuple[Option, ...]
    key: frozenset[str]
    explain: Text
    points: Fraction
    many: bool = False
    objectives: tuple[tuple[str, Fraction], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Terminal:
    """A screw or socket in the wiring figure; ``at`` is its centre in the figure's units."""

    id: str
    name: Text
    at: tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """A wire that has to be there, between terminals ``a`` and ``b`` in either order."""

    id: str
    title: Text
    a: str
    b: str
    points: Fraction
    objectives: tuple[tuple[str, Fraction], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Forbidden:
    """A wire that does harm; one such wire limits the step to ``cap`` of its points."""

    a: str
    b: str
    cap: Fraction
    why: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A number that the student reads off the own recording.

    The right value is ``statistic`` of ``point`` over that recording; full points within
    ``tolerance``, none from ``zero_at`` on, in between in proportion; all in ``unit``.
    """

    id: str
    title: Text
    point: str
    statistic: Statistic
    unit: str
    decimals: int
    tolerance: Fraction
    zero_at: Fraction
    points: Fraction
    objectives: tuple[tuple[str, Fraction], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """A line drawn across a plot; ``value`` is in the point's unit."""

    point: str
    value: float
    label: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchSpec:
    """How the simulated bench is set up, and what a click on it may do."""

    preset: str | None = None
    stimuli: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One screen of a pack.

    ``duration_us`` is how long an attempt records, 0 where the student ends it. ``rehearsal``
    is the scenario that stands in for the student's own hands where nobody is at the window.
    """

    id: str
    kind: StepKind
    title: Text
    minutes: int
    points: Fraction
    text: Text
    group: str | None = None
    figure: str | None = None
    bench: BenchSpec = BenchSpec()
    scenario: str | None = None
    rehearsal: str | None = None
    seed: int = 1
    duration_us: int = 0
    criteria: tuple[Criterion, ...] = ()
    questions: tuple[Question, ...] = ()
    terminals: tuple[Terminal, ...] = ()
    connections: tuple[Connection, ...] = ()
    forbidden: tuple[Forbidden, ...] = ()
    answers: tuple[Answer, ...] = ()
    hints: tuple[Text, ...] = ()
    thresholds: tuple[Threshold, ...] = ()
    plots: tuple[str, ...] = ()

    @property
    def needs_recording(self) -> bool:
        """Whether the step is judged on readings, not on answers alone."""
        return bool(self.criteria or self.answers)

    @property
    def pre_roll_us(self) -> int:
        """How much must be recorded before the attempt so that every criterion can look back."""
        return max((c.horizon_us[0] for c in self.criteria), default=0)

    @property
    def post_roll_us(self) -> int:
        """How much must be recorded after the attempt so that every deadline can run out."""
        return max((c.horizon_us[1] for c in self.criteria), default=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongSolution:
    """A mistake that students make: ``loses`` names, by step, the items that must lose marks."""

    file: str
    about: Text
    loses: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Solutions:
    """Programs that show that the rubric works: paths of pack members.

    ``tolerated`` are changes of a recording that need not cost marks, such as ``fan.overstays``.
    """

    reference: tuple[str, ...] = ()
    wrong: tuple[WrongSolution, ...] = ()
    tolerated: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """One project: steps, figures, scenarios, solutions, and the kit that it is for.

    ``members`` are the files by their name inside the pack; ``sha256`` is of the whole tree
    and ``rubric_sha256`` of all but the solutions, both independent of line ends.
    """

    id: str
    version: str
    title: Text
    summary: Text
    minutes: int
    pass_mark: Fraction
    objectives: tuple[Titled, ...]
    groups: tuple[Titled, ...]
    steps: tuple[Step, ...]
    solutions: Solutions
    profile: Profile
    members: Mapping[str, bytes] = field(repr=False)
    sha256: str
    rubric_sha256: str
    folder: Path | None = None

    def step(self, step_id: str) -> Step | None:
        """Return the step of that id, or ``None``."""
        return next((step for step in self.steps if step.id == step_id), None)

    @property
    def kit(self) -> str:
        """The id of the kit's profile."""
        return self.profile.id

    @property
    def points(self) -> Fraction:
        """The marks of all steps together."""
        return sum((step.points for step in self.steps), Fraction(0))

    @property
    def first_scenario_step(self) -> Step | None:
        """The step that an attempt without a named step is about."""
        return next((step for step in self.steps if step.scenario is not None), None)

    def figure(self, name: str) -> bytes | None:
        """Return a figure's SVG, already checked, or ``None`` where the pack has none of that name."""
        return self.members.get(name) if name.endswith(".svg") else None
