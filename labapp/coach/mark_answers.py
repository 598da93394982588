"""Marks for what was answered: choices, wires, and numbers read off the own recording."""

from __future__ import annotations

import math
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from labapp.coach.answers import Answers
from labapp.model.text import Text
from labapp.model.trace import Trace
from labapp.model.units import UNITS
from labapp.model.verdict import Outcome
from labapp.model.work import Item
from labapp.packs.pack import Answer, Connection, Forbidden, Question, Step

ONE, ZERO = Fraction(1), Fraction(0)


def mark_question(question: Question, answers: Answers) -> Item:
    """Return the line of one question; nothing chosen is not exercised."""
    chosen = frozenset(answers.choices.get(question.id, ()))
    if not chosen:
        return _item(question.id, question.text, question.points, None, _unanswered())
    if question.many:
        right = sum(
            (option.id in chosen) == (option.id in question.key) for option in question.options
        )
        score = Fraction(right, len(question.options))
    else:
        score = ONE if chosen == question.key else ZERO
    opening = Text("答对了。", "Right. ") if score == ONE else Text("还不对。", "Not yet. ")
    say = Text(opening.zh + question.explain.zh, opening.en + question.explain.en)
    return _item(question.id, question.text, question.points, score, say)


def mark_wires(step: Step, answers: Answers) -> list[Item]:
    """Return a line for each wire that has to be there.

    A wire counts when it is there and neither of its ends has another wire that does not
    belong: connecting everything with everything earns nothing.
    """
    placed = {frozenset(wire) for wire in answers.wires}
    wanted = {frozenset((c.a, c.b)) for c in step.connections}
    stray_ends = {end for wire in placed - wanted for end in wire}
    return [_mark_wire(c, step, placed, stray_ends, bool(answers.wires)) for c in step.connections]


def harmful_wire(step: Step, answers: Answers) -> Forbidden | None:
    """Return the wire that does most harm among those placed, or ``None``."""
    placed = {frozenset(wire) for wire in answers.wires}
    harmful = [f for f in step.forbidden if frozenset((f.a, f.b)) in placed]
    return min(harmful, key=lambda f: f.cap, default=None)


def mark_number(answer: Answer, answers: Answers, trace: Trace) -> Item:
    """Return the line of one number, judged on the student's own recording."""
    typed = answers.numbers.get(answer.id, "")
    given = parse_number(typed)
    if given is None:
        say = _no_number(typed.strip()) if typed.strip() else _unanswered()
        return _item(answer.id, answer.title, answer.points, None, say)
    truth = statistic_of(answer, trace)
    if truth is None:
        return _item(
            answer.id, answer.title, answer.points, None, _nothing_recorded(), Outcome.INCONCLUSIVE
        )
    miss = abs(given - truth)
    if miss <= answer.tolerance:
        score = ONE
    elif miss >= answer.zero_at:
        score = ZERO
    else:
        score = (answer.zero_at - miss) / (answer.zero_at - answer.tolerance)
    return _item(
        answer.id,
        answer.title,
        answer.points,
        score,
        _say_number(answer, given, truth, score),
        measured=_plain(_shown(given, answer)),
        required=_plain(f"{_shown(truth, answer)} ± {_decimal(answer.tolerance)}"),
    )


def parse_number(typed: str) -> Fraction | None:
    """Return a typed number exactly, ``None`` where it is none; a comma or 。 may mark decimals."""
    text = typed.strip().replace("，", ".").replace(",", ".").replace("。", ".").replace("−", "-")
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    if not number.is_finite() or abs(number.adjusted()) > 30:
        return None
    return Fraction(number)


def statistic_of(answer: Answer, trace: Trace) -> Fraction | None:
    """Return the right value, exact, at two digits more than asked for; ``None`` without readings."""
    channel = trace.channels.get(answer.point)
    values = [] if channel is None else [v for v in channel.value.tolist() if v == v]
    if not values:
        return None
    match answer.statistic:
        case "mean":
            value = math.fsum(values) / len(values)
        case "median":
            ranked, half = sorted(values), len(values) // 2
            value = ranked[half] if len(values) % 2 else (ranked[half - 1] + ranked[half]) / 2
        case "min":
            value = min(values)
        case "max":
            value = max(values)
        case "first":
            value = values[0]
        case "final":
            value = values[-1]
    scale = 10 ** (answer.decimals + 2)
    return Fraction(round(Fraction(value) * scale), scale)


