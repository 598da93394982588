"""Modbus framing at the far end of the wire: requests in, replies out.

unit  function         rest                                  whole
u     1-6              addr count|value, crc crc              8
u     15, 16           addr count n, n bytes, crc crc         9 + n
u     22               addr and or, crc crc                  10
u     23               2 x (addr count), n, n bytes, crc     13 + n
u     43               14 level object, crc crc               7
"""

from __future__ import annotations

from dataclasses import dataclass

from labapp.wire import mbap, rtu
from labapp.wire.checksums import has_good_crc
from labapp.wire.frame import Damaged, Frame

# V1.1b3: the longest RTU frame.
_LONGEST = 256
_SHORTEST = 4


@dataclass(frozen=True, slots=True)
class Request:
    """One intact request; ``transaction`` is its MBAP number, ``None`` on a serial line."""

    unit: int
    pdu: bytes
    transaction: int | None = None


def request_length(head: bytes | bytearray) -> int | None:
    """Return the whole length of the RTU request that starts with ``head``, 0 while unknown.

    ``None``: a function whose length is not known, to be found by its sum.
    """
    if len(head) < 2:
        return 0
    function = head[1]
    if 1 <= function <= 6:
        return 8
    if function in (15, 16):
        return 9 + head[6] if len(head) > 6 else 0
    if function == 22:
        return 10
    if function == 23:
        return 13 + head[10] if len(head) > 10 else 0
    if function == 43:
        return 7
    return None


class RtuServerFramer:
    """Finds requests on a serial line; cutting the stream anywhere changes nothing."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, chunk: bytes) -> list[Request]:
        """Return the requests that are complete now, in order."""
        self._buffer += chunk
        return self._scan(at_end=False)

    def idle(self) -> list[Request]:
        """Return what the bytes held hold once the line is quiet, and forget the rest.

        Call it after a silence longer than a frame's inner gaps (3.5 characters on a real
        line; tens of milliseconds behind USB), so that noise cannot hold up a request.
        """
        found = self._scan(at_end=True)
        self._buffer.clear()
        return found

    @staticmethod
    def encode(request: Request, pdu: bytes) -> bytes:
        """Return the frame that answers ``request``."""
        return rtu.encode(request.unit, pdu)

    def _scan(self, *, at_end: bool) -> list[Request]:
        found: list[Request] = []
        while self._buffer:
            length = request_length(self._buffer)
            if length is None:
                length = self._length_by_sum()
            if length == 0 or len(self._buffer) < length:
                if not at_end:
                    break
                del self._buffer[0]
            elif length <= _LONGEST and has_good_crc(self._buffer[:length]):
                found.append(Request(self._buffer[0], bytes(self._buffer[1 : length - 2])))
                del self._buffer[:length]
            else:
                del self._buffer[0]
        return found

    def _length_by_sum(self) -> int:
        """Return the shortest length whose sum fits; 0 while none does yet, 1 if none can."""
        for length in range(_SHORTEST, min(len(self._buffer), _LONGEST) + 1):
            if has_good_crc(self._buffer[:length]):
                return length
        return 0 if len(self._buffer) < _LONGEST else 1


class MbapServerFramer:
    """Finds requests in a Modbus TCP stream; ``lost`` once it cannot be followed any more."""

    def __init__(self) -> None:
        self._framer = mbap.MbapFramer()

    @property
    def lost(self) -> bool:
        """Whether the stream holds something else than Modbus TCP; close the connection."""
        return self._framer.lost

    def feed(self, chunk: bytes) -> list[Request]:
        """Return the requests that are complete now, in order."""
        requests = []
        for found in self._framer.feed(chunk):
            match found:
                case Frame(unit, pdu, transaction):
                    requests.append(Request(unit, pdu, transaction))
                case Damaged():
                    break
        return requests

    def idle(self) -> list[Request]:
        """Return nothing: TCP has no silence that means anything."""
        return []

    @staticmethod
    def encode(request: Request, pdu: bytes) -> bytes:
        """Return the frame that answers ``request``."""
        return mbap.encode(request.unit, pdu, request.transaction or 0)
