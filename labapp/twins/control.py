"""Orders to a twin that is being served, as lines of JSON, and what is said to them.

``{"do": "stimulate", "stimulus": "ignite", "args": {"peak": 300}, "id": 1}``,
``{"do": "begin", "scenario": "flaming", "seed": 7}``, ``{"do": "pause"}``, ``{"do": "resume"}``,
``{"do": "rate", "rate": 10}``, ``{"do": "end"}``. Each is answered with
``{"answer": id, "ok": true}`` or ``{"answer": id, "ok": false, "errors": […]}``.
"""

from __future__ import annotations

import json
import os
import queue
import threading
from typing import Any

from labapp.model.text import Text
from labapp.model.trouble import BadInput, LabError, Problem
from labapp.twins.live import LiveTwin
from labapp.twins.vocabulary import unknown_word

ORDERS = ("stimulate", "begin", "pause", "resume", "rate", "end")
LEAST_RATE, MOST_RATE = 0.1, 1000.0
_LONGEST = 64 << 10
_CHUNK = 4096


class OrderLines:
    """Reads lines from a file descriptor in a thread of its own, which ends with the process.

    ``next`` gives them one by one; once the other side has closed, ``is_over`` is true.
    """

    def __init__(self, descriptor: int) -> None:
        self._lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._over = threading.Event()
        self._descriptor = descriptor
        threading.Thread(target=self._read, name="twin-orders", daemon=True).start()

    @property
    def is_over(self) -> bool:
        """Whether everything was read and nothing will come any more."""
        return self._over.is_set() and self._lines.empty()

    def next(self) -> bytes | None:
        """Return the next line, or ``None`` where none is there now."""
        try:
            return self._lines.get_nowait()
        except queue.Empty:
            return None

    def _read(self) -> None:
        # Not sys.stdin: its lock, held by a waiting thread, would stop the interpreter's end.
        part = b""
        try:
            while chunk := os.read(self._descriptor, _CHUNK):
                *whole, part = (part + chunk).split(b"\n")
                for line in whole:
                    self._lines.put(line)
                part = part[: _LONGEST + 1]
        except OSError:
            pass  # no such descriptor, as under pythonw: nobody can give orders
        if part.strip():
            self._lines.put(part)
        self._over.set()


class Control:
    """Carries out orders; a wrong one is answered and changes nothing."""

    def __init__(self, live: LiveTwin) -> None:
        self._live = live
        self.is_ended = False

    def obey(self, line: bytes) -> dict[str, Any]:
        """Carry out one line and return the answer."""
        number: object = None
        try:
            order = _read_order(line)
            number = order.get("id")
            self._carry_out(order)
        except LabError as trouble:
            told = [problem.to_json() for problem in trouble.problems]
            return {"answer": number, "ok": False, "errors": told}
        return {"answer": number, "ok": True}

    def _carry_out(self, order: dict[str, Any]) -> None:
        live = self._live
        match order:
            case {"do": "stimulate", "stimulus": str(do)}:
                live.stimulate(do, _args(order.get("args", {})))
            case {"do": "begin"}:
                live.begin(_scenario(order.get("scenario")), _seed(order.get("seed")))
            case {"do": "pause"}:
                live.pause()
            case {"do": "resume"}:
                live.resume()
            case {"do": "rate"}:
                live.at_rate(_rate(order.get("rate")))
            case {"do": "end"}:
                self.is_ended = True
            case {"do": str(word)} if word not in ORDERS:
                raise BadInput(
                    Problem(code="T-ORDER", path="do", message=unknown_word(word, ORDERS))
                )
            case _:
                raise _wrong("do", '{"do": "stimulate", "stimulus": "ignite", "args": {}}')


def _read_order(line: bytes) -> dict[str, Any]:
    try:
        order = json.loads(line) if len(line) <= _LONGEST else None
    except (ValueError, RecursionError):
        order = None
    if not isinstance(order, dict):
        raise _wrong("", '{"do": "pause"}')
    return order


def _args(given: object) -> dict[str, float | str | bool]:
    if isinstance(given, dict) and all(isinstance(v, int | float | str) for v in given.values()):
        return dict(given)
    raise _wrong("args", '{"peak": 300}')


def _scenario(given: object) -> str | None:
    if given is None or isinstance(given, str):
        return given
    raise _wrong("scenario", '"flaming"')


def _seed(given: object) -> int | None:
    if given is None or (isinstance(given, int) and 0 <= given < 2**32):
        return given
    raise _wrong("seed", "7")


def _rate(given: object) -> float:
    if isinstance(given, int | float) and LEAST_RATE <= given <= MOST_RATE:
        return float(given)
    raise _wrong("rate", f"{LEAST_RATE:g} … {MOST_RATE:g}")


def _wrong(path: str, example: str) -> BadInput:
    return BadInput(
        Problem(
            code="T-ORDER",
            path=path or None,
            message=Text(
                f"这一行指令看不懂。写成这样：{example}",
                f"This order cannot be read. Write it like {example}",
            ),
        )
    )
