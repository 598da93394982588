"""Judges ``always``, ``never``, ``whenever`` and ``reach``: promises that hold over time."""

from __future__ import annotations

from labapp.criteria.algebra import (
    Truth,
    always,
    disjunction,
    eventually,
    implication,
    negation,
    truth_at,
    unknown,
    within_span,
)
from labapp.criteria.check import Always, Formula, Never, Reach, Whenever
from labapp.criteria.condition import Condition, Not
from labapp.criteria.evaluate import Evaluation
from labapp.criteria.finding import Finding, Reason, Share, Task, outcome_of
from labapp.criteria.intervals import (
    Runs,
    clip,
    complement,
    intersection,
    is_empty,
    length,
    next_at,
    one_run,
    pairs,
    touches,
    touching,
    union,
)
from labapp.criteria.tell_level import (
    LevelFacts,
    ReachFacts,
    extreme,
    level_measured,
    level_required,
    reach_measured,
    reach_required,
    tell_formula,
    tell_level,
    tell_reach,
)
from labapp.model.verdict import Episode, Outcome

# Later than any instant of a recording.
_NEVER_US = 2**62


def judge_level(clause: Always | Never, task: Task) -> Finding:
    """Return the verdict on ``always`` or ``never``."""
    on = task.on
    active = one_run(min(on.span[0] + clause.ignoring_us, on.span[1]), on.span[1])
    truth = _promised(clause, on)
    bad, unsure = intersection(truth.false, active), _unsure(truth, active, on)
    share = Share(length(intersection(truth.true, active)), length(bad), length(unsure))
    outcome = outcome_of(
        violated=share.bad > 0, unknown=share.unknown > 0, exercised=not is_empty(active)
    )
    facts = LevelFacts(
        clause=clause,
        outcome=outcome,
        bad=tuple(pairs(bad)),
        unsure=tuple(pairs(unsure)),
        extreme=extreme(clause, on, active),
        count=len(bad.start),
    )
    return Finding(
        outcome=outcome,
        share=_occasions(clause, on, active, bad, unsure) if task.score.by == "episodes" else share,
        say=tell_level(facts, task.names),
        episodes=_stretches(bad, unsure),
        reasons=_broken(clause, bad),
        measured=level_measured(facts),
        required=level_required(clause),
    )


def judge_whenever(clause: Whenever, task: Task) -> Finding:
    """Return the verdict on ``whenever``."""
    on = task.on
    active, strict = (
        _active(clause.when, clause.after_us + doubt, on) for doubt in (task.doubt_us, 0)
    )
    then = on.truth(clause.then)
    truth = implication(active, then)
    bad, unsure = clip(truth.false, *on.span), unknown(truth, *on.span)
    good = length(intersection(active.true, then.true))
    occasions = _begun(active)
    outcome = outcome_of(
        violated=not is_empty(bad),
        unknown=not is_empty(unsure),
        exercised=occasions >= task.needs.episodes,
    )
    early = not is_empty(intersection(strict.true, then.false))
    facts = LevelFacts(
        clause=clause,
        outcome=outcome,
        bad=tuple(pairs(bad)),
        unsure=tuple(pairs(unsure)),
        extreme=None,
        count=len(bad.start),
        occasions=occasions,
        needs=task.needs.episodes,
    )
    episodes = _whenever_episodes(active, bad, unsure)
    by_episode = task.score.by == "episodes"
    return Finding(
        outcome=outcome,
        share=_counted(episodes) if by_episode else Share(good, length(bad), length(unsure)),
        say=tell_level(facts, task.names),
        episodes=episodes,
        reasons=_broken_whenever(clause, bad, task.doubt_us),
        measured=level_measured(facts),
        required=level_required(clause),
        borderline=outcome == Outcome.MET and early,
    )


def judge_reach(clause: Reach, task: Task) -> Finding:
    """Return the verdict on ``reach``."""
    on = task.on
    low, high = on.span
    hold = clause.for_us or 0
    late = high - 1 - low - hold if clause.within_us is None else clause.within_us
    of = on.truth(clause.of)
    settled = within_span(always(of, 0, hold), *on.span)
    doubt = 0 if clause.within_us is None else task.doubt_us
    verdict, strict = (
        truth_at(eventually(settled, 0, max(late + d, 0)), low) if high > low else None
        for d in (doubt, 0)
    )
    outcome = outcome_of(violated=verdict is False, unknown=verdict is None, exercised=True)
    came = next((a for a, _ in pairs(settled.true)), None)
    longest = _longest(of.true, low, low + max(late, 0))
    facts = ReachFacts(clause=clause, outcome=outcome, start_us=low, came_us=came, held_us=longest)
    end = low + max(late, 0) + hold + 1
    most = _longest(complement(of.false, *on.span), low, low + max(late, 0))
    part = hold + 1
    return Finding(
        outcome=outcome,
        share=Share(
            min(longest, hold),
            max(part - max(most, longest), 1 if outcome == Outcome.NOT_MET else 0),
            min(most, part) - min(longest, hold),
        )
        if hold
        else _all_or_nothing(outcome),
        say=tell_reach(facts, task.names),
        episodes=(Episode(low, min(came if came is not None else end, high), outcome),),
        reasons=(Reason(clause.of, clip(of.false, low, end + doubt), False),)
        if outcome == Outcome.NOT_MET
        else (),
        measured=reach_measured(facts),
        required=reach_required(clause),
        borderline=outcome == Outcome.MET and strict is not True,
    )


