"""A sealed recording, read for the plot that proves a verdict."""

from __future__ import annotations

from pathlib import Path

from labapp.profiles.profile import Profile
from labapp.store.evidence import open_evidence
from labapp.ui.plots.evidence_plot import Evidence


def load_evidence(path: Path, profile: Profile) -> Evidence | None:
    """Return what to draw of sealed evidence; ``None`` where nothing was recorded. Any thread.

    Raises:
        Damaged: the file is not what was sealed.
    """
    trace = open_evidence(path).trace(profile)
    return Evidence(trace=trace, profile=profile) if trace.channels else None
