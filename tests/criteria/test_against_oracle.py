"""The engine agrees with the definitions, tick by tick and verdict by verdict."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from labapp.criteria import check as k
from labapp.criteria import condition as c
from labapp.criteria.algebra import truth_at
from labapp.criteria.evaluate import Evaluation
from labapp.criteria.judge import Needs, judge
from labapp.model.trace import Trace
from tests.criteria.made import bound, clauses, conditions, formulas, traces
from tests.criteria.oracle import Oracle


@settings(max_examples=40)
@given(st.one_of(formulas, conditions), traces())
def test_conditions_are_true_where_the_definitions_say(f: c.Condition, trace: Trace) -> None:
    oracle, truth = Oracle(trace), Evaluation(trace).truth(f)
    for t in range(trace.span_us[0] - 2, trace.span_us[1] + 2):
        assert truth_at(truth, t) is oracle.at(f, t), t


@settings(max_examples=50)
@given(clauses, traces(least=1), st.integers(0, 2))
def test_verdicts_are_those_of_the_definitions(clause: k.Clause, trace: Trace, needs: int) -> None:
    judgement = judge(bound(clause), trace, needs=Needs(episodes=needs))
    assert judgement.outcome.value == Oracle(trace).verdict(clause, needs)
