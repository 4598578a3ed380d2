"""Export of the recipe of a run: a program for scikit-learn alone, or settings that start the run again."""

from pathlib import Path
from typing import Literal, assert_never, get_args

from nnsize_engine.export.atomic_file import export_file
from nnsize_engine.export.python_program import program_of
from nnsize_engine.results.left_out import left_out_comments
from nnsize_engine.results.records import NetworkName
from nnsize_engine.runs.database import reading
from nnsize_engine.runs.follower import RunFollower
from nnsize_engine.runs.label import label_of
from nnsize_engine.runs.reader import read_header
from nnsize_engine.settings.toml import config_text

RecipeFormat = Literal["py", "toml"]
"""``py``: a program for scikit-learn alone. ``toml``: settings that start the same run."""

RECIPE_FORMATS: tuple[RecipeFormat, ...] = get_args(RecipeFormat)


def export_recipe(
    folder: Path, to: Path, *, network: NetworkName | None = None, format: str | None = None, force: bool = False
) -> None:
    """Write the recipe of a run to a file.

    ``network`` is that of :func:`~nnsize_engine.export.python_program.program_of`.

    ``to``, ``format`` and ``force`` are those of :func:`~nnsize_engine.export.atomic_file.export_file`.

    Raises:
        ExportError: the run has no such network, or the file cannot be written.
        StoreError: the run cannot be read.
    """
    # Names of data files that are not UTF-8 keep their bytes.
    export_file(
        to,
        lambda chosen: recipe_text(folder, chosen, network).encode(errors="surrogateescape"),
        RECIPE_FORMATS,
        format,
        force=force,
    )


def recipe_text(folder: Path, format: RecipeFormat, network: NetworkName | None = None) -> str:
    """Return the recipe of a run, a program or settings.

    Raises:
        ExportError: the run has no such network.
        StoreError: the run cannot be read.
    """
    with reading(folder) as connection:
        settings = read_header(connection).settings
    match format:
        case "toml":
            return config_text(settings, (*label_of(folder, settings).lines, *left_out_comments(settings)))
        case "py":
            return program_of(RunFollower(folder).look(), network)
        case _:
            assert_never(format)
