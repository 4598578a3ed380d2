import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from nnsize_engine.errors import NnsizeError
from nnsize_engine.runs.label import RunLabel, write_label
from nnsize_tui.commands import cli
from support.commands import nnsize
from support.made_runs import EVOLUTION, SMALL, made_run, make_evolution


def test_two_searches_are_printed_beside_each_other_and_written_to_a_file(run_home: Path, tmp_path: Path) -> None:
    made_run(run_home, "zibiro", SMALL)
    made_run(run_home, "fomule", replace(SMALL, seed=42))
    done = nnsize("compare", "zib", "fom", "--to", "both.tsv", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "wrote both.tsv\n")
    assert (tmp_path / "both.tsv").read_text().startswith("what\tname\tzibiro\tfomule\n")
    done = nnsize("compare", "zib", "fom", "--to", "all.csv", "--table", "fits", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "wrote all.csv\n")
    assert len((tmp_path / "all.csv").read_text().splitlines()) == 25
    done = nnsize("compare", "zib", "fom")
    lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert {"result zibiro fomule", "seed 0 42", "final test score 0.953000 0.953000"} <= set(lines)
    assert "settings are the same" in done.stdout
    assert "On the same held-out rows, accuracy: zibiro (8 neurons) 0.9530; fomule (8 neurons) 0.9530." in done.stdout


def test_a_search_and_an_evolution_are_compared_as_an_object(run_home: Path) -> None:
    made_run(run_home, "zibiro", SMALL)
    make_evolution(run_home, "zelodo", replace(EVOLUTION, split_seed=1))
    found = json.loads(nnsize("compare", "zibiro", "zelodo", "--json").stdout)
    assert found["different_settings"]["split-seed"] == {"zibiro": 42, "zelodo": 1}
    assert found["results"]["final test score"] == {"zibiro": 0.953, "zelodo": 0.951}
    assert "the test rows differ" in found["test_scores_not_comparable"]
    assert [one["trained_by"] for one in found["test_scores"]] == ["gradient", "evolution", "gradient"]


def test_the_keys_of_an_object_are_ids_although_names_head_the_columns(run_home: Path) -> None:
    write_label(made_run(run_home, "zibiro", SMALL), RunLabel(name="narrow"))
    made_run(run_home, "fomule", replace(SMALL, seed=42))
    done = CliRunner().invoke(cli, ["compare", "zibiro", "fomule", "--json", "--all"])
    found = json.loads(done.stdout)
    assert list(found["rows"]) == list(found["different_settings"]["seed"]) == found["runs"] == ["zibiro", "fomule"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("zibiro",), "1 run to compare; name at least 2"),
        (("zibiro", "zib"), "run zibiro is named twice"),
        (("zibiro", "nix"), "there is no run 'nix'"),
        (("zibiro", "fomule", "--format", "csv"), "--format is the format of a file"),
        (("zibiro", "fomule", "--table", "fits"), "--table is the table in a file; add --to"),
        (("zibiro", "fomule", "--to", "both.csv", "--table", "generations"), "none of these runs has a table"),
        (("zibiro", "fomule", "--to", "both.png", "--table", "fits"), "a .png file holds the chart, no table"),
        (("zibiro", "fomule", "--to", "both.xls"), "the ending of 'both.xls' names no format"),
    ],
)
def test_what_cannot_be_compared_is_one_sentence(run_home: Path, arguments: tuple[str, ...], sentence: str) -> None:
    made_run(run_home, "zibiro", SMALL)
    made_run(run_home, "fomule", SMALL)
    done = CliRunner().invoke(cli, ["compare", *arguments])
    assert done.output == ""
    assert isinstance(done.exception, NnsizeError)
    assert str(done.exception).startswith(sentence)
