"""Every field of the setup screen can be refused, and the refusal stands beside it: errors carry their field."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from nnsize_engine.data.header import read_header
from nnsize_engine.data.inspect import inspect_table
from nnsize_engine.data.read import open_source
from nnsize_engine.errors import DataError, SettingsError
from nnsize_engine.settings.cluster import cluster_settings
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.mutation import parse_mutation
from nnsize_engine.settings.parameter_grid import DEFAULTS, parse_values
from nnsize_engine.settings.run import Kind
from nnsize_engine.settings.search import SizeSettings
from nnsize_engine.settings.table_choice import TableChoice
from nnsize_tui.screens.setup.draft import Draft
from nnsize_tui.screens.setup.form import FORMS
from nnsize_tui.screens.setup.messages import PreflightFailure
from nnsize_tui.screens.setup.state import SetupState
from nnsize_tui.screens.setup.text import settings_of

CONTENTS = "a,b,y\n" + "".join(f"{row},{row % 7},{row % 2}\n" for row in range(40))

Refused = Callable[[str], object]
"""A function that raises a refusal, given the path of a table."""


def chosen(**fields: Any) -> Refused:
    return lambda path: inspect_table(TableChoice(source=path, **fields))


def dates_are_ambiguous(path: str) -> object:
    rows = "".join(f"01/{month:02}/2020,{month % 2}\n" for month in range(1, 13))
    Path(path).write_text("when,y\n" + rows)
    return inspect_table(TableChoice(source=path))


def searched(**fields: Any) -> Refused:
    return lambda _: SizeSettings(**fields)


def evolved(**fields: Any) -> Refused:
    return lambda _: EvolutionSettings(**fields)


TABLE: Mapping[str, Refused] = {
    "data": lambda path: open_source(TableChoice(source=path + ".none")),
    "target": chosen(target=("z",)),
    "task": chosen(task="guessing"),
    "ignore": chosen(ignore=("z",)),
    "sample": chosen(sample=1),
    "groups": chosen(groups="z"),
    "order_by": chosen(order_by="z"),
    "categorical": chosen(categorical=("z",)),
    "missing": chosen(missing="NA"),
    "keep_na": chosen(keep_na="x"),
    "min_class_rows": chosen(min_class_rows=0),
    "joins_rare": chosen(joins_rare="x"),
    "is_strict": chosen(is_strict="x"),
    "positive": chosen(positive="7"),
    "decimal": chosen(decimal=";"),
    "thousands": chosen(thousands="3"),
    "date_format": chosen(date_format="yyyy"),
    "day_first": lambda path: dates_are_ambiguous(path),
    "separator": chosen(separator=";"),
    "header": chosen(header="x"),
    "skip": chosen(skip=1_000),
    "comment": chosen(comment="##"),
    "encoding": lambda path: read_header(TableChoice(source=path, encoding="klingon"), Path(path)),
}
SIZE: Mapping[str, Refused] = {
    "neurons": searched(neurons="x"),
    "max_neurons": searched(max_neurons=1),
    "race": searched(race="x"),
    "references": searched(references="x"),
    "scoring": searched(scoring="x"),
    "cv": searched(cv=1),
    "repeats": searched(repeats=0),
    "fold_rounds": searched(fold_rounds=0),
    "seed": searched(seed=-1),
    "test_size": searched(test_size=2.0),
    "stratify": searched(stratify="x"),
    "precision": searched(precision="x"),
    "split_seed": searched(split_seed=-1),
    "target_scale": searched(target_scale="x"),
    "scaler": searched(scaler="x"),
    "class_weight": searched(class_weight="x"),
    "sample_weight": chosen(sample_weight="z"),
    "jobs": searched(jobs=0),
    **{name: lambda _, name=name: parse_values(name, "??") for name in DEFAULTS},  # type: ignore[misc]
}
EVOLUTION: Mapping[str, Refused] = {
    "layers": evolved(layers="x"),
    "fitness": evolved(fitness="x"),
    "strategy": evolved(strategy="x"),
    "members": evolved(members=1),
    "popsize": evolved(popsize=0),
    "generations": evolved(generations=-1),
    "step": evolved(step=1.0),
    "evaluations": evolved(evaluations=0),
    "seconds": evolved(seconds=0.0),
    "bounds": evolved(bounds="1:-1"),
    "init": evolved(init="x"),
    "repeats": evolved(repeats=0),
    "seed": evolved(seed=-1),
    "test_size": evolved(test_size=-1),
    "stratify": evolved(stratify="x"),
    "validation_fraction": evolved(validation_fraction=1.0),
    "early_stopping": evolved(early_stopping=True),
    "activation": evolved(activation="x"),
    "weight_decay": evolved(weight_decay=-1.0),
    "mutation": lambda _: parse_mutation("x"),
    "recombination": evolved(recombination=2.0),
    "tol": evolved(tol=-1.0),
    "atol": evolved(atol=-1.0),
    "n_iter_no_change": evolved(n_iter_no_change=0),
    "batch_size": evolved(batch_size=0),
    "batch_generations": evolved(batch_generations=0),
    "restart_after": evolved(restart_after=0),
    "p_best": evolved(p_best=0.0),
    "archive": evolved(archive=-1.0),
    "memory": evolved(memory=0),
    "scoring": evolved(scoring="x"),
    "scale": evolved(scale="x"),
    "reference": evolved(reference="x"),
    "precision": evolved(precision="x"),
    "split_seed": evolved(split_seed=-1),
    "target_scale": evolved(target_scale="x"),
    "jobs": evolved(jobs=0),
    "cost": evolved(cost="0,1"),
    "bits": evolved(bits=3),
    "fitness_groups": chosen(fitness_groups="z"),
}
CLUSTER: dict[str, Refused] = {
    "cluster": lambda _: cluster_settings("x"),
    "workers": lambda _: cluster_settings("slurm", "x"),
    "cluster_wait": lambda _: cluster_settings("slurm", "", -1.0),
}
REFUSALS: Mapping[Kind, Mapping[str, Refused]] = {
    "size": TABLE | SIZE | CLUSTER,  # type: ignore[operator]
    "evolution": TABLE | EVOLUTION | CLUSTER,  # type: ignore[operator]
}


@pytest.mark.parametrize(("kind", "key"), [(kind, key) for kind, form in FORMS.items() for key in form.by_key])
def test_a_refusal_names_the_field_that_it_stands_beside(tmp_path: Path, kind: Kind, key: str) -> None:
    table = tmp_path / "table.csv"
    table.write_text(CONTENTS)
    with pytest.raises((SettingsError, DataError)) as caught:
        REFUSALS[kind][key](str(table))
    error = caught.value
    assert isinstance(error, SettingsError | DataError)
    assert error.field == key
    state = SetupState(Draft(kind=kind).at(str(table)))
    state.inspections.keep(state.reading.inspection, PreflightFailure(reason=str(error), field=error.field))
    state.take(state.draft)
    beside = {one.key: one.problem for one in settings_of(state, has_more=True) if one.problem}
    words = str(error)
    named = {"--labels": "categorical", "--day-first": "day-first yes", "--month-first": "day-first no"}
    for option, field in named.items():
        words = words.replace(option, field)
    assert beside == {key: words.replace("--", "")}
