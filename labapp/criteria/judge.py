"""Judges a criterion on a trace: outcome, exact score, episodes, evidence and the reason why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from labapp.criteria.algebra import truth_at
from labapp.criteria.bind import BoundCheck
from labapp.criteria.check import Always, Clause, Each, Formula, Never, Reach, Statistic, Whenever
from labapp.criteria.condition import Place
from labapp.criteria.each import judge_each
from labapp.criteria.evaluate import Evaluation
from labapp.criteria.explain import explain
from labapp.criteria.figures import spaced
from labapp.criteria.finding import Finding, Needs, Score, ScoreRule, Task, score_of
from labapp.criteria.level import judge_formula, judge_level, judge_reach, judge_whenever
from labapp.criteria.missing import hole_words, missing
from labapp.criteria.statistic import judge_statistic
from labapp.criteria.wording import mistake
from labapp.model.text import Text
from labapp.model.trace import Trace
from labapp.model.trouble import BadInput
from labapp.model.verdict import ROLL_UP, Judgement, Outcome, roll_up

__all__ = ["ENGINE", "Needs", "ScoreRule", "judge"]

# The semantics of every verdict; a change of any verdict gets a new name.
ENGINE = "stl-zoh/1"
_ONLY_JUST = Text(
    "刚好在采样误差的宽限之内，算通过。", "Only just: within what the sampling leaves open."
)


def judge(
    bound: BoundCheck,
    trace: Trace,
    *,
    needs: Needs = Needs(),  # noqa: B008  (frozen)
    score: ScoreRule = ScoreRule(),  # noqa: B008  (frozen)
    doubt_us: int = 0,
    query_us: Sequence[int] = (),
) -> Judgement:
    """Return the verdict on a criterion.

    ``doubt_us`` widens every deadline by what the sampling leaves open; what is met only
    thanks to it is borderline. ``query_us`` asks a ``stl:`` criterion for its truth at
    instants. A trace without a channel, or with one that does not fit, gives the outcome
    error, never an exception.
    """
    names = _names(bound, trace)
    try:
        _check_channels(bound, trace)
        on = Evaluation(trace)
        task = Task(on=on, names=names, needs=needs, score=score, doubt_us=doubt_us)
        findings = [_judge_clause(clause, task) for clause in bound.check.clauses]
        findings = [
            _explained(clause, finding, on, names)
            for clause, finding in zip(bound.check.clauses, findings, strict=True)
        ]
    except BadInput as trouble:
        return _failed(trouble)
    scores = [score_of(f.outcome, f.share, score) for f in findings]
    return _joined(findings, scores, score, _truth(bound, on, query_us))


def _judge_clause(clause: Clause, task: Task) -> Finding:
    match clause:
        case Each():
            return judge_each(clause, task)
        case Always() | Never():
            return judge_level(clause, task)
        case Whenever():
            return judge_whenever(clause, task)
        case Reach():
            return judge_reach(clause, task)
        case Statistic():
            return judge_statistic(clause, task)
        case Formula():
            return judge_formula(clause, task)


def _explained(
    clause: Clause, finding: Finding, on: Evaluation, names: Mapping[str, Text]
) -> Finding:
    """Return the finding with its evidence; where data is missing, with what and when."""
    if finding.borderline:
        return replace(
            finding, say=Text(finding.say.zh + _ONLY_JUST.zh, f"{finding.say.en} {_ONLY_JUST.en}")
        )
    if finding.outcome != Outcome.INCONCLUSIVE:
        return replace(finding, cites=explain(finding, on))
    holes = missing(clause, finding, on)
    said = Text(
        finding.say.zh + "".join(hole_words(hole, names).zh for hole in holes),
        " ".join([finding.say.en, *(hole_words(hole, names).en for hole in holes)]),
    )
    return replace(finding, cites=holes, say=said)


def _check_channels(bound: BoundCheck, trace: Trace) -> None:
    for name in sorted(bound.points):
        if name not in trace.channels:
            raise BadInput(
                *mistake(
                    "C-NO-CHANNEL",
                    Place(),
                    f"数据里没有通道 {name}，无法判定。检查录制。",
                    f"The data has no channel {name}, so nothing can be judged. "
                    "Check the recording.",
                ).problems
            )


def _names(bound: BoundCheck, trace: Trace) -> dict[str, Text]:
    found = {}
    for name, spec in bound.channels.items():
        channel = trace.channels.get(name)
        text = spec.name or (None if channel is None else channel.name)
        if text is not None:
            found[name] = text
    return found


def _truth(bound: BoundCheck, on: Evaluation, query_us: Sequence[int]) -> tuple[bool | None, ...]:
    match bound.check.clauses:
        case (Formula(of),):
            truth = on.truth(of)
            return tuple(truth_at(truth, instant) for instant in query_us)
        case _:
            return ()


def _failed(trouble: BadInput) -> Judgement:
    said = trouble.problems[0].message
    return Judgement(
        outcome=Outcome.ERROR,
        score=None,
        low=Fraction(0),
        high=Fraction(1),
        episodes=(),
        cites=(),
        say=said,
    )


def _joined(
    findings: list[Finding],
    scores: list[Score],
    rule: ScoreRule,
    truth: tuple[bool | None, ...],
) -> Judgement:
    """Return the verdict on all clauses: the worst outcome, and the mean of their shares."""
    outcome = roll_up([finding.outcome for finding in findings])
    worst = min(findings, key=lambda finding: ROLL_UP.index(finding.outcome))
    score = _mean_score(outcome, scores, rule)
    told = [worst] if outcome != Outcome.MET else findings
    return Judgement(
        outcome=outcome,
        score=score.earned,
        low=score.low,
        high=score.high,
        episodes=tuple(episode for finding in findings for episode in finding.episodes),
        cites=tuple(cite for finding in findings for cite in finding.cites),
        say=Text(
            spaced("".join(finding.say.zh for finding in told)),
            " ".join(finding.say.en for finding in told),
        ),
        borderline=any(f.borderline for f in findings) and outcome == Outcome.MET,
        measured=worst.measured,
        required=worst.required,
        truth=truth,
    )


def _mean_score(outcome: Outcome, scores: list[Score], rule: ScoreRule) -> Score:
    if outcome == Outcome.NOT_MET and rule.by == "all":
        return Score(Fraction(0), Fraction(0), Fraction(0))
    low = sum((score.low for score in scores), Fraction(0)) / len(scores)
    high = sum((score.high for score in scores), Fraction(0)) / len(scores)
    if outcome not in (Outcome.MET, Outcome.NOT_MET):
        return Score(None, low, high)
    earned = [Fraction(0) if s.earned is None else s.earned for s in scores]
    return Score(sum(earned, Fraction(0)) / len(scores), low, high)
