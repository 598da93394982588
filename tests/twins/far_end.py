"""Twins and wires to them, as the tests of this folder use them."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from labapp.app.clock import SystemClock
from labapp.model.clock import Waitable
from labapp.profiles.load import load_profile
from labapp.profiles.profile import Profile
from labapp.twins.engine import Twin
from labapp.twins.fault_spec import LinkFaultSpec
from labapp.twins.listen import ListenUrl
from labapp.twins.live import Cast, LiveTwin
from labapp.twins.open_door import open_door
from labapp.twins.registry import check_scenario, make_twin
from labapp.twins.service import TwinService
from labapp.wire import mbap, rtu

PROFILES = (Path(__file__).parents[2] / "device_profiles",)
SECOND = 1_000_000


@cache
def fire_profile() -> Profile:
    """Return the fire kit's profile."""
    return load_profile("fire-safety", PROFILES)


def fire_twin(seed: int = 7, preset: str = "room", steps: str = "") -> Twin:
    """Return a fire twin; ``steps`` are lines of a scenario."""
    if not steps:
        return make_twin(fire_profile(), seed, None, preset)
    return make_twin(fire_profile(), seed, check_scenario("t.yaml", fire_profile(), script(steps)))


def script(steps: str, **head: str) -> str:
    """Return the text of a scenario with these steps, one a line."""
    fields = {
        "schema": "labapp.scenario/1",
        "id": "t",
        "title": "{zh: 试, en: t}",
        "kit": "fire-safety",
        "duration": "60 s",
    } | head
    lines = [f"{name}: {value}" for name, value in fields.items()]
    return "\n".join([*lines, "steps:", *(f"  - {{{step}}}" for step in steps.splitlines())]) + "\n"


class HandClock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.t_us = 0

    def now_us(self) -> int:
        return self.t_us

    def wait(self, event: Waitable, seconds: float) -> bool:
        self.t_us += round(seconds * SECOND)
        return event.wait(0)


class Served:
    """A twin that is being served; ``ask`` and ``ask_rtu`` are one request each."""

    def __init__(self, url: str, service: TwinService, told: list[dict[str, Any]]) -> None:
        self.url = url
        self.service = service
        self.told = told
        self.port = int(url.rpartition(":")[2]) if "://" in url else 0

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=5)


@contextmanager
def served(
    listen: str = "tcp://127.0.0.1:0",
    *,
    scenario: str | None = None,
    rate: float = 1.0,
    link_faults: Sequence[LinkFaultSpec] = (),
) -> Iterator[Served]:
    """Serve a fire twin in a thread."""
    clock, stop, told = SystemClock(), threading.Event(), list[dict[str, Any]]()
    live = LiveTwin(Cast(profile=fire_profile(), scenario=scenario, seed=7), clock, rate)
    address = ListenUrl.parse(listen)
    with closing(open_door(address, live.cast.profile, clock)) as door:
        service = TwinService(live, address, door, clock, link_faults=link_faults, tell=told.append)
        thread = threading.Thread(target=service.run, args=(stop,), name="served-twin")
        thread.start()
        try:
            yield Served(door.url, service, told)
        finally:
            stop.set()
            thread.join(5)


def read_pdu(function: int, addr: int, count: int) -> bytes:
    """Return a read request."""
    return struct.pack(">BHH", function, addr, count)


def ask(sock: socket.socket, pdu: bytes, unit: int = 1, transaction: int = 1) -> bytes:
    """Return the PDU that answers one Modbus TCP request."""
    sock.sendall(mbap.encode(unit, pdu, transaction))
    head = exactly(sock, 7)
    assert struct.unpack(">HH", head[:4]) == (transaction, 0)
    assert head[6] == unit
    return exactly(sock, struct.unpack(">H", head[4:6])[0] - 1)


def exactly(sock: socket.socket, count: int) -> bytes:
    """Return ``count`` bytes; fails when the other side closes before."""
    got = b""
    while len(got) < count:
        chunk = sock.recv(count - len(got))
        assert chunk, f"closed after {got!r}"
        got += chunk
    return got


def rtu_request(pdu: bytes, unit: int = 1) -> bytes:
    """Return a request as a serial line carries it."""
    return rtu.encode(unit, pdu)


def words(pdu: bytes) -> list[int]:
    """Return the registers of a reply to a read."""
    assert pdu[0] < 0x80, pdu.hex()
    return list(struct.unpack(f">{pdu[1] // 2}H", pdu[2:]))
