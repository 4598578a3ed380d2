"""Take a run's chart home as a picture, or the curves of several runs: drawn by matplotlib in a process of its own.

One run by ``nnsize_engine.export.draw_chart``, several by ``nnsize_engine.comparison.draw_chart``.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, get_args

from nnsize_engine.errors import ExportError
from nnsize_engine.export.atomic_file import find_place, named_format, write_whole
from nnsize_engine.runs.database import reading
from nnsize_engine.runs.reader import read_header
from nnsize_engine.settings.layer_sizes import HiddenLayers
from nnsize_engine.settings.search import SizeSettings

PictureFormat = Literal["png", "svg"]
PICTURE_FORMATS: tuple[PictureFormat, ...] = get_args(PictureFormat)

ChartName = Literal["curve", "map"]
"""``curve``: scores by size, with their error, a line for each combination of what else is searched; an evolution's
convergence. ``map``: of a search over several parameters or two layers, the best score for every two values of the
first two."""

CHARTS: tuple[ChartName, ...] = get_args(ChartName)

MAX_DRAWING_SECONDS = 120  # after which the process that draws is given up


def export_chart(
    folder: Path, to: Path, *, name: ChartName = "curve", format: str | None = None, force: bool = False
) -> None:
    """Write a run's chart to a file; works while the run goes on.

    Args:
        folder: the run.
        to: the file; its ending says the format unless ``format`` does.
        name: which chart.
        format: one of :data:`PICTURE_FORMATS`.
        force: replace a file that exists.

    Raises:
        ExportError: no such format, chart or folder, matplotlib is missing, or the file cannot be written.
        FileExistsRefusal: the file exists and ``force`` is not set.
    """
    chosen = named_format(to, format, PICTURE_FORMATS)
    place = find_place(to, force=force)
    write_whole(place, _drawn("export.draw_chart", str(folder), name, chosen), force=force)


def export_compared_chart(folders: Sequence[Path], to: Path, *, format: str | None = None, force: bool = False) -> None:
    """Write the curves of several runs to a file: scores by size, or the best fitness by evaluations.

    Args:
        folders: the runs.
        to: the file; its ending says the format unless ``format`` does.
        format: one of :data:`PICTURE_FORMATS`.
        force: replace a file that exists.

    Raises:
        ExportError: no such format or folder, the curves cannot be compared, matplotlib is missing, or the file cannot
            be written.
        FileExistsRefusal: the file exists and ``force`` is not set.
    """
    chosen = named_format(to, format, PICTURE_FORMATS)
    place = find_place(to, force=force)
    write_whole(place, _drawn("comparison.draw_chart", chosen, *map(str, folders)), force=force)


def charts_of(folder: Path) -> tuple[ChartName, ...]:
    """The charts that a run has, the usual one first.

    Raises:
        StoreError: the run cannot be read.
    """
    with reading(folder) as connection:
        settings = read_header(connection).settings
    return ("curve", "map") if isinstance(settings, SizeSettings) and has_map(settings) else ("curve",)


def has_map(settings: SizeSettings) -> bool:
    """Whether two things are searched: two parameters, one and the sizes, or the sizes of two layers."""
    sizes = settings.candidates
    if settings.grid:
        return len(settings.grid) > 1 or len(sizes) > 1
    return max(map(len, sizes)) == 2 and all(
        len({size_of_layer(size, place) for size in sizes}) > 1 for place in (0, 1)
    )


def size_of_layer(layers: HiddenLayers, place: int) -> int:
    """Neurons of a hidden layer; 0 where a network has fewer layers."""
    return layers[place] if place < len(layers) else 0


def _drawn(module: str, *arguments: str) -> bytes:
    """The picture's bytes, from the process that draws."""
    command = [sys.executable, "-m", f"nnsize_engine.{module}", *arguments]
    try:
        # matplotlib would otherwise ask the desktop, if there is one, for a window to draw into.
        done = subprocess.run(
            command,
            env=os.environ | {"PYTHONSAFEPATH": "1", "MPLBACKEND": "Agg"},
            capture_output=True,
            timeout=MAX_DRAWING_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ExportError(f"the chart cannot be drawn: {error}") from error
    if done.returncode == 0:
        return done.stdout
    words = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
    reason = words[0] if words else f"its process ended with code {done.returncode}"
    raise ExportError(reason if done.returncode == 2 else f"the chart cannot be drawn: {reason}")
