"""The short names of what happened on the bench, for the lane above the plots."""

from __future__ import annotations

from collections.abc import Mapping

from labapp.model.reading import Event
from labapp.model.text import Text, same
from labapp.profiles.scene import Scene

Deeds = Mapping[tuple[str, str], Text]
"""What people call a stimulus, by its word and its ``to`` argument."""


def deed_names(scene: Scene) -> dict[tuple[str, str], Text]:
    """Return the names of everything that a click in the scene does or undoes."""
    deeds = [deed for click in scene.clicks for deed in (click.act, click.back) if deed is not None]
    return {(deed.do, deed.to or ""): deed.name for deed in deeds}


def event_name(event: Event, deeds: Deeds) -> Text:
    """Return an event's name; empty for what the plots leave out."""
    match event.kind:
        case "mark":
            told = event.data.get("text")
            if isinstance(told, Mapping):
                return Text(str(told.get("zh", "")), str(told.get("en", "")))
            return same(str(event.data.get("id", "")))
        # What a scenario does has its marks; a person's deeds are named here.
        case "stimulus" if event.data.get("who") != "scenario":
            word, to = str(event.data.get("do", "")), str(event.data.get("to", ""))
            return deeds.get((word, to)) or deeds.get((word, "")) or same("")
        case "link":
            match event.data.get("state"):
                case "lost":
                    return Text("断线", "Lost")
                case "online":
                    return Text("连上", "Online")
                case _:
                    return same("")
        case _:
            return same("")
