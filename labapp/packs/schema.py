"""The form of ``pack.yaml`` (``labapp.pack/1``): what may stand where, before its meaning is checked."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from labapp.profiles import document
from labapp.profiles.document import Part

Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*([-_][a-z0-9]+)*$", max_length=60)]
PointId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
# A change that ``pack test`` makes to a recording, such as ``fan.overstays``.
ChangeId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_.-]*$", max_length=80)]
MemberName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_\-./]*$", max_length=120)]
Number = Annotated[float, Field(allow_inf_nan=False, ge=-1e12, le=1e12)]
Points = Annotated[int | float, Field(ge=0, le=1000, allow_inf_nan=False)]
Amount = Annotated[str, Field(min_length=1, max_length=40)]
Duration = Annotated[str, Field(min_length=1, max_length=20)]


class Words(document.Words):
    """A text in both languages; neither may be empty."""

    zh: Annotated[str, Field(min_length=1, max_length=4000)]
    en: Annotated[str, Field(min_length=1, max_length=4000)]


class TitledPart(Part):
    id: Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]*$", max_length=40)]
    title: Words


class NeedsPart(Part):
    episodes: Annotated[int, Field(ge=0, le=1000)] = 1
    spaced: Duration = "0 s"


class GatePart(Part):
    cap: Amount


class ScorePart(Part):
    points: Points
    by: Literal["all", "episodes", "time"] = "all"
    zero_at: Amount | None = None
    gate: GatePart | None = None


class CriterionPart(Part):
    id: Id
    title: Words
    check: Annotated[str, Field(min_length=1, max_length=1000)]
    needs: NeedsPart = NeedsPart()
    score: ScorePart
    doubt: Duration = "0 s"
    objectives: dict[str, Points] = {}
    hint: Words | None = None


class OptionPart(Part):
    id: Id
    text: Words


class QuestionPart(Part):
    id: Id
    text: Words
    options: Annotated[list[OptionPart], Field(min_length=2, max_length=8)]
    key: Id | Annotated[list[Id], Field(min_length=1, max_length=8)]
    explain: Words
    points: Points
    objectives: dict[str, Points] = {}


class TerminalPart(Part):
    id: Id
    name: Words
    at: Annotated[list[Number], Field(min_length=2, max_length=2)]


class ConnectionPart(Part):
    id: Id
    title: Words
    ends: Annotated[list[Id], Field(min_length=2, max_length=2)]
    points: Points
    objectives: dict[str, Points] = {}


class ForbiddenPart(Part):
    ends: Annotated[list[Id], Field(min_length=2, max_length=2)]
    cap: Amount
    why: Words


class AnswerPart(Part):
    id: Id
    title: Words
    value: Annotated[str, Field(pattern=r"^(mean|median|min|max|first|final)\([a-z][a-z0-9_]*\)$")]
    tolerance: Amount
    zero_at: Amount
    decimals: Annotated[int, Field(ge=0, le=6)] = 1
    points: Points
    objectives: dict[str, Points] = {}


class ThresholdPart(Part):
    point: PointId
    value: Amount
    label: Words


class BenchPart(Part):
    preset: Id | None = None
    stimuli: Annotated[list[Id], Field(max_length=20)] = []


class StepPart(Part):
    id: Id
    kind: Literal["read", "wire", "connect", "measure", "quiz", "program", "challenge"]
    title: Words
    minutes: Annotated[int, Field(ge=1, le=600)]
    points: Points
    text: MemberName
    group: str | None = None
    figure: MemberName | None = None
    bench: BenchPart = BenchPart()
    scenario: Id | None = None
    rehearsal: Id | None = None
    seed: Annotated[int, Field(ge=0, lt=2**31)] = 1
    duration: Duration | None = None
    criteria: Annotated[list[CriterionPart], Field(max_length=50)] = []
    questions: Annotated[list[QuestionPart], Field(max_length=50)] = []
    terminals: Annotated[list[TerminalPart], Field(max_length=100)] = []
    connections: Annotated[list[ConnectionPart], Field(max_length=100)] = []
    forbidden: Annotated[list[ForbiddenPart], Field(max_length=100)] = []
    answers: Annotated[list[AnswerPart], Field(max_length=20)] = []
    hints: Annotated[list[Words], Field(max_length=10)] = []
    thresholds: Annotated[list[ThresholdPart], Field(max_length=20)] = []
    plots: Annotated[list[PointId], Field(max_length=20)] = []


class WrongPart(Part):
    file: MemberName
    about: Words
    loses: dict[Id, Annotated[list[Id], Field(max_length=50)]]


class ToleratedPart(Part):
    changes: Annotated[list[ChangeId], Field(min_length=1, max_length=100)]
    why: Words


class SolutionsPart(Part):
    reference: MemberName | Annotated[list[MemberName], Field(min_length=1, max_length=10)]
    wrong: Annotated[list[WrongPart], Field(max_length=50)] = []
    tolerated: Annotated[list[ToleratedPart], Field(max_length=50)] = []


class PackFile(Part):
    """The whole of ``pack.yaml``."""

    schema_: Literal["labapp.pack/1"] = Field(alias="schema")
    id: Id
    version: Annotated[str, Field(pattern=r"^\d{1,5}\.\d{1,5}\.\d{1,5}$")]
    title: Words
    summary: Words
    kit: Id
    minutes: Annotated[int, Field(ge=1, le=6000)]
    pass_mark: Amount = "60 %"
    objectives: Annotated[list[TitledPart], Field(max_length=30)] = []
    groups: Annotated[list[TitledPart], Field(max_length=30)] = []
    steps: Annotated[list[StepPart], Field(min_length=1, max_length=60)]
    solutions: SolutionsPart | None = None
