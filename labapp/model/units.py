"""The closed table of units: SenML symbols (RFC 8428, RFC 8798), with a few of the lab's own.

Each unit has a dimension and an exact factor and offset to the dimension's base, so that
a literal is converted by one rational computation and rounded once.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit: ``base = value * factor + offset`` within its dimension.

    ``symbol`` is what is stored, ``shown`` what people read.
    """

    symbol: str
    dimension: str
    factor: Fraction
    shown: str
    offset: Fraction = Fraction(0)


def _unit(
    symbol: str, dimension: str, factor: str, shown: str | None = None, offset: str = "0"
) -> Unit:
    return Unit(
        symbol, dimension, Fraction(factor), symbol if shown is None else shown, Fraction(offset)
    )


_TABLE = (
    _unit("1", "ratio", "1", ""),
    _unit("/", "ratio", "1", ""),
    _unit("%", "ratio", "1/100"),
    _unit("ppm", "ratio", "1/1000000"),
    _unit("ppb", "ratio", "1/1000000000"),
    _unit("%RH", "relative humidity", "1"),
    _unit("%EL", "battery level", "1", "%"),
    _unit("%LEL", "explosive limit", "1"),
    _unit("%/m", "obscuration", "1"),
    _unit("dB/m", "optical density", "1"),
    _unit("Cel", "temperature", "1", "°C", "5463/20"),
    _unit("K", "temperature", "1"),
    _unit("s", "time", "1"),
    _unit("ms", "time", "1/1000"),
    _unit("us", "time", "1/1000000", "µs"),
    _unit("min", "time", "60"),
    _unit("h", "time", "3600"),
    _unit("m", "length", "1"),
    _unit("cm", "length", "1/100"),
    _unit("mm", "length", "1/1000"),
    _unit("km", "length", "1000"),
    _unit("m/s", "velocity", "1"),
    _unit("cm/s", "velocity", "1/100"),
    _unit("km/h", "velocity", "5/18"),
    _unit("m/s2", "acceleration", "1", "m/s²"),
    _unit("gn", "acceleration", "980665/100000", "g"),
    # pi to 30 digits: one rounding when a literal becomes a float.
    _unit("rad", "angle", "1"),
    _unit("deg", "angle", "3141592653589793238462643383279/180000000000000000000000000000000", "°"),
    _unit("lat", "latitude", "1", "°"),
    _unit("lon", "longitude", "1", "°"),
    _unit("rad/s", "angular velocity", "1"),
    _unit("Hz", "frequency", "1"),
    _unit("kHz", "frequency", "1000"),
    _unit("bpm", "heart rate", "1"),
    _unit("beat/min", "heart rate", "1", "bpm"),
    _unit("1/min", "rate", "1"),
    _unit("rpm", "rotation", "1"),
    _unit("lx", "illuminance", "1"),
    _unit("klx", "illuminance", "1000"),
    _unit("lm", "luminous flux", "1"),
    _unit("cd", "luminous intensity", "1"),
    _unit("V", "voltage", "1"),
    _unit("mV", "voltage", "1/1000"),
    _unit("A", "current", "1"),
    _unit("mA", "current", "1/1000"),
    _unit("W", "power", "1"),
    _unit("kW", "power", "1000"),
    _unit("Wh", "energy", "1"),
    _unit("kWh", "energy", "1000"),
    _unit("J", "work", "1"),
    _unit("VA", "apparent power", "1"),
    _unit("var", "reactive power", "1"),
    _unit("Ohm", "resistance", "1", "Ω"),
    _unit("Pa", "pressure", "1"),
    _unit("hPa", "pressure", "100"),
    _unit("kPa", "pressure", "1000"),
    _unit("bar", "pressure", "100000"),
    _unit("m3", "volume", "1", "m³"),
    _unit("l", "volume", "1/1000", "L"),
    _unit("l/s", "flow", "1/1000", "L/s"),
    _unit("l/min", "flow", "1/60000", "L/min"),
    _unit("m3/s", "flow", "1", "m³/s"),
    _unit("m3/h", "flow", "1/3600", "m³/h"),
    _unit("kg", "mass", "1"),
    _unit("g", "mass", "1/1000"),
    _unit("mg", "mass", "1/1000000"),
    _unit("kg/m3", "density", "1", "kg/m³"),
    _unit("mg/m3", "density", "1/1000000", "mg/m³"),
    _unit("ug/m3", "density", "1/1000000000", "µg/m³"),
    _unit("S/m", "conductivity", "1"),
    _unit("uS/cm", "conductivity", "1/10000", "µS/cm"),
    _unit("pH", "acidity", "1"),
    _unit("dB", "level", "1"),
    _unit("dBm", "signal", "1"),
    _unit("count", "count", "1", ""),
    _unit("bit/s", "data rate", "1"),
    _unit("B", "data", "1"),
)

UNITS: dict[str, Unit] = {unit.symbol: unit for unit in _TABLE}

# What teachers type in a criterion besides the SenML symbol.
ALIASES: dict[str, str] = {
    "degC": "Cel",
    "°C": "Cel",
    "℃": "Cel",
    "µs": "us",
    "L": "l",
    "m/s²": "m/s2",
    "°": "deg",
    "Ω": "Ohm",
    "sec": "s",
    "LEL": "%LEL",
}


def find_unit(symbol: str) -> Unit | None:
    """Return the unit of a symbol or alias, or ``None`` where the table has none."""
    return UNITS.get(ALIASES.get(symbol, symbol))


def convert(amount: Fraction, source: Unit, target: Unit, *, difference: bool = False) -> Fraction:
    """Return ``amount`` of ``source`` in ``target``, exactly.

    A difference (a tolerance, a step) leaves the offsets out: 2 °C of tolerance is 2 K.

    Raises:
        ValueError: the two are of different dimensions.
    """
    if source.dimension != target.dimension:
        raise ValueError(
            f"{source.symbol} is {source.dimension}, {target.symbol} is {target.dimension}"
        )
    if difference:
        return amount * source.factor / target.factor
    return (amount * source.factor + source.offset - target.offset) / target.factor
