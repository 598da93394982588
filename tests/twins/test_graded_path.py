"""A twin's trace is evidence: its code may only use what every machine computes alike."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

TWINS = Path(__file__).parents[2] / "labapp" / "twins"
# Correctly rounded by IEEE 754, or exact; everything else of `math` may differ in the last bit.
ALIKE = {"sqrt", "floor", "ldexp", "frexp"}
# What lives in real time or only moves bytes is not computed with.
GRADED = (
    "actuator", "engine", "fire", "fire_kit", "memory", "noise", "plain", "portable_math",
    "scenario", "scenario_file", "scenario_script", "script", "sensor",
)  # fmt: skip


def trees() -> Iterator[tuple[str, ast.Module]]:
    for name in GRADED:
        yield name, ast.parse((TWINS / f"{name}.py").read_text("utf-8"))


def test_math_is_used_only_where_machines_agree() -> None:
    used = [
        f"{name}:{node.lineno} math.{node.attr}"
        for name, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id in ("math", "cmath", "statistics")
        and node.attr not in ALIKE
    ]
    assert used == []


def test_numpy_gives_raw_bits_and_nothing_else() -> None:
    allowed = {"np.random", "np.random.Philox", "np.ndarray", "np.dtype", "np.uint64"}
    used = [
        f"{name}:{node.lineno} {used}"
        for name, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and re.fullmatch(r"np(\.\w+)+", used := ast.unparse(node))
        and used not in allowed
    ]
    assert used == []


def test_nothing_else_brings_in_other_arithmetic() -> None:
    """No ** on floats (the system's pow), no sum() (compensated from Python 3.12 on), no random."""
    found = []
    for name, tree in trees():
        for node in ast.walk(tree):
            match node:
                case ast.BinOp(left=ast.Constant(value=int()), op=ast.Pow()):
                    continue  # 2**32: whole numbers
                case ast.BinOp(op=ast.Pow()) | ast.AugAssign(op=ast.Pow()):
                    found.append(f"{name}:{node.lineno} **")
                case ast.Call(func=ast.Name(id="sum" | "pow" | "hash" as function)):
                    found.append(f"{name}:{node.lineno} {function}()")
                case ast.Import(names=[ast.alias(name="random" | "time" as module)]):
                    found.append(f"{name}:{node.lineno} import {module}")
    assert found == []


@pytest.mark.parametrize("snippet", ["math.exp(1.0)", "np.exp(x)", "x ** 0.5", "sum(xs)"])
def test_the_walk_sees_what_it_forbids(snippet: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        f"{__name__}.trees", lambda: iter([("made-up", ast.parse(f"y = {snippet}"))])
    )
    checks = (
        test_math_is_used_only_where_machines_agree,
        test_numpy_gives_raw_bits_and_nothing_else,
        test_nothing_else_brings_in_other_arithmetic,
    )
    caught = 0
    for check in checks:
        try:
            check()
        except AssertionError:
            caught += 1
    assert caught == 1
