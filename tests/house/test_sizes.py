"""Past these sizes a piece of code has two jobs: name them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.house.sources import ROOT, nodes, python_files, shown

MODULE_LINES = 400
TEST_MODULE_LINES = 600
FUNCTION_LINES = 45
WIDGET_LINES = 150
# Larger than that: each draws or joins what loses by being cut. They may shrink, never grow.
LARGER = {
    "BenchColumn": 170,
    "CodeEdit": 180,
    "LabStyle": 290,
    "LivePlots": 310,
    "MainWindow": 320,
    "PlotCard": 230,
    "RuleCard": 230,
    "RulesEditor": 280,
    "StepView": 170,
    "TwinView": 180,
    "WiringView": 200,
    "WorkspaceView": 230,
}
PAGE_LINES = 150


def test_modules_are_short() -> None:
    assert _longer(("labapp", "launcher"), MODULE_LINES) == []
    assert _longer(("tests", "benchmarks"), TEST_MODULE_LINES) == []


def test_functions_show_one_idea() -> None:
    assert [
        f"{name}: {count} lines"
        for name, count in _sizes(("labapp", "launcher"), ast.FunctionDef, ast.AsyncFunctionDef)
        if count > FUNCTION_LINES
    ] == []


def test_widgets_are_small() -> None:
    sizes = list(_sizes(("labapp/ui",), ast.ClassDef))
    assert [
        f"{name}: {count} lines"
        for name, count in sizes
        if count > LARGER.get(name.rpartition(" ")[2], WIDGET_LINES)
    ] == []
    still = {name.rpartition(" ")[2] for name, count in sizes if count > WIDGET_LINES}
    assert LARGER.keys() - still == set(), "small by now: take it off the list"


def test_the_architecture_fits_on_a_page() -> None:
    assert len((ROOT / "ARCHITECTURE.md").read_text("utf-8").splitlines()) <= PAGE_LINES


def _longer(folders: tuple[str, ...], most: int) -> list[str]:
    counts = {p: len(p.read_text("utf-8").splitlines()) for p in python_files(*folders)}
    return [f"{shown(path)}: {count} lines" for path, count in counts.items() if count > most]


def _sizes(folders: tuple[str, ...], *kinds: type[ast.stmt]) -> Iterator[tuple[str, int]]:
    for path in python_files(*folders):
        for node in nodes(path):
            if isinstance(node, kinds):
                name = f"{shown(path, node.lineno)} {getattr(node, 'name', '')}"
                yield name, (node.end_lineno or node.lineno) - node.lineno + 1
