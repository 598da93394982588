"""Grades sealed evidence: a pure function of the file and the rubric, and of nothing else."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

from labapp.coach.answers import Answers
from labapp.coach.mark_answers import harmful_wire, mark_number, mark_question, mark_wires
from labapp.coach.sealing import sealed_answers, sealed_pack
from labapp.criteria.judge import ENGINE, Needs, ScoreRule, judge
from labapp.model.text import Text
from labapp.model.trace import Trace
from labapp.model.trouble import BadInput, Problem
from labapp.model.verdict import Outcome, roll_up
from labapp.model.work import Grade, Item, marks
from labapp.packs.pack import Criterion, Pack, Step
from labapp.store.evidence import Evidence

__all__ = ["changes", "grade", "judge_criterion", "sealed_pack"]


def grade(evidence: Evidence, pack: Pack | None = None) -> Grade:
    """Return the grade of an attempt under ``pack``, or under the rubric that was sealed with it.

    Reads the evidence only: no clock, no live state, no order of dictionaries. The same
    evidence and rubric give the same digest on every machine.

    Raises:
        BadInput: the rubric does not have the step that was attempted.
        Damaged: the sealed rubric or answers cannot be read.
    """
    rubric = sealed_pack(evidence) if pack is None else pack
    step = _step_of(evidence, rubric)
    items, cap = _judge_step(step, evidence.trace(rubric.profile), sealed_answers(evidence))
    return Grade(
        project=rubric.id,
        version=rubric.version,
        step=step.id,
        bench=dict(evidence.manifest["bench"]),
        outcome=roll_up([item.outcome for item in items]) if items else Outcome.MET,
        items=tuple(_capped(items, cap)),
        engine=ENGINE,
        recording=evidence.recording_digest,
    )


def judge_criterion(criterion: Criterion, trace: Trace) -> Item:
    """Return a criterion's line on a trace."""
    judgement = judge(
        criterion.bound,
        trace,
        needs=Needs(episodes=criterion.episodes, spaced_us=criterion.spaced_us),
        score=ScoreRule(by=criterion.score.by, zero_at=criterion.score.zero_at),
        doubt_us=criterion.doubt_us,
    )
    return Item(
        id=criterion.id,
        title=criterion.title,
        outcome=judgement.outcome,
        score=judgement.score,
        low=judgement.low,
        high=judgement.high,
        max=criterion.score.points,
        episodes=judgement.episodes,
        cites=judgement.cites,
        say=judgement.say,
        borderline=judgement.borderline,
        measured=judgement.measured,
        required=judgement.required,
    )


def changes(before: Grade, after: Grade) -> list[dict[str, Any]]:
    """Return the items that another rubric judges otherwise, in its order, removed ones last."""
    old = {item.id: item for item in before.items}
    new = {item.id: item for item in after.items}
    found = []
    for name in [*new, *(name for name in old if name not in new)]:
        was, now = old.get(name), new.get(name)
        if _mark_of(was) != _mark_of(now):
            found.append({"id": name, "before": _mark_of(was), "after": _mark_of(now)})
    return found


def _mark_of(item: Item | None) -> dict[str, str] | None:
    if item is None:
        return None
    return {"outcome": item.outcome.value, "points": marks(item.points), "max": marks(item.max)}


def _judge_step(step: Step, trace: Trace, answers: Answers) -> tuple[list[Item], Fraction | None]:
    """Return the lines of a step, and the share of its marks that it may earn at most."""
    judged = [(criterion, judge_criterion(criterion, trace)) for criterion in step.criteria]
    items = [item for _, item in judged]
    items += [mark_number(answer, answers, trace) for answer in step.answers]
    items += [mark_question(question, answers) for question in step.questions]
    items += mark_wires(step, answers)
    caps = [
        criterion.score.cap
        for criterion, item in judged
        if criterion.score.cap is not None and item.outcome == Outcome.NOT_MET
    ]
    harmful = harmful_wire(step, answers)
    if harmful is not None:
        caps.append(harmful.cap)
        items = [_harmed(item, harmful.why) for item in items]
    return items, min(caps, default=None)


def _harmed(item: Item, why: Text) -> Item:
    return replace(item, say=Text(f"{item.say.zh}{why.zh}", f"{item.say.en} {why.en}"))


def _capped(items: list[Item], cap: Fraction | None) -> list[Item]:
    """Shrink what was earned so that the step earns its capped share of marks at most."""
    earned = sum((item.points for item in items), Fraction(0))
    most = sum((item.max for item in items), Fraction(0)) * (1 if cap is None else cap)
    if cap is None or earned <= most:
        return items
    return [
        item if item.score is None else replace(item, score=item.score * most / earned)
        for item in items
    ]


def _step_of(evidence: Evidence, rubric: Pack) -> Step:
    step_id = str(evidence.manifest["step"])
    step = rubric.step(step_id)
    if step is None:
        names = ", ".join(step.id for step in rubric.steps)
        raise BadInput(
            Problem(
                code="G-NO-STEP",
                message=Text(
                    f"这份证据做的是 {step_id} 这一步，项目包 {rubric.id} 里没有。它有：{names}。",
                    f"The evidence is of the step {step_id}, which {rubric.id} does not have. "
                    f"It has: {names}.",
                ),
            )
        )
    return step
