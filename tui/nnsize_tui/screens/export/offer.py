"""The results that can be exported: their formats, file names and previews."""

import contextlib
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Literal, Protocol, cast, get_args

from nnsize_engine.errors import StoreError
from nnsize_engine.export.atomic_file import named_format
from nnsize_engine.export.chart_file import PICTURE_FORMATS, ChartName, charts_of, export_chart
from nnsize_engine.export.kinds import make_table, tables_of
from nnsize_engine.export.model_file import NETWORK_FORMATS, export_network, exports_of
from nnsize_engine.export.recipe_file import RecipeFormat, export_recipe, recipe_text
from nnsize_engine.export.run_archive import export_archive
from nnsize_engine.export.table_file import FORMATS, TABLE_FORMATS, Format, export_run, export_text, table_text
from nnsize_engine.export.table_reader import HELPER, TRUSTED_HELPER, needs_reading
from nnsize_engine.export.tables import TABLES, Table, TableName
from nnsize_engine.processes.install_hint import install_hint
from nnsize_engine.report.html_file import write_report
from nnsize_engine.results.records import NetworkName
from nnsize_engine.runs.database import reading
from nnsize_engine.runs.follower import RunFollower
from nnsize_engine.runs.reader import read_header
from nnsize_engine.text import shell_word

Recipe = Literal["program", "settings"]
Report = Literal["report"]
WholeRun = Literal["run"]
Export = TableName | NetworkName | ChartName | Report | Recipe | WholeRun
RECIPES: tuple[Recipe, ...] = get_args(Recipe)

WORDS: dict[Export, str] = {
    "candidates": "candidates",
    "fits": "fits",
    "references": "references",
    "importances": "importances",
    "effects": "effects of parameters",
    "generations": "generations",
    "strategies": "strategies",
    "best": "best network",
    "recommended": "recommended network",
    "evolved": "evolved network",
    "gradient": "by gradient",
    "quantized": "by gradient, quantized",
    "curve": "chart",
    "map": "heat map",
    "parameters": "chart of parameters",
    "report": "report",
    "program": "Python program",
    "settings": "settings",
    "run": "whole run",
}

REPORT_WORDS = "One page for others, in any browser: answer, charts, tables, program."

MAX_PREVIEW_ROWS = 20
"""Rows of a table in its preview."""

_LOADING = {
    "skops": 'import skops.io\nmodel = skops.io.load("{name}"{trusted})\nmodel.predict(X)',
    "joblib": 'import joblib\nmodel = joblib.load("{name}")\nmodel.predict(X)',
    "npz": 'import numpy as np\narrays = np.load("{name}")\narrays["coefs_0"], arrays["intercepts_0"]',
}
_NETWORK_TITLES = {
    "skops": "A fitted scikit-learn pipeline; reading it runs no code:",
    "joblib": "The same, pickled: load it only where you trust the file:",
    "npz": "Its arrays alone, in order of the layers:",
}


class Offer(Protocol):
    """The results that the export dialog offers, each by a name."""

    @property
    def title(self) -> str:
        """The words for the run: ``run zibiro``."""

    @property
    def source(self) -> str:
        """The run's name, for a note on copied text: ``zibiro``."""

    @property
    def choices(self) -> Sequence[tuple[str, str]]:
        """The name of each result and the words for it, the usual one first."""

    def formats_of(self, what: str) -> tuple[str, ...]:
        """Return the endings of its file, the usual one first."""

    def is_text(self, what: str, ending: str) -> bool:
        """Return whether it can be copied in this format as well."""

    def usual_name(self, what: str, ending: str) -> str:
        """Return the name of its file, unless another one is typed."""

    def text_of(self, what: str, ending: str) -> str:
        """Return all of it, where it is text.

        Raises:
            NnsizeError: a run cannot be read, or has none.
        """

    def preview_of(self, what: str, ending: str, name: str) -> tuple[str, Sequence[str]]:
        """Return words on a file that will be written, and its first lines.

        Raises:
            NnsizeError: a run cannot be read, or has none.
        """

    def write(self, what: str, to: Path, *, force: bool) -> None:
        """Write it to a file; the ending says the format.

        Raises:
            NnsizeError: it cannot be written there, or there is none.
        """


