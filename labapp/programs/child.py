"""The app's side of one student's process: start, talk, bound, end, and nothing left over."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections import deque
from pathlib import Path
from typing import Any

from labapp.programs.limits import Limits
from labapp.programs.output import Output

if sys.platform == "win32":
    from labapp.programs.limits_windows import Job

Json = dict[str, Any]

_LONGEST_LINE = 64 << 10
_MOST_BAD_LINES = 20
_WINDOWS_FLAGS = 0x0800_0000  # CREATE_NO_WINDOW
_PASSED_ON = ("SYSTEMROOT", "SYSTEMDRIVE", "TEMP", "TMP", "WINDIR", "LANG")

GONE: Json = {"op": "gone"}
"""The process has ended or closed its pipe; ``exit_code`` is known."""
STOPPED: Json = {"op": "stopped"}
"""``stop`` was called while waiting."""


class Child:
    """One process, run once; ``start``, ``next``, ``send`` in one thread, the rest in any.

    A thread of its own starts the process and stays until it has ended: Linux ties "die with
    your parent" to the thread that started a process, not to the app.
    """

    def __init__(self, work: Path, limits: Limits) -> None:
        self.output = Output(limits.output_bytes)
        self.lines: deque[tuple[int, ...]] = deque(maxlen=50)
        self.layers: list[str] = []
        self.bad_lines = 0
        self.exit_code: int | None = None
        self._work = work
        self._limits = limits
        self._inbox: queue.Queue[Json] = queue.Queue(maxsize=32)
        self._process: subprocess.Popen[bytes] | None = None
        self._killed = threading.Event()
        self._gone = threading.Event()
        self._lock = threading.Lock()
        self._writes = 0
        self._writing = False
        self._start_fault: OSError | None = None
        self._threads: list[threading.Thread] = []

    @property
    def is_garbled(self) -> bool:
        """Whether it wrote what no labkit writes, more than by accident, or does not read."""
        return self.bad_lines > _MOST_BAD_LINES

    @property
    def why_not_started(self) -> str:
        """Why there is no process, or how it ended before it was ready."""
        fault = self._start_fault
        if fault is not None:
            return fault.strerror or type(fault).__name__
        return f"code {self.exit_code}"

    def start(self) -> Json | None:
        """Start the process; return its ``ready``, what came instead, or ``None`` if too late."""
        keeper = threading.Thread(target=self._keep, name="program-keeper", daemon=True)
        self._threads.append(keeper)
        keeper.start()
        return self.next(self._limits.start_s)

    def next(self, seconds: float) -> Json | None:
        """Return the next message, GONE or STOPPED; ``None`` after ``seconds`` of silence."""
        try:
            return self._inbox.get(timeout=seconds)
        except queue.Empty:
            return None

    def send(self, message: Json) -> None:
        """Send one message; a process that does not read is ended within two seconds."""
        process = self._process
        if process is None or process.stdin is None:
            return
        text = json.dumps(message, separators=(",", ":"), ensure_ascii=False)
        line = memoryview(text.encode() + b"\n")
        self._writing = True
        try:
            while line:
                line = line[process.stdin.write(line) or 0 :]
        except (OSError, ValueError):
            self.kill()  # its end closed: GONE follows
        finally:
            self._writes += 1
            self._writing = False

    def interrupt(self) -> None:
        """Wake whoever waits in ``next`` with STOPPED."""
        self._offer(STOPPED)

    def kill(self) -> None:
        """End the process and everything it started, now; may be called at any time."""
        self._killed.set()
        with self._lock:
            process = self._process
            if process is not None and not self._gone.is_set():
                self._kill_tree(process)

    def close(self) -> None:
        """Kill, then wait until process, threads and pipes are gone."""
        self.kill()
        current = threading.current_thread()
        while any(t.is_alive() for t in self._threads if t is not current):
            self._drain()
            for thread in list(self._threads):
                if thread is not current:
                    thread.join(0.05)

    def _drain(self) -> None:
        try:
            while True:
                self._inbox.get_nowait()
        except queue.Empty:
            return

    def _offer(self, message: Json) -> None:
        while True:
            try:
                self._inbox.put(message, timeout=0.1)
            except queue.Full:
                if self._killed.is_set():
                    return
            else:
                return

    def _keep(self) -> None:
        """Start the process, pass its messages on, and see it dead: the keeper's whole life."""
        try:
            process = self._spawn()
        except OSError as fault:
            self._start_fault = fault
            self._gone.set()
            self._offer(GONE)
            return
        others = [
            threading.Thread(target=self._listen, args=(process,), name="program-output"),
            threading.Thread(target=self._guard, name="program-guard"),
        ]
        for thread in others:
            thread.daemon = True
            thread.start()
        if self._killed.is_set():
            self.kill()
        self._receive(process)
        self._bury(process)
        for thread in others:
            thread.join()
        for pipe in (process.stdin, process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()
        self._offer(GONE)

    def _spawn(self) -> subprocess.Popen[bytes]:
        environment = {k: v for k, v in os.environ.items() if k.upper() in _PASSED_ON}
        environment |= {"PYTHONHASHSEED": "0", "MALLOC_ARENA_MAX": "2"}
        windows = sys.platform == "win32"
        process = subprocess.Popen(
            [*_interpreter(), self._settings()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            cwd=self._work,
            env=environment,
            start_new_session=not windows,
            creationflags=_WINDOWS_FLAGS if windows else 0,
        )
        if sys.platform == "win32":
            self._hold(process)
        with self._lock:
            self._process = process
        return process

    def _hold(self, process: subprocess.Popen[bytes]) -> None:
        if sys.platform == "win32":
            self._job = Job(self._limits.memory_bytes)
            try:
                self._job.hold(int(process._handle))  # noqa: SLF001 (Popen's only way)
                self.layers.append("job")
                if self._job.forbid_desktop():
                    self.layers.append("job-ui")
            except OSError:
                process.kill()
                raise

    def _settings(self) -> str:
        limits = self._limits
        return json.dumps(
            {
                "work": str(self._work),
                "parent": os.getpid(),
                "harden": limits.harden,
                "memory": limits.memory_bytes,
                "file_bytes": limits.file_bytes,
                "cpu_s": limits.cpu_s,
                "quiet_s": limits.quiet_s,
            }
        )

    def _receive(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout is not None
        pipe, rest = process.stdout.fileno(), b""
        while chunk := os.read(pipe, 65_536):
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines:
                self._take(line)
            if len(rest) > _LONGEST_LINE:
                self.bad_lines += _MOST_BAD_LINES + 1
            if self.is_garbled:
                self.kill()
            if self._killed.is_set():
                return

    def _take(self, line: bytes) -> None:
        message = _read_message(line)
        if message is None:
            self.bad_lines += 1
        elif message["op"] == "at":
            found = message.get("lines")
            lines = found if isinstance(found, list) else []
            self.lines.append(tuple(line for line in lines if isinstance(line, int)))
        else:
            self._offer(message)

    def _listen(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stderr is not None
        pipe = process.stderr.fileno()
        while chunk := os.read(pipe, 65_536):
            if self.output.take(chunk):
                self._killed.wait(0.005)  # a flood is slowed down to 13 MB/s, dropped cheaply

    def _guard(self) -> None:
        """End a process that lets our answers pile up: a blocked write cannot be timed out."""
        stuck, seen = 0, -1
        while not self._gone.wait(0.25):
            stuck = stuck + 1 if self._writing and self._writes == seen else 0
            seen = self._writes
            if stuck >= 8:
                self.bad_lines += _MOST_BAD_LINES + 1
                self.kill()

    def _bury(self, process: subprocess.Popen[bytes]) -> None:
        try:
            process.wait(timeout=0.5)
        except subprocess.TimeoutExpired:
            if not self._killed.is_set():  # it closed its end and goes on
                self.bad_lines += _MOST_BAD_LINES + 1
        self._kill_tree(process)
        self.exit_code = process.wait()
        with self._lock:
            self._gone.set()
            if sys.platform == "win32":
                self._job.close()

    def _kill_tree(self, process: subprocess.Popen[bytes]) -> None:
        if sys.platform == "win32":
            self._job.kill()
        else:
            with contextlib.suppress(ProcessLookupError, PermissionError):  # nothing was left
                os.killpg(process.pid, signal.SIGKILL)


def _interpreter() -> list[str]:
    """Return how to start boot.py: the real interpreter, since a venv's may be a redirector.

    ``-I`` would ignore PYTHONHASHSEED, and a program that walks a set would differ from run to
    run; ``-S -s -P`` and an environment of our own isolate as well, from packages that happen
    to be installed too.
    """
    if getattr(sys, "frozen", False):
        return [sys.executable, "--student"]
    base = getattr(sys, "_base_executable", None) or sys.executable
    boot = Path(__file__).with_name("boot.py")
    return [base, "-S", "-s", "-P", "-B", "-X", "utf8", "-u", str(boot)]


def _read_message(line: bytes) -> Json | None:
    try:
        message = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if isinstance(message, dict) and isinstance(message.get("op"), str):
        return message
    return None
