"""What a recording holds, summed up: counts, and one digest whatever the chunks."""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass

from labapp.store.messages import CHAIN_TOPIC, POINT_TOPIC, RAW_TOPIC

DIGEST_START = b"labapp.content/1\n"


class ContentDigest:
    """SHA-256 over what was recorded: readings, gaps, events and span, in order.

    Equal content gives an equal digest on every machine, however it was cut into chunks
    and whatever its meta says. Frames of the wire and chain messages do not enter.
    """

    def __init__(self) -> None:
        self._sha = hashlib.sha256(DIGEST_START)

    def add(self, topic: str, payload: bytes) -> None:
        """Take one message in file order."""
        if topic in (RAW_TOPIC, CHAIN_TOPIC):
            return
        name = topic.encode("utf-8", "replace")
        self._sha.update(struct.pack("<II", len(name), len(payload)) + name + payload)

    @property
    def text(self) -> str:
        """``sha256:`` and 64 hex digits, over what was taken so far."""
        return "sha256:" + self._sha.hexdigest()


@dataclass(slots=True)
class Counts:
    """How many items of each kind a recording holds."""

    readings: int = 0
    gaps: int = 0
    events: int = 0
    frames: int = 0

    def add(self, topic: str) -> None:
        """Count one message."""
        match topic:
            case "/gap":
                self.gaps += 1
            case "/event":
                self.events += 1
            case "/raw":
                self.frames += 1
            case _ if topic.startswith(POINT_TOPIC):
                self.readings += 1

    def to_json(self) -> dict[str, int]:
        """Return the form that a manifest holds."""
        return {
            "readings": self.readings,
            "gaps": self.gaps,
            "events": self.events,
            "frames": self.frames,
        }
