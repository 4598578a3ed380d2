"""What the user may have meant by a command or an option that does not exist."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import click

from nnsize_engine.settings.closest_match import closest_match
from nnsize_engine.settings.option_names import OTHER_NAMES
from nnsize_tui.commands.all_commands import ALIASES, COMMANDS, load_command

_COMMANDS: Mapping[str, str] = MappingProxyType(
    {
        "search": "size", "train": "size", "fit": "size", "run": "size", "neurons": "size", "sizes": "size",
        "evolution": "evolve", "optimize": "evolve", "list": "runs", "ls": "runs", "ps": "runs", "status": "show",
        "info": "show", "log": "show", "logs": "show", "cat": "show", "best": "show", "answer": "show",
        "diff": "compare", "kill": "stop", "cancel": "stop", "abort": "stop", "continue": "resume", "restart": "resume",
        "rm": "delete", "remove": "delete", "check": "verify", "save": "export", "plot": "export", "load": "import",
        "inspect": "data", "describe": "data", "table": "data", "columns": "data", "html": "report", "add": "extend",
    }
)  # fmt: skip
"""Words of other programs for commands that exist here under another name."""

_OPTIONS: Mapping[str, str] = MappingProxyType(
    {
        "hidden": "neurons layers", "hidden-layers": "neurons layers", "hidden-units": "neurons layers",
        "size": "neurons layers", "sizes": "neurons layers", "units": "neurons layers",
        "epochs": "max-iter generations", "max-epochs": "max-iter", "iterations": "max-iter generations",
        "max-iter": "generations", "lr": "learning-rate-init", "learning-rate": "learning-rate-init",
        "optimizer": "solver strategy", "l2": "alpha weight-decay", "weight-decay": "alpha", "alpha": "weight-decay",
        "regularization": "alpha weight-decay", "folds": "cv", "k": "cv", "kfold": "cv", "metric": "scoring fitness",
        "metrics": "scoring fitness", "score": "scoring fitness", "objective": "fitness", "loss": "fitness",
        "population": "members", "population-size": "members", "f": "mutation", "cr": "recombination",
        "sigma": "step", "x0": "init", "rng": "seed", "random-seed": "seed", "threads": "jobs", "cores": "jobs",
        "processes": "jobs", "n-workers": "workers jobs", "background": "detach", "dry-run": "estimate",
        "output": "to", "out": "to", "file": "to", "delimiter": "separator", "sep": "separator", "na-values": "missing",
        "label": "target", "y": "target", "drop": "ignore", "exclude": "ignore", "weights": "sample-weight",
        "sampler": "strategy", "filename": "to", "group": "groups", "holdout": "test-size", "wait": "follow",
        "watch": "follow", "timeout": "seconds", "max-evaluations": "evaluations", "maxfev": "evaluations",
    }
)  # fmt: skip
"""Words of other programs for options that exist here under other names; of several, the command has one."""


def usage_sentence(error: click.ClickException) -> str:
    """Return the message of an error about arguments, with what may have been meant."""
    match error:
        case click.NoSuchCommand():
            return f"No such command {error.command_name!r}; {_command_remedy(error.command_name)}"
        case click.NoSuchOption() if error.ctx is not None:
            return f"No such option {error.option_name!r}; {_option_remedy(error.option_name, error.ctx)}"
        case click.BadParameter() if error.param_hint is None and isinstance(error.param, click.Option):
            error.param_hint = repr(max(error.param.opts, key=len))  # without its short form
            return error.format_message()
        case _:
            return error.format_message()


def _command_remedy(name: str) -> str:
    known = _COMMANDS.get(name.lower()) or closest_match(name, [*COMMANDS, *ALIASES])
    return "nnsize --help lists them all" if known is None else f"did you mean 'nnsize {known}'?"


def _option_remedy(name: str, context: click.Context) -> str:
    command = context.command
    options = _options_of(command)
    other = {"size": "evolve", "evolve": "size"}.get(command.name or "")
    plain = name.lstrip("-").lower()
    meant = _meant(plain, options) or _meant(f"{plain}s", options)
    if meant is None and other is not None and name in _options_of(load_command(other)):
        return f"it is an option of nnsize {other}"
    if meant is None and len(plain) > 1:
        meant = closest_match(name, options) or _meant(closest_match(plain, _OPTIONS) or "", options)
    return f"{context.command_path} --help lists them all" if meant is None else f"did you mean {meant}?"


def _meant(word: str, options: Sequence[str]) -> str | None:
    """Return the option of a command for a word of other programs; None if the command has none."""
    return next((f"--{one}" for one in _OPTIONS.get(word, "").split() if f"--{one}" in options), None)


def _options_of(command: click.Command) -> list[str]:
    names = [name for one in command.params for name in (*one.opts, *one.secondary_opts)]
    return [
        *(name for name in names if name.startswith("--")),
        *(f"--{name}" for name in OTHER_NAMES.get(command.name or "", ())),
    ]
