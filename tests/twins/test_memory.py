"""The registers of a twin are those of its profile, and so are its refusals."""

from __future__ import annotations

import pytest

from labapp.profiles.load import load_profile_bytes
from labapp.profiles.profile import Profile
from labapp.twins.memory import TwinMemory
from labapp.twins.registry import kind_of, make_twin
from labapp.wire.modbus_pdu import ModbusRefused
from labapp.wire.slave import answer_pdu
from tests.twins.far_end import SECOND, fire_profile, fire_twin, read_pdu, words

OTHER = """
schema: labapp.device/1
id: bench-meter
version: 1.0.0
name: {zh: 表, en: Meter}
transport:
  variants: [{link: tcp, framing: mbap, port: 502}]
modbus: {unit: 5, addressing: zero_based, byte_order: big, word_order: little}
polls: {normal: 500}
points:
  - id: level
    name: {zh: 液位, en: Level}
    at: {table: holding, addr: 10, type: float32}
    unit: '%'
    decimals: 1
    range: [0, 100]
    example: {regs: [0x0000, 0x4248], value: 50}
  - id: total
    name: {zh: 累计, en: Total}
    at: {table: input, addr: 3, type: uint32}
    unit: count
    kind: counter
    example: {regs: [1, 0], value: 1}
  - id: mode
    name: {zh: 模式, en: Mode}
    at: {table: holding, addr: 20, type: uint16}
    kind: state
    access: rw
    enum: {0: {zh: 停, en: 'Off'}, 1: {zh: 手动, en: Hand}, 2: {zh: 自动, en: Auto}}
    write: {safe: 0, verify_ms: 500}
  - id: speed
    name: {zh: 转速, en: Speed}
    at: {table: holding, addr: 21, type: int16}
    scale: 0.5
    unit: '%'
    access: rw
    range: [0, 100]
    example: {regs: [100], value: 50}
    write: {min: 0, max: 100, step: 0.5, safe: 0, verify_ms: 500}
"""


@pytest.fixture
def memory() -> TwinMemory:
    return TwinMemory(fire_profile(), fire_twin())


def other_profile() -> Profile:
    return load_profile_bytes(OTHER.encode(), "bench-meter.yaml")


def test_the_five_sensors_are_one_block(memory: TwinMemory) -> None:
    memory.twin.stimulate("ignite", growth="fast")
    memory.twin.run_to(30 * SECOND)
    twin = memory.twin
    scales = {"flame": 0.1, "smoke": 0.01, "temp": 0.0625, "co": 1.0, "gas": 0.1}
    shown = memory.read("input", 0, 5)
    for raw, (point, scale) in zip(shown, scales.items(), strict=True):
        assert raw == pytest.approx((twin.read(point) or 0) / scale, abs=0.51)


def test_a_cold_room_is_below_zero() -> None:
    twin = make_twin(fire_profile(), 7)
    twin.plant.begin({"ambient_c": -10.125})
    twin.run_to(60 * SECOND)
    raw = TwinMemory(fire_profile(), twin).read("input", 2, 1)[0]
    assert (raw - 0x10000) * 0.0625 == pytest.approx(-10.125, abs=1.0)


def test_a_sensor_that_gives_nothing_says_so(memory: TwinMemory) -> None:
    memory.twin.stimulate("fault", on="co", kind="dropout")
    assert memory.read("input", 3, 1) == [0x8000]


def test_the_heartbeat_counts_seconds_and_the_uptime_ticks(memory: TwinMemory) -> None:
    memory.twin.run_to(10 * SECOND)
    assert memory.read("input", 32, 3) == [10, 0, 1000]
    # Restored far in the future; nobody waits for 20 hours.
    memory.twin._tick = 7_200_000
    assert memory.read("input", 32, 3) == [72_000 - 65_536, 109, 7_200_000 - (109 << 16)]


def test_a_coil_switches_the_buzzer_and_only_it(memory: TwinMemory) -> None:
    assert memory.read("coil", 0, 4) == [0, 0, 0, 1]
    memory.write("coil", 0, [1])
    assert memory.read("coil", 0, 4) == [1, 0, 0, 1]
    assert memory.twin.read("buzzer") == 1.0


def test_the_fan_takes_tenths_of_a_percent_and_no_more_than_all(memory: TwinMemory) -> None:
    memory.write("holding", 0, [755])
    assert memory.twin.read("fan") == 75.5
    assert memory.read("holding", 0, 1) == [755]
    with pytest.raises(ModbusRefused) as refused:
        memory.write("holding", 0, [1001])
    assert refused.value.code == 3
    assert memory.twin.read("fan") == 75.5


@pytest.mark.parametrize(
    ("table", "addr"), [("input", 5), ("input", 31), ("coil", 4), ("discrete", 1), ("holding", 1)]
)
def test_what_the_kit_does_not_have_is_refused(memory: TwinMemory, table: str, addr: int) -> None:
    with pytest.raises(ModbusRefused) as refused:
        memory.read(table, addr, 1)  # type: ignore[arg-type]
    assert refused.value.code == 2
    with pytest.raises(ModbusRefused) as refused:
        memory.write(table, addr, [1])  # type: ignore[arg-type]
    assert refused.value.code == 2


def test_a_refused_write_changes_nothing_of_itself(memory: TwinMemory) -> None:
    with pytest.raises(ModbusRefused):
        memory.write("coil", 2, [1, 0, 1])  # sprinkler, valve, and one that is not there
    assert memory.read("coil", 0, 4) == [0, 0, 0, 1]


def test_it_names_itself(memory: TwinMemory) -> None:
    reply = answer_pdu(memory, bytes((43, 14, 1, 0)), memory.identity)
    assert b"labapp" in reply
    assert b"fire-safety" in reply
    assert b"twin-" in reply


def test_any_profile_can_be_played_plainly() -> None:
    profile = other_profile()
    twin = make_twin(profile, 1)
    memory = TwinMemory(profile, twin)
    twin.stimulate("set", point="level", to=50.0)
    twin.stimulate("set", point="total", to=65_537.0)
    twin.run_to(SECOND)
    assert words(answer_pdu(memory, read_pdu(3, 10, 2))) == [0x0000, 0x4248]
    assert words(answer_pdu(memory, read_pdu(4, 3, 2))) == [1, 1]
    memory.write("holding", 20, [2, 150])
    assert (twin.read("mode"), twin.read("speed")) == (2.0, 75.0)
    with pytest.raises(ModbusRefused) as refused:
        memory.write("holding", 20, [3])
    assert refused.value.code == 3


def test_a_kit_under_another_id_with_the_same_points_is_played_as_that_kit() -> None:
    source = fire_profile().source.replace(b"id: fire-safety\n", b"id: our-fire-bench\n", 1)
    profile = load_profile_bytes(source, "our-fire-bench.yaml")
    assert profile.id == "our-fire-bench"
    assert kind_of(profile) is kind_of(fire_profile())
    assert kind_of(other_profile()).presets == ("room",)
