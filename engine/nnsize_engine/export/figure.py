"""What every picture drawn by matplotlib shares: its size, its colours, and how it becomes the content of a file."""

import io
import sys
from collections.abc import Callable
from typing import Any

from nnsize_engine.errors import ExportError, NnsizeError

# Told apart by people who see few colours, too (Okabe and Ito, "Color universal design", 2008).
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000")
MARKERS = "osD^vP*"


def new_figure() -> tuple[Any, Any]:
    """An empty figure and its axes.

    Raises:
        ExportError: matplotlib is missing.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise ExportError(
            "a chart becomes a picture by matplotlib, which is missing; install it: pip install 'nnsize[pictures]'"
        ) from error
    import matplotlib as mpl

    # Text of an SVG stays text, and the same run gives the same file.
    mpl.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "nnsize", "font.size": 10})
    figure = Figure(figsize=(8, 5), dpi=150, layout="constrained")
    return figure, figure.add_subplot()


def content_of(figure: Any, format: str) -> bytes:
    """The content of a PNG or SVG file."""
    file = io.BytesIO()
    figure.savefig(file, format=format, metadata={"Date": None} if format == "svg" else None)
    return file.getvalue()


def print_picture(draw: Callable[[], bytes]) -> int:
    """Write a picture to standard output, or one sentence to standard error; returns the exit code."""
    try:
        content = draw()
    except NnsizeError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.buffer.write(content)
    return 0
