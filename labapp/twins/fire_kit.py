"""The fire-safety kit's numbers: rooms, fuels, sensors, actuators, and what can be done to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from labapp.model.text import Text
from labapp.twins.actuator import ActuatorSpec
from labapp.twins.sensor import SensorSpec
from labapp.twins.stimuli import Arg, Stimulus


@dataclass(frozen=True, slots=True)
class Fuel:
    """Heat of combustion, kJ/kg, and yields, kg a kg burnt (SFPE Handbook, Tewarson)."""

    heat_kj_kg: float
    soot: float
    co: float


FUELS: Mapping[str, Fuel] = {
    "wood": Fuel(12_400.0, 0.015, 0.004),
    "pu": Fuel(17_800.0, 0.131, 0.010),
    "heptane": Fuel(41_200.0, 0.037, 0.010),
    "pmma": Fuel(24_200.0, 0.022, 0.010),
}

# NFPA 72 and 204: 1055 kW after 600, 300, 150 and 75 s.
GROWTH_KW_PER_S2: Mapping[str, float] = {
    "slow": 0.00293,
    "medium": 0.01172,
    "fast": 0.0469,
    "ultrafast": 0.1876,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A room with one door, a detector under the ceiling and a sprinkler.

    Attributes:
        width_m, length_m, height_m: inside.
        door_width_m, door_height_m: the opening when the door is wide open.
        door_flow: orifice coefficient of the doorway; 0.36 fits CFAST 8.
        fan_m3_s: exhaust fan at full speed. seep_m3_s: gaps when all is shut.
        film_kw: layer to lining, kW/(m2 K). behind_kw: lining to outside, kW/(m2 K).
        lining_kj: heat that the lining takes, kJ/(m2 K); gypsum, fitted to CFAST 8.
        detector_m: from the fire's axis. rti: of the heat detector, sqrt(m s).
        water_mm_s: sprinkler, mm of water a second on the fire.
        out_kw: a fire under water is out below this size.
        flame_m: from the fire to the flame sensor.
        peak_share: the kit's fires as a share of the size that a scenario names.
        toast_share, leak_share: the same of burning slices and of gas.
    """

    width_m: float
    length_m: float
    height_m: float
    door_width_m: float
    door_height_m: float
    door_flow: float
    fan_m3_s: float
    seep_m3_s: float
    film_kw: float
    behind_kw: float
    lining_kj: float
    detector_m: float
    rti: float
    water_mm_s: float
    out_kw: float
    flame_m: float
    peak_share: float = 1.0
    toast_share: float = 1.0
    leak_share: float = 1.0


ROOM = Room(
    width_m=4.0,
    length_m=4.0,
    height_m=2.5,
    door_width_m=0.8,
    door_height_m=2.0,
    door_flow=0.36,
    fan_m3_s=0.25,
    seep_m3_s=0.002,
    film_kw=0.019,
    behind_kw=0.0005,
    lining_kj=4.4,
    detector_m=2.0,
    rti=60.0,
    water_mm_s=0.3,
    out_kw=2.0,
    flame_m=3.0,
)
# The box on the table, 0.4 m: the same equations, a candle instead of a sofa. Plausible
# figures until a real box has been measured.
BENCH = Room(
    width_m=0.4,
    length_m=0.4,
    height_m=0.4,
    door_width_m=0.02,
    door_height_m=0.3,
    door_flow=0.33,
    fan_m3_s=0.006,
    seep_m3_s=2e-5,
    film_kw=0.010,
    behind_kw=0.004,
    lining_kj=8.0,
    detector_m=0.12,
    rti=20.0,
    water_mm_s=0.3,
    out_kw=0.002,
    flame_m=0.25,
    peak_share=0.0006,
    toast_share=0.02,
    leak_share=0.0016,  # of the room's volume
)
PRESETS: Mapping[str, Room] = {"room": ROOM, "bench": BENCH}

