"""Where a twin listens: the address as it is written, and what opens it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from labapp.model.text import Text
from labapp.model.trouble import LabError, Problem
from labapp.twins.answering import Framing

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListenUrl:
    """``tcp://HOST:PORT``, ``rtu+tcp://HOST:PORT``, ``pty:`` or ``serial:DEVICE?baud=…``.

    Without a host only this machine is served; port 0 lets the system choose one.
    """

    scheme: Literal["tcp", "rtu+tcp", "pty", "serial"]
    text: str
    host: str = LOOPBACK
    port: int = 0

    @property
    def framing(self) -> Framing:
        """How requests are framed there."""
        return "mbap" if self.scheme == "tcp" else "rtu"

    @classmethod
    def parse(cls, text: str) -> ListenUrl:
        """Return the address that ``text`` stands for.

        Raises:
            LabError: not an address to listen at (U-LISTEN).
        """
        if text == "pty:":
            return cls(scheme="pty", text=text)
        if text.startswith("serial:") and len(text) > len("serial:"):
            return cls(scheme="serial", text=text)
        try:
            parts = urlsplit(text)
            host, port = parts.hostname or LOOPBACK, parts.port
        except ValueError as cause:
            raise _not_an_address(text) from cause
        if parts.path not in ("", "/") or parts.query or parts.username is not None:
            raise _not_an_address(text)
        match parts.scheme:
            case "tcp" | "rtu+tcp" as scheme if text.startswith(f"{scheme}://"):
                return cls(scheme=scheme, text=text, host=host, port=port or 0)
        raise _not_an_address(text)


def _not_an_address(text: str) -> LabError:
    return LabError(
        Problem(
            code="U-LISTEN",
            message=Text(
                f"不能在 {text} 提供仿真套件。写成 tcp://127.0.0.1:0、rtu+tcp://127.0.0.1:0、"
                "pty: 或 serial:COM5 这样。",
                f"A kit cannot be served at {text}. Write it like tcp://127.0.0.1:0, "
                "rtu+tcp://127.0.0.1:0, pty: or serial:COM5.",
            ),
        )
    )
