"""The help of commands, the names that options have, and the manual pages made from the same texts."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from unittest import mock

import click
import pytest

from nnsize_engine import __version__
from nnsize_engine.runs import launch
from nnsize_engine.settings.option_names import OTHER_NAMES
from nnsize_engine.settings.run import RunSettings
from nnsize_tui import cli as explorer_line
from nnsize_tui.commands import cli, main
from nnsize_tui.commands.all_commands import COMMANDS, SECTIONS, load_command
from nnsize_tui.commands.examples import EXAMPLES
from nnsize_tui.commands.man_page import EXPLORER, man_pages, page_name
from nnsize_tui.commands.option_groups import GROUPS, THE_REST, GroupedCommand
from nnsize_tui.commands.short_forms import SHORT_FORMS
from support.commands import nnsize_here

GROUPED = ["size", "evolve", "data"]


class StartedError(Exception):
    """Stands for a run that was started."""


def asked(*arguments: str) -> RunSettings:
    """Return the settings that a command line stands for."""
    found: list[RunSettings] = []

    def start(settings: RunSettings, _: Path, **more: object) -> Path:
        del more
        found.append(settings)
        raise StartedError

    with mock.patch.object(launch, "start", start), pytest.raises(StartedError):
        cli.main(arguments, prog_name="nnsize", standalone_mode=False)
    return found[0]


def context_of(name: str, *arguments: str) -> click.Context:
    command = load_command(name)
    return command.make_context(name, list(arguments), parent=cli.make_context("nnsize", [], resilient_parsing=True))


@pytest.mark.parametrize("name", GROUPED)
def test_every_option_stands_in_one_group(name: str) -> None:
    context = context_of(name, *(["iris"] if name == "data" else []))
    assert isinstance(context.command, GroupedCommand)
    grouped = [(title, [one.name for one in options]) for title, options in context.command.grouped(context)]
    names = [one for _, options in grouped for one in options]
    assert len(names) == len(set(names))
    assert set(names) == {one.name for one in context.command.get_params(context) if isinstance(one, click.Option)}
    assert all(options for _, options in grouped), "no group is empty"
    rest = {"config", "estimate", "runs_code", "detach", "as_json", "help"}
    settings = {name for group in GROUPS[name] for name in group[1]}
    assert set(dict(grouped)[THE_REST]) & (settings | {"jobs", "neurons", "target"}) == set()
    assert set(dict(grouped)[THE_REST]) >= rest & set(names)


def test_the_help_has_sections_and_examples_within_eighty_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    shown = nnsize_here("--help").stdout
    for title in (*SECTIONS, "Examples", "Options"):
        assert f"\n{title}:\n" in shown
    for name in COMMANDS:
        text = nnsize_here(name, "--help").stdout
        assert max(map(len, text.splitlines())) <= 80, name
        assert all(command in text for command, _ in EXAMPLES.get(name, ())), name
    shown = nnsize_here("size", "--help").stdout
    places = [shown.index(f"\n{title}:\n") for title, _ in GROUPS["size"]]
    assert places == sorted(places)
    assert shown.index("Examples:") < places[0]
    assert re.search(r"^  -n, --neurons SIZES ", shown, re.MULTILINE)
    assert "--random-state" in shown
    assert shown.count("--hidden-layer-sizes") == 1, "in one line, not as an option"


def test_examples_are_commands_that_exist() -> None:
    for name, examples in EXAMPLES.items():
        for line, _ in examples:
            program, command, *arguments = shlex.split(line.partition(" > ")[0])
            assert program == "nnsize"
            assert command == (name or command)
            if command in COMMANDS and "--help" not in arguments:
                context_of(command, *arguments)


def test_a_letter_means_the_same_in_every_command() -> None:
    assert len(set(SHORT_FORMS.values())) == len(SHORT_FORMS)
    seen = set()
    for name in COMMANDS:
        for one in load_command(name).params:
            for short in (option for option in one.opts if re.fullmatch("-[A-Za-z]", option)):
                (long,) = [option for option in one.opts if option in SHORT_FORMS]
                assert SHORT_FORMS[long] == short
                seen.add(long)
    assert seen == set(SHORT_FORMS)


@pytest.mark.usefixtures("run_home")
@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("size iris --neurons 4,8 --seed 3 --jobs 2", "size iris --hidden-layer-sizes 4,8 --random-state 3 --n-jobs 2"),
        ("size iris --neurons 4,8 --seed 3 --jobs 2", "size iris --hidden_layer_sizes=4,8 --random_state 3 --n_jobs=2"),
        ("size iris --neurons 4 --jobs 2 --cv 3 --repeats 2", "size iris -n 4 -j 2 -k 3 -r 2"),
        ("size iris --neurons 4 --jobs -2", "size iris -n4 -j-2"),
        ("size iris --cv 3 --fold-rounds 2", "size iris --n-splits 3 --n-repeats 2"),
        (
            "size iris --max-iter 9 --learning-rate-init 0.1 --early-stopping",
            "size iris --max_iter 9 --learning_rate_init 0.1 --early_stopping",
        ),
        ("size iris --no-nesterovs-momentum --no-references", "size iris --no-nesterovs_momentum --no_references"),
        ("size iris --target-scale none --split-seed 3", "size iris --target_scale none --split_seed 3"),
        (
            "evolve iris --layers 8,4 --seed 3 --jobs 2 --generations 5",
            "evolve iris --hidden-layer-sizes 8,4 --random-state 3 --n_jobs 2 --maxiter 5",
        ),
        ("evolve iris --layers 8 --generations 5 --scoring f1_macro", "evolve iris -l 8 -g 5 -s f1_macro"),
    ],
)
def test_short_forms_and_names_of_scikit_learn_mean_exactly_the_same(ours: str, theirs: str) -> None:
    assert asked(*ours.split()) == asked(*theirs.split())


def test_other_names_are_not_names_of_options() -> None:
    for command, names in OTHER_NAMES.items():
        options = {option for one in load_command(command).params for option in one.opts}
        for other, own in names.items():
            assert f"--{own}" in options
            assert f"--{other}" not in options


@pytest.mark.parametrize("option", ["--version", "-V"])
def test_both_programs_say_their_version_alike(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        explorer_line.main([option])
    assert nnsize_here(option).stdout == capsys.readouterr().out == f"nnsize {__version__}\n"


def test_manual_pages_say_what_the_help_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    done = nnsize_here("man", "--to", "pages/man1", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "")
    pages = {path.stem: path.read_text() for path in (tmp_path / "pages" / "man1").iterdir()}
    assert pages == man_pages(cli)
    assert set(pages) == {"nnsize", EXPLORER, *map(page_name, COMMANDS)}
    for name in COMMANDS:
        plain = pages[page_name(name)].replace("\\-", "-").replace("\\e", "\\")
        for one in load_command(name).params:
            assert all(option in plain for option in one.opts if option.startswith("--")), (name, one.opts)
        assert all(command in plain for command, _ in EXAMPLES.get(name, ()))
    assert '"1970\\-01\\-01"' in pages["nnsize"] or '"1970-01-01"' in pages["nnsize"]
    assert nnsize_here("man", "size").stdout == pages["nnsize-size"]
    assert nnsize_here("man", "tui").stdout == pages[EXPLORER]
    assert nnsize_here("man").stdout == pages["nnsize"]
    if shutil.which("mandoc"):
        found = subprocess.run(
            ["mandoc", "-Tlint", "-Wwarning", *(tmp_path / "pages" / "man1").iterdir()], capture_output=True, text=True
        )
        assert found.stdout + found.stderr == ""
    if shutil.which("groff"):
        for page in pages.values():
            found = subprocess.run(["groff", "-man", "-Tascii", "-ww"], input=page, capture_output=True, text=True)
            assert found.stderr == ""


def test_pages_that_cannot_be_written_or_do_not_exist_are_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    refused = nnsize_here("man", "--to", "file", cwd=tmp_path)
    assert (refused.returncode, refused.stderr) == (2, "nnsize: the pages cannot be written into file: File exists\n")
    refused = nnsize_here("man", "evlove")
    assert refused.stderr == "nnsize: No such command 'evlove'; did you mean 'nnsize evolve'?\n"
    refused = nnsize_here("man", "size", "--to", "x", cwd=tmp_path)
    assert refused.stderr == "nnsize: --to writes the pages of all commands; leave out COMMAND, or --to\n"


@pytest.mark.parametrize(
    ("arguments", "remedy"),
    [(("lss",), "did you mean 'nnsize ls'?"), (("size", "--epoch", "3"), "did you mean --max-iter?")],
)
def test_a_word_that_is_nearly_an_alias_or_a_word_of_other_programs_is_understood(
    arguments: tuple[str, ...], remedy: str
) -> None:
    assert remedy in nnsize_here(*arguments).stderr


def test_streams_that_the_caller_closed_are_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("stdin", "stdout", "stderr"):
        monkeypatch.setattr(sys, name, None)
    monkeypatch.setattr(sys, "argv", ["nnsize", "--version"])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code in (None, 0)
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        stream.close()
