"""Judges statistics: one number over the span, with bounds where data is missing."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import numpy as np

from labapp.criteria.algebra import unknown
from labapp.criteria.amounts import exact_in, share_of, shown, written
from labapp.criteria.bind import check_duration, check_whole
from labapp.criteria.check import Statistic
from labapp.criteria.condition import Cmp, Condition
from labapp.criteria.evaluate import Evaluation, satisfied
from labapp.criteria.figures import NO_DATA, number, seconds, times
from labapp.criteria.finding import Finding, Reason, Share, Task, outcome_of
from labapp.criteria.intervals import clip, complement, is_empty, length, pairs
from labapp.criteria.pairs import Pairs, differences, paired
from labapp.criteria.say import clause_words
from labapp.model.text import Text, same
from labapp.model.verdict import Cite, Outcome

_SIGNS: dict[Cmp, str] = {">=": "≥", "<=": "≤", ">": ">", "<": "<"}


@dataclass(frozen=True, slots=True)
class _Bounds:
    """The least and the greatest that the number can be; ``None``: without bound."""

    low: Fraction | None
    high: Fraction | None

    @property
    def exact(self) -> Fraction | None:
        """The number, where nothing is missing."""
        return self.low if self.low == self.high else None


def judge_statistic(clause: Statistic, task: Task) -> Finding:
    """Return the verdict on a statistic: known where no filling of the gaps can change it."""
    on = task.on
    bounds, limit = _bounds(clause, on), _limit(clause, on)
    verdict = _decide(bounds, clause.cmp, limit)
    outcome = outcome_of(violated=verdict is False, unknown=verdict is None, exercised=True)
    measured = _shown(clause, bounds, on)
    return Finding(
        outcome=outcome,
        share=Share(int(verdict is True), int(verdict is False), int(verdict is None)),
        say=_tell(clause, outcome, measured, task),
        reasons=_reasons(clause, on) if outcome == Outcome.NOT_MET else (),
        cites=_whole(clause, on, measured) if outcome == Outcome.NOT_MET else (),
        measured=measured,
        required=same(f"{_SIGNS[clause.cmp]} {shown(clause.quantity)}"),
    )


def _decide(bounds: _Bounds, cmp: Cmp, limit: Fraction | int) -> bool | None:
    """Return whether the number satisfies its limit wherever within its bounds it is."""
    worst, best = (bounds.low, bounds.high) if cmp in (">=", ">") else (bounds.high, bounds.low)
    if worst is not None and satisfied(worst, cmp, limit):
        return True
    if best is not None and not satisfied(best, cmp, limit):
        return False
    return None


def _limit(clause: Statistic, on: Evaluation) -> Fraction | int:
    match clause.stat:
        case "share" | "accuracy":
            share = share_of(clause.quantity)
            return Fraction(0) if share is None else share
        case "total":
            return check_duration(clause.quantity)
        case "count":
            return check_whole(clause.quantity)
    name = clause.names[0].name
    error = clause.stat in ("median_abs_error", "rmse")
    exact = exact_in(clause.quantity, on.channel(name).unit, name, difference=error)
    # Values are float64: a literal is rounded once to be compared with them.
    limit = exact if error else Fraction(float(exact))
    return limit * limit if clause.stat == "rmse" and limit >= 0 else limit


def _bounds(clause: Statistic, on: Evaluation) -> _Bounds:
    if clause.of is not None:
        return _of_condition(clause.stat, clause.of, on)
    if clause.stat in ("median_abs_error", "rmse", "accuracy"):
        return _of_pairs(clause, on)
    return _of_values(clause, on)


def _of_condition(stat: str, of: Condition, on: Evaluation) -> _Bounds:
    truth, span = on.truth(of), on.span[1] - on.span[0]
    missing = length(unknown(truth, *on.span))
    if stat == "count":
        least = _begun(of, on)
        return _Bounds(Fraction(least), None if missing else Fraction(least))
    low = length(truth.true)
    if stat == "total":
        return _Bounds(Fraction(low), Fraction(low + missing))
    if span <= 0:
        return _Bounds(None, None)
    return _Bounds(Fraction(low, span), Fraction(low + missing, span))


def _begun(of: Condition, on: Evaluation) -> int:
    """Return how often a condition began for certain: each known false followed by known true."""
    truth = on.truth(of)
    turns = sorted(
        [(a, True) for a, _ in pairs(truth.true)] + [(a, False) for a, _ in pairs(truth.false)]
    )
    return sum(now and not before for (_, before), (_, now) in pairwise(turns))


def _of_values(clause: Statistic, on: Evaluation) -> _Bounds:
    name = clause.names[0].name
    held = on.held(name)
    start, end = np.maximum(held.start, on.span[0]), np.minimum(held.end, on.span[1])
    kept = end > start
    start, end, value = start[kept], end[kept], held.value[kept]
    whole = is_empty(complement(clip(on.known(name), *on.span), *on.span)) and len(value) > 0
    match clause.stat:
        case "max" if len(value):
            most = Fraction(float(value.max()))
            return _Bounds(most, most if whole else None)
        case "min" if len(value):
            least = Fraction(float(value.min()))
            return _Bounds(least if whole else None, least)
        case "final" if len(value) and int(end[-1]) == on.span[1]:
            last = Fraction(float(value[-1]))
            return _Bounds(last, last)
        case "mean" if whole:
            level, which = np.unique(value, return_inverse=True)
            weight = np.zeros(len(level), np.int64)
            np.add.at(weight, which, end - start)
            rows = zip(level.tolist(), weight.tolist(), strict=True)
            total = sum((Fraction(v) * w for v, w in rows), Fraction(0))
            mean = total / (on.span[1] - on.span[0])
            return _Bounds(mean, mean)
        case _:
            return _Bounds(None, None)


def _of_pairs(clause: Statistic, on: Evaluation) -> _Bounds:
    """Return a number over all pairs; a missing pair, or time without any, leaves it open."""
    first, second = (value.name for value in clause.names)
    pairs_ = paired(first, second, on.trace)
    within = (pairs_.at >= on.span[0]) & (pairs_.at < on.span[1])
    kept = pairs_._replace(
        at=pairs_.at[within],
        first=pairs_.first[within],
        second=pairs_.second[within],
        good=pairs_.good[within],
        partner=pairs_.partner[within],
    )
    whole = is_empty(complement(clip(on.known(kept.slower), *on.span), *on.span))
    if not whole or not kept.good.all() or not len(kept.at):
        return _Bounds(None, None)
    exact = _over_pairs(clause.stat, first, second, kept, on)
    return _Bounds(exact, exact)


def _over_pairs(stat: str, first: str, second: str, kept: Pairs, on: Evaluation) -> Fraction:
    if stat == "accuracy":
        return Fraction(int((kept.first == kept.second).sum()), len(kept.at))
    errors = sorted(abs(d) for d in differences(first, second, kept, on.trace))
    if stat == "rmse":
        return sum((e * e for e in errors), Fraction(0)) / len(errors)
    middle = len(errors) // 2
    return errors[middle] if len(errors) % 2 else (errors[middle - 1] + errors[middle]) / 2


def _shown(clause: Statistic, bounds: _Bounds, on: Evaluation) -> Text:
    """Return the number as a check row shows it, its known bound where data is missing."""
    exact = bounds.exact
    if exact is None:
        return NO_DATA
    match clause.stat:
        case "share" | "accuracy":
            return same(f"{float(exact * 100):.4g} %")
        case "total":
            return same(seconds(int(exact)))
        case "count":
            return times(int(exact))
        case "rmse":
            return same(number(float(exact) ** 0.5, on.channel(clause.names[0].name).unit))
        case _:
            return same(number(float(exact), on.channel(clause.names[0].name).unit))


def _tell(clause: Statistic, outcome: Outcome, measured: Text, task: Task) -> Text:
    want = clause_words(clause, task.names)
    match outcome:
        case Outcome.MET:
            return Text(f"做到了：{measured.zh}。", f"Kept: {measured.en}.")
        case Outcome.NOT_MET:
            return Text(
                f"要求{want.zh}，实测 {measured.zh}。",
                f"It is required that {want.en}; measured: {measured.en}.",
            )
        case _:
            return Text(
                f"数据缺失，算不出{want.zh}，无法判定，不扣分。请重测。",
                f"Data is missing to tell whether {want.en}. "
                "Not judged, no points lost; please run it again.",
            )


def _reasons(clause: Statistic, on: Evaluation) -> tuple[Reason, ...]:
    """Return where a condition was on the wrong side: too seldom true, or too often."""
    if clause.of is None:
        return ()
    truth, seldom = on.truth(clause.of), clause.cmp in (">=", ">")
    if clause.stat == "count":
        return (
            Reason(clause.of, truth.true, True, wanted=False),
            Reason(clause.of, truth.false, False, wanted=False),
        )
    if seldom:
        return (Reason(clause.of, truth.false, False),)
    return (Reason(clause.of, truth.true, True),)


def _whole(clause: Statistic, on: Evaluation, measured: Text) -> tuple[Cite, ...]:
    """Cite the whole span of the channels that a number is made of."""
    expected = f"{clause.cmp} {written(clause.quantity)}"
    return tuple(
        Cite(value.name, on.span[0], on.span[1], expected, measured.en) for value in clause.names
    )
