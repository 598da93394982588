"""What a program prints, within a quota."""

from __future__ import annotations

import threading
from collections import deque


class Output:
    """The newest ``quota_bytes`` of a stream, and how much was dropped before them; any thread."""

    def __init__(self, quota_bytes: int) -> None:
        self._quota = quota_bytes
        self._chunks: deque[bytes] = deque()
        self._held = 0
        self._dropped = 0
        self._lock = threading.Lock()

    def take(self, chunk: bytes) -> bool:
        """Keep a chunk; return whether the quota is used up, so that the reader slows down."""
        with self._lock:
            self._chunks.append(chunk)
            self._held += len(chunk)
            while self._held > self._quota:
                self._drop(self._held - self._quota)
            return self._dropped > 0

    @property
    def text(self) -> str:
        """Return what is kept as text; bytes that are no UTF-8 show as replacement signs."""
        with self._lock:
            return b"".join(self._chunks).decode("utf-8", "replace").replace("\r\n", "\n")

    @property
    def dropped_bytes(self) -> int:
        """Return how many of the oldest bytes are gone."""
        with self._lock:
            return self._dropped

    def _drop(self, surplus: int) -> None:
        oldest = self._chunks.popleft()
        rest = oldest[surplus:]
        if rest:
            self._chunks.appendleft(rest)
        self._held -= len(oldest) - len(rest)
        self._dropped += len(oldest) - len(rest)
