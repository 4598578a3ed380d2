"""Settings, written as a file and read back by the commands, are the same settings."""

import dataclasses
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as settings_of_hypothesis
from hypothesis import strategies as st

from nnsize_engine.results.table_summary import DataSummary
from nnsize_engine.settings.auto_strategy import recommended
from nnsize_engine.settings.command_options import OPTIONS
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.network import NetworkParameters
from nnsize_engine.settings.run import RunSettings
from nnsize_engine.settings.search import SizeSettings
from nnsize_engine.settings.table import TableSettings
from nnsize_engine.settings.table_choice import TableChoice
from nnsize_engine.settings.toml import config_text
from nnsize_engine.text import escape_text
from nnsize_tui.commands import evolve_options, merged_options, size_options
from nnsize_tui.commands.evolve import evolve
from nnsize_tui.commands.merged_options import merge_options
from nnsize_tui.commands.size import size

EASY = settings_of_hypothesis(
    deadline=None, max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)

TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)
NAMES = TEXT.map(escape_text)
FLOATS = st.floats(1e-12, 0.99)

NETWORKS = st.builds(
    NetworkParameters,
    alpha=st.floats(0, 1e6),
    max_iter=st.integers(1, 10_000),
    early_stopping=st.booleans(),
    n_iter_no_change=st.one_of(st.integers(1, 100), st.just(float("inf"))),
    batch_size=st.one_of(st.just("auto"), st.integers(1, 500)),
    momentum=st.floats(0, 1),
)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "activation": st.lists(st.sampled_from(["relu", "tanh", "logistic"]), min_size=2, unique=True),
    "learning_rate_init": st.lists(FLOATS, min_size=2, max_size=4, unique=True),
    "shuffle": st.permutations([True, False]),
    "max_fun": st.lists(st.integers(1, 10**6), min_size=2, max_size=4, unique=True),
}
GRIDS = st.fixed_dictionaries({}, optional=VALUES).map(
    lambda grid: tuple((name, tuple(values)) for name, values in grid.items())
)
SPLITS: dict[str, Any] = {
    "test_size": st.one_of(FLOATS, st.integers(1, 100)),
    "split_seed": st.integers(0, 2**32 - 1),
    "stratify": st.booleans(),
}
FOLDS = st.one_of(
    st.tuples(st.integers(2, 9), st.just(""), st.integers(1, 4)),
    st.tuples(st.integers(2, 9), st.just("repeated"), st.integers(1, 4)),
    st.tuples(st.integers(2, 9), st.sampled_from(["kfold", "kfold:shuffle", "stratified:shuffle"]), st.just(1)),
)
SIZES = st.builds(
    lambda folds, **fields: SizeSettings(cv=folds[0], splitter=folds[1], fold_rounds=folds[2], **fields),
    folds=FOLDS,
    data=st.sampled_from(["iris", "digits"]),
    scoring=st.sampled_from(["accuracy", "f1_macro"]),
    further_scorings=st.sampled_from([(), ("balanced_accuracy", "neg_log_loss")]),
    neurons=st.sampled_from(["5:100:2", "8,16", "log:4:512:8", "8x3"]),
    repeats=st.integers(1, 5),
    references=st.booleans(),
    jobs=st.one_of(st.none(), st.integers(1, 8)),
    precision=st.sampled_from(["float32", "float64"]),
    network=NETWORKS,
    grid=GRIDS,
    **SPLITS,
)


@st.composite
def evolutions(draw: st.DrawFn) -> EvolutionSettings:
    low, high = sorted(draw(st.tuples(st.floats(0, 1.9), st.floats(0, 1.9))))
    fields: dict[str, Any] = {
        "mutation": draw(st.sampled_from([None, low, (low, high)])),
        "recombination": draw(st.one_of(st.none(), st.floats(0, 1))),
        "tol": draw(st.floats(0, 10)),
        "bounds": draw(st.sampled_from(["-1:1", "glorot:3", "-2:2,-1:1,-1:1"])),
        "generations": draw(st.integers(0, 100)),
        "scale": draw(st.booleans()),
        "scoring": draw(st.sampled_from([None, "f1_macro"])),
        **{name: draw(strategy) for name, strategy in SPLITS.items()},
    }
    if draw(st.booleans()):
        fields |= {"members": draw(st.integers(9, 500))}
    else:
        fields |= {"popsize": draw(st.integers(1, 9))}
    return EvolutionSettings(data="iris", layers="5,3", **fields)


