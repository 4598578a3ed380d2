"""Networks that leave the program, and what others read of them."""

import io
import pickle
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal, get_args

import joblib
import numpy as np
import pytest
import skops.io
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.base import clone
from sklearn.metrics import get_scorer
from sklearn.preprocessing import StandardScaler
from sklearn.utils.validation import check_is_fitted

from nnsize_engine.data.split import load_split
from nnsize_engine.errors import ExportError, StoreError
from nnsize_engine.evolution.problem import make_problem, network_of
from nnsize_engine.evolution.scores import final_scores
from nnsize_engine.export.atomic_file import TargetExistsError
from nnsize_engine.export.model_file import NETWORK_FORMATS, export_network, exports_of
from nnsize_engine.network.shape import NetworkShape
from nnsize_engine.network.stored import as_joblib, as_npz, as_skops, fitted_network, fitted_pipeline
from nnsize_engine.results.records import NetworkScores, StoredNetwork
from nnsize_engine.runs.database import open_for_writing, transaction
from nnsize_engine.runs.writer import set_network_scores
from nnsize_engine.settings.evolution import EvolutionSettings
from support.made_runs import EVOLUTION, made_network, made_run, make_evolution
from support.networks import quiet
from support.views import evolution_view

Kind = Literal["binary", "multiclass", "regression"]
CLASSES: dict[Kind, list[tuple[int | float | str, ...]]] = {
    "binary": [(0, 1), (-5, 2), ("no", "yes"), (0.0, 1.0)],
    "multiclass": [(0, 1, 2), (3, 7, 8, 9), ("a", "b", "größer")],
    "regression": [()],
}

REGRESSION = replace(EVOLUTION, data="diabetes", fitness="squared_error")


@st.composite
def networks(draw: st.DrawFn) -> StoredNetwork:
    """Draw networks of every kind of task, with and without scaling."""
    kind: Kind = draw(st.sampled_from(get_args(Kind)))
    classes = draw(st.sampled_from(CLASSES[kind]))
    outputs = len(classes) if kind == "multiclass" else 1 if kind == "binary" else draw(st.integers(1, 2))
    inputs = draw(st.integers(1, 9))
    units = (inputs, *draw(st.lists(st.integers(1, 20), max_size=3)), outputs)
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    is_scaled = draw(st.booleans())
    return StoredNetwork(
        name="evolved",
        units=units,
        activation=draw(st.sampled_from(["identity", "logistic", "relu", "tanh"])),
        kind=kind,
        classes=classes,
        mean=tuple(random.normal(size=inputs).tolist()) if is_scaled else (),
        scale=tuple(random.uniform(0.1, 9, size=inputs).tolist()) if is_scaled else (),
        steps=draw(st.integers(0, 10**6)),
        weights=random.normal(size=NetworkShape(units=units).weight_count).astype("<f8").tobytes(),
    )


def raw_rows(stored: StoredNetwork, rows: int = 17) -> NDArray[np.float64]:
    return np.random.default_rng(rows).normal(size=(rows, stored.units[0]))


def standardised(stored: StoredNetwork, X: NDArray[np.float64]) -> NDArray[np.float64]:
    return (X - np.array(stored.mean)) / np.array(stored.scale) if stored.mean else X


def assert_predicts_the_same(estimator: Any, stored: StoredNetwork, X: NDArray[np.float64]) -> None:
    network, scaled = fitted_network(stored), standardised(stored, X)
    np.testing.assert_array_equal(estimator.predict(X), network.predict(scaled), strict=True)
    if stored.kind != "regression":
        np.testing.assert_array_equal(estimator.predict_proba(X), network.predict_proba(scaled), strict=True)


