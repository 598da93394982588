"""A twin in a process of its own: it starts, obeys, dies, comes back and leaves nothing."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from labapp.model.reading import Event
from labapp.model.trouble import BadInput, NoKit
from labapp.twins import pipe
from labapp.twins.process import TwinProcess
from tests.left_behind import children
from tests.twins.far_end import SECOND, ask, fire_profile, read_pdu, script, words
from tests.waiting import wait_for

ROOT = Path(__file__).parents[2]
# Windows has one way to end a process at once, by another name.
KILL = getattr(signal, "SIGKILL", signal.SIGTERM)
with_a_shell = pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a shell script")


class Heard:
    """What a twin's process told."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.exits = 0
        self.back = threading.Event()

    def on_event(self, event: Event) -> None:
        self.events.append(event)


@contextmanager
def running(heard: Heard | None = None, **how: Any) -> Iterator[TwinProcess]:
    heard = heard or Heard()
    how.setdefault("on_exit", lambda: None)
    twin = TwinProcess(fire_profile(), on_event=heard.on_event, **how)
    try:
        yield twin
    finally:
        twin.stop()
        assert twin.pid is None


def sensors(url: str) -> list[int]:
    host, port = url.removeprefix("tcp://").rsplit(":", 1)
    with socket.create_connection((host, int(port)), timeout=5) as sock:
        return words(ask(sock, read_pdu(4, 0, 5)))


def test_a_whole_life() -> None:
    heard, restarted = Heard(), threading.Event()

    def on_exit() -> None:
        twin.start()
        restarted.set()

    with running(heard, on_exit=on_exit, seed=7) as twin:
        url = twin.start()
        assert twin.start() == url
        assert len(sensors(url)) == 5
        twin.stimulate("call_point", to=True)
        wait_for(lambda: [e.data["do"] for e in heard.events] == ["call_point"])
        with pytest.raises(BadInput, match="Did you mean ignite"):
            twin.stimulate("ignit")
        with pytest.raises(BadInput, match="Did you mean toast"):
            twin.begin("toas", 1)
        twin.begin("gas-leak", 9)
        # Killed as by the task manager: it is back at the same address, in the same scenario.
        first = twin.pid
        assert first is not None
        os.kill(first, KILL)
        assert restarted.wait(20)
        assert twin.start() == url
        assert twin.pid not in (None, first)
        assert len(sensors(url)) == 5
        assert len(children()) == (1 if sys.platform == "linux" else 0)  # they are seen there
    assert children() == {}
    with pytest.raises(NoKit):
        twin.start()
    with pytest.raises(NoKit):
        twin.stimulate("toast")
    twin.stop()


def test_a_scenario_of_a_folder_and_its_events(tmp_path: Path) -> None:
    (tmp_path / "scenarios").mkdir()
    own = script("at: 0.1 s, do: toast, mark: mine, text: {zh: 一, en: one}")
    (tmp_path / "scenarios" / "own.yaml").write_text(own, "utf-8")
    heard = Heard()
    with running(heard, scenario="own", preset="bench", folders=[tmp_path]) as twin:
        twin.start()
        wait_for(lambda: len(heard.events) == 2)
    mark, stimulus = heard.events
    assert (mark.kind, mark.t_us) == ("mark", SECOND // 10)
    assert mark.data == {"id": "mine", "text": {"zh": "一", "en": "one"}}
    assert stimulus.data["do"] == "toast"


def test_a_scenario_with_mistakes_is_told_with_its_lines(tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text(script("at: 1 s, do: ignit"), "utf-8")
    with running(scenario=str(bad)) as twin:
        with pytest.raises(BadInput) as refused:
            twin.start()
        assert refused.value.problems[0].line == 7
        assert refused.value.problems[0].message.zh
        assert twin.pid is None


def test_an_address_that_somebody_took_is_told() -> None:
    with running() as twin:
        url = twin.start()
        assert twin.pid is not None
        twin._pipe.end()  # type: ignore[union-attr]
        port = int(url.rpartition(":")[2])
        with socket.create_server(("127.0.0.1", port)), pytest.raises(NoKit) as refused:
            twin.start()
        assert refused.value.problems[0].code == "E-NET-LISTEN"


@with_a_shell
def test_one_that_says_nothing_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipe, "START_S", 0.2)
    monkeypatch.setattr(pipe, "_END_S", 0.2)
    monkeypatch.setattr(sys, "executable", "/bin/sh")
    monkeypatch.setattr(pipe, "_PYTHON", ("-c", "while read -r x; do :; done", "--"))
    with running() as twin, pytest.raises(NoKit, match=r"0\.2 s"):
        twin.start()
    assert children() == {}


@with_a_shell
def test_one_that_cannot_start_is_told_with_its_last_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/sh")
    monkeypatch.setattr(pipe, "_PYTHON", ("-c", "echo out of memory >&2; exit 1", "--"))
    with running() as twin, pytest.raises(NoKit, match="out of memory"):
        twin.start()
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with running() as twin, pytest.raises(NoKit) as refused:
        twin.start()
    assert refused.value.problems[0].code == "T-TWIN-START"


@with_a_shell
def test_stop_ends_a_start_that_is_under_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/sh")
    monkeypatch.setattr(pipe, "_PYTHON", ("-c", "while read -r x; do :; done", "--"))
    failures: list[Exception] = []
    with running() as twin:

        def start() -> None:
            try:
                twin.start()
            except NoKit as trouble:
                failures.append(trouble)

        starter = threading.Thread(target=start)
        starter.start()
        wait_for(lambda: twin.pid is not None)
        twin.stop()
        starter.join(5)
        assert not starter.is_alive()
    assert len(failures) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is POSIX")
def test_it_ends_when_the_app_is_killed() -> None:
    app = textwrap.dedent(
        """
        import sys
        from pathlib import Path
        from labapp.profiles.load import load_profile
        from labapp.twins.process import TwinProcess
        twin = TwinProcess(load_profile("fire-safety", [Path("device_profiles")]))
        print(twin.start(), twin.pid, flush=True)
        sys.stdin.read()
        """
    )
    with subprocess.Popen(
        [sys.executable, "-c", app], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
    ) as parent:
        assert parent.stdout is not None
        _, pid = parent.stdout.readline().split()
        parent.kill()
        parent.wait()
    wait_for(lambda: not Path(f"/proc/{int(pid)}").exists(), 10, "the twin's end")
