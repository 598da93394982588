"""What all wires to a twin have in common."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Protocol

from labapp.twins.answering import Framing, ServerFramer, server_framer
from labapp.twins.link_faults import Reply
from labapp.wire.server_side import Request

Answer = Callable[[Request, ServerFramer], Reply | None]
"""Gives the reply to one request, framed by the connection's framer; ``None``: silence."""
QUIET_US = 50_000
"""A line without a byte for so long has no frame under way; longer than USB adapters pause."""
MOST_OWED = 64 << 10
"""Bytes of replies that may wait for one client; one that reads so little is let go."""


class Door(Protocol):
    """A wire that others can come in by; one thread."""

    @property
    def url(self) -> str:
        """The kit URL by which this twin is reached."""

    def turn(self, answer: Answer, seconds: float) -> None:
        """Serve for ``seconds`` at most; returns early when something came.

        Raises:
            PortGone: the port is no longer there.
        """

    def close(self) -> None:
        """Let everybody go and free the address."""


class Talk:
    """One conversation: bytes in, requests answered in order, replies sent when they are due."""

    def __init__(self, framing: Framing) -> None:
        self.framer = server_framer(framing)
        self._owed: deque[tuple[int, bytes]] = deque()
        self._heard_us = 0
        self._has_part = False

    def hear(self, chunk: bytes, answer: Answer, now_us: int) -> None:
        """Take bytes and note what is to be said to them."""
        self._heard_us = now_us
        self._has_part = True
        self._note(self.framer.feed(chunk), answer, now_us)

    def silence(self, answer: Answer, now_us: int) -> None:
        """After a pause, answer what was hidden behind noise and forget the rest."""
        if self._has_part and now_us - self._heard_us >= QUIET_US:
            self._has_part = False
            self._note(self.framer.idle(), answer, now_us)

    def due(self, now_us: int) -> bytes:
        """Return what is to be sent now, and forget it."""
        said = bytearray()
        while self._owed and self._owed[0][0] <= now_us:
            said += self._owed.popleft()[1]
        return bytes(said)

    @property
    def is_overdrawn(self) -> bool:
        """Whether more replies are held back than one client may be owed."""
        return sum(len(frame) for _, frame in self._owed) > MOST_OWED

    def _note(self, requests: list[Request], answer: Answer, now_us: int) -> None:
        for request in requests:
            reply = answer(request, self.framer)
            if reply is not None:
                last_us = self._owed[-1][0] if self._owed else 0
                self._owed.append((max(last_us, now_us + reply.delay_us), reply.frame))
