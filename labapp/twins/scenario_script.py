"""Turns the steps of a scenario into cues that the engine can follow, for one kit and one draw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from labapp.model.text import Text
from labapp.model.trouble import BadInput, Problem
from labapp.profiles.document import Document
from labapp.profiles.yaml_reader import Loc
from labapp.twins.conditions import PointFacts, parse_when
from labapp.twins.scenario_file import Step
from labapp.twins.script import Condition, Cue, Script
from labapp.twins.stimuli import Deed, Value
from labapp.twins.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Kit:
    """What a scenario may speak of: a kit's vocabulary and its points."""

    vocabulary: Vocabulary
    points: Mapping[str, PointFacts]


def write_script(
    scenario: str,
    steps: Sequence[Step],
    init: Mapping[str, Value],
    draws: Mapping[str, Value],
    kit: Kit,
    document: Document,
) -> Script:
    """Return the script of a scenario whose open values are ``draws``.

    Raises:
        BadInput: with every step that the kit cannot follow, at its line and column.
    """
    writer = _Writer(draws, kit, document)
    starts = {name: writer.starting(name, value) for name, value in init.items()}
    cues = tuple(writer.cue(step) for step in steps)
    if writer.problems:
        raise BadInput(*writer.problems)
    return Script(cues=cues, init=starts, scenario=scenario)


class _Writer:
    def __init__(self, draws: Mapping[str, Value], kit: Kit, document: Document) -> None:
        self._draws = draws
        self._kit = kit
        self._document = document
        self.problems: list[Problem] = []

    def starting(self, name: str, value: Value) -> Value:
        try:
            return self._kit.vocabulary.starting(name, self._drawn(value))
        except BadInput as trouble:
            self._tell(trouble, ("init",), name)
            return 0.0

    def cue(self, step: Step) -> Cue:
        every = self._time(step.every)
        at = self._time(step.at)
        return Cue(
            deed=self._deed(step),
            at_us=at if at is not None else (every or 0),
            every_us=every,
            for_us=self._lasting(step),
            when=self._condition(step),
            mark=step.mark,
            text=step.text,
        )

    def _deed(self, step: Step) -> Deed | None:
        if step.do is None:
            return None
        args = {name: self._drawn(value) for name, value in step.args.items()}
        try:
            return self._kit.vocabulary.deed(step.do, args)
        except BadInput as trouble:
            self._tell(trouble, step.loc(), "do")
            return None

    def _lasting(self, step: Step) -> int | None:
        words = self._kit.vocabulary
        is_known = step.do is not None and step.do in words.deeds
        if step.for_ is not None and step.do is not None and is_known and not words.lasts(step.do):
            message = Text(
                f"{step.do} 是一瞬间的事，去掉 for。",
                f"{step.do} takes no time; leave for out.",
            )
            self.problems.append(
                self._document.problem("T-FOR", step.loc("for"), message, key=True)
            )
        return self._time(step.for_)

    def _condition(self, step: Step) -> Condition | None:
        if step.when is None:
            return None
        try:
            return parse_when(step.when, self._kit.points)
        except BadInput as trouble:
            loc = step.loc("when")
            self.problems += [self._document.inside(loc, each) for each in trouble.problems]
            return None

    def _drawn(self, value: Value | bool) -> Value | bool:
        if isinstance(value, str) and value.startswith("$"):
            return self._draws[value[1:]]
        return value

    def _time(self, value: Value | None) -> int | None:
        drawn = value if value is None else self._drawn(value)
        return None if drawn is None else int(drawn)

    def _tell(self, trouble: BadInput, loc: Loc, fallback: str) -> None:
        for problem in trouble.problems:
            at = (*loc, problem.path or fallback)
            self.problems.append(self._document.problem(problem.code, at, problem.message))