def plain_outputs(arrays: Any, X: NDArray[np.float64]) -> NDArray[np.float64]:
    """The outputs as anyone would compute them from an .npz file."""
    hidden: Any = {
        "identity": lambda sums: sums,
        "logistic": lambda sums: 1 / (1 + np.exp(-sums)),
        "relu": lambda sums: np.maximum(sums, 0),
        "tanh": np.tanh,
    }[str(arrays["activation"])]
    last = len(arrays["units"]) - 2
    values = (X - arrays["mean"]) / arrays["scale"]
    for layer in range(last + 1):
        values = values @ arrays[f"coefs_{layer}"] + arrays[f"intercepts_{layer}"]
        values = values if layer == last else hidden(values)
    if arrays["kind"] == "multiclass":
        values = np.exp(values - values.max(axis=1, keepdims=True))
        return values / values.sum(axis=1, keepdims=True)  # type: ignore[no-any-return]
    return 1 / (1 + np.exp(-values)) if arrays["kind"] == "binary" else values  # type: ignore[no-any-return]


@settings(max_examples=60, deadline=None)
@given(stored=networks(), rows=st.integers(1, 40))
def test_a_pipeline_that_is_read_back_predicts_exactly_the_same(stored: StoredNetwork, rows: int) -> None:
    X = raw_rows(stored, rows)
    assert_predicts_the_same(skops.io.loads(as_skops(stored)), stored, X)
    assert_predicts_the_same(joblib.load(io.BytesIO(as_joblib(stored))), stored, X)


@settings(max_examples=60, deadline=None)
@given(stored=networks())
def test_plain_numpy_gets_the_same_from_the_arrays(stored: StoredNetwork) -> None:
    X = raw_rows(stored)
    with np.load(io.BytesIO(as_npz(stored)), allow_pickle=False) as arrays:
        outputs = plain_outputs(arrays, X)
        assert arrays["classes"].tolist() == list(stored.classes)
        assert arrays["units"].tolist() == list(stored.units)
    np.testing.assert_allclose(outputs, fitted_network(stored).outputs(standardised(stored, X)), rtol=1e-9, atol=1e-12)


def test_no_type_has_to_be_trusted_to_read_it() -> None:
    for stored in (made_network("evolved", 3), made_network("evolved", 3, REGRESSION)):
        assert skops.io.get_untrusted_types(data=as_skops(stored)) == []


def test_it_is_a_fitted_estimator_like_any_other() -> None:
    stored = replace(made_network("evolved", 12), classes=("a", "b", "c"))
    pipeline = fitted_pipeline(stored, rows=105)
    check_is_fitted(pipeline)
    for _, step in pipeline.steps:
        check_is_fitted(step)
    X = raw_rows(stored, 60)
    labels = pipeline.predict(X)
    assert pipeline.score(X, labels) == 1.0
    assert pipeline.classes_.tolist() == ["a", "b", "c"]
    assert (pipeline.n_features_in_, pipeline["network"].n_iter_, pipeline["network"].n_layers_) == (4, 12, 4)
    assert repr(pipeline["network"]) == "MLPClassifier(hidden_layer_sizes=(6, 3))"
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(pipeline)).predict_proba(X), pipeline.predict_proba(X))
    assert not hasattr(clone(pipeline)["network"], "coefs_")
    with pytest.raises(ValueError, match="X has 3 features, but StandardScaler is expecting 4 features"):
        pipeline.predict(X[:, :3])


def test_its_scaler_has_what_a_fitted_scaler_has() -> None:
    X = raw_rows(made_network("evolved", 1), 50)
    fitted = StandardScaler().fit(X)
    stored = replace(made_network("evolved", 1), mean=tuple(fitted.mean_.tolist()), scale=tuple(fitted.scale_.tolist()))
    ours = fitted_pipeline(stored, rows=50)["scale"]
    assert vars(ours).keys() == vars(fitted).keys()
    for name in ("mean_", "scale_", "n_samples_seen_", "n_features_in_"):
        np.testing.assert_array_equal(getattr(ours, name), getattr(fitted, name))
    np.testing.assert_allclose(ours.var_, fitted.var_, rtol=1e-15)


