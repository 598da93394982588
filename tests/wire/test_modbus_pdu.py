"""Requests and replies, held against the examples of MODBUS Application Protocol V1.1b3 §6."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labapp.wire import modbus_pdu as m
from labapp.wire.modbus_pdu import ModbusRefused, NotTheAnswer, Table
from labapp.wire.slave import answer_pdu


class Shelf:
    """Four tables of 256 places each."""

    def __init__(self) -> None:
        self.tables: dict[str, list[int]] = {
            name: [0] * 256 for name in ("coil", "discrete", "input", "holding")
        }

    def read(self, table: Table, addr: int, count: int) -> list[int]:
        if addr + count > 256:
            raise ModbusRefused(2)
        return self.tables[table][addr : addr + count]

    def write(self, table: Table, addr: int, values: Sequence[int]) -> None:
        if addr + len(values) > 256:
            raise ModbusRefused(2)
        self.tables[table][addr : addr + len(values)] = values


@pytest.mark.parametrize(
    ("made", "printed"),
    [
        (m.encode_read("coil", 19, 19), "01 00 13 00 13"),
        (m.encode_read("discrete", 196, 22), "02 00 C4 00 16"),
        (m.encode_read("holding", 107, 3), "03 00 6B 00 03"),
        (m.encode_read("input", 8, 1), "04 00 08 00 01"),
        (m.encode_write_coil(172, True), "05 00 AC FF 00"),
        (m.encode_write_register(1, 3), "06 00 01 00 03"),
        (m.encode_write_coils(19, [1, 0, 1, 1, 0, 0, 1, 1, 1, 0]), "0F 00 13 00 0A 02 CD 01"),
        (m.encode_write_registers(1, [10, 258]), "10 00 01 00 02 04 00 0A 01 02"),
        (m.encode_mask_write(4, 0x00F2, 0x0025), "16 00 04 00 F2 00 25"),
        (m.encode_read_identification(1), "2B 0E 01 00"),
    ],
)
def test_requests_are_those_of_the_specification(made: bytes, printed: str) -> None:
    assert made == bytes.fromhex(printed)


def test_replies_are_those_of_the_specification() -> None:
    coils = m.decode_read(bytes.fromhex("01 03 CD 6B 05"), "coil", 19)
    assert coils == [1, 0, 1, 1, 0, 0, 1, 1, 1, 1, 0, 1, 0, 1, 1, 0, 1, 0, 1]
    registers = m.decode_read(bytes.fromhex("03 06 02 2B 00 00 00 64"), "holding", 3)
    assert registers == [0x022B, 0, 100]


BLOCKS = st.tuples(st.integers(0, 255), st.integers(1, 100)).filter(lambda b: b[0] + b[1] <= 256)


@settings(max_examples=25)
@given(BLOCKS, st.data())
def test_what_is_written_is_read_back(block: tuple[int, int], data: st.DataObject) -> None:
    addr, count = block
    shelf = Shelf()
    words = data.draw(st.lists(st.integers(0, 0xFFFF), min_size=count, max_size=count))
    bits = data.draw(st.lists(st.integers(0, 1), min_size=count, max_size=count))
    for request in (m.encode_write_registers(addr, words), m.encode_write_coils(addr, bits)):
        m.check_write(answer_pdu(shelf, request), request)
    asked = m.encode_read("holding", addr, count)
    assert m.decode_read(answer_pdu(shelf, asked), "holding", count) == words
    asked = m.encode_read("coil", addr, count)
    assert m.decode_read(answer_pdu(shelf, asked), "coil", count) == bits


@given(st.binary(max_size=260))
def test_the_far_end_answers_anything(pdu: bytes) -> None:
    told = answer_pdu(Shelf(), pdu)
    assert 2 <= len(told) <= m.MAX_PDU
    assert told[0] & 0x7F == (pdu[0] & 0x7F if pdu else 0)


@given(st.binary(max_size=40), st.integers(1, 8))
def test_only_a_reply_of_the_right_shape_is_read(pdu: bytes, count: int) -> None:
    try:
        values = m.decode_read(pdu, "holding", count)
    except (NotTheAnswer, ModbusRefused):
        return
    assert pdu[0] == 3
    assert len(values) == count
    assert len(pdu) == 2 + 2 * count


@pytest.mark.parametrize(("addr", "count"), [(0, 0), (0, 126), (65_535, 2), (-1, 1)])
def test_requests_that_cannot_be_are_not_made(addr: int, count: int) -> None:
    with pytest.raises(ValueError, match="outside"):
        m.encode_read("holding", addr, count)


def test_a_refused_request_changes_nothing() -> None:
    shelf = Shelf()
    request = m.encode_write_registers(250, [1] * 10)
    with pytest.raises(ModbusRefused) as told:
        m.check_write(answer_pdu(shelf, request), request)
    assert told.value.code == 2
    assert shelf.tables["holding"] == [0] * 256
