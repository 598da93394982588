"""Profiles that the tests of this folder use."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from labapp.profiles.load import load_profile
from labapp.profiles.profile import Point, Profile, Write

SHIPPED = Path(__file__).parents[2] / "device_profiles"

GREENHOUSE = Path(__file__).with_name("greenhouse.yaml")


def fire_kit() -> Profile:
    return load_profile("fire-safety", [SHIPPED])


def quick_fire_kit() -> Profile:
    """The fire kit with short times, for tests that wait for real."""
    kit = fire_kit()
    times = replace(kit.transport, timeout_ms=80, late_ms=40, backoff_s=(0.05, 0.1))
    return replace(kit, transport=times)


def greenhouse() -> Profile:
    return load_profile(str(GREENHOUSE), [])


def changed(profile: Profile, point_id: str, **write: object) -> Profile:
    """The profile with other limits of one point."""
    points = tuple(_changed(p, write) if p.id == point_id else p for p in profile.points)
    return replace(profile, points=points)


def _changed(point: Point, write: dict[str, object]) -> Point:
    assert isinstance(point.write, Write)
    return replace(point, write=replace(point.write, **write))  # type: ignore[arg-type]
