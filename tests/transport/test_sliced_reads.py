"""Reading as on Windows, where a port cannot be waited for: in slices of a few milliseconds."""

from __future__ import annotations

from typing import Any

import pytest
import serial

from labapp.transport import serial_port
from labapp.transport.base import PortGone
from labapp.transport.serial_port import SerialIO

SILENT = "GetOverlappedResult failed (OSError(22, 'Timeout.', None, 1460))"
UNPLUGGED = "GetOverlappedResult failed (OSError(22, 'not functioning', None, 31))"


class Port:
    """A port of pyserial's kind, whose reads give what the test says, slice by slice."""

    port = "COM7"

    def __init__(self, *slices: bytes | str) -> None:
        self._left = list(slices)
        self.reads = 0

    @property
    def in_waiting(self) -> int:
        return 0

    def read(self, size: int) -> bytes:
        self.reads += 1
        told = self._left.pop(0) if self._left else b""
        if isinstance(told, str):
            raise serial.SerialException(told)
        return told

    def close(self) -> None:
        self._left.clear()


@pytest.fixture(autouse=True)
def _as_on_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serial_port, "_IS_POSIX", False)


def io_on(port: Any) -> SerialIO:
    return SerialIO(port, "COM7")


def test_the_first_slice_with_bytes_ends_the_read() -> None:
    port = Port(b"", b"", b"\x01\x03")
    assert io_on(port).read(1.0) == b"\x01\x03"
    assert port.reads == 3


def test_a_slice_that_ends_with_an_error_of_time_is_silence() -> None:
    assert io_on(Port(SILENT, SILENT, b"\x01")).read(1.0) == b"\x01"


def test_silence_lasts_as_many_slices_as_asked_for() -> None:
    port = Port()
    assert io_on(port).read(0.05) == b""
    assert port.reads == 5
    assert io_on(port).read(0) == b""
    assert port.reads == 5


def test_any_other_error_is_an_unplugged_port() -> None:
    with pytest.raises(PortGone) as told:
        io_on(Port(b"", UNPLUGGED)).read(1.0)
    assert told.value.code == "E-PORT-GONE"