def judge_formula(clause: Formula, task: Task) -> Finding:
    """Return the verdict on a formula: its truth at the start of the span."""
    low = task.on.span[0]
    verdict = truth_at(task.on.truth(clause.of), low)
    outcome = outcome_of(violated=verdict is False, unknown=verdict is None, exercised=True)
    reasons = (Reason(clause.of, one_run(low, low + 1), False),) if verdict is False else ()
    return Finding(
        outcome=outcome,
        share=_all_or_nothing(outcome),
        say=tell_formula(clause, outcome, low, task.names),
        reasons=reasons,
    )


def _all_or_nothing(outcome: Outcome) -> Share:
    match outcome:
        case Outcome.MET:
            return Share(1, 0, 0)
        case Outcome.NOT_MET:
            return Share(0, 1, 0)
        case _:
            return Share(0, 0, 1)


def _promised(clause: Always | Never, on: Evaluation) -> Truth:
    match clause:
        case Always(of=of):
            return on.truth(of)
        case Never(of=of, unless=None):
            return negation(on.truth(of))
        case Never(of=of, unless=unless) if unless is not None:
            return disjunction([negation(on.truth(of)), on.truth(unless)])
    raise AssertionError(clause)


def _unsure(truth: Truth, active: Runs, on: Evaluation) -> Runs:
    return intersection(unknown(truth, *on.span), active)


def _stretches(bad: Runs, unsure: Runs) -> tuple[Episode, ...]:
    found = [Episode(a, b, Outcome.NOT_MET) for a, b in pairs(bad)]
    found += [Episode(a, b, Outcome.INCONCLUSIVE) for a, b in pairs(unsure)]
    return tuple(sorted(found, key=lambda episode: episode.from_us))


def _occasions(
    clause: Always | Never, on: Evaluation, active: Runs, bad: Runs, unsure: Runs
) -> Share:
    """Return how many occasions were good: of ``never X unless Y`` every X, else the whole."""
    if isinstance(clause, Never) and clause.unless is not None:
        occasions = intersection(on.truth(clause.of).true, active)
        episodes = [_judged(run, bad, unsure) for run in pairs(occasions)]
        elsewhere = [run for run in pairs(unsure) if _apart(run, occasions)]
        return Share(
            episodes.count(Outcome.MET),
            episodes.count(Outcome.NOT_MET),
            episodes.count(Outcome.INCONCLUSIVE) + len(elsewhere),
        )
    return Share(0, int(not is_empty(bad)), int(is_empty(bad)))


def _apart(run: tuple[int, int], others: Runs) -> bool:
    return not touches(others, *run)


def _judged(run: tuple[int, int], bad: Runs, unsure: Runs) -> Outcome:
    if not _apart(run, bad):
        return Outcome.NOT_MET
    return Outcome.MET if _apart(run, unsure) else Outcome.INCONCLUSIVE


def _active(when: Condition, after_us: int, on: Evaluation) -> Truth:
    """Return where ``when`` has held for the grace; what held at the start began there."""
    level = on.truth(when)
    before = one_run(on.span[0] - after_us - 1, on.span[0])
    begun = Truth(level.true, union(before, level.false))
    return within_span(always(begun, -after_us, 0), *on.span)


def _begun(active: Truth) -> int:
    """Return how many occasions are known: what follows a gap within one is no new one."""
    starts, ends = active.true
    released = next_at(active.false, ends[:-1], _NEVER_US) < starts[1:]
    return min(len(starts), 1) + int(released.sum())


def _whenever_episodes(active: Truth, bad: Runs, unsure: Runs) -> tuple[Episode, ...]:
    known = [Episode(a, b, _judged((a, b), bad, unsure)) for a, b in pairs(active.true)]
    listed = [
        Episode(a, b, Outcome.INCONCLUSIVE) for a, b in pairs(unsure) if _apart((a, b), active.true)
    ]
    return tuple(sorted([*known, *listed], key=lambda episode: episode.from_us))


def _counted(episodes: tuple[Episode, ...]) -> Share:
    outcomes = [episode.outcome for episode in episodes]
    return Share(
        outcomes.count(Outcome.MET),
        outcomes.count(Outcome.NOT_MET),
        outcomes.count(Outcome.INCONCLUSIVE),
    )


def _longest(runs: Runs, low: int, latest: int) -> int:
    """Return the longest time that a stretch begun by ``latest`` held, from ``low`` on."""
    return max((b - max(a, low) for a, b in pairs(runs) if a <= latest and b > low), default=0)


def _first(bad: Runs) -> Runs:
    return Runs(bad.start[:1], bad.end[:1])


def _broken(clause: Always | Never, bad: Runs) -> tuple[Reason, ...]:
    """Return what decided the first violation."""
    if is_empty(bad):
        return ()
    where = _first(bad)
    match clause:
        case Always(of=of):
            return (Reason(of, where, False),)
        case Never(of=of, unless=unless):
            found = [Reason(Not(of), where, False)]
            if unless is not None:
                found.append(Reason(unless, where, False, wanted=False))
            return tuple(found)


def _broken_whenever(clause: Whenever, bad: Runs, doubt_us: int) -> tuple[Reason, ...]:
    if is_empty(bad):
        return ()
    where = _first(bad)
    held = touching(where, 0, clause.after_us + doubt_us)
    return (
        Reason(clause.when, held, True, wanted=False),
        Reason(clause.then, where, False),
    )
