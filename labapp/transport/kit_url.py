"""Addresses of kits as people write them: ``serial:COM3``, ``tcp://192.0.2.7:502``, ``twin:``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Literal, get_args
from urllib.parse import unquote

from labapp.model.text import Text
from labapp.model.trouble import LabError, Problem

Scheme = Literal["serial", "tcp", "rtu+tcp", "twin", "replay"]
SCHEMES: tuple[Scheme, ...] = get_args(Scheme)
_NETWORK: tuple[Scheme, ...] = ("tcp", "rtu+tcp")
# 300 to 4 Mbaud is what UARTs of lab kits can do; pyserial passes other rates on as they are.
_CHECKS: dict[str, re.Pattern[str]] = {
    "baud": re.compile(r"[1-9][0-9]{2,6}"),
    "parity": re.compile(r"[NEO]"),
    "stopbits": re.compile(r"[12]"),
    "bytesize": re.compile(r"[78]"),
}
_FORMS = "serial:COM3  serial:/dev/ttyUSB0?baud=9600&parity=E  tcp://HOST:PORT  rtu+tcp://HOST:PORT  twin:"


@dataclass(frozen=True, slots=True, kw_only=True)
class KitUrl:
    """One kit URL. ``text`` is what was written.

    ``device`` is the port of ``serial:`` or the file of ``replay:``; ``host`` and ``port``
    are those of ``tcp://`` and ``rtu+tcp://`` (``None``: the profile's, else 502);
    ``params`` holds what follows ``?`` and is only for serial ports.
    """

    scheme: Scheme
    text: str
    device: str = ""
    host: str = ""
    port: int | None = None
    params: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def parse(cls, text: str) -> KitUrl:
        """Read a kit URL.

        Raises:
            LabError: code ``U-KIT-URL``; not a URL that a kit can have.
        """
        written = text.strip()
        scheme, colon, rest = written.partition(":")
        known = next((s for s in SCHEMES if s == scheme.lower()), None)
        if not colon or known is None:
            raise _unknown(written, scheme)
        match known:
            case "serial" | "replay":
                return _local(known, written, rest)
            case "tcp" | "rtu+tcp":
                return _network(known, written, rest)
            case "twin":
                if rest:
                    raise _bad(written, "twin: 后面不写别的。", "Nothing follows twin:.")
                return cls(scheme="twin", text=written)

    @property
    def place(self) -> str:
        """What people call the far end: ``COM3``, ``192.0.2.7:502``, ``twin:``."""
        if self.scheme in _NETWORK:
            host = f"[{self.host}]" if ":" in self.host else self.host
            return host if self.port is None else f"{host}:{self.port}"
        return self.device or self.text


def _local(scheme: Scheme, written: str, rest: str) -> KitUrl:
    device, _, query = rest.partition("?")
    device = unquote(device)
    if not device.strip():
        raise _bad(
            written,
            f"{scheme}: 后面要写串口或文件。" if scheme == "serial" else "replay: 后面要写文件。",
            f"{scheme}: needs a {'port' if scheme == 'serial' else 'file'} after it.",
        )
    params = _params(written, query) if scheme == "serial" else {}
    return KitUrl(scheme=scheme, text=written, device=device, params=params)


def _network(scheme: Scheme, written: str, rest: str) -> KitUrl:
    place = rest.removeprefix("//").rstrip("/")
    found = re.fullmatch(
        r"(\[(?P<six>[0-9A-Fa-f:.%]+)\]|(?P<host>[^\s:/?#@\[\]]+))(:(?P<port>\d+))?", place
    )
    if not rest.startswith("//") or found is None:
        raise _bad(
            written,
            f"写成 {scheme}://主机:端口，例如 {scheme}://192.168.1.10:502。",
            f"Write it as {scheme}://HOST:PORT, like {scheme}://192.168.1.10:502.",
        )
    port = None if found["port"] is None else int(found["port"])
    if port is not None and not 1 <= port <= 65535:
        raise _bad(
            written, f"端口 {port} 不在 1..65535 之内。", f"Port {port} is outside 1..65535."
        )
    return KitUrl(scheme=scheme, text=written, host=found["six"] or found["host"], port=port)


def _params(written: str, query: str) -> dict[str, str]:
    params: dict[str, str] = {}
    for part in filter(None, query.split("&")):
        name, _, value = part.partition("=")
        check = _CHECKS.get(name)
        if check is None:
            near = get_close_matches(name, _CHECKS, n=1)
            hint_zh = f"是不是想写 {near[0]}？" if near else f"可以写：{'、'.join(_CHECKS)}。"
            hint_en = f"Did you mean {near[0]}?" if near else f"Known: {', '.join(_CHECKS)}."
            raise _bad(
                written, f"不认识参数 {name}。{hint_zh}", f"Unknown setting {name}. {hint_en}"
            )
        value = value.upper()
        if check.fullmatch(value) is None or name in params:
            raise _bad(
                written,
                f"{name}={value} 不行；例如 baud=9600、parity=E、stopbits=1、bytesize=8，各写一次。",
                f"{name}={value} does not fit; like baud=9600, parity=E, stopbits=1, bytesize=8, once each.",
            )
        params[name] = value
    return params


def _unknown(written: str, scheme: str) -> LabError:
    near = get_close_matches(scheme.lower(), SCHEMES, n=1)
    if re.fullmatch(r"(?i)COM\d+", written) or written.startswith("/dev/"):
        return _bad(
            written, f"串口写成 serial:{written}。", f"A serial port is written serial:{written}."
        )
    if near and ":" in written:
        return _bad(written, f"是不是想写 {near[0]}:？", f"Did you mean {near[0]}:?")
    return _bad(written, f"可以写：{_FORMS}", f"Known forms: {_FORMS}")


def _bad(written: str, zh: str, en: str) -> LabError:
    return LabError(
        Problem(
            code="U-KIT-URL",
            message=Text(
                f"套件地址 {written or '（空）'} 用不了。{zh}",
                f"The kit URL {written or '(empty)'} cannot be used. {en}",
            ),
        )
    )
