"""What became of a write."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from labapp.model.reading import Reading
from labapp.model.text import Text


class WriteOutcome(StrEnum):
    """How a write ended."""

    VERIFIED = "verified"
    DONE = "done"
    MISMATCH = "mismatch"
    REFUSED = "refused"
    REJECTED = "rejected"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteResult:
    """One write of ``value`` to ``point``, and how it ended.

    verified: the kit reads back what was written; done: the kit acknowledged it, and the point
    cannot be read back; mismatch: it reads back something else; refused: it answered with an
    exception; rejected: nothing was sent; unknown: nobody can say.

    ``code`` is a stable one, empty where all is well; ``reading`` is what was read back.
    """

    point: str
    value: float
    outcome: WriteOutcome
    message: Text
    code: str = ""
    reading: Reading | None = None

    @property
    def is_done(self) -> bool:
        """Whether the kit took the value."""
        return self.outcome in (WriteOutcome.VERIFIED, WriteOutcome.DONE)

    @classmethod
    def unknown(cls, point: str, value: float, message: Text) -> Self:
        """Return a write of which nobody can say what became."""
        return cls(
            point=point,
            value=value,
            outcome=WriteOutcome.UNKNOWN,
            message=message,
            code="W-UNKNOWN",
        )

    @classmethod
    def rejected(cls, point: str, value: float, code: str, message: Text) -> Self:
        """Return a write that was not sent."""
        return cls(
            point=point, value=value, outcome=WriteOutcome.REJECTED, message=message, code=code
        )
