"""What every program is to the rest of the app, whichever language it is written in."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any, Literal, Protocol

from labapp.model.clock import Clock
from labapp.model.reading import Event
from labapp.model.trouble import Problem
from labapp.programs.kit_access import KitAccess

OnEvent = Callable[[Event], None]
"""Receives what a program logs and how it ends, kind ``program``; must not block."""


class ProgramState(StrEnum):
    """Where a program stands; it never goes back, and runs once."""

    READY = "ready"
    RUNNING = "running"
    ENDED = "ended"
    FAILED = "failed"
    STOPPED = "stopped"


class Program(Protocol):
    """A student's program, run once: by ``advance`` or by ``start``, and ended by ``stop``.

    None of its methods raises for what the program does: that becomes ``failure``.
    """

    kind: Literal["python", "rules"]
    source: bytes
    filename: str

    @property
    def sha256(self) -> str:
        """``sha256:`` of the source as it was given."""

    @property
    def state(self) -> ProgramState:
        """Where it stands; any thread."""

    @property
    def failure(self) -> Problem | None:
        """Why it failed, for people; ``None`` unless ``state`` is failed. Any thread."""

    @property
    def output(self) -> str:
        """What it printed so far, the newest 256 KB of it. Any thread."""

    def report_to(self, on_event: OnEvent) -> None:
        """Pass on what it logs, and what was refused to it, from its start on; before it runs."""

    def check(self) -> tuple[Problem, ...]:
        """Return everything that stops it from running; nothing is driven."""

    def advance(self, t_us: int, kit: KitAccess) -> None:
        """Lockstep: run until it would sleep beyond ``t_us``; ``kit.now_us()`` is ``t_us``."""

    def start(self, kit: KitAccess, clock: Clock) -> bool:
        """Live: run in threads of its own until it ends; ``False`` if it ran before."""

    def stop(self) -> None:
        """End it now, wait until nothing of it is left; may be called at any time, any thread."""

    def facts(self) -> dict[str, Any]:
        """Return what evidence keeps of the run: JSON without floats."""
