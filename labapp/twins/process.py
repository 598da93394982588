"""A twin in a process of its own, started, watched and ended from here."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from labapp.model.reading import Event
from labapp.model.text import Text
from labapp.model.trouble import NoKit, Problem
from labapp.profiles.profile import Profile
from labapp.twins.pipe import TwinPipe

_ANYWHERE = "tcp://127.0.0.1:0"


class TwinProcess:
    """One simulated kit on this machine's loopback; every method from any thread.

    ``on_event`` hears marks and stimuli (their time is the scenario's), ``on_exit`` that the
    process ended by itself; both are called in a thread of this object, and ``on_exit`` may
    call ``start`` again. The process ends when this one does, however that ends.
    """

    def __init__(
        self,
        profile: Profile,
        *,
        scenario: str | None = None,
        seed: int | None = None,
        preset: str | None = None,
        folders: Sequence[Path] = (),
        on_event: Callable[[Event], None] | None = None,
        on_exit: Callable[[], None] | None = None,
    ) -> None:
        self._profile = profile
        self._scenario = scenario
        self._seed = seed
        self._preset = preset
        self._folders = tuple(folders)
        self._on_event = on_event
        self._on_exit = on_exit
        self._starting = threading.Lock()
        self._lock = threading.Lock()
        self._pipe: TwinPipe | None = None
        self._url: str | None = None
        self._is_stopped = False
        self._readers: list[threading.Thread] = []

    @property
    def pid(self) -> int | None:
        """The process' id while it runs."""
        pipe = self._pipe
        return pipe.process.pid if pipe is not None and pipe.is_alive else None

    # ------------------------------------------------------------------ its life

    def start(self) -> str:
        """Start the process and return the kit URL; a later start is at the first one's address.

        Does nothing while it runs; after ``stop`` it cannot start again.

        Raises:
            BadInput: the scenario or preset cannot be used.
            NoKit: it did not start in time, its address is taken, or it was stopped.
        """
        with self._starting:
            if self._pipe is not None and self._pipe.is_alive and self._url is not None:
                return self._url
            pipe, settled = self._launch()
            try:
                self._url = pipe.listening()
            except BaseException:
                with self._lock:
                    self._pipe = None
                pipe.end()
                raise
            finally:
                settled.set()
            return self._url

    def _launch(self) -> tuple[TwinPipe, threading.Event]:
        """Start the process and the thread that hears it."""
        with self._lock:
            if self._is_stopped:
                raise NoKit(_stopped())
            pipe = self._pipe = TwinPipe(self._profile, self._words())
            settled = threading.Event()
            reader = threading.Thread(
                target=self._hear, args=(pipe, settled), name=f"twin-{pipe.process.pid}"
            )
            reader.daemon = True
            self._readers = [it for it in self._readers if it.is_alive()] + [reader]
            reader.start()
            return pipe, settled

    def _words(self) -> list[str]:
        words = ["--listen", self._url or _ANYWHERE, "--control", "stdin", "--json"]
        named = {"--scenario": self._scenario, "--seed": self._seed, "--preset": self._preset}
        for name, value in named.items():
            if value is not None:
                words += [name, str(value)]
        for folder in self._folders:
            words += ["--folder", str(folder)]
        return words

    def stop(self) -> None:
        """End the process and wait until nothing of it is left; may be called again."""
        with self._lock:
            self._is_stopped = True
            pipe, self._pipe = self._pipe, None
            readers = list(self._readers)
        if pipe is not None:
            pipe.end()
        for reader in readers:
            if reader is not threading.current_thread():
                reader.join()

    def _hear(self, pipe: TwinPipe, settled: threading.Event) -> None:
        """Hear one process to its end, and say so if nobody asked for it."""
        for said in pipe.events():
            if self._on_event is not None:
                self._on_event(Event(said["t_us"], said["event"], said["data"]))
        settled.wait()
        pipe.end()
        with self._lock:
            by_itself = self._pipe is pipe
        if by_itself and self._on_exit is not None:
            self._on_exit()

    # ------------------------------------------------------------------ orders

    def stimulate(self, do: str, **args: float | str | bool) -> None:
        """Do something to the kit now.

        Raises:
            BadInput: no such stimulus on this kit, or an argument that does not fit.
            NoKit: the twin does not run or does not answer.
        """
        self._running().order({"do": "stimulate", "stimulus": do, "args": args})

    def begin(self, scenario: str | None, seed: int) -> None:
        """Bring the twin to the start of a scenario; ``None``: nothing happens by itself.

        A twin that has to be started again later begins there, too.

        Raises:
            BadInput: the scenario cannot be used; the present one goes on.
            NoKit: the twin does not run or does not answer.
        """
        self._running().order({"do": "begin", "scenario": scenario, "seed": seed})
        self._scenario, self._seed = scenario, seed

    def _running(self) -> TwinPipe:
        pipe = self._pipe
        if pipe is None:
            raise NoKit(_stopped())
        return pipe


def _stopped() -> Problem:
    return Problem(
        code="T-TWIN-STOPPED",
        message=Text(
            "仿真套件已经关闭。重新连接即可再用。",
            "The simulated kit was closed. Connect again to use it.",
        ),
    )
