"""Why the launcher cannot go on."""

from __future__ import annotations

from labapp.model.text import Text


class SetUpFailed(Exception):
    """The environment cannot be made; ``text`` says why and what to do."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text
