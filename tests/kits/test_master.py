"""The strict master on a wire in virtual time: only the right answer is ever believed."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labapp.kits.master import ModbusMaster
from labapp.kits.trouble import NoAnswer
from labapp.model.reading import Reason
from labapp.transport.base import PortGone
from labapp.wire import mbap, rtu
from labapp.wire.modbus_pdu import ModbusRefused
from labapp.wire.slave import answer_pdu
from tests.kits.virtual_line import Answer, CountingMemory, Later, VirtualLine, dialogue, rtu_kit

TIMEOUT_MS, LATE_MS = 400, 600


def rtu_master(answer: Answer, *, gap_us: int = 0) -> tuple[ModbusMaster, VirtualLine]:
    line = VirtualLine(answer)
    master = ModbusMaster(
        line, "rtu", now=line.now_us, timeout_ms=TIMEOUT_MS, late_ms=LATE_MS, gap_us=gap_us
    )
    return master, line


def mbap_master(answer: Answer) -> tuple[ModbusMaster, VirtualLine]:
    line = VirtualLine(answer)
    return ModbusMaster(line, "mbap", now=line.now_us, timeout_ms=TIMEOUT_MS), line


def counted(addr: int, count: int, unit: int = 1) -> bytes:
    """The right answer of a counting kit to reading holding registers."""
    pdu = answer_pdu(CountingMemory(), bytes((3, addr >> 8, addr & 255, 0, count)))
    return rtu.encode(unit, pdu)


# The bytes of MODBUS Application Protocol V1.1b3 §6.3 (registers 107 to 109) behind unit 17, as
# MODBUS over Serial Line frames them; the sums are those of the well-known worked example.
def test_the_worked_example_of_the_specification() -> None:
    asked, told = "11 03 00 6B 00 03 76 87", "11 03 06 AE 41 56 52 43 40 49 AD"
    master, _ = rtu_master(dialogue((asked, [(9_000, bytes.fromhex(told))])))
    assert master.read(17, "holding", 107, 3) == [0xAE41, 0x5652, 0x4340]
    assert master.tally.rtt_us == 9_000


def test_modbus_tcp_counts_its_transactions() -> None:
    master, line = mbap_master(
        dialogue(
            ("00 01 00 00 00 06 01 04 00 00 00 02", [(50, bytes.fromhex("000100000007010404FF5E0001"))]),
            ("00 02 00 00 00 06 01 05 00 00 FF 00", [(50, bytes.fromhex("000200000006010500 00FF00"))]),
        )
    )  # fmt: skip
    assert master.read(1, "input", 0, 2) == [0xFF5E, 1]
    master.write_coil(1, 0, True)
    assert line.now == 100


def test_a_late_answer_is_never_the_answer_to_the_next_question() -> None:
    delays = iter([500_000, 2_000, 2_000])

    def answer(request: bytes) -> Later:
        addr, count = int.from_bytes(request[2:4]), int.from_bytes(request[4:6])
        return [(next(delays), counted(addr, count))]

    master, _ = rtu_master(answer)
    with pytest.raises(NoAnswer) as told:
        master.read(1, "holding", 100, 2)
    assert (told.value.code, told.value.reason) == ("E-TIMEOUT", Reason.TIMEOUT)
    assert master.read(1, "holding", 200, 2) == [200, 201]
    assert master.tally.late == 1


def test_the_same_question_is_repeated_at_once_and_the_line_rests_before_another() -> None:
    delays = iter([500_000, 500_000, 1_000])

    def answer(request: bytes) -> Later:
        return [(next(delays), counted(int.from_bytes(request[2:4]), 1))]

    master, line = rtu_master(answer)
    with pytest.raises(NoAnswer):
        master.read(1, "holding", 7, 1)
    asked_again_us = line.now
    assert master.read(1, "holding", 7, 1, again=True) == [7]
    assert line.now == 500_000  # the first answer, which says the same
    assert asked_again_us == TIMEOUT_MS * 1000
    # The second answer is still to come; the next question waits for it to pass.
    assert master.read(1, "holding", 8, 1) == [8]
    assert line.now > 900_000 + LATE_MS * 1000


def test_the_same_question_later_is_another_question() -> None:
    delays = iter([500_000, 1_000])
    values = iter([11, 22])

    def answer(request: bytes) -> Later:
        pdu = bytes((3, 2)) + next(values).to_bytes(2)
        return [(next(delays), rtu.encode(1, pdu))]

    master, _ = rtu_master(answer)
    with pytest.raises(NoAnswer):
        master.read(1, "holding", 7, 1)
    assert master.read(1, "holding", 7, 1) == [22]


def test_a_line_that_never_rests_is_used_again() -> None:
    master, line = rtu_master(lambda _: [])
    for at in range(0, 6_000_000, 100_000):
        line.send_later(at, b"\x55")
    with pytest.raises(NoAnswer):
        master.read(1, "holding", 1, 1)
    begun = line.now
    with pytest.raises(NoAnswer):
        master.read(1, "holding", 2, 1)
    assert line.now - begun <= (3 * LATE_MS + LATE_MS + 2 * TIMEOUT_MS) * 1000


def test_a_damaged_answer_is_told_as_damaged() -> None:
    spoiled = bytearray(counted(1, 2))
    spoiled[4] ^= 0x40
    master, _ = rtu_master(lambda _: [(1_000, bytes(spoiled))])
    with pytest.raises(NoAnswer) as told:
        master.read(1, "holding", 1, 2)
    assert (told.value.code, told.value.reason) == ("E-CRC", Reason.CRC)
    assert master.tally.damaged == 1


def test_an_answer_after_noise_is_found() -> None:
    master, _ = rtu_master(lambda _: [(1_000, b"\x00\xff\x01" + counted(3, 2))])
    assert master.read(1, "holding", 3, 2) == [3, 4]
    assert master.tally.noise_bytes == 3


def test_another_unit_keeps_the_clock_running() -> None:
    master, line = rtu_master(lambda _: [(1_000, counted(3, 2, unit=7))])
    with pytest.raises(NoAnswer) as told:
        master.read(1, "holding", 3, 2)
    assert told.value.code == "E-UNIT"
    assert "7" in told.value.message.en
    assert line.now == TIMEOUT_MS * 1000
    assert master.tally.other_units == 1


def test_the_right_unit_after_another_is_believed() -> None:
    both = counted(3, 2, unit=7) + counted(3, 2)
    master, _ = rtu_master(lambda _: [(1_000, both)])
    assert master.read(1, "holding", 3, 2) == [3, 4]


def test_another_length_is_not_the_answer() -> None:
    master, _ = rtu_master(lambda _: [(1_000, counted(3, 5))])
    with pytest.raises(NoAnswer) as told:
        master.read(1, "holding", 3, 2)
    assert told.value.code == "E-DESYNC"
    assert master.tally.misfits == 1


def test_another_function_is_not_the_answer() -> None:
    wrong = rtu.encode(1, bytes((4, 2, 0, 9)))
    master, _ = rtu_master(lambda _: [(1_000, wrong)])
    with pytest.raises(NoAnswer):
        master.read(1, "holding", 3, 1)


def test_the_echo_of_another_write_is_not_the_answer() -> None:
    master, line = rtu_master(lambda _: [(1_000, rtu.encode(1, bytes((6, 0, 5, 0, 9))))])
    with pytest.raises(NoAnswer):
        master.write_register(1, 5, 8)
    assert len(line.sent) == 1  # a write is never repeated


@pytest.mark.parametrize("code", [1, 2, 3, 4, 6, 11])
def test_an_exception_is_an_answer(code: int) -> None:
    master, _ = rtu_master(lambda _: [(1_000, rtu.encode(1, bytes((0x83, code))))])
    with pytest.raises(ModbusRefused) as told:
        master.read(1, "holding", 3, 1)
    assert told.value.code == code
    assert master.tally.lost == 0


def test_an_exception_to_another_function_is_none() -> None:
    master, _ = rtu_master(lambda _: [(1_000, rtu.encode(1, bytes((0x86, 2))))])
    with pytest.raises(NoAnswer):
        master.read(1, "holding", 3, 1)


@pytest.mark.parametrize(
    "told",
    [
        "000900000005010302002A",
        "000100000005070302002A",
        "000100000005010402002A",
        "00010000000701030400010002",
    ],
    ids=["transaction", "unit", "function", "length"],
)
def test_modbus_tcp_believes_only_its_own(told: str) -> None:
    master, _ = mbap_master(lambda _: [(1_000, bytes.fromhex(told))])
    with pytest.raises(NoAnswer):
        master.read(1, "holding", 3, 1)


def test_a_late_answer_over_tcp_is_known_by_its_number() -> None:
    kept: list[bytes] = []

    def answer(request: bytes) -> Later:
        number, addr = int.from_bytes(request[:2]), int.from_bytes(request[8:10])
        reply = mbap.encode(1, bytes((3, 2)) + addr.to_bytes(2), number)
        kept.append(reply)
        return [] if len(kept) == 1 else [(10, kept[0] + reply)]

    master, line = mbap_master(answer)
    with pytest.raises(NoAnswer):
        master.read(1, "holding", 100, 1)
    assert master.read(1, "holding", 200, 1) == [200]
    assert master.tally.late == 1
    assert line.now == TIMEOUT_MS * 1000 + 10  # no quarantine: the number is enough


def test_a_stream_that_is_no_modbus_tcp_ends_the_connection() -> None:
    master, _ = mbap_master(lambda _: [(10, counted(3, 1))])
    with pytest.raises(PortGone) as told:
        master.read(1, "holding", 3, 1)
    assert told.value.code == "E-FRAMING"


def test_frames_keep_their_distance() -> None:
    master, line = rtu_master(rtu_kit(CountingMemory()), gap_us=5_000)
    master.read(1, "holding", 1, 1)
    first = line.now
    master.read(1, "holding", 2, 1)
    assert line.now == first + 5_000 + 2_000


def test_what_lies_on_the_line_is_thrown_away_before_asking() -> None:
    master, line = rtu_master(rtu_kit(CountingMemory()))
    line.send_later(0, counted(50, 1))
    assert master.read(1, "holding", 60, 1) == [60]
    assert master.tally.noise_bytes == 7


def test_every_write_is_acknowledged_in_full() -> None:
    memory = CountingMemory()
    master, _ = rtu_master(rtu_kit(memory))
    master.write_coil(1, 3, True)
    master.write_coils(1, 8, [1, 0, 1])
    master.write_register(1, 20, 777)
    master.write_registers(1, 30, [1, 2, 3])
    master.mask_write(1, 40, 0xFF00, 0x0012)
    assert memory.read("coil", 8, 3) == [1, 0, 1]
    assert memory.read("holding", 30, 3) == [1, 2, 3]
    assert memory.kept["holding", 40] == 0x0012
    assert (memory.kept["coil", 3], memory.kept["holding", 20]) == (1, 777)


def test_a_kit_says_who_it_is() -> None:
    identity = {0: "acme", 1: "bench" * 40, 2: "1.0"}

    def answer(request: bytes) -> Later:
        return [(10, rtu.encode(1, answer_pdu(CountingMemory(), request[1:-2], identity)))]

    master, _ = rtu_master(answer)
    assert master.identify(1) == {number: text.encode() for number, text in identity.items()}


def faulty(reply: bytes, chance: random.Random) -> Later:
    """Return an answer as a bad line brings it: late, spoiled, cut, noisy, doubled, foreign."""
    at = chance.randrange(1, len(reply))
    spoiled = bytearray(reply)
    spoiled[at] ^= 1 << chance.randrange(8)
    kinds: list[Later] = [
        [(chance.randrange(450_000, 990_000), reply)],
        [(1_000, bytes(spoiled))],
        [(1_000, reply[:at])],
        [(1_000, chance.randbytes(at) + reply)],
        [(1_000, reply + reply)],
        [(1_000, reply[:at]), (5_000, reply[at:])],
        [(1_000, rtu.encode(9, reply[1:-2])), (2_000, reply)],
        [(1_000, reply)],
    ]
    return chance.choice(kinds)


@settings(max_examples=40)
@given(st.integers(0, 2**32))
def test_no_fault_of_the_line_makes_a_wrong_value(seed: int) -> None:
    chance = random.Random(seed)

    def answer(request: bytes) -> Later:
        addr, count = int.from_bytes(request[2:4]), int.from_bytes(request[4:6])
        return faulty(counted(addr, count), chance)

    master, _ = rtu_master(answer)
    good = 0
    for _ in range(30):
        addr, count = chance.randrange(5_000), chance.randrange(1, 4)
        try:
            values = master.read(1, "holding", addr, count)
        except NoAnswer:
            continue
        assert values == list(range(addr, addr + count))
        good += 1
    assert good >= 5
