"""``run`` and ``test``: what is started, with which words, and how the end is told."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from labapp.model.text import Text
from launcher import checks, main, system
from launcher.checks import Result
from launcher.say import Voice
from launcher.trouble import SetUpFailed

ROOT = main.ROOT


def test_what_is_not_a_command_shows_both(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["--lang", "en"]) == 2
    assert main.main(["-h"]) == 0
    told = capsys.readouterr().err
    assert "lab.py run" in told
    assert "lab.py test" in told


def test_a_failed_set_up_is_told_and_gives_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> Path:
        raise SetUpFailed(Text("磁盘满了", "The disk is full"))

    monkeypatch.setattr(main, "prepare", fail)
    assert main.main(["run", "--lang", "en"]) == 1
    assert capsys.readouterr().err == "lab.py: The disk is full\n"


def test_an_interruption_is_told_and_gives_130(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(*_: object) -> Path:
        raise KeyboardInterrupt

    monkeypatch.setattr(main, "prepare", interrupt)
    assert main.main(["run", "--lang=zh"]) == 130
    assert "已中断" in capsys.readouterr().err


def test_run_hands_all_words_to_labapp(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[tuple[list[str], Mapping[str, str]]] = []

    def become(words: list[str], environ: Mapping[str, str]) -> int:
        started.append((words, environ))
        return 6

    monkeypatch.setattr(main, "prepare", lambda *_: Path("python"))
    monkeypatch.setattr(main, "become", become)
    assert main.main(["run", "grade", "a b.lab", "--json"]) == 6
    assert started[0][0] == ["python", "-m", "labapp", "grade", "a b.lab", "--json"]
    assert started[0][1]["PYTHONUTF8"] == "1"


@pytest.mark.parametrize(
    ("words", "opens_window"),
    [
        ([], True),
        (["--lang", "en"], True),
        (["--lang=zh"], True),
        (["ports"], False),
        (["--lang", "en", "ports"], False),
        (["--version"], False),
    ],
)
def test_a_window_opens_without_a_command(words: list[str], opens_window: bool) -> None:
    assert main._has_command(words) is not opens_window


def test_the_summary_ends_with_how_it_ended() -> None:
    fine = [Result("style", 0, 0.4), Result("types", 0, 31.0)]
    assert checks.summary(fine, 31.4)[-1] == "all 2 checks passed in 31 s"
    lines = checks.summary([*fine, Result("layers", 1, 2.0)], 33.4)
    assert lines[-1] == "1 of 3 checks failed in 33 s: layers"
    assert "  layers: FAILED (exit code 1) in 2.0 s" in lines


def test_every_job_runs_even_after_one_failed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    python = Path(sys.executable)
    jobs = [
        checks.Job("first", ("-c", "raise SystemExit(3)"), lambda: python),
        checks.Job("second", ("-c", "import os; print(os.getcwd())"), lambda: python),
    ]
    monkeypatch.setattr(checks, "prepare", lambda *_: python)
    monkeypatch.setattr(checks, "jobs", lambda *_: jobs)
    monkeypatch.setattr(system, "install_or_tell", lambda *_: [])
    assert checks.test(ROOT, [], Voice("en")) == 1
    told = capsys.readouterr().out
    assert "first: FAILED (exit code 3)" in told
    assert "second: passed" in told


def test_words_go_to_pytest(monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[list[str]] = []

    def call(words: list[str], root: Path, environ: Mapping[str, str]) -> int:
        called.append(words)
        return 5

    monkeypatch.setattr(checks, "prepare", lambda *_: Path("python"))
    monkeypatch.setattr(checks, "_call", call)
    assert checks.test(ROOT, ["tests/wire", "-k", "crc"], Voice("en")) == 5
    assert checks.test(ROOT, ["--slow", "tests/store"], Voice("en")) == 5
    assert called == [
        ["python", "-m", "pytest", "tests/wire", "-k", "crc"],
        ["python", "-m", "pytest", "-m", "slow", "tests/store"],
    ]


def test_the_jobs_cover_style_types_layers_and_both_kinds_of_tests() -> None:
    names = [job.name for job in checks.jobs(ROOT, Path("python"), Voice("en"))]
    assert names[:6] == [
        "style",
        "format",
        "types",
        "layers",
        "tests without Qt",
        "tests of the window",
    ]


def test_the_windows_job_needs_root_and_its_tool(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    tool = tmp_path / "windows"
    tool.write_text("")
    monkeypatch.setattr(os, "geteuid", lambda: 0, raising=False)
    expected = None if sys.platform == "win32" else tool
    assert checks.windows_tool({checks.WINDOWS_TOOL: str(tool)}) == expected
    assert checks.windows_tool({checks.WINDOWS_TOOL: str(tmp_path / "none")}) is None
    assert checks.windows_tool({}) is None
    monkeypatch.setattr(os, "geteuid", lambda: 1000, raising=False)
    assert checks.windows_tool({checks.WINDOWS_TOOL: str(tool)}) is None


@pytest.mark.parametrize("words", [[], ["--help"], ["walk"]])
def test_lab_py_answers_from_any_folder(tmp_path: Path, words: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "lab.py"), *words],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "LC_ALL": "zh_CN.UTF-8", "PYTHONUTF8": "1"},
        check=False,
    )
    assert done.returncode == (0 if words == ["--help"] else 2)
    assert "用法：python3 lab.py run" in done.stderr
