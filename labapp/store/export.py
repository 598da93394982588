"""Readings as a table that every program opens."""

from __future__ import annotations

import csv
from pathlib import Path

from labapp.store.evidence import Evidence

HEADER = ("t_us", "point", "value", "quality")


def export_csv(evidence: Evidence, out: Path) -> int:
    """Write all readings in the order in which they came; return how many.

    Values have as many digits as it takes to read back the same number, and none where
    there is no value. The file is UTF-8, a line each, ended by LF.

    Raises:
        OSError: the file cannot be written.
    """
    readings = evidence.recording.readings
    with out.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(HEADER)
        for reading in readings:
            value = "" if reading.value is None else repr(float(reading.value))
            table.writerow((reading.t_us, reading.point, value, reading.quality.value))
    return len(readings)
