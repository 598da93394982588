"""Names that are not there: misspelt, not imported, points without kit, states without quotes."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from difflib import get_close_matches

from labapp.model.text import Text
from labapp.programs.fault import Fault
from labapp.programs.guard import NOT_HERE
from labapp.programs.kit_access import PointFacts, nearest, unknown_point

LABKIT = ("kit", "sleep", "now", "every", "wait_until", "log", "holds", "WriteRefused")
_KIT_METHODS = ("on_change", "quality")
_OTHER_SPELLINGS = {
    "true": "True", "TRUE": "True", "false": "False", "FALSE": "False", "null": "None",
    "NULL": "None", "none": "None", "nil": "None", "AND": "and", "OR": "or", "NOT": "not",
    "delay": "sleep", "wait": "sleep", "printf": "print", "println": "print",
}  # fmt: skip


def explain_name(fault: Fault, points: Mapping[str, PointFacts]) -> Text | None:
    """Return the words for a name, point, attribute or module that is not there."""
    kinds = set(fault.kinds)
    if "UnknownPoint" in kinds:
        return _unknown_point(fault.name, points)
    if "UnboundLocalError" in kinds:
        return _unbound(fault)
    if "NameError" in kinds:
        return _unknown_name(_quoted(fault), fault, points)
    if "ImportError" in kinds:
        return _unknown_import(fault)
    if "AttributeError" in kinds:
        return _unknown_attribute(fault, points)
    return None


def _quoted(fault: Fault) -> str:
    found = re.search(r"'([^']*)'", fault.text)
    return fault.name or (found[1] if found is not None else "")


def _meant(wrong: str, right: str) -> Text:
    return Text(
        f"没有叫 {wrong} 的东西。是不是想写 {right}？",
        f"Nothing is called {wrong}. Did you mean {right}?",
    )


def _unknown_point(name: str, points: Mapping[str, PointFacts]) -> Text:
    if nearest(name, points) is None:
        near = get_close_matches(name, _KIT_METHODS, n=1)
        if near:
            return _meant(name, near[0])
    return unknown_point(name, points)


def _unknown_name(name: str, fault: Fault, points: Mapping[str, PointFacts]) -> Text:
    if name in LABKIT:
        return Text(
            f"{name} 还没有引入。在程序开头写 from labkit import {name}。",
            f"{name} has not been imported. Write from labkit import {name} at the top.",
        )
    if name in points:
        return _meant(name, f"kit.{name}")
    if name in _OTHER_SPELLINGS:
        return _meant(name, _OTHER_SPELLINGS[name])
    if name.lower() in {state for facts in points.values() for state in facts.states}:
        return Text(
            f'{name} 是一个状态，要放在引号里，写成 "{name}"。',
            f'{name} is a state and needs quotes: "{name}".',
        )
    if name in sys.stdlib_module_names and name not in NOT_HERE:
        return Text(
            f"{name} 还没有引入。在程序开头写 import {name}。",
            f"{name} has not been imported. Write import {name} at the top.",
        )
    near = nearest(name, [*fault.names, *LABKIT])
    if near is not None:
        return _meant(name, near)
    point = nearest(name, points)
    if point is not None:
        return _meant(name, f"kit.{point}")
    return Text(
        f"没有叫 {name} 的东西。先给它一个值，例如 {name} = 0；是文字就加上引号。",
        f"Nothing is called {name}. Give it a value first, like {name} = 0, or put it in quotes if "
        "it is text.",
    )


def _unbound(fault: Fault) -> Text:
    name = _quoted(fault)
    return Text(
        f"函数里的 {name} 在有值之前就用到了。函数里要改外面的 {name}，先写一行 global {name}。",
        f"{name} is used in the function before it has a value there. To change the {name} outside, "
        f"write global {name} first.",
    )


def _unknown_import(fault: Fault) -> Text:
    missing = re.search(r"cannot import name '(\w+)' from '(\w+)'", fault.text)
    if missing is not None:
        return _not_in_module(missing[1], missing[2])
    module = (fault.name or _quoted(fault)).partition(".")[0]
    if module in NOT_HERE:
        return Text(
            f"控制程序里不能用 {module}：程序只通过 labkit 和套件打交道。去掉这一行。",
            f"{module} cannot be used in a control program, which talks to the kit by labkit "
            "alone. Delete this line.",
        )
    near = get_close_matches(module, ["labkit", *sys.stdlib_module_names - NOT_HERE], n=1)
    if near and near[0] != module:
        return Text(
            f"没有叫 {module} 的模块。是不是想写 {near[0]}？",
            f"No module is called {module}. Did you mean {near[0]}?",
        )
    return Text(
        f"没有叫 {module} 的模块，控制程序只有 labkit 和 Python 自带的模块。去掉这一行，换一个做法。",
        f"No module is called {module}: a control program has labkit and Python's own modules. "
        "Delete this line and do it another way.",
    )


def _not_in_module(name: str, module: str) -> Text:
    known = LABKIT if module == "labkit" else ()
    near = get_close_matches(name, known, n=1)
    if near:
        return Text(
            f"{module} 里没有叫 {name} 的东西。是不是想写 {near[0]}？",
            f"In {module} nothing is called {name}. Did you mean {near[0]}?",
        )
    listed = ", ".join(known)
    has_zh = f"它有：{listed.replace(', ', '、')}。" if known else "核对它的名字。"
    has_en = f"It has {listed}." if known else "Check its name."
    return Text(
        f"{module} 里没有叫 {name} 的东西。{has_zh}",
        f"In {module} nothing is called {name}. {has_en}",
    )


def _unknown_attribute(fault: Fault, points: Mapping[str, PointFacts]) -> Text | None:
    found = re.search(r"'(\w+)' object has no attribute '(\w+)'", fault.text)
    if found is None:
        module = re.search(r"module '([\w.]+)' has no attribute '(\w+)'", fault.text)
        return None if module is None else _not_in_module(module[2], module[1])
    kind, name = found[1], found[2]
    if kind == "NoneType":
        return Text(
            f"这里的值是 None（还没有读数），它没有 {name}。先判断：if 值 is not None:。",
            f"The value here is None (no reading yet) and has no {name}. "
            "Ask first: if value is not None:.",
        )
    point = _before(fault.code, name)
    if kind in ("float", "int", "State", "str") and point in points:
        return Text(
            f"kit.{point} 已经是读到的值，后面不再写 .{name}。写成 kit.{point}。",
            f"kit.{point} is the value itself; .{name} does not follow it. Write kit.{point}.",
        )
    return Text(
        f"{kind} 类的值没有 {name}。核对点号后面的名字，和点号前面的值。",
        f"A value of the kind {kind} has no {name}. Check the name after the dot and the value "
        "before it.",
    )


def _before(code: str, name: str) -> str:
    found = re.search(r"kit\.(\w+)\." + re.escape(name), code)
    return "" if found is None else found[1]
