"""Tells the verdict on promises over time: where they broke, for how long, and how near it was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from labapp.criteria.amounts import shown
from labapp.criteria.check import Always, Formula, Never, Reach, Whenever
from labapp.criteria.condition import Cmp, Compare, Condition, Value
from labapp.criteria.evaluate import Evaluation
from labapp.criteria.figures import DASH, NO_DATA, number, seconds, times
from labapp.criteria.intervals import Runs
from labapp.criteria.say import words
from labapp.model.duration import write_duration
from labapp.model.text import Text, same
from labapp.model.verdict import Outcome

_SIGNS: dict[Cmp, str] = {">=": "≥", "<=": "≤", ">": ">", "<": "<"}
_NO_LOSS = Text("无法判定，不扣分。请重测。", "Not judged, no points lost; please run it again.")


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelFacts:
    """What is known of one promise over time; stretches in microseconds.

    ``extreme`` is the value that came nearest to breaking a simple limit, with its unit.
    """

    clause: Always | Never | Whenever
    outcome: Outcome
    bad: tuple[tuple[int, int], ...]
    unsure: tuple[tuple[int, int], ...]
    extreme: str | None
    count: int
    occasions: int = 0
    needs: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReachFacts:
    """What is known of one state to reach."""

    clause: Reach
    outcome: Outcome
    start_us: int
    came_us: int | None
    held_us: int


def extreme(clause: Always | Never, on: Evaluation, active: Runs) -> str | None:
    """Return the value that came nearest to a simple limit, or broke it most."""
    limit = _limit(clause)
    if limit is None or not isinstance(limit.number, Value):
        return None
    held = on.held(limit.number.name)
    counted = (held.end > active.start[0]) if len(active.start) else held.end < held.start
    value = held.value[counted & (held.start < on.span[1])]
    if len(value) == 0:
        return None
    highest = (limit.cmp in ("<=", "<")) == isinstance(clause, Always)
    found = float(value.max() if highest else value.min())
    return number(found, on.channel(limit.number.name).unit)


def level_required(clause: Always | Never | Whenever) -> Text:
    """Return what a check row asks for: ``≤ 70 °C``, or that it never breaks."""
    limit = None if isinstance(clause, Whenever) else _limit(clause)
    if limit is None or not isinstance(limit.number, Value) or isinstance(clause, Never):
        return times(0)
    return same(f"{_SIGNS[limit.cmp]} {shown(limit.quantity)}")


def level_measured(facts: LevelFacts) -> Text:
    """Return what a check row shows: the extreme value, or how often it broke."""
    match facts.outcome:
        case Outcome.INCONCLUSIVE:
            return NO_DATA
        case Outcome.NOT_EXERCISED:
            return DASH
    if facts.extreme is not None and isinstance(facts.clause, Always):
        return same(facts.extreme)
    return times(facts.count)


def tell_level(facts: LevelFacts, names: Mapping[str, Text]) -> Text:
    """Return the verdict in a sentence or two."""
    match facts.outcome:
        case Outcome.MET:
            return _kept(facts)
        case Outcome.NOT_MET:
            return _broken(facts, names)
        case Outcome.INCONCLUSIVE:
            start, end = facts.unsure[0]
            return Text(
                f"{seconds(start)}～{seconds(end)} 缺数据，{_NO_LOSS.zh}",
                f"Data is missing from {seconds(start)} to {seconds(end)}. {_NO_LOSS.en}",
            )
        case _:
            return _untested(facts, names)


def reach_required(clause: Reach) -> Text:
    """Return what a check row asks for: by when, else for how long."""
    if clause.within_us is not None:
        return same(f"≤ {write_duration(clause.within_us)}")
    if clause.for_us is not None:
        return same(f"≥ {write_duration(clause.for_us)}")
    return Text("达到", "reached")


def reach_measured(facts: ReachFacts) -> Text:
    """Return what a check row shows: when it was reached, else how long it held."""
    if facts.outcome == Outcome.INCONCLUSIVE:
        return NO_DATA
    if facts.clause.within_us is None and facts.clause.for_us is not None:
        return same(seconds(facts.held_us))
    if facts.came_us is None:
        return Text("没有达到", "not reached")
    return same(seconds(facts.came_us - facts.start_us))


def tell_reach(facts: ReachFacts, names: Mapping[str, Text]) -> Text:
    """Return the verdict on ``reach`` in a sentence."""
    clause, what = facts.clause, words(facts.clause.of, names)
    if facts.outcome == Outcome.INCONCLUSIVE:
        return Text(
            f"数据缺失或录制太短，看不出有没有达到“{what.zh}”，{_NO_LOSS.zh}",
            f"Data is missing or the recording is too short to see “{what.en}”. {_NO_LOSS.en}",
        )
    if facts.came_us is not None:
        after = seconds(facts.came_us - facts.start_us)
        if facts.outcome == Outcome.MET:
            return Text(f"{after} 后达到。", f"Reached after {after}.")
        over = seconds(facts.came_us - facts.start_us - (clause.within_us or 0))
        return Text(
            f"“{what.zh}”在 {after} 后才达到，晚了 {over}。",
            f"“{what.en}” was reached only after {after}, {over} too late.",
        )
    if clause.for_us is not None and facts.held_us:
        held, need = seconds(facts.held_us), write_duration(clause.for_us)
        return Text(
            f"“{what.zh}”最长只保持了 {held}，要求 {need}。",
            f"“{what.en}” held for {held} at the longest; {need} is required.",
        )
    late = "" if clause.within_us is None else f"（{write_duration(clause.within_us)} 内）"
    late_en = "" if clause.within_us is None else f" within {write_duration(clause.within_us)}"
    return Text(f"“{what.zh}”一直没有达到{late}。", f"“{what.en}” was never reached{late_en}.")


def tell_formula(
    clause: Formula, outcome: Outcome, start_us: int, names: Mapping[str, Text]
) -> Text:
    """Return the truth of a formula at the start in a sentence."""
    what, at = words(clause.of, names), seconds(start_us)
    match outcome:
        case Outcome.MET:
            return Text(f"在 {at} 成立。", f"It holds at {at}.")
        case Outcome.NOT_MET:
            return Text(f"在 {at} 不成立：{what.zh}。", f"It does not hold at {at}: {what.en}.")
        case _:
            return Text(
                f"数据缺失，看不出 {at} 时是否成立，{_NO_LOSS.zh}",
                f"Data is missing to see whether it holds at {at}. {_NO_LOSS.en}",
            )


def _limit(clause: Always | Never) -> Compare | None:
    of: Condition = clause.of
    if isinstance(clause, Never) and clause.unless is not None:
        return None
    return of if isinstance(of, Compare) else None


def _kept(facts: LevelFacts) -> Text:
    if facts.extreme is not None:
        most = facts.extreme
        return Text(f"全程做到，最接近限值时为 {most}。", f"Kept throughout; nearest: {most}.")
    if isinstance(facts.clause, Whenever):
        count = times(facts.occasions)
        return Text(f"共 {count.zh}，每次都做到了。", f"It came {count.en}, kept every time.")
    if isinstance(facts.clause, Never) and facts.clause.unless is None:
        return Text("全程没有出现。", "It never happened.")
    return Text("全程做到。", "Kept throughout.")


def _broken(facts: LevelFacts, names: Mapping[str, Text]) -> Text:
    (start, end), count = facts.bad[0], len(facts.bad)
    total = seconds(sum(b - a for a, b in facts.bad))
    match facts.clause:
        case Never(of=of, unless=unless):
            happened = words(of, names)
            why = None if unless is None else words(unless, names)
            zh = f"出现了“{happened.zh}”" + ("" if why is None else f"，而没有“{why.zh}”")
            en = f"“{happened.en}” happened" + ("" if why is None else f" without “{why.en}”")
        case Whenever(when=when, then=then):
            was, want = words(when, names), words(then, names)
            zh, en = f"“{was.zh}”时不满足“{want.zh}”", f"“{was.en}” held but “{want.en}” did not"
        case Always(of=of):
            want = words(of, names)
            zh, en = f"不满足“{want.zh}”", f"this did not hold: “{want.en}”"
    more = "" if facts.extreme is None else f"，最差为 {facts.extreme}"
    more_en = "" if facts.extreme is None else f"; the worst was {facts.extreme}"
    return Text(
        f"{seconds(start)}～{seconds(end)} {zh}；共 {count} 段，合计 {total}{more}。",
        f"From {seconds(start)} to {seconds(end)} {en}; {_stretches(count)}, {total} in all{more_en}.",
    )


def _stretches(count: int) -> str:
    return "1 stretch" if count == 1 else f"{count} stretches"


def _untested(facts: LevelFacts, names: Mapping[str, Text]) -> Text:
    if not isinstance(facts.clause, Whenever):
        return Text(
            "没有测到：录制比开始时忽略的时间还短。录得长一些。",
            "Not exercised: the recording is shorter than the time ignored at its start. "
            "Record for longer.",
        )
    when = words(facts.clause.when, names)
    count, need = times(facts.occasions), facts.needs
    return Text(
        f"没有测到：“{when.zh}”出现 {count.zh}，需要 {need} 次。先让它发生，再测一次。",
        f"Not exercised: “{when.en}” came {count.en}, {need} needed. "
        "Make it happen, then run it again.",
    )
