"""Descriptions of charts, as frozen values. plotext draws them in the explorer, matplotlib in exported pictures.

Every series is a function of x: its points are drawn in order of x. A value that is None or not finite leaves a gap.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias, assert_never

Role: TypeAlias = Literal[
    "text", "axis", "line", "second", "band", "best", "recommended", "cursor", "held_out", "reference",
    "line_2", "line_3", "line_4", "line_5", "line_6",
]  # fmt: skip
"""The meaning of a series, which decides its colour."""

LINE_ROLES: tuple[Role, ...] = ("line", "line_2", "line_3", "line_4", "line_5", "line_6")
"""The roles of several lines of the same meaning."""

MAX_LINES = len(LINE_ROLES)
"""Largest number of lines in a chart; more cannot be told apart."""

Shape: TypeAlias = Literal["dot", "star", "diamond", "disc", "triangle", "square", "wedge", "ring", "frame"]
"""The mark of a point."""

LINE_SHAPES: tuple[Shape, ...] = ("disc", "triangle", "square", "wedge", "ring", "frame")
"""One shape for each of :data:`LINE_ROLES`."""


Values: TypeAlias = "tuple[float | None, ...]"

Limits: TypeAlias = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Points joined by a line, broken at gaps."""

    x: Values
    y: Values
    label: str = ""
    role: Role = "line"
    dotted: bool = False
    plain: str = ""
    """The ASCII sign that draws the line on a terminal without colours."""

    shape: Shape | None = None
    """The mark of some points of the line; without colours it alone draws the line."""

    half: Values = ()
    """The uncertainty of each y where no band shows it; it is only read. Empty if it is unknown."""

    spread: str = ""
    """The meaning of the uncertainty, such as ``standard error over 5 folds``."""

    def __post_init__(self) -> None:
        _check_lengths(self.x, self.y)
        if self.half:
            _check_lengths(self.x, self.half)


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """Points that no line joins."""

    x: Values
    y: Values
    label: str = ""
    role: Role = "line"
    shape: Shape = "dot"

    def __post_init__(self) -> None:
        _check_lengths(self.x, self.y)


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """The area between two curves, for example a mean plus and minus its standard error."""

    x: Values
    lower: Values
    upper: Values
    label: str = ""
    role: Role = "band"
    around: str | None = None
    """The label of the line that the band belongs to; None if it belongs to no line."""

    spread: str = ""
    """The meaning of its edges, such as ``standard error over 5 folds``."""

    half: Values = ()
    """Half its height at each x, also where the band is cut; empty if its line is not in its middle."""

    def __post_init__(self) -> None:
        _check_lengths(self.x, self.lower, self.upper)
        if self.half:
            _check_lengths(self.x, self.half)


@dataclass(frozen=True, slots=True, kw_only=True)
class Highlight:
    """One important point, such as the best candidate."""

    x: float
    y: float
    shape: Shape
    role: Role
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """A vertical line, such as the row selected in a table."""

    x: float
    label: str = ""
    role: Role = "cursor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """A horizontal line, such as a threshold."""

    y: float
    label: str = ""
    role: Role = "axis"
    text: str = ""
    """Words that stand on the line, in the plot. If the axis does not hold the line, they stand at its edge."""

    @property
    def is_named(self) -> bool:
        """True if the words tell where the line is, so that the axis need not hold it."""
        return bool(self.text)


Series: TypeAlias = "Line | Points | Band | Highlight | Cursor | Level"


def drawing_order(series: Series) -> int:
    """Return the layer of a series: higher layers are drawn over lower ones."""
    match series:
        case Band():
            return 0
        case Level():
            return 1
        case Cursor():
            return 2
        case Line():
            return 3
        case Points():
            return 4
        case Highlight():
            return 5
        case _:
            assert_never(series)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Everything that one picture shows; equal charts give equal pictures."""

    series: tuple[Series, ...] = ()
    title: str = ""
    x_label: str = ""
    y_label: str = ""
    x_limits: Limits | None = None
    """Points outside are left out."""
    y_limits: Limits | None = None
    """Values outside are drawn on the border, or not at all."""
    x_log: bool = False
    y_log: bool = False
    x_is_whole: bool = False
    """True if x counts whole things, such as neurons: then every tick is a whole number."""
    x_ticks: tuple[tuple[float, str], ...] | None = None
    """Names of places on the x axis, in order of x; names that do not fit are left out. None: round numbers."""
    legend_title: str = ""
    """The parameters whose values label the lines, such as ``activation, alpha``; not shown in a terminal."""
    legend_rows: int = 1
    """Most lines of the legend above the plot, in a terminal that is high enough."""

    @property
    def x_title(self) -> str:
        """The label of the x axis, with ``(log)`` if the axis is logarithmic."""
        return f"{self.x_label} (log)" if self.x_label and self.x_log else self.x_label


def _check_lengths(x: Values, *others: Values) -> None:
    for other in others:
        if len(other) != len(x):
            raise ValueError(f"a series has {len(x)} x values but {len(other)} other values; both must be equal")
