"""Inputs: random command lines, settings files and tables; each ends well, or in a sentence that refuses it."""

import json
import os
import shutil
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from random import Random
from unittest import mock

import click

from campaign.filled_runs import filled_runs
from campaign.in_process import Ended, run_command
from campaign.outcome import Outcome
from nnsize_engine.errors import NnsizeError, RunError
from nnsize_engine.preflight import client
from nnsize_engine.preflight.__main__ import _ANSWERS
from nnsize_engine.runs import launch
from nnsize_tui.commands.all_commands import load_command

TABLES = sorted((Path(__file__).parent.parent / "own_tables").iterdir())

WORDS = (
    "", "0", "1", "-1", "2", "5:45:2", "auto", "1e300", "nan", "inf", "-inf", "0.5", "1/3", "10**9", "9" * 20,
    "1:1000000000", "5:", ":", "::", ",", "1,2,3", "x", "é", "\u202e", "\x1b[2J", "a b", "-", "--", "-h", "=1", "[1]",
    "log:1e-5:1e-1:5", "log:0:1:5", "1e-5:1:0", "true", "True", "none", "None", "roc_auc,f1", "accuracy", "log_loss",
    "fbeta:2", "quantile:0.9", "os:system", "relu,tanh", "kfold:5:shuffle", "time:5", "group:3", "glorot:10", "-1:1",
    "shade,cma-es", "shade", "(1+1)-es", "iris", "wine", "digits", "diabetes", "openml:../../x", "openml:", "/", ".",
    "/dev/null", "/etc/passwd", "missing.csv", "target", "last", "evolved", "run.csv", "out/run.csv", "x" * 5000,
    "\udcff", "%s%n", "{}", "'", '"', "\\", "a\nb", "\t", "1_000", "٣", "0x10", "1e", "1 2", "64,32", "8 x 0:65:8",
)  # fmt: skip
"""Values for any option: right ones of some, limits, other types, escapes."""

COMMANDS = (
    "size",
    "evolve",
    "data",
    "runs",
    "show",
    "compare",
    "export",
    "import",
    "extend",
    "verify",
    "pause",
    "stop",
)


def try_input(chance: Random, folder: Path) -> Outcome:
    """Run one command with random input."""
    _prepare(folder / "home")
    working = folder / "working"
    working.mkdir(exist_ok=True)
    os.chdir(working)
    (make,) = chance.choices((_command_line, _settings_file, _table), (60, 25, 15))
    arguments = make(chance, working)
    with mock.patch.object(launch, "start_runner", _start_nothing), mock.patch.object(client, "_ask", _answer):
        ended = run_command(*arguments)
    return Outcome(failures=tuple(_with_files(fault, ended, working) for fault in ended.faults))


def _prepare(home: Path) -> None:
    """Put two finished runs in the home."""
    home.mkdir(exist_ok=True)
    for name, source in (("target", "search"), ("evolved", "evolution")):
        shutil.copytree(filled_runs()[source], home / name)


def _start_nothing(folder: Path, **_: object) -> None:
    """Start no runner: a command is judged until there. A new run is removed, as if its runner could not start."""
    raise RunError(f"the runner of {folder.name} is not started by a trial of inputs")


def _answer(name: str, given: object, question: object = None) -> str:
    """Answer questions about tables in this process; training a few networks takes too long here."""
    del question
    if name == "estimate":
        raise NnsizeError("a trial of inputs estimates nothing")
    text = _ANSWERS[name](json.loads(json.dumps(given)))
    assert json.loads(text) is not None
    return text


def _with_files(fault: str, ended: Ended, working: Path) -> str:
    files = {
        path.name: path.read_bytes()[:300] for path in working.iterdir() if path.is_file() and path.suffix == ".toml"
    }
    return f"{fault}; arguments {ended.arguments!r}; files {files!r}"


@lru_cache(maxsize=len(COMMANDS))
def _options(command: str) -> list[click.Option]:
    found = load_command(command)
    return [one for one in found.params if isinstance(one, click.Option) and one.name != "help"]


def _value(chance: Random, option: click.Option) -> str:
    if isinstance(option.type, click.Choice) and chance.random() < 0.8:
        return str(chance.choice(option.type.choices))
    if chance.random() < 0.2:
        return _number(chance)
    return chance.choice(WORDS)


def _number(chance: Random) -> str:
    numbers = (
        str(chance.randint(-3, 300)),
        f"{chance.uniform(-2, 2):.3g}",
        f"{chance.randint(1, 40)}:{chance.randint(1, 90)}",
        f"1e{chance.randint(-330, 330)}",
        str(chance.randint(-(2**70), 2**70)),
    )
    return chance.choice(numbers)


