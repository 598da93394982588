"""Where a student's program begins: the first and only script of its process.

Started as ``python -S -s -P -X utf8 -u boot.py SETTINGS`` with SETTINGS as JSON. The app talks over
stdin and stdout in JSON lines; both are moved away first, so that ``print`` goes to stderr, which
the app captures, and ``input`` finds the end of file. Nothing of the student's is read before the
app's ``go``, which lets it put this process into a Windows job first.
"""

from __future__ import annotations

import builtins
import faulthandler
import importlib
import importlib.util
import json
import linecache
import os
import sys
import threading
from types import ModuleType
from typing import Any

Json = dict[str, Any]
LOST = 113
"""What this process leaves with when it cannot reach the app; no signal's or library's code."""


class Pipe:
    """The wire to the app: one JSON object a line each way."""

    def __init__(self, read_fd: int, write_fd: int) -> None:
        self._in = os.fdopen(read_fd, "rb")
        self._out = write_fd
        self._lock = threading.Lock()
        self.calls = 0
        self.waiting = False

    def send(self, message: Json) -> None:
        """Send one message; ends the process if the app is gone."""
        line = json.dumps(message, separators=(",", ":")).encode() + b"\n"
        with self._lock:
            try:
                while line:
                    line = line[os.write(self._out, line) :]
            except OSError:
                os._exit(LOST)

    def receive(self) -> Json:
        """Wait for one message; ends the process if the app is gone."""
        line = self._in.readline()
        if not line:
            os._exit(LOST)
        message: Json = json.loads(line)
        return message

    def call(self, op: str, **arguments: object) -> Json:
        """Ask the app and wait for its answer."""
        self.calls += 1
        self.waiting = True
        self.send({"op": op, "id": self.calls, **arguments})
        answer = self.receive()
        self.waiting = False
        return answer


def main(arguments: list[str]) -> int:
    """Run one program as SETTINGS say; returns never, but by leaving the process."""
    settings: Json = json.loads(arguments[0])
    pipe = _move_protocol()
    faulthandler.enable(file=2)
    labkit, guard, watch, report = (_sibling(n) for n in ("labkit", "guard", "watch", "report"))
    work = os.path.realpath(settings["work"])
    os.chdir(work)
    threading.stack_size(512 * 1024)
    layers = _harden(settings, work)
    pipe.send({"op": "ready", "layers": [*layers, "guard"], "python": sys.version.split()[0]})
    go = pipe.receive()
    if go.get("op") != "go":
        return LOST
    source, filename = str(go["source"]), str(go["filename"])
    linecache.cache[filename] = (len(source), None, source.splitlines(True), filename)
    try:
        code = compile(source, filename, "exec", dont_inherit=True)
        pipe.send({"op": "compiled", "loops": report.loops(source)})
        if not go.get("check"):
            _prepare(pipe, labkit, go, work)
            watch.watch(pipe, filename, int(settings["parent"]), float(settings["quiet_s"]))
            space = _namespace(labkit, guard, filename, go.get("epoch_s"))
            guard.install(work, lambda event, what: pipe.send(_refusal(event, what)))
            exec(code, space)  # the purpose of this process
            labkit._bench.run_on()  # noqa: SLF001
    except SystemExit as ending:
        _print_farewell(ending)
    except BaseException as error:  # noqa: BLE001 (whatever ends a student's program is reported)
        _end(pipe, {"op": "end", "how": "error", **report.describe(error, filename, work)})
    _end(pipe, {"op": "end", "how": "done"})
    return 0


def _move_protocol() -> Pipe:
    """Return the protocol's pipe; stdin becomes empty, stdout the same as stderr."""
    pipe = Pipe(os.dup(0), os.dup(1))
    empty = os.open(os.devnull, os.O_RDONLY)
    os.dup2(empty, 0)
    os.dup2(2, 1)
    os.close(empty)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 (open as long as we run)
    sys.stdout = open(  # noqa: SIM115
        1, "w", buffering=1, encoding="utf-8", errors="replace", newline="\n", closefd=False
    )
    sys.stderr = sys.stdout
    return pipe


def _sibling(name: str) -> ModuleType:
    """Return a module of this folder: by import where we are frozen in, else by its file.

    The interpreter that runs students' programs does not have the app on its path.
    """
    if __package__:
        return importlib.import_module(f"{__package__}.{name}")
    place = os.path.join(os.path.dirname(os.path.abspath(__file__)), f"{name}.py")
    name = name if name == "labkit" else f"_labapp_{name}"  # a student's report.py keeps its name
    spec = importlib.util.spec_from_file_location(name, place)
    if spec is None or spec.loader is None:
        raise ImportError(place)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def _harden(settings: Json, work: str) -> list[str]:
    if sys.platform == "win32" or not settings["harden"]:
        return []
    layers: list[str] = _sibling("limits_posix").harden(
        work,
        int(settings["parent"]),
        int(settings["memory"]),
        int(settings["file_bytes"]),
        int(settings["cpu_s"]),
    )
    return layers


def _prepare(pipe: Pipe, labkit: ModuleType, go: Json, work: str) -> None:
    labkit._bench.wire = pipe  # noqa: SLF001
    labkit._bench.points.update(go["points"])  # noqa: SLF001
    sys.modules["labkit"] = labkit  # also where it was imported under a longer name
    sys.path[:] = [p for p in sys.path if _is_pythons_own(p)]
    sys.path.append(work)  # last, so that a student's random.py cannot shadow the library's
    sys.dont_write_bytecode = True


def _is_pythons_own(path: str) -> bool:
    """Return whether a folder of modules came with Python, not with packages or with the app."""
    place = os.path.normcase(os.path.realpath(path))
    homes = {os.path.normcase(os.path.realpath(p)) for p in (sys.base_prefix, sys.base_exec_prefix)}
    is_inside = any(
        place == home or place.startswith(home.rstrip(os.sep) + os.sep) for home in homes
    )
    packages = ("site-packages", "dist-packages", os.path.basename(os.path.dirname(__file__)))
    return is_inside and os.path.basename(place) not in packages


def _namespace(
    labkit: ModuleType, guard: ModuleType, filename: str, epoch_s: float | None
) -> dict[str, Any]:
    """Return the student's globals, with an ``__import__`` of their own."""
    known = ModuleType("builtins")
    vars(known).update(vars(builtins))
    for name in ("exit", "quit"):  # what -S leaves out
        vars(known)[name] = _leave
    alike = epoch_s is not None
    if epoch_s is None:
        import time

        epoch_s = time.time()  # noqa: TID251 (another process: the app's clock is not at hand)
    vars(known)["__import__"] = guard.importer(builtins.__import__, labkit, epoch_s, alike)
    space: dict[str, Any] = {"__name__": "__main__", "__file__": filename}
    space["__builtins__"] = known
    return space


def _leave(code: object = None) -> None:
    raise SystemExit(code)


def _refusal(event: str, what: str) -> Json:
    return {"op": "refused", "event": event, "what": what}


def _print_farewell(ending: SystemExit) -> None:
    if isinstance(ending.code, str):
        print(ending.code)  # noqa: T201 (as Python itself does)


def _end(pipe: Pipe, message: Json) -> None:
    """Send the last message and leave, with whatever threads the student started."""
    faulthandler.cancel_dump_traceback_later()
    if "trace" in message:
        print(message["trace"], end="")  # noqa: T201 (the student's console)
    try:
        sys.stdout.flush()
    except (OSError, ValueError):
        message["output_closed"] = True
    pipe.send(message)
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
