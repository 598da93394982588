"""A kit on a virtual line: what is read and when, what is written and how it is proved."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import pytest

from labapp.kits.master import ModbusMaster
from labapp.kits.modbus_kit import ModbusKit, WriteOutcome, WriteResult
from labapp.model.reading import Quality, Reading, Reason
from labapp.profiles.profile import Profile, Watchdog
from labapp.wire import rtu
from labapp.wire.modbus_pdu import ModbusRefused
from tests.kits.benches import changed, fire_kit, greenhouse
from tests.kits.virtual_line import Answer, CountingMemory, Later, VirtualLine, rtu_kit


class Shelf(CountingMemory):
    """A memory of which some addresses do not exist, and that counts what it was asked."""

    def __init__(self, *absent: tuple[str, int]) -> None:
        super().__init__()
        self.absent = set(absent)
        self.reads: list[tuple[str, int, int]] = []
        self.writes: list[tuple[str, int, list[int]]] = []
        self.ignores_writes = False

    def read(self, table: str, addr: int, count: int) -> list[int]:
        self.reads.append((table, addr, count))
        if any((table, at) in self.absent for at in range(addr, addr + count)):
            raise ModbusRefused(2)
        return super().read(table, addr, count)

    def write(self, table: str, addr: int, values: Sequence[int]) -> None:
        self.writes.append((table, addr, list(values)))
        if not self.ignores_writes:
            super().write(table, addr, values)


def kit_on(profile: Profile, answer: Answer) -> tuple[ModbusKit, VirtualLine]:
    line = VirtualLine(answer)
    transport = profile.transport
    master = ModbusMaster(
        line, "rtu", now=line.now_us, timeout_ms=transport.timeout_ms, late_ms=transport.late_ms
    )
    return ModbusKit(profile, master, now_us=line.now_us), line


def by_point(readings: Sequence[Reading]) -> dict[str, Reading]:
    return {reading.point: reading for reading in readings}


def greenhouse_shelf() -> Shelf:
    shelf = Shelf()
    shelf.write("input", 0, [0x10000 - 53, 614])
    shelf.write("input", 8, list(struct.unpack(">HH", struct.pack(">f", 3.25))))
    shelf.write("input", 40, [0x7631, 0x2E32, 0, 0])
    shelf.write("holding", 0, [0b1_0010])
    shelf.writes.clear()
    return shelf


# ---------------------------------------------------------------------- reading


def test_words_become_values_with_their_quality() -> None:
    shelf = greenhouse_shelf()
    kit, _ = kit_on(greenhouse(), rtu_kit(shelf))
    read = by_point(kit.poll_due())
    assert (read["air_temp"].value, read["air_temp"].raw) == (-5.3, -53)
    assert read["air_rh"].value == 61.4
    assert read["light"].value == 3.25
    assert (read["mode"].value, read["lamp"].value) == (2.0, 1.0)
    assert kit.texts == {"firmware": "v1.2"}
    assert "reset" not in read
    assert all(r.quality == Quality.GOOD for r in read.values())


@pytest.mark.parametrize(
    ("words", "quality", "reason", "value"),
    [
        ([0x8000], Quality.BAD, Reason.SENTINEL, None),
        ([900], Quality.UNCERTAIN, Reason.OUT_OF_RANGE, 90.0),
    ],
)
def test_doubtful_values_say_why(
    words: list[int], quality: Quality, reason: Reason, value: float | None
) -> None:
    shelf = greenhouse_shelf()
    shelf.write("input", 0, words)
    kit, _ = kit_on(greenhouse(), rtu_kit(shelf))
    reading = by_point(kit.poll_due())["air_temp"]
    assert (reading.quality, reading.reason, reading.value) == (quality, reason, value)


def test_a_float_that_is_no_number_and_a_state_that_nobody_named() -> None:
    shelf = greenhouse_shelf()
    shelf.write("input", 8, [0x7FC0, 0])
    shelf.write("holding", 0, [0b101])
    kit, _ = kit_on(greenhouse(), rtu_kit(shelf))
    read = by_point(kit.poll_due())
    assert (read["light"].value, read["light"].reason) == (None, Reason.NAN)
    assert (read["mode"].value, read["mode"].reason) == (5.0, Reason.UNKNOWN_ENUM)
    assert read["mode"].quality == Quality.UNCERTAIN


def test_each_group_is_read_in_its_own_time() -> None:
    shelf = greenhouse_shelf()
    kit, line = kit_on(greenhouse(), rtu_kit(shelf, after_us=0))
    for _ in range(1_000):
        kit.poll_due()
        line.now = kit.next_due_us()
        if line.now >= 1_000_000:
            break
    asked = [(table, addr) for table, addr, _ in shelf.reads]
    assert asked.count(("input", 0)) == 10
    assert asked.count(("coil", 0)) == 10
    assert asked.count(("holding", 0)) == 1
    assert asked.count(("input", 40)) == 1


def test_a_late_schedule_skips_and_does_not_burst() -> None:
    shelf = greenhouse_shelf()
    kit, line = kit_on(greenhouse(), rtu_kit(shelf, after_us=0))
    kit.poll_due()
    shelf.reads.clear()
    line.now = 1_050_000
    kit.poll_due()
    assert sorted(table for table, _, _ in shelf.reads) == ["coil", *["holding"] * 3, "input"]
    assert kit.schedule.skipped == 18  # nine slots of each of the two fast blocks
    assert kit.next_due_us() == 1_100_000  # in step, as before


def test_a_silent_kit_gives_bad_readings_and_no_numbers() -> None:
    kit, line = kit_on(greenhouse(), lambda _: [])
    readings = kit.poll_one()
    assert {r.point for r in readings} == {"pump"}
    assert all((r.value, r.reason) == (None, Reason.TIMEOUT) for r in readings)
    assert kit.failures == 2
    assert len(line.sent) == 2
    assert line.sent[0] == line.sent[1]  # the same block first


def test_one_lost_answer_is_made_up_for() -> None:
    answers = iter([False, True])
    inner = rtu_kit(greenhouse_shelf())

    def answer(request: bytes) -> Later:
        return inner(request) if next(answers) else []

    kit, _ = kit_on(greenhouse(), answer)
    (pump,) = kit.poll_one()
    assert pump.quality == Quality.GOOD
    assert kit.failures == 0


def test_asking_ends_once_the_kit_counts_as_offline() -> None:
    kit, line = kit_on(greenhouse(), lambda _: [])
    kit.poll_one()
    kit.poll_one()
    assert kit.failures == 3
    assert len(line.sent) == 3


def test_holes_that_the_kit_refuses_are_learned() -> None:
    shelf = greenhouse_shelf()
    shelf.absent = {("input", at) for at in range(2, 8)}
    kit, _ = kit_on(greenhouse(), rtu_kit(shelf))
    kit.poll_due()
    read = by_point(kit.poll_due())  # the halves of what was refused
    assert {"air_temp", "air_rh", "light"} <= set(read)
    assert all(read[name].quality == Quality.GOOD for name in ("air_temp", "light"))
    shelf.reads.clear()
    kit.restart()
    kit.poll_due()
    assert ("input", 0, 10) not in shelf.reads  # not tried again in this connecting


def test_a_point_that_the_kit_does_not_have_is_told_once() -> None:
    shelf = greenhouse_shelf()
    shelf.absent = {("input", 1)}
    kit, line = kit_on(greenhouse(), rtu_kit(shelf))
    read = by_point([*kit.poll_due(), *kit.poll_due(), *kit.poll_due()])
    assert read["air_rh"].reason == Reason.DISABLED
    assert read["air_temp"].quality == Quality.GOOD
    assert read["light"].quality == Quality.GOOD
    shelf.reads.clear()
    line.now = kit.next_due_us()
    assert "air_rh" not in by_point(kit.poll_due())
    assert kit.schedule.disabled == {"air_rh"}


def test_a_busy_kit_is_refused_but_not_absent() -> None:
    kit, _ = kit_on(greenhouse(), lambda r: [(10, rtu.encode(1, bytes((r[1] | 0x80, 6))))])
    readings = kit.poll_one()
    assert {r.reason for r in readings} == {Reason.REFUSED}
    assert kit.failures == 0
    assert not kit.schedule.disabled


# ---------------------------------------------------------------------- writing


def test_a_write_is_proved_by_reading_back() -> None:
    shelf = greenhouse_shelf()
    kit, _ = kit_on(greenhouse(), rtu_kit(shelf))
    result = kit.write("fan_pct", 12.5)
    assert (result.outcome, result.is_done) == (WriteOutcome.VERIFIED, True)
    assert result.reading is not None
    assert result.reading.value == 12.5
    assert shelf.writes == [("holding", 10, [125])]


def test_a_float_that_the_wire_rounds_is_the_same_value() -> None:
    shelf = greenhouse_shelf()
    kit, _ = kit_on(greenhouse(), rtu_kit(shelf))
    assert kit.write("heat_sp", 23.7).outcome == WriteOutcome.VERIFIED


def test_bits_are_changed_beside_their_neighbours() -> None:
    shelf = greenhouse_shelf()
    kit, _ = kit_on(greenhouse(), rtu_kit(shelf))
    assert kit.write("mode", 1).outcome == WriteOutcome.VERIFIED
    assert shelf.kept["holding", 0] == 0b1_0001
    assert kit.write("lamp", 0).outcome == WriteOutcome.VERIFIED
    assert shelf.kept["holding", 0] == 0b0_0001


def test_a_point_that_cannot_be_read_is_done_by_its_echo() -> None:
    shelf = greenhouse_shelf()
    kit, _ = kit_on(greenhouse(), rtu_kit(shelf))
    assert kit.write("reset", 1).outcome == WriteOutcome.DONE
    assert shelf.reads == []


def test_a_kit_that_does_something_else_is_told() -> None:
    shelf = greenhouse_shelf()
    shelf.ignores_writes = True
    kit, line = kit_on(greenhouse(), rtu_kit(shelf))
    result = kit.write("pump", 1)
    assert (result.outcome, result.code) == (WriteOutcome.MISMATCH, "W-MISMATCH")
    assert line.now >= 200_000  # it had all of verify_ms to come round
    assert len(shelf.writes) == 1


def test_a_kit_that_is_slow_to_obey_is_waited_for() -> None:
    shelf = greenhouse_shelf()
    shelf.ignores_writes = True
    inner = rtu_kit(shelf)
    line: VirtualLine

    def answer(request: bytes) -> Later:
        if line.now > 100_000:
            shelf.kept["coil", 0] = 1
        return inner(request)

    kit, line = kit_on(greenhouse(), answer)
    assert kit.write("pump", 1).outcome == WriteOutcome.VERIFIED


def test_a_refused_write_names_the_place() -> None:
    kit, _ = kit_on(greenhouse(), lambda r: [(10, rtu.encode(1, bytes((r[1] | 0x80, 3))))])
    result = kit.write("pump", 1)
    assert (result.outcome, result.code) == (WriteOutcome.REFUSED, "E-REFUSED-3")
    assert "coil 0" in result.message.en


def lost_reply(memory: Shelf, *, carried_out: bool) -> Answer:
    inner = rtu_kit(memory)

    def answer(request: bytes) -> Later:
        if request[1] != 5:
            return inner(request)
        if carried_out:
            inner(request)
        return []

    return answer


def test_a_lost_reply_is_looked_after_and_never_sent_again() -> None:
    shelf = greenhouse_shelf()
    kit, _ = kit_on(greenhouse(), lost_reply(shelf, carried_out=True))
    assert kit.write("pump", 1).outcome == WriteOutcome.VERIFIED
    assert len(shelf.writes) == 1


def test_a_lost_reply_to_what_was_not_done_is_unknown() -> None:
    shelf = greenhouse_shelf()
    kit, line = kit_on(greenhouse(), lost_reply(shelf, carried_out=False))
    result = kit.write("pump", 1)
    assert (result.outcome, result.is_done) == (WriteOutcome.UNKNOWN, False)
    assert "0" in result.message.en
    assert sum(request[1] == 5 for request in line.sent) == 1


@pytest.mark.parametrize(
    ("point", "value", "code"),
    [
        ("fan_pct", 100.1, "E-LIMIT"),
        ("fan_pct", -0.1, "E-LIMIT"),
        ("fan_pct", 12.34, "E-LIMIT"),
        ("fan_pct", float("nan"), "E-LIMIT"),
        ("mode", 3, "E-ENUM"),
        ("mode", 0.5, "E-ENUM"),
        ("air_temp", 1, "E-LIMIT"),
        ("nothing", 1, "E-LIMIT"),
    ],
)
def test_what_the_profile_forbids_is_never_sent(point: str, value: float, code: str) -> None:
    shelf = greenhouse_shelf()
    kit, line = kit_on(greenhouse(), rtu_kit(shelf))
    result = kit.write(point, value)
    assert (result.outcome, result.code) == (WriteOutcome.REJECTED, code)
    assert line.sent == []


def test_a_computed_tenth_is_on_the_step() -> None:
    kit, _ = kit_on(greenhouse(), rtu_kit(greenhouse_shelf()))
    assert kit.write("fan_pct", 3 * 0.1).is_done


def test_writes_keep_their_distance_and_their_slope() -> None:
    kit, line = kit_on(greenhouse(), rtu_kit(greenhouse_shelf()))
    assert kit.write("pump", 1).is_done
    assert kit.write("pump", 0).code == "E-RATE"
    line.now += 2_000_000
    assert kit.write("pump", 0).is_done
    assert kit.write("fan_pct", 10).is_done
    line.now += 1_000_000
    assert kit.write("fan_pct", 60).code == "E-SLEW"
    line.now += 2_000_000
    assert kit.write("fan_pct", 60).is_done


def test_what_was_on_for_long_enough_is_switched_off() -> None:
    shelf = greenhouse_shelf()
    kit, line = kit_on(greenhouse(), rtu_kit(shelf))
    kit.write("pump", 1)
    assert kit.end_overdue() == []
    line.now = 9_000_000
    kit.poll_due()
    assert kit.next_due_us() <= 10_100_000
    line.now = 10_100_000
    (result,) = kit.end_overdue()
    assert (result.point, result.value, result.is_done) == ("pump", 0.0, True)
    assert kit.end_overdue() == []


def test_the_safe_state_is_written_in_order_whatever_the_rates() -> None:
    shelf = greenhouse_shelf()
    kit, _ = kit_on(greenhouse(), rtu_kit(shelf))
    kit.write("pump", 1)
    kit.write("fan_pct", 90)
    results = kit.make_safe()
    assert [(r.point, r.value, r.is_done) for r in results] == [
        ("pump", 0.0, True),
        ("fan_pct", 0.0, True),
    ]
    assert (shelf.kept["coil", 0], shelf.kept["holding", 10]) == (0, 0)


def test_a_silent_kit_is_not_asked_for_every_point_of_its_safe_state() -> None:
    kit, line = kit_on(fire_kit(), lambda _: [])
    results = kit.make_safe()
    assert [r.point for r in results] == list(fire_kit().safe_on_disconnect)
    assert all(r.outcome == WriteOutcome.UNKNOWN for r in results)
    writes = [request for request in line.sent if request[1] in (5, 6)]
    assert len(writes) == 2


def test_a_write_ends_on_a_clock_that_stands_still() -> None:
    shelf = greenhouse_shelf()
    shelf.ignores_writes = True
    line = VirtualLine(rtu_kit(shelf, after_us=0))
    profile = changed(greenhouse(), "pump", verify_ms=60)
    kit = ModbusKit(profile, ModbusMaster(line, "rtu", now=lambda: 0), now_us=lambda: 0)
    assert kit.write("pump", 1).outcome == WriteOutcome.MISMATCH


def test_somebody_in_a_hurry_gets_the_result_so_far() -> None:
    shelf = greenhouse_shelf()
    shelf.ignores_writes = True
    profile = changed(greenhouse(), "pump", verify_ms=60_000)
    line = VirtualLine(rtu_kit(shelf))
    master = ModbusMaster(line, "rtu", now=line.now_us)
    kit = ModbusKit(profile, master, now_us=line.now_us, hurry=lambda: True)
    assert kit.write("pump", 1).outcome == WriteOutcome.MISMATCH
    assert line.now < 1_000_000


def test_results_can_be_made_by_whoever_has_no_link() -> None:
    result = WriteResult.unknown("pump", 1, greenhouse().name)
    assert (result.is_done, result.outcome.value) == (False, "unknown")


def test_the_unit_of_the_profile_is_the_one_asked() -> None:
    profile = greenhouse()
    other = replace(profile, modbus=replace(profile.modbus, unit=7))
    kit, line = kit_on(other, rtu_kit(greenhouse_shelf(), unit=7))
    assert kit.poll_due()
    assert {request[0] for request in line.sent} == {7}


def test_a_kits_watchdog_is_fed_thrice_in_its_period() -> None:
    shelf = greenhouse_shelf()
    profile = replace(greenhouse(), watchdog=Watchdog(point="fan_pct", period_us=300_000))
    kit, line = kit_on(profile, rtu_kit(shelf, after_us=0))
    while line.now < 1_000_000:
        kit.poll_due()
        line.now = kit.next_due_us()
    beats = [values for table, addr, values in shelf.writes if (table, addr) == ("holding", 10)]
    assert len(beats) == 10
    assert all(one != other for one, other in pairwise(beats))
