"""The notations that columns may have: those of a run that exists, or all that a user's choice allows."""

import re
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from nnsize_engine.data.columns import ColumnReader
from nnsize_engine.data.readings import NotationRules
from nnsize_engine.data.source import Source
from nnsize_engine.settings.table import TableSettings
from nnsize_engine.settings.table_choice import TableChoice


def rules_by_column(source: Source, choice: TableChoice, known: TableSettings | None) -> Mapping[str, NotationRules]:
    """Return the rules for the texts of each column; columns that are not named keep their texts as labels."""
    kinds = dict(known.columns) if known is not None else {}
    notations = known.notation_of if known is not None else {}
    free = NotationRules.of(choice)
    if source.is_typed:
        free = replace(free, has_plain_numbers=False)
    rules = {}
    for name in source.names:
        if name in choice.categorical:
            continue
        if name in notations:
            rules[name] = NotationRules.of(choice, notations[name])
        elif name not in kinds:
            are_labels = name in choice.target and (choice.task == "classification" or choice.positive is not None)
            rules[name] = replace(free, has_numbers=name not in choice.ignore, has_units=not are_labels)
        elif kinds[name] == "date":  # a run of a version that stored no notations
            rules[name] = replace(free, has_numbers=False)
        elif kinds[name] != "category":
            rules[name] = replace(free, known=("number", choice.plain_decimal, "", "", ""))
    return rules


def has_digits_only(date_format: str | None) -> bool:
    """Return whether dates of a format look like whole numbers, such as 20240131."""
    return date_format is not None and re.fullmatch(r"(%[YymdHMSj])+", date_format) is not None


def is_whole(reader: ColumnReader) -> bool:
    """Return whether a column that was read holds whole numbers that are not negative."""
    return reader.kind == "number" and all(
        bool((part[~np.isnan(part)] >= 0).all() and (part == np.floor(part))[~np.isnan(part)].all())
        for part in reader.parts
    )
