"""Files as real ones are written go from the file to an answer, and what is read or left out is said."""

import json
from pathlib import Path

import pandas as pd
import pytest
from sklearn.compose import TransformedTargetRegressor
from sklearn.model_selection import GridSearchCV, train_test_split
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from nnsize_engine.runs.database import reading
from nnsize_engine.runs.folders import list_runs
from nnsize_engine.runs.reader import read_log
from support.commands import nnsize, nnsize_here

pytestmark = pytest.mark.usefixtures("forked_processes")

TABLES = Path(__file__).parents[1] / "own_tables"

FILES: dict[str, tuple[list[str], str, str]] = {
    "no-header-numbers.csv": ([], "60 rows, 5 columns", "header: none, because 5 of 5 fields"),
    "no-header-labels.csv": ([], "60 rows, 5 columns", "header: none, because 5 of 5 fields"),
    "duplicate-names.csv": ([], "40 rows, 5 columns", "column 3 'year.1', column 4 'Score.1' got a suffix, as in"),
    "comment-lines.csv": ([], "40 rows, 3 columns (left out of the file: 4 comment lines", "comment: what follows '#'"),
    "excel-sep-line.csv": ([], "left out of the file: 1 line that names the separator", "separator: semicolon"),
    "aligned-with-blanks.data": ([], "40 rows, 5 columns", "separator: whitespace"),
    "trailing-separators.csv": (
        ["--decimal", ","],
        "left out of the file: 2 columns without a name and a value",
        "target: 'RH', the last column",
    ),
    "repeated-header.csv": (
        [],
        "left out of the file: 2 lines that repeat the header",
        "target: 'Price', the last column",
    ),
    "blank-after-comma.csv": (["--missing", "?", "--positive", ">50K"], "rows, 4 columns", "target: 'income'"),
    "latin1-byte-after-64k.csv.gz": ([], "rows, 3 columns", "encoding: latin-1, because of bytes after the beginning"),
    "thousands-comma.csv": ([], "60 rows, 3 columns", "'1,091' read as 1091 in 'price'"),
    "thousands-comma-semicolons.csv": ([], "60 rows, 3 columns", "number 59 target 472 .. 2760"),
    "percent-and-currency.csv": ([], "80 rows, 4 columns", "'$20,150' read as 20150 in 'spend'"),
    "time-of-day.csv": ([], "200 rows, 2 columns", "'00:03' read as 0.05 hours in 'at'"),
    "class-called-None.csv": ([], "90 rows, 3 columns (label kept: 'None')", "target disorder: 3 classes"),
    "classes-of-two-rows.csv": ([], "336 rows, 4 columns", "class imL of 'site' has 1 training row"),
    "empty-column.csv": ([], "(1 column left out: fee (empty))", "column 'fee' has no value in any row"),
    "every-target-differs.csv": ([], "10 rows, 3 columns", "task: regression, because the target has 10 different"),
    "sentinel-minus-200.csv": ([], "80 rows, 3 columns", "'y' is -200 in 8 rows, far outside the rest"),
    "target-in-large-units.csv": ([], "150 rows, 4 columns", "number 150 target 166700 .. 520613"),
    "two-label-targets.csv": (
        ["--target", "red", "--target", "round", "--task", "classification"],
        "60 rows, 4 columns",
        "target red, round: 2 labels",
    ),
}
"""The options that each file needs, and words of the first line and of the other lines of ``nnsize data``."""


@pytest.mark.parametrize("name", FILES)
def test_a_file_goes_to_an_answer_and_what_is_left_out_is_said(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NNSIZE_HOME", str(tmp_path))
    options, first, words = FILES[name]
    path = str(TABLES / name)
    looked = nnsize_here("data", path, *options)
    assert looked.returncode == 0, looked.stderr
    lines = looked.stdout.splitlines()
    assert first in " ".join(lines[: lines.index("")])
    assert words in " ".join(looked.stdout.split())
    done = nnsize(
        "size", path, "--neurons", "4,8", "--cv", "3", "--max-iter", "5", "--no-references", "--json", *options
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["recommended"]
    if "left out of the file: " in first:
        left_out = first.partition("(")[2] or first
        with reading(list_runs(tmp_path)[0]) as connection:
            log = [line.text for line in read_log(connection)]
        assert any(line.startswith(f"of {name}: {left_out}") for line in log)
        assert f"# {left_out}" in nnsize_here("show", "last", "--config").stdout
        assert left_out in nnsize_here("show", "last", "--python").stdout


def test_dates_that_can_be_read_in_two_ways_are_asked_about_and_both_answers_work() -> None:
    path = str(TABLES / "ambiguous-dates.csv")
    refused = nnsize_here("size", path)
    assert refused.returncode == 2
    assert "may be 1980-02-01 or 1980-01-02; say --day-first for 1980-02-01 or --month-first for" in refused.stderr
    for option, read in [
        (["--day-first"], "1980-02-01"),
        (["--month-first"], "1980-01-02"),
        (["--labels", "DATE"], "01/02/1980"),
    ]:
        looked = nnsize_here("data", path, *option)
        assert looked.returncode == 0, looked.stderr
        assert read in looked.stdout


@pytest.mark.parametrize(
    ("name", "sizes", "folds"),
    [("target-in-large-units.csv", (4, 8, 16, 32), 3), ("classes-of-two-rows.csv", (4, 8), 5)],
)
@pytest.mark.filterwarnings("ignore:The least populated class", "ignore:Stochastic Optimizer")
def test_the_scores_are_those_of_a_grid_search_that_a_user_writes(
    name: str, sizes: tuple[int, ...], folds: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NNSIZE_HOME", str(tmp_path))
    table = pd.read_csv(TABLES / name)
    X, y = table.iloc[:, :-1], table.iloc[:, -1]
    is_regression = pd.api.types.is_numeric_dtype(y)
    X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.33, random_state=42)
    network = (MLPRegressor if is_regression else MLPClassifier)(random_state=0)
    model = make_pipeline(StandardScaler(), network)
    prefix = network.__class__.__name__.lower()
    if is_regression:
        model = TransformedTargetRegressor(model, transformer=StandardScaler())
        prefix = f"regressor__{prefix}"
    search = GridSearchCV(model, {f"{prefix}__hidden_layer_sizes": [(size,) for size in sizes]}, cv=folds)
    search.fit(X_train, y_train)
    done = nnsize(
        "size",
        str(TABLES / name),
        "--neurons",
        ",".join(map(str, sizes)),
        "--cv",
        str(folds),
        "--no-references",
        "--json",
    )
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    exported = nnsize_here("export", "last", "--to", str(tmp_path / "sizes.csv"))
    assert exported.returncode == 0, exported.stderr
    means = pd.read_csv(tmp_path / "sizes.csv")["mean_test_score"].tolist()
    assert means == pytest.approx(search.cv_results_["mean_test_score"].tolist(), abs=1e-9)
    assert result["test_score"] == pytest.approx(search.score(X_test, y_test), abs=1e-9)