def _command_line(chance: Random, working: Path) -> list[str]:
    del working
    command = chance.choices(COMMANDS, (10, 10, 3, 1, 3, 3, 4, 2, 4, 2, 1, 1))[0]
    arguments = [command]
    known = "target evolved last iris wine breast_cancer diabetes digits".split()
    for _ in range(chance.choices((0, 1, 2, 3), (2, 12, 3, 1))[0]):
        arguments.append(chance.choice(known) if chance.random() < 0.8 else chance.choice(WORDS))
    for option in chance.sample(_options(command), min(len(_options(command)), chance.choice((0, 1, 1, 2, 3, 5)))):
        arguments.append(chance.choice(option.opts))
        if not option.is_flag:
            arguments.append(_value(chance, option))
    if chance.random() < 0.02:
        arguments.append(chance.choice(WORDS))
    return arguments


def _settings_file(chance: Random, working: Path) -> list[str]:
    """Write a settings file: that of a run with characters changed, or lines of options with any value."""
    command = chance.choice(("size", "evolve"))
    if chance.random() < 0.5:
        run = chance.choice(("target", "evolved"))
        text = _config_of(run)
        command = {"target": "size", "evolved": "evolve"}[run]
        for _ in range(chance.randint(1, 4)):
            at = chance.randrange(len(text))
            text = (
                text[:at] + chance.choice(('"', "=", "[", "]", "-", "9", ".", "\n", "x", "\x00", "é")) + text[at + 1 :]
            )
    else:
        lines = [f"[{command}]"] * chance.choice((1, 1, 1, 0, 2))
        for option in chance.sample(_options(command), chance.randint(1, 6)):
            lines.append(f"{option.opts[0].lstrip('-')} = {_toml_value(chance, option)}")
        text = "\n".join(lines)
    content = text.encode(errors="surrogateescape")
    if chance.random() < 0.05:
        content = chance.randbytes(200)
    (working / "settings.toml").write_bytes(content)
    return [command, "--config", "settings.toml"]


@lru_cache(maxsize=2)
def _config_of(run: str) -> str:
    ended = run_command("show", run, "--config")
    assert ended.code == 0, ended.errors
    return ended.output


def _toml_value(chance: Random, option: click.Option) -> str:
    match chance.randrange(4):
        case 0:
            return json.dumps(_value(chance, option))
        case 1:
            return _number(chance)
        case 2:
            return chance.choice(("true", "false", "[]", "{}", "nan", "inf", "1979-05-27", "''", "[1, 'a']", "{a = 1}"))
        case _:
            return json.dumps([_value(chance, option), _value(chance, option)])


def _table(chance: Random, working: Path) -> list[str]:
    """Write a table with bytes and lines changed, and look at it or search it."""
    source = chance.choice(TABLES)
    content = source.read_bytes()
    for _ in range(chance.randint(1, 3)):
        content = chance.choice(MUTATIONS)(chance, content)
    (working / source.name).write_bytes(content)
    arguments = [chance.choice(("data", "data", "data", "size", "evolve")), source.name]
    if chance.random() < 0.6:
        arguments += ["--target", chance.choice(_columns(content))]
    about = [one for one in _options("data") if one.name != "column"]
    for option in chance.sample(about, chance.choice((0, 0, 1, 2))):
        arguments.append(option.opts[0])
        if not option.is_flag:
            arguments.append(chance.choice((*_columns(content), _value(chance, option))))
    return arguments


def _columns(content: bytes) -> list[str]:
    first = content.split(b"\n")[0].decode(errors="replace").replace("\x00", "")
    return [first.split(sign)[-1].strip() or "x" for sign in (",", ";", "\t")] + ["1", "-1", "class"]


def _byte(chance: Random, content: bytes) -> bytes:
    at = chance.randrange(len(content) + 1)
    return (
        content[:at]
        + chance.choice((b"\x00", b"\xff", b'"', b",", b";", b"\n", b"\r", b"1", b"\xe2\x80\xae"))
        + content[at:]
    )


def _cut(chance: Random, content: bytes) -> bytes:
    return content[: chance.randrange(len(content) + 1)]


def _lines(chance: Random, content: bytes) -> bytes:
    lines = content.split(b"\n")
    line = chance.choice(lines)
    lines.insert(chance.randrange(len(lines)), line if chance.random() < 0.7 else line * 3)
    return b"\n".join(lines)


def _cells(chance: Random, content: bytes) -> bytes:
    lines = content.split(b"\n")
    at = chance.randrange(len(lines))
    cells = lines[at].split(b",")
    cells[chance.randrange(len(cells))] = chance.choice(WORDS).encode(errors="surrogateescape")
    lines[at] = b",".join(cells)
    return b"\n".join(lines)


def _separators(chance: Random, content: bytes) -> bytes:
    one, other = chance.sample((b",", b";", b"\t", b".", b" ", b"\n", b"\r\n"), 2)
    return content.replace(one, other)


def _noise(chance: Random, content: bytes) -> bytes:
    at = chance.randrange(len(content) + 1)
    return content[:at] + chance.randbytes(20) + content[at + 20 :]


MUTATIONS: tuple[Callable[[Random, bytes], bytes], ...] = (_byte, _cut, _lines, _cells, _separators, _noise)
