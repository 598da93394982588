"""What must hold of every verdict, whatever the criterion and the trace."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from labapp.criteria import check as k
from labapp.criteria.judge import Needs, ScoreRule, judge
from labapp.model.trace import Channel, Trace
from labapp.model.verdict import Judgement, Outcome
from tests.criteria.made import MOST_TICKS, bound, clauses, formulas, traces

rules = st.builds(
    lambda by, zero_at: ScoreRule(by=by, zero_at=zero_at),
    st.sampled_from(["all", "episodes", "time"]),
    st.one_of(st.none(), st.sampled_from([Fraction(0), Fraction(1, 2), Fraction(4, 5)])),
)
# What hiding a part of the recording may turn a verdict into: never one into another verdict.
MAY_BECOME = {
    Outcome.MET: {Outcome.MET, Outcome.INCONCLUSIVE, Outcome.NOT_EXERCISED},
    Outcome.NOT_MET: {Outcome.NOT_MET, Outcome.INCONCLUSIVE, Outcome.NOT_EXERCISED},
    Outcome.INCONCLUSIVE: {Outcome.INCONCLUSIVE, Outcome.NOT_EXERCISED},
    Outcome.NOT_EXERCISED: {Outcome.INCONCLUSIVE, Outcome.NOT_EXERCISED},
}
some_clauses = st.one_of(clauses, formulas.map(k.Formula))


@settings(max_examples=30)
@given(some_clauses, traces(least=1), rules, st.integers(0, 2))
def test_scores_keep_their_laws(
    clause: k.Clause, trace: Trace, rule: ScoreRule, needs: int
) -> None:
    found = judge(bound(clause), trace, needs=Needs(episodes=needs), score=rule)
    assert 0 <= found.low <= found.high <= 1
    assert (found.score == 1) == (found.outcome == Outcome.MET)
    judged = found.outcome in (Outcome.MET, Outcome.NOT_MET)
    assert (found.score is not None) == judged
    if found.score is not None:
        assert found.low <= found.score <= found.high


@settings(max_examples=30)
@given(
    some_clauses,
    traces(least=1),
    st.integers(-2, MOST_TICKS),
    st.integers(1, 8),
    st.sampled_from(["x", "y", "s", "all"]),
    st.integers(0, 2),
)
def test_hiding_a_stretch_only_makes_a_verdict_less_sure(
    clause: k.Clause, trace: Trace, start: int, length: int, which: str, needs: int
) -> None:
    rule = Needs(episodes=needs)
    before = judge(bound(clause), trace, needs=rule)
    after = judge(bound(clause), hidden(trace, which, (start, start + length)), needs=rule)
    assert after.outcome in MAY_BECOME[before.outcome]


@settings(max_examples=30)
@given(some_clauses, traces(least=1))
def test_what_is_cited_is_enough_for_the_verdict(clause: k.Clause, trace: Trace) -> None:
    found = judge(bound(clause), trace)
    if found.outcome != Outcome.NOT_MET:
        return
    assert judge(bound(clause), only_cited(trace, found)).outcome == Outcome.NOT_MET


@settings(max_examples=20)
@given(some_clauses, traces(least=1), rules, st.integers(-1000, 10**12))
def test_the_time_of_day_does_not_matter(
    clause: k.Clause, trace: Trace, rule: ScoreRule, by: int
) -> None:
    here, there = (judge(bound(clause), each, score=rule) for each in (trace, shifted(trace, by)))
    assert there.outcome == here.outcome
    assert (there.score, there.low, there.high) == (here.score, here.low, here.high)
    assert [(e.from_us - by, e.to_us - by, e.outcome) for e in there.episodes] == [
        (e.from_us, e.to_us, e.outcome) for e in here.episodes
    ]


@settings(max_examples=25)
@given(some_clauses, traces(least=1), rules, st.lists(st.integers(-3, MOST_TICKS), max_size=6))
def test_samples_that_say_nothing_new_do_not_matter(
    clause: k.Clause, trace: Trace, rule: ScoreRule, at: list[int]
) -> None:
    fresh = replace_channels(trace, lambda channel: replace(channel, stale_after_us=10**6))
    more = replace_channels(fresh, lambda channel: repeated(channel, at, fresh))
    here, there = (judge(bound(clause), each, score=rule) for each in (fresh, more))
    assert (there.outcome, there.score, there.episodes) == (here.outcome, here.score, here.episodes)


@settings(max_examples=20)
@given(some_clauses, traces(least=1), rules)
def test_the_same_trace_gives_the_same_judgement(
    clause: k.Clause, trace: Trace, rule: ScoreRule
) -> None:
    assert judge(bound(clause), trace, score=rule) == judge(bound(clause), trace, score=rule)


@settings(max_examples=25)
@given(some_clauses, traces(least=1), st.integers(0, 3))
def test_doubt_never_costs(clause: k.Clause, trace: Trace, doubt_us: int) -> None:
    strict, wide = (judge(bound(clause), trace, doubt_us=d) for d in (0, doubt_us))
    if strict.outcome == Outcome.MET and not isinstance(clause, k.Whenever):
        assert wide.outcome == Outcome.MET
        assert not wide.borderline
    if wide.borderline:
        assert wide.outcome == Outcome.MET
        assert strict.outcome != Outcome.MET


def hidden(trace: Trace, which: str, gap: tuple[int, int]) -> Trace:
    if which == "all":
        return replace(trace, gaps_us=(*trace.gaps_us, gap))
    channel = trace.channels[which]
    one = replace(channel, gaps_us=(*channel.gaps_us, gap))
    return replace(trace, channels={**trace.channels, which: one})


def only_cited(trace: Trace, found: Judgement) -> Trace:
    """Hide everything of every channel that is not cited."""
    kept = trace
    for name in trace.channels:
        cited = sorted((c.from_us, c.to_us) for c in found.cites if c.channel == name)
        edges = [-100, *(edge for stretch in _merged(cited) for edge in stretch), 100]
        for start, end in zip(edges[::2], edges[1::2], strict=True):
            kept = hidden(kept, name, (start, end))
    return kept


def _merged(stretches: list[tuple[int, int]]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for start, end in stretches:
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def shifted(trace: Trace, by: int) -> Trace:
    def moved(pairs: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
        return tuple((a + by, b + by) for a, b in pairs)

    later = replace_channels(
        trace, lambda c: replace(c, t_us=c.t_us + by, gaps_us=moved(c.gaps_us))
    )
    low, high = trace.span_us
    return replace(later, span_us=(low + by, high + by), gaps_us=moved(trace.gaps_us))


def replace_channels(trace: Trace, change) -> Trace:  # type: ignore[no-untyped-def]  # noqa: ANN001
    return replace(trace, channels={n: change(c) for n, c in trace.channels.items()})


def repeated(channel: Channel, at: list[int], trace: Trace) -> Channel:
    """Add samples that say again what holds then, outside gaps."""
    gaps = (*trace.gaps_us, *channel.gaps_us)
    rows = list(zip(channel.t_us.tolist(), channel.value.tolist(), strict=True))
    extra = []
    for t in at:
        before = [(u, v) for u, v in rows if u <= t]
        if not before:
            continue
        newest, value = before[-1]
        if not any(a <= tick < b for a, b in gaps for tick in range(newest, t + 1)):
            extra.append((t, value))
    every = sorted([*rows, *extra], key=lambda row: row[0])
    return replace(
        channel,
        t_us=np.array([t for t, _ in every], np.int64),
        value=np.array([v for _, v in every], np.float64),
    )
