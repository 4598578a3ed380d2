"""Heat maps that are coarsened to fewer cells."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from nnsize_engine.charts.heat_map import HeatMap, coarsen
from support.made_charts import maps


@given(maps(), st.integers(1, 50), st.integers(1, 50))
@settings(max_examples=60, deadline=None)
def test_a_coarse_map_fits_and_keeps_the_best_of_everything(heat: HeatMap, columns: int, rows: int) -> None:
    coarse = coarsen(heat, columns, rows).map
    assert len(coarse.columns) <= columns
    assert len(coarse.rows) <= rows
    before = [cell for line in heat.cells for cell in line if isinstance(cell, float)]
    after = [cell for line in coarse.cells for cell in line if isinstance(cell, float)]
    assert max(before, default=None) == max(after, default=None)
