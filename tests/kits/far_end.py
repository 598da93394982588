"""A kit at the far end of a real socket or pty, in a thread, with faults on order."""

from __future__ import annotations

import os
import select
import socket
import threading
from typing import Literal

from labapp.wire.server_side import MbapServerFramer, RtuServerFramer
from labapp.wire.slave import answer_pdu
from tests.kits.virtual_line import CountingMemory

_LOOK_S = 0.02


class FarEnd:
    """What both kinds of far end do; use it as a context."""

    url: str

    def __init__(self, framing: Literal["rtu", "mbap"]) -> None:
        self.memory = CountingMemory()
        self.memory.kept = {("coil", at): 0 for at in range(4)} | {("holding", 0): 0}
        self.is_silent = False
        self.garbage = b""
        self.requests: list[bytes] = []
        self.connections = 0
        self._framing = framing
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="far end")

    def __enter__(self) -> FarEnd:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        self._thread.join()

    @property
    def writes(self) -> list[bytes]:
        """The write requests so far."""
        return [pdu for pdu in self.requests if pdu[0] in (5, 6, 15, 16, 22)]

    def _serve(self) -> None:
        raise NotImplementedError

    def _framer(self) -> MbapServerFramer | RtuServerFramer:
        return MbapServerFramer() if self._framing == "mbap" else RtuServerFramer()

    def _answers(self, framer: MbapServerFramer | RtuServerFramer, chunk: bytes) -> bytes:
        told = self.garbage
        for request in framer.feed(chunk):
            self.requests.append(request.pdu)
            if not self.is_silent and not self.garbage:
                told += framer.encode(request, answer_pdu(self.memory, request.pdu))
        return told


class SocketEnd(FarEnd):
    """Serves one connection after the other on 127.0.0.1."""

    def __init__(self, framing: Literal["rtu", "mbap"] = "mbap") -> None:
        super().__init__(framing)
        self._dropping = threading.Event()
        self._open = threading.Event()
        self._open.set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.url = f"{'tcp' if framing == 'mbap' else 'rtu+tcp'}://127.0.0.1:{self.port}"

    def drop(self) -> None:
        """End the present connection."""
        self._dropping.set()

    def _serve(self) -> None:
        with self._listener:
            while not self._ending.is_set():
                if select.select([self._listener], [], [], _LOOK_S)[0]:
                    connection, _ = self._listener.accept()
                    with connection:
                        self.connections += 1
                        self._talk(connection)

    def _talk(self, connection: socket.socket) -> None:
        framer = self._framer()
        while not self._ending.is_set():
            if self._dropping.is_set():
                self._dropping.clear()
                return
            if not select.select([connection], [], [], _LOOK_S)[0]:
                continue
            try:
                chunk = connection.recv(4096)
                if not chunk:
                    return
                connection.sendall(self._answers(framer, chunk))
            except OSError:
                return


class PtyEnd(FarEnd):
    """Serves one pty; ``unplug`` closes it, as pulling the cable does."""

    def __init__(self) -> None:
        super().__init__("rtu")
        import tty

        self._master, slave = os.openpty()
        tty.setraw(self._master)
        tty.setraw(slave)
        self.device = os.ttyname(slave)
        self.url = f"serial:{self.device}?baud=115200"
        self._slave: int | None = slave
        self._unplugging = threading.Event()

    def unplug(self) -> None:
        """Let the terminal go away and wait for that."""
        self._unplugging.set()
        self._thread.join()

    def _serve(self) -> None:
        framer = self._framer()
        try:
            while not self._ending.is_set() and not self._unplugging.is_set():
                if select.select([self._master], [], [], _LOOK_S)[0]:
                    os.write(self._master, self._answers(framer, os.read(self._master, 512)))
        finally:
            if self._slave is not None:
                os.close(self._slave)
                self._slave = None
            os.close(self._master)
