"""The room behaves as its sources say.

CFAST: NIST's two-zone model, version 8, run on the same four rooms; seconds from the start of the
run, 20 s before ignition, to the instant at which a heat detector (RTI 60) passes 57 °C. The door's
flow, the lining and the ceiling jet were fitted to these four cases, so what is tested is that the
twin still is what was fitted. Smoke was not fitted and is only as right as its tolerance.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from labapp.twins.fire import FirePlant
from labapp.twins.fire_kit import FUELS, GROWTH_KW_PER_S2, ROOM
from labapp.twins.stimuli import Args, Deed
from tests.twins.far_end import SECOND, fire_twin

IGNITED_S = 20


@dataclass(frozen=True)
class Case:
    growth: str
    fuel: str
    door: float
    detector_s: float
    smoke_s: float | None = None


CFAST = {
    "medium polyurethane": Case("medium", "pu", 1.0, 121.6, 34.6),
    "slow wood": Case("slow", "wood", 1.0, 184.9, 106.6),
    "fast heptane": Case("fast", "heptane", 1.0, 83.5, 53.8),
    "fast heptane, door 0.4 m": Case("fast", "heptane", 0.5, 83.5),
}


def burn(case: Case, until_s: int) -> dict[str, float]:
    """Return when the detector passes 57 °C and the chamber's optical density 0.14/m."""
    plant = FirePlant(7, ROOM)
    plant.begin({"door": case.door})
    seen: dict[str, float] = {}
    for tick in range(until_s * 100):
        if tick == IGNITED_S * 100:
            args: Args = {"growth": case.growth, "peak": 800.0, "fuel": case.fuel}
            plant.apply(Deed("ignite", args), tick)
        plant.step(tick)
        if tick % 5 == 0:
            truth = plant.truth()
            if truth["element_c"] > 57.0:
                seen.setdefault("detector", tick / 100)
            if truth["chamber_per_m"] / 2.302585 > 0.14:
                seen.setdefault("smoke", tick / 100)
    return seen


@pytest.mark.parametrize("name", CFAST)
def test_a_heat_detector_answers_when_it_does_in_cfast(name: str) -> None:
    case = CFAST[name]
    seen = burn(case, round(case.detector_s) + 10)
    after = case.detector_s - IGNITED_S
    assert seen["detector"] - IGNITED_S == pytest.approx(after, rel=0.03)
    if case.smoke_s is not None:
        # A delay of smoke on its way into the chamber is what CFAST does not have.
        assert case.smoke_s - 1 < seen["smoke"] < case.smoke_s + 8


@pytest.mark.parametrize(
    ("growth", "seconds"), [("slow", 600), ("medium", 300), ("fast", 150), ("ultrafast", 75)]
)
def test_fires_grow_to_1055_kw_in_the_time_of_nfpa_72(growth: str, seconds: int) -> None:
    assert GROWTH_KW_PER_S2[growth] * seconds**2 == pytest.approx(1055, rel=0.01)


def after(do: str, seconds: int, preset: str = "room", **args: float | str) -> dict[str, float]:
    """Return what the sensors show some seconds after a stimulus in a quiet room."""
    twin = fire_twin(7, preset)
    twin.run_to(IGNITED_S * SECOND)
    twin.stimulate(do, **args)
    twin.run_to((IGNITED_S + seconds) * SECOND)
    points = ("flame", "smoke", "temp", "co", "gas")
    return {point: value for point in points if (value := twin.read(point)) is not None}


def test_flames_show_in_all_four_signals() -> None:
    seen = after("ignite", 100, growth="medium", peak=800, fuel="pu")
    assert seen["flame"] > 80
    assert seen["smoke"] == 40
    assert seen["temp"] > 70
    assert seen["co"] > 25


def test_smouldering_gives_smoke_and_carbon_monoxide_without_a_flame() -> None:
    """31 %/m and about 28 ppm after 60 s: a cushion at 0.002 g/s2."""
    seen = after("smoulder", 60)
    assert seen["flame"] < 5
    assert seen["smoke"] == pytest.approx(31, abs=3)
    assert seen["co"] == pytest.approx(28, abs=6)
    assert seen["temp"] < 25


def test_toast_is_smoke_and_nothing_else() -> None:
    """2 mg/s of aerosol: the 5..20 %/m at which kitchens alarm for nothing (Cleary, NIST 2004)."""
    seen = after("toast", 120)
    assert 8 < seen["smoke"] < 13
    assert seen["co"] <= 3
    assert seen["flame"] < 5
    assert seen["temp"] < 25


