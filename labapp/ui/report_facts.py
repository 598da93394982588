"""What a report says of one graded attempt, worked out without Qt."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from labapp.model.text import Text, same
from labapp.model.verdict import Outcome
from labapp.model.work import Grade, Item, marks
from labapp.packs.pack import Pack, Step
from labapp.ui.plots.axis import clock_text
from labapp.ui.widgets.status import Status, status_of

_WORST = (Outcome.ERROR, Outcome.NOT_MET, Outcome.INCONCLUSIVE, Outcome.NOT_EXERCISED)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRow:
    """One line of the details."""

    id: str
    title: Text
    status: Status
    measured: Text
    required: Text
    points: str
    at: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """How far one objective was reached in this attempt."""

    title: Text
    share: Fraction


def item_rows(grade: Grade) -> tuple[ItemRow, ...]:
    """Return a line for each item, in the grade's order."""
    return tuple(_row(item) for item in grade.items)


def _row(item: Item) -> ItemRow:
    unjudged = item.score is None
    points = "—" if unjudged else marks(item.points)
    return ItemRow(
        id=item.id, title=item.title, status=status_of(item.outcome),
        measured=item.measured or same(""), required=item.required or same(""),
        points=f"{points} / {marks(item.max)}",
        at=same(clock_text(item.cites[0].from_us / 1e6)) if item.cites else same(""),
    )  # fmt: skip


def verdict_status(grade: Grade, *, passed: bool) -> Status:
    """Return how the attempt as a whole stands against the pass mark."""
    if passed:
        return status_of(Outcome.MET)
    return status_of(grade.outcome if grade.outcome != Outcome.MET else Outcome.NOT_MET)


def verdict_words(grade: Grade, pack: Pack) -> Text:
    """Return the verdict: reached, or how many points are missing."""
    if is_passed(grade, pack):
        return Text("达标", "Passed")
    missing = pack.pass_mark * grade.max - grade.points
    if grade.outcome in (Outcome.INCONCLUSIVE, Outcome.NOT_EXERCISED, Outcome.ERROR):
        return status_of(grade.outcome).word
    number = marks(missing)
    return Text(f"未达标，差 {number} 分", f"Not passed, {number} short")


def is_passed(grade: Grade, pack: Pack) -> bool:
    """Return whether the attempt reached the pack's pass mark."""
    if grade.max == 0:
        return grade.outcome == Outcome.MET
    return grade.points >= pack.pass_mark * grade.max


def undecided(grade: Grade) -> int:
    """Return how many items could not be judged."""
    return sum(item.score is None for item in grade.items)


def waiting_points(grade: Grade) -> Text | None:
    """Return how many points wait for another attempt, or ``None``."""
    waiting = sum((item.max for item in grade.items if item.score is None), Fraction(0))
    if not waiting:
        return None
    number = marks(waiting)
    return Text(f"{number} 分待重测", f"{number} still open")


def main_sentence(grade: Grade) -> Text:
    """Return what to look at first: the worst item's own explanation."""
    worst = main_item(grade)
    if worst is None:
        return Text("每一项都通过了。", "Every item was passed.")
    if worst.cites:
        return worst.say
    zh = worst.title.zh if worst.title.zh.endswith("？") else f"{worst.title.zh}："
    en = worst.title.en if worst.title.en.endswith("?") else f"{worst.title.en}:"
    return Text(f"{zh}{worst.say.zh}", f"{en} {worst.say.en}")


def main_item(grade: Grade) -> Item | None:
    """Return the item to look at first, ``None`` where all are met."""
    for outcome in _WORST:
        found = [item for item in grade.items if item.outcome == outcome]
        if found:
            return max(found, key=lambda item: item.max - item.points)
    return None


def counting_words(item: Item) -> Text:
    """Return how the points came about: times tested and points earned."""
    got, most = marks(item.points), marks(item.max)
    tested = [e for e in item.episodes if e.outcome in (Outcome.MET, Outcome.NOT_MET)]
    good = sum(e.outcome == Outcome.MET for e in tested)
    if item.score is None:
        return Text(
            f"没有判分，满分 {most} 分，不扣分。",
            f"Not judged: {most} points stay open, none are lost.",
        )
    if len(tested) > 1:
        zh = f"测到 {len(tested)} 次，{good} 次符合。"
        en = f"Put to the test {len(tested)} times, kept {good} times."
        return Text(f"{zh}得 {got} 分，满分 {most} 分。", f"{en} {got} of {most} points.")
    return Text(f"得 {got} 分，满分 {most} 分。", f"{got} of {most} points.")


def hint_of(step: Step, item: Item) -> Text | None:
    """Return what the pack advises where a criterion was not met; ``None`` elsewhere."""
    if item.outcome != Outcome.NOT_MET:
        return None
    return next((c.hint for c in step.criteria if c.id == item.id), None)


def objective_shares(pack: Pack, step: Step, grade: Grade) -> tuple[Share, ...]:
    """Return how far each objective of the step was reached; what was not judged is left out."""
    scores = {item.id: item.score for item in grade.items}
    parts = [(c.id, c.objectives) for c in step.criteria]
    parts += [(q.id, q.objectives) for q in step.questions]
    parts += [(a.id, a.objectives) for a in step.answers]
    parts += [(w.id, w.objectives) for w in step.connections]
    shares = []
    for objective in pack.objectives:
        weights = [
            (weight, score)
            for name, pairs in parts
            for goal, weight in pairs
            if goal == objective.id and (score := scores.get(name)) is not None
        ]
        total = sum((weight for weight, _ in weights), Fraction(0))
        if total:
            reached = sum((weight * score for weight, score in weights), Fraction(0))
            shares.append(Share(title=objective.title, share=reached / total))
    return tuple(shares)
