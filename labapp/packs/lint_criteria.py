"""Lint of criteria: triggers that noise can pull, promises that cost nothing, marks out of reach."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from labapp.criteria.amounts import exact_in
from labapp.criteria.check import Clause, Each, Never, Reach, conditions_of
from labapp.criteria.condition import (
    Age,
    Changes,
    Compare,
    Condition,
    Held,
    InRange,
    IsState,
    Leaf,
    Near,
    Quantity,
    Recent,
    Value,
    leaves_of,
    names_of,
    parts_of,
)
from labapp.packs.findings import Findings, Loc
from labapp.packs.pack import Criterion, Pack, Step
from labapp.profiles.profile import Profile

_LEAST_SAMPLES = 2
"""A deadline shorter than this many samples of trigger or response judges luck."""


def look_at_criteria(found: Findings, pack: Pack, step: Step, loc: Loc) -> None:
    """Note what is doubtful about the criteria of one step."""
    for n, criterion in enumerate(step.criteria):
        here = (*loc, "criteria", n)
        clauses = criterion.bound.check.clauses
        for clause in clauses:
            _look_at_literals(found, pack.profile, clause, (*here, "check"))
            if isinstance(clause, Each):
                _look_at_each(found, pack.profile, step, clause, (*here, "check"))
        _look_at_reach(found, step, criterion, here)
        if criterion.score.points == 0:
            found.say(
                "L-NO-POINTS",
                (*here, "score"),
                f"{criterion.id} 不给分，没有人会去做它。",
                f"{criterion.id} is worth nothing, so nobody will care.",
            )


def _look_at_each(found: Findings, profile: Profile, step: Step, clause: Each, loc: Loc) -> None:
    noisy = sorted(set(_bare_quantities(clause.trigger.of)))
    if noisy:
        found.say(
            "L-NOISE",
            loc,
            f"{noisy[0]} 在阈值附近跳一下就会触发。加上“for 1 s”这样的持续时间。",
            f"One jump of {noisy[0]} about its limit is a trigger. Let it last, as in “for 1 s”.",
        )
    _look_at_deadline(found, profile, clause, loc)
    asks_more = clause.response.for_us is not None or clause.response.until is not None
    triggers, answers = names_of(clause.trigger.of), names_of(clause.response.of)
    if triggers == answers and not asks_more and clause.response.within_us is not None:
        found.say(
            "L-SAME",
            loc,
            "触发和响应看的是同一个点，等于自己答应自己。",
            "Trigger and response look at the same point; it answers itself.",
        )
    for name, state in _switched(clause):
        if not _is_bounded(step, name, state):
            found.say(
                "L-QUIET",
                loc,
                f"{name} 一直是 {state} 也能拿到这一项。再写一条“never {name} is {state} unless …”。",
                f"A {name} that is always {state} earns this. Add “never {name} is {state} unless …”.",
            )


def _look_at_deadline(found: Findings, profile: Profile, clause: Each, loc: Loc) -> None:
    within = clause.response.within_us
    if within is None or _looks_back(clause.response.of):
        return
    slowest = max((_period(profile, name) for name in _names(clause)), default=0)
    if within < _LEAST_SAMPLES * slowest:
        found.say(
            "L-DEADLINE",
            loc,
            f"期限不到 {_LEAST_SAMPLES} 次采样（每 {slowest // 1000} ms 一次），判的是运气。放宽一些。",
            f"The deadline is less than {_LEAST_SAMPLES} samples ({slowest // 1000} ms each) and "
            "judges luck. Allow more.",
        )


def _look_at_literals(found: Findings, profile: Profile, clause: Clause, loc: Loc) -> None:
    for condition in conditions_of(clause):
        for leaf in leaves_of(condition):
            for name, quantity in _literals(leaf):
                point = profile.point(name)
                if point is None or point.range is None:
                    continue
                value = exact_in(quantity, point.unit, name)
                low, high = point.range
                if not Fraction(str(low)) <= value <= Fraction(str(high)):
                    found.say(
                        "L-RANGE",
                        loc,
                        f"{name} 的量程是 {low:g}～{high:g} {point.unit}，阈值在量程之外。",
                        f"{name} reads {low:g} to {high:g} {point.unit}; the limit lies outside.",
                    )


def _look_at_reach(found: Findings, step: Step, criterion: Criterion, loc: Loc) -> None:
    """Note marks that no attempt of this length can earn."""
    if not step.duration_us:
        return
    needed = criterion.spaced_us * max(0, criterion.episodes - 1)
    for clause in criterion.bound.check.clauses:
        match clause:
            case Reach(within_us=within, for_us=held):
                needed = max(needed, (within or 0) + (held or 0))
            case Each(trigger=trigger):
                needed = max(needed, _longest(trigger.of))
    if needed > step.duration_us:
        found.say(
            "L-TOO-SHORT",
            (*loc, "check"),
            f"这一项要 {needed // 1_000_000} s 才判得出来，这一步只录 {step.duration_us // 1_000_000} s。",
            f"It takes {needed // 1_000_000} s to judge this; the step records "
            f"{step.duration_us // 1_000_000} s.",
        )


def _switched(clause: Each) -> Iterator[tuple[str, str]]:
    """Give the outputs that a clause wants in a state, where nothing asks what they did before."""
    asked = names_of(clause.trigger.of)
    if clause.trigger.guard is not None:
        asked |= names_of(clause.trigger.guard)
    for leaf in leaves_of(clause.response.of):
        if isinstance(leaf, IsState) and leaf.name not in asked:
            yield leaf.name, leaf.state


def _is_bounded(step: Step, name: str, state: str) -> bool:
    """Return whether some criterion of the step forbids the output to be so all the time."""
    for criterion in step.criteria:
        for clause in criterion.bound.check.clauses:
            match clause:
                case Never(of=of) if IsState(name, state) in leaves_of(of):
                    return True
                case Each(trigger=trigger, response=response):
                    answers = list(leaves_of(response.of))
                    if any(_is_other(leaf, name, state) for leaf in answers):
                        return True
                    if trigger.turns and trigger.of == IsState(name, state) and answers:
                        return True
    return False


def _is_other(leaf: Leaf, name: str, state: str) -> bool:
    return isinstance(leaf, IsState) and leaf.name == name and leaf.state != state


def _bare_quantities(condition: Condition) -> Iterator[str]:
    """Give the measured quantities of a trigger that nothing steadies."""
    match condition:
        case Held() | Recent():
            return
        case Compare(Value(name)) | InRange(name) | Near(name):
            yield name
        case _:
            for part in parts_of(condition):
                yield from _bare_quantities(part)


def _literals(leaf: Leaf) -> Iterator[tuple[str, Quantity]]:
    match leaf:
        case Compare(Value(name), _, quantity):
            yield name, quantity
        case InRange(name, low, high):
            yield name, low
            yield name, high
        case Near(name, target):
            yield name, target
        case Compare(Age() | Changes()):
            return


def _names(clause: Each) -> frozenset[str]:
    return names_of(clause.trigger.of) | names_of(clause.response.of)


def _looks_back(condition: Condition) -> bool:
    """Return whether a response is about the past, so that its deadline is none."""
    return any(isinstance(part, Recent) for part in (condition, *parts_of(condition)))


def _longest(condition: Condition) -> int:
    inner = max((_longest(part) for part in parts_of(condition)), default=0)
    return inner + condition.for_us if isinstance(condition, Held) else inner


def _period(profile: Profile, name: str) -> int:
    point = profile.point(name)
    return 0 if point is None else point.period_us