def _mark_wire(
    wire: Connection,
    step: Step,
    placed: set[frozenset[str]],
    stray_ends: set[str],
    any_placed: bool,
) -> Item:
    names = {terminal.id: terminal.name for terminal in step.terminals}
    a, b = names[wire.a], names[wire.b]
    if not any_placed:
        return _item(wire.id, wire.title, wire.points, None, _unanswered())
    if frozenset((wire.a, wire.b)) not in placed:
        say = Text(
            f"{a.zh} 和 {b.zh} 之间少一根线。", f"A wire between {a.en} and {b.en} is missing."
        )
        return _item(wire.id, wire.title, wire.points, ZERO, say)
    spare = [names[end] for end in (wire.a, wire.b) if end in stray_ends]
    if spare:
        say = Text(
            f"{spare[0].zh} 上多了一根不该有的线，拆掉它。",
            f"{spare[0].en} has a wire that does not belong there; take it off.",
        )
        return _item(wire.id, wire.title, wire.points, ZERO, say)
    say = Text(f"{a.zh} 接到了 {b.zh}。", f"{a.en} goes to {b.en}.")
    return _item(wire.id, wire.title, wire.points, ONE, say)


def _item(
    item_id: str,
    title: Text,
    points: Fraction,
    score: Fraction | None,
    say: Text,
    outcome: Outcome | None = None,
    measured: Text | None = None,
    required: Text | None = None,
) -> Item:
    if outcome is None:
        outcome = (
            Outcome.NOT_EXERCISED
            if score is None
            else Outcome.MET
            if score == ONE
            else Outcome.NOT_MET
        )
    low, high = (ZERO, ONE) if score is None else (score, score)
    return Item(
        id=item_id,
        title=title,
        outcome=outcome,
        score=score,
        low=low,
        high=high,
        max=points,
        episodes=(),
        cites=(),
        say=say,
        measured=measured,
        required=required,
    )


def _no_number(typed: str) -> Text:
    shown = typed[:40]
    return Text(
        f"“{shown}”不是数。只写数，不写单位，再交一次。",
        f"“{shown}” is not a number. Write the number without a unit and hand in again.",
    )


def _unanswered() -> Text:
    return Text("还没有作答。答完再交一次。", "Not answered yet. Answer it and hand in again.")


def _nothing_recorded() -> Text:
    return Text(
        "录到的数据里没有这个量，无法判定，不扣分。录一段再量。",
        "The recording holds no reading of it, so it cannot be judged and costs nothing. "
        "Record again and measure.",
    )


def _say_number(answer: Answer, given: Fraction, truth: Fraction, score: Fraction) -> Text:
    read, right = _shown(given, answer), _shown(truth, answer)
    if score == ONE:
        return Text(
            f"读数 {read}，记录算出 {right}，在允许范围内。",
            f"You read {read}; the recording gives {right}: within the tolerance.",
        )
    return Text(
        f"读数 {read}，记录算出 {right}，允许差 {_decimal(answer.tolerance)}。用测量光标再读一次。",
        f"You read {read}; the recording gives {right}, ± {_decimal(answer.tolerance)} is allowed. "
        "Read it again with the measuring cursors.",
    )


def _shown(value: Fraction, answer: Answer) -> str:
    unit = UNITS[answer.unit].shown if answer.unit in UNITS else answer.unit
    scale = 10**answer.decimals
    return f"{_decimal(Fraction(round(value * scale), scale), answer.decimals)} {unit}".strip()


def _decimal(value: Fraction, decimals: int | None = None) -> str:
    """Return an exact decimal text of a fraction of powers of ten."""
    number = Decimal(value.numerator) / Decimal(value.denominator)
    return f"{number:.{decimals}f}" if decimals is not None else f"{number.normalize():f}"


def _plain(text: str) -> Text:
    return Text(text, text)
