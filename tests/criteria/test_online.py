"""A condition followed live is as true as it will be on the recording."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labapp.criteria import condition as c
from labapp.criteria.algebra import truth_at
from labapp.criteria.bind import bind_condition
from labapp.criteria.evaluate import Evaluation
from labapp.criteria.online import OnlineCondition
from labapp.criteria.parse import parse_condition
from labapp.model.trace import Channel, Trace
from labapp.model.trouble import BadInput
from tests.criteria.made import SPECS, conditions, number

counted = st.one_of(
    st.builds(
        lambda name, cmp, us: c.Compare(c.Age(name), cmp, c.Quantity(us, "us")),
        st.sampled_from("xs"), st.sampled_from(["<=", "<", ">", ">="]), st.integers(0, 5).map(Fraction),
    ),
    st.builds(
        lambda last, cmp, n: c.Compare(c.Changes("x", last), cmp, number(n)),
        st.integers(0, 6), st.sampled_from(["<=", "<", ">", ">="]), st.integers(0, 3),
    ),
)  # fmt: skip
wide = st.one_of(
    conditions,
    counted,
    st.lists(st.one_of(conditions, counted), min_size=2, max_size=3).map(tuple).map(c.And),
    st.builds(c.Held, counted, st.integers(0, 3)),
)
feeds = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.sampled_from("xys"),
        st.one_of(st.integers(0, 3), st.integers(0, 2), st.none()),
    ),
    min_size=1,
    max_size=14,
)


@settings(max_examples=40)
@given(wide, feeds, st.integers(-5, 10**12))
def test_live_truth_is_that_of_the_recording(
    condition: c.Condition, steps: list[tuple[int, str, int | None]], start: int
) -> None:
    bound = bind_condition(condition, SPECS)
    live = OnlineCondition(bound)
    rows = feeds_from(steps, start, bound.points)
    for index, (t_us, point, value) in enumerate(rows):
        live.feed(point, t_us, value)
        until = rows[index + 1][0] if index + 1 < len(rows) else t_us + 8
        for now in range(t_us if until > t_us else until, until):
            expected = truth_at(recorded(rows[: index + 1], now).truth(condition), now)
            assert live.truth(now) is expected, (now, index)


def feeds_from(
    steps: list[tuple[int, str, int | None]], start: int, points: frozenset[str]
) -> list[tuple[int, str, float | None]]:
    rows, t_us = [], start
    for step, point, value in steps:
        t_us += step
        if point in points:
            rows.append((t_us, point, None if value is None else float(value)))
    return rows


def recorded(rows: list[tuple[int, str, float | None]], now: int) -> Evaluation:
    """The recording up to now, which began with the first value."""
    channels = {}
    for name, spec in SPECS.items():
        own = [(t, np.nan if v is None else v) for t, p, v in rows if p == name]
        channels[name] = Channel(
            unit="1",
            stale_after_us=2**40,
            t_us=np.array([t for t, _ in own], np.int64),
            value=np.array([v for _, v in own], np.float64),
            states=spec.states,
        )
    return Evaluation(Trace(channels=channels, span_us=(rows[0][0], now + 1)))


def test_memory_is_bounded_by_the_horizon() -> None:
    text = "x > 1 for 1 ms and changes(x, 1 ms) <= 3 and age(x) < 2 ms"
    live = OnlineCondition(bind_condition(parse_condition(text), SPECS))
    for t in range(20_000):
        live.feed("x", t * 10, float(t % 3))
    sizes = [len(leaf._line.since) for leaf in live._leaves.values()]
    assert max(sizes) <= 1_000
    assert max(len(getattr(leaf, "_values", [])) for leaf in live._leaves.values()) <= 1_000


def test_a_value_holds_until_the_next_and_none_is_unknown() -> None:
    live = OnlineCondition(bind_condition(parse_condition("x > 1"), SPECS))
    assert live.points == {"x"}
    assert live.truth(0) is None
    live.feed("x", 5, 2.0)
    live.feed("elsewhere", 6, 0.0)
    assert live.truth(10**9) is True
    live.feed("x", 7, None)
    assert live.truth(7) is None
    live.feed("x", 8, float("nan"))
    assert live.truth(8) is None
    live.feed("x", 9, 1.0)
    assert live.truth(9) is False


def test_a_state_that_the_point_does_not_have_is_unknown() -> None:
    live = OnlineCondition(bind_condition(parse_condition("s is on"), SPECS))
    for value, truth in ((1, True), (3, None), (0.5, None), (0, False)):
        live.feed("s", 0, value)
        assert live.truth(0) is truth


def test_pairs_of_samples_cannot_be_followed_live() -> None:
    bound = bind_condition(parse_condition("x > 1 and x agrees with y within 1"), SPECS)
    with pytest.raises(BadInput, match="C-NOT-LIVE"):
        OnlineCondition(bound)
