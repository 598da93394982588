"""A serial port as a ``ByteIO``: opened exclusively, and its unplugging noticed."""

from __future__ import annotations

import math
import os
import select
import sys
import threading
from dataclasses import dataclass

import serial

from labapp.transport.errors import (
    WIN_TIMEOUT,
    cannot_open,
    port_busy,
    port_gone,
    windows_error,
)

# Windows has no select for ports: reads wait in slices of its timer's size.
_SLICE_S = 0.01
_IS_POSIX = os.name == "posix"
_REFUSALS: tuple[type[Exception], ...] = (OSError, ValueError)
if sys.platform != "win32":
    import termios

    # What a port says to a setting that it does not have: no OSError, and pyserial lets it through.
    _REFUSALS += (termios.error,)


@dataclass(frozen=True, slots=True, kw_only=True)
class SerialSettings:
    """How the line is set; ``dtr`` and ``rts`` ``None`` leave what the system does (both on)."""

    baud: int = 9600
    bytesize: int = 8
    parity: str = "N"
    stopbits: int = 1
    dtr: bool | None = None
    rts: bool | None = None

    @property
    def short(self) -> str:
        """``115200 8N1``."""
        return f"{self.baud} {self.bytesize}{self.parity}{self.stopbits}"

    @property
    def bits_per_char(self) -> int:
        """Start bit, data, parity and stop bits."""
        return 1 + self.bytesize + (self.parity != "N") + self.stopbits


class _Held:
    """The ports that this process holds: none is opened twice, on any system."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ports: set[str] = set()

    def take(self, port: str) -> bool:
        with self._lock:
            if port in self._ports:
                return False
            self._ports.add(port)
            return True

    def leave(self, port: str) -> None:
        with self._lock:
            self._ports.discard(port)


_held = _Held()


class SerialIO:
    """One open port, owned by one thread."""

    def __init__(self, port: serial.Serial, key: str) -> None:
        self._port = port
        self._key = key
        self._name = str(port.port)
        self._is_closed = False

    def read(self, timeout_s: float) -> bytes:
        """Return what has arrived; see ``ByteIO``."""
        try:
            return self._read_posix(timeout_s) if _IS_POSIX else self._read_sliced(timeout_s)
        except (OSError, TypeError) as cause:
            # pyserial runs into None where another thread or the system closed the port.
            raise port_gone(self._name) from cause

    def write(self, chunk: bytes) -> None:
        """Send all of ``chunk``; see ``ByteIO``."""
        try:
            self._port.write(chunk)
        except (OSError, TypeError) as cause:
            raise port_gone(self._name) from cause

    def close(self) -> None:
        """Let the port go at once: a handle kept after an unplug blocks the port on Windows."""
        if self._is_closed:
            return
        self._is_closed = True
        try:
            self._port.close()
        except OSError:
            # The device is gone already; closing a handle to nothing may say so.
            self._port.is_open = False
        finally:
            _held.leave(self._key)

    def describe(self) -> str:
        """Return the port's name."""
        return self._name

    def _read_posix(self, timeout_s: float) -> bytes:
        ready, _, _ = select.select([self._port.fileno()], [], [], max(0.0, timeout_s))
        if not ready:
            return b""
        return bytes(self._port.read(max(1, self._port.in_waiting)))

    def _read_sliced(self, timeout_s: float) -> bytes:
        for _ in range(math.ceil(max(0.0, timeout_s) / _SLICE_S)):
            chunk = self._read_slice()
            if chunk:
                return chunk
        waiting = self._port.in_waiting
        return bytes(self._port.read(waiting)) if waiting else b""

    def _read_slice(self) -> bytes:
        """Read for one slice; some drivers end a slice without bytes with an error of its own."""
        try:
            return bytes(self._port.read(max(1, self._port.in_waiting)))
        except serial.SerialException as cause:
            if windows_error(cause) == WIN_TIMEOUT:
                return b""
            raise


def open_serial(device: str, settings: SerialSettings, ports: tuple[str, ...] = ()) -> SerialIO:
    """Open ``device`` for this process alone; ``ports`` are named where it is not there.

    Raises:
        PortGone: missing, busy, no permission, or no serial port.
    """
    key = os.path.realpath(device) if _IS_POSIX else device.upper()
    if not _held.take(key):
        raise port_busy(device)
    port = serial.Serial()
    try:
        _set(port, device, settings)
        port.open()
        if _IS_POSIX:
            port.timeout = 0
    except _REFUSALS as cause:
        port.close()
        _held.leave(key)
        failure = cause if isinstance(cause, OSError) else OSError(22, str(cause))
        raise cannot_open(device, failure, ports) from cause
    return SerialIO(port, key)


def _set(port: serial.Serial, device: str, settings: SerialSettings) -> None:
    port.port = device
    port.baudrate = settings.baud
    port.bytesize = settings.bytesize
    port.parity = settings.parity
    port.stopbits = settings.stopbits
    port.timeout = _SLICE_S
    port.write_timeout = 2.0
    if _IS_POSIX:
        port.exclusive = True  # Windows knows no other way
    # Before opening: a board that resets on DTR must not see it change.
    if settings.dtr is not None:
        port.dtr = settings.dtr
    if settings.rts is not None:
        port.rts = settings.rts