def test_gas_shows_in_the_gas_sensor_only_and_its_rate_is_the_leaks() -> None:
    twin = fire_twin(steps="at: 0 s, do: door, to: off\nat: 0 s, do: leak, to: 2.0")
    twin.run_to(300 * SECOND)
    # 2 g/s into 40 m3, 16 g/mol, 24 l/mol: 75 ppm a second without the gaps' loss.
    assert twin.plant.truth()["methane_ppm"] == pytest.approx(300 * 75, rel=0.05)
    assert twin.read("gas") == pytest.approx(300 * 75 / 500, rel=0.08)
    assert (twin.read("smoke") or 0) < 0.5
    twin.drive("gas_valve", 0.0)
    twin.run_to(303 * SECOND)
    level = twin.plant.truth()["methane_ppm"]
    twin.run_to(400 * SECOND)
    assert twin.plant.truth()["methane_ppm"] < level


@pytest.mark.parametrize(("leak_s", "burns"), [(300, False), (900, True)])
def test_a_spark_needs_5_percent_of_methane(leak_s: int, burns: bool) -> None:
    twin = fire_twin(steps="at: 0 s, do: door, to: off\nat: 0 s, do: leak, to: 2.0")
    twin.run_to(leak_s * SECOND)
    twin.stimulate("spark")
    twin.run_to((leak_s + 10) * SECOND)
    assert (twin.plant.truth()["heat_kw"] > 0) is burns


def test_the_sun_is_steady_and_flames_flicker() -> None:
    def spread(do: str, **args: float | str) -> tuple[float, float]:
        twin = fire_twin()
        twin.stimulate(do, **args)
        twin.run_to(30 * SECOND)
        seen = []
        for tick in range(3000, 3400):
            twin.run_to(tick * 10_000)
            seen.append(twin.read("flame") or 0.0)
        mean = sum(seen) / len(seen)
        return mean, (sum((v - mean) ** 2 for v in seen) / len(seen)) ** 0.5 / mean

    sun, sun_swing = spread("sun", to=80.0)
    fire, fire_swing = spread("ignite", growth="fast", peak=20.0, fuel="wood")
    assert sun > 15
    assert fire > 15
    assert sun_swing < 0.02
    assert 0.03 < fire_swing < 0.25  # 15 % deep, less what the sensor's lag of 0.1 s takes


def test_water_puts_a_fire_out_at_evans_rate() -> None:
    """NISTIR 5254: the heat falls by e in 3.0 w^-1.85 s; 27.8 s at 0.3 mm/s."""
    twin = fire_twin()
    twin.stimulate("ignite", growth="fast", peak=100.0, fuel="wood")
    twin.run_to(60 * SECOND)
    twin.drive("sprinkler", 1.0)
    twin.run_to(70 * SECOND)
    before = twin.plant.truth()["heat_kw"]
    twin.run_to(80 * SECOND)
    assert before / twin.plant.truth()["heat_kw"] == pytest.approx(2.71828 ** (10 / 27.8), rel=0.01)
    twin.run_to(240 * SECOND)
    assert twin.plant.truth()["heat_kw"] == 0


def test_a_fan_thins_the_smoke() -> None:
    still, blown = fire_twin(), fire_twin()
    for twin in (still, blown):
        twin.stimulate("toast")
    blown.drive("fan", 100.0)
    for twin in (still, blown):
        twin.run_to(120 * SECOND)
    assert (blown.read("smoke") or 0) < 0.6 * (still.read("smoke") or 0)


def test_a_fire_in_a_shut_room_uses_up_its_air() -> None:
    twin = fire_twin()
    twin.stimulate("door", to="off")
    twin.stimulate("ignite", growth="fast", peak=2000.0, fuel="heptane")
    twin.run_to(400 * SECOND)
    truth = twin.plant.truth()
    assert truth["oxygen"] < 0.17
    assert truth["heat_kw"] <= 2000


def test_layers_stay_within_the_possible() -> None:
    for preset in ("room", "bench"):
        for fuel in FUELS:
            twin = fire_twin(7, preset)
            twin.stimulate("ignite", growth="ultrafast", peak=3000.0, fuel=fuel)
            twin.run_to(50 * SECOND)
            truth = twin.plant.truth()
            assert 0.0 < truth["clear_m"] < twin.plant.room.height_m  # type: ignore[attr-defined]
            assert 20.0 <= truth["layer_c"] < 1300.0
            assert 0.0 < truth["oxygen"] <= 0.23


def test_the_box_on_the_table_answers_to_the_same_buttons() -> None:
    """Every stimulus at its default does in the box what it does in the room, in size and kind."""
    assert after("toast", 60, "bench")["temp"] < 30
    assert after("toast", 15, "bench")["smoke"] > 4
    fire = after("ignite", 30, "bench")
    assert fire["flame"] > 50
    assert 57 < fire["temp"] < 125
    assert after("leak", 60, "bench")["gas"] < 60
    assert after("smoulder", 100, "bench")["smoke"] > 8


def test_a_quiet_room_is_quiet() -> None:
    twin = fire_twin()
    for second in range(1, 300):
        twin.run_to(second * SECOND)
        assert (twin.read("flame") or 0) < 5
        assert (twin.read("smoke") or 0) < 0.5
        assert 18 < (twin.read("temp") or 0) < 22
        assert (twin.read("co") or 0) < 8
        assert (twin.read("gas") or 0) < 1
