"""The picture of a kit as data: which layer of a drawing shows which point, and what a click does."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import Field

from labapp.model.text import Text
from labapp.model.trouble import BadInput, Problem
from labapp.profiles.document import Document, Part, Words, read_document
from labapp.profiles.profile import Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One layer of the drawing, bound to a point.

    With ``fade`` its opacity goes from 0 to 1 between two values of the point; with ``spin``
    it turns by that many degrees a frame for each unit; else it is seen while the point is on.
    """

    id: str
    point: str
    fade: tuple[float, float] | None = None
    spin: float | None = None
    inverted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """A stimulus for a simulated kit: its word, its arguments and what people call it."""

    do: str
    name: Text
    to: str | None = None
    more: tuple[tuple[str, float | str], ...] = ()

    @property
    def args(self) -> dict[str, float | str]:
        """Its arguments, as the twin takes them."""
        return dict(self.more) | ({} if self.to is None else {"to": self.to})


@dataclass(frozen=True, slots=True, kw_only=True)
class Click:
    """A place in the drawing, ``(x, y, width, height)``, and what a click does there and undoes."""

    at: tuple[float, float, float, float]
    act: Deed
    back: Deed | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A kit's drawing with its bindings. ``shown_while`` names layers by stimulus word."""

    drawing: bytes
    layers: tuple[Layer, ...]
    shown_while: tuple[tuple[str, str], ...]
    clicks: tuple[Click, ...]


class _Layer(Part):
    layer: str
    point: str
    fade: list[float] | None = Field(None, min_length=2, max_length=2)
    spin: float | None = None
    inverted: bool = False


class _While(Part):
    layer: str
    while_: str = Field(alias="while")


class _Deed(Part):
    do: str
    name: Words
    to: str | None = None
    args: dict[str, float | str] = {}

    @property
    def frozen(self) -> Deed:
        more = tuple(sorted(self.args.items()))
        return Deed(do=self.do, name=self.name.text, to=self.to, more=more)


class _Click(Part):
    at: list[float] = Field(min_length=4, max_length=4)
    act: _Deed
    back: _Deed | None = None


class _Scene(Part):
    schema_: Literal["labapp.scene/1"] = Field(alias="schema")
    drawing: str = Field(pattern=r"^[\w-]{1,60}\.svg$")
    layers: list[_Layer]
    stimuli: list[_While] = []
    clicks: list[_Click] = []


def load_scene(profile: Profile) -> Scene | None:
    """Return the scene beside a profile's file (``ID.scene.yaml``), or ``None`` where there is none.

    Raises:
        BadInput: the scene cannot be used: a wrong key, an unknown point, a missing drawing.
    """
    path = profile.path.with_name(f"{profile.id}.scene.yaml")
    if not path.is_file():
        return None
    document = read_document(path)
    scene = document.check(_Scene)
    drawing = path.with_name(scene.drawing)
    problems = [
        document.problem(
            "S-POINT",
            ("layers", index, "point"),
            Text(
                f"套件 {profile.id} 没有点 {layer.point}。改成档案里有的点。",
                f"Kit {profile.id} has no point {layer.point}. Use one of its profile.",
            ),
        )
        for index, layer in enumerate(scene.layers)
        if profile.point(layer.point) is None
    ]
    if not drawing.is_file():
        problems.append(_no_drawing(document, scene.drawing))
    if problems:
        raise BadInput(*problems)
    return _frozen(scene, drawing)


def _no_drawing(document: Document, name: str) -> Problem:
    return document.problem(
        "S-DRAWING",
        ("drawing",),
        Text(
            f"找不到图 {name}。把它放在同一个文件夹。",
            f"There is no {name}. Put it in the same folder.",
        ),
    )


def _frozen(scene: _Scene, drawing: Path) -> Scene:
    return Scene(
        drawing=drawing.read_bytes(),
        layers=tuple(
            Layer(
                id=layer.layer,
                point=layer.point,
                fade=None if layer.fade is None else (layer.fade[0], layer.fade[1]),
                spin=layer.spin,
                inverted=layer.inverted,
            )
            for layer in scene.layers
        ),
        shown_while=tuple((each.layer, each.while_) for each in scene.stimuli),
        clicks=tuple(
            Click(
                at=(click.at[0], click.at[1], click.at[2], click.at[3]),
                act=click.act.frozen,
                back=None if click.back is None else click.back.frozen,
            )
            for click in scene.clicks
        ),
    )
