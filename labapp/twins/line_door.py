"""Serves a twin on a serial line or something like one."""

from __future__ import annotations

from labapp.model.clock import Clock
from labapp.transport.base import ByteIO
from labapp.twins.doors import Answer, Talk


class LineDoor:
    """Modbus RTU for whoever is at the other end of ``line``, which it owns from now on."""

    def __init__(self, line: ByteIO, url: str, clock: Clock) -> None:
        self.url = url
        self._line = line
        self._clock = clock
        self._talk = Talk("rtu")

    def turn(self, answer: Answer, seconds: float) -> None:
        """Read, answer and send, for ``seconds`` at most.

        Raises:
            PortGone: the port is no longer there.
        """
        chunk = self._line.read(seconds)
        now_us = self._clock.now_us()
        if chunk:
            self._talk.hear(chunk, answer, now_us)
        else:
            self._talk.silence(answer, now_us)
        said = self._talk.due(self._clock.now_us())
        if said:
            self._line.write(said)

    def close(self) -> None:
        """Let the port go."""
        self._line.close()
