"""Judges ``each time``: every trigger is an episode with a verdict of its own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from labapp.criteria.algebra import (
    Truth,
    always,
    conjunction,
    disjunction,
    eventually,
    negation,
    rise,
    truth_at,
    unknown,
    until,
    within_span,
)
from labapp.criteria.check import Each, Response, Trigger
from labapp.criteria.condition import names_of
from labapp.criteria.evaluate import Evaluation
from labapp.criteria.finding import Finding, Reason, Share, Task, outcome_of
from labapp.criteria.intervals import (
    Runs,
    Ticks,
    clip,
    complement,
    difference,
    intersection,
    is_empty,
    length,
    members,
    next_at,
    one_run,
    pairs,
)
from labapp.criteria.tell_each import EachFacts, Late, measured, required, tell
from labapp.model.verdict import Episode, Outcome


@dataclass(frozen=True, slots=True)
class _Triggers:
    """Instants of known triggers, stretches that may hold one, and one under way at the start."""

    known: Ticks
    unsure: Runs
    at_start: Runs


def judge_each(clause: Each, task: Task) -> Finding:
    """Return the verdict on ``each time``."""
    on = task.on
    kept = response_truth(clause, on, task.doubt_us)
    strict = kept if not task.doubt_us else response_truth(clause, on, 0)
    triggers = _find_triggers(clause.trigger, on)
    verdicts = [truth_at(kept, int(t)) for t in triggers.known]
    unsure = difference(triggers.unsure, kept.true)
    reached = _reached(clause, on)
    latest = _latest(triggers.known, reached, on.span[1])
    share = _share(verdicts, len(unsure.start))
    exercised = _spaced(triggers.known, task.needs.spaced_us) >= task.needs.episodes
    outcome = outcome_of(violated=share.bad > 0, unknown=share.unknown > 0, exercised=exercised)
    facts = EachFacts(
        clause=clause,
        outcome=outcome,
        share=share,
        needs=task.needs.episodes,
        counted=_spaced(triggers.known, task.needs.spaced_us),
        at_start=not is_empty(triggers.at_start),
        latencies=tuple(latest),
        verdicts=tuple(verdicts),
        first=_first_late(clause, on, triggers, verdicts, latest),
        unsure=tuple(pairs(unsure)),
    )
    borderline = any(
        v is True and truth_at(strict, int(t)) is not True
        for v, t in zip(verdicts, triggers.known, strict=True)
    )
    return Finding(
        outcome=outcome,
        share=_time_share(clause, on, share, triggers) if task.score.by == "time" else share,
        say=tell(facts, task.names),
        episodes=_episodes(clause, on, triggers, verdicts, latest, unsure),
        reasons=_reasons(clause, on, triggers, verdicts, task.doubt_us),
        measured=measured(facts),
        required=required(clause),
        borderline=borderline and outcome == Outcome.MET,
    )


def response_truth(clause: Each, on: Evaluation, doubt_us: int) -> Truth:
    """Return at which instants a trigger would be answered as the clause asks."""
    response = clause.response
    excused = None if response.unless is None else on.truth(response.unless)
    if response.within_us is None:
        held, over = _lasting(response, on), negation(on.truth(clause.trigger.level))
        return within_span(until(held, over, 0, on.span[1] - on.span[0], on.span), *on.span)
    late = response.within_us + doubt_us
    kept = _settled(response, on, excused)
    if excused is not None:
        kept = disjunction([kept, excused])
    return within_span(eventually(within_span(kept, *on.span), 0, late), *on.span)


def trigger_truth(trigger: Trigger, on: Evaluation) -> Truth:
    """Return at which instants a trigger is known to come, and known not to."""
    edge = within_span(rise(on.truth(trigger.level)), *on.span)
    if trigger.guard is None:
        return edge
    return conjunction([edge, on.truth(trigger.guard)])


def _settled(response: Response, on: Evaluation, excused: Truth | None) -> Truth:
    """Return where the response holds and stays: for its time, or until its end."""
    of = on.truth(response.of)
    if response.until is not None:
        end = trigger_truth(response.until, on)
        return until(of, end, 0, on.span[1] - on.span[0], on.span)
    if not response.for_us:
        return of
    held = always(of, 0, response.for_us)
    if excused is None:
        return held
    return disjunction([held, until(of, excused, 0, response.for_us, on.span)])


def _find_triggers(trigger: Trigger, on: Evaluation) -> _Triggers:
    """Return the triggers; one already under way when the span begins is listed, not counted.

    That one is told from a trigger hidden in a gap by this: no channel of it is ever unknown
    from the start to there.
    """
    truth = trigger_truth(trigger, on)
    unsure = unknown(truth, *on.span)
    none = one_run(0, 0)
    if is_empty(unsure) or int(unsure.start[0]) != on.span[0]:
        return _Triggers(truth.true.start, unsure, none)
    first = one_run(int(unsure.start[0]), int(unsure.end[0]))
    names = names_of(trigger.of) | (
        frozenset() if trigger.guard is None else names_of(trigger.guard)
    )
    missing = [complement(clip(on.known(name), *on.span), *on.span) for name in sorted(names)]
    if any(not is_empty(clip(each, on.span[0], int(first.end[0]))) for each in missing):
        return _Triggers(truth.true.start, unsure, none)
    return _Triggers(truth.true.start, difference(unsure, first), first)


def _reached(clause: Each, on: Evaluation) -> Truth:
    """Return where the response is reached: what a latency is measured to."""
    response = clause.response
    return within_span(_settled(response, on, None), *on.span)


def _latest(triggers: Ticks, reached: Truth, never: int) -> list[int | None]:
    """Return for each trigger how long its response took, if it came before the next one."""
    came = next_at(reached.true, triggers, never).tolist()
    at = triggers.tolist()
    limits = [*at[1:], never]
    return [c - t if c < most else None for t, c, most in zip(at, came, limits, strict=False)]


def _share(verdicts: list[bool | None], unsure: int) -> Share:
    return Share(verdicts.count(True), verdicts.count(False), verdicts.count(None) + unsure)


def _time_share(clause: Each, on: Evaluation, share: Share, triggers: _Triggers) -> Share:
    """Return the share of time of ``throughout``; windows are all alike, so else of episodes."""
    if clause.response.within_us is not None or not share.bad:
        return share
    of = _lasting(clause.response, on)
    level = on.truth(clause.trigger.level).true
    counted = members(level, triggers.known)
    index = np.searchsorted(level.start, triggers.known[counted], "right") - 1
    active = Runs(level.start[index], level.end[index])
    good = length(intersection(of.true, active))
    bad = length(intersection(of.false, active))
    return Share(good, bad, length(active) - good - bad)


def _spaced(triggers: Ticks, spaced_us: int) -> int:
    """Return how many triggers stand at least ``spaced_us`` apart, the first included."""
    if not spaced_us:
        return len(triggers)
    count, last = 0, None
    for t in triggers.tolist():
        if last is None or t - last >= spaced_us:
            count, last = count + 1, t
    return count


def _episodes(
    clause: Each,
    on: Evaluation,
    triggers: _Triggers,
    verdicts: list[bool | None],
    latest: list[int | None],
    unsure: Runs,
) -> tuple[Episode, ...]:
    named = {True: Outcome.MET, False: Outcome.NOT_MET, None: Outcome.INCONCLUSIVE}
    known = [
        Episode(t, max(t, _end_of(clause, on, t, came)), named[verdict])
        for t, verdict, came in zip(triggers.known.tolist(), verdicts, latest, strict=True)
    ]
    listed = [Episode(a, b, Outcome.INCONCLUSIVE) for a, b in pairs(unsure)]
    listed += [Episode(a, b, Outcome.NOT_EXERCISED) for a, b in pairs(triggers.at_start)]
    return tuple(sorted([*known, *listed], key=lambda episode: (episode.from_us, episode.to_us)))


def _end_of(clause: Each, on: Evaluation, start: int, came: int | None) -> int:
    """Return when an episode is over: its response, its deadline, or its trigger's end."""
    response = clause.response
    if response.within_us is None:
        level = on.truth(clause.trigger.level).true
        index = int(np.searchsorted(level.start, start, "right")) - 1
        return int(level.end[index])
    if came is not None:
        return min(start + came + (response.for_us or 0), on.span[1])
    return min(start + response.within_us + (response.for_us or 0), on.span[1])


