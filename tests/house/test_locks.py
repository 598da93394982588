"""What is installed: every file by its hash, and all of it as ``pyproject.toml`` allows."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

import lab
from tests.house.sources import ROOT, pyproject

LOCKS = ("requirements.lock", "requirements-core.lock", "requirements-test.lock")
PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)")
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}(?: \\)?")


@cache
def _pins(lock: str) -> dict[str, str]:
    found = (PIN.match(line) for line in (ROOT / lock).read_text("utf-8").splitlines())
    return {canonicalize_name(pin[1]): pin[2] for pin in found if pin}


def _group(name: str) -> list[Requirement]:
    wanted: list[Requirement] = []
    for line in pyproject()["dependency-groups"][name]:
        wanted += _group(line["include-group"]) if isinstance(line, dict) else [Requirement(line)]
    return wanted


def _wanted(lock: str) -> list[Requirement]:
    project: dict[str, Any] = pyproject()["project"]
    app = [Requirement(line) for line in project["dependencies"]]
    gui = [Requirement(line) for line in project["optional-dependencies"]["gui"]]
    return {
        "requirements.lock": app + gui,
        "requirements-core.lock": app + _group("core-test"),
        "requirements-test.lock": app + gui + _group("test"),
    }[lock]


@pytest.mark.parametrize("lock", [*LOCKS, "requirements-pip.lock"])
def test_every_package_has_a_hash_and_there_is_nothing_else(lock: str) -> None:
    kinds = []
    for line in (ROOT / lock).read_text("utf-8").splitlines():
        match line.strip():
            case "":
                continue
            case text if text.startswith("#"):
                continue
            case text if HASH.fullmatch(text):
                kinds.append("hash")
            case text if PIN.match(text):
                assert kinds[-1:] != ["pin"], f"no hash above {text}"
                kinds.append("pin")
            case text:
                pytest.fail(f"{lock}: {text}")
    assert kinds[0] == "pin"
    assert kinds[-1] == "hash"


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_what_the_project_asks_for(lock: str) -> None:
    pins = _pins(lock)
    wrong = [
        f"{wanted} is locked at {pins.get(canonicalize_name(wanted.name))}"
        for wanted in _wanted(lock)
        if not wanted.specifier.contains(pins.get(canonicalize_name(wanted.name), "0a0"))
    ]
    assert wrong == []


def test_the_locks_agree() -> None:
    app, core, test = (_pins(lock) for lock in LOCKS)
    assert app.items() <= test.items()
    assert core.items() <= test.items()


def test_the_core_is_tested_without_qt() -> None:
    qt = {"pyside6-essentials", "shiboken6", "pyqtgraph", "qtawesome", "pytest-qt"}
    assert not qt & _pins("requirements-core.lock").keys()
    assert qt - {"pytest-qt"} <= _pins("requirements.lock").keys()


def test_the_app_needs_no_pymodbus() -> None:
    assert "pymodbus" not in _pins("requirements.lock")
    assert "pymodbus" in _pins("requirements-core.lock")


def test_windows_is_tested_with_versions_that_the_project_allows() -> None:
    lines = (ROOT / "tests" / "windows" / "requirements.txt").read_text("utf-8").splitlines()
    pins = {canonicalize_name(pin[1]): pin[2] for pin in map(PIN.match, lines) if pin}
    allowed = {canonicalize_name(w.name): w.specifier for w in _wanted("requirements-test.lock")}
    assert [
        f"{name} {version}"
        for name, version in pins.items()
        if not allowed.get(name, SpecifierSet()).contains(version)
    ] == []
    app = {canonicalize_name(w.name) for w in _wanted("requirements.lock")}
    assert app <= pins.keys()


def test_lab_py_takes_the_pythons_that_the_project_supports() -> None:
    supported = SpecifierSet(pyproject()["project"]["requires-python"])
    minors = [f"3.{minor}" for minor in range(20)]
    assert [v for v in minors if supported.contains(v)] == sorted(lab.VERSIONS)
