"""What the student's process gives up before it sees a line of the student's: Linux, in the child.

No root and no package: rlimits everywhere, Landlock (kernel 5.13 on) for files, TCP and signals,
seccomp for sockets, processes and exec. Each layer that the kernel lacks is left out, and the
names of those achieved are returned so that the evidence can state them. Numbers are those of
``linux/landlock.h``, ``linux/seccomp.h``, ``linux/audit.h`` and the system call tables.
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct
import sys
import sysconfig
from collections.abc import Iterable

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 1, 4, 22, 38
_SECCOMP_MODE_FILTER = 2
_SIGKILL = 9
_LANDLOCK_CREATE, _LANDLOCK_ADD, _LANDLOCK_RESTRICT = 444, 445, 446  # alike on every architecture

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_REFER, _TRUNCATE, _IOCTL_DEV = 1 << 13, 1 << 14, 1 << 15
_ON_FILES = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE

# Per architecture: AUDIT_ARCH, clone, clone3, and what is refused: socket, socketpair, fork,
# vfork, execve, execveat, ptrace, process_vm_readv, process_vm_writev, kill, tkill, unshare;
# then, alike on both, pidfd_send_signal and io_uring_setup, which opens sockets by itself.
_CALLS = {
    "x86_64": (
        0xC000003E,
        56,
        435,
        (41, 53, 57, 58, 59, 322, 101, 310, 311, 62, 200, 272, 424, 425),
    ),
    "aarch64": (0xC00000B7, 220, 435, (198, 199, 221, 281, 117, 270, 271, 129, 130, 97, 424, 425)),
}
_ERRNO_EPERM, _ERRNO_ENOSYS, _ALLOW = 0x0005_0001, 0x0005_0026, 0x7FFF_0000
_LOAD, _JUMP_IF_EQUAL, _JUMP_IF_SET, _RETURN = 0x20, 0x15, 0x45, 0x06
_CLONE_THREAD = 0x0001_0000


def harden(work: str, parent_pid: int, memory: int, file_bytes: int, cpu_s: int) -> list[str]:
    """Give up everything but computing and the folder ``work``; return the layers achieved.

    ``memory`` and ``file_bytes`` are bytes, ``cpu_s`` seconds of processor time for the whole
    run. Ends the process if the app that started it is gone already.
    """
    _limit_resources(memory, file_bytes, cpu_s)
    layers = ["rlimit"]
    if sys.platform != "linux":
        return layers
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    if libc.prctl(_PR_SET_PDEATHSIG, _SIGKILL, 0, 0, 0) == 0:
        layers.append("dies-with-app")
    if os.getppid() != parent_pid:  # it died before the line above took hold
        os._exit(113)
    libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return layers
    abi = _restrict_files(libc, work)
    if abi:
        layers.append(f"landlock-{abi}")
    if _restrict_calls(libc):
        layers.append("seccomp")
    return layers


def _limit_resources(memory: int, file_bytes: int, cpu_s: int) -> None:
    if sys.platform == "win32":
        return
    import resource

    bounds = (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, file_bytes),
        (resource.RLIMIT_CPU, cpu_s),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_CORE, 0),
    )
    for kind, bound in bounds:
        hard = resource.getrlimit(kind)[1]
        most = bound if hard == resource.RLIM_INFINITY else min(bound, hard)
        resource.setrlimit(kind, (most, most))


def _restrict_files(libc: ctypes.CDLL, work: str) -> int:
    """Allow reading the interpreter's files and everything in ``work``; return Landlock's ABI."""
    abi = int(libc.syscall(_LANDLOCK_CREATE, None, 0, 1))
    if abi < 1:
        return 0
    every = (1 << 13) - 1
    every |= (_REFER if abi >= 2 else 0) | (_TRUNCATE if abi >= 3 else 0)
    every |= _IOCTL_DEV if abi >= 5 else 0
    net, scoped = (3 if abi >= 4 else 0), (3 if abi >= 6 else 0)
    size = 24 if abi >= 6 else 16 if abi >= 4 else 8
    rules = struct.pack("QQQ", every, net, scoped)[:size]
    ruleset = int(libc.syscall(_LANDLOCK_CREATE, rules, size, 0))
    if ruleset < 0:
        return 0
    try:
        for path in _interpreter_paths():
            _allow(libc, ruleset, path, _READ_FILE | _READ_DIR)
        _allow(libc, ruleset, "/dev/null", (_READ_FILE | _WRITE_FILE) & every)
        _allow(libc, ruleset, work, every & ~_EXECUTE)
        return abi if libc.syscall(_LANDLOCK_RESTRICT, ruleset, 0) == 0 else 0
    finally:
        os.close(ruleset)


def _interpreter_paths() -> Iterable[str]:
    stdlib = [sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib")]
    shared = ["/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/etc/ld.so.cache"]
    small = ["/etc/localtime", "/usr/share/zoneinfo", "/dev/urandom"]
    return [p for p in (*stdlib, os.path.join(sys.base_prefix, "lib"), *shared, *small) if p]


def _allow(libc: ctypes.CDLL, ruleset: int, path: str, access: int) -> None:
    try:
        # O_PATH, O_CLOEXEC: by number, since only Linux names them
        place = os.open(path, 0o10000000 | 0o2000000)
    except OSError:
        return  # a path that this system does not have needs no rule
    try:
        if not os.path.isdir(path):
            access &= _ON_FILES
        libc.syscall(_LANDLOCK_ADD, ruleset, 1, struct.pack("=Qi", access, place), 0)
    finally:
        os.close(place)


def _restrict_calls(libc: ctypes.CDLL) -> bool:
    """Refuse sockets, processes, signals and exec with EPERM; threads stay allowed."""
    numbers = _CALLS.get(platform.machine())
    if numbers is None:
        return False
    code = _filter(numbers[:3], numbers[3])
    held = ctypes.create_string_buffer(code)
    program = struct.pack("HxxxxxxQ", len(code) // 8, ctypes.addressof(held))
    refused: int = libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.c_char_p(program), 0, 0)
    return refused == 0


def _filter(basics: tuple[int, int, int], denied: tuple[int, ...]) -> bytes:
    """Return the classic BPF program; clone3 is ENOSYS so that libc falls back to clone.

    Layout: check the architecture, then each denied number jumps to EPERM; clone is allowed
    only with CLONE_THREAD; the last two instructions are EPERM and ENOSYS.
    """
    arch, clone, clone3 = basics
    head = [_op(_LOAD, 4), _op(_JUMP_IF_EQUAL, arch, 1, 0), _op(_RETURN, _ERRNO_EPERM)]
    head.append(_op(_LOAD, 0))
    if arch == _CALLS["x86_64"][0]:  # x32 numbers would slip past the table
        head += [_op(_JUMP_IF_SET, 0x4000_0000, 0, 1), _op(_RETURN, _ERRNO_EPERM)]
    count = len(denied)
    tests = [_op(_JUMP_IF_EQUAL, n, count - 1 - i + 6, 0) for i, n in enumerate(denied)]
    tail = [
        _op(_JUMP_IF_EQUAL, clone3, 6, 0),
        _op(_JUMP_IF_EQUAL, clone, 1, 0),
        _op(_RETURN, _ALLOW),
        _op(_LOAD, 16),
        _op(_JUMP_IF_SET, _CLONE_THREAD, 0, 1),
        _op(_RETURN, _ALLOW),
        _op(_RETURN, _ERRNO_EPERM),
        _op(_RETURN, _ERRNO_ENOSYS),
    ]
    return b"".join([*head, *tests, *tail])


def _op(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("HBBI", code, if_true, if_false, value)