def _first_late(
    clause: Each,
    on: Evaluation,
    triggers: _Triggers,
    verdicts: list[bool | None],
    latest: list[int | None],
) -> Late | None:
    """Return how the first broken episode went, ``None`` where none is broken."""
    if False not in verdicts:
        return None
    index = verdicts.index(False)
    at = int(triggers.known[index])
    following = triggers.known[index + 1 :]
    limit = int(following[0]) if len(following) else on.span[1]
    of = _lasting(clause.response, on)
    began = _next(of.true, at, limit)
    held = clip(of.true, at, limit)
    return Late(
        number=index + 1,
        at_us=at,
        came_us=latest[index],
        began_us=began if began < limit else None,
        broke_us=_next(of.false, at if clause.response.within_us is None else began, limit),
        held_us=int(max((held.end - held.start).tolist(), default=0)),
    )


def _next(where: Runs, instant: int, never: int) -> int:
    """Return the first instant of ``where`` from ``instant`` on, at most ``never``."""
    return min(int(next_at(where, np.array([instant], np.int64), never)[0]), never)


def _lasting(response: Response, on: Evaluation) -> Truth:
    """Return where the response's condition holds or, throughout, is excused."""
    of = on.truth(response.of)
    if response.within_us is not None or response.unless is None:
        return of
    return disjunction([of, on.truth(response.unless)])


