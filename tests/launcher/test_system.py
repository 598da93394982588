"""Which packages of the system are missing, and what is said about them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from launcher import main, system
from launcher.say import Voice


def _without(*lost: str) -> Callable[[str], object]:
    def load(name: str) -> object:
        if name in lost:
            raise OSError(f"{name}: cannot open shared object file")
        return name

    return load


def test_missing_libraries_are_named_by_their_packages() -> None:
    needed = system.ANY_WINDOW | system.X11_WINDOW
    load = _without("libEGL.so.1", "libxcb-cursor.so.0")
    assert system.missing_libraries(needed, load) == ["libegl1", "libxcb-cursor0"]


def test_every_library_that_the_loader_finds_is_enough() -> None:
    assert system.missing_libraries(system.ANY_WINDOW, _without()) == []


def test_only_linux_is_asked_for_packages() -> None:
    assert system.window_packages({"DISPLAY": ":0"}, "win32") == []
    assert system.packages_for_tests("darwin") == []


@pytest.mark.parametrize(
    ("environ", "asks_for_x11"),
    [
        ({"DISPLAY": ":0"}, True),
        ({"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}, False),
        ({"DISPLAY": ":0", "QT_QPA_PLATFORM": "offscreen"}, False),
        ({"QT_QPA_PLATFORM": "xcb"}, True),
    ],
)
def test_the_kind_of_window_decides(
    monkeypatch: pytest.MonkeyPatch, environ: dict[str, str], asks_for_x11: bool
) -> None:
    def all_missing(needed: dict[str, str]) -> list[str]:
        return list(needed.values())

    monkeypatch.setattr(system, "missing_libraries", all_missing)
    assert ("libxcb-cursor0" in system.window_packages(environ, "linux")) is asks_for_x11


def test_without_root_the_line_to_type_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(system, "can_install", lambda: False)
    assert system.install_or_tell(["libegl1", "libegl1", "socat"], Voice("en")) == [
        "libegl1",
        "socat",
    ]
    told = capsys.readouterr().err
    assert told == (
        "lab.py: System packages are missing. Run: sudo apt-get install libegl1 socat\n"
    )


def test_what_cannot_be_installed_is_told_and_the_rest_is_installed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    calls: list[tuple[str, ...]] = []

    def apt(*words: str) -> tuple[bool, list[str]]:
        calls.append(words)
        return words == ("install", "socat"), ["E: Unable to locate package xvfb"]

    monkeypatch.setattr(system, "can_install", lambda: True)
    monkeypatch.setattr(system, "_apt", apt)
    assert system.install(["xvfb", "socat"], Voice("en")) == ["xvfb"]
    assert calls[:2] == [("install", "xvfb", "socat"), ("update",)]
    assert "xvfb was not installed: E: Unable to locate" in capsys.readouterr().err


def test_without_the_windows_libraries_the_terminal_is_used(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(system, "window_packages", lambda environ: ["libegl1"])
    monkeypatch.setattr(system, "can_install", lambda: False)
    ready = main._ready_for_window({"DISPLAY": ":0", "LANG": "C"}, Voice("en"))
    assert ready == {"LANG": "C"}
    assert "in the terminal instead" in capsys.readouterr().err


def test_a_missing_font_does_not_close_the_window(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system, "window_packages", lambda environ: [system.FONT])
    monkeypatch.setattr(system, "can_install", lambda: False)
    assert main._ready_for_window({"DISPLAY": ":0"}, Voice("en")) == {"DISPLAY": ":0"}


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in for fc-list is a shell script")
@pytest.mark.parametrize(("listed", "has_one"), [("Noto Sans CJK SC", True), ("", False)])
def test_the_systems_list_of_fonts_decides(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, listed: str, has_one: bool
) -> None:
    lister = tmp_path / "fc-list"
    lister.write_text(f'#!/bin/sh\n[ "$1" = :lang=zh ] && echo "{listed}"\n')
    lister.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert system.has_chinese_font() is has_one
