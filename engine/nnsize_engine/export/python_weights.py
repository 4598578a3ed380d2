"""The parts of a program that weigh its training rows."""

from nnsize_engine.export.python_kept import holds_weights
from nnsize_engine.export.python_notations import converted
from nnsize_engine.settings.run import StartedSettings
from nnsize_engine.settings.table import TableSettings


def has_column(settings: StartedSettings) -> bool:
    """Return whether the data comes with weights of its rows: a column of the table, or those that a program gave."""
    table = settings.table
    return (table is not None and table.choice.sample_weight is not None) or holds_weights(table)


def is_weighted(settings: StartedSettings) -> bool:
    """Return whether training rows are weighed."""
    return has_column(settings) or settings.class_weight != "none"


def column_code(table: TableSettings) -> str:
    """Return code that makes ``sample_weight`` of the column of weights, after the code that reads the table."""
    name = table.choice.sample_weight
    if name is None:
        return ""
    values = converted(table, name) if name in table.notation_of else f"table[{name!r}]"
    return f'\nsample_weight = {values}.to_numpy(dtype="float64")'


def balance_code(settings: StartedSettings) -> str:
    """Return code that lets every class count the same, after the split; empty if classes are not weighed."""
    if settings.class_weight == "none":
        return ""
    before = "sample_weight * " if has_column(settings) else ""
    return f"sample_weight = {before}compute_sample_weight({settings.class_weight!r}, y_train)"
