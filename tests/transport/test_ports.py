from __future__ import annotations

from dataclasses import dataclass

import pytest
from serial.tools import list_ports as pyserial_ports

from labapp.transport.ports import PortInfo, find_again, list_ports

CH340 = PortInfo(device="COM5", vid=0x1A86, pid=0x7523, location="1-2")
NUMBERED = PortInfo(device="COM7", vid=0x10C4, pid=0xEA60, serial_number="A1", location="1-3")


@dataclass
class Listed:
    """A port as pyserial lists it."""

    device: str
    description: str = "n/a"
    vid: int | None = None
    pid: int | None = None
    serial_number: str | None = None
    location: str | None = None


def test_ports_on_usb_come_first_and_say_what_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    listed = [
        Listed("/dev/ttyS0"),
        Listed("/dev/ttyUSB1", "USB Serial", 0x9999, 1),
        Listed("/dev/ttyUSB0", "USB2.0-Ser!", 0x1A86, 0x7523, None, "1-2"),
    ]
    monkeypatch.setattr(pyserial_ports, "comports", lambda: listed)
    found = list_ports()
    assert [port.device for port in found] == ["/dev/ttyUSB0", "/dev/ttyUSB1", "/dev/ttyS0"]
    assert "CH340" in found[0].about.en
    assert found[1].about.en == "USB Serial"
    assert found[2].description == ""
    assert found[0].to_json()["url"] == "serial:/dev/ttyUSB0"


def test_an_adapter_is_found_under_another_name() -> None:
    moved = PortInfo(device="COM9", vid=0x10C4, pid=0xEA60, serial_number="A1", location="1-9")
    assert find_again(NUMBERED, [CH340, moved]) is moved


def test_without_a_serial_number_the_socket_tells() -> None:
    other = PortInfo(device="COM5", vid=0x1A86, pid=0x7523, location="1-4")
    same = PortInfo(device="COM6", vid=0x1A86, pid=0x7523, location="1-2")
    assert find_again(CH340, [other, same]) is same


@pytest.mark.parametrize(
    "stranger",
    [
        PortInfo(device="COM7", vid=0x10C4, pid=0xEA60, serial_number="B2", location="1-3"),
        PortInfo(device="COM7", vid=0x1A86, pid=0x7523),
        PortInfo(device="COM7"),
    ],
)
def test_the_same_name_alone_is_another_adapter(stranger: PortInfo) -> None:
    assert find_again(NUMBERED, [stranger]) is None


def test_a_port_of_the_machine_is_known_by_its_name() -> None:
    built_in = PortInfo(device="COM1")
    assert find_again(built_in, [CH340, PortInfo(device="COM1")]) == built_in
    assert find_again(built_in, []) is None
