"""A wire that spoils what a twin says: replies late, lost, or with one wrong byte."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from labapp.twins.answering import Framing
from labapp.twins.fault_spec import LinkFaultSpec
from labapp.twins.faults import LinkFault
from labapp.twins.noise import uniform_word


@dataclass(frozen=True, slots=True)
class Reply:
    """Bytes for the wire, and how long they are held back, microseconds."""

    frame: bytes
    delay_us: int = 0


class LinkSpoiler:
    """Applies the faults of one link, the same way for the same seed and order of requests.

    On Modbus TCP a wrong byte is one of the registers', so that the stream can still be followed.
    """

    def __init__(self, faults: Sequence[LinkFaultSpec], seed: int, framing: Framing) -> None:
        self._faults = tuple(faults)
        self._seed = seed
        self._first_byte = 0 if framing == "rtu" else 8
        self._replies = 0

    def spoil(self, frame: bytes, t_us: int) -> Reply | None:
        """Return what reaches the wire of a reply given at ``t_us``; ``None``: nothing does."""
        number = self._replies
        self._replies += 1
        delay_us = 0
        for fault in self._faults:
            if not fault.is_on(t_us):
                continue
            if fault.kind is LinkFault.DELAY:
                delay_us += round(fault.value)
            elif self._is_hit(fault, number):
                if fault.kind is LinkFault.DROP:
                    return None
                frame = self._corrupted(frame, number)
        return Reply(frame, delay_us)

    def _is_hit(self, fault: LinkFaultSpec, number: int) -> bool:
        return uniform_word(self._seed, f"link.{fault.kind}", number) < fault.value * 2**32

    def _corrupted(self, frame: bytes, number: int) -> bytes:
        word = uniform_word(self._seed, "link.byte", number)
        first = min(self._first_byte, len(frame) - 1)
        at = first + word % (len(frame) - first)
        flipped = frame[at] ^ (1 << (word >> 16 & 7))
        return frame[:at] + bytes((flipped,)) + frame[at + 1 :]
