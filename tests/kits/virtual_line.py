"""A wire with a clock of its own: what is written is answered when the script says so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import count

from labapp.wire import rtu
from labapp.wire.slave import RegisterMemory, answer_pdu

Later = Sequence[tuple[int, bytes]]
"""Chunks with the microseconds after which they arrive."""
Answer = Callable[[bytes], Later]


class VirtualLine:
    """A ``ByteIO`` on which reading makes time pass; nothing really waits."""

    def __init__(self, answer: Answer) -> None:
        self.now = 0
        self.sent: list[bytes] = []
        self.answer = answer
        self._order = count()
        self._coming: list[tuple[int, int, bytes]] = []

    def now_us(self) -> int:
        return self.now

    def send_later(self, after_us: int, chunk: bytes) -> None:
        self._coming.append((self.now + after_us, next(self._order), chunk))
        self._coming.sort()

    def read(self, timeout_s: float) -> bytes:
        deadline = self.now + round(timeout_s * 1e6)
        if not self._coming or self._coming[0][0] > deadline:
            self.now = deadline
            return b""
        at, _, chunk = self._coming.pop(0)
        self.now = max(self.now, at)
        return chunk

    def write(self, chunk: bytes) -> None:
        self.sent.append(chunk)
        for after_us, answered in self.answer(chunk):
            self.send_later(after_us, answered)

    def close(self) -> None:
        self._coming.clear()

    def describe(self) -> str:
        return "virtual"


def dialogue(*turns: tuple[str, Later]) -> Answer:
    """Expect these requests in this order, in hexadecimal, and answer each as it says."""
    left = list(turns)

    def answer(request: bytes) -> Later:
        assert left, f"nobody expected {request.hex(' ')}"
        expected, later = left.pop(0)
        assert request == bytes.fromhex(expected)
        return later

    return answer


class CountingMemory:
    """Register ``n`` holds ``n``, in every table; coils hold ``n % 2``; writes are kept."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, int], int] = {}

    def read(self, table: str, addr: int, count: int) -> list[int]:
        is_bit = table in ("coil", "discrete")
        return [
            self.kept.get((table, at), at % 2 if is_bit else at) for at in range(addr, addr + count)
        ]

    def write(self, table: str, addr: int, values: Sequence[int]) -> None:
        self.kept |= {(table, addr + index): value for index, value in enumerate(values)}


def rtu_kit(memory: RegisterMemory, unit: int = 1, after_us: int = 2_000) -> Answer:
    """Answer every RTU request from ``memory``, as a kit with that unit would."""

    def answer(request: bytes) -> Later:
        if request[0] != unit:
            return []
        return [(after_us, rtu.encode(unit, answer_pdu(memory, request[1:-2])))]

    return answer
