"""A grade as lines of text, for terminals and logs."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from labapp.model.text import Lang, Text
from labapp.model.verdict import Outcome
from labapp.model.work import Grade, Item, marks
from labapp.report.words import OUTCOME_WORDS, bench_words, bounds_of, points_of

_MARKS = {
    Outcome.MET: "[+]",
    Outcome.NOT_MET: "[x]",
    Outcome.NOT_EXERCISED: "[-]",
    Outcome.INCONCLUSIVE: "[?]",
    Outcome.ERROR: "[!]",
}
_HEADS = (
    Text("", ""),
    Text("评分项", "Item"),
    Text("结果", "Outcome"),
    Text("实测", "Measured"),
    Text("要求", "Required"),
    Text("得分", "Points"),
)
_RIGHT = frozenset({3, 4, 5})
_SAY_COLUMNS = 96
_SAY_INDENT = "    "
_CLOSING = "，。；：、）”？！"
"""What no line may begin with."""


def grade_table(grade: Grade, lang: Lang) -> str:
    """Return a grade as an aligned table, followed by why where marks were not earned.

    Full-width characters count two columns. No colours, no control characters.
    """
    head = Text(
        f"{grade.project} {grade.version}，步骤 {grade.step}，{bench_words(grade.bench).zh}",
        f"{grade.project} {grade.version}, step {grade.step}, {bench_words(grade.bench).en}",
    )
    rows = [[text.in_(lang) for text in _HEADS], *(_row(item, lang) for item in grade.items)]
    lines = [head.in_(lang), ""]
    lines += _table(rows) if grade.items else []
    lines += ["", _total(grade).in_(lang)] if grade.items else [_total(grade).in_(lang)]
    reasons = [line for item in grade.items for line in _reason(item, lang)]
    lines += ["", *reasons] if reasons else []
    return "\n".join(_plain(line).rstrip() for line in lines)


def change_lines(before: Grade, after: Grade, lang: Lang) -> str:
    """Return what another rubric judges otherwise, a line an item, and both totals."""
    old = {item.id: item for item in before.items}
    new = {item.id: item for item in after.items}
    gone = [name for name in old if name not in new]
    changes = [_change(old.get(name), new.get(name), lang) for name in [*new, *gone]]
    told = [change for change in changes if change is not None]
    if not told:
        return Text("换了评分标准，结果不变。", "The other rubric changes nothing.").in_(lang)
    total = Text(
        f"总分 {_sum(before)} 变为 {_sum(after)}（{before.version} 到 {after.version}）",
        f"Total {_sum(before)} becomes {_sum(after)} ({before.version} to {after.version})",
    )
    lines = _table([["  " + change.name, change.was, "->", change.now] for change in told])
    head = Text("换了评分标准，这些项变了：", "The other rubric changes:").in_(lang)
    return "\n".join(_plain(line).rstrip() for line in (head, *lines, total.in_(lang)))


def columns(text: str) -> int:
    """Return how many columns a terminal gives a text: two to each full-width character."""
    return sum(
        0
        if unicodedata.combining(c) or unicodedata.category(c) == "Cf"
        else 2
        if unicodedata.east_asian_width(c) in "WF"
        else 1
        for c in text
    )


@dataclass(frozen=True, slots=True)
class _Change:
    name: str
    was: str
    now: str


def _change(old: Item | None, new: Item | None, lang: Lang) -> _Change | None:
    was, now = _short(old, lang), _short(new, lang)
    named = new if new is not None else old
    if was == now or named is None:
        return None
    return _Change(named.title.in_(lang), was, now)


def _short(item: Item | None, lang: Lang) -> str:
    if item is None:
        return Text("没有这一项", "no such item").in_(lang)
    return f"{OUTCOME_WORDS[item.outcome].in_(lang)} {points_of(item)}"


def _sum(grade: Grade) -> str:
    return f"{marks(grade.points)} / {marks(grade.max)}"


def _row(item: Item, lang: Lang) -> list[str]:
    measured = "" if item.measured is None else item.measured.in_(lang)
    required = "" if item.required is None else item.required.in_(lang)
    word = OUTCOME_WORDS[item.outcome].in_(lang)
    title = item.title.in_(lang)
    return [_MARKS[item.outcome], title, word, measured, required, points_of(item)]


def _total(grade: Grade) -> Text:
    word = OUTCOME_WORDS[grade.outcome]
    return Text(
        f"合计 {_sum(grade)} 分，{word.zh}",
        f"Total {_sum(grade)} points, {word.en.lower()}",
    )


def _reason(item: Item, lang: Lang) -> list[str]:
    """Return why an item is not met, wrapped, and what it can still come to."""
    if item.outcome == Outcome.MET:
        return []
    bounds = bounds_of(item)
    said = item.say.in_(lang) + ("" if bounds is None else f" ({bounds.in_(lang)})")
    title = item.title.in_(lang)
    return [f"{_MARKS[item.outcome]} {title}", *_wrapped(said)]


def _wrapped(text: str) -> list[str]:
    """Break text into lines; full-width text breaks anywhere, other text between words."""
    lines, line = [], ""
    for word in _words(text):
        if line and columns(line + word.rstrip()) > _SAY_COLUMNS - len(_SAY_INDENT):
            lines.append(line.rstrip())
            line = ""
        line += word if line else word.lstrip()
    return [textwrap.indent(each, _SAY_INDENT) for each in (*lines, line.rstrip()) if each]


def _words(text: str) -> list[str]:
    """Return pieces that stay whole: words with the space after them, single full-width signs."""
    pieces = [""]
    for sign in " ".join(text.split()):
        before = pieces[-1][-1:]
        may_break = before == " " or _is_wide(sign) or _is_wide(before)
        if before and may_break and sign not in _CLOSING:
            pieces.append("")
        pieces[-1] += sign
    return pieces


def _is_wide(sign: str) -> bool:
    return bool(sign) and unicodedata.east_asian_width(sign) in "WF"


def _table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return rows with their columns aligned; numbers stand to the right."""
    widths = [max(columns(_plain(row[at])) for row in rows) for at in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = []
        for at, (cell, width) in enumerate(zip(row, widths, strict=True)):
            room = " " * (width - columns(_plain(cell)))
            is_right = len(row) == len(_HEADS) and at in _RIGHT
            cells.append(room + _plain(cell) if is_right else _plain(cell) + room)
        lines.append("  ".join(cells))
    return lines


def _plain(text: str) -> str:
    """Return a text without line ends and control characters: titles come from packs."""
    return "".join(c if c.isprintable() else " " for c in text)
