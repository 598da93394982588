"""Time, determinism, isolation, snapshots."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labapp.model.trouble import BadInput
from labapp.twins.engine import Twin
from labapp.twins.faults import ActuatorFault, SensorFault
from labapp.twins.registry import make_twin, scenarios_for
from tests.twins.far_end import SECOND, fire_profile, fire_twin

POINTS = ("flame", "smoke", "temp", "co", "gas", "call_point")
FIRE = "at: 5 s, do: ignite, growth: fast, fuel: pu\nat: 30 s, do: toast, for: 10 s"


def raws(twin: Twin, until_s: int = 60) -> dict[str, list[int]]:
    """Return what every sensor counted, 10 times a second."""
    taken: dict[str, list[int]] = {point: [] for point in POINTS}
    for tenth in range(twin.t_us // 100_000 + 1, until_s * 10 + 1):
        twin.run_to(tenth * 100_000)
        for point in POINTS:
            taken[point].append(twin.plant.sensors[point].raw)
    return taken


def test_equal_runs_have_equal_digests_whatever_the_steps_in_time() -> None:
    whole, pieces = fire_twin(steps=FIRE), fire_twin(steps=FIRE)
    whole.run_to(40 * SECOND)
    for part in range(1, 401):
        pieces.run_to(part * 100_000 - (part % 7) * 1234)
        pieces.read("temp")
    pieces.run_to(40 * SECOND)
    assert whole.digest == pieces.digest
    assert whole.plant.truth() == pieces.plant.truth()


def test_the_trace_is_the_one_of_every_other_machine() -> None:
    """Pinned: a change of physics, noise or sensors changes every past grade's replay."""
    digests = {}
    for scenario in scenarios_for(fire_profile()):
        if scenario.id in ("flaming", "smouldering", "toast"):
            twin = make_twin(fire_profile(), 7, scenario)
            twin.run_to(120 * SECOND)
            digests[scenario.id] = twin.digest[:16]
    assert digests == {
        "flaming": "baeead3615eb6719",
        "smouldering": "a480b68d4b30a93e",
        "toast": "e7aedf081bb533a6",
    }


def test_another_seed_is_another_kit_in_the_same_room() -> None:
    a, b = fire_twin(1), fire_twin(2)
    for twin in (a, b):
        twin.stimulate("ignite", growth="fast")
    seen_a, seen_b = raws(a, 20), raws(b, 20)
    assert seen_a["temp"] != seen_b["temp"]
    assert a.plant.truth() == b.plant.truth()


def test_reading_and_driving_do_not_advance_time() -> None:
    twin = fire_twin(steps=FIRE)
    twin.run_to(10 * SECOND)
    before = twin.snapshot()
    for _ in range(100):
        twin.read("temp")
        twin.plant.truth()
    assert twin.snapshot() == before
    twin.drive("fan", 50.0)
    assert twin.t_us == 10 * SECOND
    assert twin.read("fan") == 50.0


def test_a_past_time_does_nothing_and_a_point_that_is_not_there_is_an_error() -> None:
    twin = fire_twin()
    twin.run_to(2 * SECOND)
    digest = twin.digest
    twin.run_to(1 * SECOND)
    assert (twin.t_us, twin.digest) == (2 * SECOND, digest)
    with pytest.raises(KeyError):
        twin.read("nonsense")
    with pytest.raises(KeyError):
        twin.drive("temp", 1.0)


@settings(max_examples=5)
@given(at=st.integers(0, 2500), to=st.integers(0, 1000))
def test_restore_lives_the_same_future_to_the_last_bit(at: int, to: int) -> None:
    twin = fire_twin(steps=FIRE)
    twin.drive("fan", 70.0)
    twin.stimulate("fault", on="co", kind="drift", value=0.5)
    twin.run_to(at * 10_000)
    saved = twin.snapshot()
    other = fire_twin(steps=FIRE)
    other.restore(saved)
    end = (at + to) * 10_000
    twin.run_to(end)
    first = twin.snapshot()
    other.run_to(end)
    assert other.snapshot() == first
    twin.restore(saved)
    twin.run_to(end)
    assert twin.snapshot() == first
    assert twin.events == other.events


FAULTS = [(SensorFault.STUCK, {}), (SensorFault.CONST, {"value": 30.0}),
          (SensorFault.OFFSET, {"value": 5.0}), (SensorFault.GAIN, {"value": 1.5}),
          (SensorFault.DRIFT, {"value": 0.1}), (SensorFault.NOISE, {}),
          (SensorFault.SPIKE, {"value": 20.0})]  # fmt: skip


