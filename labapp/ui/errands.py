"""Short work that must not hold up the window: done in a thread, its result brought back."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import TypeVar

from labapp.model.trouble import LabError, Problem

_log = logging.getLogger(__name__)
T = TypeVar("T")


class Errands:
    """Runs each piece of work in a thread of its own.

    Args:
        later: brings a call into the window's thread (``Bridge.later``).
        tell: hears of trouble, in the window's thread.
    """

    def __init__(
        self, later: Callable[[Callable[[], None]], None], tell: Callable[[Problem], None]
    ) -> None:
        self._later, self._tell = later, tell
        self._threads: list[threading.Thread] = []
        self._closed = False

    def run(
        self,
        work: Callable[[], T],
        then: Callable[[T], None],
        at_end: Callable[[], None] | None = None,
    ) -> None:
        """Do ``work`` in a thread, then call ``then`` with its result in the window's thread.

        ``at_end`` is called there last of all, also where the work failed. Once closed, nothing
        is begun any more.
        """
        if self._closed:
            return
        self._threads = [thread for thread in self._threads if thread.is_alive()]
        thread = threading.Thread(target=self._do, args=(work, then, at_end), name="errand")
        self._threads.append(thread)
        thread.start()

    def close(self) -> None:
        """Wait for what is under way; what it would bring back is dropped."""
        self._closed = True
        for thread in self._threads:
            thread.join()

    def _do(
        self,
        work: Callable[[], T],
        then: Callable[[T], None],
        at_end: Callable[[], None] | None,
    ) -> None:
        try:
            result = work()
        except LabError as trouble:
            problems = trouble.problems
            self._back(lambda: [self._tell(problem) for problem in problems])
        except Exception:  # noqa: BLE001 - a bug of ours: into the log, the window goes on
            _log.exception("an errand of the window failed")
        else:
            self._back(lambda: then(result))
        if at_end is not None:
            self._back(at_end)

    def _back(self, call: Callable[[], object]) -> None:
        def unless_closed() -> None:
            if not self._closed:
                call()

        self._later(unless_closed)
