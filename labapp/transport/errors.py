"""What went wrong with a port, as one of the stable codes ``E-…``."""

from __future__ import annotations

import errno
import re
import socket

from labapp.model.text import Text
from labapp.transport.base import PortGone

# Win32 error codes as pyserial's messages carry them (winerror.h).
_WIN_ACCESS_DENIED = 5
_WIN_GEN_FAILURE = 31
_WIN_SEM_TIMEOUT = 121
WIN_TIMEOUT = 1460
# Windows' socket errors have numbers of their own (winsock2.h).
_WSA = {10061: errno.ECONNREFUSED, 10060: errno.ETIMEDOUT, 10065: errno.EHOSTUNREACH,
        10051: errno.ENETUNREACH, 10054: errno.ECONNRESET, 10053: errno.ECONNABORTED}  # fmt: skip
_ERRNO_WORDS = re.compile(r"(?:\[Errno |configure port: \()(\d+)")
_WIN_WORDS = re.compile(r", None, (\d+)\)")


def cannot_open(port: str, cause: OSError, ports: tuple[str, ...] = ()) -> PortGone:
    """Return why a serial port did not open; ``ports`` are those that there are."""
    number, win = _numbers(cause)
    if (
        number in (errno.EBUSY, errno.EAGAIN)
        or win == _WIN_ACCESS_DENIED
        or "exclusively lock" in str(cause)
    ):
        return port_busy(port)
    if number in (errno.EACCES, errno.EPERM):
        return PortGone("E-PORT-PERM", Text(
            f"没有访问 {port} 的权限。运行 sudo usermod -aG dialout $USER，重新登录后再试。",
            f"No permission for {port}. Run sudo usermod -aG dialout $USER and log in again.",
        ))  # fmt: skip
    if number in (errno.ENOTTY, errno.EINVAL, errno.EISDIR):
        return PortGone("E-NOT-A-PORT", Text(
            f"{port} 不是串口。选一个串口，例如 serial:COM3 或 serial:/dev/ttyUSB0。",
            f"{port} is not a serial port. Choose one, like serial:COM3 or serial:/dev/ttyUSB0.",
        ))  # fmt: skip
    if win in (_WIN_GEN_FAILURE, _WIN_SEM_TIMEOUT):
        return PortGone("E-PORT-DRIVER", Text(
            f"{port} 的 USB 驱动无响应。换一个 USB 口重新插上。",
            f"The USB driver of {port} is stuck. Plug it into another socket.",
        ))  # fmt: skip
    return port_missing(port, ports)


def port_missing(port: str, ports: tuple[str, ...]) -> PortGone:
    """Return the error for a port that is not there."""
    listed = ", ".join(ports)
    return PortGone("E-PORT-MISSING", Text(
        f"找不到端口 {port}。请插好设备；当前端口：{listed.replace(', ', '、') or '没有'}。",
        f"Port {port} is not there. Plug the kit in; ports now: {listed or 'none'}.",
    ))  # fmt: skip


def port_busy(port: str) -> PortGone:
    """Return the error for a port that somebody else holds."""
    return PortGone("E-PORT-BUSY", Text(
        f"{port} 被占用。关闭串口监视器或另一个 labapp，再试一次。",
        f"{port} is in use. Close the serial monitor or the other labapp, then try again.",
    ))  # fmt: skip


def port_gone(port: str) -> PortGone:
    """Return the error for a port that went away while it was open."""
    return PortGone("E-PORT-GONE", Text(
        f"{port} 上的设备被拔出。数据已保留，插回后自动重连。",
        f"The kit on {port} was unplugged. Data kept; it reconnects when the kit returns.",
    ))  # fmt: skip


def cannot_connect(place: str, cause: OSError) -> PortGone:
    """Return why a network address could not be reached."""
    if isinstance(cause, socket.gaierror):
        return PortGone("E-NET-UNREACH", Text(
            f"找不到主机 {place}。核对地址和网线。",
            f"There is no host {place}. Check the address and the cable.",
        ))  # fmt: skip
    number = _WSA.get(cause.errno or 0, cause.errno)
    if number == errno.ECONNREFUSED:
        return PortGone("E-NET-REFUSED", Text(
            f"{place} 拒绝连接。核对端口号；仿真套件要先启动。",
            f"{place} refused the connection. Check the port number; "
            "a simulated kit has to be started first.",
        ))  # fmt: skip
    if number == errno.ETIMEDOUT or isinstance(cause, TimeoutError):
        return PortGone("E-NET-TIMEOUT", Text(
            f"{place} 没有回应。核对地址、网线和防火墙。",
            f"{place} does not respond. Check the address, the cable and the firewall.",
        ))  # fmt: skip
    return PortGone("E-NET-UNREACH", Text(
        f"到不了 {place}（{cause.strerror or cause}）。核对地址和网线。",
        f"{place} cannot be reached ({cause.strerror or cause}). Check the address and the cable.",
    ))  # fmt: skip


def connection_closed(place: str) -> PortGone:
    """Return the error for a connection that the far end ended."""
    return PortGone("E-NET-CLOSED", Text(
        f"{place} 断开了连接。正在重连；检查套件的电源和网线。",
        f"{place} closed the connection. Reconnecting; check the kit's power and cable.",
    ))  # fmt: skip


def _numbers(cause: OSError) -> tuple[int | None, int | None]:
    """Return the POSIX and the Windows error number, as far as an exception or its text has them."""
    text = str(cause)
    in_text = _ERRNO_WORDS.search(text)
    number = cause.errno if cause.errno is not None else int(in_text[1]) if in_text else None
    return number, windows_error(cause)


def windows_error(cause: OSError) -> int | None:
    """Return the Windows error number of an exception or of pyserial's message, if there is one."""
    own: int | None = getattr(cause, "winerror", None)
    found = _WIN_WORDS.search(str(cause))
    return int(found[1]) if own is None and found is not None else own
