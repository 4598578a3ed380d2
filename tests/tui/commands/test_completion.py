"""The completion of command lines: what is offered, in each shell, and how little it loads."""

import argparse
import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest

from nnsize_engine.runs.label import RunLabel, write_label
from nnsize_engine.settings.activations import ACTIVATIONS
from nnsize_engine.settings.cluster import QUEUES
from nnsize_engine.settings.datasets import BUILTIN
from nnsize_engine.settings.scoring_words import offered_scorings
from nnsize_engine.settings.strategy_words import offered_strategies
from nnsize_engine.settings.table_choice import HEADER_CHOICES
from nnsize_tui import cli as explorer_line
from nnsize_tui.commands import cli
from nnsize_tui.commands.all_commands import COMMANDS, load_command
from nnsize_tui.commands.completion import complete, explorer
from nnsize_tui.commands.completion_scripts import SCRIPTS
from nnsize_tui.commands.completion_values import known_keys
from nnsize_tui.commands.typed_line import read_line
from support import fork_request
from support.commands import NNSIZE, nnsize_here
from support.made_runs import SMALL, made_run
from support.tmux import needs_tmux, tmux
from support.warm_processes import COMMAND
from support.warm_runners import WarmRunners

TABLE = "petal length (cm);petal width (cm);kind;a:b\n1,5;2;x;3\n"

