"""Networks of saved runs of evolutions: exported, they have the scores that the run had stored."""

import shutil
from pathlib import Path

import pytest
import skops.io

from nnsize_engine.data.split import load_split
from nnsize_engine.export.model_file import export_network
from nnsize_engine.results.records import NetworkName
from support.views import evolution_view

SAVED_RUNS = Path(__file__).parents[2] / "saved_runs"


@pytest.mark.parametrize("saved", ["version-3-evolution", "version-3-comparison"])
@pytest.mark.parametrize("name", ["evolved", "gradient"])
def test_an_exported_network_of_a_saved_evolution_has_its_stored_scores(
    saved: str, name: NetworkName, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(SAVED_RUNS / saved, tmp_path / "saved"))
    view = evolution_view(folder)
    scores = {"evolved": view.evolved, "gradient": view.gradient}[name]
    assert scores is not None
    export_network(folder, tmp_path / "network.skops", name=name)
    pipeline = skops.io.load(tmp_path / "network.skops")
    split = load_split(view.settings)
    assert pipeline.score(split.X_train, split.y_train) == pytest.approx(scores.train_score, rel=0, abs=1e-12)
    assert pipeline.score(split.X_test, split.y_test) == pytest.approx(scores.test_score, rel=0, abs=1e-12)
