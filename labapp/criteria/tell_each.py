"""Tells the verdict on ``each time``: one sentence for each way in which a response fails."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from labapp.criteria.check import Each
from labapp.criteria.figures import DASH, NO_DATA, seconds, times
from labapp.criteria.finding import Share
from labapp.criteria.say import response_words, trigger_words
from labapp.model.duration import write_duration
from labapp.model.text import Text, same
from labapp.model.verdict import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """How the first broken episode went, instants in microseconds.

    ``came_us`` is when the response was reached in full before the next trigger,
    ``began_us`` when its condition first held, ``broke_us`` when that first failed after,
    ``held_us`` the longest time that it held.
    """

    number: int
    at_us: int
    came_us: int | None
    began_us: int | None
    broke_us: int
    held_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EachFacts:
    """What is known of all episodes of one clause."""

    clause: Each
    outcome: Outcome
    share: Share
    needs: int
    counted: int
    at_start: bool
    latencies: tuple[int | None, ...]
    verdicts: tuple[bool | None, ...]
    first: Late | None
    unsure: tuple[tuple[int, int], ...]


def required(clause: Each) -> Text:
    """Return what a check row asks for: ``≤ 3 s``."""
    response = clause.response
    if response.within_us is None:
        return Text("全程", "throughout")
    return same(f"≤ {write_duration(response.within_us)}")


def measured(facts: EachFacts) -> Text:
    """Return what a check row shows: the slowest response, or that there was none."""
    match facts.outcome:
        case Outcome.INCONCLUSIVE:
            return NO_DATA
        case Outcome.NOT_EXERCISED:
            return DASH
    if facts.clause.response.within_us is None:
        return Text(f"{facts.share.bad} 次中断", f"{facts.share.bad} broken")
    rows = zip(facts.verdicts, facts.latencies, strict=True)
    if facts.outcome == Outcome.NOT_MET:
        return _slowest_bad([came for verdict, came in rows if verdict is False], facts)
    slow = [came for verdict, came in rows if verdict is True and came is not None]
    return same(seconds(max(slow))) if slow else DASH


def _slowest_bad(latencies: list[int | None], facts: EachFacts) -> Text:
    within = facts.clause.response.within_us or 0
    late = [came for came in latencies if came is not None and came > within]
    if None in latencies or not late or facts.clause.response.until is not None:
        return Text(f"{facts.share.bad} 次没做到", f"{facts.share.bad} missed")
    return same(seconds(max(late)))


def tell(facts: EachFacts, names: Mapping[str, Text]) -> Text:
    """Return the verdict in a sentence or two."""
    match facts.outcome:
        case Outcome.MET:
            said = _met(facts)
        case Outcome.NOT_MET if facts.first is not None:
            said = _broken(facts, facts.first, names)
        case Outcome.INCONCLUSIVE:
            said = _unsure(facts)
        case _:
            said = _untested(facts, names)
    if not facts.at_start or facts.outcome in (Outcome.NOT_MET, Outcome.INCONCLUSIVE):
        return said
    return Text(
        f"{said.zh}开始时触发条件已经成立，那一次不计。",
        f"{said.en} One was already under way at the start and is not counted.",
    )


def _met(facts: EachFacts) -> Text:
    count = facts.share.good
    if count == 0:
        return Text("触发一次也没有出现，要求为 0 次。", "It was never triggered, as is allowed.")
    rows = zip(facts.verdicts, facts.latencies, strict=True)
    slow = [came for verdict, came in rows if verdict is True and came is not None]
    if facts.clause.response.within_us is None or not slow:
        return Text(
            f"触发 {count} 次，每次都做到了。", f"Triggered {times(count).en}, kept every time."
        )
    return Text(
        f"触发 {count} 次，每次都做到了，最慢 {seconds(max(slow))}。",
        f"Triggered {times(count).en}, kept every time; the slowest took {seconds(max(slow))}.",
    )


def _broken(facts: EachFacts, late: Late, names: Mapping[str, Text]) -> Text:
    want = response_words(facts.clause.response, names)
    got = _what_came(facts, late)
    judged = facts.share.good + facts.share.bad
    return Text(
        f"第 {late.number} 次触发在 {seconds(late.at_us)}：{want.zh}，实际{got.zh}。"
        f"共 {judged} 次，成功 {facts.share.good} 次。",
        f"Trigger {late.number} came at {seconds(late.at_us)}; we expected “{want.en}”, "
        f"but {got.en}. {facts.share.good} of {times_judged(judged)} met it.",
    )


def times_judged(count: int) -> str:
    """Return how many episodes were judged: ``6 episodes``."""
    return "1 episode" if count == 1 else f"{count} episodes"


def _what_came(facts: EachFacts, late: Late) -> Text:
    """Return what happened instead, in the form of this kind of response."""
    response = facts.clause.response
    if response.within_us is None:
        return Text(f"在 {seconds(late.broke_us)} 中断", f"it stopped at {seconds(late.broke_us)}")
    began_in_time = late.began_us is not None and late.began_us <= late.at_us + response.within_us
    if response.until is not None and began_in_time:
        broke = seconds(late.broke_us)
        return Text(f"在 {broke} 就中断了", f"it stopped too early, at {broke}")
    if late.came_us is not None and late.came_us > response.within_us:
        after, over = seconds(late.came_us), seconds(late.came_us - response.within_us)
        return Text(f"{after} 后才发生，晚了 {over}", f"it did so after {after}, {over} too late")
    if late.began_us is None:
        return Text("一直没有发生", "it never did")
    if response.for_us is not None:
        held = seconds(late.held_us)
        return Text(f"最长只保持了 {held}", f"it held for {held} at the longest")
    after = seconds(late.began_us - late.at_us)
    return Text(f"{after} 后才发生", f"it did so after {after}")


def _unsure(facts: EachFacts) -> Text:
    number = next((n for n, v in enumerate(facts.verdicts, 1) if v is None), None)
    if number is None:
        start, end = facts.unsure[0]
        return Text(
            f"{seconds(start)}～{seconds(end)} 缺数据，看不到有没有触发，无法判定，不扣分。请重测。",
            f"Data is missing from {seconds(start)} to {seconds(end)}: a trigger may have come "
            "there. Not judged, no points lost; please run it again.",
        )
    return Text(
        f"第 {number} 次触发之后缺数据，或录制已经结束，无法判定，不扣分。请重测。",
        f"After trigger {number} data is missing or the recording ends. "
        "Not judged, no points lost; please run it again.",
    )


def _untested(facts: EachFacts, names: Mapping[str, Text]) -> Text:
    trigger = trigger_words(facts.clause.trigger, names)
    if facts.counted == 0:
        return Text(
            f"没有测到：{trigger.zh}才能判定，但它一次也没有出现。先让它发生，再测一次。",
            f"Not exercised: it is judged when {trigger.en}, which never happened. "
            "Make it happen, then run it again.",
        )
    return Text(
        f"没有测到：触发 {facts.counted} 次，需要 {facts.needs} 次。再做几次。",
        f"Not exercised: triggered {times(facts.counted).en}, {facts.needs} needed. "
        "Do it some more.",
    )
