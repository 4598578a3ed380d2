"""The keys of a chart, or of a heat map, that is alone on the screen."""

from textual.binding import Binding

KEYS: tuple[Binding, ...] = (
    Binding("left", "chart_read(-1)", "Read", id="chart.read_left",
            tooltip="The chart alone: read the values at the place before"),
    Binding("right", "chart_read(1)", "Read", id="chart.read_right", show=False,
            tooltip="The chart alone: read the values at the next place"),
    Binding("plus,equals_sign", "chart_near(1, False)", "In", id="chart.nearer",
            tooltip="The chart alone: zoom in along x, as the wheel does"),
    Binding("minus", "chart_near(-1, False)", "Zoom out", id="chart.farther", show=False,
            tooltip="The chart alone: zoom out along x"),
    Binding("v", "chart_near(1, True)", "In y", id="chart.nearer_y",
            tooltip="The chart alone: zoom in along y"),
    Binding("V", "chart_near(-1, True)", "Zoom out y", id="chart.farther_y", show=False,
            tooltip="The chart alone: zoom out along y"),
    Binding("shift+left,comma", "chart_pan(-1, False)", "Pan left", id="chart.left", show=False,
            tooltip="The chart alone: pan to the left"),
    Binding("shift+right,full_stop", "chart_pan(1, False)", "Pan right", id="chart.right", show=False,
            tooltip="The chart alone: pan to the right"),
    Binding("shift+up,up", "chart_pan(1, True)", "Pan up", id="chart.up", show=False,
            tooltip="The chart alone: pan up"),
    Binding("shift+down,down", "chart_pan(-1, True)", "Pan down", id="chart.down", show=False,
            tooltip="The chart alone: pan down"),
    Binding("0", "chart_whole", "Whole", id="chart.whole",
            tooltip="The chart alone: all of it again, as it was"),
    Binding("L", "chart_log", "Log", id="chart.log",
            tooltip="The chart alone: a logarithmic axis of y, of x, of both, as far as their values allow"),
    Binding("S", "chart_smooth", "Smooth", id="chart.smooth",
            tooltip="The chart alone: lines as a running mean, of more points each time; then as they are"),
)  # fmt: skip

MAP_KEYS: tuple[Binding, ...] = (
    Binding("left,h", "cell(-1, 0)", "Cell", id="map.left", tooltip="A heat map alone: the cell to the left"),
    Binding("right,l", "cell(1, 0)", "Cell", id="map.right", show=False,
            tooltip="A heat map alone: the cell to the right"),
    Binding("up,k", "cell(0, 1)", "Cell", id="map.up", show=False, tooltip="A heat map alone: the cell above"),
    Binding("down,j", "cell(0, -1)", "Cell", id="map.down", show=False, tooltip="A heat map alone: the cell below"),
)  # fmt: skip
"""They choose the candidate of a cell, in the table too, and its values are read."""