class RunOffer:
    """The tables, networks and charts of one run, the program that makes it, and all of it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        offered: Sequence[Export] = tables_of("size")
        with contextlib.suppress(StoreError):  # writing reports the error
            offered = (*exports_of(folder), *charts_of(folder), *RECIPES, "report", "run")
        self.title, self.source = f"run {folder.name}", folder.name
        self.choices: Sequence[tuple[str, str]] = [(name, WORDS[name]) for name in offered]

    def formats_of(self, what: str) -> tuple[str, ...]:
        match what:
            case "candidates" | "fits" | "references" | "importances" | "effects" | "generations" | "strategies":
                return TABLE_FORMATS
            case "best" | "recommended" | "evolved" | "gradient" | "quantized":
                return NETWORK_FORMATS
            case "curve" | "map" | "parameters":
                return PICTURE_FORMATS
            case "report":
                return ("html",)
            case "program":
                return ("py",)
            case "settings":
                return ("toml",)
            case "run":
                return ("zip",)
            case _:
                raise KeyError(what)

    def is_text(self, what: str, ending: str) -> bool:
        return what in RECIPES or (what in TABLES and ending in FORMATS)

    def usual_name(self, what: str, ending: str) -> str:
        is_main = what in ("candidates", "generations", "evolved", "curve", *RECIPES, "run")
        suffix = "" if is_main else f"-{what}"
        return f"nnsize-{self._folder.name}{suffix}.{ending}"

    def text_of(self, what: str, ending: str) -> str:
        match what:
            case "candidates" | "fits" | "references" | "importances" | "effects" | "generations" | "strategies":
                return export_text(self._folder, what, cast(Format, ending))
            case "program" | "settings":
                return recipe_text(self._folder, cast(RecipeFormat, ending)).encode(errors="replace").decode()
            case _:
                raise KeyError(what)

    def preview_of(self, what: str, ending: str, name: str) -> tuple[str, Sequence[str]]:
        match what:
            case "candidates" | "fits" | "references" | "importances" | "effects" | "generations" | "strategies":
                return table_preview(make_table(RunFollower(self._folder).look(), what), ending)
            case "best" | "recommended" | "evolved" | "gradient" | "quantized":
                words = _LOADING[ending].format(name=name, trusted=_trusted(self._folder))
                helper = [] if ending == "npz" else _helper_words(self._folder)
                return _NETWORK_TITLES[ending], [*helper, *words.splitlines()]
            case "curve" | "map" | "parameters":
                return picture_words(ending), ()
            case "report":
                return REPORT_WORDS, ()
            case "program" | "settings":
                lines = self.text_of(what, ending).splitlines()
                return f"{len(lines):,} lines:", lines
            case "run":
                return "All that the run stored, as it is now. To take it back, here or elsewhere:", [
                    f"nnsize import {shell_word(name)}"
                ]
            case _:
                raise KeyError(what)

    def write(self, what: str, to: Path, *, force: bool) -> None:
        match what:
            case "candidates" | "fits" | "references" | "importances" | "effects" | "generations" | "strategies":
                export_run(self._folder, to, table=what, force=force)
            case "best" | "recommended" | "evolved" | "gradient" | "quantized":
                export_network(self._folder, to, name=what, force=force)
            case "curve" | "map" | "parameters":
                export_chart(self._folder, to, name=what, force=force)
            case "report":
                write_report(self._folder, to, force=force)
            case "program" | "settings":
                export_recipe(self._folder, to, force=force)
            case "run":
                named_format(to, None, ("zip",))
                export_archive(self._folder, to, force=force)
            case _:
                raise KeyError(what)


def picture_words(ending: str) -> str:
    """Return words on a chart, or why it cannot be drawn here."""
    if find_spec("matplotlib") is None:
        return f"matplotlib is missing; {install_hint('pictures')}"
    points = " of 1200 x 750 points" if ending == "png" else ", of any size"
    return f"A picture{points}, by matplotlib."


def table_preview(table: Table, ending: str) -> tuple[str, Sequence[str]]:
    """Return the size of a table, and its first rows in a format; of a file that is no text as values with tabs."""
    rows = max((len(cells) for cells in table.values()), default=0)
    # Not all of a table that may have 50,000 rows: a key would have to wait.
    head: Table = {name: cells[:MAX_PREVIEW_ROWS] for name, cells in table.items()}
    words = "1 row" if rows == 1 else f"{rows:,} rows"
    text = table_text(head, ending if ending in FORMATS else "tsv")
    return f"{words} of {len(table)} columns{_missing_words(ending)}:", text.splitlines()


def _missing_words(ending: str) -> str:
    """Return what is missing to write a table in a format; empty if nothing is."""
    match ending:
        case "xlsx" if find_spec("openpyxl") is None:
            return f"; openpyxl is missing, {install_hint('excel')}"
        case "parquet" if find_spec("pyarrow") is None:
            return f"; pyarrow is missing, {install_hint('parquet')}"
        case _:
            return ""


def _trusted(folder: Path) -> str:
    """Return the types that skops has to trust: that of numbers where some are missing, and the helper's."""
    with reading(folder) as connection:
        table = read_header(connection).settings.table
    if table is None:
        return ""
    return f', trusted=["{TRUSTED_HELPER}", "numpy.dtype"]' if needs_reading(table) else ', trusted=["numpy.dtype"]'


def _helper_words(folder: Path) -> list[str]:
    """Return a line about the module that is written beside the network; none if there is none."""
    with reading(folder) as connection:
        table = read_header(connection).settings.table
    return [f"# needs {HELPER}.py, which is written beside it"] if table is not None and needs_reading(table) else []
