"""The short queue between whoever brings readings and the thread that writes them."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from labapp.model.reading import Event, Gap, Reading, Reason
from labapp.store.messages import Item, RawFrame, Span

ITEM_BYTES = 250  # a Reading with its numbers on 64-bit CPython 3.11: 216 to 248, measured


class Inbox:
    """Items in the order they came, bounded; what does not fit becomes one gap.

    ``outside_bytes`` is what the writer holds besides; both together stay below
    ``most_bytes``. Any thread.
    """

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._lock = threading.Lock()
        self._items: list[Item] = []
        self._bytes = 0
        self._dropped: tuple[int, int] | None = None
        self._is_closed = False
        self.outside_bytes = 0
        self.dropped_items = 0

    @property
    def is_full(self) -> bool:
        """Whether the next item would be dropped."""
        return self._bytes + self.outside_bytes >= self._most_bytes

    def put(self, items: Sequence[Item]) -> bool:
        """Take ``items`` as far as there is room; return whether all of them were taken."""
        with self._lock:
            if self._is_closed:
                return True
            whole = True
            for item in items:
                whole &= self._put(item)
            return whole

    def drain(self) -> list[Item]:
        """Return everything that came since the last call."""
        with self._lock:
            items, self._items, self._bytes = self._items, [], 0
            return items

    def close(self) -> None:
        """Take nothing more; a gap that is still open ends here."""
        with self._lock:
            self._end_gap()
            self._is_closed = True

    def _put(self, item: Item) -> bool:
        first_us, end_us = extent(item)
        if self.is_full:
            from_us, to_us = self._dropped or (first_us, end_us)
            self._dropped = min(from_us, first_us), max(to_us, end_us)
            self.dropped_items += 1
            return False
        self._end_gap()
        self._items.append(item)
        self._bytes += ITEM_BYTES + (len(item.data) if isinstance(item, RawFrame) else 0)
        return True

    def _end_gap(self) -> None:
        if self._dropped is not None:
            from_us, to_us = self._dropped
            self._items.append(Gap(from_us, to_us, Reason.NOT_RECORDED))
            self._dropped = None


def extent(item: Item) -> tuple[int, int]:
    """Return the stretch ``[from, to)`` that an item speaks of; an instant is 1 µs long."""
    match item:
        case Gap() | Span():
            return item.from_us, item.to_us
        case Reading() | Event() | RawFrame():
            return item.t_us, item.t_us + 1
