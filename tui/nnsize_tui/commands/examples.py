"""Examples in the help of each command."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import click

Example = tuple[str, str]
"""A command line, and what it does in a few words."""

EXAMPLES: Mapping[str, Sequence[Example]] = MappingProxyType(
    {
        "": (
            ("nnsize size", "how many neurons, on built-in data"),
            ("nnsize data flowers.csv", "look at a table of yours"),
            ("nnsize size flowers.csv -t kind -n auto", "find the size for it"),
            ("nnsize show last", "the newest run"),
            ("nnsize COMMAND --help", "all options, with examples"),
        ),
        "size": (
            ("nnsize size wine -n 4:20:4 -k 3", "4, 8, 12, 16 in three folds"),
            ("nnsize size flowers.csv -t kind -n auto", "your table; finds its sizes"),
            ("nnsize size iris -a relu,tanh --alpha 0.1,0.01", "every combination"),
            ("nnsize size digits -n 64x32,128 -j -2 -d", "one core left free, no wait"),
            ("nnsize size wine -n 4,8 --json", "the result, for a script"),
        ),
        "evolve": (
            ("nnsize evolve iris --strategy auto", "the recommended settings"),
            ("nnsize evolve iris -l 16,8 -g 200", "layers of 16 and 8"),
            ("nnsize evolve iris --strategy auto,shade -r 5", "compared, five seeds"),
            ("nnsize evolve wine --fitness f1_macro", "by another measure"),
        ),
        "data": (
            ("nnsize data flowers.csv", "columns, missing values, warnings"),
            ("nnsize data flowers.csv --column width", "one column in detail"),
            ("nnsize data prices.txt --separator ';'", "how to read the file"),
        ),
        "show": (
            ("nnsize show last", "the newest run"),
            ("nnsize show last --follow", "stay until it ends"),
            ("nnsize show last --json --all", "all candidates, for a script"),
            ("nnsize show last --config > again.toml", "its settings, to start it again"),
        ),
        "demo": (("nnsize demo", "three runs that open without computing"),),
        "importances": (("nnsize importances last", "which parameters matter, and how much"),),
        "open": (("nnsize open last", "the newest run, in the explorer"),),
        "compare": (
            ("nnsize compare kadibo last", "two runs side by side"),
            ("nnsize compare kadibo last -o both.csv", "the same as a table"),
        ),
        "resume": (
            ("nnsize resume last --follow", "go on, and watch"),
            ("nnsize resume last --cluster none", "go on, on this machine"),
        ),
        "extend": (
            ("nnsize extend last", "larger sizes, if they may help"),
            ("nnsize extend last -n 101:200:2", "these sizes"),
            ("nnsize extend last -g 500", "more generations of an evolution"),
        ),
        "export": (
            ("nnsize export last -o sizes.csv", "a table"),
            ("nnsize export last -o network.skops", "the network, as a scikit-learn pipeline"),
            ("nnsize export last -o curve.png", "the chart"),
            ("nnsize export last -o run.zip", "the whole run"),
        ),
        "report": (
            ("nnsize report last -o report.html", "a page about one run"),
            ("nnsize report kadibo last -o both.html", "a comparison"),
        ),
        "label": (
            ("nnsize label last --name baseline", "a name, by which commands find it"),
            ("nnsize label baseline --tag paper", "a tag"),
        ),
        "delete": (
            ("nnsize delete kadibo baseline", "these runs"),
            ("nnsize delete --older-than 30d", "all that are older"),
        ),
        "verify": (("nnsize verify --all", "all runs"),),
        "import": (("nnsize import run.zip", "a run from another machine"),),
    }
)
"""The examples of each command; of the program itself by an empty name."""


def add_examples(command: click.Command, name: str) -> None:
    """Put the examples of a command at the end of its help, or, if its options are many, before them."""
    examples = EXAMPLES.get(name, ())
    if examples and not command.epilog:
        width = max(len(line) for line, _ in examples)
        lines = [f"  {line.ljust(width)}  {words}" for line, words in examples]
        command.epilog = "\b\n" + "\n".join(["Examples:", *lines])
