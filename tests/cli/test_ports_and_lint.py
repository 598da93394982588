"""``labapp ports`` and ``labapp profile lint``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from labapp.cli.main import main
from labapp.model.text import Text
from labapp.transport import ports
from labapp.transport.ports import PortInfo

FIRE = Path(__file__).parents[2] / "device_profiles" / "fire-safety.yaml"
Printed = pytest.CaptureFixture[str]


def test_ports_are_listed_for_people_and_for_scripts(
    monkeypatch: pytest.MonkeyPatch, capsys: Printed
) -> None:
    found = [PortInfo(device="COM3", vid=0x1A86, about=Text("转串口", "an adapter"))]
    monkeypatch.setattr(ports, "list_ports", lambda: found)
    assert main(["ports", "--lang", "en"]) == 0
    assert capsys.readouterr().out == "COM3\tan adapter\n"
    assert main(["ports", "--json"]) == 0
    (port,) = json.loads(capsys.readouterr().out)["ports"]
    assert (port["device"], port["url"]) == ("COM3", "serial:COM3")


def test_no_port_says_what_to_do(monkeypatch: pytest.MonkeyPatch, capsys: Printed) -> None:
    monkeypatch.setattr(ports, "list_ports", list)
    assert main(["ports", "--lang", "en"]) == 0
    assert "twin:" in capsys.readouterr().out


def test_a_sound_profile(capsys: Printed) -> None:
    assert main(["profile", "lint", str(FIRE), "--lang", "en"]) == 0
    assert "sound, 13 points" in capsys.readouterr().out
    assert main(["profile", "lint", str(FIRE), "fire-safety", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told == {"profiles": ["fire-safety", "fire-safety"], "errors": []}


def test_every_mistake_of_every_file(tmp_path: Path, capsys: Printed) -> None:
    text = FIRE.read_text("utf-8")
    first, second = tmp_path / "first.yaml", tmp_path / "second.yaml"
    first.write_text(text.replace("scale: 0.01\n", "scael: 0.01\n"), "utf-8")
    second.write_text(text.replace("unit: Cel", "unit: degC"), "utf-8")
    assert main(["profile", "lint", str(first), str(FIRE), str(second), "--json"]) == 3
    errors = json.loads(capsys.readouterr().out)["errors"]
    assert [(Path(e["file"]).name, e["code"]) for e in errors] == [
        ("first.yaml", "P000"), ("second.yaml", "P302")
    ]  # fmt: skip
    assert all(e["line"] and e["column"] and e["path"] for e in errors)


def test_a_mistake_for_people_stands_with_its_place(tmp_path: Path, capsys: Printed) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text(FIRE.read_text("utf-8").replace("unit: Cel", "unit: degC"), "utf-8")
    assert main(["profile", "lint", str(bad), "--lang", "en"]) == 3
    line = next(
        i for i, text in enumerate(bad.read_text("utf-8").splitlines(), 1) if "degC" in text
    )
    assert f"bad.yaml:{line}:11: " in capsys.readouterr().err


def test_a_line_that_is_too_slow_is_found(tmp_path: Path, capsys: Printed) -> None:
    slow = tmp_path / "slow.yaml"
    slow.write_text(FIRE.read_text("utf-8").replace("baud: 115200", "baud: 9600"), "utf-8")
    assert main(["profile", "lint", str(slow), "--json"]) == 3
    (error,) = json.loads(capsys.readouterr().out)["errors"]
    assert error["code"] == "P404"