def test_without_scaling_the_network_is_the_only_step() -> None:
    stored = replace(made_network("evolved", 1), mean=(), scale=())
    pipeline = fitted_pipeline(stored)
    assert [name for name, _ in pipeline.steps] == ["network"]
    with pytest.raises(ValueError, match="X has 5 features, but MLPClassifier is expecting 4 features"):
        pipeline.predict(np.zeros((2, 5)))


@pytest.mark.parametrize("run", [EVOLUTION, REGRESSION])
def test_training_by_gradient_can_go_on_from_its_weights(run: EvolutionSettings) -> None:
    stored = made_network("evolved", 5, run)
    network = fitted_pipeline(stored)["network"]
    X = raw_rows(stored, 60)
    y = np.arange(60) % 3
    before = network.score(X, y)
    with quiet():
        network.set_params(warm_start=True, learning_rate_init=0.01)
        for _ in range(30):
            network.partial_fit(X, y)
        network.fit(X, y)
    assert network.score(X, y) > before


@pytest.mark.parametrize(
    "run",
    [
        replace(EVOLUTION, data="breast_cancer", activation="logistic"),
        EVOLUTION,
        replace(EVOLUTION, data="wine", scoring="f1_macro", scale=False),
        replace(REGRESSION, activation="tanh"),
    ],
)
def test_its_scores_on_raw_rows_are_those_that_the_run_shows(run: EvolutionSettings) -> None:
    split = load_split(run)
    problem = make_problem(run, split)
    weights = np.random.default_rng(0).normal(size=run.weights)
    stored = network_of(problem, "evolved", weights, steps=1)
    shown = final_scores(problem, stored, seconds=1.0)
    pipeline = skops.io.loads(as_skops(stored, rows=len(split.X_train)))
    scorer = get_scorer(run.final_scoring)
    assert scorer(pipeline, split.X_test, split.y_test) == shown.test_score
    assert scorer(pipeline, split.X_train, split.y_train) == shown.train_score


FRESH = """
import sys
import joblib, numpy as np, skops.io
X = np.load("X.npy")
one, other = skops.io.load("net.skops"), joblib.load("net.joblib")
assert not any(name.startswith("nnsize") for name in sys.modules)
np.save("found.npy", np.stack([one.predict_proba(X), other.predict_proba(X)]))
"""


def test_a_machine_without_nnsize_reads_the_files_and_predicts_exactly_the_same(tmp_path: Path) -> None:
    folder = make_evolution(tmp_path, "zibiro")
    for name in NETWORK_FORMATS:
        export_network(folder, tmp_path / f"net.{name}")
    stored = made_network("evolved", EVOLUTION.generations_allowed)
    X = raw_rows(stored, 30)
    np.save(tmp_path / "X.npy", X)
    subprocess.run([sys.executable, "-I", "-c", FRESH], cwd=tmp_path, check=True, timeout=120)
    expected = fitted_network(stored).predict_proba(standardised(stored, X))
    for found in np.load(tmp_path / "found.npy"):
        np.testing.assert_array_equal(found, expected)
    with np.load(tmp_path / "net.npz", allow_pickle=False) as arrays:
        np.testing.assert_allclose(plain_outputs(arrays, X), expected, rtol=1e-9)
    assert skops.io.load(tmp_path / "net.skops")["scale"].n_samples_seen_ == 100


def test_the_network_trained_by_gradient_and_a_named_format(tmp_path: Path) -> None:
    folder = make_evolution(tmp_path, "zibiro", state="running", generations=3)
    assert exports_of(folder) == ("generations", "evolved", "gradient")
    export_network(folder, tmp_path / "rival", name="gradient", format="npz")
    with np.load(tmp_path / "rival", allow_pickle=False) as arrays:
        weights, biases = arrays["coefs_0"], arrays["intercepts_0"]
    expected = np.frombuffer(made_network("gradient", 1).weights)[: weights.size + biases.size]
    np.testing.assert_array_equal(np.concatenate([weights.ravel(), biases]), expected)


