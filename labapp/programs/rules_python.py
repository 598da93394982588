"""Rules written out as the Python program that does the same at the same instants."""

from __future__ import annotations

import keyword
import re
import textwrap
from collections.abc import Mapping

from labapp.programs.kit_access import PointFacts, Value
from labapp.programs.rules_file import Rule, RuleSet, Settings, read_rules

_HEAD = '''\
# 和规则作用相同的 Python 程序。
# The Python program that does what the rules do.
from labkit import WriteRefused, every, holds, kit

last = {}  # 每个输出最后写成的值 / the last value that each output took
lost = set()  # 读不到的输出 / outputs that cannot be read now


def drive(point, value):
    """只写新的值；没写成或断过线就再写。 / Write what is new; if refused or lost, write again."""
    if point in last and kit.quality(point) == "bad":
        lost.add(point)
    elif point in lost:
        lost.remove(point)
        del last[point]
    if last.get(point) != value:
        try:
            setattr(kit, point, value)
            last[point] = value
        except WriteRefused as refused:
            print(refused)


'''
_TAIL = """
    for point, value in wanted.items():
        drive(point, value)
"""
_WIDTH = 76
_TAKEN = {"WriteRefused", "drive", "every", "holds", "kit", "last", "point", "t", "value", "wanted"}


def rules_as_python(source: bytes, filename: str, facts: Mapping[str, PointFacts]) -> str:
    """Return the program that does what these rules do, to be read and gone on with.

    Raises:
        BadInput: the rules have mistakes.
    """
    return write_python(read_rules(source, filename, facts), facts)


def write_python(rules: RuleSet, facts: Mapping[str, PointFacts]) -> str:
    """Return rules as a Python program."""
    names = _variable_names(rules)
    loop = f"for t in every({rules.period_us / 1_000_000!r}):\n"
    wanted = "    wanted = {}  # 先放进去的优先 / what is put in first wins\n"
    blocks = [
        _block(number, rule, name, facts)
        for number, (rule, name) in enumerate(zip(rules.rules, names, strict=True), start=1)
    ]
    return _HEAD + loop + wanted + "".join(blocks) + _TAIL


def _block(number: int, rule: Rule, name: str, facts: Mapping[str, PointFacts]) -> str:
    lines = ["", f"    # {number}. {_title(rule)}", *_question(name, rule.when)]
    for truth, settings in (("True", rule.then), ("False", rule.otherwise)):
        if settings:
            lines.append(f"    if {name} is {truth}:")
            lines += _wishes(settings, facts)
    return "\n".join(lines) + "\n"


def _question(name: str, when: str) -> list[str]:
    """Return the lines that ask whether a rule's condition holds; a long one is broken."""
    parts = textwrap.wrap(when, _WIDTH, drop_whitespace=False, break_long_words=False)
    words = [" ".join(part.split()) for part in parts]
    if len(words) == 1:
        return [f"    {name} = holds({_text(words[0])})"]
    spaced = [f"        {_text(word + ' ')}" for word in words[:-1]]
    return [f"    {name} = holds(", *spaced, f"        {_text(words[-1])}", "    )"]


def _wishes(settings: Settings, facts: Mapping[str, PointFacts]) -> list[str]:
    return [
        f"        wanted.setdefault({_text(point)}, {_literal(value, facts[point])})"
        for point, value in settings
    ]


def _title(rule: Rule) -> str:
    """Return a rule's name in one line, once where both languages say the same."""
    zh, en = (" ".join(words.split()) for words in (rule.name.zh, rule.name.en))
    return zh if zh == en else f"{zh} / {en}"


def _literal(value: Value, facts: PointFacts) -> str:
    if isinstance(value, str):
        return _text(value)
    if facts.states:
        return _text(facts.states[int(value)])
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def _text(words: str) -> str:
    """Return a Python literal in double quotes."""
    inner = repr("'" + words)[2:-1]  # the leading ' makes repr choose double quotes
    return f'"{inner}"' if repr("'" + words).startswith('"') else repr(words)


def _variable_names(rules: RuleSet) -> list[str]:
    """Return a name for each rule's truth, from its English name where that gives one."""
    names: list[str] = []
    for number, rule in enumerate(rules.rules, start=1):
        words = re.findall(r"[a-z0-9]+", rule.name.en.lower())
        name = textwrap.shorten(" ".join(words), 24, placeholder="").replace(" ", "_")
        is_free = name.isidentifier() and not keyword.iskeyword(name)
        if not is_free or name in _TAKEN or name in names:
            name = f"rule_{number}"
        names.append(name)
    return names
