"""Reads the text of a criterion or a condition; every mistake is told with its line and column."""

from __future__ import annotations

from functools import cache
from typing import cast

from lark import Lark, Token, UnexpectedInput
from lark.exceptions import UnexpectedCharacters, UnexpectedToken, VisitError

from labapp.criteria.build import Build
from labapp.criteria.check import Check, conditions_of
from labapp.criteria.condition import Condition, Place, parts_of
from labapp.criteria.grammar import GRAMMAR
from labapp.criteria.wording import did_you_mean, listed, mistake
from labapp.model.trouble import BadInput

MOST_CHARACTERS = 10_000
DEEPEST = 40

# What each terminal is called in "expected …"; those not here are keywords that stand for themselves.
_SHOWN: dict[str, tuple[str, ...]] = {
    "NAME": ("NAME",),
    "QUANTITY": ("NUMBER UNIT",),
    "STRING": ('"STATE"',),
    "STL": ("stl:",),
    "TIME_STAT": ("share", "total", "count"),
    "VALUE_STAT": ("mean", "max", "min", "final"),
    "PAIR_STAT": ("median_abs_error", "rmse", "accuracy"),
    "EDGE": ("begins", "ends"),
    "WINDOW": ("always", "eventually", "once", "historically"),
    "UNTIL": ("until", "since"),
    "FLANK": ("rise", "fall"),
    "AGE": ("age",),
    "CHANGES": ("changes",),
    "CMP": (">=", "<=", ">", "<"),
    "PLUS_MINUS": ("+-",),
    "BRACKET": ("[",),
}


def parse_check(text: str) -> Check:
    """Return the criterion that ``text`` states.

    Raises:
        BadInput: it is no criterion; line and column say where it stops being one.
    """
    check = cast(Check, _parse(text, "check"))
    for clause in check.clauses:
        for condition in conditions_of(clause):
            _measure_depth(condition)
    return check


def parse_condition(text: str) -> Condition:
    """Return the condition that ``text`` states, as rules and scenarios use it.

    Raises:
        BadInput: it is no condition; line and column say where it stops being one.
    """
    condition = cast(Condition, _parse(text, "cond"))
    _measure_depth(condition)
    return condition


@cache
def _parser() -> Lark:
    return Lark(
        GRAMMAR,
        parser="lalr",
        lexer="contextual",
        start=["check", "cond"],
        maybe_placeholders=True,
        propagate_positions=False,
        transformer=Build(),
    )


def _parse(text: str, start: str) -> object:
    if len(text) > MOST_CHARACTERS:
        raise mistake(
            "C-TOO-LONG",
            Place(),
            f"准则有 {len(text)} 个字符，最多 {MOST_CHARACTERS} 个。分成几条来写。",
            f"The criterion has {len(text)} characters, {MOST_CHARACTERS} at most. "
            "Split it into several.",
        )
    try:
        return _parser().parse(text, start=start)
    except VisitError as cause:
        if isinstance(cause.orig_exc, BadInput):
            raise cause.orig_exc from None
        raise
    except UnexpectedInput as cause:
        raise _syntax(text, cause) from None


def _syntax(text: str, cause: UnexpectedInput) -> BadInput:
    """Return what stands where something else was expected, and what that is."""
    if isinstance(cause, UnexpectedToken):
        token, names = cause.token, cause.accepts or cause.expected
        at, found = _place_of(text, token), "" if token.type == "$END" else str(token)
    else:
        known = cause if isinstance(cause, UnexpectedCharacters) else None
        names = set() if known is None else known.allowed or set()
        position = int(getattr(cause, "pos_in_stream", None) or 0)
        at, found = Place(cause.line, cause.column), _word_at(text, position)
    expected = sorted({shown for name in names for shown in _shown(name)})
    what, hint = listed(expected), did_you_mean(found, expected)
    seen = f"“{found}”" if found else "结尾"
    seen_en = f'"{found}"' if found else "the end"
    return mistake(
        "C-SYNTAX",
        at,
        f"这里是{seen}，应当是：{what.zh}。{hint.zh}",
        f"Here is {seen_en}, expected: {what.en}.{hint.en}",
    )


def _place_of(text: str, token: Token) -> Place:
    if token.type != "$END":
        return Place(token.line or 1, token.column or 1)
    kept = text.rstrip()
    return Place(kept.count("\n") + 1, len(kept) - kept.rfind("\n"))


def _word_at(text: str, position: int) -> str:
    """Return the word at ``position``, or the one character where no word begins."""
    end = position
    while end < len(text) and (text[end].isalnum() or text[end] == "_"):
        end += 1
    return text[position : max(end, position + 1)]


def _shown(terminal: str) -> tuple[str, ...]:
    if terminal in _SHOWN:
        return _SHOWN[terminal]
    if terminal == "$END":
        return ()
    pattern = _parser().get_terminal(terminal).pattern
    return (pattern.value,)


def _measure_depth(condition: Condition) -> None:
    """Refuse what is nested too deep to be read by a person, or by us."""
    level: tuple[Condition, ...] = (condition,)
    for _ in range(DEEPEST):
        level = tuple(part for outer in level for part in parts_of(outer))
        if not level:
            return
    raise mistake(
        "C-TOO-DEEP",
        Place(),
        f"条件嵌套超过 {DEEPEST} 层。拆成几条准则。",
        f"The condition is nested more than {DEEPEST} deep. Split the criterion.",
    )
