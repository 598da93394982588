"""Work that must not hold up the window: one thread, in the order given."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable

from labapp.model.text import Text
from labapp.model.trouble import LabError, Problem

_log = logging.getLogger(__name__)


class Background:
    """Runs what it is given, one after the other; ``tell`` hears of what went wrong, in its thread."""

    def __init__(self, name: str, tell: Callable[[Problem], None]) -> None:
        self._tell = tell
        self._orders: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name=name)
        self._thread.start()

    def do(self, work: Callable[[], None]) -> None:
        """Run ``work`` when what was given before is done; returns at once. Any thread."""
        self._orders.put(work)

    def close(self) -> None:
        """Finish what was given, then end; waits for that."""
        self._orders.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (work := self._orders.get()) is not None:
            try:
                work()
            except LabError as trouble:
                for problem in trouble.problems:
                    self._tell(problem)
            except Exception:  # noqa: BLE001 (a bug of ours: into the log)
                _log.exception("background work failed")
                self._tell(
                    Problem(
                        code="A-OURS",
                        message=Text(
                            "软件自己出了问题，这一步没有做成，数据都在。日志里有原因，再试一次。",
                            "The software had a fault of its own and did not finish this. Nothing is lost; "
                            "the log has the cause. Try again.",
                        ),
                    )
                )
