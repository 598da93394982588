"""Programs of other authors read and drive a twin: mbpoll (libmodbus) and pymodbus."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, Any

import pytest
from pymodbus.client import ModbusTcpClient
from pymodbus.framer import FramerType

from tests.twins.far_end import fire_profile, served
from tests.waiting import wait_for

Peer = Callable[[str], str]
BUZZER, SENSOR_COUNT = 0, 5


def run(words: list[str]) -> str:
    done = subprocess.run(words, capture_output=True, text=True, timeout=20, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def values(shown: str) -> list[int]:
    """Return the values that mbpoll printed, signed as it prints them beside the raw ones."""
    return [int(value) for value in re.findall(r"^\[\d+\]:\s+(-?\d+)", shown, re.MULTILINE)]


def poll(mbpoll: str, place: list[str], *what: str) -> str:
    common = ["-a", str(fire_profile().modbus.unit), "-0", "-1", "-o", "2"]
    return run([mbpoll, *place, *common, *what])


PLACES = ["tcp://127.0.0.1:0", *([] if sys.platform == "win32" else ["pty:"])]


@pytest.mark.parametrize("listen", PLACES)
def test_mbpoll_reads_the_sensors_and_switches_the_buzzer(peer: Peer, listen: str) -> None:
    mbpoll = peer("mbpoll")
    with served(listen) as twin:
        if listen == "pty:":
            # A pty has no bits of its own; the kit's line has no parity.
            line = ["-m", "rtu", "-b", "115200", "-P", "none"]
            device = twin.url.removeprefix("serial:")
        else:
            line, device = ["-m", "tcp", "-p", str(twin.port)], "127.0.0.1"

        def ask(*what: str) -> list[int]:
            return values(poll(mbpoll, line, *what, device))

        sensors = ask("-t", "3", "-r", "0", "-c", str(SENSOR_COUNT))
        flame, smoke, temp, co, gas = sensors
        assert 20 <= flame <= 40  # 0.1 %: what the photodiode shows in the dark
        assert 0 <= smoke < 50
        assert 18 < temp * 0.0625 < 22
        assert 0 <= co < 8
        assert 0 <= gas < 10
        assert ask("-t", "0", "-r", str(BUZZER)) == [0]
        poll(mbpoll, line, "-t", "0", "-r", str(BUZZER), device, "1")
        assert ask("-t", "0", "-r", str(BUZZER)) == [1]
        assert ask("-t", "1", "-r", "0") == [0]  # the call point
        poll(mbpoll, line, "-t", "4", "-r", "0", device, "355")
        assert ask("-t", "4", "-r", "0") == [355]  # the fan, 0.1 %


@contextmanager
def pymodbus(listen: str) -> Iterator[tuple[ModbusTcpClient, int]]:
    framer = FramerType.RTU if listen.startswith("rtu") else FramerType.SOCKET
    with served(listen) as twin:
        client = ModbusTcpClient("127.0.0.1", port=twin.port, framer=framer, timeout=5, retries=0)
        try:
            assert client.connect()  # type: ignore[no-untyped-call]
            yield client, fire_profile().modbus.unit
        finally:
            client.close()  # type: ignore[no-untyped-call]


@pytest.mark.parametrize("listen", ["tcp://127.0.0.1:0", "rtu+tcp://127.0.0.1:0"])
def test_pymodbus_agrees_on_every_function(listen: str) -> None:
    with pymodbus(listen) as (client, unit):
        assert len(client.read_input_registers(0, count=5, device_id=unit).registers) == 5
        assert client.read_discrete_inputs(0, count=1, device_id=unit).bits[0] is False
        assert not client.write_coil(BUZZER, True, device_id=unit).isError()
        assert client.read_coils(0, count=4, device_id=unit).bits[:4] == [True, False, False, True]
        assert not client.write_coils(0, [False, True, False, False], device_id=unit).isError()
        assert client.read_coils(0, count=4, device_id=unit).bits[:4] == [False, True, False, False]
        assert not client.write_register(0, 500, device_id=unit).isError()
        assert client.read_holding_registers(0, count=1, device_id=unit).registers == [500]
        assert not client.write_registers(0, [250], device_id=unit).isError()
        assert client.read_holding_registers(0, count=1, device_id=unit).registers == [250]
        both = client.readwrite_registers(
            read_address=0, read_count=1, write_address=0, values=[100], device_id=unit
        )
        assert both.registers == [100]
        masked = client.mask_write_register(address=0, and_mask=0xFF0F, or_mask=0, device_id=unit)
        assert not masked.isError()
        assert client.read_holding_registers(0, count=1, device_id=unit).registers == [100 & 0xFF0F]


def test_pymodbus_sees_the_refusals_and_the_name() -> None:
    with pymodbus("tcp://127.0.0.1:0") as (client, unit):
        refusals: dict[str, Any] = {
            "an address": client.read_input_registers(5, count=1, device_id=unit),
            "a value": client.write_register(0, 1001, device_id=unit),
        }
        assert refusals["an address"].exception_code == 2
        assert refusals["a value"].exception_code == 3
        told: Any = client.read_device_information(read_code=1, object_id=0, device_id=unit)
        assert told.information[0] == b"labapp"
        assert told.information[1] == b"fire-safety"


@pytest.mark.skipif(sys.platform == "win32", reason="socat and ptys")
def test_a_serial_port_is_served_too(peer: Peer) -> None:
    """Two ptys tied together stand for a cable: the twin opens one end, mbpoll the other."""
    socat, mbpoll = peer("socat"), peer("mbpoll")
    cable = subprocess.Popen(
        [socat, "-d", "-d", "pty,raw,echo=0", "pty,raw,echo=0"], stderr=subprocess.PIPE, text=True
    )
    try:
        assert cable.stderr is not None
        ends = [_end_of(cable.stderr) for _ in range(2)]
        wait_for(lambda: all(os.path.exists(end) for end in ends))
        with served(f"serial:{ends[0]}?baud=19200&parity=N"):
            line = ["-m", "rtu", "-b", "19200", "-P", "none"]
            shown = poll(mbpoll, line, "-t", "3", "-r", "0", "-c", "5", ends[1])
            assert len(values(shown)) == 5
    finally:
        cable.kill()
        cable.communicate()


def _end_of(told: IO[str]) -> str:
    found = re.search(r"PTY is (\S+)", told.readline())
    assert found is not None
    return found[1]
