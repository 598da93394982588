"""What a kit says to one request: silence for another unit, else the reply of its memory."""

from __future__ import annotations

from typing import Literal

from labapp.twins.memory import TwinMemory
from labapp.wire.server_side import MbapServerFramer, Request, RtuServerFramer
from labapp.wire.slave import answer_pdu

Framing = Literal["rtu", "mbap"]
ServerFramer = RtuServerFramer | MbapServerFramer
_BROADCAST = 0


def server_framer(framing: Framing) -> ServerFramer:
    """Return a fresh framer for one connection."""
    return RtuServerFramer() if framing == "rtu" else MbapServerFramer()


class Answerer:
    """One kit on one kind of wire; call it in one thread at a time."""

    def __init__(self, memory: TwinMemory, framing: Framing) -> None:
        self._memory = memory
        self._unit = memory.profile.modbus.unit
        self._framing = framing

    def answer(self, request: Request) -> bytes | None:
        """Return the reply's PDU, or ``None`` where a kit stays silent.

        A serial broadcast (unit 0) is carried out and not answered.
        """
        if request.unit == self._unit:
            return answer_pdu(self._memory, request.pdu, self._memory.identity)
        if request.unit == _BROADCAST and self._framing == "rtu":
            answer_pdu(self._memory, request.pdu)
        return None
