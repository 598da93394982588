"""Paced time and orders by hand."""

from __future__ import annotations

import json
import os
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labapp.model.trouble import BadInput, LabError
from labapp.twins.control import Control, OrderLines
from labapp.twins.fault_spec import FaultSpec, LinkFaultSpec, parse_fault
from labapp.twins.live import MOST_BUSY_US, Cast, LiveTwin
from tests.twins.far_end import SECOND, HandClock, fire_profile, fire_twin
from tests.waiting import wait_for


def live(clock: HandClock, rate: float = 1.0, **cast: Any) -> LiveTwin:
    return LiveTwin(Cast(profile=fire_profile(), seed=7, **cast), clock, rate)


@pytest.mark.parametrize("rate", [0.1, 1.0, 60.0])
def test_a_twin_keeps_pace_with_the_clock(rate: float) -> None:
    clock = HandClock()
    twin = live(clock, rate)
    for _ in range(200):
        clock.t_us += 12_345
        twin.advance()
    expected = int(200 * 12_345 * rate)
    assert expected - 10_000 < twin.twin.t_us <= expected
    assert twin.lag_us == 0


def test_a_slow_machine_drops_pace_and_no_ticks() -> None:
    class SlowClock(HandClock):
        """Each look at it takes a millisecond."""

        def now_us(self) -> int:
            self.t_us += 1000
            return self.t_us

    clock = SlowClock()
    twin = live(clock, 1000.0)
    for _ in range(5):
        clock.t_us += SECOND
        twin.advance()
    # 20 ms of work at most each time, one slice of 100 ms a look.
    assert twin.twin.t_us <= 5 * (MOST_BUSY_US // 1000 + 2) * 100_000
    assert twin.lag_us > 0
    straight = fire_twin(7)
    straight.run_to(twin.twin.t_us)
    assert straight.digest == twin.twin.digest


def test_a_paused_twin_stands_and_goes_on_from_there() -> None:
    clock = HandClock()
    twin = live(clock)
    clock.t_us += SECOND
    twin.pause()
    clock.t_us += 100 * SECOND
    twin.advance()
    assert twin.twin.t_us == SECOND
    twin.resume()
    clock.t_us += SECOND
    twin.advance()
    assert twin.twin.t_us == 2 * SECOND
    twin.at_rate(10)
    clock.t_us += SECOND
    twin.advance()
    assert twin.twin.t_us == 12 * SECOND


def test_begin_starts_the_scenario_and_the_registers_anew() -> None:
    clock = HandClock()
    twin = live(clock)
    twin.twin.drive("buzzer", 1.0)
    clock.t_us += 50 * SECOND
    twin.advance()
    twin.begin("toast", 3)
    assert (twin.twin.t_us, twin.twin.seed, twin.twin.script.scenario) == (0, 3, "toast")
    assert twin.memory.read("coil", 0, 1) == [0]
    assert twin.fresh_events() == []
    clock.t_us += 30 * SECOND
    twin.advance()
    assert [e.kind for e in twin.fresh_events()] == ["mark", "stimulus"]
    assert twin.fresh_events() == []


def test_a_scenario_that_cannot_be_used_leaves_the_present_one() -> None:
    twin = live(HandClock(), scenario="flaming")
    with pytest.raises(BadInput, match="Did you mean flaming"):
        twin.begin("flamin", 1)
    assert twin.twin.script.scenario == "flaming"
    assert twin.cast.scenario == "flaming"


def test_faults_of_the_cast_begin_with_every_start() -> None:
    clock = HandClock()
    twin = live(clock, faults=[FaultSpec(on="temp", kind="const", value=99.0, at_us=2 * SECOND)])
    for _ in range(2):
        clock.t_us += SECOND
        twin.advance()
        assert (twin.twin.read("temp") or 0) < 30
        clock.t_us += 2 * SECOND
        twin.advance()
        assert twin.twin.read("temp") == 99.0
        twin.begin(None, 7)


# ---------------------------------------------------------------------- faults in words


@pytest.mark.parametrize(
    ("text", "spec"),
    [
        ("smoke:stuck", FaultSpec(on="smoke", kind="stuck")),
        ("smoke=stuck@52s", FaultSpec(on="smoke", kind="stuck", at_us=52 * SECOND)),
        ("temp:offset:-5.5", FaultSpec(on="temp", kind="offset", value=-5.5)),
        ("co:gain=2@1 min+30s",
         FaultSpec(on="co", kind="gain", value=2.0, at_us=60 * SECOND, for_us=30 * SECOND)),
        ("fan:off+2s", FaultSpec(on="fan", kind="off", for_us=2 * SECOND)),
    ],
)  # fmt: skip
def test_faults_are_read(text: str, spec: FaultSpec) -> None:
    assert parse_fault(text) == spec


def test_link_faults_are_read() -> None:
    delay = parse_fault("link:delay:200ms@5s")
    assert isinstance(delay, LinkFaultSpec)
    assert (delay.kind, delay.value, delay.at_us) == ("delay", 200_000.0, 5 * SECOND)
    drop = parse_fault("link=drop=0.25")
    assert isinstance(drop, LinkFaultSpec)
    assert drop.value == 0.25


@pytest.mark.parametrize(
    "text", ["", "smoke", "smoke:", "temp:offset:much", "smoke:stuck@later", "link:drop:7",
             "link:delay:fast", "link:melt"],
)  # fmt: skip
def test_what_is_no_fault_is_told(text: str) -> None:
    with pytest.raises(LabError) as refused:
        parse_fault(text)
    assert refused.value.exit_code == 2


@pytest.mark.parametrize("text", ["smok:stuck", "smoke:off", "temp:offset", "fan:dropout"])
def test_a_fault_that_the_kit_cannot_have_is_told(text: str) -> None:
    spec = parse_fault(text)
    assert isinstance(spec, FaultSpec)
    with pytest.raises(LabError) as refused:
        live(HandClock(), faults=[spec])
    assert refused.value.exit_code == 2


# ---------------------------------------------------------------------- orders

STANDING = live(HandClock())


def test_orders_are_carried_out_and_answered() -> None:
    clock = HandClock()
    twin = live(clock)
    control = Control(twin)

    def order(**words: Any) -> dict[str, Any]:
        return control.obey(json.dumps(words).encode())

    assert order(do="stimulate", stimulus="ignite", args={"peak": 300}, id=1) == {
        "answer": 1,
        "ok": True,
    }
    assert twin.fresh_events()[0].data["peak"] == 300.0
    assert order(do="begin", scenario="toast", seed=9, id="b")["ok"]
    assert twin.twin.seed == 9
    assert order(do="begin", scenario=None)["ok"]
    assert order(do="pause")["ok"]
    clock.t_us += SECOND
    twin.advance()
    assert twin.twin.t_us == 0
    assert order(do="resume")["ok"]
    assert order(do="rate", rate=100)["ok"]
    clock.t_us += SECOND
    twin.advance()
    assert twin.twin.t_us == 100 * SECOND
    assert not control.is_ended
    assert order(do="end")["ok"]
    assert control.is_ended


WRONG = [
    b"", b"nonsense", b"[1, 2]", b"\xff\xfe", b'{"do": 7}', b'{"do": "fly"}', b"{}",
    b'{"do": "stimulate"}', b'{"do": "stimulate", "stimulus": "ignit"}', b"[" * 100_000,
    b'{"do": "stimulate", "stimulus": "ignite", "args": [1]}',
    b'{"do": "stimulate", "stimulus": "ignite", "args": {"peak": {}}}',
    b'{"do": "stimulate", "stimulus": "ignite", "args": {"peak": 1e99}}',
    b'{"do": "stimulate", "stimulus": "ignite", "args": {"peak": NaN}}',
    b'{"do": "begin", "scenario": 5}', b'{"do": "begin", "scenario": "no-such"}',
    b'{"do": "begin", "seed": -1}', b'{"do": "rate", "rate": 1e9}', b'{"do": "rate"}',
    b'{"do": "rate", "rate": "x"}',
]  # fmt: skip


@pytest.mark.parametrize("line", WRONG, ids=range(len(WRONG)))
def test_a_wrong_order_is_answered_and_changes_nothing(line: bytes) -> None:
    twin = live(HandClock())
    before = twin.twin.snapshot()
    answer = Control(twin).obey(line)
    assert answer["ok"] is False
    assert answer["errors"][0]["message"]["zh"]
    assert twin.twin.snapshot() == before


@given(st.binary(max_size=200))
def test_no_line_stops_the_twin(line: bytes) -> None:
    assert Control(STANDING).obey(line)["ok"] is False


def test_lines_are_read_whole_and_their_end_is_known() -> None:
    read_end, write_end = os.pipe()
    lines = OrderLines(read_end)
    os.write(write_end, b'{"a"')
    assert lines.next() is None
    os.write(write_end, b": 1}\nsecond\n" + b"x" * 10)
    assert wait_for(lines.next) == b'{"a": 1}'
    assert wait_for(lines.next) == b"second"
    assert not lines.is_over
    os.close(write_end)
    assert wait_for(lines.next) == b"x" * 10
    wait_for(lambda: lines.is_over)
    os.close(read_end)


def test_a_descriptor_that_is_not_there_is_over_at_once() -> None:
    read_end, write_end = os.pipe()
    os.close(read_end)
    os.close(write_end)
    lines = OrderLines(read_end)
    wait_for(lambda: lines.is_over)
