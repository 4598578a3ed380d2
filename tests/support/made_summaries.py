"""Made-up summaries of tables and made-up estimates, the same every time."""

from collections.abc import Mapping
from dataclasses import replace

from nnsize_engine.results.estimates import EvolutionEstimate, MeasuredNetwork, MeasuredPair, SearchEstimate
from nnsize_engine.results.table_summary import ColumnKind, ColumnSummary, DataSummary, Level
from nnsize_engine.settings.run import Kind, StartedSettings, by_started_kind
from nnsize_engine.settings.table import TableSettings
from nnsize_engine.settings.table_choice import TableChoice

ROWS = 891
NAMES = ("id", "class", "sex", "age", "boarded", "crew", "old\\x1b[31m name", "survived")


def made_summary(choice: TableChoice) -> DataSummary:
    """Return the summary of a table of passengers; the target is the last column unless another one is chosen."""
    target = choice.target or ("survived",)
    is_numeric = target[0] in ("age", "class")
    labels = () if is_numeric else ("no", "yes")
    classes = () if is_numeric else (Level(label="no", rows=549), Level(label="yes", rows=342))
    table = TableSettings(
        choice=replace(choice, target=target, task="regression" if is_numeric else "classification",
                       separator=choice.separator or ",", encoding="utf-8"),
        task="regression" if is_numeric else "binary",
        rows=ROWS,
        inputs=42,
        classes=len(labels),
        labels=labels,
        has_label_one=False,
        sha256="0" * 64,
    )  # fmt: skip
    return DataSummary(
        table=table,
        file_rows=900,
        without_target=9,
        columns=tuple(_column(name, choice, target) for name in NAMES),
        preview=tuple((str(place), "3", "male", "", "1912-04-10", "yes", "x", "no") for place in range(50)),
        classes=classes,
        notes=("target: 'survived', the last column; --target names another", "separator: comma"),
        warnings=("column 'id' looks like an id, by its name; leave it out with --ignore id",),
    )


def _column(name: str, choice: TableChoice, target: tuple[str, ...]) -> ColumnSummary:
    kinds: dict[str, ColumnKind] = {"id": "number", "class": "number", "age": "number", "boarded": "date",
                                    "crew": "boolean"}  # fmt: skip
    kind = kinds.get(name, "category")
    role = "target" if name in target else "ignored" if name in choice.ignore else "input"
    counts = tuple((place * 7) % 13 + 3 for place in range(32)) if kind in ("number", "date") else ()
    levels = () if counts else (Level(label="male", rows=577), Level(label="female", rows=314))
    return ColumnSummary(
        name=name,
        kind=kind,
        role=role,  # type: ignore[arg-type]
        missing=177 if name == "age" else 0,
        distinct=ROWS if name == "id" else 88 if counts else 2,
        inputs=0 if role != "input" else 2 if name == "age" else 1,
        low="0.42" if counts else "",
        high="80" if counts else "",
        mean=29.7 if kind == "number" else None,
        std=14.5 if kind == "number" else None,
        levels=levels,
        edges=(0.42, 80.0) if counts else None,
        counts=counts,
        remarks=("an id?",) if name == "id" else (),
    )


def made_estimate(*, seconds: float = 0.5, has_ended: bool = True) -> SearchEstimate:
    """Return an estimate with the same time for every fit."""
    network = MeasuredNetwork(
        weights=100, seconds_per_epoch=0.0, epochs=100.0, other_seconds=seconds, has_ended=has_ended
    )
    return SearchEstimate(
        pairs=(MeasuredPair(smallest=network, largest=network),), load_seconds=0.0, encode_seconds=0.0, workers=1
    )


EVOLUTION_ESTIMATE = EvolutionEstimate(
    members=512, first_seconds=1e-4, member_seconds=1e-4, load_seconds=1.0, gradient_seconds=0.5, workers=2
)


def made_estimate_of(settings: StartedSettings, *_: object) -> SearchEstimate | EvolutionEstimate:
    """Return an estimate for a run of any kind, as the preflight client returns it."""
    return _ESTIMATES[settings.kind]


_ESTIMATES: Mapping[Kind, SearchEstimate | EvolutionEstimate] = by_started_kind(
    size=made_estimate(), evolution=EVOLUTION_ESTIMATE
)
