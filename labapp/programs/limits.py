"""How much a student's program may use; one place for every figure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds of one run; the defaults are for a lesson on a five-year-old PC.

    Attributes:
        quiet_s: longest stretch of computing without a call to labkit.
        start_s: longest wait for the interpreter to come up (virus scanners take seconds).
        memory_bytes: address space on Linux, committed memory on Windows.
        file_bytes: longest file that it may write.
        cpu_s: processor time of a whole run, a backstop that outlives the app.
        output_bytes: how much of the printed text is kept, the newest.
        calls_per_instant: calls answered at one lockstep instant before time must move on.
        calls_when_busy: the same, once a program has been found to ask without ``sleep()``.
        calls_per_s: calls answered in a second of a live run.
        harden: whether the system's own limits are put on; off only in tests of the other layers.
    """

    quiet_s: float = 5.0
    start_s: float = 30.0
    memory_bytes: int = 512 << 20
    file_bytes: int = 8 << 20
    cpu_s: int = 3_600
    output_bytes: int = 256 << 10
    calls_per_instant: int = 10_000
    calls_when_busy: int = 50
    calls_per_s: int = 2_000
    harden: bool = True