@pytest.mark.parametrize("name", NETWORK_FORMATS)
def test_a_file_is_kept_unless_forced_and_whole_or_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    folder = make_evolution(tmp_path, "zibiro")
    real, to = tmp_path / "real", tmp_path / f"net.{name}"
    real.write_bytes(b"mine")
    to.symlink_to(real)
    with pytest.raises(TargetExistsError, match=r"real exists already; choose another name"):
        export_network(folder, to)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", full)
        with pytest.raises(ExportError, match="real cannot be written: No space left on device"):
            export_network(folder, to, force=True)
    assert real.read_bytes() == b"mine"
    export_network(folder, to, force=True)
    assert to.is_symlink()
    assert len(real.read_bytes()) > 500
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["zibiro", "real", to.name])


@pytest.mark.parametrize(
    ("to", "reason"),
    [
        ("net.pkl", r"the ending of 'net.pkl' names no format; choose one of skops, joblib, npz$"),
        ("net.csv", "names no format; choose one of skops, joblib, npz$"),
        ("none/net.skops", "the folder .*none does not exist"),
        ("zibiro", "names no format"),
        ("folder.npz", "folder.npz is a folder; name a file in it"),
        ("x" * 300 + ".npz", "File name too long"),
    ],
)
def test_a_place_that_cannot_be_written_is_refused(tmp_path: Path, to: str, reason: str) -> None:
    folder = make_evolution(tmp_path, "zibiro")
    (tmp_path / "folder.npz").mkdir()
    with pytest.raises(ExportError, match=reason):
        export_network(folder, tmp_path / to)


def test_a_run_without_the_network_says_why(tmp_path: Path) -> None:
    to = tmp_path / "net.skops"
    search = made_run(tmp_path, "search")
    assert exports_of(search) == ("candidates", "fits")
    with pytest.raises(ExportError, match="run search keeps no network, as runs of earlier versions"):
        export_network(search, to)
    new = make_evolution(tmp_path, "new", state="running", generations=-1)
    assert exports_of(new) == ("generations",)
    with pytest.raises(ExportError, match="run new has no network yet; its first population is not evaluated"):
        export_network(new, to)
    with pytest.raises(ExportError, match="run new has no network trained by gradient yet"):
        export_network(new, to, name="gradient")
    alone = make_evolution(tmp_path, "alone", replace(EVOLUTION, reference=False))
    with pytest.raises(ExportError, match="run alone has no network trained by gradient; it was started without"):
        export_network(alone, to, name="gradient")
    assert not to.exists()


def test_a_network_whose_scoring_failed_is_still_there(tmp_path: Path) -> None:
    folder = make_evolution(tmp_path, "zibiro")
    scores = evolution_view(folder).evolved
    assert scores is not None
    connection = open_for_writing(folder)
    with transaction(connection, folder):
        set_network_scores(connection, replace(scores, test_score=None, error="roc_auc: only one class"))
    connection.close()
    assert exports_of(folder) == ("generations", "evolved", "gradient")
    export_network(folder, tmp_path / "net.npz")


def test_a_training_by_gradient_that_failed_gives_its_reason(tmp_path: Path) -> None:
    folder = make_evolution(tmp_path, "zibiro", generations=-1)
    failed = NetworkScores(
        name="gradient", fitness=None, held_out=None, train_score=None, test_score=None, train_loss=None,
        test_loss=None, seconds=1.0, steps=0, error="the loss became infinite",
    )  # fmt: skip
    connection = open_for_writing(folder)
    with transaction(connection, folder):
        set_network_scores(connection, failed)
    connection.close()
    assert exports_of(folder) == ("generations",)
    with pytest.raises(ExportError, match="run zibiro has no network trained by gradient: the loss became infinite"):
        export_network(folder, tmp_path / "net.npz", name="gradient")


@pytest.mark.parametrize(
    "damage", [{"weights": b"12345678"}, {"units": ()}, {"units": (4,)}, {"mean": (1.0,)}, {"scale": ()}]
)
def test_a_damaged_network_is_one_sentence(damage: dict[str, Any]) -> None:
    with pytest.raises(StoreError, match="the evolved network is damaged"):
        fitted_network(replace(made_network("evolved", 1), **damage))
