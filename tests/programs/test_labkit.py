"""labkit by itself: what needs no process of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from labapp.programs import labkit
from labapp.programs.labkit import State, Timer, every, holds, kit, log, now, sleep, wait_until


class Wire:
    """Answers as the app would, at a time that only sleeping moves."""

    def __init__(self) -> None:
        self.t_us = 0
        self.values: dict[str, Any] = {}
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.answers: dict[str, dict[str, Any]] = {}

    def call(self, op: str, **arguments: Any) -> dict[str, Any]:
        self.calls.append((op, arguments))
        if op in self.answers:
            return self.answers[op]
        if op == "sleep":
            self.t_us = arguments["until_us"]
        return {"t_us": self.t_us, "v": self.values.get(arguments.get("point", ""))}


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Iterator[Wire]:
    fake = Wire()
    monkeypatch.setattr(labkit._bench, "wire", fake)
    monkeypatch.setattr(
        labkit._bench,
        "points",
        {"temp": {"states": []}, "buzzer": {"states": ["off", "on"]}, "label": {"states": []}},
    )
    yield fake
    labkit._bench.timers.clear()
    labkit._bench.callbacks.clear()


def test_without_the_app_it_says_how_to_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(labkit._bench, "wire", None)
    with pytest.raises(RuntimeError, match="press Run"):
        now()


def test_every_keeps_its_grid_and_leaves_out_what_it_missed(wire: Wire) -> None:
    seen = []
    for t in every(0.1):
        seen.append(t)
        if len(seen) == 2:
            wire.t_us += 250_000  # it took longer than two periods
        if len(seen) == 5:
            break
    assert seen == [0.0, 0.1, 0.4, 0.5, 0.6]


def test_a_timer_that_was_missed_runs_once() -> None:
    runs: list[int] = []
    timer = Timer(100, 0, lambda: runs.append(1))
    for t_us in (0, 50, 100, 430, 440, 500):
        timer.run_if_due(t_us)
    assert (len(runs), timer.due_us) == (4, 600)


def test_reading_gives_states_numbers_and_words(wire: Wire) -> None:
    wire.values = {"temp": 21.5, "buzzer": 1.0, "label": "hello"}
    assert (kit.temp, kit.buzzer, kit.label) == (21.5, "on", "hello")
    wire.values = {"buzzer": "off", "temp": None}
    assert (kit.temp, bool(kit.buzzer)) == (None, False)
    wire.values = {"buzzer": 7.0}
    assert kit.buzzer == 7.0


def test_writing_sends_what_json_can_carry(wire: Wire) -> None:
    class Number:
        def __float__(self) -> float:
            return 2.5

    kit.temp = Number()
    kit.temp = State(1, ["off", "on"])
    kit.temp = {"a": 1}
    assert [c[1]["value"] for c in wire.calls] == [2.5, "on", {"not": "dict"}]


def test_unknown_points_are_told_before_anything_is_sent(wire: Wire) -> None:
    with pytest.raises(labkit.UnknownPoint, match="did you mean 'temp'"):
        _ = kit.tmep
    with pytest.raises(labkit.UnknownPoint):
        kit.buzer = 1
    with pytest.raises(labkit.UnknownPoint):
        kit.on_change("none", print)
    assert wire.calls == []
    assert set(dir(kit)) == {"temp", "buzzer", "label", "on_change", "quality"}


@pytest.mark.parametrize("call", [sleep, every])
@pytest.mark.parametrize("value", ["1", None, True, float("nan"), float("inf"), -1])
def test_seconds_are_a_number(wire: Wire, call: Any, value: Any) -> None:
    with pytest.raises((TypeError, ValueError), match=f"{call.__name__} takes"):
        call(value)
    assert [op for op, _ in wire.calls if op == "sleep"] == []


def test_wait_until_takes_a_condition_not_a_value(wire: Wire) -> None:
    with pytest.raises(TypeError, match="wait_until takes a function"):
        wait_until(True)  # type: ignore[arg-type]
    wire.answers["holds"] = {"v": None}
    assert wait_until("temp > 3 Cel", timeout=0.03) is False
    assert wire.t_us == 30_000
    assert holds("temp > 3 Cel") is None


def test_what_the_app_refuses_comes_with_its_words(wire: Wire) -> None:
    wire.answers = {
        "write": {"no": {"zh": "不行。", "en": "No."}},
        "holds": {"bad": {"zh": "错", "en": "x"}},
    }
    with pytest.raises(labkit.WriteRefused, match=r"No\.") as caught:
        kit.buzzer = "on"
    assert caught.value.reason["zh"] == "不行。"
    with pytest.raises(ValueError, match="x"):
        holds("temp >")


def test_a_callback_must_be_a_function(wire: Wire) -> None:
    with pytest.raises(TypeError, match=r"without its \(\)"):
        kit.on_change("temp", 3)  # type: ignore[arg-type]
    assert wire.calls == []


def test_log_cuts_what_is_long(wire: Wire) -> None:
    log("x" * 900, 3)
    assert wire.calls == [("log", {"text": "x" * 500, "value": 3})]


@pytest.mark.parametrize("other", ["on", "ON", 1, 1.0, True])
def test_a_state_is_its_name_code_and_truth(other: object) -> None:
    state = State(1, ["off", "on"])
    assert state == other
    assert not state != other  # noqa: SIM202 (__ne__ is what is tested)
    assert State(0, ["off", "on"]) != other
