"""``labapp pack lint``: what it prints and what it ends with."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from labapp.cli.main import main
from labapp.model.trouble import ExitCode
from tests.packs.small_pack import write_pack


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = main(list(words))
    told = capsys.readouterr()
    return code, told.out, told.err


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_fire_alarm_has_nothing_to_mend(capsys: pytest.CaptureFixture[str], lang: str) -> None:
    code, out, err = run(capsys, "pack", "lint", "fire-alarm", "--json", "--lang", lang)
    assert code == ExitCode.DONE
    assert json.loads(out) == {"pack": "fire-alarm", "findings": [], "errors": []}
    assert err == ""


def test_findings_go_to_stderr_and_into_the_json(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    write_pack(tmp_path, ("pack.yaml", "minutes: 10", "minutes: 11"))
    code, out, err = run(capsys, "pack", "lint", str(tmp_path), "--json", "--lang", "en")
    assert code == ExitCode.DONE
    (finding,) = json.loads(out)["findings"]
    assert finding["code"] == "L-MINUTES"
    assert f"pack.yaml:{finding['line']}:{finding['column']}" in err


def test_a_mistake_ends_with_its_place(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    write_pack(tmp_path, ("pack.yaml", "buzzer is on within 1 s", "buzer is on within 1 s"))
    code, out, _ = run(capsys, "pack", "lint", str(tmp_path), "--json")
    assert code == ExitCode.BAD_INPUT
    (error,) = json.loads(out)["errors"]
    assert error["code"] == "C-NAME"
    assert error["file"].endswith("pack.yaml")
    assert error["line"] > 0
    assert error["column"] > 0
    assert "buzzer" in error["message"]["en"]


def test_a_rubric_that_does_not_hold_ends_with_3(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    write_pack(tmp_path, ("pack.yaml", "loses: {alarm: [answers]}", "loses: {alarm: [quiet]}"))
    code, out, err = run(capsys, "pack", "test", str(tmp_path), "--json", "--lang", "en")
    assert code == ExitCode.BAD_INPUT
    report = json.loads(out)
    assert report["ok"] is False
    assert report["mutants"]["told_apart"] == report["mutants"]["all"] > 0
    assert "alarm: reference good.yaml: ok (6/6)" in err
    assert "alarm: wrong program late.yaml: NOT OK (loses answers)" in err
