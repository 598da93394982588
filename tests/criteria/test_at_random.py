"""The engine against the oracle and its laws, on many cases from seeds; more of them when slow."""

from __future__ import annotations

import pytest

from labapp.criteria.algebra import truth_at
from labapp.criteria.evaluate import Evaluation
from labapp.criteria.judge import Needs, ScoreRule, judge
from labapp.model.verdict import Outcome
from tests.criteria.drawn import Draw
from tests.criteria.made import bound
from tests.criteria.oracle import Oracle
from tests.criteria.test_laws import MAY_BECOME, hidden, only_cited

FEW, MANY = range(300), range(1_000, 11_000)


def test_a_few_hundred() -> None:
    for seed in FEW:
        compare(seed)


@pytest.mark.slow
@pytest.mark.timeout(1_800)
def test_many_thousand() -> None:
    for seed in MANY:
        compare(seed)


def compare(seed: int) -> None:
    """Judge the case of one seed in every way; a failure names the seed."""
    draw = Draw(seed)
    trace, formula = draw.trace(), draw.formula(3)
    oracle, truth = Oracle(trace), Evaluation(trace).truth(formula)
    for t in range(-2, 21):
        assert truth_at(truth, t) is oracle.at(formula, t), (seed, t)
    clause, needs = draw.clause(), Needs(episodes=draw.some(0, 2))
    rule = ScoreRule(by=draw.chance.choice(("all", "episodes", "time")))
    found = judge(bound(clause), trace, needs=needs, score=rule)
    assert found.outcome.value == oracle.verdict(clause, needs.episodes), seed
    assert (found.score == 1) == (found.outcome == Outcome.MET), seed
    assert 0 <= found.low <= found.high <= 1, seed
    if found.outcome == Outcome.NOT_MET:
        cited = judge(bound(clause), only_cited(trace, found))
        assert cited.outcome == Outcome.NOT_MET, seed
    start = draw.some(-2, 18)
    gap = (start, start + draw.some(1, 8))
    less = judge(
        bound(clause), hidden(trace, draw.chance.choice(("x", "y", "s", "all")), gap), needs=needs
    )
    assert less.outcome in MAY_BECOME[found.outcome], seed
