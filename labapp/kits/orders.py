"""What other threads ask of a link, one after the other."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass, field

from labapp.kits.write_result import WriteResult
from labapp.model.clock import Clock
from labapp.model.text import Text

_NO_LINK = Text(
    "没有发送：和套件的连接断开着。等连接恢复后再写一次。",
    "Nothing was sent: the link to the kit is down. Write it again once the link is back.",
)
_BUSY = Text(
    "没有发送：线路一直忙。稍后再写一次。",
    "Nothing was sent: the line is busy. Write it again in a moment.",
)
_STILL = Text(
    "已经发送，套件还没有确认，结果未知。看看套件再决定。",
    "It was sent and the kit has not confirmed it yet; the outcome is unknown. Look at the kit.",
)


@dataclass(slots=True, eq=False)
class Order:
    """One write, or (without a point) the order to make the kit safe."""

    point: str | None
    value: float
    who: str
    done: threading.Event = field(default_factory=threading.Event)
    results: list[WriteResult] = field(default_factory=list)
    is_begun: bool = False


class Orders:
    """A queue between any threads and the link's. An order that nobody waits for is never begun."""

    def __init__(self, clock: Clock, wake: threading.Event) -> None:
        self._clock = clock
        self._wake = wake
        self._lock = threading.Lock()
        self._waiting: deque[Order] = deque()
        self._is_open = False

    def write(self, point: str, value: float, who: str, timeout_s: float) -> WriteResult:
        """Have the link write, and wait for the result; not in the link's thread."""
        order = Order(point, value, who)
        if not self._enter(order):
            return WriteResult.rejected(point, value, "E-NO-LINK", _NO_LINK)
        if self._clock.wait(order.done, timeout_s):
            return order.results[0]
        if self._take_back(order):
            return WriteResult.rejected(point, value, "E-NO-LINK", _BUSY)
        return WriteResult.unknown(point, value, _STILL)

    def make_safe(self, who: str, timeout_s: float) -> list[WriteResult] | None:
        """Have the link make the kit safe; ``None``: it could not begin."""
        order = Order(None, 0.0, who)
        if not self._enter(order):
            return None
        if not self._clock.wait(order.done, timeout_s) and self._take_back(order):
            return None
        return list(order.results) or None

    # ------------------------------------------------------------------ the link's thread

    def open(self) -> None:
        """Take orders from now on."""
        with self._lock:
            self._is_open = True

    def shut(self) -> None:
        """Take none, and tell those who wait that nothing was sent."""
        with self._lock:
            self._is_open = False
            left = list(self._waiting)
            self._waiting.clear()
        for order in left:
            if order.point is not None:
                order.results.append(
                    WriteResult.rejected(order.point, order.value, "E-NO-LINK", _NO_LINK)
                )
            order.done.set()

    def next(self) -> Order | None:
        """Return the next order, which is begun now."""
        with self._lock:
            if not self._waiting:
                return None
            order = self._waiting.popleft()
            order.is_begun = True
            return order

    # ------------------------------------------------------------------

    def _enter(self, order: Order) -> bool:
        with self._lock:
            if not self._is_open:
                return False
            self._waiting.append(order)
        self._wake.set()
        return True

    def _take_back(self, order: Order) -> bool:
        with self._lock:
            if order.is_begun or order not in self._waiting:
                return False
            self._waiting.remove(order)
            return True
