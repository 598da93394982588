"""``labapp simulate`` as people and scripts use it."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from labapp.cli.main import main
from tests.twins.far_end import SECOND, ask, read_pdu, script, words
from tests.waiting import wait_for

ROOT = Path(__file__).parents[2]


class Simulation:
    """A running ``labapp simulate``."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.first = self.line()

    def line(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        return dict(json.loads(self.process.stdout.readline()))

    def say(self, line: str) -> None:
        assert self.process.stdin is not None
        print(line, file=self.process.stdin, flush=True)

    def connect(self) -> socket.socket:
        port = int(self.first["listening"].rpartition(":")[2])
        return socket.create_connection(("127.0.0.1", port), timeout=5)


@contextmanager
def simulated(*arguments: str) -> Iterator[Simulation]:
    process = subprocess.Popen(
        [sys.executable, "-m", "labapp", "simulate", "fire-safety", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        cwd=ROOT,
    )
    with process:
        try:
            yield Simulation(process)
        finally:
            process.kill()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_until_it_is_asked_to_stop(number: signal.Signals) -> None:
    with simulated("--seed", "7", "--fault", "co:const:500") as simulation:
        assert simulation.first.keys() == {"listening", "profile", "unit"}
        assert simulation.first["profile"] == "fire-safety"
        assert simulation.first["unit"] == 1
        assert simulation.first["listening"].startswith("tcp://127.0.0.1:")
        with simulation.connect() as sock:
            wait_for(lambda: words(ask(sock, read_pdu(4, 3, 1))) == [500])
            simulation.process.send_signal(number)
            assert simulation.process.wait(5) == 0
            assert sock.recv(1) == b""


def test_orders_come_by_stdin_and_its_end_is_the_end() -> None:
    with simulated("--control", "stdin", "--rate", "50", "--scenario", "toast") as simulation:
        simulation.say('{"do": "stimulate", "stimulus": "door", "args": {"to": "off"}, "id": "d"}')
        told = simulation.line()
        assert told["event"] == "stimulus"
        assert told["data"]["do"] == "door"
        assert simulation.line() == {"answer": "d", "ok": True}
        for wrong in ("nonsense", '{"do": "fly", "id": 3}', "[]"):
            simulation.say(wrong)
            assert simulation.line()["ok"] is False
        # Ten to twenty seconds of the scenario are less than half a second at this rate.
        told = simulation.line()
        assert (told["event"], told["data"]["id"]) == ("mark", "toast")
        assert 10 * SECOND <= told["t_us"] <= 20 * SECOND
        assert simulation.process.stdin is not None
        simulation.process.stdin.close()
        assert simulation.process.wait(5) == 0


def simulate(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """Run the command in this process; return its exit code and what it printed."""
    code = main(["simulate", *words, "--lang", "en"])
    out, err = capsys.readouterr()
    return code, out, err


def test_it_ends_after_its_time(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = simulate(capsys, "fire-safety", "--for", "50ms", "--scenario", "flaming")
    assert code == 0
    assert json.loads(out)["profile"] == "fire-safety"
    assert err == ""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pty")
def test_a_pty_is_told_as_the_serial_port_that_others_open(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, out, _ = simulate(capsys, "fire-safety", "--listen", "pty:", "--for", "10ms")
    assert code == 0
    assert json.loads(out)["listening"].startswith("serial:/dev/")


def test_signals_are_the_callers_again_afterwards(capsys: pytest.CaptureFixture[str]) -> None:
    before = signal.getsignal(signal.SIGINT)
    simulate(capsys, "fire-safety", "--for", "10ms")
    assert signal.getsignal(signal.SIGINT) is before


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["fire-safety", "--listen", "udp://x"], 2, "U-LISTEN"),
        (["fire-safety", "--listen", "tcp://192.0.2.1:0"], 4, "E-NET-LISTEN"),
        (["fire-safety", "--listen", "serial:/dev/not-there"], 4, "E-PORT"),
        (["fire-safety", "--fault", "smoke"], 2, "U-FAULT"),
        (["fire-safety", "--fault", "smok:stuck"], 2, "Did you mean smoke"),
        (["fire-safety", "--rate", "0"], 2, "U-USAGE"),
        (["fire-safety", "--seed", "-1"], 2, "U-USAGE"),
        (["fire-safety", "--for", "soon"], 2, "U-USAGE"),
        (["fire-safety", "--preset", "hall"], 3, "bench, room"),
        (["fire-safety", "--scenario", "flamin"], 3, "Did you mean flaming"),
        (["fire-safty"], 3, "fire-safety"),
        ([], 2, "U-USAGE"),
    ],
)
def test_what_does_not_fit_is_told_with_its_exit_code(
    capsys: pytest.CaptureFixture[str], words: list[str], code: int, told: str
) -> None:
    got, out, err = simulate(capsys, *words, "--for", "10ms")
    assert got == code
    assert told in err
    assert out == ""


def test_a_port_that_is_taken_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        listen = f"tcp://127.0.0.1:{taken.getsockname()[1]}"
        code, _, err = simulate(capsys, "fire-safety", "--listen", listen, "--for", "10ms")
    assert code == 4
    assert listen in err


def test_mistakes_of_a_scenario_come_as_json_with_their_places(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "two.yaml"
    path.write_text(script("at: 1 s, do: ignit\nat: soon, do: toast"), "utf-8")
    code, out, _ = simulate(capsys, "fire-safety", "--scenario", str(path), "--json")
    assert code == 3
    errors = json.loads(out)["errors"]
    assert [(e["file"], e["line"]) for e in errors] == [(str(path), 8)]
    path.write_text(script("at: 1 s, do: ignit\nat: 2 s, do: toasd"), "utf-8")
    code, out, _ = simulate(capsys, "fire-safety", "--scenario", str(path), "--json")
    assert [e["line"] for e in json.loads(out)["errors"]] == [7, 8]


def test_a_scenario_of_a_folder_goes_before_the_others(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "toast.yaml").write_text("not: a scenario\n", "utf-8")
    folder = ["--folder", str(tmp_path)]
    code, _, err = simulate(capsys, "fire-safety", "--scenario", "toast", *folder)
    assert code == 3
    assert str(tmp_path) in err