FREE = frozenset(
    """
    max-neurons fold-rounds repeats seed test-size split-seed workers cluster-wait alpha learning-rate-init batch-size
    max-iter validation-fraction n-iter-no-change tol beta-1 beta-2 epsilon momentum power-t max-fun missing positive
    date-format skip rows min-class-rows comment layers weight-decay mutation recombination popsize members step
    generations evaluations seconds atol batch-generations restart-after p-best archive memory
    name note older-than
    """.split()
)
"""Options with numbers and free texts."""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A current folder with a table."""
    place = tmp_path / "work"
    (place / "tables").mkdir(parents=True)
    (place / "flowers.csv").write_text(TABLE)
    monkeypatch.chdir(place)
    return place


def offered(line: str) -> list[str]:
    """Return what completes a line; file for names of files."""
    typed = read_line(line)
    return [item.value or item.type for item in complete(cli, typed.words, typed.typed).items]


def test_tags_are_completed(home: Path) -> None:
    for name, tags in (("nana", ("paper", "wide")), ("popo", ("paper", "old"))):
        write_label(made_run(home, name, SMALL), RunLabel(tags=tags))
    assert offered("nnsize size iris --tag ")[0] == "paper"
    assert sorted(offered("nnsize size iris --tag ")) == ["old", "paper", "wide"]
    assert offered("nnsize label nana --tag ") == ["old"]
    assert offered("nnsize label nana --untag ") == ["paper", "wide"]
    assert offered("nnsize label nana --untag paper --untag ") == ["wide"]
    assert offered("nnsize label --untag ") == []
    assert offered("nnsize label nobody --untag ") == []


@pytest.mark.usefixtures("home")
def test_commands_and_options_are_completed() -> None:
    assert offered("nnsize ") == list(COMMANDS)
    assert offered("nnsize ex") == ["extend", "export"]
    assert offered("nnsize size --sc") == ["--scoring", "--scaler"]
    assert offered("nnsize size --scoring accuracy --sc") == ["--scaler"]
    assert offered("nnsize size --no-r") == ["--no-race", "--no-references"]
    assert offered("nnsize size --hidden") == ["--hidden-layer-sizes"]
    assert offered("nnsize nothing --") == []
    assert offered("nnsize size -- --") == ["file"]


@pytest.mark.parametrize(
    ("line", "values"),
    [
        ("nnsize size w", ["wine", "file"]),
        ("nnsize size x", ["file"]),
        ("nnsize evolve ", [*BUILTIN, "openml:", "file"]),
        ("nnsize size iris --solver ", ["adam", "lbfgs", "sgd"]),
        ("nnsize size iris --solver adam,", ["adam,lbfgs", "adam,sgd"]),
        ("nnsize size iris --activation ", list(ACTIVATIONS)),
        ("nnsize evolve iris -a st", ["step"]),
        ("nnsize evolve iris --strategy ", list(offered_strategies())),
        ("nnsize evolve iris --strategy auto,sep", ["auto,sep-cma-es"]),
        ("nnsize size --cv=gr", ["group:5"]),
        ("nnsize size --n-splits gr", ["group:5"]),
        ("nnsize size --cluster s", ["slurm", "sge"]),
        ("nnsize size --cluster ~/sched", ["~/sched"]),
        ("nnsize size --header ", list(HEADER_CHOICES)),
        ("nnsize size --config ", ["file"]),
        ("nnsize export last --to ", ["file"]),
        ("nnsize export last --format sk", ["skops"]),
        ("nnsize compare a b --format sk", []),
        ("nnsize export last --network re", ["recommended"]),
        ("nnsize import ", ["file"]),
        ("nnsize completion ", ["bash", "zsh", "fish"]),
        ("nnsize man ev", ["evolve"]),
        ("nnsize evolve --init gl", ["glorot", "file"]),
        ("nnsize size --separator semi", ["semicolon"]),
        ("nnsize size --jobs -", ["-1", "-2"]),
        ("nnsize-tui --st", ["--start"]),
    ],
)
def test_values_are_completed(line: str, values: list[str]) -> None:
    assert offered(line) == values


def test_scorings_are_those_of_the_data_with_the_usual_one_first() -> None:
    assert offered("nnsize size wine --scoring ")[0] == "accuracy"
    assert offered("nnsize size wine --scoring ") == offered_scorings("multiclass")
    assert offered("nnsize size diabetes -s ") == offered_scorings("regression")
    assert offered("nnsize size -s ")[0] == "roc_auc"
    assert {"r2", "f1", "f1_samples"} < set(offered("nnsize size flowers.csv -s "))


@pytest.mark.usefixtures("folder")
def test_columns_are_those_of_the_header_of_the_named_file() -> None:
    columns = ["petal length (cm)", "petal width (cm)", "kind", "a:b"]
    for option in "--target -t --groups --order-by --sample-weight --ignore --categorical --labels".split():
        assert offered(f"nnsize size flowers.csv {option} ") == columns
    assert offered("nnsize data flowers.csv --column ki") == ["kind"]
    assert offered("nnsize evolve --target kind flowers.csv --fitness-groups ") == columns
    assert offered("nnsize size flowers.csv --ignore kind,pe") == ["kind,petal length (cm)", "kind,petal width (cm)"]
    assert offered("nnsize size flowers.csv --separator comma -t ")[0].startswith("petal length (cm);petal width")
    for other in ("iris", "nothing.csv", "tables", "", "openml:x"):
        assert offered(f"nnsize size {other} --target ") == []


def test_runs_are_completed_newest_first(home: Path) -> None:
    assert offered("nnsize show ") == []
    for place, name in enumerate(("bagote", "bafimu", "zibiro")):
        os.utime(made_run(home, name) / "run.sqlite", (1e9 + place, 1e9 + place))
    for command in ("show", "pause", "resume", "stop", "delete", "extend", "export", "report", "compare", "verify"):
        assert offered(f"nnsize {command} ") == ["last", "zibiro", "bafimu", "bagote"], command
    assert offered("nnsize-tui ba") == ["bafimu", "bagote"]
    assert offered("nnsize compare zibiro ba") == ["bafimu", "bagote"]
    assert offered("nnsize compare bagote ba") == ["bafimu"]
    assert offered("nnsize show ./") == ["file"]
    words = {item.value: item.help for item in complete(cli, ["nnsize", "show"], "").items}
    assert words["last"] == "the newest run"
    assert words["zibiro"] == "size iris, finished"
    (home / "bagote" / "run.sqlite").write_bytes(b"junk" * 500)
    assert "bagote" in offered("nnsize show ")


def test_every_option_with_a_value_is_completed_or_known_to_be_free() -> None:
    for name in COMMANDS:
        for one in load_command(name).params:
            if isinstance(one, click.Option) and not one.is_flag:
                long = max(one.opts, key=len)
                names = {option for option in one.opts if option.startswith("--")}
                is_typed = isinstance(one.type, click.Choice) or one.type.name == "cluster"
                is_free = long.removeprefix("--") in FREE or (name, long) == ("extend", "--neurons")
                assert is_typed or names & known_keys() or is_free, (name, one.opts)
            elif isinstance(one, click.Argument):
                assert isinstance(one.type, click.Choice) or one.name in known_keys(), (name, one.name)


def test_the_explorers_options_are_those_that_it_takes() -> None:
    parser: argparse.ArgumentParser = explorer_line._parser()
    taken = {option for action in parser._actions for option in action.option_strings}
    assert {option for one in explorer.params if isinstance(one, click.Option) for option in one.opts} == taken


@pytest.mark.parametrize(
    ("line", "words", "typed", "quote"),
    [
        ("nnsize ", ("nnsize",), "", ""),
        ("nnsize si", ("nnsize",), "si", ""),
        ("nnsize  'a b' c\\ d", ("nnsize", "a b"), "c d", ""),
        ("nnsize \"a 'b", ("nnsize",), "a 'b", '"'),
        ("nnsize '' ", ("nnsize", ""), "", ""),
        ("", (), "", ""),
    ],
)
def test_a_line_is_divided_as_a_shell_does(line: str, words: tuple[str, ...], typed: str, quote: str) -> None:
    found = read_line(line)
    assert (found.words, found.typed, found.quote) == (words, typed, quote)


BASH = """\
source {script}
ask() {{
    COMP_LINE="$1"; COMP_POINT=${{#1}}; shift
    COMP_WORDS=("$@"); COMP_CWORD=$(( $# - 1 ))
    _nnsize_completion "${{COMP_WORDS[0]}}" 2>/dev/null
    local IFS='|'; echo "${{COMPREPLY[*]}}"
}}
"""


def test_bash_gets_words_as_it_divides_them(
    folder: Path, warm: WarmRunners, tmp_path: Path, run_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made_run(run_home, "zibiro")
    command = tmp_path / COMMAND
    stand_in = shlex.join([sys.executable, "-I", "-S", fork_request.__file__, warm.address, COMMAND])
    command.write_text(f'#!/bin/sh\nexec {stand_in} "$@"\n')
    command.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    (tmp_path / "script").write_text(SCRIPTS["bash"])
    asked = {
        ("nnsize size --cv kfold:", "nnsize", "size", "--cv", "kfold", ":"): "5",
        ("nnsize size --solver=", "nnsize", "size", "--solver", "="): "adam|lbfgs|sgd",
        ("nnsize size flowers.csv -t ", "nnsize", "size", "flowers.csv", "-t", ""): (
            "petal\\ length\\ \\(cm\\)|petal\\ width\\ \\(cm\\)|kind|a:b"
        ),
        ("nnsize size flowers.csv -t petal\\ l", "nnsize", "size", "flowers.csv", "-t", "petal\\ l"): (
            "petal\\ length\\ \\(cm\\)"
        ),
        ('nnsize size flowers.csv -t "petal l', "nnsize", "size", "flowers.csv", "-t", '"petal l'): "petal length (cm)",
        ("nnsize-tui z", "nnsize-tui", "z"): "zibiro",
        ("A=1 nnsize show z", "nnsize", "show", "z"): "zibiro",
        ("nnsize size d", "nnsize", "size", "d"): "digits|diabetes",
    }
    program = BASH.format(script=shlex.quote(str(tmp_path / "script")))
    program += "".join(f"ask {shlex.join(words)}\n" for words in asked)
    done = subprocess.run(["bash", "--norc", "-c", program], capture_output=True, text=True, timeout=300, cwd=folder)
    assert done.stderr == ""
    assert dict(zip(asked, done.stdout.splitlines(), strict=True)) == asked


SHELLS = [
    ("bash", ["bash", "--norc", "-i"], "source {script}"),
    ("zsh", ["zsh", "-f", "-i"], "autoload -U compinit; compinit -u -D; source {script}"),
    ("fish", ["fish", "--no-config", "-i"], "source {script}"),
]


@needs_tmux
@pytest.mark.parametrize(("shell", "command", "setting"), SHELLS, ids=[shell for shell, *_ in SHELLS])
def test_tab_completes_in_a_real_shell(
    folder: Path, run_home: Path, tmp_path: Path, shell: str, command: list[str], setting: str
) -> None:
    if not shutil.which(shell):
        pytest.skip(f"{shell} is not installed")
    made_run(run_home, "zibiro")
    script = tmp_path / "script"
    script.write_text(SCRIPTS[shell])
    path = f"{NNSIZE.parent}:{os.environ['PATH']}"
    with tmux(*command, size=(120, 30), PATH=path, HOME=str(tmp_path), NNSIZE_HOME=str(run_home)) as terminal:
        terminal.write(f"cd {shlex.quote(str(folder))}")
        terminal.write(setting.format(script=shlex.quote(str(script))))
        terminal.write("clear; echo is ready | tr a-z A-Z")
        terminal.until_shown("IS READY")
        for typed, completed in (
            ("nnsize show zi", "nnsize show zibiro"),
            ("nnsize size flowers.csv -t petal\\ l", "petal\\ length\\ \\(cm\\)"),
            ("nnsize size --cv=kfold:", "--cv=kfold:5"),
            ("nnsize size flow", "nnsize size flowers.csv"),
        ):
            terminal.press("C-u")
            terminal.press("-l", typed)
            terminal.press("Tab")
            terminal.until_shown(completed)


def test_an_answer_loads_no_library_and_no_other_command(folder: Path) -> None:
    program = (
        "import json, sys; sys.argv[0] = 'nnsize'\n"
        "from nnsize_tui.commands import main\n"
        "try:\n    main()\nfinally:\n    print(json.dumps(list(sys.modules)), file=sys.stderr)"
    )
    variables = {"NNSIZE_WORDS": "nnsize size flowers.csv -t ", "NNSIZE_PROGRAM": "nnsize", "NNSIZE_CURRENT": ""}
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | variables | {"_NNSIZE_COMPLETE": "zsh_complete"},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.stdout.splitlines() == ["-", "petal length (cm)\t", "petal width (cm)\t", "kind\t", "a:b\t"]
    loaded = {name.partition(".")[0] for name in json.loads(done.stderr)}
    assert loaded.isdisjoint({"numpy", "pandas", "sklearn", "scipy", "numba", "textual", "rich", "joblib", "psutil"})
    commands = {name for name in json.loads(done.stderr) if name.startswith("nnsize_tui.commands.")}
    assert not commands & {f"nnsize_tui.commands.{name}" for name in ("evolve", "look", "export", "follow", "compare")}


def test_what_goes_wrong_offers_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NNSIZE_HOME", str(tmp_path / "file"))
    (tmp_path / "file").touch()
    assert offered("nnsize show ") == []
    assert offered("nnsize size --cv x --jobs y --strategy z --solver a") == ["adam"]
    assert offered("nnsize size 'unfinished --solver ") == ["file"]
    assert QUEUES[0] in offered("nnsize resume last --cluster ")


def test_the_command_prints_the_script() -> None:
    for shell, script in SCRIPTS.items():
        assert nnsize_here("completion", shell).stdout == script
    assert "invalid value" in nnsize_here("completion", "tcsh").stderr.lower()
