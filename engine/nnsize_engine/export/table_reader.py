"""The first step of an exported pipeline, for tables that the encoder cannot take as ``pandas.read_csv`` returns them.

Its class is in a module of its own, :data:`HELPER`, which is written beside the network. The module is made of files of
nnsize and needs pandas and scikit-learn alone.
"""

import sys
from importlib.abc import InspectLoader
from importlib.resources import files
from importlib.util import module_from_spec, spec_from_loader
from types import ModuleType
from typing import Any

from nnsize_engine.settings.file_facts import UNTYPED_FORMATS
from nnsize_engine.settings.missing_texts import QUESTION_MARK
from nnsize_engine.settings.table import TableSettings

HELPER = "nnsize_table"
"""The name of the module with the class of the step."""

TRUSTED_HELPER = f"{HELPER}.TableFrame"
"""The type that ``skops.io.load`` has to trust."""

FIRST_LINE = "# Written by nnsize: the module that an exported network needs. Keep it beside the network."

_FILES = (
    ("nnsize_engine.settings", "number_patterns.py"),
    ("nnsize_engine.settings", "date_patterns.py"),
    ("nnsize_engine.data", "notation.py"),
    ("nnsize_engine.export", "table_frame.py"),
)


def needs_reading(table: TableSettings) -> bool:
    """Return whether nnsize reads the columns otherwise than pandas does by default."""
    kinds = {kind for name, kind in table.columns if name not in table.choice.no_inputs}
    is_labelled = any(name not in table.choice.no_inputs for name in table.choice.categorical)
    has_notations = any(name not in table.choice.no_inputs for name in table.notation_of)
    is_renamed = any("\\" in name or name.startswith("Unnamed: ") for name, _ in table.columns)
    is_cleaned = any(name not in table.choice.target for name in table.cleaned)
    has_doubtful_booleans = "boolean" in kinds and table.has_missing_numbers
    return (
        "date" in kinds
        or has_notations
        or is_labelled
        or is_renamed
        or is_cleaned
        or has_doubtful_booleans
        or table.has_missing_marks
        or bool(table.choice.missing)
        or table.choice.plain_decimal != "."
    )


def helper_source() -> str:
    """Return the source of the helper module."""
    texts = [files(package).joinpath(name).read_text(encoding="utf-8") for package, name in _FILES]
    lines = [line for line in "\n\n".join(texts).splitlines() if not line.startswith("from nnsize_engine")]
    return "\n".join([FIRST_LINE, "", *lines, ""])


def make_reader(table: TableSettings, encoder: Any) -> Any:
    """Return the step that makes the frames that a fitted encoder takes."""
    inputs = [[name, kind] for name, kind in table.columns if name not in table.choice.no_inputs]
    plain = ("number", table.choice.plain_decimal, "", "", "")
    usual = {"number": plain, "boolean": plain, "date": ("date", "ymd")}
    notations = {name: list(table.notation_of.get(name, usual[kind])) for name, kind in inputs if kind in usual}
    return _helper().TableFrame(
        columns=inputs,
        notations=notations,
        missing=_missing_of(table),
        spellings=_spellings(encoder),
        has_blanks=table.choice.has_old_reading,
    )


def _missing_of(table: TableSettings) -> list[str]:
    """Return the texts that mean a missing value, besides those that pandas takes for missing by itself."""
    choice = table.choice
    if choice.has_old_reading or choice.missing or choice.keep_na:
        return list(choice.missing)
    return [QUESTION_MARK] if choice.separator is not None or table.file.format in UNTYPED_FORMATS else []


class _Loader(InspectLoader):
    def get_source(self, fullname: str) -> str:  # noqa: ARG002
        return helper_source()


def _helper() -> ModuleType:
    """Return the helper module; it is registered, because pickle looks its class up."""
    if HELPER not in sys.modules:
        loader = _Loader()
        spec = spec_from_loader(HELPER, loader)
        assert spec is not None
        module = module_from_spec(spec)
        sys.modules[HELPER] = module
        loader.exec_module(module)
    return sys.modules[HELPER]


def _spellings(encoder: Any) -> dict[str, dict[str, str]]:
    """Return the labels of numbers that a frame does not write as the file does, such as 007, by the frame's text."""
    found: dict[str, dict[str, str]] = {}
    for kind, one_hot, names in encoder.transformers_:
        if kind != "category":
            continue
        for name, levels in zip(names, one_hot.categories_, strict=True):
            labels = {_frame_text(level): level for level in levels if isinstance(level, str)}
            other = {text: level for text, level in labels.items() if text is not None and text != level}
            if other:
                found[str(name)] = other
    return found


def _frame_text(level: str) -> str | None:
    """Return the text of a number as a frame writes it; None for other texts."""
    try:
        value = float(level)
    except ValueError:
        return None
    return str(int(value)) if value.is_integer() else str(value)
