"""One step of a pack: its criteria bound to the kit, its questions, wires and answers checked."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from labapp.model.text import Text
from labapp.model.work import marks
from labapp.packs.criteria_part import build_criterion
from labapp.packs.findings import Findings, Loc, exact
from labapp.packs.pack import (
    Answer,
    BenchSpec,
    Connection,
    Forbidden,
    Option,
    Question,
    Statistic,
    Step,
    Terminal,
    Threshold,
)
from labapp.packs.schema import AnswerPart, QuestionPart, StepPart, ThresholdPart
from labapp.profiles.profile import Point, Profile

_STATISTICS: dict[str, Statistic] = {
    "mean": "mean",
    "median": "median",
    "min": "min",
    "max": "max",
    "first": "first",
    "final": "final",
}
# What a step of each kind is judged by; one of them has to be there.
_JUDGED_BY = {
    "read": ("questions",),
    "quiz": ("questions",),
    "wire": ("connections",),
    "connect": ("criteria",),
    "measure": ("answers", "criteria"),
    "program": ("criteria",),
    "challenge": ("criteria",),
}


class StepDraft:
    """One step on its way from file to use; what is wrong goes to ``found``."""

    def __init__(
        self,
        found: Findings,
        profile: Profile,
        members: Mapping[str, bytes],
        objectives: frozenset[str],
        loc: Loc,
        part: StepPart,
    ) -> None:
        self._found = found
        self._profile = profile
        self._members = members
        self._objectives = objectives
        self._loc = loc
        self._part = part

    def finish(self, text: Text) -> Step:
        """Return the step; only good once nothing was noted."""
        part = self._part
        step = Step(
            id=part.id,
            kind=part.kind,
            title=part.title.text,
            minutes=part.minutes,
            points=exact(part.points),
            text=text,
            group=part.group,
            figure=part.figure,
            bench=BenchSpec(preset=part.bench.preset, stimuli=tuple(part.bench.stimuli)),
            scenario=part.scenario,
            rehearsal=part.rehearsal,
            seed=part.seed,
            duration_us=self._found.duration(part.duration, self._at("duration"))
            if part.duration
            else 0,
            criteria=tuple(
                c
                for n, p in enumerate(part.criteria)
                if (c := build_criterion(self._found, self._profile, self._at("criteria", n), p))
            ),
            questions=tuple(self._question(n, q) for n, q in enumerate(part.questions)),
            terminals=self._terminals(),
            connections=self._connections(),
            forbidden=self._forbidden(),
            answers=tuple(a for n, p in enumerate(part.answers) if (a := self._answer(n, p))),
            hints=tuple(hint.text for hint in part.hints),
            thresholds=tuple(
                t for n, p in enumerate(part.thresholds) if (t := self._threshold(n, p))
            ),
            plots=tuple(part.plots),
        )
        self._check(step)
        return step

    def _at(self, *inner: str | int) -> Loc:
        return (*self._loc, *inner)

    def _check(self, step: Step) -> None:
        self._check_judged()
        self._check_points()
        self._check_ids()
        self._check_scenario()
        self._check_objectives()
        for n, name in enumerate(step.plots):
            self._point(name, self._at("plots", n))
        if step.kind == "challenge" and (step.scenario is None or not step.duration_us):
            self._found.say(
                "P-CHALLENGE",
                self._at("id"),
                "挑战要写 scenario 和 duration。",
                "A challenge needs a scenario and a duration.",
            )

    def _check_judged(self) -> None:
        part = self._part
        wanted = _JUDGED_BY[part.kind]
        if not any(getattr(part, name) for name in wanted):
            names = " / ".join(wanted)
            self._found.say(
                "P-NOT-JUDGED",
                self._at("id"),
                f"步骤 {part.id} 没有可评分的内容。{part.kind} 步骤要写 {names}。",
                f"Nothing in step {part.id} can be judged. A {part.kind} step needs {names}.",
            )

    def _check_points(self) -> None:
        part = self._part
        worth = [c.score.points for c in part.criteria]
        worth += [q.points for q in part.questions]
        worth += [c.points for c in part.connections]
        worth += [a.points for a in part.answers]
        total = sum((exact(points) for points in worth), Fraction(0))
        if worth and total != exact(part.points):
            self._found.say(
                "P-POINTS",
                self._at("points"),
                f"各项合计 {marks(total)} 分，步骤写的是 {marks(exact(part.points))} 分。改成一致。",
                f"The items add up to {marks(total)}, but the step says"
                f" {marks(exact(part.points))}. Make them agree.",
            )

    def _check_ids(self) -> None:
        part = self._part
        judged = [(c.id, self._at("criteria", n, "id")) for n, c in enumerate(part.criteria)]
        judged += [(q.id, self._at("questions", n, "id")) for n, q in enumerate(part.questions)]
        judged += [(c.id, self._at("connections", n, "id")) for n, c in enumerate(part.connections)]
        judged += [(a.id, self._at("answers", n, "id")) for n, a in enumerate(part.answers)]
        self._found.unique("P-TWICE", judged)
        self._found.unique(
            "P-TWICE",
            [(t.id, self._at("terminals", n, "id")) for n, t in enumerate(part.terminals)],
        )

    def _check_scenario(self) -> None:
        known = [
            name.removeprefix("scenarios/").removesuffix(".yaml")
            for name in sorted(self._members)
            if name.startswith("scenarios/") and name.endswith(".yaml")
        ]
        for key in ("scenario", "rehearsal"):
            named = getattr(self._part, key)
            if named is not None and named not in known:
                self._found.unknown(
                    "P-SCENARIO", self._at(key), Text("场景", "scenario"), named, known
                )

    def _check_objectives(self) -> None:
        part = self._part
        named = [(c.objectives, "criteria", n) for n, c in enumerate(part.criteria)]
        named += [(q.objectives, "questions", n) for n, q in enumerate(part.questions)]
        named += [(a.objectives, "answers", n) for n, a in enumerate(part.answers)]
        named += [(c.objectives, "connections", n) for n, c in enumerate(part.connections)]
        for weights, kind, n in named:
            for name in weights:
                if name not in self._objectives:
                    loc = self._at(kind, n, "objectives", name)
                    self._found.unknown(
                        "P-OBJECTIVE",
                        loc,
                        Text("目标", "objective"),
                        name,
                        sorted(self._objectives),
                    )

    def _question(self, n: int, part: QuestionPart) -> Question:
        key = [part.key] if isinstance(part.key, str) else part.key
        options = [option.id for option in part.options]
        self._found.unique(
            "P-TWICE",
            [(o, self._at("questions", n, "options", i, "id")) for i, o in enumerate(options)],
        )
        for chosen in key:
            if chosen not in options:
                self._found.unknown(
                    "P-KEY",
                    self._at("questions", n, "key"),
                    Text("选项", "option"),
                    chosen,
                    options,
                )
        return Question(
            id=part.id,
            text=part.text.text,
            options=tuple(Option(id=o.id, text=o.text.text) for o in part.options),
            key=frozenset(key),
            explain=part.explain.text,
            points=exact(part.points),
            many=not isinstance(part.key, str),
            objectives=_weights(part.objectives),
        )

    def _terminals(self) -> tuple[Terminal, ...]:
        return tuple(
            Terminal(id=t.id, name=t.name.text, at=(t.at[0], t.at[1])) for t in self._part.terminals
        )

    def _connections(self) -> tuple[Connection, ...]:
        made = []
        for n, part in enumerate(self._part.connections):
            a, b = self._ends(part.ends, self._at("connections", n, "ends"))
            made.append(
                Connection(
                    id=part.id,
                    title=part.title.text,
                    a=a,
                    b=b,
                    points=exact(part.points),
                    objectives=_weights(part.objectives),
                )
            )
        return tuple(made)

    def _forbidden(self) -> tuple[Forbidden, ...]:
        made = []
        for n, part in enumerate(self._part.forbidden):
            a, b = self._ends(part.ends, self._at("forbidden", n, "ends"))
            cap = self._found.share(part.cap, self._at("forbidden", n, "cap"))
            made.append(Forbidden(a=a, b=b, cap=cap, why=part.why.text))
        return tuple(made)

    def _ends(self, ends: list[str], loc: Loc) -> tuple[str, str]:
        known = [terminal.id for terminal in self._part.terminals]
        for n, end in enumerate(ends):
            if end not in known:
                self._found.unknown("P-TERMINAL", (*loc, n), Text("端子", "terminal"), end, known)
        return ends[0], ends[1]

    def _answer(self, n: int, part: AnswerPart) -> Answer | None:
        statistic, _, name = part.value.removesuffix(")").partition("(")
        point = self._point(name, self._at("answers", n, "value"))
        if point is None:
            return None
        tolerance = self._found.amount(
            part.tolerance, point.unit, self._at("answers", n, "tolerance"), difference=True
        )
        zero_at = self._found.amount(
            part.zero_at, point.unit, self._at("answers", n, "zero_at"), difference=True
        )
        if not 0 <= tolerance < zero_at:
            self._found.say(
                "P-TOLERANCE",
                self._at("answers", n, "zero_at"),
                "zero_at 要比 tolerance 大。",
                "zero_at has to be more than tolerance.",
            )
        return Answer(
            id=part.id,
            title=part.title.text,
            point=name,
            statistic=_STATISTICS[statistic],
            unit=point.unit,
            decimals=part.decimals,
            tolerance=tolerance,
            zero_at=zero_at,
            points=exact(part.points),
            objectives=_weights(part.objectives),
        )

    def _threshold(self, n: int, part: ThresholdPart) -> Threshold | None:
        point = self._point(part.point, self._at("thresholds", n, "point"))
        if point is None:
            return None
        value = self._found.amount(part.value, point.unit, self._at("thresholds", n, "value"))
        return Threshold(point=part.point, value=float(value), label=part.label.text)

    def _point(self, name: str, loc: Loc) -> Point | None:
        point = self._profile.point(name)
        if point is None:
            known = [p.id for p in self._profile.points]
            self._found.unknown("P-POINT", loc, Text("点位", "point"), name, known)
        return point


def _weights(part: dict[str, int | float]) -> tuple[tuple[str, Fraction], ...]:
    return tuple((name, exact(weight)) for name, weight in sorted(part.items()))
