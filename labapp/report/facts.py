"""What a report says beside the items themselves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from labapp.model.text import Text, same
from labapp.model.verdict import Outcome
from labapp.model.work import Grade, Item, marks
from labapp.packs.pack import Pack, Step
from labapp.report.words import OUTCOME_WORDS, main_item


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """How far one objective was reached; ``covered`` is the share of it that could be judged."""

    title: Text
    share: Fraction
    covered: Fraction


def is_passed(grade: Grade, pack: Pack) -> bool:
    """Return whether the attempt reached the pack's pass mark."""
    if grade.max == 0:
        return grade.outcome == Outcome.MET
    return grade.points >= pack.pass_mark * grade.max


def verdict(grade: Grade, pack: Pack) -> tuple[Outcome, Text]:
    """Return how the attempt as a whole stands, and the words for it."""
    if is_passed(grade, pack):
        return Outcome.MET, Text("达标", "Passed")
    if grade.outcome in (Outcome.INCONCLUSIVE, Outcome.NOT_EXERCISED, Outcome.ERROR):
        return grade.outcome, OUTCOME_WORDS[grade.outcome]
    missing = marks(pack.pass_mark * grade.max - grade.points)
    return Outcome.NOT_MET, Text(f"未达标，差 {missing} 分", f"Not passed, {missing} short")


def main_sentence(grade: Grade) -> Text:
    """Return what to look at first: the worst item's own explanation."""
    worst = main_item(grade)
    if worst is None:
        return Text("每一项都通过了。", "Every item was passed.")
    zh = worst.title.zh if worst.title.zh.endswith("？") else f"{worst.title.zh}："
    en = worst.title.en if worst.title.en.endswith("?") else f"{worst.title.en}:"
    return Text(f"{zh}{worst.say.zh}", f"{en} {worst.say.en}")


def counting(item: Item) -> Text:
    """Return how the points came about: times tested and points earned."""
    got, most = marks(item.points), marks(item.max)
    if item.score is None:
        return Text(
            f"没有判分，{most} 分留着，不扣分。",
            f"Not judged: {most} points stay open, none are lost.",
        )
    tested = [e for e in item.episodes if e.outcome in (Outcome.MET, Outcome.NOT_MET)]
    good = sum(e.outcome == Outcome.MET for e in tested)
    zh, en = f"得 {got} 分，满分 {most} 分。", f"{got} of {most} points."
    if len(tested) > 1:
        zh = f"测到 {len(tested)} 次，{good} 次符合。{zh}"
        en = f"Put to the test {len(tested)} times, kept {good} times. {en}"
    if item.borderline:
        zh += "达到要求，但差距在测量误差以内。"
        en += " Met, but only within the measurement doubt."
    return Text(zh, en)


def hint(step: Step | None, item: Item) -> Text | None:
    """Return what the pack advises where a criterion was not met."""
    if step is None or item.outcome == Outcome.MET:
        return None
    return next((c.hint for c in step.criteria if c.id == item.id), None)


def objective_shares(pack: Pack, step: Step | None, grade: Grade) -> tuple[Share, ...]:
    """Return how far each objective of the step was reached, over what could be judged."""
    if step is None:
        return ()
    scores = {item.id: item.score for item in grade.items}
    parts = [(criterion.id, criterion.objectives) for criterion in step.criteria]
    parts += [(question.id, question.objectives) for question in step.questions]
    parts += [(answer.id, answer.objectives) for answer in step.answers]
    shares = []
    for objective in pack.objectives:
        weights = [
            (w, scores.get(name)) for name, goals in parts for o, w in goals if o == objective.id
        ]
        judged = [(weight, score) for weight, score in weights if score is not None]
        most, total = _sum(w for w, _ in weights), _sum(w for w, _ in judged)
        if total:
            reached = _sum(weight * score for weight, score in judged)
            shares.append(Share(title=objective.title, share=reached / total, covered=total / most))
    return tuple(shares)


def name_of(pack: Pack, step: Step | None, grade: Grade) -> tuple[Text, Text]:
    """Return the titles of the project and of the step."""
    return pack.title, same(grade.step) if step is None else step.title


def _sum(parts: Iterable[Fraction]) -> Fraction:
    return sum(parts, Fraction(0))