SENSORS: Mapping[str, SensorSpec] = {
    # Infrared photodiode behind a 12 bit converter, % of full scale, 100 Hz for the flicker.
    "flame": SensorSpec(every=1, resolution=100 / 4095, high=100.0, lag_s=0.1, noise=0.15),
    # Scattered-light chamber, %/m of obscuration, filtered over 2 s.
    "smoke": SensorSpec(resolution=0.01, high=40.0, lag_s=2.0, noise=0.05, bias_spread=0.05),
    # DS18B20 in its steel sleeve: 1/16 degree, +-0.5 degrees from one to the next.
    "temp": SensorSpec(
        resolution=0.0625, low=-55.0, high=125.0, lag_s=6.0, noise=0.05, bias_spread=0.2
    ),
    # Electrochemical cell: T90 about 45 s, drifting zero.
    "co": SensorSpec(
        resolution=1.0, high=1000.0, lag_s=20.0, noise=1.0, bias_spread=1.0, walk=0.002
    ),
    # MQ-2, calibrated for methane, 2 Hz.
    "gas": SensorSpec(every=50, resolution=0.1, high=100.0, lag_s=6.0, noise=0.1),
    # Manual call point: a contact.
    "call_point": SensorSpec(high=1.0),
}

ACTUATORS: Mapping[str, ActuatorSpec] = {
    "buzzer": ActuatorSpec(),
    "strobe": ActuatorSpec(),
    "sprinkler": ActuatorSpec(delay_s=0.5, travel_s=1.0),
    "fan": ActuatorSpec(delay_s=0.2, travel_s=3.0, full=100.0),
    "gas_valve": ActuatorSpec(delay_s=0.3, travel_s=1.0, starts_at=1.0),
}

_SWITCH = {"to": Arg(kind="switch", default=1.0)}

_STIMULI = (
    Stimulus(
        do="ignite",
        name=Text("起火", "Start a fire"),
        args={
            "growth": Arg(kind="choice", default="medium", choices=tuple(GROWTH_KW_PER_S2)),
            "peak": Arg(kind="number", default=800.0, unit="kW", low=1.0, high=3000.0),
            "fuel": Arg(kind="choice", default="pu", choices=tuple(FUELS)),
        },
    ),
    Stimulus(
        do="smoulder",
        name=Text("阴燃", "Start smouldering"),
        args={
            # g/s more each second; 0.002 fills the room with smoke within a minute
            "rate": Arg(kind="number", default=0.002, unit="g/s2", low=1e-5, high=0.05),
            "fuel": Arg(kind="choice", default="pu", choices=tuple(FUELS)),
        },
    ),
    Stimulus(do="out", name=Text("灭火", "Put the fire out"), lasts=False),
    Stimulus(
        do="toast",
        name=Text("烤面包冒烟", "Burn toast"),
        args={"to": Arg(kind="switch", default=1.0, high=10.0)},
    ),
    Stimulus(
        do="sun",
        name=Text("阳光直射火焰探头", "Sun on the flame sensor"),
        args={"to": Arg(kind="switch", default=60.0, unit="%", high=100.0)},
    ),
    Stimulus(do="lighter", name=Text("点打火机", "Hold a lighter"), args=_SWITCH),
    Stimulus(
        do="leak",
        name=Text("燃气泄漏", "Leak gas"),
        args={"to": Arg(kind="switch", default=2.0, unit="g/s", high=50.0)},
    ),
    Stimulus(do="spark", name=Text("火花", "Make a spark"), lasts=False),
    Stimulus(do="call_point", name=Text("按下手动报警按钮", "Press the call point"), args=_SWITCH),
    Stimulus(
        do="door",
        name=Text("门的开度", "Open or shut the door"),
        args={"to": Arg(kind="switch", default=1.0)},
    ),
)
STIMULI: Mapping[str, Stimulus] = {stimulus.do: stimulus for stimulus in _STIMULI}

# What a scenario may start from: name, (least, greatest), unit.
INIT: Mapping[str, Arg] = {
    "ambient_c": Arg(kind="number", default=20.0, unit="Cel", low=-40.0, high=60.0),
    "door": Arg(kind="number", default=1.0, low=0.0, high=1.0),
    "sun": Arg(kind="number", default=0.0, unit="%", low=0.0, high=100.0),
}

# Points as criteria and conditions know them: unit and states.
POINTS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "flame": ("%", ()),
    "smoke": ("%/m", ()),
    "temp": ("Cel", ()),
    "co": ("ppm", ()),
    "gas": ("%LEL", ()),
    "call_point": ("1", ("off", "on")),
    "buzzer": ("1", ("off", "on")),
    "strobe": ("1", ("off", "on")),
    "sprinkler": ("1", ("off", "on")),
    "gas_valve": ("1", ("off", "on")),
    "fan": ("%", ()),
}
