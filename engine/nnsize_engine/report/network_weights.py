"""The stored networks of an evolution in its report: how their weights are spread, and how the gradient one learned."""

import math
import sys
from array import array
from collections.abc import Sequence
from pathlib import Path

from nnsize_engine.charts.axis import is_wide
from nnsize_engine.charts.description import Chart, Line
from nnsize_engine.report.histogram_chart import counts_between, histogram_chart
from nnsize_engine.report.page import Block, ChartBlock
from nnsize_engine.results.records import NetworkName, StoredNetwork
from nnsize_engine.runs.database import reading
from nnsize_engine.runs.reader import read_network

PARTS = 40  # of a histogram of weights

_WORDS: Sequence[tuple[NetworkName, str]] = (
    ("evolved", "evolved"),
    ("gradient", "by gradient"),
    ("quantized", "quantized"),
)


def network_blocks(folder: Path) -> list[Block]:
    """Return charts of the networks that a run stores.

    Raises:
        StoreError: the run cannot be read.
    """
    with reading(folder) as connection:
        found = [(words, read_network(connection, name)) for name, words in _WORDS]
    stored = [(words, network) for words, network in found if network is not None]
    weights = [(words, [value for value in _weights(network) if math.isfinite(value)]) for words, network in stored]
    blocks = _spread([(words, values) for words, values in weights if values])
    for words, network in stored:
        if network.training is not None and len(network.training.loss_curve) > 1:
            blocks.append(_losses(words, network.training.loss_curve))
    return blocks


def _weights(network: StoredNetwork) -> Sequence[float]:
    values = array("d", network.weights)
    if sys.byteorder == "big":
        values.byteswap()
    return values


def _spread(weights: Sequence[tuple[str, Sequence[float]]]) -> list[Block]:
    """Return the histograms of weights in one chart."""
    if not weights:
        return []
    low, high = min(min(values) for _, values in weights), max(max(values) for _, values in weights)
    named = [(words, counts_between(values, low, high, PARTS)) for words, values in weights]
    chart = histogram_chart(named, low, high, x_label="weight", y_label="weights and biases")
    note = f"How the {len(weights[0][1]):,} weights and biases of each network are spread."
    return [ChartBlock(name="weights of the networks", chart=chart, note=note)]


def _losses(words: str, losses: Sequence[float]) -> Block:
    epochs = tuple(float(epoch) for epoch in range(1, len(losses) + 1))
    is_log = is_wide(losses)
    line = Line(x=epochs, y=tuple(losses), label=f"training loss {words}", role="line_2")
    y_label = "training loss (log)" if is_log else "training loss"
    chart = Chart(series=(line,), x_label="epoch", y_label=y_label, y_log=is_log)
    return ChartBlock(name=f"training loss {words} by epoch", chart=chart)
