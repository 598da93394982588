"""The wires that a student has placed, and the end of the one being placed; no picture."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QObject, Signal

from labapp.packs.pack import Terminal

Wire = tuple[str, str]


class WiringBoard(QObject):
    """Terminals and the wires between them; two views work on one board.

    ``changed`` says: there are other wires, or another terminal is held.
    """

    changed = Signal()

    def __init__(self, terminals: Sequence[Terminal], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.terminals = {terminal.id: terminal for terminal in terminals}
        self._wires: list[Wire] = []
        self._held: str | None = None

    @property
    def wires(self) -> tuple[Wire, ...]:
        """The placed wires, in the order in which they were placed."""
        return tuple(self._wires)

    @property
    def held(self) -> str | None:
        """The terminal from which a wire is being placed."""
        return self._held

    def partners(self, terminal: str) -> tuple[str, ...]:
        """Return the terminals that a terminal is wired to."""
        return tuple(b if a == terminal else a for a, b in self._wires if terminal in (a, b))

    def touch(self, terminal: str) -> None:
        """Take hold of a terminal, or place a wire from the held one; the same one lets go."""
        if self._held is None:
            self._held = terminal
            self.changed.emit()
        elif self._held == terminal:
            self.let_go()
        else:
            self.connect_ends(self._held, terminal)

    def let_go(self) -> None:
        """Hold nothing any more."""
        if self._held is not None:
            self._held = None
            self.changed.emit()

    def connect_ends(self, a: str, b: str) -> None:
        """Place a wire between two terminals; one that is there already stays."""
        self._held = None
        known = a in self.terminals and b in self.terminals
        if a != b and known and not self.has(a, b):
            self._wires.append((a, b))
        self.changed.emit()

    def has(self, a: str, b: str) -> bool:
        """Return whether there is a wire between two terminals."""
        return (a, b) in self._wires or (b, a) in self._wires

    def take_off(self, a: str, b: str) -> None:
        """Take the wire between two terminals off."""
        self._wires = [wire for wire in self._wires if set(wire) != {a, b}]
        self.changed.emit()

    def take_off_all(self, terminal: str | None = None) -> None:
        """Take off every wire of a terminal, or every wire there is."""
        self._wires = [w for w in self._wires if terminal is not None and terminal not in w]
        self._held = None
        self.changed.emit()

    def place(self, wires: Iterable[Sequence[str]]) -> None:
        """Place these wires instead of all that there are."""
        self._wires = []
        for a, b in wires:
            if a in self.terminals and b in self.terminals and a != b and not self.has(a, b):
                self._wires.append((a, b))
        self._held = None
        self.changed.emit()
