"""Each outside library has one door, and the drawing in ARCHITECTURE.md is the one that is checked."""

from __future__ import annotations

import re
import sys

from tests.house.sources import ROOT, imports, pyproject, python_files, shown

# Library, and the packages of labapp that may import it.
DOORS = {
    "PySide6": {"ui"},
    "lark": {"criteria"},
    "mcap": {"store"},
    "platformdirs": {"app"},
    "pydantic": {"packs", "profiles", "programs", "twins"},
    "pydantic_core": {"profiles"},
    "pygments": {"ui"},
    "pymodbus": set[str](),
    "pyqtgraph": {"ui"},
    "qtawesome": {"ui"},
    "ruamel": {"profiles"},
    "serial": {"transport"},
    "shiboken6": {"ui"},
    "zipfile": {"packs", "store"},
}
# What the launcher may use of labapp: two modules that need no other package.
LAUNCHER_USES = {"labapp.model.text": ("Lang", "Text"), "labapp.app.language": ("system_language",)}


def test_every_outside_library_comes_in_by_its_own_door() -> None:
    assert [
        f"{shown(path, line)}: {name}"
        for path in python_files("labapp")
        for line, name in imports(path)
        if path.relative_to(ROOT).parts[1] not in DOORS.get(name.partition(".")[0], {_part(path)})
    ] == []


def test_labapp_imports_nothing_that_is_not_a_dependency() -> None:
    known = set(DOORS) | {"labapp", "numpy"} | set(sys.stdlib_module_names)
    # What `labkit` is for: a student's program imports it from the runner.
    assert [
        f"{shown(path, line)}: {name}"
        for path in python_files("labapp")
        for line, name in imports(path)
        if name.partition(".")[0] not in known | {"labkit"}
    ] == []


def test_the_launcher_needs_no_package() -> None:
    allowed = {f"{module}.{name}" for module, names in LAUNCHER_USES.items() for name in names}
    used = [ROOT / (module.replace(".", "/") + ".py") for module in LAUNCHER_USES]
    inside = [folder / "__init__.py" for path in used for folder in path.parents[:2]]
    looked_at = [ROOT / "lab.py", *python_files("launcher"), *used, *inside]
    assert [
        f"{shown(path, line)}: {name}"
        for path in looked_at
        for line, name in imports(path)
        if name not in allowed
        and name.partition(".")[0] not in {"launcher", *sys.stdlib_module_names}
    ] == []


def test_the_drawing_is_the_contract() -> None:
    page = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    drawing = re.search(r"```text\n(.*?)```", page, re.DOTALL)
    assert drawing is not None
    drawn = [_packages(line) for line in drawing[1].splitlines()]
    contract = next(
        c for c in pyproject()["tool"]["importlinter"]["contracts"] if c["id"] == "layers"
    )
    checked = [_packages(line) for line in contract["layers"]]
    assert drawn == checked


def _part(path: object) -> str:
    """Return the package of labapp that a file belongs to."""
    return str(path).replace("\\", "/").rpartition("/labapp/")[2].partition("/")[0]


def _packages(line: str) -> set[str]:
    """Return the packages on a line of the drawing: a word each between bars, then comes prose."""
    return {
        found[0]
        for cell in line.split("|")
        if (found := re.search(r"[a-z]+", cell.replace("(", "").replace(")", "")))
    }
