"""Record the example runs that come with the package: ``python tests/make_examples.py [NAME...]``.

Each is computed once on this machine, a minute or two for all, and written as an exported run to
``engine/nnsize_engine/examples/``. Nothing of this machine stays in it: no name of a host, no path.
"""

import contextlib
import os
import sqlite3
import sys
import tempfile
from pathlib import Path

from nnsize_engine.examples.add import with_table
from nnsize_engine.examples.catalogue import (
    ARTICLE_1,
    ARTICLE_2,
    EXAMPLES,
    FOLDER,
    MAX_EXAMPLE_BYTES,
    OWN_TABLE,
    Example,
)
from nnsize_engine.export.run_archive import export_archive
from nnsize_engine.preflight import client
from nnsize_engine.runs import launch, writer
from nnsize_engine.runs.database import FILE_NAME, open_for_writing, settle, transaction
from nnsize_engine.runs.folders import read_state
from nnsize_engine.runs.reader import read_header
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.layer_sizes import AUTO
from nnsize_engine.settings.run import StartedSettings
from nnsize_engine.settings.scorings import default_scoring
from nnsize_engine.settings.search import SizeSettings
from nnsize_engine.settings.stored_settings import settings_to_json
from nnsize_engine.settings.table_choice import TableChoice
from support.customers import write_customers

MAX_SECONDS = 1800.0  # for one run, on a busy machine


def main(names: list[str]) -> None:
    """Record the examples of these names, or all of them."""
    with tempfile.TemporaryDirectory(prefix="nnsize-examples-") as place:
        os.chdir(place)
        home = Path(place) / "runs"
        home.mkdir()
        for example in EXAMPLES:
            if not names or example.name in names:
                _record(example, home)
    size = sum(file.stat().st_size for file in FOLDER.iterdir() if file.suffix in (".zip", ".csv"))
    print(f"{size:,} bytes in all, of at most {MAX_EXAMPLE_BYTES:,}")  # noqa: T201


def _record(example: Example, home: Path) -> None:
    """Compute an example, and write it as an exported run."""
    run = launch.start(_settings_of(example), home, name=example.name)
    state = launch.wait_for(run, lambda state: state in ("finished", "failed"), MAX_SECONDS)
    if state != "finished":
        raise SystemExit(f"{example.name} is {state}: {read_state(run)[0].reason}")
    _remove_traces(run, example)
    export_archive(run, example.archive, force=True)
    print(f"{example.archive.name}: {example.archive.stat().st_size:,} bytes")  # noqa: T201


def _settings_of(example: Example) -> StartedSettings:
    if example is ARTICLE_1:
        return SizeSettings()
    if example is ARTICLE_2:
        return EvolutionSettings()
    assert example is OWN_TABLE
    assert example.table is not None
    table = FOLDER / example.table
    write_customers(table)
    usual = SizeSettings()
    choice = TableChoice(source=str(table), ignore=("customer_id",))
    summary = client.look_at_table(choice, test_size=usual.test_size, split_seed=usual.split_seed)
    client.refuse_problems(summary)
    known = summary.table.known
    return SizeSettings(data=known.name, table=summary.table, neurons=AUTO, scoring=default_scoring(known.task))


def _remove_traces(run: Path, example: Example) -> None:
    """Remove what names this machine: its host, and the folder of the table."""
    with contextlib.closing(open_for_writing(run)) as connection:
        settings = read_header(connection).settings
        with transaction(connection, run):
            for table in ("runner", "under_way", "evaluating"):
                connection.execute(f"DELETE FROM {table}")
            if example.table is not None:
                named = settings_to_json(with_table(settings, example.table))
                writer.update_run(connection, settings=named)
        settle(connection)
    with contextlib.closing(sqlite3.connect(run / FILE_NAME)) as plain:
        plain.execute("VACUUM")  # pages that are free now still hold what was deleted


if __name__ == "__main__":
    main(sys.argv[1:])
