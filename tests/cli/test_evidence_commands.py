"""``labapp grade``, ``verify`` and ``export`` as a person and a script see them."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from labapp.cli.main import main
from labapp.packs.pack import Pack
from labapp.store.evidence import open_evidence
from tests.coach.attempts import readings, sealed_attempt
from tests.packs.small_pack import load_small

Capture = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    """The small pack."""
    return load_small(tmp_path_factory.mktemp("pack"))


@pytest.fixture
def evidence(tmp_path: Path, pack: Pack) -> Path:
    """A late attempt."""
    return sealed_attempt(tmp_path / "a", pack, readings(3_000_000))


def _json(capsys: Capture) -> dict[str, Any]:
    told = capsys.readouterr()
    assert told.err == ""
    (line,) = told.out.splitlines()
    found: dict[str, Any] = json.loads(line)
    return found


def test_whole_evidence_verifies(evidence: Path, capsys: Capture) -> None:
    assert main(["verify", str(evidence), "--json"]) == 0
    told = _json(capsys)
    assert told["ok"] is True
    assert told["head_code"] == open_evidence(evidence).head_code
    assert main(["verify", str(evidence), "--lang", "en"]) == 0
    assert told["head_code"] in capsys.readouterr().out


@pytest.mark.parametrize("command", ["verify", "grade", "export"])
def test_one_flipped_byte_ends_every_command_with_5(
    evidence: Path, command: str, capsys: Capture, tmp_path: Path
) -> None:
    octets = bytearray(evidence.read_bytes())
    octets[len(octets) // 2] ^= 1
    evidence.write_bytes(octets)
    more = ["--format", "csv", "--out", str(tmp_path / "o.csv")] if command == "export" else []
    assert main([command, str(evidence), "--json", *more]) == 5
    told = _json(capsys)
    (error,) = told["errors"]
    assert error["code"] == "evidence.damaged"
    assert error["path"] == "recording.mcap"
    assert "chunk" in error["message"]["en"]
    assert not (tmp_path / "o.csv").exists()
    assert main([command, str(evidence), "--lang", "zh", *more]) == 5
    said = capsys.readouterr()
    assert said.out == ""
    assert "秒" in said.err


def test_a_file_that_is_not_there_is_a_mistake_of_usage(tmp_path: Path, capsys: Capture) -> None:
    assert main(["verify", str(tmp_path / "none.lab"), "--json"]) == 2
    assert _json(capsys)["errors"][0]["code"] == "U-READ"


def test_grading_twice_gives_the_same_digest(evidence: Path, capsys: Capture) -> None:
    digests = set()
    for _ in range(2):
        assert main(["grade", str(evidence), "--json"]) == 0
        told = _json(capsys)
        digests.add(told["digest"])
    assert len(digests) == 1
    assert told["evidence"] == str(evidence)
    assert {"project", "version", "step", "bench", "outcome", "points", "max", "items"} <= set(told)
    assert "changes" not in told


def test_another_rubric_lists_what_changed(evidence: Path, tmp_path: Path, capsys: Capture) -> None:
    edit = ("pack.yaml", "buzzer is on within 1 s", "buzzer is on within 5 s")
    load_small(tmp_path / "laxer", edit)
    asked = ["grade", str(evidence), "--pack", str(tmp_path / "laxer")]
    assert main([*asked, "--json", "--out", str(tmp_path / "grade.json")]) == 0
    told = _json(capsys)
    assert "answers" in [change["id"] for change in told["changes"]]
    assert json.loads((tmp_path / "grade.json").read_text(encoding="utf-8")) == told
    assert main([*asked, "--lang", "en"]) == 0
    assert "becomes" in capsys.readouterr().out


def test_a_grade_that_cannot_be_written_says_so(
    evidence: Path, tmp_path: Path, capsys: Capture
) -> None:
    assert main(["grade", str(evidence), "--json", "--out", str(tmp_path)]) == 2
    assert "U-WRITE" in capsys.readouterr().out


def test_readings_are_exported_whole(evidence: Path, tmp_path: Path, capsys: Capture) -> None:
    out = tmp_path / "out.csv"
    assert main(["export", str(evidence), "--format", "csv", "--out", str(out), "--json"]) == 0
    told = _json(capsys)
    with out.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["t_us", "point", "value", "quality"]
    assert len(rows) - 1 == told["rows"] == len(readings(3_000_000))
    found = [(int(t), point, float(value)) for t, point, value, _ in rows[1:]]
    assert found == [(r.t_us, r.point, r.value) for r in readings(3_000_000)]
    assert main(["export", str(evidence), "--format", "csv", "--out", str(tmp_path)]) == 2