@pytest.mark.parametrize(("kind", "value"), FAULTS, ids=[str(kind) for kind, _ in FAULTS])
def test_a_fault_changes_its_own_sensor_and_no_other(
    kind: SensorFault, value: dict[str, float]
) -> None:
    good, broken = fire_twin(), fire_twin()
    for twin in (good, broken):
        twin.stimulate("ignite", growth="medium", fuel="wood")
        twin.run_to(5 * SECOND)
    broken.stimulate("fault", on="temp", kind=str(kind), **value)
    seen, wrong = raws(good, 30), raws(broken, 30)
    assert {point for point in POINTS if seen[point] != wrong[point]} == {"temp"}
    broken.stimulate("mend", on="temp")
    # Mended, it is the sensor that it would have been.
    good.run_to(31 * SECOND)
    broken.run_to(31 * SECOND)
    assert raws(good, 40) == raws(broken, 40)


def test_a_sensor_that_drops_out_gives_nothing_until_it_is_mended() -> None:
    twin = fire_twin(steps="at: 1 s, do: fault, on: smoke, kind: dropout, for: 2 s")
    twin.run_to(2 * SECOND)
    assert twin.read("smoke") is None
    assert twin.read("temp") is not None
    twin.run_to(4 * SECOND)
    assert twin.read("smoke") is not None


@pytest.mark.parametrize("kind", list(ActuatorFault))
def test_a_broken_fan_still_shows_its_command(kind: ActuatorFault) -> None:
    twin = fire_twin()
    twin.stimulate("fault", on="fan", kind=str(kind))
    twin.drive("fan", 80.0)
    twin.run_to(10 * SECOND)
    assert twin.read("fan") == 80.0
    really = twin.plant.actuators["fan"].position
    assert really == {"stuck": 0.0, "off": 0.0, "on": 1.0, "weak": 0.4}[str(kind)]


def test_what_lasts_is_taken_back_and_told() -> None:
    twin = fire_twin(steps="at: 1 s, do: door, to: off, for: 2 s, mark: shut")
    twin.run_to(2 * SECOND)
    assert twin.plant.state()["door"] == 0.0
    twin.run_to(4 * SECOND)
    assert twin.plant.state()["door"] == 1.0
    assert [(e.t_us, e.kind, e.data.get("do") or e.data["id"]) for e in twin.events] == [
        (1 * SECOND, "mark", "shut"),
        (1 * SECOND, "stimulus", "door"),
        (3 * SECOND, "stimulus", "door"),
    ]
    assert [e.data["id"] for e in twin.marks] == ["shut"]


def test_every_repeats_from_its_first_time() -> None:
    twin = fire_twin(steps="at: 2 s, every: 5 s, do: lighter, for: 1 s, mark: lit")
    twin.run_to(13 * SECOND)
    assert [e.t_us for e in twin.marks] == [2 * SECOND, 7 * SECOND, 12 * SECOND]


def test_a_stimulus_by_hand_is_told_as_the_operators() -> None:
    twin = fire_twin()
    twin.run_to(SECOND)
    twin.stimulate("call_point", to=True)
    twin.run_to(2 * SECOND)
    assert twin.read("call_point") == 1.0
    assert twin.events[-1].data == {"do": "call_point", "to": 1.0, "who": "operator"}
    with pytest.raises(BadInput, match="Did you mean ignite"):
        twin.stimulate("ignit")
    with pytest.raises(BadInput, match=r"takes 1\.\.3000 kW"):
        twin.stimulate("ignite", peak=1e9)


def test_sensors_sample_at_their_own_rates() -> None:
    twin = fire_twin()
    twin.stimulate("ignite", growth="ultrafast")
    changes = dict.fromkeys(("flame", "temp", "gas"), 0)
    last = dict.fromkeys(changes, -1)
    for tick in itertools.count(2000):
        if tick > 3000:
            break
        twin.run_to(tick * 10_000)
        for point in changes:
            raw = twin.plant.sensors[point].raw
            changes[point] += raw != last[point]
            last[point] = raw
    # Ten seconds: 100 Hz, 10 Hz and 2 Hz at most; noise keeps the first two moving.
    assert changes["flame"] > 500 or last["flame"] == 4095
    assert 30 < changes["temp"] <= 101
    assert changes["gas"] <= 21
