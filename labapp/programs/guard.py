"""A friendly guard-rail in the student's process: says early and clearly what will not work.

It is not the boundary (limits_posix and limits_windows are): whoever wants to can climb over it.
"""

from __future__ import annotations

import os
import sys
import time
import types
from collections.abc import Callable, Mapping, Sequence
from typing import Any

NOT_HERE = frozenset(
    (
        "asyncio",
        "concurrent",
        "ctypes",
        "ftplib",
        "http",
        "imaplib",
        "labapp",
        "msvcrt",
        "multiprocessing",
        "poplib",
        "pty",
        "requests",
        "serial",
        "smtplib",
        "socket",
        "socketserver",
        "ssl",
        "subprocess",
        "tkinter",
        "turtle",
        "urllib",
        "webbrowser",
        "winreg",
    )
)
"""Modules for networks, other processes, ports and windows; a program drives the kit by labkit."""

_REFUSED = frozenset(
    (
        "ctypes.dlopen",
        "ctypes.dlsym",
        "os.exec",
        "os.fork",
        "os.forkpty",
        "os.kill",
        "os.killpg",
        "os.posix_spawn",
        "os.spawn",
        "os.startfile",
        "os.system",
        "pty.spawn",
        "shutil.rmtree",
        "socket.__new__",
        "socket.bind",
        "socket.connect",
        "subprocess.Popen",
        "webbrowser.open",
        "winreg.CreateKey",
        "winreg.OpenKey",
        "winreg.DeleteKey",
        "winreg.SetValue",
    )
)
_ON_PATHS = frozenset(
    (
        "open",
        "os.listdir",
        "os.scandir",
        "os.remove",
        "os.rename",
        "os.rmdir",
        "os.mkdir",
        "os.link",
        "os.symlink",
        "os.truncate",
        "os.chmod",
        "os.chown",
        "os.utime",
    )
)
LOCKSTEP_EPOCH_S = 946_684_800
"""What ``time.time()`` counts from in lockstep: 2000-01-01T00:00:00Z, so that runs are alike."""


def install(work: str, told: Callable[[str, str], None]) -> None:
    """Refuse, with a readable PermissionError, what leaves the program's own folder.

    ``told`` receives the audit event and what it was about, for the recording.
    """
    readable = _real([work, *sys.path, sys.base_prefix, os.devnull])
    writable = _real([work, os.devnull])

    def look(event: str, arguments: tuple[Any, ...]) -> None:
        if event in _REFUSED:
            told(event, "")
            raise PermissionError(f"a control program may not use {event}")
        if event in _ON_PATHS and arguments and isinstance(arguments[0], str | bytes):
            reads = event in ("open", "os.listdir", "os.scandir") and not _writes(arguments)
            if not _inside(os.fsdecode(arguments[0]), readable if reads else writable):
                told(event, os.fsdecode(arguments[0])[:200])
                raise PermissionError(
                    f"a control program may only use files in its own folder, "
                    f"not {os.fsdecode(arguments[0])!r}"
                )

    sys.addaudithook(look)


def importer(
    real: Callable[..., Any], labkit: types.ModuleType, epoch_s: float, alike: bool
) -> Callable[..., Any]:
    """Return an ``__import__`` for the student's file alone.

    ``import time`` gives a clock that is the bench's; modules of no use here are refused by name.
    Where runs are to be ``alike``, random numbers are the same each time.
    """
    bench_time = _bench_time(labkit, epoch_s)
    seeded = not alike

    def import_here(
        name: str,
        globals: Mapping[str, object] | None = None,
        locals: Mapping[str, object] | None = None,
        fromlist: Sequence[str] = (),
        level: int = 0,
    ) -> Any:
        nonlocal seeded
        if name == "time" and level == 0:
            return bench_time
        if name == "random" and level == 0 and not seeded:
            seeded = True
            real(name).seed(0)
        if name.partition(".")[0] in NOT_HERE and level == 0:
            raise ImportError(f"{name} is not for control programs", name=name)
        return real(name, globals, locals, fromlist, level)

    return import_here


def _bench_time(labkit: types.ModuleType, epoch_s: float) -> types.ModuleType:
    """Return the time module with the bench's clock under every name that tells or passes time."""
    module = types.ModuleType("time", time.__doc__)
    vars(module).update({k: v for k, v in vars(time).items() if not k.startswith("__")})
    now: Callable[[], float] = labkit.now
    changed: dict[str, Callable[..., object]] = {
        "sleep": labkit.sleep,
        "monotonic": now,
        "perf_counter": now,
        "time": lambda: epoch_s + now(),
        "monotonic_ns": lambda: round(now() * 1e9),
        "perf_counter_ns": lambda: round(now() * 1e9),
        "time_ns": lambda: round((epoch_s + now()) * 1e9),
    }
    vars(module).update(changed)
    return module


def _writes(arguments: tuple[Any, ...]) -> bool:
    mode = arguments[1] if len(arguments) > 1 else "r"
    if isinstance(mode, str):
        return bool(set(mode) & set("wax+"))
    flags = arguments[2] if len(arguments) > 2 and isinstance(arguments[2], int) else 0
    return bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND))


def _real(paths: list[str]) -> tuple[str, ...]:
    return tuple(os.path.normcase(os.path.realpath(p)) for p in paths if p)


def _inside(path: str, folders: tuple[str, ...]) -> bool:
    if path.startswith("<"):  # compiled code without a file
        return True
    place = os.path.normcase(os.path.realpath(path))
    return any(place == f or place.startswith(f.rstrip(os.sep) + os.sep) for f in folders)
