"""Serves one twin on one wire, in one thread, until it is told to stop."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

from labapp.model.clock import Clock
from labapp.twins.answering import Answerer, ServerFramer
from labapp.twins.control import Control, OrderLines
from labapp.twins.doors import Door
from labapp.twins.fault_spec import LinkFaultSpec
from labapp.twins.link_faults import LinkSpoiler, Reply
from labapp.twins.listen import ListenUrl
from labapp.twins.live import LiveTwin
from labapp.wire.server_side import Request

TURN_S = 0.01
"""Longest wait at the wire between two looks at the clock: one tick."""
Tell = Callable[[dict[str, Any]], None]


class TwinService:
    """A twin and the door to it. ``tell`` hears events and answers to orders, in this thread."""

    def __init__(
        self,
        live: LiveTwin,
        listen: ListenUrl,
        door: Door,
        clock: Clock,
        *,
        link_faults: Sequence[LinkFaultSpec] = (),
        tell: Tell,
        orders: OrderLines | None = None,
    ) -> None:
        self._live = live
        self._door = door
        self._framing = listen.framing
        self._clock = clock
        self._link_faults = tuple(link_faults)
        self._tell = tell
        self._orders = orders
        self._control = Control(live)
        self._set_the_stage()

    def _set_the_stage(self) -> None:
        """Answer for the twin that plays now."""
        self._twin = self._live.twin
        self._answerer = Answerer(self._live.memory, self._framing)
        self._spoiler = LinkSpoiler(self._link_faults, self._twin.seed, self._framing)

    def run(self, stop: threading.Event, for_us: int | None = None) -> None:
        """Serve until ``stop`` is set, ``for_us`` microseconds at most, or the orders end.

        Raises:
            PortGone: the port is no longer there.
        """
        end_us = None if for_us is None else self._clock.now_us() + for_us
        while not stop.is_set() and not self._is_over:
            self._live.advance()
            self._obey()
            self._pass_on_events()
            left_us = None if end_us is None else end_us - self._clock.now_us()
            if left_us is not None and left_us <= 0:
                return
            self._door.turn(self._answer, TURN_S if left_us is None else min(TURN_S, left_us / 1e6))

    @property
    def _is_over(self) -> bool:
        return self._control.is_ended or (self._orders is not None and self._orders.is_over)

    def _answer(self, request: Request, framer: ServerFramer) -> Reply | None:
        self._live.advance()
        pdu = self._answerer.answer(request)
        if pdu is None:
            return None
        return self._spoiler.spoil(framer.encode(request, pdu), self._twin.t_us)

    def _obey(self) -> None:
        while self._orders is not None and (line := self._orders.next()) is not None:
            if not line.strip():
                continue
            answer = self._control.obey(line)
            if self._live.twin is not self._twin:
                self._set_the_stage()
            self._pass_on_events()
            self._tell(answer)

    def _pass_on_events(self) -> None:
        if self._orders is None:
            return
        for event in self._live.fresh_events():
            self._tell({"event": event.kind, "t_us": event.t_us, "data": event.data})
