"""``labapp monitor``: a real far end on this machine's loopback, and what is printed."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from labapp.cli.main import main
from tests.kits.far_end import SocketEnd

ROOT = Path(__file__).parents[2]
FIELDS = ["t_us", "point", "value", "unit", "quality", "reason"]
Printed = pytest.CaptureFixture[str]


@pytest.fixture
def kit() -> Iterator[SocketEnd]:
    end = SocketEnd("mbap")
    with end:
        yield end


def readings_of(printed: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in printed.splitlines()]


def test_a_line_a_reading_with_the_fields_of_the_contract(kit: SocketEnd, capsys: Printed) -> None:
    assert main(["monitor", "fire-safety", "--kit", kit.url, "--for", "250ms"]) == 0
    readings = readings_of(capsys.readouterr().out)
    assert all(list(reading) == FIELDS for reading in readings)
    newest = {reading["point"]: reading for reading in readings}
    assert len(newest) == 13
    assert (newest["flame"]["value"], newest["smoke"]["value"]) == (0.0, 0.01)
    assert newest["temp"]["unit"] == "Cel"
    assert {(r["quality"], r["reason"]) for r in readings} == {("good", "")}
    times = [reading["t_us"] for reading in readings]
    assert times == sorted(times)
    assert len([r for r in readings if r["point"] == "flame"]) in range(2, 5)


def test_reading_alone_writes_nothing(kit: SocketEnd, capsys: Printed) -> None:
    assert main(["monitor", "fire-safety", "--kit", kit.url, "--for", "50ms"]) == 0
    assert kit.writes == []
    capsys.readouterr()


def test_readings_as_csv(kit: SocketEnd, capsys: Printed) -> None:
    words = ["monitor", "fire-safety", "--kit", kit.url, "--for", "50ms", "--format", "csv"]
    assert main(words) == 0
    head, first, *_ = capsys.readouterr().out.splitlines()
    assert head == "t_us,point,value,unit,quality,reason"
    assert len(first.split(",")) == 6


def test_writes_are_proved_and_the_kit_is_left_safe(kit: SocketEnd, capsys: Printed) -> None:
    words = ["monitor", "fire-safety", "--kit", kit.url, "--for", "150ms", "--lang", "en"]
    assert main([*words, "--write", "buzzer=on", "--write", "fan=50"]) == 0
    told = capsys.readouterr()
    assert "Buzzer B1 set to On" in told.err
    assert "Exhaust fan A1 set to 50" in told.err
    values = [r["value"] for r in readings_of(told.out) if r["point"] == "buzzer"]
    assert 1.0 in values
    assert values[-1] == 0.0
    assert kit.memory.kept["coil", 0] == 0
    assert kit.memory.kept["holding", 0] == 0


@pytest.mark.parametrize(
    ("write", "says"),
    [
        ("buzzer=loud", "off, on"),
        ("fan=101", "100"),
        ("flame=1", "only be read"),
        ("buzer=on", "Did you mean buzzer?"),
        ("fan", "fan=50"),
    ],
)
def test_a_write_that_cannot_be_is_refused_before_anything_is_sent(
    kit: SocketEnd, capsys: Printed, write: str, says: str
) -> None:
    words = ["monitor", "fire-safety", "--kit", kit.url, "--lang", "en", "--write", write]
    assert main(words) == 2
    assert says in capsys.readouterr().err
    assert kit.connections == 0


def test_no_kit_is_exit_code_four_with_its_reason(capsys: Printed) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert main(["monitor", "fire-safety", "--kit", f"tcp://127.0.0.1:{port}", "--json"]) == 4
    (error,) = json.loads(capsys.readouterr().out)["errors"]
    assert error["code"] == "E-NET-REFUSED"
    assert error["message"]["zh"]
    assert error["message"]["en"]


def test_a_kit_that_is_lost_at_the_end_is_exit_code_four(kit: SocketEnd, capsys: Printed) -> None:
    import threading

    def silence() -> None:
        kit.is_silent = True

    timer = threading.Timer(0.2, silence)
    timer.start()
    assert main(["monitor", "fire-safety", "--kit", kit.url, "--for", "2500ms", "--json"]) == 4
    timer.join()
    *lines, last = capsys.readouterr().out.splitlines()
    assert json.loads(last)["errors"][0]["code"] == "E-TIMEOUT"
    bad = [r for r in map(json.loads, lines) if r["quality"] == "bad"]
    assert bad
    assert {(r["value"], r["reason"]) for r in bad} == {(None, "timeout")}


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["monitor", "fire-safety", "--kit", "COM3"], 2),
        (["monitor", "fire-safety", "--kit", "replay:x.lab"], 4),
        (["monitor", "fire-safty", "--kit", "twin:"], 3),
        (["monitor", "fire-safety", "--kit", "twin:", "--for", "soon"], 2),
        (["monitor", "fire-safety"], 2),
    ],
)
def test_what_cannot_be_monitored(words: list[str], code: int, capsys: Printed) -> None:
    assert main(words) == code
    assert capsys.readouterr().err


def test_a_simulated_kit_is_started_and_ended(capsys: Printed) -> None:
    assert main(["monitor", "fire-safety", "--kit", "twin:", "--for", "200ms"]) == 0
    readings = readings_of(capsys.readouterr().out)
    assert {r["point"] for r in readings} >= {"flame", "temp", "gas_valve"}
    assert all(r["value"] is not None for r in readings)


@pytest.mark.skipif(os.name != "posix", reason="Ctrl-C is sent as a signal")
def test_ctrl_c_leaves_the_kit_safe(kit: SocketEnd) -> None:
    words = [sys.executable, "-m", "labapp", "monitor", "fire-safety", "--kit", kit.url]
    with subprocess.Popen(
        [*words, "--write", "sprinkler=on"],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        for line in process.stdout:
            reading = json.loads(line)
            if (reading["point"], reading["value"]) == ("sprinkler", 1.0):
                break
        assert kit.memory.kept["coil", 2] == 1
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=20)
    assert process.returncode == 0, told
    assert "Traceback" not in told
    assert kit.memory.kept["coil", 2] == 0
