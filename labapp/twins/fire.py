"""The fire-safety kit's world: a fire, its smoke layer, its gases, and what the sensors see of it.

A two-zone room: hot smoke under the ceiling, clean air below. Units inside: m, s, kg, kW, K.
Checked against NIST CFAST 8 (tests/twins/test_fire_physics.py holds the figures). The graded
path: + - * / sqrt and ``portable_math`` only.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, fields
from typing import Any

from labapp.twins import portable_math as pm
from labapp.twins.actuator import Actuator
from labapp.twins.fire_kit import (
    ACTUATORS,
    FUELS,
    GROWTH_KW_PER_S2,
    SENSORS,
    STIMULI,
    Room,
)
from labapp.twins.noise import Noise
from labapp.twins.sensor import TICK_HZ, Sensor
from labapp.twins.stimuli import Args, Deed

PLANT_EVERY = 5  # ticks: 20 Hz, 0.06 K from the 100 Hz solution on a rise of 300 K
_DT = PLANT_EVERY / TICK_HZ
_AIR = 353.0  # kg K/m3: density of air is 353/T at 101.3 kPa
_CP = 1.01  # kJ/(kg K), heat capacity of air
_KELVIN = 273.15


@dataclass(slots=True)
class FireState:
    """Everything that changes in the room, but for the sensors and actuators themselves."""

    # What people do to it.
    ambient_c: float = 20.0
    door: float = 1.0  # opening, 0 shut .. 1 wide
    sun: float = 0.0  # steady infrared on the flame sensor, 0..100
    lighter: float = 0.0
    toast: float = 0.0  # 1 is a slice burning black: 2 mg/s of aerosol
    leak: float = 0.0  # methane, g/s, behind the gas valve
    call_point: float = 0.0
    # The source.
    burning: str = ""  # "", "flame" or "smoulder"
    fuel: str = "wood"
    growth: float = 0.0  # kW/s2 flaming, kg/s2 smouldering
    peak_kw: float = 0.0
    age_s: float = 0.0  # seconds of free growth that the present size stands for
    heat_kw: float = 0.0
    # The hot layer.
    layer_kg: float = 1e-4
    layer_kj: float = 0.0
    layer_k: float = 293.15
    clear_m: float = 0.0  # height of the layer's lower edge
    lining_k: float = 293.15
    oxygen: float = 0.23  # mass share in the layer
    soot_kg: float = 0.0
    co_kg: float = 0.0
    methane_kg: float = 0.0
    # At the detectors under the ceiling.
    jet_k: float = 293.15
    element_k: float = 293.15  # heat detector
    extinction: float = 0.0  # in the layer, 1/m
    chamber: float = 0.0  # in the smoke chamber, 1/m
    co_ppm: float = 0.0
    methane_ppm: float = 0.0
    infrared: float = 0.0  # from the flames at the flame sensor, W/m2
    # Flicker: the last two values of the oscillator and its coefficients.
    flicker: float = 0.0
    flicker_before: float = 0.0
    flicker_swing: float = 1.9
    flicker_drive: float = 0.0


class FirePlant:
    """The room and the kit in it; one ``step`` is a tick of 10 ms."""

    stimuli = STIMULI

    def __init__(self, seed: int, room: Room) -> None:
        self.room = room
        self.sensors = {point: Sensor(seed, point, spec) for point, spec in SENSORS.items()}
        self.actuators = {point: Actuator(spec) for point, spec in ACTUATORS.items()}
        self._flicker_noise = Noise(seed, "flicker")
        self._floor_m2 = room.width_m * room.length_m
        self._around_m = 2.0 * (room.width_m + room.length_m)
        # Alpert's ceiling jet (SFPE Handbook): rise and speed per Q^(2/3) and Q^(1/3).
        r, height = room.detector_m, room.height_m
        self._jet_rise = 5.38 / (pm.power(r, 0.6666666666666666) * height)
        self._jet_speed = 0.195 * math.sqrt(height) / pm.power(r, 0.8333333333333334)
        if r <= 0.18 * height:
            self._jet_rise = 16.9 / pm.power(height, 1.6666666666666667)
        if r <= 0.15 * height:
            self._jet_speed = 0.96 / pm.cube_root(height)
        # Water puts a fire out with this time constant: Evans, NISTIR 5254, w in mm/s.
        self._quench_s = 3.0 * pm.power(room.water_mm_s, -1.85)
        self.state_now = FireState(clear_m=height)
        self._tune_flicker(self.state_now)

    # ------------------------------------------------------------------ time

    def step(self, tick: int) -> None:
        """Live through the 10 ms that end at ``tick``."""
        s = self.state_now
        if tick % PLANT_EVERY == 0:
            self._advance_room(s, tick)
        wave = (
            s.flicker_swing * s.flicker
            - 0.9409 * s.flicker_before  # 0.97 squared: how long a flame keeps its rhythm
            + s.flicker_drive * self._flicker_noise.normal()
        )
        s.flicker_before = s.flicker
        s.flicker = wave
        # Infrared photodiode: 2.9 % dark, 0.4 % per W/m2 of flickering flame, sun without flicker.
        infrared = (s.infrared + 25.0 * s.lighter) * (1.0 + wave)
        self.sensors["flame"].sample(2.93 + 0.22 * s.sun + 0.4 * infrared)
        if tick % 10 == 0:
            self._sample_slow(s, tick)

    def _advance_room(self, s: FireState, tick: int) -> None:
        position = {point: it.advance(tick, PLANT_EVERY) for point, it in self.actuators.items()}
        burnt_kg_s = self._burn(s, position["sprinkler"])
        outflow = self._advance_layer(s, position["fan"], position["sprinkler"])
        self._advance_gases(s, burnt_kg_s, outflow, position["fan"], position["gas_valve"])
        self._advance_detectors(s)

    # ------------------------------------------------------------------ the source

    def _burn(self, s: FireState, sprinkler: float) -> float:
        """Grow or quench the fire; return the fuel burnt, kg/s."""
        if s.burning == "flame":
            if sprinkler > 0.5:
                s.age_s *= math.sqrt(1.0 - _DT / self._quench_s)
            else:
                s.age_s = min(s.age_s + _DT, math.sqrt(s.peak_kw / s.growth))
            free_kw = s.growth * s.age_s * s.age_s  # NFPA 72: Q = growth * t^2
            if sprinkler > 0.5 and free_kw < self.room.out_kw:
                s.burning, free_kw = "", 0.0
            # Too little oxygen: flames shrink from 16 % of mass and die at 10 %.
            breath = min(1.0, max(0.0, (s.oxygen - 0.10) / 0.06))
            s.heat_kw = free_kw * breath
            return s.heat_kw / FUELS[s.fuel].heat_kj_kg
        if s.burning == "smoulder":
            s.age_s += _DT
            burnt = min(s.growth * s.age_s, 3e-4 * self.room.peak_share)  # 0.3 g/s at most
            s.heat_kw = burnt * 4000.0  # kJ/kg set free without flames
            return burnt
        s.heat_kw = 0.0
        return 0.0

    # ------------------------------------------------------------------ the hot layer

    def _advance_layer(self, s: FireState, fan: float, sprinkler: float) -> float:
        """Fill and cool the smoke layer; return its outflow per kg of it, 1/s."""
        room, ambient = self.room, s.ambient_c + _KELVIN
        convective = 0.65 * s.heat_kw + 0.8 * s.toast * room.toast_share
        plume = 0.0
        if convective > 1e-6:  # Heskestad's plume
            rise = pm.cube_root(s.clear_m)
            plume = 0.071 * pm.cube_root(convective) * rise * rise * s.clear_m + 0.0018 * convective
        density = _AIR / s.layer_k
        out = density * (room.fan_m3_s * fan + 0.5 * room.seep_m3_s)
        below = room.door_height_m - s.clear_m
        if below > 0.0 and s.layer_k > ambient + 0.1:  # the doorway, 19.62 = 2 g
            pull = math.sqrt(19.62 * density * (_AIR / ambient - density))
            out += room.door_flow * room.door_width_m * s.door * pull * below * math.sqrt(below)
        out = min(out, 0.9 * s.layer_kg / _DT)
        share_out = out / (s.layer_kg + 1e-4)
        touched = self._floor_m2 + self._around_m * (room.height_m - s.clear_m)
        lost = room.film_kw * touched * (s.layer_k - s.lining_k)
        s.lining_k += (_DT * (lost - room.behind_kw * touched * (s.lining_k - ambient))) / (
            touched * room.lining_kj
        )
        if sprinkler > 0.1:
            wetted = 0.25 * room.water_mm_s * self._floor_m2 / 60.0
            lost += sprinkler * wetted * (s.layer_k - ambient)
        heat = convective + _CP * (plume * ambient - out * s.layer_k) - lost
        mass = s.layer_kg + _DT * (plume - out)
        energy = s.layer_kj + _DT * heat
        s.oxygen += (
            _DT
            * (plume * (0.23 - s.oxygen) - s.heat_kw / 13100.0)
            / (max(mass, 1e-4) + 0.05 * self._floor_m2 * room.height_m)
        )
        self._settle_layer(s, mass, energy, ambient)
        return share_out

    def _settle_layer(self, s: FireState, mass: float, energy: float, ambient: float) -> None:
        """Turn mass and energy into temperature and height, kept within the possible."""
        height = self.room.height_m
        if mass < 1e-4:
            mass, energy = 1e-4, 1e-4 * _CP * ambient
        s.layer_k = min(1500.0, max(ambient, energy / (_CP * mass)))
        s.clear_m = height - mass * s.layer_k / (_AIR * self._floor_m2)
        if s.clear_m < 0.1 * height:
            s.clear_m = 0.1 * height
            mass = 0.9 * height * _AIR * self._floor_m2 / s.layer_k
        s.layer_kg = mass
        s.layer_kj = _CP * mass * s.layer_k

    # ------------------------------------------------------------------ smoke and gases

    def _advance_gases(
        self, s: FireState, burnt: float, outflow: float, fan: float, valve: float
    ) -> None:
        room, fuel = self.room, FUELS[s.fuel]
        soot, monoxide = fuel.soot, fuel.co
        if s.burning == "smoulder":
            soot, monoxide = 0.10, 0.08  # SFPE Handbook, smouldering polymer and cellulose
        # A burning slice: 2 mg/s of aerosol, a fiftieth of it carbon monoxide.
        toast = s.toast * room.toast_share
        s.soot_kg += _DT * (burnt * soot + 2e-6 * toast - outflow * s.soot_kg)
        s.co_kg += _DT * (burnt * monoxide + 4e-8 * toast - outflow * s.co_kg)
        volume = self._floor_m2 * room.height_m
        layer = max(0.02 * volume, (room.height_m - s.clear_m) * self._floor_m2)
        s.extinction = 8700.0 * s.soot_kg / layer  # Mulholland & Croarkin, m2/kg
        s.co_ppm = s.co_kg / layer * 2927.0 * s.layer_k
        changes = (
            room.fan_m3_s * fan + room.seep_m3_s + 0.05 * room.door_width_m * s.door
        ) / volume
        leak = s.leak * room.leak_share * 1e-3
        s.methane_kg += _DT * (leak * valve - changes * s.methane_kg)
        s.methane_ppm = s.methane_kg / volume * 1.5e6

    def _advance_detectors(self, s: FireState) -> None:
        """Ceiling jet, heat detector (RTI), smoke chamber, flame radiation."""
        source = pm.cube_root(s.heat_kw + 0.8 * s.toast * self.room.toast_share)
        # The jet rides on the layer: 1.2 and 1.6 are fitted to CFAST 8.
        s.jet_k = s.layer_k + 1.2 * self._jet_rise * source * source
        speed = max(0.05, 1.6 * self._jet_speed * source)
        answer = math.sqrt(speed) / self.room.rti  # Evans & Stroup, NBSIR 85-3167
        s.element_k += (s.jet_k - s.element_k) * min(1.0, answer * _DT)
        # Heskestad's smoke entry: the chamber follows over 1.8 m of flow.
        s.chamber += (s.extinction - s.chamber) * min(1.0, speed / 1.8 * _DT)
        flames_kw = s.heat_kw if s.burning == "flame" else 0.0
        # 35 % of the heat is radiated, over a sphere: 12.566 = 4 pi.
        away = self.room.flame_m
        s.infrared = 350.0 * flames_kw / (12.566 * away * away)

    # ------------------------------------------------------------------ the sensors

    def _sample_slow(self, s: FireState, tick: int) -> None:
        sensors = self.sensors
        sensors["smoke"].sample(100.0 * (1.0 - pm.exp(-s.chamber)))
        sensors["temp"].sample(s.jet_k - _KELVIN)
        sensors["co"].sample(s.co_ppm)
        sensors["call_point"].sample(s.call_point)
        if tick % sensors["gas"].spec.every == 0:
            sensors["gas"].sample(self._lel_shown(s))
            self._tune_flicker(s)

    @staticmethod
    def _lel_shown(s: FireState) -> float:
        """Return what an MQ-2 calibrated for methane shows, % of the lower explosive limit.

        Its conductances add up (ours; the curves of single gases are the data sheet's):
        methane (c/3791)^0.377, carbon monoxide (c/42100)^0.306, smoke (c/5593)^0.370, ppm.
        """
        others = pm.power(s.co_ppm / 42100.0, 0.306) + pm.power(s.chamber * 300.0 / 5593.0, 0.370)
        if others < 1e-3:
            return s.methane_ppm / 500.0  # 100 %LEL of methane is 50 000 ppm
        shown = pm.power(s.methane_ppm / 3791.0, 0.377) + others
        return 3791.0 * pm.power(shown, 2.6525198938992043) / 500.0  # 1 / 0.377

    def _tune_flicker(self, s: FireState) -> None:
        """Set the flames' rhythm: 1.5 / sqrt(diameter) Hz, 15 % deep, as a damped oscillator."""
        diameter = math.sqrt(s.heat_kw / 393.0) if s.heat_kw > 0.01 else 0.0
        hertz = min(12.0, 1.5 / math.sqrt(diameter)) if diameter > 0.0 else 12.0
        beat = pm.cos(0.06283185307179587 * hertz)  # one tick of it, radians
        s.flicker_swing = 1.94 * beat
        spread = 1.0 + 0.88529281 - 1.8818 * (2.0 * beat * beat - 1.0)
        s.flicker_drive = 0.15 * math.sqrt(0.0591 * spread / 1.9409)

    # ------------------------------------------------------------------ from outside

    def apply(self, deed: Deed, tick: int) -> Deed | None:
        """Do it now; return what takes it back, or ``None`` where nothing does."""
        s, args = self.state_now, deed.args
        match deed.do:
            case "ignite":
                peak = float(args["peak"]) * self.room.peak_share
                growth = GROWTH_KW_PER_S2[str(args["growth"])]
                self._start(s, "flame", str(args["fuel"]), growth, peak)
            case "smoulder":
                growth = float(args["rate"]) * 1e-3 * self.room.peak_share
                self._start(s, "smoulder", str(args["fuel"]), growth, 0.0)
            case "out":
                s.burning = ""
                return None
            case "spark":
                self._spark(s)
                return None
            case level:
                before: float = getattr(s, level)
                setattr(s, level, float(args["to"]))
                return Deed(level, {"to": before})
        return Deed("out", {})

    @staticmethod
    def _start(s: FireState, burning: str, fuel: str, growth: float, peak: float) -> None:
        s.burning, s.fuel, s.growth, s.peak_kw = burning, fuel, growth, peak
        s.age_s = 0.0

    def _spark(self, s: FireState) -> None:
        """Methane burns between 5 and 15 % of the air; four fifths of it go at once."""
        if 50_000.0 < s.methane_ppm < 150_000.0 and not s.burning:
            peak = 500.0 * self.room.peak_share
            self._start(s, "flame", "heptane", GROWTH_KW_PER_S2["ultrafast"], peak)
            s.methane_kg *= 0.2

    def truth(self) -> dict[str, float]:
        """Return what no sensor shows: for the teacher's view and for tests, never for grades."""
        s = self.state_now
        return {
            "heat_kw": s.heat_kw,
            "layer_c": s.layer_k - _KELVIN,
            "clear_m": s.clear_m,
            "element_c": s.element_k - _KELVIN,
            "chamber_per_m": s.chamber,
            "soot_kg": s.soot_kg,
            "co_ppm": s.co_ppm,
            "methane_ppm": s.methane_ppm,
            "oxygen": s.oxygen,
        }

    def state(self) -> dict[str, Any]:
        """Return everything of the room that changes, as JSON values."""
        return asdict(self.state_now) | {"flicker_noise": self._flicker_noise.position}

    def restore(self, state: dict[str, Any]) -> None:
        """Go back to a ``state()``."""
        self._flicker_noise.position = state["flicker_noise"]
        known = {field.name for field in fields(FireState)}
        self.state_now = FireState(**{name: state[name] for name in known})

    def begin(self, init: Args) -> None:
        """Set what a scenario starts from, before the first step."""
        for name, value in init.items():
            setattr(self.state_now, name, float(value))
        s = self.state_now
        s.layer_k = s.lining_k = s.jet_k = s.element_k = s.ambient_c + _KELVIN
        s.layer_kj = _CP * s.layer_kg * s.layer_k
