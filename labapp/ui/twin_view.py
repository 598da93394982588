"""The kit's picture: layers of one drawing, each bound to a point; clicks act on a simulated kit."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from PySide6.QtCore import QByteArray, QPointF, QRectF, Qt, Slot
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from labapp.model.text import Text
from labapp.profiles.scene import Click, Layer, Scene
from labapp.ui.look import Look

VEIL_ALPHA = 170
"""How far the picture is veiled while the link is lost, of 255."""


class TwinView(QWidget):
    """Draws the scene from the newest values; knows nothing of where they come from.

    Args:
        look: theme and language.
        scene: drawing and bindings.
        on_stimulus: called with a stimulus word and its arguments when a place was clicked;
            ``None`` for a picture that is only looked at.
    """

    def __init__(
        self,
        look: Look,
        scene: Scene,
        on_stimulus: Callable[[str, Mapping[str, float | str]], None] | None,
    ) -> None:
        super().__init__()
        self._look = look
        self._scene = scene
        self._on_stimulus = on_stimulus
        self._allowed = True
        self._renderer = QSvgRenderer(QByteArray(scene.drawing), self)
        self._order = re.findall(
            r'^  <g id="([\w-]+)">', scene.drawing.decode("utf-8"), re.MULTILINE
        )
        self._values: Mapping[str, float | None] = {}
        self._on: set[str] = set()
        self._angle = 0.0
        self._veiled = False
        self._focused = -1
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(240, 120)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if on_stimulus else Qt.FocusPolicy.NoFocus)
        look.theme.changed.connect(self.update)
        look.say.changed.connect(self.retell)
        self.retell()

    @Slot()
    def retell(self) -> None:
        """Say what the picture shows, in the current language, for those who cannot see it."""
        self.setAccessibleName(self._look.words(Text("套件画面", "Picture of the kit")))

    def show_values(self, values: Mapping[str, float | None], veiled: bool = False) -> None:
        """Draw the scene for these values; ``None`` is unknown. ``veiled`` while the link is lost."""
        turning = any(layer.spin and (values.get(layer.point) or 0) for layer in self._scene.layers)
        if turning and not self._look.theme.calm and not veiled:
            spin = next(layer for layer in self._scene.layers if layer.spin)
            self._angle = (self._angle + (spin.spin or 0) * (values[spin.point] or 0) / 20) % 360
        elif values == self._values and veiled == self._veiled:
            return
        self._values, self._veiled = dict(values), veiled
        self.update()

    def _box(self) -> QRectF:
        """Return where the drawing lies, centred with its own proportions."""
        view = self._renderer.viewBoxF()
        factor = min(self.width() / view.width(), self.height() / view.height())
        wide, high = view.width() * factor, view.height() * factor
        return QRectF((self.width() - wide) / 2, (self.height() - high) / 2, wide, high)

    def _placed(self, place: QRectF) -> QRectF:
        """Return a place of the drawing in this widget's pixels."""
        box, view = self._box(), self._renderer.viewBoxF()
        factor = box.width() / view.width()
        return QRectF(
            box.x() + place.x() * factor,
            box.y() + place.y() * factor,
            place.width() * factor,
            place.height() * factor,
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the layers in drawing order, then the veil and the focused place."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        bound = {layer.id: layer for layer in self._scene.layers}
        shown = dict(self._scene.shown_while)
        for name in self._order:
            if name in bound:
                self._paint_layer(painter, bound[name])
            elif name not in shown or shown[name] in self._on:
                self._paint_element(painter, name)
        if self._veiled:
            painter.fillRect(self._box(), self._look.theme.color("surface", VEIL_ALPHA))
        elif self._look.theme.is_dark:
            painter.fillRect(self._box(), QColor(11, 15, 21, 40))
        if 0 <= self._focused < len(self._scene.clicks) and self.hasFocus():
            painter.setPen(QPen(self._look.theme.color("accent"), 2))
            painter.drawRoundedRect(
                self._placed(QRectF(*self._scene.clicks[self._focused].at)), 6, 6
            )
        painter.end()

    def _paint_layer(self, painter: QPainter, layer: Layer) -> None:
        share = opacity(layer, self._values.get(layer.point))
        if share <= 0:
            return
        painter.save()
        painter.setOpacity(share)
        if layer.spin:
            centre = self._placed(self._renderer.boundsOnElement(layer.id)).center()
            painter.translate(centre)
            painter.rotate(self._angle)
            painter.translate(-centre)
        self._paint_element(painter, layer.id)
        painter.restore()

    def _paint_element(self, painter: QPainter, name: str) -> None:
        self._renderer.render(painter, name, self._placed(self._renderer.boundsOnElement(name)))

    def _click_at(self, spot: QPointF) -> int:
        for index, click in enumerate(self._scene.clicks):
            if self._placed(QRectF(*click.at)).contains(spot):
                return index
        return -1

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell what a click here would do."""
        index = self._click_at(event.position()) if self._allowed else -1
        self.setCursor(
            Qt.CursorShape.PointingHandCursor if index >= 0 else Qt.CursorShape.ArrowCursor
        )
        if index >= 0:
            words = self._look.words(self._deed_name(self._scene.clicks[index]))
            QToolTip.showText(event.globalPosition().toPoint(), words, self)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Do what stands at this place."""
        index = self._click_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and index >= 0:
            self.act(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go from place to place, Enter or Space acts."""
        count = len(self._scene.clicks)
        match event.key():
            case Qt.Key.Key_Right | Qt.Key.Key_Down if count:
                self._focused = (self._focused + 1) % count
            case Qt.Key.Key_Left | Qt.Key.Key_Up if count:
                self._focused = (self._focused - 1) % count
            case Qt.Key.Key_Return | Qt.Key.Key_Space if 0 <= self._focused < count:
                self.act(self._focused)
            case _:
                super().keyPressEvent(event)
                return
        self.update()

    def act(self, index: int) -> None:
        """Do the stimulus of one place, or take it back if it is on."""
        if self._on_stimulus is None or not self._allowed:
            return
        click = self._scene.clicks[index]
        undo = click.act.do in self._on and click.back is not None
        deed = click.back if undo and click.back is not None else click.act
        self._on.symmetric_difference_update({click.act.do})
        if click.back is None:
            self._on.discard(click.act.do)
        self._on_stimulus(deed.do, deed.args)
        self.update()

    def calm_down(self) -> None:
        """Forget which stimuli are on, as after the simulated kit began anew."""
        self._on.clear()
        self.update()

    def allow(self, allowed: bool) -> None:
        """Say whether clicks act now; they do nothing on hardware and while a scenario plays."""
        self._allowed = allowed

    def _deed_name(self, click: Click) -> Text:
        undo = click.act.do in self._on and click.back is not None
        return click.back.name if undo and click.back is not None else click.act.name


def opacity(layer: Layer, value: float | None) -> float:
    """Return how far a layer is seen for a value, 0 to 1; an unknown value shows nothing."""
    if value is None:
        return 0.0
    if layer.spin is not None:
        return 1.0
    if layer.fade is not None:
        low, high = layer.fade
        share = min(1.0, max(0.0, (value - low) / (high - low)))
    else:
        share = 1.0 if value >= 0.5 else 0.0
    return 1.0 - share if layer.inverted else share
