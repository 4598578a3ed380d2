"""One run folder that is damaged or hostile: it shows as unreadable with a reason, and no other run notices."""

import json
import os
import random
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from nnsize_engine.errors import NnsizeError
from nnsize_engine.runs.database import FILE_NAME
from nnsize_tui.app.config import ExplorerConfig
from nnsize_tui.app.explorer import ExplorerApp
from nnsize_tui.commands import cli
from nnsize_tui.follow.runs import RunsFollower
from support.hostile_runs import (
    FILES,
    HOSTILE_NAMES,
    HOSTILE_TEXT,
    HOSTILE_VALUES,
    SCHEMAS,
    columns_of,
    hostile_jsons,
    without_constraints,
)
from support.made_runs import made_run, make_evolution
from support.pilots import shown, until, until_shown
from support.signed_runs import edit_signed

MAX_SECONDS = 20.0  # of one command on a run with an endless query; a machine that is busy needs some of them
EXTREME = frozenset({
    "test_score", "train_score", "best", "mean", "std", "train", "held_out", "diversity", "low", "high", "fitness",
    "train_loss", "test_loss",
})  # fmt: skip
MAKERS: dict[str, Callable[[Path, str], Path]] = {"size": made_run, "evolution": make_evolution}


@pytest.fixture
def home(run_home: Path) -> Path:
    run_home.mkdir()
    return run_home


def nnsize(*arguments: str) -> Result:
    """Run a command; it succeeds, or refuses in a sentence."""
    begun = time.monotonic()
    result = CliRunner().invoke(cli, arguments, standalone_mode=False)
    if result.exception is not None and not isinstance(result.exception, NnsizeError | SystemExit):
        raise result.exception
    assert time.monotonic() - begun < MAX_SECONDS
    return result


def look_at(folder: Path) -> bool:
    """Run every command that reads a run; return whether it can be read."""
    readable = nnsize("show", str(folder)).exception is None
    for arguments in (
        ["show", "--json"], ["show", "--all"], ["show", "--config"], ["show", "--python"], ["export"],
        ["export", "--format", "json"], ["export", "--table", "fits"],
    ):  # fmt: skip
        nnsize(arguments[0], str(folder), *arguments[1:])
    nnsize("compare", str(folder), str(folder.parent / "spared"))
    nnsize("compare", str(folder), str(folder.parent / "spared"), "--json")
    return readable


def runs_of(home: Path) -> dict[str, dict[str, object]]:
    """Return what the list of runs says of each, as commands and explorer do."""
    assert nnsize("runs").exception is None
    listed = {one["run"]: one for one in json.loads(nnsize("runs", "--json").stdout)}
    rows = {row.folder.name: row for row in RunsFollower(home).look()}
    assert set(rows) == set(listed)
    for name, row in rows.items():
        assert (row.header is None) == (listed[name]["state"] == "unreadable"), name
    return listed


@pytest.mark.parametrize("kind", MAKERS)
@pytest.mark.parametrize("way", [*SCHEMAS, *FILES])
def test_what_a_run_file_never_holds_is_refused_with_a_reason_and_can_be_deleted(
    home: Path, kind: str, way: str
) -> None:
    folder = MAKERS[kind](home, "target")
    made_run(home, "spared")
    (SCHEMAS | FILES)[way](folder)
    found = runs_of(home)
    assert found["target"]["state"] == "unreadable"
    assert "target" in str(found["target"]["reason"])
    assert found["spared"]["state"] == "finished"
    assert not look_at(folder)
    assert nnsize("delete", "target", "--yes").exception is None
    assert not folder.exists()


def test_an_attached_or_endless_query_in_a_run_takes_no_longer_than_its_limit(home: Path) -> None:
    folder = made_run(home, "target")
    made_run(home, "spared")
    SCHEMAS["view"](folder)
    begun = time.monotonic()
    runs_of(home)
    assert time.monotonic() - begun < MAX_SECONDS


@pytest.mark.parametrize("kind", MAKERS)
@pytest.mark.parametrize("value", ["x", 1e300, float("inf"), -1.0])
def test_a_time_that_is_none_makes_a_run_unreadable(home: Path, kind: str, value: object) -> None:
    folder = MAKERS[kind](home, "target")
    made_run(home, "spared")
    edit_signed(folder, "UPDATE run SET created = ?", values=(value,))
    found = runs_of(home)
    assert found["target"]["state"] == "unreadable"
    assert "created" in str(found["target"]["reason"])
    assert found["spared"]["state"] == "finished"


@pytest.mark.parametrize("kind", MAKERS)
def test_every_column_of_a_run_may_hold_anything(home: Path, kind: str) -> None:
    folder = MAKERS[kind](home, "target")
    made_run(home, "spared")
    without_constraints(folder)
    assert look_at(folder)
    whole = (folder / FILE_NAME).read_bytes()
    cases = [(place, value) for place in columns_of(folder) for value in HOSTILE_VALUES]
    for (table, column), value in random.Random(kind).sample(cases, 40):
        edit_signed(folder, f"UPDATE {table} SET {column} = ?", values=(value,))
        is_readable = look_at(folder)
        found = runs_of(home)
        assert found["spared"]["state"] == "finished"
        assert (found["target"]["state"] != "unreadable") == is_readable, (table, column, value)
        (folder / FILE_NAME).write_bytes(whole)


