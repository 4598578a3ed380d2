"""Cost matrices: typed, in files with or without labels, and refused in one sentence."""

from dataclasses import replace
from pathlib import Path

import pytest

from nnsize_engine.errors import SettingsError
from nnsize_engine.settings.cost_matrix import is_inline, parse_costs, read_costs
from nnsize_engine.settings.datasets import BUILTIN, DatasetFacts
from nnsize_engine.settings.evolution import EvolutionSettings

IRIS = BUILTIN["iris"]
PETS = DatasetFacts(name="pets.csv", task="multiclass", rows=90, inputs=2, classes=3, labels=("bird", "cat", "dog"))

WANTED = "0,1,2;3,0,4.5;6,7,0"
"""Rows: true bird, cat, dog."""

FILES = {
    "no labels": "0,1,2\n3,0,4.5\n6,7,0\n",
    "both, in order": ",bird,cat,dog\nbird,0,1,2\ncat,3,0,4.5\ndog,6,7,0\n",
    "both, in any order": "true\\predicted;dog;bird;cat\ncat;4.5;3;0\nbird;2;0;1\ndog;0;6;7\n",
    "columns alone": "dog,bird,cat\n0,6,7\n2,0,1\n4.5,3,0\n",
    "rows alone": "dog,0,6,7\nbird,2,0,1\ncat,4.5,3,0\n",
    "R leaves the corner out": '"dog" "bird" "cat"\n"dog" 0 6 7\n"bird" 2 0 1\n"cat" 4.5 3 0\n'.replace('"', ""),
    "quotes, blanks, a byte order mark": '\ufeff"", "bird" ,cat,dog\n\nbird, 0,1 ,2\n"cat",3,0,4.5\ndog,6,7,0\n\n',
    "tabs": "\tbird\tcat\tdog\nbird\t0\t1\t2\ncat\t3\t0\t4.5\ndog\t6\t7\t0",
}


@pytest.mark.parametrize("name", FILES)
def test_labels_may_stand_anywhere_and_in_any_order(tmp_path: Path, name: str) -> None:
    path = tmp_path / "cost.csv"
    path.write_text(FILES[name], encoding="utf-8")
    assert read_costs(str(path), PETS) == WANTED
    assert read_costs("cost.csv", PETS, tmp_path) == WANTED


def test_labels_that_are_numbers_are_labels_by_the_shape_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "cost.csv"
    path.write_text(",2,0,1\n1,5,6,0\n0.0,2,0,1\n2,0,3,4\n")
    assert read_costs(str(path), IRIS) == "0,1,2;6,0,5;3,4,0"
    assert parse_costs("0,1,2;6,0,5;3,4,0", IRIS) == ((0, 1, 2), (6, 0, 5), (3, 4, 0))


def test_a_matrix_can_be_typed() -> None:
    assert is_inline("0,1;5,0")
    assert not is_inline("costs;old.csv")
    assert read_costs(" 0, 1 ; 5.50 ,0", replace(IRIS, classes=2)) == "0,1;5.5,0"
    assert read_costs("0,-1e-3,1;1,0,1;1,1,0", IRIS) == "0,-0.001,1;1,0,1;1,1,0"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (
            "0,1\n1,0\n",
            r"has 2 rows of 2 numbers, and 3 rows of 3 are needed: the classes of pets.csv are bird, cat, dog",
        ),
        ("0,1,2\n1,0\n2,2,2\n", r"has 3 rows of 2 or 3 numbers, and 3 rows of 3"),
        ("", r"has 0 rows of no numbers"),
        ("0,1,2,3\n" * 4, r"has a label '1'; the classes of pets.csv are bird, cat, dog"),
        (
            ",bird,cat,fish\nbird,0,1,2\ncat,3,0,4\nfish,5,6,0\n",
            r"has a label 'fish'; the classes of pets.csv are bird",
        ),
        (",bird,cat,cat\nbird,0,1,2\ncat,3,0,4\ndog,5,6,0\n", r"has the labels bird, cat, cat; the classes"),
        ("0,1,x\n1,0,1\n1,1,0\n", r"'x' is no cost; every cost must be a finite number"),
        ("0,1,nan\n1,0,1\n1,1,0\n", r"'nan' is no cost"),
        ("0,1,\n1,0,1\n1,1,0\n", r"'' is no cost"),
    ],
)
def test_a_matrix_of_other_classes_is_refused_in_one_sentence(tmp_path: Path, content: str, reason: str) -> None:
    path = tmp_path / "cost.csv"
    path.write_text(content)
    with pytest.raises(SettingsError, match=f"^cost cost.csv:? {reason}") as caught:
        read_costs(str(path), PETS)
    assert caught.value.field == "cost"
    assert "\n" not in str(caught.value)


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read: No such file or directory; name a CSV file, or write the"):
        read_costs(str(tmp_path / "none.csv"), PETS)
    (tmp_path / "image.png").write_bytes(b"\x89PNG\xff\xfe")
    with pytest.raises(SettingsError, match="cannot be read: it is no text in UTF-8"):
        read_costs(str(tmp_path / "image.png"), PETS)
    with pytest.raises(SettingsError, match="cost is about classes, and diabetes has numbers to predict"):
        read_costs("0,1;1,0", BUILTIN["diabetes"])


def test_a_fitness_and_its_matrix_belong_together() -> None:
    assert EvolutionSettings(fitness="cost", cost="0,1;5,0").cost == "0,1;5,0"
    with pytest.raises(SettingsError, match="fitness cost needs a cost matrix: name its CSV file with --cost"):
        EvolutionSettings(fitness="cost")
    with pytest.raises(
        SettingsError, match="cost is the matrix of fitness cost, and fitness is accuracy; leave one out"
    ):
        EvolutionSettings(cost="0,1;5,0")
    with pytest.raises(SettingsError, match="cost has 1 rows of 3 numbers, and 2 rows of 2 are needed"):
        EvolutionSettings(fitness="cost", cost="0,1,2")
    with pytest.raises(SettingsError, match="fitness 'cost' does not fit regression"):
        EvolutionSettings(data="diabetes", fitness="cost", cost="0,1;5,0")
