"""From a kit URL and a profile to an open port with the right framing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from labapp.kits.master import Framing
from labapp.model.text import Text
from labapp.model.trouble import NoKit, Problem
from labapp.profiles.profile import Profile, Variant
from labapp.transport.base import ByteIO
from labapp.transport.errors import port_missing
from labapp.transport.kit_url import KitUrl
from labapp.transport.ports import PortInfo, find_again
from labapp.transport.serial_port import SerialSettings, open_serial
from labapp.transport.tcp import open_tcp

# MODBUS over Serial Line V1.02, §2.5.1.1: 3.5 characters, 1.75 ms above 19200 baud.
_LEAST_GAP_US = 1750
_MODBUS_PORT = 502
_BAUDS = (4800, 9600, 19200, 38400, 57600, 115200)


class Reach:
    """Opens the port of one kit, again and again; owned by the link's thread.

    A serial adapter is known by its USB identity, so that it is found under another name.
    """

    def __init__(
        self, profile: Profile, url: KitUrl, ports: Callable[[], Sequence[PortInfo]]
    ) -> None:
        if url.scheme not in ("serial", "tcp", "rtu+tcp"):
            raise NoKit(_not_a_wire(url))
        self._url = url
        self._ports = ports
        self._variant = _variant(profile, url)
        self._known: PortInfo | None = None
        self._profile = profile

    @property
    def framing(self) -> Framing:
        """How frames stand on this wire."""
        return "mbap" if self._url.scheme == "tcp" else "rtu"

    @property
    def is_serial(self) -> bool:
        """Whether the kit is on a serial port."""
        return self._url.scheme == "serial"

    @property
    def place(self) -> str:
        """What people call the far end."""
        return self._url.place

    @property
    def gap_us(self) -> int:
        """The quiet between frames."""
        own_us = self._variant.min_gap_ms * 1000
        if self._url.scheme == "serial":
            settings = self._settings
            char_us = settings.bits_per_char * 1_000_000 / settings.baud
            return max(own_us, _LEAST_GAP_US, round(3.5 * char_us))
        return own_us if self._url.scheme == "rtu+tcp" else 0

    @property
    def opening(self) -> Text:
        """What is being opened."""
        how = f"，{self._settings.short}" if self.is_serial else ""
        return Text(f"正在打开 {self.place}{how}", f"Opening {self.place}{how.replace('，', ', ')}")

    def open(self, unwanted: Callable[[], bool]) -> ByteIO:
        """Open the port; ends early once ``unwanted`` is true.

        Raises:
            PortGone: it cannot be opened now.
        """
        if not self.is_serial:
            port = self._url.port or self._variant.port or _MODBUS_PORT
            return open_tcp(self._url.host, port, unwanted=unwanted)
        ports = list(self._ports())
        device = self._device(ports)
        opened = open_serial(device, self._settings, tuple(p.device for p in ports))
        self._known = next((p for p in ports if p.device == device), self._known)
        return opened

    def is_back(self) -> bool:
        """Whether an adapter that was unplugged is plugged in again, under whatever name."""
        known = self._known
        return known is not None and find_again(known, self._ports()) is not None

    @property
    def is_known(self) -> bool:
        """Whether the adapter has an identity by which ``is_back`` finds it."""
        return self._known is not None

    def silence(self, *, noise_bytes: int) -> tuple[str, Text]:
        """Return code and advice for a port that opened and brought no answer."""
        unit = self._profile.modbus.unit
        match self._url.scheme:
            case "tcp":
                return "E-FRAMING", Text(
                    f"{self.place} 已连接，但没有 Modbus 应答。核对从站地址（现在是 {unit}）；"
                    "串口服务器可改用 rtu+tcp://。",
                    f"{self.place} is connected but gives no Modbus answer. Check the unit (now {unit}); "
                    "for a serial server try rtu+tcp://.",
                )
            case "rtu+tcp":
                return "E-FRAMING", Text(
                    f"{self.place} 已连接，但没有 Modbus 应答。核对从站地址（现在是 {unit}）；"
                    "Modbus TCP 设备改用 tcp://。",
                    f"{self.place} is connected but gives no Modbus answer. Check the unit (now {unit}); "
                    "for a Modbus TCP device use tcp://.",
                )
        if noise_bytes >= 64:
            return "E-GARBLED", self._garbled()
        return "E-SILENT", Text(
            f"{self.place} 已打开，但套件没有应答。检查电源灯，再核对从站地址（现在是 {unit}）和收发线。",
            f"{self.place} opened, but the kit does not answer. Check the power light, the unit (now {unit}) "
            "and the TX/RX wires.",
        )

    def _garbled(self) -> Text:
        now = self._settings.baud
        # Nearest rates first: a kit set wrong is rarely far off.
        rates = sorted((b for b in _BAUDS if b != now), key=lambda b: max(b, now) / min(b, now))
        shown = ", ".join(str(rate) for rate in rates[:3])
        return Text(
            f"{self.place} 收到乱码，波特率可能不对（现在是 {now}）。可试 {shown.replace(', ', '、')}。",
            f"{self.place} sends bytes that make no sense; the baud rate may be wrong (now {now}). "
            f"Try {shown}.",
        )

    @property
    def _settings(self) -> SerialSettings:
        v = self._variant
        return SerialSettings(
            baud=v.baud,
            bytesize=v.bytesize,
            parity=v.parity,
            stopbits=v.stopbits,
            dtr=v.dtr,
            rts=v.rts,
        )

    def _device(self, ports: Sequence[PortInfo]) -> str:
        if self._known is None:
            return self._url.device
        now = find_again(self._known, ports)
        if now is None:
            raise port_missing(self._known.device, tuple(p.device for p in ports))
        return now.device


def _variant(profile: Profile, url: KitUrl) -> Variant:
    """Return the profile's way for this kind of URL, with what the URL itself says."""
    if url.scheme == "serial":
        plain = Variant(link="serial", framing="rtu")
    else:
        plain = Variant(link="tcp", framing="mbap" if url.scheme == "tcp" else "rtu")
    kind = (plain.link, plain.framing)
    own = next((v for v in profile.transport.variants if (v.link, v.framing) == kind), plain)
    params = url.params
    parity = params.get("parity", own.parity)
    return replace(
        own,
        baud=int(params.get("baud", own.baud)),
        bytesize=int(params.get("bytesize", own.bytesize)),
        stopbits=int(params.get("stopbits", own.stopbits)),
        parity="E" if parity == "E" else "O" if parity == "O" else "N",
    )


def _not_a_wire(url: KitUrl) -> Problem:
    return Problem(
        code="E-NOT-A-PORT",
        message=Text(
            f"{url.text} 不是一条能连接的线路。写 serial:、tcp:// 或 rtu+tcp:// 开头的地址。",
            f"{url.text} is no wire to connect to. Write an address that begins with serial:, tcp:// "
            "or rtu+tcp://.",
        ),
    )
