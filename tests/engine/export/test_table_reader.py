"""An exported network takes the frame that pandas reads from the user's own file, without nnsize."""

import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pandas as pd
import pytest
import skops.io
from sklearn.base import clone
from sklearn.model_selection import train_test_split

from nnsize_engine.data.encode import all_rows, column_transformer, frame
from nnsize_engine.data.inspect import inspect_table
from nnsize_engine.data.load import load_table
from nnsize_engine.data.split import load_split
from nnsize_engine.errors import ExportError
from nnsize_engine.export.model_file import export_network, helper_note
from nnsize_engine.export.table_reader import HELPER, TRUSTED_HELPER, helper_source, make_reader, needs_reading
from nnsize_engine.network.stored import TRUSTED
from nnsize_engine.results.candidates import list_candidates
from nnsize_engine.runs.database import create, open_for_writing, transaction
from nnsize_engine.runs.writer import add_fits, set_encoder, set_final_network, set_final_test
from nnsize_engine.search.events import FinalNetwork
from nnsize_engine.search.final_test import final_test
from nnsize_engine.search.search import plan
from nnsize_engine.settings.network import NetworkParameters
from nnsize_engine.settings.search import SizeSettings
from nnsize_engine.settings.table import TableSettings
from nnsize_engine.settings.table_choice import TableChoice
from support.made_runs import made_fit
from support.networks import quiet

ROWS = 150

_PROGRAM = """
import sys

class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0].startswith("nnsize") and name != "nnsize_table":
            raise ImportError(name)

sys.meta_path.insert(0, Blocker())
import joblib, pandas as pd, skops.io
model = skops.io.load("best.skops", trusted=["nnsize_table.TableFrame", "numpy.dtype"])
X = pd.read_csv("t.csv")
pd.Series(model.predict(X)).to_csv("predicted.csv", index=False)
assert (joblib.load("best.joblib").predict(X) == model.predict(X)).all()
"""


def texts_of_every_kind(folder: Path) -> pd.DataFrame:
    """Write a table whose columns nnsize reads and pandas does not; return it as pandas reads it."""
    random = np.random.default_rng(3)
    days = pd.Timestamp("1999-11-20") + pd.to_timedelta(random.integers(0, 900, ROWS), "D")
    price = random.integers(100, 90_000, ROWS)
    table = pd.DataFrame(
        {
            "signed up": days.strftime("%d/%m/%Y"),
            "born": days.strftime("%b %d, %y"),
            "month": days.strftime("%Y-%m"),
            "price": [f"(${value:,})" if value % 5 == 0 else f"${value:,}" for value in price],
            "share": [f"{value / 1000:.1f} %".replace(".", ",") for value in price],
            "change": [f"{value % 9 - 4.5}".replace("-", "\u2212") for value in price],
            "balance": [f"({value % 100})" if value % 3 == 0 else f"{value % 100}" for value in price],
            "weight": [f"{value % 7 + 1} pound{'s' * int(value % 7 > 0)}" for value in price],
            "at": [f"{value % 12 + 1}:{value % 60:02} {'ap'[value % 2]}m" for value in price],
            "code": random.choice(["007", "012", "1.50"], ROWS),
            "flag": random.choice(["True", "False", ""], ROWS),
            "city": random.choice(["Rome", "Oslo", "?"], ROWS),
            "x\x1b[1m": random.normal(size=ROWS).round(3),
            "y": (price / 1000 + random.normal(size=ROWS)).round(2),
        }
    )
    for name in ("signed up", "price", "at", "share", "weight"):
        table.loc[random.random(ROWS) < 0.1, name] = None
    table.to_csv(folder / "t.csv", index=False)
    return pd.read_csv(folder / "t.csv")


def settings_for(folder: Path) -> TableSettings:
    choice = TableChoice(source=str(folder / "t.csv"), target=("y",), categorical=("code",), missing=("?",))
    return inspect_table(choice).table


def finished_run(folder: Path, settings: SizeSettings) -> float:
    """Make a run with its final test; return the test score."""
    heard: list[Any] = []
    search = plan(settings, load_split(settings))
    with quiet():
        final: Any = final_test(search, search.candidates[0], None, threading.Event(), heard.append)
    create(folder, folder.name, settings)
    connection = open_for_writing(folder)
    with transaction(connection, folder):
        for event in heard:
            if isinstance(event, FinalNetwork):
                set_final_network(connection, 0, event.network)
                set_encoder(connection, event.encoder)
        set_final_test(connection, final)
        scores = {0: 0.9}
        add_fits(
            connection,
            [
                made_fit(one.number, fold, score=scores.get(one.number, 0.5) + 0.02 * (fold % 2))
                for one in list_candidates(settings)
                for fold in range(settings.splits)
            ],
        )
    connection.close()
    return float(final.test_score)


