"""Tables of openml.org come through scikit-learn's loader; without a network one sentence says so."""

import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.error import HTTPError, URLError

import numpy as np
import pandas as pd
import pytest
import sklearn.datasets

from nnsize_engine.data.inspect import inspect_table
from nnsize_engine.data.load import load_table
from nnsize_engine.errors import DataError
from nnsize_engine.settings.table_choice import TableChoice


def frame() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "class": pd.Categorical(["good", "bad"] * 10),
            "size": np.arange(20) / 3,
            "job": pd.Categorical(["1", "2", None, "4"] * 5),
            "\x1bodd": np.arange(20) % 7,
        }
    )


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Return the arguments of the loader's calls; the loader returns a table whose target is not its last column."""
    questions: list[dict[str, Any]] = []

    def fetch(**question: Any) -> SimpleNamespace:
        questions.append(question)
        return SimpleNamespace(frame=frame(), target_names=["class"])

    monkeypatch.setattr(sklearn.datasets, "fetch_openml", fetch)
    return questions


@pytest.mark.parametrize(
    ("source", "question"), [("openml:credit-g", {"name": "credit-g"}), ("openml:31", {"data_id": 31})]
)
def test_a_table_is_fetched_by_name_or_number(
    source: str, question: dict[str, Any], asked: list[dict[str, Any]]
) -> None:
    summary = inspect_table(TableChoice(source=source))
    assert question.items() <= asked[0].items()
    assert [(column.name, column.kind, column.role) for column in summary.columns] == [
        ("class", "category", "target"), ("size", "number", "input"), ("job", "category", "input"),
        ("\\x1bodd", "number", "input"),
    ]  # fmt: skip
    assert "target: 'class', what the source names; --target names another" in summary.notes
    table = load_table(summary.table)
    assert table.settings == summary.table
    assert table.columns[1].levels == ("1", "2", "4")
    assert summary.table.choice.name == source


def test_other_values_have_another_checksum(asked: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch) -> None:
    before = inspect_table(TableChoice(source="openml:x")).table.sha256
    changed = frame()
    changed.loc[3, "size"] = 9.0
    monkeypatch.setattr(
        sklearn.datasets, "fetch_openml", lambda **_: SimpleNamespace(frame=changed, target_names=["class"])
    )
    assert inspect_table(TableChoice(source="openml:x")).table.sha256 != before
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (URLError("Name or service not known"), "openml.org cannot be reached .Name or service not known.; try again"),
        (TimeoutError("timed out"), "is not in scikit-learn's cache, and openml.org cannot be reached"),
        (HTTPError("u", 412, "Precondition Failed", None, None), "openml.org has no active table 'x'"),  # type: ignore[arg-type]
        (ValueError("Dataset x with version active not found."), "openml.org has no active table 'x'"),
        (ValueError("Sparse ARFF\ncannot be loaded"), "openml:x cannot be read: Sparse ARFF"),
    ],
)
def test_a_table_that_cannot_be_fetched_is_refused(
    error: Exception, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_: Any) -> None:
        raise error

    monkeypatch.setattr(sklearn.datasets, "fetch_openml", fail)
    with pytest.raises(DataError, match=words):
        inspect_table(TableChoice(source="openml:x"))


def test_a_source_without_a_name_is_refused() -> None:
    with pytest.raises(DataError, match="after openml: comes the name or the number"):
        inspect_table(TableChoice(source="openml:"))


def test_a_table_in_scikit_learns_cache_needs_no_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """scikit-learn brings answers of openml.org for tests of its own; here they lie where its cache has them."""
    answers = Path(sklearn.datasets.__file__).parent / "tests" / "data" / "openml" / "id_61"
    cached = {
        "api-v1-jdl-dn-iris-l-2-s-act-.json.gz": "api/v1/json/data/list/data_name/iris/limit/2/status/active/.gz",
        "api-v1-jd-61.json.gz": "api/v1/json/data/61.gz",
        "api-v1-jdf-61.json.gz": "api/v1/json/data/features/61.gz",
        "api-v1-jdq-61.json.gz": "api/v1/json/data/qualities/61.gz",
        "data-v1-dl-61.arff.gz": "data/v1/download/61/iris.arff.gz",
    }
    for name, place in cached.items():
        path = tmp_path / "openml" / "openml.org" / place
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(answers / name, path)
    monkeypatch.setenv("SCIKIT_LEARN_DATA", str(tmp_path))
    for source in ("openml:iris", "openml:61"):
        summary = inspect_table(TableChoice(source=source))
        assert (summary.table.rows, summary.table.inputs) == (150, 4)
        assert summary.table.labels == ("Iris-setosa", "Iris-versicolor", "Iris-virginica")
