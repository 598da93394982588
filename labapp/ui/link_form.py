"""Where a real kit is: a serial port, a network address, or any kit URL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QLayout, QWidget

from labapp.model.text import Text, same
from labapp.profiles.profile import Profile, Variant
from labapp.transport.ports import PortInfo
from labapp.ui.look import Look
from labapp.ui.theme import CAPTION
from labapp.ui.widgets.fields import Choice, Field, Segments
from labapp.ui.widgets.labels import Label
from labapp.ui.widgets.layout import STRETCH, column, row
from labapp.ui.widgets.progress import Spinner

BAUDS = (4800, 9600, 19200, 38400, 57600, 115200)
FRAMES = (("N1", "8N1"), ("E1", "8E1"), ("O1", "8O1"), ("N2", "8N2"))
_WAYS = (
    ("serial", Text("串口", "Serial port")),
    ("tcp", Text("网络", "Network")),
    ("url", Text("地址", "Address")),
)
SCANNING = Text("正在查找串口", "Looking for serial ports")
NO_PORTS = Text(
    "没有找到串口。插好 USB 线后点“重新扫描”；没有驱动时系统里也看不到串口。",
    "No serial port found. Plug the USB cable in and choose Scan again; without its driver the "
    "port does not show up either.",
)


@dataclass(frozen=True, slots=True)
class FoundPort:
    """One serial port: its name, what is probably on it, and whether it may be this kit."""

    name: str
    about: str
    likely: bool = False


def found_port(port: PortInfo) -> FoundPort:
    """Return a port as the form offers it."""
    return FoundPort(port.device, port.description)


class LinkForm(QWidget):
    """Fields for a kit's address. ``changed`` says: another address stands there."""

    changed = Signal()
    confirmed = Signal()

    def __init__(self, look: Look, profile: Profile) -> None:
        super().__init__()
        self._look, self._profile = look, profile
        self._ports: tuple[FoundPort, ...] | None = None
        self.way = Segments(look, Text("连接方式", "Way to connect"), _WAYS)
        self.way.picked.connect(self._turn)
        self._pages = (self._serial(), self._network(), self._address())
        self.setLayout(column(row(self.way, STRETCH), *self._pages, gap=8))
        self.way.choose("serial")
        self._turn("serial")
        self.show_ports(None)

    @property
    def url(self) -> str:
        """The kit URL that the fields make; empty while something is missing."""
        match self.way.key:
            case "serial" if self.port.key:
                parity, stop = self.frame.key[0], self.frame.key[1]
                tail = "" if stop == "1" else f"&stopbits={stop}"
                return f"serial:{self.port.key}?baud={self.baud.key}&parity={parity}{tail}"
            case "tcp" if self.host.text().strip() and self.number.text().strip().isdigit():
                return (
                    f"{self.protocol.key}://{self.host.text().strip()}:{self.number.text().strip()}"
                )
            case "url":
                return self.address.text().strip()
            case _:
                return ""

    def show_ports(self, ports: Sequence[FoundPort] | None) -> None:
        """Offer these ports; ``None`` while they are looked for."""
        self._ports = None if ports is None else tuple(ports)
        found = sorted(ports or (), key=lambda port: (not port.likely, port.name))
        self.port.show_options([(p.name, same(f"{p.name}  {p.about}".strip())) for p in found])
        self._spinner.setVisible(ports is None)
        self._found.set_text(self._found_words())
        for field in (self.port, self.baud, self.frame):
            field.setVisible(bool(found))
        self.changed.emit()

    def show_url(self, url: str) -> None:
        """Fill the address in, as after a link that did not come up."""
        if url and not url.startswith(("twin:", "replay:")):
            self.address.setText(url)

    def _found_words(self) -> Text:
        if self._ports is None:
            return SCANNING
        if not self._ports:
            return NO_PORTS
        likely = [port.name for port in self._ports if port.likely]
        count = len(self._ports)
        if likely:
            name = likely[0]
            return Text(f"{name} 可能接着套件。", f"The kit is probably on {name}.")
        return Text(
            f"找到 {count} 个串口。", f"{count} serial port{'' if count == 1 else 's'} found."
        )

    def _serial(self) -> QWidget:
        look, variant = self._look, _serial_variant(self._profile)
        self.port = Choice(look, Text("串口", "Serial port"))
        self.port.setSizeAdjustPolicy(Choice.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.port.setMinimumContentsLength(14)
        self.baud = Choice(
            look, Text("波特率", "Baud rate"), [(str(b), same(str(b))) for b in BAUDS]
        )
        self.baud.choose(str(variant.baud))
        self.frame = Choice(
            look,
            Text("数据位、校验、停止位", "Data bits, parity, stop bits"),
            [(key, same(words)) for key, words in FRAMES],
        )
        self.frame.choose(f"{variant.parity}{variant.stopbits}")
        self._spinner = Spinner(look, 16)
        self._found = Label(look, SCANNING, tone="text2", wrap=True)
        for field in (self.port, self.baud, self.frame):
            field.picked.connect(self.changed)
        about = row(self._spinner, (self._found, 1), gap=6)
        return _page(about, row((self.port, 1), self.baud, self.frame, gap=6))

    def _network(self) -> QWidget:
        look = self._look
        self.host = Field(look, Text("主机", "Host"), same("192.168.1.10"), mono=True)
        self.number = Field(look, Text("端口号", "Port number"), same("502"), mono=True)
        self.number.setText("502")
        self.number.setFixedWidth(look.theme.px(64))
        self.protocol = Choice(
            look,
            Text("协议", "Protocol"),
            [
                ("tcp", same("Modbus TCP")),
                ("rtu+tcp", Text("串口服务器 (RTU)", "Serial server (RTU)")),
            ],
        )
        for field in (self.host, self.number):
            field.textChanged.connect(self.changed)
            field.returnPressed.connect(self.confirmed)
        self.protocol.picked.connect(self.changed)
        hint = Text(
            "填网关或串口服务器的地址，套件说明书上有。",
            "The address of the gateway or serial server; the kit's manual has it.",
        )
        fields = row((self.host, 1), self.number, self.protocol, gap=6)
        return _page(row((Label(look, hint, tone="text2", wrap=True), 1)), fields)

    def _address(self) -> QWidget:
        look = self._look
        self.address = Field(
            look, Text("套件地址", "Kit URL"), same("serial:/dev/pts/3?baud=9600"), mono=True
        )
        self.address.textChanged.connect(self.changed)
        self.address.returnPressed.connect(self.confirmed)
        hint = Text(
            "任何套件地址：serial:…、tcp://…、rtu+tcp://…，也可以是 labapp simulate 打印的地址。",
            "Any kit URL: serial:…, tcp://…, rtu+tcp://…, or what labapp simulate printed.",
        )
        return _page(
            row((Label(look, hint, CAPTION, tone="text2", wrap=True), 1)), row(self.address)
        )

    @Slot(str)
    def _turn(self, way: str) -> None:
        for (key, _), page in zip(_WAYS, self._pages, strict=True):
            page.setVisible(key == way)
        self.changed.emit()


def _page(about: QLayout, fields: QLayout) -> QWidget:
    page = QWidget()
    page.setLayout(column(about, fields, gap=6))
    return page


def _serial_variant(profile: Profile) -> Variant:
    serial = [v for v in profile.transport.variants if v.link == "serial"]
    return serial[0] if serial else Variant(link="serial", framing="rtu")