def test_a_fresh_process_without_nnsize_predicts_on_the_users_frame(tmp_path: Path) -> None:
    whole = texts_of_every_kind(tmp_path)
    table = settings_for(tmp_path)
    kinds = dict(table.columns)
    assert {kinds[name] for name in ("signed up", "born", "month")} == {"date"}
    assert {kinds[name] for name in ("price", "share", "weight", "at")} == {"number"}
    network = NetworkParameters(max_iter=30)
    test_score = finished_run(
        tmp_path / "zibiro", SizeSettings(data="t.csv", table=table, neurons="3,5", scoring="r2", network=network)
    )
    for ending in ("skops", "joblib"):
        export_network(tmp_path / "zibiro", tmp_path / f"best.{ending}", force=True)
    words = helper_note(tmp_path / "zibiro", "skops")
    assert f"{HELPER}.py" in words
    assert TRUSTED_HELPER in words
    assert "trusted" not in helper_note(tmp_path / "zibiro", "joblib")
    assert helper_note(tmp_path / "zibiro", "npz") == ""
    (tmp_path / "use.py").write_text(_PROGRAM)
    subprocess.run([sys.executable, "use.py"], cwd=tmp_path, check=True, env={"PATH": "/usr/bin:/bin"})
    predicted = pd.read_csv(tmp_path / "predicted.csv").iloc[:, 0]
    _, test, _, y = train_test_split(np.arange(ROWS), whole["y"], test_size=0.33, random_state=42)
    residual = ((y - predicted[test]) ** 2).sum()
    assert 1 - residual / ((y - y.mean()) ** 2).sum() == pytest.approx(test_score, abs=1e-9, rel=0)


def test_its_first_step_makes_the_columns_that_nnsize_reads(tmp_path: Path) -> None:
    whole = texts_of_every_kind(tmp_path)
    table = settings_for(tmp_path)
    expected = frame(all_rows(load_table(table).columns))
    encoder = column_transformer(all_rows(load_table(table).columns)).fit(expected)
    reader = clone(make_reader(table, encoder))
    pd.testing.assert_frame_equal(reader.fit_transform(whole).astype(expected.dtypes), expected)
    few = whole.iloc[[3]].drop(columns="y")
    pd.testing.assert_frame_equal(
        reader.transform(few).astype(expected.dtypes).reset_index(drop=True), expected.iloc[[3]].reset_index(drop=True)
    )
    moments = whole.assign(**{"signed up": pd.to_datetime(whole["signed up"], format="%d/%m/%Y")})
    np.testing.assert_array_equal(reader.transform(moments)["signed up"], expected["signed up"])
    with pytest.raises(ValueError, match="the frame has no column 'price'"):
        reader.transform(whole.drop(columns="price"))
    with pytest.raises(ValueError, match="column 'price' holds 'dear', which is not written as the table's were"):
        reader.transform(whole.assign(price="dear"))
    with pytest.raises(ValueError, match="a pandas frame with the table's columns is needed, not ndarray"):
        reader.transform(whole.to_numpy())


def test_a_table_that_pandas_reads_alike_needs_no_helper(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    rows = pd.DataFrame({"a": random.normal(size=60), "kind": random.choice(["u", "v"], 60)})
    rows.assign(y=rows["a"] * 2).to_csv(tmp_path / "t.csv", index=False)
    table = inspect_table(TableChoice(source=str(tmp_path / "t.csv"))).table
    assert not needs_reading(table)
    settings = SizeSettings(data="t.csv", table=table, neurons="3", scoring="r2", network=NetworkParameters(max_iter=9))
    finished_run(tmp_path / "zibiro", settings)
    export_network(tmp_path / "zibiro", tmp_path / "best.skops")
    assert helper_note(tmp_path / "zibiro", "skops") == ""
    assert not (tmp_path / f"{HELPER}.py").exists()
    pipeline = skops.io.load(tmp_path / "best.skops", trusted=list(TRUSTED))
    assert [name for name, _ in pipeline.steps] == ["encode", "network"]
    pipeline.predict(pd.read_csv(tmp_path / "t.csv"))


def test_a_file_of_that_name_which_nnsize_did_not_write_is_left_alone(tmp_path: Path) -> None:
    texts_of_every_kind(tmp_path)
    settings = SizeSettings(
        data="t.csv", table=settings_for(tmp_path), neurons="3", scoring="r2", network=NetworkParameters(max_iter=9)
    )
    finished_run(tmp_path / "zibiro", settings)
    (tmp_path / f"{HELPER}.py").write_text("mine = 1\n")
    with pytest.raises(ExportError, match="is another file; export to another folder"):
        export_network(tmp_path / "zibiro", tmp_path / "best.joblib")
    assert not (tmp_path / "best.joblib").exists()
    (tmp_path / f"{HELPER}.py").write_text(helper_source().replace("numbers", "figures"))  # of another version
    export_network(tmp_path / "zibiro", tmp_path / "best.joblib")
    assert (tmp_path / f"{HELPER}.py").read_text() == helper_source()
    assert joblib.load(tmp_path / "best.joblib").steps[0][0] == "read"
