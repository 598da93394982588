"""Words and calls that the house does without."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.house.sources import ROOT, nodes, python_files, shown, text_files

# Each says that nobody knew what the thing is.
EMPTY_WORDS = {"Data", "Handler", "Helper", "Helpers", "Manager", "Processor", "Util", "Utils"}
EMPTY_STARTS = ("do_", "process_")
CLOCKS = {
    "time.time", "time.time_ns", "time.monotonic", "time.monotonic_ns", "time.perf_counter",
    "time.perf_counter_ns", "time.sleep", "datetime.now", "datetime.utcnow", "datetime.today",
    "date.today",
}  # fmt: skip
# The clock, and what runs in a student's process, where nobody can hand it one.
MAY_ASK_THE_TIME = {ROOT / "labapp/app/clock.py", ROOT / "labapp/programs/boot.py"}
# Assembled, so that this file does not hold them.
UNFINISHED = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X")) + r")\b")


def test_names_are_the_labs_nouns_and_verbs() -> None:
    assert [
        f"{shown(path, node.lineno)}: {node.name}"
        for path in python_files("labapp", "launcher", "tests")
        for node in _definitions(path)
        if _is_empty(node)
    ] == []


def test_modules_are_named_for_what_they_hold() -> None:
    assert [
        shown(path)
        for path in python_files("labapp", "launcher")
        if EMPTY_WORDS & {word.capitalize() for word in path.stem.split("_")}
    ] == []


def test_time_is_passed_in() -> None:
    assert [
        f"{shown(path, line)}: {name}"
        for path in python_files("labapp")
        if path not in MAY_ASK_THE_TIME
        for line, name in _dotted(path)
        if ".".join(name.split(".")[-2:]) in CLOCKS
    ] == []


def test_nobody_swallows_an_error_unseen() -> None:
    assert [
        shown(path, node.lineno)
        for path in python_files("labapp", "launcher", "tests")
        for node in nodes(path)
        if isinstance(node, ast.ExceptHandler) and _takes_all(node) and _does_nothing(node)
    ] == []


def test_nothing_is_left_for_later() -> None:
    assert [
        f"{shown(path, number)}: {line.strip()}"
        for path, text in text_files()
        for number, line in enumerate(text.splitlines(), 1)
        if UNFINISHED.search(line)
    ] == []


def _definitions(path: Path) -> Iterator[ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in nodes(path):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def _is_empty(node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    if isinstance(node, ast.ClassDef):
        return bool(EMPTY_WORDS & set(re.findall(r"[A-Z][a-z]*", node.name)))
    return node.name.lstrip("_").startswith(EMPTY_STARTS)


def _dotted(path: Path) -> Iterator[tuple[int, str]]:
    """Yield every ``a.b`` of a file, and what it takes out of a module, as ``module.name``."""
    for node in nodes(path):
        if isinstance(node, ast.Attribute):
            yield node.lineno, ast.unparse(node)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                yield node.lineno, f"{node.module}.{alias.name}"


def _takes_all(node: ast.ExceptHandler) -> bool:
    return node.type is None or ast.unparse(node.type) in ("Exception", "BaseException")


def _does_nothing(node: ast.ExceptHandler) -> bool:
    return all(isinstance(step, ast.Pass | ast.Continue) for step in node.body)
