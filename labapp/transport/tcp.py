"""One TCP connection as a ``ByteIO``."""

from __future__ import annotations

import os
import select
import socket
from collections.abc import Callable

from labapp.transport.errors import cannot_connect, connection_closed

_CHUNK = 4096
# How soon an opening that nobody wants any more ends.
_SLICE_S = 0.05


class TcpIO:
    """A connected socket, owned by one thread."""

    def __init__(self, sock: socket.socket, place: str) -> None:
        self._socket = sock
        self._place = place

    def read(self, timeout_s: float) -> bytes:
        """Return what has arrived; see ``ByteIO``."""
        try:
            self._socket.settimeout(max(0.0, timeout_s))
            chunk = self._socket.recv(_CHUNK)
        except (BlockingIOError, TimeoutError):
            return b""
        except OSError as cause:
            raise connection_closed(self._place) from cause
        if not chunk:
            raise connection_closed(self._place)
        return chunk

    def write(self, chunk: bytes) -> None:
        """Send all of ``chunk``; see ``ByteIO``."""
        try:
            # A far end that stopped reading must not hold the link's thread.
            self._socket.settimeout(2.0)
            self._socket.sendall(chunk)
        except OSError as cause:
            raise connection_closed(self._place) from cause

    def close(self) -> None:
        """Let the connection go."""
        self._socket.close()

    def describe(self) -> str:
        """Return ``host:port``."""
        return self._place


def open_tcp(
    host: str, port: int, *, timeout_s: float = 3.0, unwanted: Callable[[], bool] = lambda: False
) -> TcpIO:
    """Connect; ends within a moment once ``unwanted`` is true.

    Raises:
        PortGone: refused, unreachable, no such host, no response in ``timeout_s``, or unwanted.
    """
    place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as cause:
        gone = cause if isinstance(cause, OSError) else socket.gaierror(str(cause))
        raise cannot_connect(host, gone) from cause
    failure: OSError = TimeoutError()
    for family, kind, proto, _, address in found:
        try:
            return TcpIO(_connected(family, kind, proto, address, timeout_s, unwanted), place)
        except OSError as cause:
            failure = cause
    raise cannot_connect(place, failure) from failure


def _connected(
    family: int,
    kind: int,
    proto: int,
    address: tuple[object, ...],
    timeout_s: float,
    unwanted: Callable[[], bool],
) -> socket.socket:
    sock = socket.socket(family, kind, proto)
    try:
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.connect_ex(address)
        for _ in range(max(1, round(timeout_s / _SLICE_S))):
            # Windows tells of a refused connection among the exceptional.
            _, writable, failed = select.select([], [sock], [sock], _SLICE_S)
            if writable or failed:
                number = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
                if number:
                    raise OSError(number, os.strerror(number))
                return sock
            if unwanted():
                break
        raise TimeoutError
    except BaseException:
        sock.close()
        raise
