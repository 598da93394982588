"""``labapp run``: one attempt from pack to report, and the same grade ever after."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from labapp.cli.main import main
from labapp.store.verify import verify
from tests.kits.far_end import SocketEnd
from tests.packs.small_pack import PROFILES, write_pack

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _folders(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert PROFILES.is_dir()
    monkeypatch.setenv("LABAPP_DATA", str(tmp_path / "data"))
    write_pack(tmp_path / "pack")


def _run(capsys: Capture, tmp_path: Path, name: str, *more: str) -> tuple[int, dict[str, Any]]:
    out = str(tmp_path / name)
    code = main(["run", str(tmp_path / "pack"), "--out", out, "--json", *more])
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return code, found


def test_a_run_leaves_evidence_and_a_report_and_can_be_graded_again(
    capsys: Capture, tmp_path: Path
) -> None:
    code, told = _run(capsys, tmp_path, "1", "--program", "reference")
    assert code == 0
    assert (told["step"], told["outcome"], told["points"], told["max"]) == (
        "alarm",
        "met",
        "6",
        "6",
    )
    assert told["bench"]["kind"] == "twin"
    assert verify(Path(told["evidence"])).ok
    assert Path(told["report"]).read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert main(["grade", told["evidence"], "--json"]) == 0
    again = json.loads(capsys.readouterr().out)
    assert again["digest"] == told["digest"]
    assert again["items"] == told["items"]
    assert sorted(path.name for path in (tmp_path / "1").iterdir()) == [
        "attempt.lab",
        "report.html",
    ]


def test_the_same_run_has_the_same_digest_and_another_seed_another(
    capsys: Capture, tmp_path: Path
) -> None:
    digests = [
        _run(capsys, tmp_path, name, "--program", "reference", "--seed", seed)[1]["digest"]
        for name, seed in (("1", "3"), ("2", "3"), ("3", "4"))
    ]
    assert digests[0] == digests[1] != digests[2]


def test_a_late_program_loses_marks_and_still_ends_with_0(capsys: Capture, tmp_path: Path) -> None:
    late = str(tmp_path / "pack" / "solutions" / "late.yaml")
    code, told = _run(capsys, tmp_path, "1", "--program", late)
    assert code == 0
    assert told["outcome"] == "not_met"
    assert "late.yaml" in " ".join(_names(Path(told["evidence"])))


def _names(path: Path) -> list[str]:
    import zipfile

    with zipfile.ZipFile(path) as zipped:
        return zipped.namelist()


def test_answers_are_handed_in_from_a_file(capsys: Capture, tmp_path: Path) -> None:
    answers = tmp_path / "answers.json"
    answers.write_text('{"wires": [["p1", "p2"]]}', encoding="utf-8")
    code, told = _run(capsys, tmp_path, "1", "--step", "wire", "--answers", str(answers))
    assert (code, told["points"], told["max"]) == (0, "2", "4")


@pytest.mark.parametrize(
    ("more", "code", "error"),
    [
        (["--step", "none"], 3, "P-NO-STEP"),
        (["--program", "none.py"], 3, "U-READ"),
        (["--answers", "none.json"], 3, "U-READ"),
        (["--scenario", "none"], 3, None),
        (["--seed", "x"], 2, "U-USAGE"),
    ],
)
def test_what_cannot_be_run_says_why(
    capsys: Capture, tmp_path: Path, more: list[str], code: int, error: str | None
) -> None:
    found, told = _run(capsys, tmp_path, "1", *more)
    assert found == code
    assert error in (None, told["errors"][0]["code"])


@pytest.mark.parametrize(
    ("written", "path", "says"),
    [
        ({"wires": [["p1", "p9"]]}, "wires.0", "no p9"),
        ({"numbers": {"room": "3"}}, "numbers.room", "no room"),
        ({"choices": {"why": "x"}}, "choices.why", "no why"),
        ({"why": "x"}, "why", '"choices": {"question": ["option"]}'),
    ],
)
def test_answers_that_the_pack_does_not_ask_for_are_told(
    capsys: Capture, tmp_path: Path, written: dict[str, Any], path: str, says: str
) -> None:
    answers = tmp_path / "answers.json"
    answers.write_text(json.dumps(written), encoding="utf-8")
    code, told = _run(capsys, tmp_path, "1", "--step", "wire", "--answers", str(answers))
    assert code == 3
    (error,) = told["errors"]
    assert (error["file"], error["path"]) == (str(answers), path)
    assert says in error["message"]["en"]


class Vanishing(SocketEnd):
    """A kit that answers for a while and then never again."""

    def _answers(self, *what: Any) -> bytes:
        self.is_silent = len(self.requests) > 60
        return super()._answers(*what)


@pytest.mark.parametrize(("end", "code"), [(SocketEnd, 0), (Vanishing, 4)])
def test_a_kit_that_is_lost_for_good_is_told_and_the_attempt_is_kept(
    capsys: Capture, tmp_path: Path, end: type[SocketEnd], code: int
) -> None:
    pack = tmp_path / "pack" / "pack.yaml"
    written = pack.read_text(encoding="utf-8").replace("duration: 14 s", "duration: 4 s")
    pack.write_text(written, encoding="utf-8")
    with end() as kit:
        found, told = _run(capsys, tmp_path, "1", "--step", "alarm", "--kit", kit.url)
    assert found == code
    assert told["bench"]["kind"] == "hardware"
    assert verify(Path(told["evidence"])).ok
