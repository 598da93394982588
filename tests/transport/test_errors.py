"""The strings and numbers that systems give, and the code that people get."""

from __future__ import annotations

import errno
import socket

import pytest
import serial

from labapp.transport.errors import cannot_connect, cannot_open

# Windows' are pyserial's messages as issue reports quote them.
_LOCKED = "Could not exclusively lock port /dev/ttyUSB0: [Errno 11]"
OPENING: list[tuple[OSError, str]] = [
    (serial.SerialException(2, "could not open port: [Errno 2] No such file"), "E-PORT-MISSING"),
    (serial.SerialException(6, "could not open port: [Errno 6] No such device"), "E-PORT-MISSING"),
    (
        serial.SerialException("'COM9': FileNotFoundError(2, 'not found', None, 2)"),
        "E-PORT-MISSING",
    ),
    (serial.SerialException(16, "could not open port: [Errno 16] busy"), "E-PORT-BUSY"),
    (serial.SerialException(11, _LOCKED), "E-PORT-BUSY"),
    (serial.SerialException("'COM3': PermissionError(13, 'denied', None, 5)"), "E-PORT-BUSY"),
    (serial.SerialException(13, "could not open port: [Errno 13] denied"), "E-PORT-PERM"),
    (serial.SerialException("Could not configure port: (25, 'ioctl')"), "E-NOT-A-PORT"),
    (serial.SerialException("'COM4': OSError(22, 'not functioning', None, 31)"), "E-PORT-DRIVER"),
    (serial.SerialException("'COM4': OSError(22, 'semaphore', None, 121)"), "E-PORT-DRIVER"),
]
CONNECTING: list[tuple[OSError, str]] = [
    (OSError(errno.ECONNREFUSED, "refused"), "E-NET-REFUSED"),
    (OSError(10061, "refused"), "E-NET-REFUSED"),
    (OSError(errno.ETIMEDOUT, "timed out"), "E-NET-TIMEOUT"),
    (TimeoutError(), "E-NET-TIMEOUT"),
    (OSError(10060, "timed out"), "E-NET-TIMEOUT"),
    (OSError(errno.EHOSTUNREACH, "no route"), "E-NET-UNREACH"),
    (OSError(errno.ENETUNREACH, "no network"), "E-NET-UNREACH"),
    (socket.gaierror(-2, "Name or service not known"), "E-NET-UNREACH"),
]


@pytest.mark.parametrize(("cause", "code"), OPENING)
def test_a_port_that_does_not_open(cause: OSError, code: str) -> None:
    gone = cannot_open("COM4", cause, ("COM1", "COM2"))
    assert gone.code == code
    assert "COM4" in gone.message.zh
    assert "COM4" in gone.message.en
    assert gone.exit_code == 4


def test_a_missing_port_names_those_that_there_are() -> None:
    gone = cannot_open("COM4", OSError(2, "No such file"), ("COM1", "COM2"))
    assert "COM1, COM2" in gone.message.en
    assert "COM1、COM2" in gone.message.zh


@pytest.mark.parametrize(("cause", "code"), CONNECTING)
def test_a_host_that_is_not_reached(cause: OSError, code: str) -> None:
    gone = cannot_connect("192.0.2.7:502", cause)
    assert gone.code == code
    assert "192.0.2.7:502" in gone.message.en
