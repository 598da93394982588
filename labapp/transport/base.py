"""The one seam between the lab and its ports."""

from __future__ import annotations

from typing import Protocol

from labapp.model.text import Text
from labapp.model.trouble import NoKit, Problem


class PortGone(NoKit):
    """The port cannot be opened, or is no longer there; what follows is opening it anew.

    ``code`` is one of the stable ones (``E-PORT-…``, ``E-NET-…``); ``message`` says what to do.
    """

    def __init__(self, code: str, message: Text) -> None:
        super().__init__(Problem(code=code, message=message))
        self.code = code
        self.message = message


class ByteIO(Protocol):
    """Bytes to and from one far end. One thread owns it for life, and only that one closes it."""

    def read(self, timeout_s: float) -> bytes:
        """Return what has arrived, at least one byte, or ``b""`` after ``timeout_s`` seconds.

        With 0 it returns at once with what is there.

        Raises:
            PortGone: the far end or the port is gone.
        """

    def write(self, chunk: bytes) -> None:
        """Send all of ``chunk``.

        Raises:
            PortGone: the far end or the port is gone.
        """

    def close(self) -> None:
        """Let the port go; a second call does nothing."""

    def describe(self) -> str:
        """Return what people call this port: ``COM3``, ``192.0.2.7:502``."""
