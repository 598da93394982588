"""Noise depends on seed, channel and number alone, and its bits are those of Philox."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from labapp.twins.noise import Noise, uniform_word


def philox4x64(counter: list[int], key: list[int]) -> list[int]:
    """Philox4x64-10 as Salmon et al., SC'11, write it; numpy is not asked."""
    mask = 2**64 - 1
    c, k = list(counter), list(key)
    for _ in range(10):
        high0, low0 = divmod(0xD2E7470EE14C6C93 * c[0], 2**64)
        high1, low1 = divmod(0xCA5A826395121157 * c[2], 2**64)
        c = [high1 ^ c[1] ^ k[0], low1, high0 ^ c[3] ^ k[1], low0]
        k = [(k[0] + 0x9E3779B97F4A7C15) & mask, (k[1] + 0xBB67AE8584CAA73B) & mask]
    return c


def test_the_bits_are_philox_from_its_paper() -> None:
    import zlib

    key = [zlib.crc32(b"temp"), 7]
    # numpy counts up before each block of four words.
    words = philox4x64([1, 0, 0, 0], key)
    assert [uniform_word(7, "temp", number) for number in range(4)] == [w >> 32 for w in words]
    normals = Noise(7, "temp")
    for word in words:
        four = sum(word >> shift & 0xFFFF for shift in (0, 16, 32, 48))
        assert normals.normal() == (four - 131070) * 2.6429e-05


@given(seed=st.integers(0, 2**64 - 1), at=st.integers(0, 5000))
def test_any_value_can_be_taken_alone(seed: int, at: int) -> None:
    walking, jumping = Noise(seed, "flame"), Noise(seed, "flame")
    jumping.position = at
    values = [walking.normal() for _ in range(at + 1)]
    assert jumping.normal() == values[-1]
    assert walking.position == jumping.position == at + 1


def test_channels_and_seeds_do_not_share_values() -> None:
    streams = [Noise(s, c) for s in (1, 2) for c in ("temp", "smoke", "temp.unit")]
    drawn = [tuple(stream.normal() for _ in range(50)) for stream in streams]
    assert len(set(drawn)) == len(drawn)
    for a in drawn:
        for b in drawn:
            if a is not b:
                assert abs(sum(x * y for x, y in zip(a, b, strict=True)) / 50) < 0.6


def test_it_has_mean_0_sigma_1_and_no_outliers() -> None:
    noise = Noise(3, "co")
    values = [noise.normal() for _ in range(20_000)]
    mean = math.fsum(values) / len(values)
    sigma = math.sqrt(math.fsum((v - mean) ** 2 for v in values) / len(values))
    # Five standard errors of a mean and of a standard deviation.
    assert abs(mean) < 5 / math.sqrt(20_000)
    assert abs(sigma - 1) < 5 / math.sqrt(40_000)
    assert max(map(abs, values)) <= 3.47
