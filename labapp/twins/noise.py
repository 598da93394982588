"""Noise by counter: value number n of a channel depends on (seed, channel, n) and nothing else.

The bits are Philox4x64-10 (Salmon et al., SC'11) straight from its counter; numpy promises them
for ever (NEP 19 keeps raw bit streams), but not its normal or uniform numbers, so those are
made here from integers.
"""

from __future__ import annotations

import zlib

import numpy as np

_BLOCK = 1024  # values a counter block holds: 256 Philox steps of four words
_MEAN = 4 * 65535 // 2  # of four 16-bit words
_PER_SIGMA = 2.6429e-05  # 1 / sqrt(4 * (2**32 - 1) / 12)


class Noise:
    """One channel's stream of standard normal numbers, bounded to ±3.46.

    The bound is wanted: outliers come from faults alone, so that nobody fails by a lucky 5 σ.
    ``position`` is the number of the next value; set it to go anywhere in the stream.
    """

    __slots__ = ("_at", "_key", "_values", "position")

    def __init__(self, seed: int, channel: str) -> None:
        self._key = (seed % 2**64) << 64 | zlib.crc32(channel.encode("utf-8"))
        self.position = 0
        self._at = -1
        self._values: list[float] = []

    def normal(self) -> float:
        """Return the next value: a sum of four 16-bit words (Irwin-Hall), mean 0, sigma 1."""
        position = self.position
        self.position = position + 1
        if position >> 10 != self._at:
            self._fill(position >> 10)
        return self._values[position & 1023]

    def _fill(self, block: int) -> None:
        words = _words(self._key, block)
        sums = (
            (words & 0xFFFF) + (words >> 16 & 0xFFFF) + (words >> 32 & 0xFFFF) + (words >> 48)
        ).tolist()
        self._values = [(total - _MEAN) * _PER_SIGMA for total in sums]
        self._at = block


def uniform_word(seed: int, channel: str, number: int = 0) -> int:
    """Return 32 uniform bits, value ``number`` of a channel: for draws that happen once."""
    key = (seed % 2**64) << 64 | zlib.crc32(channel.encode("utf-8"))
    return int(_words(key, number // _BLOCK)[number % _BLOCK]) >> 32


def _words(key: int, block: int) -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
    return np.random.Philox(key=key, counter=block << 64).random_raw(_BLOCK)
