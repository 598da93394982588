"""Commands on the bench: serve a twin, read a kit, list ports."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from labapp.cli.console import Console
from labapp.cli.stop_signals import stop_on_signals
from labapp.model.duration import parse_duration_us
from labapp.model.text import Text
from labapp.model.trouble import ExitCode, LabError, Problem

if TYPE_CHECKING:
    from labapp.twins.fault_spec import LinkFaultSpec
    from labapp.twins.listen import ListenUrl
    from labapp.twins.live import LiveTwin

Declare = Callable[
    [str, Text, Callable[[argparse.Namespace, Console], int]], argparse.ArgumentParser
]


def declare(add: Declare) -> None:
    """Add the commands to the parser."""
    serve = add(
        "simulate", Text("在线路上提供一台仿真套件", "Serve a simulated kit on the wire"), simulate
    )
    serve.add_argument("profile")
    serve.add_argument("--listen", default="tcp://127.0.0.1:0", metavar="URL")
    serve.add_argument("--scenario", metavar="FILE|ID")
    serve.add_argument("--preset")
    serve.add_argument("--seed", type=_whole)
    serve.add_argument("--rate", type=_rate, default=1.0, metavar="X")
    serve.add_argument("--fault", action="append", default=[], metavar="SPEC")
    serve.add_argument("--for", dest="for_us", type=duration, metavar="DUR")
    serve.add_argument("--folder", action="append", type=Path, default=[], metavar="DIR")
    serve.add_argument("--control", choices=("stdin",))
    watch = add("monitor", Text("读一台套件", "Read a kit"), monitor)
    watch.add_argument("profile")
    watch.add_argument("--kit", required=True, metavar="URL")
    watch.add_argument("--for", dest="for_us", type=duration, metavar="DUR")
    watch.add_argument("--format", choices=("jsonl", "csv"), default="jsonl")
    watch.add_argument("--write", action="append", default=[], metavar="POINT=VALUE")
    add("ports", Text("列出串口", "List the serial ports"), list_ports)


def duration(text: str) -> int:
    """Read a duration argument; argparse tells of a wrong one."""
    try:
        return parse_duration_us(text)
    except ValueError as cause:
        raise argparse.ArgumentTypeError(f"{text!r}: 500ms, 10s, 5min") from cause


def _whole(text: str) -> int:
    value = int(text)
    if not 0 <= value < 2**31:
        raise argparse.ArgumentTypeError(f"{text!r}: 0 … {2**31 - 1}")
    return value


def _rate(text: str) -> float:
    value = float(text)
    if not 0.1 <= value <= 1000:
        raise argparse.ArgumentTypeError(f"{text!r}: 0.1 … 1000")
    return value


def simulate(arguments: argparse.Namespace, console: Console) -> int:
    """Serve a twin until the time is over, Ctrl-C or, with ``--control stdin``, its end."""
    from labapp.app.clock import SystemClock
    from labapp.app.paths import find_paths
    from labapp.profiles.load import load_profile
    from labapp.twins.fault_spec import FaultSpec, LinkFaultSpec, parse_fault
    from labapp.twins.listen import ListenUrl
    from labapp.twins.live import Cast, LiveTwin

    paths = find_paths()
    listen = ListenUrl.parse(arguments.listen)
    faults = [parse_fault(text) for text in arguments.fault]
    cast = Cast(
        profile=load_profile(arguments.profile, paths.profiles),
        scenario=arguments.scenario,
        seed=arguments.seed,
        preset=arguments.preset,
        folders=(*arguments.folder, *_packs_in(paths.projects)),
        faults=[fault for fault in faults if isinstance(fault, FaultSpec)],
    )
    clock = SystemClock()
    live = LiveTwin(cast, clock, arguments.rate)
    link_faults = [fault for fault in faults if isinstance(fault, LinkFaultSpec)]
    return _serve(live, listen, link_faults, arguments, console)


def _serve(
    live: LiveTwin,
    listen: ListenUrl,
    link_faults: list[LinkFaultSpec],
    arguments: argparse.Namespace,
    console: Console,
) -> int:
    from labapp.app.clock import SystemClock
    from labapp.twins.control import OrderLines
    from labapp.twins.open_door import open_door
    from labapp.twins.service import TwinService

    clock = SystemClock()
    profile = live.cast.profile
    with stop_on_signals() as stop, closing(open_door(listen, profile, clock)) as door:
        orders = OrderLines(0) if arguments.control == "stdin" else None
        service = TwinService(
            live, listen, door, clock, link_faults=link_faults, tell=console.line, orders=orders
        )
        console.line({"listening": door.url, "profile": profile.id, "unit": profile.modbus.unit})
        service.run(stop, arguments.for_us)
    return int(ExitCode.DONE)


def _packs_in(folders: Sequence[Path]) -> list[Path]:
    """Return the packs that bring scenarios, so that theirs can be named by id as well."""
    return [
        scenarios.parent for folder in folders for scenarios in sorted(folder.glob("*/scenarios"))
    ]


def list_ports(arguments: argparse.Namespace, console: Console) -> int:
    """List serial ports with what is probably on them."""
    from labapp.transport.ports import list_ports as found_ports

    found = found_ports()
    console.give({"ports": [port.to_json() for port in found]})
    for port in found:
        console.say(f"{port.device}\t{port.about.in_(console.lang)}")
    if not found:
        console.say(
            Text(
                "没有找到串口。插上 USB 线再试，或者用仿真套件：--kit twin:",
                "No serial port was found. Plug in the USB cable, or use the simulated kit: --kit twin:",
            )
        )
    return int(ExitCode.DONE)


def monitor(arguments: argparse.Namespace, console: Console) -> int:
    """Print each reading of a kit until the time is over or Ctrl-C."""
    from labapp.app.monitoring import monitor_kit
    from labapp.app.paths import find_paths
    from labapp.profiles.load import load_profile

    profile = load_profile(arguments.profile, find_paths().profiles)
    writes = [_write_of(text) for text in arguments.write]
    return monitor_kit(
        profile,
        arguments.kit,
        for_us=arguments.for_us,
        writes=writes,
        show=_printer(arguments.format, console),
        tell=console.note,
    )


def _write_of(text: str) -> tuple[str, str]:
    point, equals, value = text.partition("=")
    if not equals or not point.strip() or not value.strip():
        raise LabError(
            Problem(
                code="U-WRITE-FORM",
                message=Text(
                    f"--write {text} 看不懂。写成 buzzer=on 或 fan=50 这样。",
                    f"--write {text} cannot be read. Write it like buzzer=on or fan=50.",
                ),
            )
        )
    return point.strip(), value.strip()


def _printer(form: str, console: Console) -> Callable[[dict[str, object]], None]:
    if form == "jsonl":
        return console.line
    columns = ("t_us", "point", "value", "unit", "quality", "reason")
    print(",".join(columns), file=console.out, flush=True)

    def row(reading: dict[str, object]) -> None:
        cells = ("" if reading[c] is None else str(reading[c]) for c in columns)
        print(",".join(cells), file=console.out, flush=True)

    return row
