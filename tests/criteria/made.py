"""Made-up conditions, clauses and traces, a few ticks long, for comparing with the oracle."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
from hypothesis import strategies as st

from labapp.criteria import check as k
from labapp.criteria import condition as c
from labapp.criteria.bind import BoundCheck, ChannelSpec, bind
from labapp.model.trace import Channel, Trace

SPECS = {
    "x": ChannelSpec(unit="1"),
    "y": ChannelSpec(unit="1"),
    "s": ChannelSpec(unit="1", states=("off", "on", "open")),
}
MOST_TICKS = 18


def number(value: int) -> c.Quantity:
    return c.Quantity(Fraction(value), None)


leaves: st.SearchStrategy[c.Condition] = st.one_of(
    st.builds(
        lambda n, cmp, v: c.Compare(c.Value(n), cmp, number(v)),
        st.sampled_from("xy"),
        st.sampled_from([">=", "<=", ">", "<"]),
        st.integers(0, 2),
    ),
    st.builds(lambda s: c.IsState("s", s), st.sampled_from(["off", "on", "open"])),
    st.builds(lambda a, b: c.InRange("x", number(min(a, b)), number(max(a, b))),
              st.integers(0, 2), st.integers(0, 2)),
)  # fmt: skip
windows = st.tuples(st.integers(0, 4), st.integers(0, 4)).map(lambda w: (min(w), max(w)))
both = st.sampled_from


def _plain(inner: st.SearchStrategy[c.Condition]) -> st.SearchStrategy[c.Condition]:
    some = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return st.one_of(
        inner.map(c.Not),
        some.map(c.And),
        some.map(c.Or),
        st.builds(c.Held, inner, st.integers(0, 4)),
        st.builds(c.Recent, inner, st.integers(0, 4)),
    )


def _expert(inner: st.SearchStrategy[c.Condition]) -> st.SearchStrategy[c.Condition]:
    some = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return st.one_of(
        inner.map(c.Not),
        some.map(c.And),
        some.map(c.Or),
        st.builds(c.Implies, inner, inner),
        st.builds(c.Edge, both(["rise", "fall"]), inner),
        st.builds(lambda op, w, f: c.Window(op, w[0], w[1], f),
                  both(["always", "eventually", "once", "historically"]), windows, inner),
        st.builds(lambda op, w, f, g: c.Until(op, w[0], w[1], f, g), both(["until", "since"]), windows,
                  inner, inner),
    )  # fmt: skip


conditions = st.recursive(leaves, _plain, max_leaves=4)
formulas = st.recursive(leaves, _expert, max_leaves=5)
maybe = st.one_of(st.none(), leaves)
triggers = st.builds(
    lambda of, edge, guard: k.Trigger(of=of, edge=edge, guard=guard),
    st.recursive(leaves, _plain, max_leaves=2),
    both(["begins", "ends"]),
    maybe,
)
timings = st.one_of(
    st.tuples(st.integers(0, 4), st.none(), st.none()),
    st.tuples(st.integers(0, 3), st.integers(0, 3), st.none()),
    st.tuples(st.integers(0, 3), st.none(), triggers),
    st.just((None, None, None)),
)
responses = st.builds(
    lambda of, timing, unless: k.Response(
        of=of, within_us=timing[0], for_us=timing[1], until=timing[2], unless=unless
    ),
    conditions,
    timings,
    maybe,
)
clauses: st.SearchStrategy[k.Clause] = st.one_of(
    st.builds(lambda t, r: k.Each(trigger=t, response=r), triggers, responses),
    st.builds(
        lambda w, t, a: k.Whenever(when=w, then=t, after_us=a),
        conditions, conditions, st.integers(0, 4),
    ),
    st.builds(lambda f, i: k.Always(of=f, ignoring_us=i), conditions, st.integers(0, 25)),
    st.builds(
        lambda f, u, i: k.Never(of=f, unless=u, ignoring_us=i),
        conditions, st.one_of(st.none(), conditions), st.integers(0, 3),
    ),
    st.builds(
        lambda f, w, h: k.Reach(of=f, within_us=w, for_us=h),
        conditions, st.one_of(st.none(), st.integers(0, 8)), st.one_of(st.none(), st.integers(0, 5)),
    ),
)  # fmt: skip


@st.composite
def channels(draw: st.DrawFn, states: tuple[str, ...] = ()) -> Channel:
    """Samples at irregular ticks, some equal, some null; few go stale before the next."""
    steps = draw(st.lists(st.integers(0, 4), min_size=0, max_size=12))
    at = np.cumsum([draw(st.integers(-3, 2)), *steps]).astype(np.int64)
    top = 3 if states else 2
    some = st.one_of(st.integers(0, top), st.integers(0, top), st.integers(0, top), st.none())
    values = draw(st.lists(some, min_size=len(at), max_size=len(at)))
    return Channel(
        unit="1",
        stale_after_us=draw(st.integers(1, 30)),
        t_us=at,
        value=np.array([np.nan if v is None else v for v in values], np.float64),
        states=states,
        gaps_us=tuple(draw(st.lists(_gaps, max_size=1))),
    )


_gaps = st.tuples(st.integers(-2, MOST_TICKS), st.integers(0, 4)).map(lambda g: (g[0], g[0] + g[1]))


@st.composite
def traces(draw: st.DrawFn, least: int = 0) -> Trace:
    """A trace of up to 18 ticks with gaps of one channel and of all."""
    return Trace(
        channels={
            "x": draw(channels()),
            "y": draw(channels()),
            "s": draw(channels(("off", "on", "open"))),
        },
        span_us=(0, draw(st.integers(least, MOST_TICKS))),
        gaps_us=tuple(draw(st.lists(_gaps, max_size=2))),
    )


def bound(*clauses: k.Clause) -> BoundCheck:
    return bind(k.Check(tuple(clauses)), SPECS)


def dense(span: int = MOST_TICKS, **values: list[Any]) -> Trace:
    """A trace without holes: one value a tick for each channel."""
    made = {}
    for name, each in values.items():
        states = SPECS[name].states
        made[name] = Channel(
            unit="1",
            stale_after_us=100,
            t_us=np.arange(len(each), dtype=np.int64),
            value=np.array([np.nan if v is None else v for v in each], np.float64),
            states=states,
        )
    return Trace(channels=made, span_us=(0, span))
