"""How a link stands, as frozen pictures."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from labapp.model.text import Text


class LinkKind(StrEnum):
    """The states of a link."""

    CLOSED = "closed"
    OPENING = "opening"
    SETTLING = "settling"
    ONLINE = "online"
    DEGRADED = "degraded"
    LOST = "lost"
    GAVE_UP = "gave_up"


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkState:
    """A link at one instant.

    Attributes:
        kind: the state; closed before the start and after the end.
        since_us: since when, in the link's clock; of a lost link, when data stopped.
        message: what happened and what to do, in a sentence.
        code: a stable code where something is wrong.
        rtt_ms: how long an answer takes, a running mean.
        loss: share of 1 of the requests of the last ten seconds that got no answer.
        rate_hz: how often a second the fastest points are read.
        attempts: how often a lost link was tried since it was lost.
    """

    kind: LinkKind = LinkKind.CLOSED
    since_us: int = 0
    message: Text = field(default=Text("未连接套件", "No kit connected"))
    code: str = ""
    rtt_ms: float | None = None
    loss: float = 0.0
    rate_hz: float = 0.0
    attempts: int = 0

    @property
    def is_up(self) -> bool:
        """Whether the kit answers."""
        return self.kind in (LinkKind.ONLINE, LinkKind.DEGRADED)
