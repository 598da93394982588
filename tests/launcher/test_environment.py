"""What an environment needs, as its stamp, its locks and its files tell."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from launcher import contents
from launcher.environment import (
    STAMP,
    Environment,
    Need,
    Stamp,
    clean_environ,
    need,
    read_stamp,
    write_stamp,
)

APP = {"requirements.lock": "a"}
BOTH = APP | {"requirements-test.lock": "b"}


@pytest.mark.parametrize(
    ("stamp", "wanted", "expected"),
    [
        pytest.param(None, APP, Need.MAKE, id="never finished"),
        pytest.param(Stamp("3.11", APP), APP, Need.MAKE, id="made with another Python"),
        pytest.param(Stamp("3.12", {"requirements.lock": "z"}), APP, Need.MAKE, id="older lock"),
        pytest.param(Stamp("3.12", APP), BOTH, Need.INSTALL, id="packages for tests missing"),
        pytest.param(Stamp("3.12", BOTH), APP, Need.NOTHING, id="holds more than is asked"),
        pytest.param(Stamp("3.12", APP), APP, Need.NOTHING, id="as wanted"),
    ],
)
def test_need(stamp: Stamp | None, wanted: dict[str, str], expected: Need) -> None:
    assert need(stamp, wanted, "3.12") is expected


def test_a_stamp_is_read_as_it_was_written(tmp_path: Path) -> None:
    write_stamp(tmp_path, Stamp("3.12", BOTH))
    assert read_stamp(tmp_path) == Stamp("3.12", BOTH)
    assert [path.name for path in tmp_path.iterdir()] == [STAMP]


@pytest.mark.parametrize("written", ["", "{", "[]", '{"format": 1}', '{"format": 99}'])
def test_a_stamp_that_is_not_whole_counts_as_none(tmp_path: Path, written: str) -> None:
    (tmp_path / STAMP).write_text(written)
    assert read_stamp(tmp_path) is None


def test_the_interpreter_lies_where_this_system_puts_it(tmp_path: Path) -> None:
    inside = "Scripts/python.exe" if os.name == "nt" else "bin/python"
    assert Environment(tmp_path, (tmp_path / "a.lock",)).python == tmp_path / inside


def test_only_the_environments_packages_are_seen() -> None:
    seen = clean_environ({"PYTHONPATH": "/elsewhere", "PYTHONHOME": "/x", "LANG": "zh_CN.UTF-8"})
    assert seen == {"LANG": "zh_CN.UTF-8", "PYTHONSAFEPATH": "1", "PYTHONUTF8": "1"}


def _some_packages(folder: Path) -> Path:
    packages = folder / "site-packages"
    (packages / "lark" / "__pycache__").mkdir(parents=True)
    (packages / "lark" / "__init__.py").write_text("one = 1\n")
    (packages / "lark" / "__pycache__" / "x.pyc").write_bytes(b"x")
    (packages / "notes.txt").write_text("two\n")
    contents.remember(folder, packages)
    return packages


def test_whole_packages_show_no_damage(tmp_path: Path) -> None:
    packages = _some_packages(tmp_path)
    (packages / "added.py").write_text("")
    (packages / "lark" / "__pycache__" / "x.pyc").unlink()
    assert contents.first_damaged(tmp_path, packages) is None


def test_a_lost_file_is_damage(tmp_path: Path) -> None:
    packages = _some_packages(tmp_path)
    (packages / "lark" / "__init__.py").unlink()
    assert contents.first_damaged(tmp_path, packages) == "lark/__init__.py"


def test_a_file_cut_short_is_damage(tmp_path: Path) -> None:
    packages = _some_packages(tmp_path)
    (packages / "notes.txt").write_text("t")
    assert contents.first_damaged(tmp_path, packages) == "notes.txt"


@pytest.mark.parametrize("written", [None, "{", json.dumps(["lark"])])
def test_without_a_list_everything_counts_as_damaged(tmp_path: Path, written: str | None) -> None:
    packages = _some_packages(tmp_path)
    (tmp_path / contents.LIST).unlink()
    if written is not None:
        (tmp_path / contents.LIST).write_text(written)
    assert contents.first_damaged(tmp_path, packages) == contents.LIST
