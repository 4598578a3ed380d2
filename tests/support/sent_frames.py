"""The pictures that the terminal shows, one after each write of the explorer."""

from typing import Any

import pytest
from textual._compositor import ChopsUpdate, LayoutUpdate

from nnsize_tui.terminal.textual_private import AppWithHooks, _parts_of

Frame = list[str]
"""The lines of a picture."""


def keep_frames(monkeypatch: pytest.MonkeyPatch) -> list[Frame]:
    """Return a list to which every picture is added that an explorer sends from now on."""
    frames: list[Frame] = []
    display = AppWithHooks._display

    def keep(self: AppWithHooks, screen: Any, renderable: Any) -> None:
        if not self._batch_count and self._running:
            match renderable:
                case LayoutUpdate():
                    frames.append(["".join(part.text for part in line) for line in renderable.strips])
                case ChopsUpdate() if frames:
                    lines = list(frames[-1])
                    for y, x, strip in _parts_of(renderable):
                        lines[y] = lines[y][:x] + strip.text + lines[y][x + len(strip.text) :]
                    frames.append(lines)
        display(self, screen, renderable)

    monkeypatch.setattr(AppWithHooks, "_display", keep)
    return frames
