"""Article 1: the built-in search gives the published numbers, and some sizes give those of ``GridSearchCV``.

All sizes are compared by ``engine/benchmarks/trainer.py``: scikit-learn takes a minute and a half for them.
"""

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from nnsize_engine.answers.search_answer import answer_text
from nnsize_engine.export.table_file import export_text
from nnsize_engine.results.records import LIVE_STATES
from nnsize_engine.runs import launch
from nnsize_engine.runs.folders import read_state
from nnsize_engine.settings.search import SizeSettings
from support.grid_search import grid_search, held_out_score
from support.views import size_view
from support.waiting import wait_until


def test_the_default_search_is_article_1_to_the_last_digit(run_home: Path) -> None:
    settings = SizeSettings()
    folder = launch.start(settings, run_home)
    wait_until(lambda: read_state(folder)[1] not in LIVE_STATES, 900)
    view = size_view(folder)
    assert view.state == "finished", view.header.reason
    assert view.choice is not None
    assert view.final_of_best is not None
    assert view.choice.best.hidden_layer_sizes == (75,)
    assert view.choice.best_mean == 0.9947175348495965
    assert view.final_of_best.test_score == 0.9982730973233008
    assert view.choice.recommended.hidden_layer_sizes == (55,)
    assert view.final_of_recommended is not None
    assert view.final_of_recommended.test_score == 0.9977796965585296
    assert view.choice.best_smoothed.hidden_layer_sizes == (99,)
    assert answer_text(view) == (
        "55 neurons are recommended: roc_auc 0.9935, standard error 0.0038, 0.0012 below the best mean (75), "
        "test score 0.9978 (75: 0.9983). All fits stopped at max_iter 200: raise it."
    )

    sizes = [5, 15, 27, 39, 51, 63, 75, 87, 99]
    expected = grid_search(replace(settings, neurons=",".join(map(str, sizes))), n_jobs=2)
    whole = pd.read_csv(io.StringIO(export_text(folder, "candidates", "csv")))
    assert whole["param_hidden_layer_sizes"].tolist() == list(range(5, 100, 2))
    table = whole[whole["param_hidden_layer_sizes"].isin(sizes)]
    for column in ("mean_test_score", "std_test_score", *(f"split{fold}_test_score" for fold in range(5))):
        np.testing.assert_allclose(table[column], expected.cv_results_[column], rtol=0, atol=1e-9)
    ranks = table["rank_test_score"].rank(method="min").astype(int)
    assert ranks.tolist() == expected.cv_results_["rank_test_score"].tolist()
    assert held_out_score(expected, settings) == view.final_of_best.test_score
