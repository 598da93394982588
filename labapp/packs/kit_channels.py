"""A kit's points as the channels that criteria are bound to."""

from __future__ import annotations

from labapp.criteria.bind import ChannelSpec
from labapp.profiles.profile import Profile


def kit_channels(profile: Profile) -> dict[str, ChannelSpec]:
    """Return what a criterion may name on this kit: every point, with unit and states."""
    return {
        point.id: ChannelSpec(
            unit=point.unit,
            states=point.states,
            name=point.name,
            period_us=point.period_us or None,
        )
        for point in profile.points
    }
