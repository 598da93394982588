"""Telling people that a kit may not be safe."""

from __future__ import annotations

from collections.abc import Sequence

from labapp.kits.write_result import WriteResult
from labapp.model.text import Text
from labapp.model.trouble import Problem
from labapp.profiles.profile import Profile

_NOT_TRIED = Text(
    "没有发送：和套件的连接断开着，安全状态没有确认。",
    "Nothing was sent: the link to the kit is down, its safe state is not confirmed.",
)


def not_tried(profile: Profile) -> list[WriteResult]:
    """Return the results of a safe state that could not be written at all."""
    results = []
    for name in profile.safe_on_disconnect:
        point = profile.point(name)
        safe = 0.0 if point is None or point.write is None else point.write.safe or 0.0
        results.append(WriteResult.unknown(name, safe, _NOT_TRIED))
    return results


def safe_state_problem(results: Sequence[WriteResult], profile: Profile) -> Problem | None:
    """Return what to tell of a safe state that was not confirmed; ``None`` where it was."""
    failed = [result.point for result in results if not result.is_done]
    if not failed:
        return None
    points = [point for point in profile.points if point.id in failed]
    zh = "、".join(point.name.zh for point in points)
    en = ", ".join(point.name.en for point in points)
    return Problem(
        code="S-FAILED",
        message=Text(
            f"未能确认安全状态：{zh}。请手动断电。",
            f"The safe state is not confirmed for {en}. Switch the kit off by hand.",
        ),
    )
