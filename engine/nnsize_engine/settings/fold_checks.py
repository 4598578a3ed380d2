"""Checks that splitters, tables and test rows fit together."""

from nnsize_engine.errors import SettingsError
from nnsize_engine.settings.datasets import Task
from nnsize_engine.settings.splitters import folds_text, rounds_refused, splitter_of
from nnsize_engine.settings.table_choice import TableChoice
from nnsize_engine.settings.validate import count_held_out
from nnsize_engine.text import escape_text


def check_splitter(splitter: str, cv: int, fold_rounds: int, *, task: Task, name: str) -> None:
    """Raise a SettingsError unless a splitter is known and fits the task; ``name`` names the data in errors."""
    found = splitter_of(splitter)
    if found is None:
        return
    if fold_rounds != 1 and found.name != "repeated":
        raise rounds_refused(splitter, cv, 1, fold_rounds)
    if found.is_for_classes and task in ("regression", "multilabel"):
        other = "group" if found.has_groups else "kfold"
        what = "numbers" if task == "regression" else "several labels"
        raise SettingsError(
            f"cv {found.name} keeps the shares of classes, and {name} has {what} to predict; use cv {other}:{cv}",
            field="cv",
        )


def check_row_columns(splitter: str, cv: int, choice: TableChoice | None) -> None:
    """Raise a SettingsError unless the table has the columns that a splitter needs, and no others."""
    found = splitter_of(splitter)
    text = "" if found is None else folds_text(cv, splitter, 1)
    groups = None if choice is None else choice.groups
    order = None if choice is None else choice.order_by
    if found is not None and found.has_groups and groups is None:
        if choice is None:
            raise SettingsError(
                f"cv {text} keeps groups of rows together, and built-in data has none; use another cv", field="cv"
            )
        raise SettingsError(
            f"cv {text} keeps groups of rows together; name the column that tells them, such as a patient's id, "
            "with --groups",
            field="cv",
        )
    if groups is not None and (found is None or not found.has_groups):
        now = folds_text(cv, splitter, 1)
        raise SettingsError(
            f"groups keeps the rows of each '{escape_text(groups)}' together, and cv {now} would spread them over the "
            f"folds; use cv group:{cv} or stratified-group:{cv}, or leave groups out",
            field="cv",
        )
    if order is not None and (found is None or found.name != "time"):
        now = folds_text(cv, splitter, 1)
        raise SettingsError(
            f"order-by puts the rows in the order of '{escape_text(order)}', and cv {now} would test rows with later "
            f"ones; use cv time:{cv}, or leave order-by out",
            field="cv",
        )


def check_group_count(folds: str, cv: int, groups: int, test_size: float | int, name: str) -> None:
    """Raise a SettingsError if there are more folds than groups of training rows.

    ``folds`` are the folds in words, and ``name`` names the data in errors.
    """
    tested = count_held_out(test_size, groups)
    left = groups - tested
    if tested > 0 and left <= 0:
        return  # the split is refused with words of its own
    if cv > left:
        remedy = f"use at most {left} folds" if left > 1 else "hold out fewer, or name another column with --groups"
        held_out = f"; {tested:,} of its {groups:,} groups are test rows" if tested else ""
        raise SettingsError(
            f"cv {folds} has {cv} folds, but {name} has only {left:,} group{'' if left == 1 else 's'} of training "
            f"rows{held_out}; {remedy}",
            field="cv",
        )


def check_test_rows(stratify: bool, choice: TableChoice | None, *, takes_last_rows: bool) -> None:
    """Raise a SettingsError if the test rows should keep class shares but are whole groups or the last rows."""
    if not stratify:
        return
    if choice is not None and choice.groups is not None:
        what = f"the test rows are whole groups of '{escape_text(choice.groups)}'"
    elif takes_last_rows:
        what = "the test rows are the last ones"
    else:
        return
    raise SettingsError(f"stratify keeps the shares of classes in a random split, but {what}; leave it out",
                        field="stratify")  # fmt: skip
