"""Rules as students write them in YAML, read and checked against a kit's points."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import Field, field_validator

from labapp.criteria.bind import BoundCondition
from labapp.criteria.online import OnlineCondition
from labapp.model.duration import parse_duration_us
from labapp.model.text import Text
from labapp.model.trouble import BadInput, Problem
from labapp.profiles.document import Document, Part, Words, parse_document
from labapp.programs.following import MOST_CONDITIONS, bound_condition
from labapp.programs.kit_access import PointFacts, Value, WriteRefused, accept

DEFAULT_PERIOD = "100 ms"
LEAST_PERIOD_US, MOST_PERIOD_US = 10_000, 3_600_000_000
"""From the twins' tick to an hour."""

Settings = tuple[tuple[str, Value], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule: what it drives while its condition holds, and what while it does not."""

    name: Text
    when: str
    condition: BoundCondition
    then: Settings
    otherwise: Settings
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSet:
    """The rules of a file, the first one the most important; looked at every ``period_us``."""

    rules: tuple[Rule, ...]
    period_us: int
    file: str


class _RulePart(Part):
    name: Words | None = None
    when: str
    then: dict[str, Any]
    else_: dict[str, Any] = Field(default_factory=dict, alias="else")

    @field_validator("name", mode="before")
    @classmethod
    def _one_language(cls, name: object) -> object:
        """Take a name that is written once for both languages."""
        return {"zh": name, "en": name} if isinstance(name, str) else name


class _RulesPart(Part):
    rules: list[_RulePart]
    period: str = DEFAULT_PERIOD


def read_rules(source: bytes, filename: str, points: Mapping[str, PointFacts]) -> RuleSet:
    """Return the rules of a file.

    Raises:
        BadInput: everything in it that keeps it from running, each with its line and column.
    """
    document = parse_document(filename, source)
    written = document.check(_RulesPart)
    reading = _Reading(document, points)
    period_us = reading.period(written.period)
    rules = [reading.rule(n, part) for n, part in enumerate(written.rules)]
    reading.count(len(rules))
    if reading.problems:
        raise BadInput(*sorted(reading.problems, key=lambda p: (p.line or 0, p.column or 0)))
    return RuleSet(
        rules=tuple(rule for rule in rules if rule is not None),
        period_us=period_us,
        file=filename,
    )


class _Reading:
    """Collects the rules of one document, and everything that is wrong with them."""

    def __init__(self, document: Document, points: Mapping[str, PointFacts]) -> None:
        self.problems: list[Problem] = []
        self._document = document
        self._points = points

    def period(self, text: str) -> int:
        try:
            period_us = parse_duration_us(text)
        except ValueError:
            period_us = -1
        if not LEAST_PERIOD_US <= period_us <= MOST_PERIOD_US:
            message = Text(
                f"period 写的是 {text}，要一个 10 ms 到 1 h 的时间，例如 100 ms。",
                f"period is {text}; it needs a time from 10 ms to 1 h, such as 100 ms.",
            )
            self.problems.append(self._document.problem("rules.period", ("period",), message))
        return period_us

    def count(self, rules: int) -> None:
        if rules > MOST_CONDITIONS:
            message = Text(
                f"有 {rules} 条规则，最多 {MOST_CONDITIONS} 条。把相近的合并成一条。",
                f"There are {rules} rules, {MOST_CONDITIONS} at most. Join those that are alike.",
            )
            self.problems.append(self._document.problem("rules.many", ("rules",), message))

    def rule(self, n: int, part: _RulePart) -> Rule | None:
        loc = ("rules", n)
        condition = self._condition((*loc, "when"), part.when)
        then = self._settings((*loc, "then"), part.then)
        otherwise = self._settings((*loc, "else"), part.else_)
        if condition is None:
            return None
        number = n + 1
        return Rule(
            name=Text(f"规则 {number}", f"Rule {number}") if part.name is None else part.name.text,
            when=part.when,
            condition=condition,
            then=then,
            otherwise=otherwise,
            line=self._document.position(loc)[0],
        )

    def _settings(self, loc: tuple[str | int, ...], written: Mapping[str, Any]) -> Settings:
        settings: list[tuple[str, Value]] = []
        for point, value in written.items():
            try:
                settings.append((point, accept(point, value, self._points)))
            except WriteRefused as refused:
                at_key = point not in self._points or not self._points[point].is_driven
                self.problems.append(
                    self._document.problem("rules.value", (*loc, point), refused.reason, key=at_key)
                )
        return tuple(settings)

    def _condition(self, loc: tuple[str | int, ...], text: str) -> BoundCondition | None:
        try:
            bound = bound_condition(text, self._points)
            OnlineCondition(bound)  # some conditions can be judged on recordings only
        except BadInput as trouble:
            self.problems += [self._document.inside(loc, problem) for problem in trouble.problems]
            return None
        return bound
