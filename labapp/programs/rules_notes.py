"""What can be seen of rules before they run: which of them will be overruled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from labapp.model.text import Text
from labapp.model.trouble import Problem
from labapp.programs.kit_access import PointFacts, shown
from labapp.programs.rules_file import Rule, RuleSet


def notes_on(rules: RuleSet, points: Mapping[str, PointFacts]) -> tuple[Problem, ...]:
    """Return notes on rules that get in each other's way; they keep nothing from running."""
    return tuple(_notes(rules, points))


def _notes(rules: RuleSet, points: Mapping[str, PointFacts]) -> Iterator[Problem]:
    for number, rule in enumerate(rules.rules, start=1):
        for point in dict.fromkeys(p for p, _ in (*rule.then, *rule.otherwise)):
            above = _first_with(rules, number, point)
            if above is None:
                continue
            first, other = above
            message = _overruled(point, first, other, number, rule, points)
            if message is not None:
                yield Problem(
                    code="rules.conflict", message=message, file=rules.file, line=rule.line
                )


def _first_with(rules: RuleSet, number: int, point: str) -> tuple[int, Rule] | None:
    """Return the first rule above the ``number``-th that drives a point too."""
    for n, rule in enumerate(rules.rules[: number - 1], start=1):
        if point in dict(rule.then) or point in dict(rule.otherwise):
            return n, rule
    return None


def _overruled(
    point: str, first: int, other: Rule, number: int, rule: Rule, points: Mapping[str, PointFacts]
) -> Text | None:
    then, otherwise = dict(other.then), dict(other.otherwise)
    if point in then and point in otherwise:
        return Text(
            f"规则 {first} 成立和不成立时都要写 {point}，所以规则 {number} 管不到它。"
            f"把规则 {number} 移到规则 {first} 上面，或去掉规则 {first} 的“否则”。",
            f"Rule {first} drives {point} whether it holds or not, so rule {number} never does. "
            f"Move rule {number} above rule {first}, or take out the else of rule {first}.",
        )
    wanted = dict(rule.then).get(point)
    if wanted is None or point not in then or then[point] == wanted:
        return None
    here, above = shown(wanted, points[point]), shown(then[point], points[point])
    return Text(
        f"规则 {first} 和规则 {number} 同时成立时，{point} 听规则 {first} 的（{above}），不是 {here}。"
        "顺序靠前的优先；不合意就换个顺序。",
        f"When rules {first} and {number} both hold, {point} obeys rule {first} ({above}), not "
        f"{here}. The first one wins; change the order if that is not meant.",
    )
