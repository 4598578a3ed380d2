"""States, settings and answers as text. Pure functions; the screens and the command line share them."""

import dataclasses
from collections.abc import Sequence

from nnsize_engine.results.left_out import left_out_text
from nnsize_engine.results.records import State
from nnsize_engine.settings.cluster import cluster_words
from nnsize_engine.settings.network import NetworkParameters
from nnsize_engine.settings.parameter_grid import Value, short_value
from nnsize_engine.settings.search import SizeSettings
from nnsize_engine.settings.table import TableSettings
from nnsize_engine.settings.table_choice import TableChoice
from nnsize_engine.text import escape_text


def state_mark(state: State, *, unicode: bool) -> str:
    """Return one character for a state, so that states differ without colour."""
    marks = {
        "starting": "◌.", "running": "▶>", "paused": "‖=", "stopped": "■#", "finished": "✓+", "failed": "✗x",
        "refused": "✗x", "interrupted": "!!",
    }  # fmt: skip
    return marks[state][0 if unicode else 1]


def plus_minus(*, unicode: bool) -> str:
    """Return the sign between a value and its uncertainty."""
    return "±" if unicode else "+/-"


def unusual(settings: SizeSettings) -> list[str]:
    """Return settings of a search that differ from the defaults and are not shown elsewhere.

    These are searched parameters, repeats, the precision, the split, and parameters of the network.
    """
    usual = NetworkParameters().as_dict()
    facts = [f"{name.replace('_', '-')} {values_shown(values)}" for name, values in settings.grid]
    if settings.repeats > 1:
        facts.append(f"{settings.repeats} repeats")
    if settings.precision != "float64":
        facts.append(settings.precision)
    if settings.cluster is not None:
        facts.append(f"cluster {escape_text(cluster_words(settings.cluster))}")
    if settings.stratify:
        facts.append("stratified")
    if not settings.references:
        facts.append("no references")
    if settings.task == "regression" and settings.scaling_of_target != "standard":
        facts.append(f"target-scale {settings.scaling_of_target}")
    if settings.scaler != "standard":
        facts.append(f"scaler {settings.scaler}")
    if settings.class_weight != "none":
        facts.append(f"class-weight {settings.class_weight}")
    if settings.table is not None and settings.table.choice.sample_weight is not None:
        facts.append(f"sample-weight {escape_text(settings.table.choice.sample_weight)}")
    given = {name: value for name, value in settings.network.as_dict().items() if value != usual[name]}
    return facts + [f"{name.replace('_', '-')} {short_value(value)}" for name, value in given.items()]


def values_shown(values: Sequence[Value], most: int = 6) -> str:
    """Return values joined by commas; of many values, the first ones and the last."""
    texts = [short_value(value) for value in values]
    return ",".join(texts if len(texts) <= most else [*texts[: most - 2], "...", texts[-1]])


def searched_text(settings: SizeSettings) -> str:
    """Return what is searched: ``5:100:2``, or ``5:100:2 x activation x alpha``."""
    return " x ".join([settings.neurons, *(name.replace("_", "-") for name, _ in settings.grid)])


def table_facts(table: TableSettings) -> dict[str, object]:
    """Return facts about the user's table by name: its size, and choices that differ from the defaults."""
    choice = table.choice
    usual = TableChoice(source=choice.source, header="names", skip=0, comment="")
    facts: dict[str, object] = {"source": escape_text(choice.source), "task": table.task}
    for field in dataclasses.fields(choice):
        value = getattr(choice, field.name)
        is_choice = field.name not in facts and field.name != "has_old_reading"
        if is_choice and value not in (None, getattr(usual, field.name)):
            facts[field.name] = escape_text(", ".join(value) if isinstance(value, tuple) else str(value))
    facts |= {"rows": table.rows, "inputs": table.inputs}
    if left_out := left_out_text(table):
        facts["left_out"] = escape_text(left_out)
    if table.labels:
        facts["labels"] = values_shown([escape_text(label) for label in table.labels])
    return facts


def inputs_text(inputs: int) -> str:
    """Return the number of inputs that a row, or a column, becomes."""
    return f"{inputs:,} input{'' if inputs == 1 else 's'} after encoding"
