"""Serial ports over ptys: what a cable does, without a cable."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from labapp.app.clock import SystemClock
from labapp.transport.base import PortGone
from labapp.transport.serial_port import SerialIO, SerialSettings, open_serial

pytestmark = pytest.mark.skipif(not hasattr(os, "openpty"), reason="no ptys on this system")


class Line:
    """A pty: ``device`` is the port, ``master`` the far end of the cable."""

    def __init__(self) -> None:
        import tty

        self.master, self._slave = os.openpty()
        tty.setraw(self._slave)
        self.device = os.ttyname(self._slave)
        self._is_plugged = True

    def unplug(self) -> None:
        if self._is_plugged:
            self._is_plugged = False
            os.close(self._slave)
            os.close(self.master)


@pytest.fixture
def line() -> Iterator[Line]:
    line = Line()
    yield line
    line.unplug()


@pytest.fixture
def port(line: Line) -> Iterator[SerialIO]:
    io = open_serial(line.device, SerialSettings(baud=115200, dtr=False, rts=False))
    yield io
    io.close()


def test_bytes_go_both_ways(line: Line, port: SerialIO) -> None:
    port.write(b"\x01\x03")
    assert os.read(line.master, 10) == b"\x01\x03"
    os.write(line.master, b"\x00\xff\x11\x13\r\n")  # nothing is translated or swallowed
    got = b""
    while len(got) < 6:
        chunk = port.read(2.0)
        assert chunk, "the port gave up"
        got += chunk
    assert got == b"\x00\xff\x11\x13\r\n"
    assert port.describe() == line.device


def test_reading_waits_no_longer_than_asked(port: SerialIO) -> None:
    clock = SystemClock()
    begun_us = clock.now_us()
    assert port.read(0.05) == b""
    assert 40_000 <= clock.now_us() - begun_us < 1_000_000
    assert port.read(0) == b""


def test_an_unplugged_port_is_noticed(line: Line, port: SerialIO) -> None:
    line.unplug()
    with pytest.raises(PortGone) as told:
        port.read(1.0)
    assert told.value.code == "E-PORT-GONE"
    with pytest.raises(PortGone):
        port.write(b"x")


def test_nobody_opens_a_port_twice(line: Line, port: SerialIO, tmp_path: Path) -> None:
    with pytest.raises(PortGone) as told:
        open_serial(line.device, SerialSettings())
    assert told.value.code == "E-PORT-BUSY"
    alias = tmp_path / "kit"
    alias.symlink_to(line.device)
    with pytest.raises(PortGone) as told:
        open_serial(str(alias), SerialSettings())
    assert told.value.code == "E-PORT-BUSY"


def test_a_port_that_another_program_holds_is_busy(line: Line) -> None:
    import fcntl

    holder = os.open(line.device, os.O_RDWR | os.O_NOCTTY)
    try:
        fcntl.flock(holder, fcntl.LOCK_EX)
        with pytest.raises(PortGone) as told:
            open_serial(line.device, SerialSettings())
        assert told.value.code == "E-PORT-BUSY"
    finally:
        os.close(holder)
    open_serial(line.device, SerialSettings()).close()


def test_a_closed_port_can_be_opened_again(line: Line, port: SerialIO) -> None:
    port.close()
    again = open_serial(line.device, SerialSettings())
    port.close()  # the first one: lets go of nothing that is the second's
    with pytest.raises(PortGone):
        open_serial(line.device, SerialSettings())
    again.close()


def test_a_file_is_no_port(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("no port")
    with pytest.raises(PortGone) as told:
        open_serial(str(file), SerialSettings())
    assert told.value.code == "E-NOT-A-PORT"


def test_a_missing_port_is_told_with_those_that_there_are() -> None:
    with pytest.raises(PortGone) as told:
        open_serial("/dev/no-such-port", SerialSettings(), ("COM1",))
    assert told.value.code == "E-PORT-MISSING"
    assert "COM1" in told.value.message.en


def test_the_line_in_short() -> None:
    settings = SerialSettings(baud=19200, parity="E", stopbits=1)
    assert (settings.short, settings.bits_per_char) == ("19200 8E1", 11)
