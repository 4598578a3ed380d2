"""``nnsize demo``: example runs that open without computing."""

import click

from nnsize_engine.errors import SettingsError
from nnsize_engine.examples.add import add_example, missing_examples
from nnsize_engine.examples.catalogue import EXAMPLES, Example
from nnsize_engine.runs.folders import home
from nnsize_engine.settings.closest_match import hint
from nnsize_tui.commands.output import echo

NAMES = tuple(example.name for example in EXAMPLES)


@click.command(short_help="Add example runs, which open without computing.")
@click.argument("names", nargs=-1, metavar="[NAME]...")
def demo(names: tuple[str, ...]) -> None:
    """Add three example runs to yours, or those of these names: demo-1, demo-2, demo-3.

    They were computed once and recorded: the searches and the evolution of two articles, and a search in a table as
    you may have one. Nothing is computed. They are runs like yours: open, compare, export or delete them.
    """
    examples = [_named(name) for name in names] or list(EXAMPLES)
    missing = missing_examples(home())
    for example in examples:
        add_example(example, home())
        echo(f"{example.name}  {'added' if example in missing else 'here'}: {example.words}")
    first = examples[0].name
    echo(f"explore it: nnsize-tui {first}    print it: nnsize show {first}    remove it: nnsize delete {first}")


def _named(name: str) -> Example:
    for example in EXAMPLES:
        if example.name == name:
            return example
    raise SettingsError(f"there is no example {name[:80]!r}; {hint(name, NAMES, otherwise='name one of them')}")


assert demo.help is not None
assert all(name in demo.help for name in NAMES), "the help names every example"
