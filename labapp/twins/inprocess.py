"""The wire in memory: the same bytes as on a cable, without a cable, without waiting."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from labapp.twins.answering import Answerer, server_framer
from labapp.twins.memory import TwinMemory


class InProcessIO:
    """This PC's end of a wire to a twin in the same process; a ByteIO.

    What is written is answered at once, at the twin's present instant; time stands still.
    ``idle`` is called with the seconds that a reader was ready to wait where there is nothing
    to read: let it move the virtual clock, so that a reply that never comes times out.
    """

    def __init__(
        self,
        memory: TwinMemory,
        framing: Literal["rtu", "mbap"] = "mbap",
        idle: Callable[[float], None] | None = None,
    ) -> None:
        self._answerer = Answerer(memory, framing)
        self._framer = server_framer(framing)
        self._framing = framing
        self._idle = idle
        self._replies = bytearray()

    def read(self, timeout_s: float) -> bytes:
        """Return what has been answered, or ``b""`` at once where nothing has."""
        if not self._replies and self._idle is not None:
            self._idle(timeout_s)
        replies = bytes(self._replies)
        self._replies.clear()
        return replies

    def write(self, data: bytes) -> None:
        """Send bytes to the twin."""
        for request in self._framer.feed(data):
            pdu = self._answerer.answer(request)
            if pdu is not None:
                self._replies += self._framer.encode(request, pdu)

    def close(self) -> None:
        """Forget what has not been read."""
        self._replies.clear()

    def describe(self) -> str:
        """Return the link's name: ``twin: (mbap)``."""
        return f"twin: ({self._framing})"
