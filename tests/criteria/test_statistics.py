"""Statistics against sums over every tick."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import pairwise
from statistics import median

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labapp.criteria import check as k
from labapp.criteria import condition as c
from labapp.criteria.algebra import truth_at
from labapp.criteria.evaluate import Evaluation
from labapp.criteria.judge import judge
from labapp.model.trace import Channel, Trace
from tests.criteria.bench import judged, on
from tests.criteria.made import bound, conditions, dense, number, traces
from tests.criteria.oracle import Oracle

cmps = st.sampled_from([">=", "<=", ">", "<"])
TESTS = {
    ">=": lambda a, b: a >= b, "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b, "<": lambda a, b: a < b,
}  # fmt: skip


def decided(answers: set[bool]) -> str:
    """The outcome where these answers are possible."""
    return "inconclusive" if len(answers) > 1 else "met" if True in answers else "not_met"


@settings(max_examples=30)
@given(conditions, traces(least=1), cmps, st.integers(0, 4))
def test_shares_and_totals_are_known_where_no_filling_changes_them(
    condition: c.Condition, trace: Trace, cmp: c.Cmp, quarters: int
) -> None:
    oracle, span = Oracle(trace), trace.span_us[1]
    rows = [oracle.at(condition, t) for t in range(span)]
    least, most = rows.count(True), span - rows.count(False)
    limit = Fraction(quarters, 4)
    share = k.Statistic(stat="share", of=condition, cmp=cmp, quantity=c.Quantity(limit * 100, "%"))
    answers = {TESTS[cmp](Fraction(n, span), limit) for n in range(least, most + 1)}
    assert judge(bound(share), trace).outcome == decided(answers)
    total = k.Statistic(
        stat="total", of=condition, cmp=cmp, quantity=c.Quantity(Fraction(quarters * 3), "us")
    )
    answers = {TESTS[cmp](n, quarters * 3) for n in range(least, most + 1)}
    assert judge(bound(total), trace).outcome == decided(answers)


@settings(max_examples=30)
@given(traces(least=1), cmps, st.integers(0, 2), st.sampled_from(["max", "min", "mean", "final"]))
def test_values_are_weighed_by_time_and_open_while_any_is_missing(
    trace: Trace, cmp: c.Cmp, limit: int, stat: k.ValueStat
) -> None:
    oracle = Oracle(trace)
    rows = [oracle.value("x", t) for t in range(trace.span_us[1])]
    # What is missing may be anything: far below, far above.
    low, high = ([v if v is not None else far for v in rows] for far in (-1000.0, 1000.0))
    forms: dict[str, Callable[[list[float]], float | Fraction]] = {
        "max": max, "min": min, "final": lambda v: v[-1],
        "mean": lambda v: Fraction(sum(v)) / len(v),
    }  # fmt: skip
    answers = {TESTS[cmp](forms[stat](v), limit) for v in (low, high)}
    clause = k.Statistic(stat=stat, names=(c.Value("x"),), cmp=cmp, quantity=number(limit))
    assert judge(bound(clause), trace).outcome == decided(answers)


@given(st.lists(st.integers(0, 1), min_size=1, max_size=18), cmps, st.integers(0, 4))
def test_counts_are_of_known_beginnings(values: list[int], cmp: c.Cmp, limit: int) -> None:
    trace = dense(len(values), s=values)
    begun = sum(a == 0 and b == 1 for a, b in pairwise(values))
    clause = k.Statistic(stat="count", of=c.IsState("s", "on"), cmp=cmp, quantity=number(limit))
    assert judge(bound(clause), trace).outcome == decided({TESTS[cmp](begun, limit)})


def test_a_count_is_open_upwards_where_data_is_missing() -> None:
    drawn = {"flame": on((10, 15), (30, 35))}
    assert judged("count(flame is on) <= 2", drawn).outcome == "met"
    assert judged("count(flame is on) <= 2", drawn, gaps_s=((40, 45),)).outcome == "inconclusive"
    assert judged("count(flame is on) >= 2", drawn, gaps_s=((40, 45),)).outcome == "met"
    assert judged("count(flame is on) <= 1", drawn, gaps_s=((40, 45),)).outcome == "not_met"


@settings(max_examples=30)
@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=12),
    cmps,
    st.integers(0, 5),
)
def test_errors_are_those_of_all_pairs(rows: list[tuple[int, int]], cmp: c.Cmp, limit: int) -> None:
    trace = dense(len(rows), x=[a for a, _ in rows], y=[b for _, b in rows])
    errors = [abs(a - b) for a, b in rows]
    for stat, answer in (
        ("median_abs_error", TESTS[cmp](median(errors), limit)),
        ("rmse", TESTS[cmp](Fraction(sum(e * e for e in errors), len(errors)), limit * limit)),
    ):
        clause = k.Statistic(
            stat=stat,  # type: ignore[arg-type]
            names=(c.Value("x"), c.Value("y")),
            cmp=cmp,
            quantity=number(limit),
        )
        assert judge(bound(clause), trace).outcome == decided({answer})


def test_a_pair_that_is_missing_leaves_an_error_open() -> None:
    clause = k.Statistic(
        stat="rmse", names=(c.Value("x"), c.Value("y")), cmp="<=", quantity=number(1)
    )
    assert judge(bound(clause), dense(4, x=[1, 1, 1, 1], y=[1, 1, 1, 1])).outcome == "met"
    assert judge(bound(clause), dense(4, x=[1, 1, 1, 1], y=[1, 1, None, 1])).outcome == (
        "inconclusive"
    )


@settings(max_examples=60)
@given(
    st.lists(st.sampled_from([0, 1, 1, 2, None]), min_size=1, max_size=18),
    st.integers(0, 6),
    cmps,
    st.integers(0, 3),
)
def test_changes_are_counted_tick_by_tick(
    values: list[int | None], last: int, cmp: c.Cmp, limit: int
) -> None:
    leaf = c.Compare(c.Changes("x", last), cmp, number(limit))
    truth = Evaluation(dense(len(values), x=values)).truth(leaf)
    for t in range(len(values)):
        assert truth_at(truth, t) is changed_so_often(values, t, last, cmp, limit), t


def changed_so_often(
    rows: Sequence[float | None], t: int, last: int, cmp: c.Cmp, limit: int
) -> bool | None:
    """Count the changes of a window; what is missing in it can hide any number more."""
    seen = rows[max(t - last - 1, 0) : t + 1]
    changed = sum(a is not None and b is not None and a != b for a, b in pairwise(seen))
    possible = {TESTS[cmp](n, limit) for n in ([changed] if None not in seen else [changed, 10**6])}
    return None if len(possible) > 1 else possible.pop()


@settings(max_examples=40)
@given(traces(least=1), st.integers(0, 6), cmps, st.integers(0, 3))
def test_changes_are_counted_in_the_window(trace: Trace, last: int, cmp: c.Cmp, limit: int) -> None:
    oracle, span = Oracle(trace), trace.span_us[1]
    rows = [oracle.value("x", t) for t in range(span)]
    clause = k.Always(of=c.Compare(c.Changes("x", last), cmp, number(limit)))
    answers = [changed_so_often(rows, t, last, cmp, limit) for t in range(span)]
    expected = "not_met" if False in answers else "inconclusive" if None in answers else "met"
    assert judge(bound(clause), trace).outcome == expected


@settings(max_examples=40)
@given(traces(least=1), cmps, st.integers(0, 6))
def test_age_is_that_of_the_newest_good_sample(trace: Trace, cmp: c.Cmp, limit: int) -> None:
    channel = trace.channels["x"]
    gaps = (*trace.gaps_us, *channel.gaps_us)
    rows = dict(zip(channel.t_us.tolist(), channel.value.tolist(), strict=True))
    good = [t for t, v in rows.items() if v == v and not any(a <= t < b for a, b in gaps)]
    answers: list[bool | None] = []
    for t in range(trace.span_us[1]):
        came = [u for u in good if u <= t]
        ages = [t - max(came)] if came else [t + 1, 10**6]
        possible = {TESTS[cmp](age, limit) for age in ages}
        answers.append(None if len(possible) > 1 else possible.pop())
    clause = k.Always(of=c.Compare(c.Age("x"), cmp, c.Quantity(Fraction(limit), "us")))
    expected = "not_met" if False in answers else "inconclusive" if None in answers else "met"
    assert judge(bound(clause), trace).outcome == expected


@pytest.mark.parametrize(("other", "outcome"), [(2.0**-60, "met"), (-(2.0**-60), "not_met")])
def test_agreement_at_its_very_limit_is_exact(other: float, outcome: str) -> None:
    """Both differences are 1.0 in floats; one of them is in truth a little more."""
    clause = k.Always(of=c.Agrees("x", "y", number(1)))
    assert judge(bound(clause), dense(4, x=[1.0] * 4, y=[other] * 4)).outcome == outcome


def test_losing_a_sample_never_compares_with_another() -> None:
    clause = k.Always(of=c.Agrees("x", "y", number(1)))
    x = Channel(unit="1", stale_after_us=50, t_us=np.arange(0, 40, 10), value=np.full(4, 5.0))
    y = Channel(unit="1", stale_after_us=50, t_us=np.arange(0, 40, 2), value=np.full(20, 5.0))
    y.value[6] = 9.0  # at 12, near the reading at 10 whose own partner is lost
    gone = Channel(unit="1", stale_after_us=50, t_us=y.t_us, value=y.value, gaps_us=((9, 11),))
    whole = Trace(channels={"x": x, "y": y}, span_us=(0, 40))
    assert judge(bound(clause), whole).outcome == "met"
    lost = Trace(channels={"x": x, "y": gone}, span_us=(0, 40))
    assert judge(bound(clause), lost).outcome == "inconclusive"