@pytest.mark.parametrize("kind", MAKERS)
@pytest.mark.parametrize("column", ["settings", "data", "versions"])
def test_every_field_of_stored_objects_may_hold_anything(home: Path, kind: str, column: str) -> None:
    folder = MAKERS[kind](home, "target")
    made_run(home, "spared")
    with closing(sqlite3.connect(folder / FILE_NAME)) as connection:
        text = connection.execute(f"SELECT {column} FROM run").fetchone()[0]
    cases = list(hostile_jsons(text))
    for case in random.Random(column).sample(cases, min(25, len(cases))):
        edit_signed(folder, f"UPDATE run SET {column} = ?", values=(case,))
        look_at(folder)
        runs_of(home)


@pytest.mark.parametrize("format", ["npz", "skops"])
def test_every_field_of_a_stored_network_may_hold_anything(home: Path, tmp_path: Path, format: str) -> None:
    folder = make_evolution(home, "target")
    with closing(sqlite3.connect(folder / FILE_NAME)) as connection:
        text, weights = connection.execute("SELECT facts, weights FROM network WHERE name = 'evolved'").fetchone()
    to = tmp_path / f"network.{format}"
    assert nnsize("export", str(folder), "--to", str(to)).exception is None
    for case in random.Random(format).sample(list(hostile_jsons(text)), 25):
        edit_signed(folder, "UPDATE network SET facts = ?", values=(case,))
        nnsize("export", str(folder), "--to", str(to), "--force")
        look_at(folder)
    edit_signed(folder, "UPDATE network SET facts = ?, weights = ?", values=(text, weights[:-8]))
    assert "weights" in str(nnsize("export", str(folder), "--to", str(to), "--force").exception)


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_a_run_may_be_called_anything(home: Path, name: str) -> None:
    folder = made_run(home, "target").rename(home / name)
    made_run(home, "spared")
    assert look_at(folder)
    output = nnsize("runs").output
    assert "spared" in output
    assert all(sign.isprintable() for line in output.split("\n") for sign in line)
    assert nnsize("delete", str(folder), "--yes").exception is None
    assert not os.path.lexists(folder)


@pytest.mark.parametrize("way", ["view", "link", "trigger"])
async def test_the_explorer_lists_a_hostile_run_with_its_reason_and_deletes_it(home: Path, way: str) -> None:
    folder = made_run(home, "target")
    made_run(home, "spared", age=1)
    (SCHEMAS | FILES)[way](folder)
    explorer = ExplorerApp(home, unicode=True, config=ExplorerConfig(refresh=0.1))
    async with explorer.run_test(size=(100, 30), notifications=True) as pilot:
        await until_shown(pilot, "unreadable", "finished", "spared")
        await pilot.press("end")
        await until_shown(pilot, "run target cannot be read")
        await pilot.press("d")
        await until_shown(pilot, "Delete")
        await pilot.press("y")
        await until(pilot, lambda: not os.path.lexists(folder))
        await until(pilot, lambda: "unreadable" not in shown(pilot))


async def test_the_explorer_opens_runs_with_numbers_at_the_limits(home: Path) -> None:
    folders = [made_run(home, "search"), make_evolution(home, "evolution")]
    for folder in folders:
        for table, column in columns_of(folder):
            if table in ("fit", "final_test", "generation", "network_scores") and column in EXTREME:
                edit_signed(folder, f"UPDATE {table} SET {column} = rowid % 3 * 8e307", values=())
    for folder in folders:
        look_at(folder)
    explorer = ExplorerApp(home, unicode=True, config=ExplorerConfig(refresh=0.1))
    async with explorer.run_test(size=(120, 40), notifications=True) as pilot:
        await until_shown(pilot, "search", "evolution")
        for keys in (["home", "enter"], ["home", "down", "enter"]):
            await pilot.press(*keys)
            await pilot.pause(0.3)
            await pilot.press("m", "l", "z", "z", "o", "O", "tab", "end", "escape", "escape")
            await until_shown(pilot, "search", "evolution")
    assert explorer.return_code in (None, 0)


@pytest.mark.parametrize("name", HOSTILE_NAMES[6:11])
async def test_the_explorer_draws_hostile_names_and_texts_without_control_characters(home: Path, name: str) -> None:
    folder = made_run(home, "target", state="failed", fits=3).rename(home / name)
    made_run(home, "spared", age=1)
    edit_signed(folder, "UPDATE run SET reason = ?", values=(HOSTILE_TEXT,))
    edit_signed(folder, "UPDATE log SET text = ?", values=(HOSTILE_TEXT,))
    explorer = ExplorerApp(home, unicode=True, config=ExplorerConfig(refresh=0.1))
    drawn = []

    async with explorer.run_test(size=(120, 40), notifications=True) as pilot:
        await until_shown(pilot, "spared")
        for keys in ("home", "enter", "l", "escape", "home", "d"):
            await pilot.press(keys)
            await pilot.pause(0.2)
            drawn.append(shown(pilot))
        await pilot.press("y")
        await until(pilot, lambda: not os.path.lexists(folder))
        await until_shown(pilot, "is deleted")
        drawn.append(shown(pilot))
    assert {sign for picture in drawn for sign in picture if not sign.isprintable()} <= {"\n"}
