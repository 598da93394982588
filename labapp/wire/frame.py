"""What a framer finds in a stream of bytes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Frame:
    """One intact frame: who it is from (or for), what it says, and its MBAP number if any."""

    unit: int
    pdu: bytes
    transaction: int | None = None


@dataclass(frozen=True, slots=True)
class Damaged:
    """Bytes that are no frame. ``why`` is ``crc`` (a frame with a wrong sum) or ``noise``.

    ``lost`` is set where a stream can never be understood again (a broken MBAP header).
    """

    raw: bytes
    why: str
    lost: bool = False


Found = Frame | Damaged
