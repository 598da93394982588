"""TCP connections on this machine's loopback."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from labapp.app.clock import SystemClock
from labapp.transport.base import PortGone
from labapp.transport.tcp import TcpIO, open_tcp


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


@pytest.fixture
def pair(listener: socket.socket) -> Iterator[tuple[TcpIO, socket.socket]]:
    io = open_tcp("127.0.0.1", listener.getsockname()[1])
    far, _ = listener.accept()
    with far:
        yield io, far
        io.close()


def test_bytes_go_both_ways(pair: tuple[TcpIO, socket.socket]) -> None:
    io, far = pair
    io.write(b"question")
    assert far.recv(100) == b"question"
    far.sendall(b"answer")
    assert io.read(2.0) == b"answer"


def test_reading_waits_no_longer_than_asked(pair: tuple[TcpIO, socket.socket]) -> None:
    io, _ = pair
    clock = SystemClock()
    begun_us = clock.now_us()
    assert io.read(0.05) == b""
    assert 40_000 <= clock.now_us() - begun_us < 1_000_000
    assert io.read(0) == b""


def test_small_frames_are_not_held_back(pair: tuple[TcpIO, socket.socket]) -> None:
    io, _ = pair
    assert io._socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_far_end_that_closes_is_noticed_at_once(pair: tuple[TcpIO, socket.socket]) -> None:
    io, far = pair
    far.close()
    with pytest.raises(PortGone) as told:
        io.read(5.0)
    assert told.value.code == "E-NET-CLOSED"
    assert io.describe() in told.value.message.en


def test_closing_twice_does_nothing(pair: tuple[TcpIO, socket.socket]) -> None:
    io, _ = pair
    io.close()
    io.close()
    with pytest.raises(PortGone):
        io.write(b"x")


def test_a_refused_connection(listener: socket.socket) -> None:
    port = listener.getsockname()[1]
    listener.close()
    with pytest.raises(PortGone) as told:
        open_tcp("127.0.0.1", port)
    assert told.value.code == "E-NET-REFUSED"


def test_a_host_that_nobody_knows() -> None:
    with pytest.raises(PortGone) as told:
        open_tcp("no-such-host.invalid", 502)
    assert told.value.code == "E-NET-UNREACH"


def test_connecting_ends_once_nobody_wants_it() -> None:
    """A listener whose queue is full lets further connections wait."""
    clock = SystemClock()
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        port = full.getsockname()[1]
        waiting = []
        try:
            for _ in range(8):
                other = socket.socket()
                other.setblocking(False)
                other.connect_ex(("127.0.0.1", port))
                waiting.append(other)
            begun_us = clock.now_us()
            with pytest.raises(PortGone) as told:
                open_tcp("127.0.0.1", port, timeout_s=30, unwanted=lambda: True)
            assert told.value.code == "E-NET-TIMEOUT"
            assert clock.now_us() - begun_us < 2_000_000
        finally:
            for other in waiting:
                other.close()
