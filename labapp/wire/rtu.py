"""Modbus RTU, this end of the wire: requests out, replies in.

A reply has no mark at its start, so its length is read from its own head:

    unit  function            rest                        whole
    u     f | 0x80            code crc crc                 5 bytes
    u     1-4, 23             n, n bytes, crc crc          5 + n
    u     5, 6, 15, 16        addr value, crc crc          8
    u     22                  addr and or, crc crc        10
    u     43 (14)             head, objects, crc crc       as its objects say

What does not fit the function that was asked, or has a wrong sum, is hunted through one
byte at a time.
"""

from __future__ import annotations

from labapp.wire.checksums import has_good_crc, with_crc
from labapp.wire.frame import Damaged, Found, Frame

_BY_COUNT = frozenset({1, 2, 3, 4, 23})
_FIXED = {5: 8, 6: 8, 15: 8, 16: 8, 22: 10}
# unit, function 43, type 14, level, conformity, more, next, number of objects
_IDENTIFICATION_HEAD = 8


def encode(unit: int, pdu: bytes) -> bytes:
    """Return the frame that carries ``pdu``, from or to ``unit``."""
    return with_crc(bytes((unit,)) + pdu)


def reply_length(head: bytes | bytearray) -> int | None:
    """Return the whole length of the reply that starts with ``head``, 0 while unknown.

    ``None``: no reply starts like this.
    """
    if len(head) < 3:
        return 0
    function = head[1]
    if function & 0x80:
        return 5
    if function in _BY_COUNT:
        return 5 + head[2] if head[2] else None
    if function == 43:
        return _identification_length(head)
    return _FIXED.get(function)


def _identification_length(head: bytes | bytearray) -> int | None:
    if head[2] != 14:
        return None
    if len(head) < _IDENTIFICATION_HEAD:
        return 0
    at = _IDENTIFICATION_HEAD
    for _ in range(head[7]):
        if at + 1 >= len(head):
            return 0
        at += 2 + head[at + 1]
    return at + 2 if at + 2 <= 256 else None


class RtuFramer:
    """Finds replies in a stream; cutting the stream anywhere changes nothing.

    ``expect`` says which function was asked; only its replies and exceptions are frames.
    """

    def __init__(self) -> None:
        self._function = 0
        self._buffer = bytearray()
        self._noise = bytearray()
        self._noise_why = "noise"

    def expect(self, function: int) -> None:
        """Forget what came before and look for replies to ``function``."""
        self._function = function
        self._buffer.clear()
        self._noise.clear()
        self._noise_why = "noise"

    def feed(self, chunk: bytes) -> list[Found]:
        """Return what is complete now, in order; a damaged stretch precedes what follows it."""
        self._buffer += chunk
        return self._scan(at_end=False)

    def idle(self) -> list[Found]:
        """Return what is left when the line has gone quiet: nothing more belongs to it."""
        found = self._scan(at_end=True)
        self._flush_noise(found)
        return found

    def _scan(self, *, at_end: bool) -> list[Found]:
        found: list[Found] = []
        while self._buffer:
            length = self._length()
            if length is None:
                self._skip("noise")
            elif length == 0 or len(self._buffer) < length:
                if not at_end:
                    break
                self._skip("noise")
            elif has_good_crc(self._buffer[:length]):
                self._flush_noise(found)
                found.append(Frame(self._buffer[0], bytes(self._buffer[1 : length - 2])))
                del self._buffer[:length]
            else:
                self._skip("crc")
        return found

    def _length(self) -> int | None:
        if len(self._buffer) >= 2 and self._buffer[1] & 0x7F != self._function:
            return None
        return reply_length(self._buffer)

    def _skip(self, why: str) -> None:
        self._noise.append(self._buffer[0])
        if why == "crc":
            self._noise_why = why
        del self._buffer[0]

    def _flush_noise(self, found: list[Found]) -> None:
        if self._noise:
            found.append(Damaged(bytes(self._noise), self._noise_why))
            self._noise.clear()
            self._noise_why = "noise"
