"""Sensors and actuators one by one."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labapp.twins.actuator import Actuator, ActuatorSpec
from labapp.twins.faults import ActuatorFault, Fault, SensorFault
from labapp.twins.sensor import Sensor, SensorSpec

EXACT = SensorSpec(resolution=0.5, low=-10.0, high=50.0)


def sensor(spec: SensorSpec = EXACT, seed: int = 1) -> Sensor:
    return Sensor(seed, "temp", spec)


@given(st.floats(-1e6, 1e6))
def test_a_quiet_sensor_shows_the_nearest_step_within_its_limits(truth: float) -> None:
    it = sensor()
    it.sample(truth)
    assert it.value == pytest.approx(min(50.0, max(-10.0, truth)), abs=0.25)
    assert it.raw * 0.5 == it.value


def test_it_follows_a_step_by_its_time_constant() -> None:
    it = sensor(SensorSpec(every=10, resolution=1e-9, lag_s=2.0, high=10.0))
    it.sample(0.0)
    for _ in range(20):  # two seconds at 10 Hz
        it.sample(1.0)
    assert it.value == pytest.approx(1 - math.exp(-1), rel=1e-6)


def test_units_of_one_type_spread_as_their_sheet_says() -> None:
    spec = SensorSpec(resolution=1e-9, high=1e3, bias_spread=2.0, gain_spread=0.01)
    shown = []
    for seed in range(400):
        it = sensor(spec, seed)
        it.sample(100.0)
        shown.append((it.value or 0.0) - 100.0)
    mean = math.fsum(shown) / 400
    sigma = math.sqrt(math.fsum((v - mean) ** 2 for v in shown) / 400)
    assert abs(mean) < 5 * math.sqrt(5) / 20
    assert sigma == pytest.approx(math.sqrt(2.0**2 + 1.0**2), rel=0.2)


FAULTS: dict[SensorFault, tuple[float, float]] = {
    SensorFault.CONST: (33.0, 33.0),
    SensorFault.OFFSET: (5.0, 25.0),
    SensorFault.GAIN: (2.0, 40.0),
    SensorFault.DRIFT: (1.0, 21.0),  # after a second
    SensorFault.STUCK: (0.0, 10.0),
    SensorFault.NOISE: (10.0, 20.0),  # it has no noise of its own to multiply
}


@pytest.mark.parametrize("kind", FAULTS)
def test_faults_do_as_they_say(kind: SensorFault) -> None:
    value, shown = FAULTS[kind]
    it = sensor()
    it.sample(10.0)
    it.break_with(Fault(kind, value))
    for _ in range(10):
        it.sample(20.0)
    assert it.value == shown
    it.break_with(None)
    it.sample(20.0)
    assert it.value == 20.0


def test_spikes_come_now_and_then() -> None:
    it = sensor()
    it.break_with(Fault(SensorFault.SPIKE, 30.0))
    hits = 0
    for _ in range(4000):
        it.sample(10.0)
        assert it.value in (10.0, 40.0)
        hits += it.value == 40.0
    assert 40 < hits < 180  # 2.3 %


@given(st.lists(st.floats(-5.0, 45.0), min_size=1, max_size=30), st.sampled_from(SensorFault))
def test_a_sensors_state_is_all_of_it(truths: list[float], kind: SensorFault) -> None:
    spec = SensorSpec(resolution=0.01, low=-10, high=50, lag_s=1.0, noise=0.3, walk=0.01)
    it, other = sensor(spec, 9), sensor(spec, 9)
    it.break_with(Fault(kind, 1.5))
    for truth in truths:
        it.sample(truth)
    other.restore(json.loads(json.dumps(it.state())))
    for truth in truths:
        assert (it.sample(truth), it.value, it.alive) == (
            other.sample(truth),
            other.value,
            other.alive,
        )


# ---------------------------------------------------------------------- actuators

SLOW = ActuatorSpec(delay_s=0.5, travel_s=2.0, full=100.0)


def lived(it: Actuator, from_tick: int, to_tick: int) -> float:
    for tick in range(from_tick + 1, to_tick + 1):
        it.advance(tick, 1)
    return it.position


def test_it_waits_then_travels_at_its_speed() -> None:
    it = Actuator(SLOW)
    it.drive(50.0, 0)
    assert it.command == 50.0
    assert lived(it, 0, 49) == 0.0
    assert lived(it, 49, 99) == pytest.approx(0.25)
    assert lived(it, 99, 300) == 0.5
    it.drive(0.0, 300)
    assert lived(it, 300, 600) == 0.0
    assert it.on_ticks == 300 + 99


def test_the_last_of_several_commands_wins_and_each_waits_its_time() -> None:
    it = Actuator(SLOW)
    it.drive(100.0, 0)
    it.drive(0.0, 20)
    assert lived(it, 0, 69) > 0.0
    assert lived(it, 69, 400) == 0.0


def test_one_without_travel_switches_at_once() -> None:
    it = Actuator(ActuatorSpec())
    it.drive(1.0, 0)
    assert it.advance(0, 1) == 1.0


@pytest.mark.parametrize(("command", "share"), [(-5.0, 0.0), (250.0, 1.0)])
def test_a_command_beyond_its_range_is_bounded(command: float, share: float) -> None:
    it = Actuator(SLOW)
    it.drive(command, 0)
    assert lived(it, 0, 500) == share


@pytest.mark.parametrize(
    ("kind", "where"),
    [(ActuatorFault.OFF, 0.0), (ActuatorFault.ON, 1.0), (ActuatorFault.WEAK, 0.4),
     (ActuatorFault.STUCK, 0.8)],
)  # fmt: skip
def test_a_broken_one_disobeys_and_a_mended_one_obeys(kind: ActuatorFault, where: float) -> None:
    it = Actuator(SLOW)
    it.drive(80.0, 0)
    lived(it, 0, 500)
    it.break_with(Fault(kind, 0.5))
    assert lived(it, 500, 1000) == where
    it.break_with(None)
    assert lived(it, 1000, 1500) == 0.8


def test_an_actuators_state_is_all_of_it() -> None:
    it, other = Actuator(SLOW), Actuator(SLOW)
    it.drive(70.0, 0)
    lived(it, 0, 100)
    it.drive(10.0, 100)
    it.break_with(Fault(ActuatorFault.WEAK, 0.5))
    other.restore(json.loads(json.dumps(it.state())))
    assert [lived(it, t, t + 30) for t in (100, 130, 160)] == [
        lived(other, t, t + 30) for t in (100, 130, 160)
    ]
    assert it.state() == other.state()
