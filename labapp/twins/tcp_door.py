"""Serves a twin on a TCP port to several clients at once."""

from __future__ import annotations

import contextlib
import os
import selectors
import socket

from labapp.model.clock import Clock
from labapp.model.text import Text
from labapp.model.trouble import NoKit, Problem
from labapp.twins.answering import Framing
from labapp.twins.doors import MOST_OWED, Answer, Talk
from labapp.twins.listen import ListenUrl
from labapp.wire.server_side import MbapServerFramer

MOST_CLIENTS = 32
_CHUNK = 4096


class TcpDoor:
    """Modbus TCP, or RTU frames over TCP. The address is taken at once, clients in ``turn``.

    A client beyond ``MOST_CLIENTS``, one that speaks something else, and one that does not
    read what it asked for are let go; the others do not notice.
    """

    def __init__(self, listen: ListenUrl, clock: Clock) -> None:
        self._scheme = listen.scheme
        self._framing: Framing = listen.framing
        self._clock = clock
        self._selector = selectors.DefaultSelector()
        self._clients: dict[socket.socket, _Client] = {}
        try:
            self._listener = _bound(listen)
        except BaseException:
            self._selector.close()
            raise
        self._selector.register(self._listener, selectors.EVENT_READ)

    @property
    def url(self) -> str:
        """The kit URL with the port that is really used."""
        host, port = self._listener.getsockname()[:2]
        shown = f"[{host}]" if ":" in host else host
        return f"{self._scheme}://{shown}:{port}"

    def turn(self, answer: Answer, seconds: float) -> None:
        """Accept, read, answer and send, for ``seconds`` at most."""
        for key, _ in self._selector.select(seconds):
            if key.fileobj is self._listener:
                self._accept()
            else:
                self._clients[key.data].read(answer, self._clock.now_us())
        now_us = self._clock.now_us()
        for sock, client in list(self._clients.items()):
            client.send(answer, now_us)
            if client.is_over:
                self._let_go(sock)

    def close(self) -> None:
        """Let every client go and free the port."""
        for sock in list(self._clients):
            self._let_go(sock)
        self._selector.close()
        self._listener.close()

    def _accept(self) -> None:
        # A client that is gone before it was accepted is nobody's loss.
        with contextlib.suppress(OSError):
            sock, _ = self._listener.accept()
            if len(self._clients) >= MOST_CLIENTS:
                sock.close()
                return
            sock.setblocking(False)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            # Left to itself the system holds megabytes for a client that does not read.
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, MOST_OWED)
            self._clients[sock] = _Client(sock, self._framing)
            self._selector.register(sock, selectors.EVENT_READ, sock)

    def _let_go(self, sock: socket.socket) -> None:
        del self._clients[sock]
        self._selector.unregister(sock)
        sock.close()


class _Client:
    def __init__(self, sock: socket.socket, framing: Framing) -> None:
        self._sock = sock
        self._talk = Talk(framing)
        self._unsent = bytearray()
        self.is_over = False

    def read(self, answer: Answer, now_us: int) -> None:
        try:
            chunk = self._sock.recv(_CHUNK)
        except BlockingIOError:
            return
        except OSError:
            chunk = b""
        if not chunk:
            self.is_over = True
            return
        self._talk.hear(chunk, answer, now_us)
        framer = self._talk.framer
        if isinstance(framer, MbapServerFramer) and framer.lost:
            self.is_over = True

    def send(self, answer: Answer, now_us: int) -> None:
        self._talk.silence(answer, now_us)
        self._unsent += self._talk.due(now_us)
        if self._unsent:
            try:
                sent = self._sock.send(self._unsent)
            except BlockingIOError:
                sent = 0
            except OSError:
                self.is_over = True
                return
            del self._unsent[:sent]
        if len(self._unsent) > MOST_OWED or self._talk.is_overdrawn:
            self.is_over = True


def _bound(listen: ListenUrl) -> socket.socket:
    """Return a listening socket.

    Raises:
        NoKit: the address is taken, or not one of this machine's (E-NET-LISTEN).
    """
    try:
        found = socket.getaddrinfo(
            listen.host, listen.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
        family, _, _, _, address = found[0]
        sock = socket.socket(family, socket.SOCK_STREAM)
    except OSError as cause:
        raise _not_bound(listen, cause) from cause
    try:
        # A twin that was killed must find its port again at once. Windows needs nothing for
        # that, and its SO_REUSEADDR would let two programs share the port.
        if os.name == "posix":
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(address)
        sock.listen(MOST_CLIENTS)
        sock.setblocking(False)
    except OSError as cause:
        sock.close()
        raise _not_bound(listen, cause) from cause
    return sock


def _not_bound(listen: ListenUrl, cause: OSError) -> NoKit:
    reason = cause.strerror or str(cause)
    return NoKit(
        Problem(
            code="E-NET-LISTEN",
            message=Text(
                f"不能在 {listen.text} 提供仿真套件：{reason}。换一个端口，或用端口 0 让系统选。",
                f"The kit cannot be served at {listen.text}: {reason}. Choose another port, "
                "or port 0 for any free one.",
            ),
        )
    )
