"""Framers of both ends: cutting the stream anywhere changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labapp.wire import mbap, rtu
from labapp.wire.checksums import crc16_modbus, has_good_crc, with_crc
from labapp.wire.frame import Damaged, Found, Frame
from labapp.wire.mbap import MbapFramer
from labapp.wire.rtu import RtuFramer
from labapp.wire.server_side import MbapServerFramer, Request, RtuServerFramer


def cut(stream: bytes, at: Sequence[int]) -> list[bytes]:
    """Return ``stream`` in pieces."""
    edges = [0, *sorted({min(i, len(stream)) for i in at}), len(stream)]
    return [stream[a:b] for a, b in pairwise(edges)]


CUTS = st.lists(st.integers(0, 200), max_size=12)
READ_REPLY = st.binary(min_size=2, max_size=40).filter(lambda b: len(b) % 2 == 0)


def read_reply(body: bytes) -> bytes:
    return bytes((3, len(body))) + body


# ---------------------------------------------------------------------- sums


# MODBUS over Serial Line V1.02, §6.2.2: the example 02 07 has the sum 12 41 on the wire, and
# "123456789" gives 4B37 in the catalogue of CRC algorithms (CRC-16/MODBUS).
@pytest.mark.parametrize(
    ("data", "crc"), [(bytes.fromhex("0207"), 0x1241), (b"123456789", 0x4B37), (b"", 0xFFFF)]
)
def test_sums_of_published_examples(data: bytes, crc: int) -> None:
    assert crc16_modbus(data) == crc


@given(st.binary(min_size=2, max_size=60), st.integers(0, 10_000), st.integers(0, 7))
def test_one_wrong_bit_never_passes(data: bytes, at: int, bit: int) -> None:
    frame = bytearray(with_crc(data))
    assert has_good_crc(frame)
    frame[at % len(frame)] ^= 1 << bit
    assert not has_good_crc(frame)


# ---------------------------------------------------------------------- this end, RTU


def fed(framer: RtuFramer | MbapFramer, chunks: Sequence[bytes]) -> list[Found]:
    return [found for chunk in chunks for found in framer.feed(chunk)]


@given(st.lists(READ_REPLY, min_size=1, max_size=4), CUTS)
def test_rtu_replies_whatever_the_cuts(bodies: list[bytes], at: list[int]) -> None:
    stream = b"".join(rtu.encode(1, read_reply(body)) for body in bodies)
    framer = RtuFramer()
    framer.expect(3)
    assert fed(framer, cut(stream, at)) == [Frame(1, read_reply(body)) for body in bodies]


@given(st.binary(max_size=60), READ_REPLY, st.binary(max_size=10), CUTS)
def test_rtu_noise_whatever_the_cuts(
    before: bytes, body: bytes, after: bytes, at: list[int]
) -> None:
    """The same is found however the stream is cut, and no byte is lost or counted twice."""
    stream = before + rtu.encode(1, read_reply(body)) + after
    whole, pieces = RtuFramer(), RtuFramer()
    whole.expect(3)
    pieces.expect(3)
    at_once = whole.feed(stream) + whole.idle()
    in_pieces = fed(pieces, cut(stream, at)) + pieces.idle()
    assert in_pieces == at_once
    told = b"".join(
        found.raw if isinstance(found, Damaged) else rtu.encode(found.unit, found.pdu)
        for found in at_once
    )
    assert told == stream


@settings(max_examples=200)
@given(st.binary(max_size=30), READ_REPLY)
def test_a_reply_after_noise_is_found(noise: bytes, body: bytes) -> None:
    framer = RtuFramer()
    framer.expect(3)
    found = framer.feed(noise + rtu.encode(1, read_reply(body))) + framer.idle()
    assert Frame(1, read_reply(body)) in found


@pytest.mark.parametrize(
    ("function", "pdu"),
    [
        (1, "01 02 05 00"), (5, "05 00 03 FF 00"), (6, "06 00 01 00 03"), (15, "0F 00 13 00 0A"),
        (16, "10 00 01 00 02"), (22, "16 00 04 00 F2 00 25"), (23, "17 02 00 FE"),
        (3, "83 02"), (43, "2B 0E 01 01 00 00 01 00 03 61 62 63"),
    ],
)  # fmt: skip
def test_the_length_of_every_reply_is_known(function: int, pdu: str) -> None:
    frame = rtu.encode(17, bytes.fromhex(pdu))
    framer = RtuFramer()
    framer.expect(function)
    for byte in frame[:-1]:
        assert framer.feed(bytes((byte,))) == []
    assert framer.feed(frame[-1:]) == [Frame(17, bytes.fromhex(pdu))]


def test_another_functions_reply_is_noise() -> None:
    framer = RtuFramer()
    framer.expect(4)
    wrong, right = rtu.encode(1, read_reply(b"\0\1")), rtu.encode(1, bytes((4, 2, 0, 9)))
    found = framer.feed(wrong + right)
    assert found[-1] == Frame(1, bytes((4, 2, 0, 9)))
    assert all(isinstance(item, Damaged) for item in found[:-1])


def test_a_new_question_forgets_the_old_bytes() -> None:
    framer = RtuFramer()
    framer.expect(3)
    framer.feed(rtu.encode(1, read_reply(b"\0\1"))[:5])
    framer.expect(3)
    assert framer.feed(rtu.encode(1, read_reply(b"\0\2"))) == [Frame(1, read_reply(b"\0\2"))]


# ---------------------------------------------------------------------- this end, Modbus TCP


@given(
    st.lists(st.tuples(st.integers(0, 255), READ_REPLY, st.integers(0, 0xFFFF)), max_size=4), CUTS
)
def test_mbap_frames_whatever_the_cuts(frames: list[tuple[int, bytes, int]], at: list[int]) -> None:
    stream = b"".join(mbap.encode(unit, read_reply(body), number) for unit, body, number in frames)
    expected = [Frame(unit, read_reply(body), number) for unit, body, number in frames]
    assert fed(MbapFramer(), cut(stream, at)) == expected


@given(st.binary(min_size=6, max_size=60), CUTS)
def test_mbap_loses_a_stream_for_good_whatever_the_cuts(junk: bytes, at: list[int]) -> None:
    whole, pieces = MbapFramer(), MbapFramer()
    assert fed(pieces, cut(junk, at)) == fed(whole, [junk])
    assert pieces.lost == whole.lost
    if whole.lost:
        assert whole.feed(mbap.encode(1, read_reply(b"\0\1"), 1)) == []


@pytest.mark.parametrize("head", ["0001 0001 0005", "0001 0000 0002", "0001 0000 00FF"])
def test_a_header_that_cannot_be_right(head: str) -> None:
    (found,) = MbapFramer().feed(bytes.fromhex(head))
    assert isinstance(found, Damaged)
    assert found.lost


# ---------------------------------------------------------------------- the far end

REQUESTS = st.sampled_from(
    [
        bytes.fromhex("03006B0003"), bytes.fromhex("050003FF00"), bytes.fromhex("0F0000000A02CD01"),
        bytes.fromhex("10000100020400020003"), bytes.fromhex("16000400F20025"),
        bytes.fromhex("2B0E0100"),
    ]
)  # fmt: skip


@given(st.lists(REQUESTS, min_size=1, max_size=4), CUTS)
def test_rtu_requests_whatever_the_cuts(pdus: list[bytes], at: list[int]) -> None:
    stream = b"".join(rtu.encode(1, pdu) for pdu in pdus)
    framer = RtuServerFramer()
    found = [request for chunk in cut(stream, at) for request in framer.feed(chunk)]
    assert found == [Request(1, pdu) for pdu in pdus]


@given(st.lists(REQUESTS, min_size=1, max_size=4), CUTS)
def test_mbap_requests_whatever_the_cuts(pdus: list[bytes], at: list[int]) -> None:
    stream = b"".join(mbap.encode(1, pdu, number) for number, pdu in enumerate(pdus))
    framer = MbapServerFramer()
    found = [request for chunk in cut(stream, at) for request in framer.feed(chunk)]
    assert found == [Request(1, pdu, number) for number, pdu in enumerate(pdus)]


def test_silence_frees_the_far_end_of_half_a_request() -> None:
    framer = RtuServerFramer()
    whole = rtu.encode(1, bytes.fromhex("03006B0003"))
    assert framer.feed(whole[:5]) == []
    assert framer.idle() == []
    assert framer.feed(whole) == [Request(1, whole[1:-2])]
