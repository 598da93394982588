"""Modbus TCP's envelope (MODBUS Messaging on TCP/IP V1.0b, §3.1.3), either end.

transaction  protocol  length  unit  pdu
2 bytes      0 0       2       1     length - 1
"""

from __future__ import annotations

import struct

from labapp.wire.frame import Damaged, Found, Frame
from labapp.wire.modbus_pdu import MAX_PDU

HEAD = 7


def encode(unit: int, pdu: bytes, transaction: int) -> bytes:
    """Return the frame that carries ``pdu``, from or to ``unit``."""
    return struct.pack(">HHHB", transaction, 0, len(pdu) + 1, unit) + pdu


class MbapFramer:
    """Finds frames in a TCP stream; cutting it anywhere changes nothing.

    A header that cannot be right loses the stream for good: the length can no longer be
    believed, so the connection has to be made anew.
    """

    def __init__(self) -> None:
        self._buffer = bytearray()
        self.lost = False

    def feed(self, chunk: bytes) -> list[Found]:
        """Return the frames that are complete now, in order."""
        if self.lost:
            return []
        self._buffer += chunk
        found: list[Found] = []
        while len(self._buffer) >= HEAD - 1:
            transaction, protocol, length = struct.unpack(">HHH", self._buffer[: HEAD - 1])
            if protocol != 0 or not 3 <= length <= MAX_PDU + 1:
                # Only the six bytes that prove it: what follows depends on where it was cut.
                found.append(Damaged(bytes(self._buffer[: HEAD - 1]), "header", lost=True))
                self.lost = True
                self._buffer.clear()
                break
            end = HEAD - 1 + length
            if len(self._buffer) < end:
                break
            pdu = bytes(self._buffer[HEAD:end])
            found.append(Frame(self._buffer[HEAD - 1], pdu, transaction))
            del self._buffer[:end]
        return found
