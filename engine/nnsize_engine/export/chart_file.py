"""Export of a run's chart, or of the curves of several runs, as a picture.

matplotlib draws it in a separate process: ``python -m nnsize_engine.export.draw_chart``.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Literal, get_args

from nnsize_engine.charts.search_space import space_of
from nnsize_engine.errors import ExportError
from nnsize_engine.export.atomic_file import export_file
from nnsize_engine.results.candidates import list_candidates
from nnsize_engine.runs.database import reading
from nnsize_engine.runs.reader import read_header
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.run import Kind, by_kind
from nnsize_engine.settings.search import SizeSettings
from nnsize_engine.settings.watched import WatchedSettings

PictureFormat = Literal["png", "svg"]
PICTURE_FORMATS: tuple[PictureFormat, ...] = get_args(PictureFormat)

ChartName = Literal["curve", "map", "parameters"]
"""``curve``: scores by size with their standard error, or an evolution's convergence. ``map``: the scores of a search
over several parameters or two layers, as a heat map of its first two dimensions. ``parameters``: how much each of these
parameters matters, and its effect."""

CHARTS: tuple[ChartName, ...] = get_args(ChartName)

MAX_DRAWING_SECONDS = 120  # time limit of the drawing process


def export_chart(
    folder: Path, to: Path, *, name: ChartName = "curve", format: str | None = None, force: bool = False
) -> None:
    """Write a run's chart to a file, also while the run is under way.

    ``to``, ``format`` and ``force`` are those of :func:`~nnsize_engine.export.atomic_file.export_file`.

    Raises:
        ExportError: the run has no such chart, matplotlib is missing, or the file cannot be written.
    """
    export_file(to, partial(_drawn, [folder], name), PICTURE_FORMATS, format, force=force)


def export_compared_chart(folders: Sequence[Path], to: Path, *, format: str | None = None, force: bool = False) -> None:
    """Write the curves of several runs to a file: scores by size, or the best fitness by evaluations.

    ``to``, ``format`` and ``force`` are those of :func:`~nnsize_engine.export.atomic_file.export_file`.

    Raises:
        ExportError: the curves cannot be compared, matplotlib is missing, or the file cannot be written.
    """
    export_file(to, partial(_drawn, folders, "curve"), PICTURE_FORMATS, format, force=force)


def charts_of(folder: Path) -> tuple[ChartName, ...]:
    """Return the charts that a run has, the default one first.

    Raises:
        StoreError: the run cannot be read.
    """
    with reading(folder) as connection:
        settings = read_header(connection).settings
    return _CHARTS[settings.kind](settings)


def _charts_of_search(settings: SizeSettings) -> tuple[ChartName, ...]:
    return ("curve", "map", "parameters") if has_map(settings) else ("curve",)


def _curve_alone(_: EvolutionSettings | WatchedSettings) -> tuple[ChartName, ...]:
    return ("curve",)


_CHARTS: Mapping[Kind, Callable[[Any], tuple[ChartName, ...]]] = by_kind(
    size=_charts_of_search, evolution=_curve_alone, watched=_curve_alone
)
"""Returns the charts of a run of each kind, the default one first."""


def has_map(settings: SizeSettings) -> bool:
    """Return whether a search has the two dimensions that a map needs."""
    return bool(space_of(settings, list_candidates(settings)).pairs)


def _drawn(folders: Sequence[Path], name: ChartName, format: str) -> bytes:
    """Draw a picture in another process and return the content of its file."""
    command = [sys.executable, "-m", "nnsize_engine.export.draw_chart", format, name, *map(str, folders)]
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
