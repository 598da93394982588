"""Opens the wire by which a twin is reached."""

from __future__ import annotations

import sys

from labapp.model.clock import Clock
from labapp.model.text import Text
from labapp.model.trouble import LabError, Problem
from labapp.profiles.profile import Profile, Variant
from labapp.transport.kit_url import KitUrl
from labapp.transport.serial_port import SerialSettings, open_serial
from labapp.twins.doors import Door
from labapp.twins.line_door import LineDoor
from labapp.twins.listen import ListenUrl
from labapp.twins.tcp_door import TcpDoor


def open_door(listen: ListenUrl, profile: Profile, clock: Clock) -> Door:
    """Take the address and return the door there.

    A serial port is set as the profile says, but for what follows ``?`` in the address.

    Raises:
        NoKit: the address is taken, or the port cannot be opened.
        LabError: this system has no such port.
    """
    if listen.scheme == "pty":
        return _pty_door(clock)
    if listen.scheme == "serial":
        url = KitUrl.parse(listen.text)
        return LineDoor(open_serial(url.device, _settings(url, profile)), listen.text, clock)
    return TcpDoor(listen, clock)


def _pty_door(clock: Clock) -> Door:
    if sys.platform == "win32":
        raise _no_pty()
    from labapp.twins.pty_line import PtyLine

    line = PtyLine()
    return LineDoor(line, f"serial:{line.device}", clock)


def _settings(url: KitUrl, profile: Profile) -> SerialSettings:
    variants = profile.transport.variants
    usual = next((v for v in variants if v.link == "serial"), Variant(link="serial", framing="rtu"))
    return SerialSettings(
        baud=int(url.params.get("baud", usual.baud)),
        bytesize=int(url.params.get("bytesize", usual.bytesize)),
        parity=url.params.get("parity", usual.parity),
        stopbits=int(url.params.get("stopbits", usual.stopbits)),
        dtr=usual.dtr,
        rts=usual.rts,
    )


def _no_pty() -> LabError:
    return LabError(
        Problem(
            code="U-NO-PTY",
            message=Text(
                "这个系统没有虚拟串口 pty:。用 tcp://127.0.0.1:0，或用 com0com 建一对 COM 口。",
                "This system has no pty:. Use tcp://127.0.0.1:0, or a pair of COM ports made "
                "with com0com.",
            ),
        )
    )
