"""What of a run can be taken home, in which formats, under which name, and what is said of it before."""

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Literal, cast, get_args

from nnsize_engine.export import (
    FORMATS,
    Format,
    RecipeFormat,
    export_recipe,
    export_run,
    export_text,
    recipe_text,
    table_text,
)
from nnsize_engine.model_file import NETWORK_FORMATS, NETWORKS, export_network, exports_of
from nnsize_engine.picture import CHARTS, PICTURE_FORMATS, ChartName, charts_of, export_chart
from nnsize_engine.records import NetworkName
from nnsize_engine.run_reader import read_header
from nnsize_engine.run_view import RunFollower
from nnsize_engine.store import reading
from nnsize_engine.tables import TABLES, Table, TableName, make_table

Recipe = Literal["program", "settings"]
Export = TableName | NetworkName | ChartName | Recipe
RECIPES: tuple[Recipe, ...] = get_args(Recipe)

WORDS: dict[Export, str] = {
    "candidates": "candidates",
    "fits": "fits",
    "generations": "generations",
    "best": "best network",
    "evolved": "evolved network",
    "gradient": "by gradient",
    "curve": "chart",
    "map": "heat map",
    "program": "Python program",
    "settings": "settings",
}

_ROWS = 20
"""Of a table, in its preview at most."""

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


def offered(folder: Path) -> tuple[Export, ...]:
    """Everything of a run that can be taken home, the usual one first.

    Raises:
        StoreError: the run cannot be read.
    """
    return (*exports_of(folder), *charts_of(folder), *RECIPES)


def formats_of(what: Export) -> tuple[str, ...]:
    """The endings of its file, the usual one first."""
    if what in NETWORKS:
        return NETWORK_FORMATS
    if what in CHARTS:
        return PICTURE_FORMATS
    if what in TABLES:
        return FORMATS
    return ("py",) if what == "program" else ("toml",)


def is_text(what: Export) -> bool:
    """Whether it can be copied as well."""
    return what in TABLES or what in RECIPES


def usual_name(run: str, what: Export, ending: str) -> str:
    """What its file is called, unless another name is typed."""
    suffix = f"-{what}" if what in ("fits", "best", "gradient", "map") else ""
    return f"nnsize-{run}{suffix}.{ending}"


def text_of(folder: Path, what: Export, ending: str) -> str:
    """All of a table, a program or settings.

    Raises:
        NnsizeError: the run cannot be read, or has none.
    """
    if what in RECIPES:
        return recipe_text(folder, cast(RecipeFormat, ending)).encode(errors="replace").decode()
    return export_text(folder, cast(TableName, what), cast(Format, ending))


def preview_of(folder: Path, what: Export, ending: str, name: str) -> tuple[str, Sequence[str]]:
    """A word on what will be written, and its first lines.

    Raises:
        NnsizeError: the run cannot be read, or has none.
    """
    if what in NETWORKS:
        return _NETWORK_TITLES[ending], _LOADING[ending].format(name=name, trusted=_trusted(folder)).splitlines()
    if what in CHARTS:
        if find_spec("matplotlib") is None:
            return "matplotlib is missing; install it: pip install 'nnsize[pictures]'", ()
        points = " of 1200 x 750 points" if ending == "png" else ", of any size"
        return f"A picture{points}, by matplotlib.", ()
    if what in RECIPES:
        lines = text_of(folder, what, ending).splitlines()
        return f"{len(lines):,} lines:", lines
    table = make_table(RunFollower(folder).look(), cast(TableName, what))
    rows = max((len(cells) for cells in table.values()), default=0)
    # Not the whole of what may be 50,000 rows: a key pressed meanwhile would wait.
    head: Table = {name: cells[:_ROWS] for name, cells in table.items()}
    words = "1 row" if rows == 1 else f"{rows:,} rows"
    return f"{words} of {len(table)} columns:", table_text(head, cast(Format, ending)).splitlines()


def _trusted(folder: Path) -> str:
    """What skops has to be told where a table misses numbers: ``SimpleImputer`` keeps their type."""
    with reading(folder) as connection:
        has_table = read_header(connection).settings.table is not None
    return ', trusted=["numpy.dtype"]' if has_table else ""


def write(folder: Path, what: Export, to: Path, *, force: bool) -> None:
    """Write it to a file, whose ending says the format.

    Raises:
        NnsizeError: it cannot be written there, or there is none.
    """
    if what in NETWORKS:
        export_network(folder, to, name=what, force=force)
    elif what in CHARTS:
        export_chart(folder, to, name=what, force=force)
    elif what in RECIPES:
        export_recipe(folder, to, force=force)
    else:
        export_run(folder, to, table=cast(TableName, what), force=force)
