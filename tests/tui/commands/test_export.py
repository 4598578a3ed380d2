"""``nnsize export`` of an evolution: its generations, its networks, and what does not go together."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import skops.io
from click.testing import CliRunner, Result

from nnsize_engine.errors import ExportError
from nnsize_engine.runs.database import open_for_writing, transaction
from nnsize_engine.runs.writer import set_final_network
from nnsize_tui.commands.export import export
from support.commands import nnsize
from support.made_runs import EVOLUTION, SMALL, made_network, made_run, make_evolution
from support.views import size_view


@pytest.fixture(autouse=True)
def runs(run_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An evolution, a search, and a folder to write to."""
    make_evolution(run_home, "evo")
    made_run(run_home, "search")
    working = tmp_path / "working"
    working.mkdir()
    monkeypatch.chdir(working)


def asked(*arguments: str) -> Result:
    return CliRunner().invoke(export, arguments, standalone_mode=False)


def test_the_generations_are_the_table_of_an_evolution() -> None:
    printed = asked("evo").output
    assert printed.startswith("number,best,mean,")
    assert len(printed.splitlines()) == 2 + EVOLUTION.generations_allowed
    assert asked("evo", "--to", "generations.csv").exit_code == 0
    assert Path("generations.csv").read_text() == printed
    assert asked("evo", "--table", "generations", "--format", "md").output.startswith("| number | best |")
    assert asked("search").output.startswith("mean_fit_time,")


def test_a_network_is_written_by_the_ending_of_its_file() -> None:
    for name in ("net.skops", "net.joblib", "net.npz"):
        done = asked("evo", "--to", name)
        assert done.exit_code == 0
        assert ("runs whatever code is in it" in done.output) is (name == "net.joblib")
    assert asked("evo", "--network", "gradient", "--to", "rival", "--format", "npz").exit_code == 0
    assert Path("net.skops").read_bytes().startswith(b"PK")
    for file, which in (("net.npz", "evolved"), ("rival", "gradient")):
        weights = np.frombuffer(made_network(which, 0).weights)  # type: ignore[arg-type]
        with np.load(file, allow_pickle=False) as arrays:
            assert arrays["coefs_0"][0, 0] == weights[0]


def test_a_chart_a_program_and_settings_are_written_by_the_ending_of_their_file() -> None:
    assert asked("search", "--chart", "--to", "curve.svg").exit_code == 0
    assert all(words in Path("curve.svg").read_text() for words in ("best and recommended 8", "threshold"))
    assert asked("search", "--to", "again.py").exit_code == 0
    compile(Path("again.py").read_text(), "again.py", "exec")
    assert asked("search", "--to", "again.toml").exit_code == 0
    assert 'neurons = "2:10:2"' in Path("again.toml").read_text()
    assert asked("search", "--format", "toml").output == Path("again.toml").read_text()


def test_both_networks_of_a_search_are_written_and_its_programs_train_them(run_home: Path) -> None:
    folder = made_run(run_home, "wide", replace(SMALL, neurons="4:65:8"))
    choice = size_view(folder).choice
    assert choice is not None
    connection = open_for_writing(folder)
    with transaction(connection, folder):
        for one, steps in ((choice.best, 7), (choice.recommended, 9)):
            set_final_network(connection, one.number, made_network("best", steps))
    connection.close()
    usual = asked("wide", "--to", "usual.skops")
    words = "it holds the best network (60 neurons); --network recommended writes the recommended one (52 neurons)\n"
    assert usual.output == f"wrote usual.skops\n{words}"
    for name, steps in (("best", 7), ("recommended", 9)):
        done = asked("wide", "--to", f"{name}.skops", "--network", name)
        assert done.output == f"wrote {name}.skops\n"
        assert skops.io.load(f"{name}.skops")["network"].n_iter_ == steps
    assert asked("wide", "--to", "usual.py").exit_code == 0
    assert asked("wide", "--to", "best.py", "--network", "best").exit_code == 0
    assert asked("wide", "--to", "recommended.py", "--network", "recommended").exit_code == 0
    assert Path("usual.py").read_text() == Path("best.py").read_text()
    trained = 'parameters = {"network__hidden_layer_sizes": 52}'
    assert trained in Path("recommended.py").read_text()
    assert trained not in Path("best.py").read_text()
    assert asked("wide", "--format", "py", "--network", "recommended").output == Path("recommended.py").read_text()
    shown = nnsize("show", "wide", "--python", "--network", "recommended")
    assert shown.stdout == Path("recommended.py").read_text()
    refused = nnsize("show", "wide", "--network", "recommended")
    assert refused.returncode == 2
    assert "add --python, or leave it out" in refused.stderr


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ("evo --format skops", "a network is not text for standard output; name a file, such as --to network.skops"),
        ("evo --to - --format npz", "a network is not text for standard output; name a file, such as --to network.npz"),
        ("evo --to x.skops --table generations", "a .skops file holds a network, no table; leave out --table"),
        ("evo --to x.csv --network gradient", "--network goes with a network's file: add --to with a name in .skops"),
        ("evo --network evolved", "--network goes with a network's file: add --to with a name in .skops"),
        ("evo --table fits", "run evo is an evolution, which has no table 'fits', but generations"),
        ("search --to x.skops", "run search keeps no network, as runs of earlier versions"),
        (
            "search --to x.npz --network gradient",
            "run search is a size search, which has no network 'gradient', but best",
        ),
        ("search --table generations", "run search is a size search, which has no table 'generations', but candidates"),
        (
            "evo --to x.pkl",
            "the ending of 'x.pkl' names no format; choose one of csv, tsv, json, md, html, tex, parquet, xlsx, ",
        ),
        ("evo --chart", "a chart is not text for standard output; name a file, such as --to chart.png"),
        ("evo --format svg", "a chart is not text for standard output; name a file, such as --to chart.svg"),
        ("evo --format xlsx", "a .xlsx file is not text for standard output; name a file, such as --to table.xlsx"),
        ("evo --to x.csv --chart", "--chart goes with a chart's file: add --to with a name in .png or .svg"),
        ("evo --to x.png --table generations", "a .png file holds a chart, no table; leave out --table"),
        (
            "evo --to x.toml --network evolved",
            "a .toml file holds how the run is made, no network; leave out --network",
        ),
        ("evo --to x.svg --chart map", "run evo is an evolution, which has a curve and no map"),
        ("evo --to new/", "new/ is a folder; name a file in it"),
    ],
)
def test_what_does_not_go_together_is_one_sentence(arguments: str, sentence: str) -> None:
    error = asked(*arguments.split()).exception
    assert isinstance(error, ExportError)
    assert str(error).startswith(sentence)
    assert not list(Path().iterdir())


def test_the_installed_command_says_where_the_network_is_and_keeps_what_is_there() -> None:
    done = nnsize("export", "evo", "--to", "net.skops")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "wrote net.skops\n")
    again = nnsize("export", "evo", "--to", "net.skops", "--network", "gradient")
    assert again.returncode == 2
    assert again.stderr == "nnsize: net.skops exists already; choose another name, or replace it with --force\n"