def _reasons(
    clause: Each,
    on: Evaluation,
    triggers: _Triggers,
    verdicts: list[bool | None],
    doubt_us: int,
) -> tuple[Reason, ...]:
    """Return what decided the first broken episode: that it was triggered, and not answered."""
    if False not in verdicts:
        return ()
    at = int(triggers.known[verdicts.index(False)])
    return (*_scene(clause.trigger, at), *_failure(clause, on, at, doubt_us))


def _scene(trigger: Trigger, at: int) -> list[Reason]:
    level = trigger.level
    scene = [
        Reason(level, one_run(at, at + 1), True, wanted=False),
        Reason(level, one_run(at - 1, at), False, wanted=False),
    ]
    if trigger.guard is not None:
        scene.append(Reason(trigger.guard, one_run(at, at + 1), True, wanted=False))
    return scene


def _failure(clause: Each, on: Evaluation, at: int, doubt_us: int) -> list[Reason]:
    """Return where the response, and its excuse, were known not to hold."""
    response = clause.response
    if response.within_us is None:
        return _broken_throughout(clause, on, at)
    end = at + response.within_us + doubt_us + 1
    late = end + (response.for_us or 0)
    of = on.truth(response.of)
    found = [Reason(response.of, clip(of.false, at, late), False)]
    if response.until is not None:
        found = _broken_until(response, on, at, end)
    if response.unless is not None:
        until_us = late if response.for_us else end
        lacking = clip(on.truth(response.unless).false, at, until_us)
        found.append(Reason(response.unless, lacking, False, wanted=False))
    return found


def _broken_until(response: Response, on: Evaluation, at: int, end: int) -> list[Reason]:
    """Cite where it did not hold, and that its end did not come before it broke."""
    of = on.truth(response.of)
    last = int(next_at(of.false, np.array([end - 1], np.int64), on.span[1])[0])
    release = response.until
    found = [Reason(response.of, clip(of.false, at, last + 1), False)]
    if release is not None:
        level = on.truth(release.level)
        found.append(Reason(release.level, clip(level.true, at - 1, last + 1), True, wanted=False))
        found.append(
            Reason(release.level, clip(level.false, at - 1, last + 1), False, wanted=False)
        )
        if release.guard is not None:
            guard = clip(on.truth(release.guard).false, at, last + 1)
            found.append(Reason(release.guard, guard, False, wanted=False))
    return found


def _broken_throughout(clause: Each, on: Evaluation, at: int) -> list[Reason]:
    """Cite that the trigger lasted up to the first instant at which the response failed."""
    response = clause.response
    broke = _next(_lasting(response, on).false, at, on.span[1])
    found = [
        Reason(clause.trigger.level, one_run(at, broke + 1), True, wanted=False),
        Reason(response.of, one_run(broke, broke + 1), False),
    ]
    if response.unless is not None:
        found.append(Reason(response.unless, one_run(broke, broke + 1), False, wanted=False))
    return found