CHOICES = st.builds(
    TableChoice,
    source=TEXT.filter(lambda text: "\0" not in text and "/" not in text).map(lambda name: f"/data/x{name}.csv"),
    target=st.lists(NAMES, min_size=1, max_size=2, unique=True).map(tuple),
    task=st.sampled_from(["classification", "regression"]),
    categorical=st.lists(NAMES, max_size=2).map(tuple),
    missing=st.lists(TEXT, max_size=2).map(tuple),
    positive=st.one_of(st.none(), TEXT),
    separator=st.sampled_from([None, ";", "\t", "|"]),
    encoding=st.sampled_from([None, "utf-8", "cp1252"]),
    sample=st.one_of(st.none(), st.integers(2, 10**9)),
)


def looked_at(choice: TableChoice) -> TableSettings:
    return TableSettings(choice=choice, task="multiclass", rows=300, inputs=7, classes=3, sha256="")


def read_back(settings: RunSettings, folder: Path) -> RunSettings:
    path = folder / "run.toml"
    path.write_text(config_text(settings), encoding="utf-8")
    if isinstance(settings, SizeSettings):
        found = merge_options("size", {}, str(path), SizeSettings())
        return size_options.settings_from(found.options, found.table)
    found = merge_options("evolve", {}, str(path), EvolutionSettings())
    return evolve_options.settings_from(found.options, found.table)


@EASY
@given(settings=st.one_of(SIZES, evolutions()))
def test_settings_of_built_in_data_come_back(tmp_path: Path, settings: RunSettings) -> None:
    assert read_back(settings, tmp_path) == settings


@EASY
@given(
    choice=CHOICES,
    is_search=st.booleans(),
    role=st.sampled_from([None, "groups", "order_by"]),
    column=NAMES.filter(lambda name: bool(name.strip())),
)
def test_settings_of_a_table_come_back(
    tmp_path: Path, choice: TableChoice, is_search: bool, role: str | None, column: str
) -> None:
    folds: dict[str, Any] = {}
    if role is not None and column not in choice.target:
        choice = dataclasses.replace(choice, **{role: column})  # type: ignore[arg-type]
        folds = {"splitter": "group:shuffle" if role == "groups" else "time"} if is_search else {}

    def inspect(choice: TableChoice, **_: Any) -> DataSummary:
        return DataSummary(
            table=looked_at(choice),
            file_rows=300,
            without_target=0,
            columns=(),
            preview=(),
            classes=(),
            notes=(),
            warnings=(),
        )

    table = looked_at(choice)
    kind: Any = SizeSettings if is_search else EvolutionSettings
    settings = kind(data=choice.name, table=table, scoring="accuracy", **folds)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(merged_options, "inspect", inspect)
        assert read_back(settings, tmp_path) == settings


def test_the_recommended_evolution_comes_back() -> None:
    with tempfile.TemporaryDirectory() as folder:
        assert read_back(recommended(), Path(folder)) == recommended()


def test_a_file_may_name_every_option_that_makes_settings_and_no_other() -> None:
    for command, name in ((size, "size"), (evolve, "evolve")):
        options = {parameter.name.replace("_", "-") for parameter in command.params if parameter.name}
        of_a_call = {"config", "detach", "as-json", "is-whole", "estimate", "runs-code", "name", "note", "tags"}
        assert options - of_a_call == OPTIONS[name].keys()  # type: ignore[index]


def test_command_line_wins_over_file_over_defaults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NNSIZE_CONFIG", str(tmp_path / "config.toml"))
    (tmp_path / "config.toml").write_text("[size]\ncv = 3\nseed = 3\njobs = 3\ntarget = 'y'\n")
    path = tmp_path / "run.toml"
    path.write_text("cv = 4\nseed = 4\n")
    options = merge_options("size", {"seed": 5, "data": "iris"}, str(path), SizeSettings()).options
    assert options == {"data": "iris", "cv": 4, "seed": 5, "jobs": 3}
    path.write_text("defaults = false\ncv = 4\n")
    options = merge_options("size", {"seed": 5}, str(path), SizeSettings()).options
    assert options == {"data": "breast_cancer", "cv": 4, "seed": 5}
    assert dataclasses.asdict(size_options.settings_from(options))["jobs"] is None
