"""A pseudo-terminal: a serial port for others, made of nothing. Not to be imported on Windows."""

from __future__ import annotations

import errno
import os
import pty
import select
import sys
import tty

from labapp.model.text import Text
from labapp.transport.base import PortGone

assert sys.platform != "win32"  # for the type checker; Windows has no pty to import

_CHUNK = 4096


class PtyLine:
    """The far end of a pseudo-terminal; a ByteIO. ``device`` is what others open.

    Like a UART it sends whether somebody listens or not: what finds no room is lost.
    """

    def __init__(self) -> None:
        # The near end stays open here as well, so that clients may come and go.
        self._far, self._near = pty.openpty()
        tty.setraw(self._near)
        os.set_blocking(self._far, False)
        self.device = os.ttyname(self._near)

    def read(self, timeout_s: float) -> bytes:
        """Return what has arrived, or ``b""`` after ``timeout_s`` seconds.

        Raises:
            PortGone: the terminal is no longer there.
        """
        try:
            ready, _, _ = select.select([self._far], [], [], timeout_s)
            return os.read(self._far, _CHUNK) if ready else b""
        except (OSError, ValueError) as cause:
            raise _gone(self.device) from cause

    def write(self, chunk: bytes) -> None:
        """Send ``chunk``, or as much of it as there is room for.

        Raises:
            PortGone: the terminal is no longer there.
        """
        try:
            os.write(self._far, chunk)
        except OSError as cause:
            if cause.errno != errno.EAGAIN:
                raise _gone(self.device) from cause

    def close(self) -> None:
        """Take the terminal away; a second call does nothing."""
        for end in (self._far, self._near):
            if end >= 0:
                os.close(end)
        self._far = self._near = -1

    def describe(self) -> str:
        """Return the device that others open."""
        return self.device


def _gone(device: str) -> PortGone:
    return PortGone(
        "E-PORT-GONE",
        Text(f"{device} 不在了。", f"{device} is no longer there."),
    )
