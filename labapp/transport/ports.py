"""Serial ports of this machine, and what is probably on them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from serial.tools import list_ports as pyserial_ports

from labapp.model.text import Text, same

# USB vendor ids of what sits on lab kits (USB-IF's public list).
_MAKERS: dict[int, Text] = {
    0x1A86: Text("CH340/CH341 USB 转串口（开发板、RS-485 转换器）", "CH340/CH341 USB-serial"),
    0x10C4: Text("CP210x USB 转串口（ESP32 开发板）", "CP210x USB-serial (ESP32 boards)"),
    0x0403: Text("FTDI USB 转串口", "FTDI USB-serial"),
    0x067B: Text("PL2303 USB 转串口", "PL2303 USB-serial"),
    0x2341: same("Arduino"),
    0x2A03: same("Arduino"),
    0x2E8A: Text("树莓派 Pico", "Raspberry Pi Pico"),
    0x303A: Text("乐鑫 ESP32 原生 USB", "Espressif ESP32 native USB"),
    0x0483: Text("STM32 虚拟串口", "STM32 virtual port"),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class PortInfo:
    """One serial port. ``about`` says what is probably on it; ``description`` is the system's."""

    device: str
    description: str = ""
    about: Text = Text("", "")
    vid: int | None = None
    pid: int | None = None
    serial_number: str | None = None
    location: str | None = None

    def to_json(self) -> dict[str, object]:
        """Return the port as ``labapp ports --json`` prints it."""
        return {
            "device": self.device,
            "url": f"serial:{self.device}",
            "description": self.description,
            "vid": self.vid,
            "pid": self.pid,
            "serial_number": self.serial_number,
            "about": self.about.to_json(),
        }


def list_ports() -> list[PortInfo]:
    """Return the machine's serial ports, USB first, then by name; may take seconds on Windows."""
    found = [_info(port) for port in pyserial_ports.comports()]
    return sorted(found, key=lambda p: (p.vid is None, p.device))


def find_again(known: PortInfo, now: Iterable[PortInfo]) -> PortInfo | None:
    """Return where the adapter ``known`` is now; its name may have changed, as COM numbers do.

    By USB ids and serial number; without one by USB ids and socket. A port that only has the
    same name is another adapter, and is not returned. What is not on USB is known by its name.
    """
    ports = list(now)
    if known.vid is None:
        return next((p for p in ports if p.device == known.device and p.vid is None), None)
    same = [p for p in ports if (p.vid, p.pid) == (known.vid, known.pid)]
    if known.serial_number is not None:
        return next((p for p in same if p.serial_number == known.serial_number), None)
    return next((p for p in same if p.location == known.location), None)


def _info(port: object) -> PortInfo:
    vid: int | None = getattr(port, "vid", None)
    device = str(getattr(port, "device", ""))
    description = str(getattr(port, "description", "") or "")
    if description in ("n/a", device):
        description = ""
    about = _MAKERS.get(vid) if vid is not None else None
    return PortInfo(
        device=device,
        description=description,
        about=about or _unknown(description, vid),
        vid=vid,
        pid=getattr(port, "pid", None),
        serial_number=getattr(port, "serial_number", None) or None,
        location=getattr(port, "location", None) or None,
    )


def _unknown(description: str, vid: int | None) -> Text:
    if description:
        return same(description)
    if vid is not None:
        return Text("USB 串口", "USB serial port")
    return Text("机器自带的串口，多半没有接东西", "A port of the machine; probably nothing on it")
