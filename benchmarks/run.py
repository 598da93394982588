"""Runs the benchmarks: ``python benchmarks/run.py [NAME…] [--json FILE]``.

Each figure is a ratio of two things measured in turn on this machine; figures from other
machines or other days are not compared with it.
"""

from __future__ import annotations

import argparse
import importlib
import json
import platform
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.measure import Ratio

NAMES = ("window_start", "frame_times", "twin_speed", "judge_speed")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(NAMES))
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    asked = parser.parse_args()
    found: list[Ratio] = []
    for name in asked.names or NAMES:
        if name not in NAMES:
            parser.error(f"there is no {name}; there are {', '.join(NAMES)}")
        print(f"{name} …", file=sys.stderr, flush=True)
        found += importlib.import_module(f"benchmarks.{name}").measure()
    print(table(found))
    if asked.json is not None:
        asked.json.write_text(json.dumps(_document(found), indent=2) + "\n", "utf-8")
    return 0


def table(figures: list[Ratio]) -> str:
    """Return the figures for people, one a line."""
    width = max(len(figure.name) for figure in figures)
    lines = [f"{'':{width}}  {'ours':>12} {'theirs':>12} {'ratio':>9}  (least to most)"]
    lines += [
        f"{f.name:{width}}  {_shown(f.ours, f.unit):>12} {_shown(f.theirs, f.unit):>12}"
        f" {f.ratio:9.3g}  ({f.low:.3g} to {f.high:.3g})  of {f.of}"
        for f in figures
    ]
    return "\n".join(lines)


def _shown(value: float, unit: str) -> str:
    if unit == "s" and value < 1:
        return f"{value * 1e3:.3g} ms"
    return f"{value:.3g} {unit}"


def _document(found: list[Ratio]) -> dict[str, object]:
    machine = {"system": platform.platform(), "python": platform.python_version()}
    return {"machine": machine, "figures": [figure.to_json() for figure in found]}


if __name__ == "__main__":
    sys.exit(main())
