"""One process that plays a twin: its pipes, what it says, and its end."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import queue
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import labapp
from labapp.model.text import Text
from labapp.model.trouble import BadInput, ExitCode, LabError, NoKit, Problem
from labapp.profiles.profile import Profile

START_S = 30.0
"""Longest that a twin may take to listen; a slow disk with a virus scanner takes half of it."""
ANSWER_S = 10.0
"""Longest that an order may take: starting a scenario anew is the longest of them."""
_END_S = 3.0
# -P: a file called random.py in the working folder is none of the twin's business.
_PYTHON = ("-P", "-X", "utf8", "-m", "labapp")
_TAIL = 300  # characters of the last words of a twin that failed
_log = logging.getLogger(__name__)
Json = dict[str, Any]


class TwinPipe:
    """Runs ``labapp simulate`` once. One thread hears ``events`` to the end; the rest is for any.

    Raises:
        NoKit: the process could not be started at all (T-TWIN-START).
    """

    def __init__(self, profile: Profile, words: Sequence[str]) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="labapp-twin-")
        self._errors = Path(self._folder.name) / "errors.txt"
        self._first: queue.SimpleQueue[Json | None] = queue.SimpleQueue()
        self._waiting: dict[int, queue.SimpleQueue[Json | None]] = {}
        self._asked = 0
        self._lock = threading.Lock()
        self._ending = threading.Lock()
        self._is_ended = False
        # The kit as it was read, whatever has happened to its file since.
        source = Path(self._folder.name) / f"{profile.id}.yaml"
        try:
            source.write_bytes(profile.source)
            self.process = self._spawn(["simulate", str(source), *words])
        except OSError as cause:
            self._folder.cleanup()
            raise _no_twin(str(cause)) from cause

    def _spawn(self, words: list[str]) -> subprocess.Popen[bytes]:
        python = [sys.executable, *_PYTHON]
        with self._errors.open("wb") as errors:
            if sys.platform == "win32":
                apart = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
                return subprocess.Popen(
                    python + words,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=errors,
                    env=_environment(),
                    creationflags=apart,
                )
            # A session of its own: Ctrl-C is for whoever started it, who then ends the twin
            # after the kit was made safe.
            return subprocess.Popen(
                python + words,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                env=_environment(),
                start_new_session=True,
            )

    @property
    def is_alive(self) -> bool:
        """Whether the process runs."""
        return self.process.poll() is None

    # ------------------------------------------------------------------ what it says

    def events(self) -> Iterator[Json]:
        """Yield the events until the process closes its output; pass the rest on."""
        out = self.process.stdout
        assert out is not None
        with out:
            for line in out:
                said = _read(line)
                if "event" in said:
                    yield said
                elif "answer" in said:
                    self._answered(said)
                elif "listening" in said or "errors" in said:
                    self._first.put(said)
                else:
                    _log.warning("the twin said what nobody understands: %r", line[:200])
        self._first.put(None)
        with self._lock:
            waiting = list(self._waiting.values())
        for inbox in waiting:
            inbox.put(None)

    def listening(self) -> str:
        """Wait until it listens and return its kit URL.

        Raises:
            BadInput: its scenario, preset or profile cannot be used.
            NoKit: it ended or said nothing in time, or its address is taken.
        """
        try:
            first = self._first.get(timeout=START_S)
        except queue.Empty:
            raise _no_twin(f"{START_S:g} s") from None
        if first is None:
            raise _no_twin(self._last_words())
        if "errors" in first:
            raise self._refusal(first["errors"])
        return str(first["listening"])

    def _refusal(self, errors: list[Json]) -> LabError:
        try:
            code = self.process.wait(_END_S)
        except subprocess.TimeoutExpired:
            code = None
        problems = [_problem(error) for error in errors]
        return BadInput(*problems) if code == ExitCode.BAD_INPUT else NoKit(*problems)

    def _last_words(self) -> str:
        try:
            text = self._errors.read_text("utf-8", "replace").strip()
        except OSError:
            text = ""
        return text[-_TAIL:] or f"exit {self.process.poll()}"

    # ------------------------------------------------------------------ orders

    def order(self, order: Json) -> None:
        """Send an order and wait until it was carried out.

        Raises:
            BadInput: the twin refused it.
            NoKit: the twin is gone or does not answer.
        """
        inbox: queue.SimpleQueue[Json | None] = queue.SimpleQueue()
        with self._lock:
            self._asked += 1
            number = self._asked
            self._waiting[number] = inbox
        try:
            self._send(order | {"id": number})
            answer = inbox.get(timeout=ANSWER_S)
        except queue.Empty:
            raise _no_twin(f"{ANSWER_S:g} s") from None
        finally:
            with self._lock:
                del self._waiting[number]
        if answer is None:
            raise _no_twin(self._last_words())
        if not answer["ok"]:
            raise BadInput(*(_problem(error) for error in answer["errors"]))

    def _send(self, order: Json) -> None:
        pipe = self.process.stdin
        assert pipe is not None
        line = json.dumps(order, ensure_ascii=False).encode() + b"\n"
        try:
            with self._lock:
                pipe.write(line)
                pipe.flush()
        except (OSError, ValueError) as cause:
            raise _no_twin(self._last_words()) from cause

    def _answered(self, said: Json) -> None:
        with self._lock:
            inbox = self._waiting.get(said["answer"])
        if inbox is not None:
            inbox.put(said)

    # ------------------------------------------------------------------ its end

    def end(self) -> None:
        """Close its orders, which ends it; kill it if that takes too long. Any thread, any time."""
        with self._ending:
            if self._is_ended:
                return
            self._is_ended = True
            pipe = self.process.stdin
            assert pipe is not None
            with contextlib.suppress(OSError):  # what was not sent any more need not be
                pipe.close()
            try:
                self.process.wait(_END_S)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            self._folder.cleanup()


def _environment() -> dict[str, str]:
    """Return this process' environment, with this very labapp in the way of imports."""
    here = str(Path(labapp.__file__).resolve().parent.parent)
    before = os.environ.get("PYTHONPATH")
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (here, before)))}


def _read(line: bytes) -> Json:
    try:
        said = json.loads(line)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _problem(error: Json) -> Problem:
    return Problem(**{**error, "message": Text(**error["message"])})


def _no_twin(why: str) -> NoKit:
    return NoKit(
        Problem(
            code="T-TWIN-START",
            message=Text(
                f"仿真套件没有运行（{why}）。再连接一次；还是不行，就把这句话告诉老师。",
                f"The simulated kit does not run ({why}). Connect again; if that does not help, "
                "show this line to your instructor.",
            ),
        )
    )
