"""Tables that leave the program."""

import contextlib
import io
import json
import math
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from nnsize_engine.errors import ExportError
from nnsize_engine.export.atomic_file import TargetExistsError
from nnsize_engine.export.table_file import FORMATS, export_run, export_text
from nnsize_engine.runs.database import create, open_for_writing, transaction
from nnsize_engine.runs.writer import add_fits
from nnsize_engine.settings.search import SizeSettings
from support.grid_search import grid_search
from support.made_references import add_made_references, made_reference, made_references
from support.made_runs import add_made_generations, made_fit, made_generation, make_evolution

SETTINGS = SizeSettings(data="iris", neurons="2,3,4x2", cv=3, scoring="accuracy")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A run under way: candidate 0 is done, 1 has one fold left, 2 has failed once."""
    path = tmp_path / "bagote"
    create(path, path.name, SETTINGS)
    fits = [made_fit(0, fold) for fold in range(3)] + [made_fit(1, 0), made_fit(1, 2)]
    fits += [made_fit(2, 0), made_fit(2, 1, error="overflow,\n|bad|")]
    with contextlib.closing(open_for_writing(path)) as connection, transaction(connection, path):
        add_fits(connection, fits)
    return path


def test_the_columns_are_those_of_cv_results_in_its_order_and_the_smoothed_score(folder: Path) -> None:
    expected = [
        name.replace("mlp__", "")
        for name in grid_search(SizeSettings(data="iris", neurons="2", cv=3, scoring="accuracy")).cv_results_
    ]
    table = pd.read_csv(io.StringIO(export_text(folder, "candidates", "csv")))
    assert list(table.columns) == [*expected, "smoothed_score"]


def test_every_number_is_there_with_all_its_digits(folder: Path) -> None:
    table = pd.read_csv(io.StringIO(export_text(folder, "candidates", "csv")))
    row = [made_fit(0, fold).test_score for fold in range(3)]
    assert table.loc[0, [f"split{fold}_test_score" for fold in range(3)]].tolist() == row
    assert table["param_hidden_layer_sizes"].tolist() == ["2", "3", "(4, 2)"]
    assert table.loc[2, "params"] == "{'hidden_layer_sizes': (4, 2)}"


def test_a_running_search_is_exported_with_gaps(folder: Path) -> None:
    table = pd.read_csv(io.StringIO(export_text(folder, "candidates", "csv")))
    assert math.isnan(table.loc[1, "split1_test_score"])
    # over the one fold that all three have finished, as the ranks are
    assert table["mean_test_score"].tolist()[:2] == [made_fit(0, 0).test_score, made_fit(1, 0).test_score]
    assert math.isnan(table.loc[2, "mean_test_score"])  # as scikit-learn, when a fold failed
    # two sizes are too few to smooth, and a candidate that failed has no place on the curve
    assert table["smoothed_score"].tolist()[:2] == table["mean_test_score"].tolist()[:2]
    assert math.isnan(table.loc[2, "smoothed_score"])
    assert table["rank_test_score"].tolist() == [2, 1, 3]


def test_json_holds_the_columns(folder: Path) -> None:
    columns = json.loads(export_text(folder, "candidates", "json"))
    assert columns["param_hidden_layer_sizes"] == [2, 3, [4, 2]]
    assert columns["params"][0] == {"hidden_layer_sizes": 2}
    assert columns["split1_test_score"][1] is None


def test_tsv_and_markdown_hold_the_same_cells(folder: Path) -> None:
    csv = pd.read_csv(io.StringIO(export_text(folder, "candidates", "csv")))
    tsv = pd.read_csv(io.StringIO(export_text(folder, "candidates", "tsv")), sep="\t")
    pd.testing.assert_frame_equal(csv, tsv)
    lines = export_text(folder, "candidates", "md").splitlines()
    assert len(lines) == 2 + 3
    assert len({line.count(" | ") for line in (lines[0], *lines[2:])}) == 1
    assert repr(float(csv.loc[0, "mean_test_score"])) in lines[2]


def test_the_long_table_has_a_row_for_every_fit_also_failed_ones(folder: Path) -> None:
    table = pd.read_csv(io.StringIO(export_text(folder, "fits", "csv")))
    assert table[["candidate", "fold"]].to_numpy().tolist() == [[0, 0], [0, 1], [0, 2], [1, 0], [1, 2], [2, 0], [2, 1]]
    assert table.loc[6, "error"] == "overflow,\n|bad|"
    assert table.loc[0, "n_iter"] == made_fit(0, 0).iterations
    assert "\\|bad\\|" in export_text(folder, "fits", "md")


@pytest.mark.parametrize("name", FORMATS)
def test_the_ending_of_the_file_says_the_format(folder: Path, tmp_path: Path, name: str) -> None:
    to = tmp_path / f"sizes.{name.upper()}"
    export_run(folder, to)
    assert to.read_text() == export_text(folder, "candidates", name)  # type: ignore[arg-type]


def test_a_file_that_exists_is_kept_unless_forced(folder: Path, tmp_path: Path) -> None:
    to = tmp_path / "sizes.csv"
    to.write_text("mine")
    with pytest.raises(TargetExistsError, match=r"sizes\.csv exists already; choose another name"):
        export_run(folder, to)
    assert to.read_text() == "mine"
    export_run(folder, to, force=True)
    assert to.read_text().startswith("mean_fit_time,")


def test_a_write_that_fails_leaves_nothing_and_keeps_what_was_there(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    to = tmp_path / "sizes.csv"
    to.write_text("mine")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(ExportError, match=r"sizes\.csv cannot be written: No space left on device"):
        export_run(folder, to, force=True)
    assert to.read_text() == "mine"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bagote", "sizes.csv"]


@pytest.mark.parametrize(
    ("to", "format_name", "reason"),
    [
        ("sizes.xls", None, r"the ending of 'sizes.xls' names no format; choose one of csv, tsv, json, md"),
        ("sizes", None, "names no format"),
        ("sizes.csv", "xml", "format 'xml' is unknown; choose one of csv, tsv, json, md"),
        ("none/sizes.csv", None, "the folder .*none does not exist"),
        ("bagote", "csv", "bagote is a folder; name a file in it"),
    ],
)
def test_a_place_that_cannot_be_written_is_refused(
    folder: Path, tmp_path: Path, to: str, format_name: str | None, reason: str
) -> None:
    with pytest.raises(ExportError, match=reason):
        export_run(folder, tmp_path / to, format=format_name)


def test_the_generations_of_an_evolution_have_all_their_numbers(tmp_path: Path) -> None:
    folder = make_evolution(tmp_path, "zibiro", state="running", generations=2)
    add_made_generations(folder, [replace(made_generation(3), evaluations=200, seconds=0.25, held_out=None)])
    add_made_generations(folder, [replace(made_generation(4), evaluations=200, seconds=0.0)])
    table = pd.read_csv(io.StringIO(export_text(folder, None, "csv")))
    assert list(table.columns) == [
        "number", "best", "mean", "std", "train", "held_out", "diversity", "accepted", "mutation", "recombination",
        "members", "evaluations", "evaluations_per_second", "seconds", "elapsed", "restarts",
    ]  # fmt: skip
    for name in table.columns.drop("evaluations_per_second"):
        assert table.loc[2, name] == getattr(made_generation(2), name)
    # 30 more a generation, in half a second; then 110 in a quarter; then a clock that did not move
    assert table["evaluations_per_second"].tolist()[:4] == [60, 60, 60, 440]
    assert table.loc[[0, 3, 4], ["mutation", "held_out", "evaluations_per_second"]].isna().to_numpy().tolist() == [
        [True, False, False],
        [False, True, False],
        [False, False, True],
    ]
    columns = json.loads(export_text(folder, "generations", "json"))
    assert columns["number"] == [0, 1, 2, 3, 4]
    assert columns["held_out"][3] is None


def test_an_evolution_without_generations_has_an_empty_table(tmp_path: Path) -> None:
    text = export_text(make_evolution(tmp_path, "zibiro", state="running", generations=-1), None, "csv")
    assert text.startswith("number,best,")
    assert text.count("\n") == 1


def test_a_table_of_the_other_kind_is_refused_by_what_there_is(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(
        ExportError,
        match=r"run bagote is a size search, which has no table 'generations', but candidates, fits and references$",
    ):
        export_run(folder, tmp_path / "generations.csv", table="generations")
    evolution = make_evolution(tmp_path, "zibiro")
    with pytest.raises(ExportError, match=r"run zibiro is an evolution, which has no table 'fits', but generations$"):
        export_run(evolution, tmp_path / "fits.csv", table="fits")
    assert not list(tmp_path.glob("*.csv"))


def test_references_are_a_table_of_their_own_with_the_columns_of_candidates(folder: Path) -> None:
    add_made_references(
        folder, [*made_references({"dummy": 0.5}, 3), made_reference("linear", 0, 0.9, error="refused")]
    )
    table = pd.read_csv(io.StringIO(export_text(folder, "references", "csv")))
    candidates = pd.read_csv(io.StringIO(export_text(folder, "candidates", "csv")))
    assert table["name"].tolist() == ["dummy", "linear"]
    assert table.loc[0, [f"split{fold}_test_score" for fold in range(3)]].tolist() == [0.498, 0.5, 0.502]
    assert table["error"].tolist()[1] == "refused"
    assert set(table.columns) - set(candidates.columns) == {"name", "error"}
    for one in FORMATS:
        assert "refused" in export_text(folder, "references", one)
