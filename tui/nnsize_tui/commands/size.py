"""``nnsize size``: search for the number of neurons."""

import click

from nnsize_engine import launch
from nnsize_engine.builtin import BUILTIN, builtin_data
from nnsize_engine.runs import home
from nnsize_engine.scorings import default_scoring
from nnsize_engine.settings import PRECISIONS, Precision, SizeSettings, parse_test_size
from nnsize_tui.commands.follow import follow, start_detached
from nnsize_tui.commands.network_options import network_options, network_parameters

_DEFAULTS = SizeSettings()


@click.command(short_help="Search for the number of neurons a network needs.")
@click.argument("data", default=_DEFAULTS.data)
@click.option(
    "--neurons",
    default=_DEFAULTS.neurons,
    show_default=True,
    metavar="SIZES",
    help="Hidden-layer sizes: 5:100:2 (the end is left out), 8,16,32, log:4:512:8, two layers 64x32.",
)
@click.option(
    "--cv",
    type=int,
    default=_DEFAULTS.cv,
    show_default=True,
    metavar="FOLDS",
    help="Folds of the cross-validation, as GridSearchCV(cv=FOLDS) makes them.",
)
@click.option(
    "--scoring",
    metavar="NAME",
    help="A scikit-learn scoring  [default: roc_auc for two classes, accuracy for more, r2 for numbers]",
)
@click.option("--seed", type=int, default=_DEFAULTS.seed, show_default=True, help="random_state of the networks.")
@click.option(
    "--test-size",
    default=str(_DEFAULTS.test_size),
    show_default=True,
    metavar="PART",
    help="Held out for one final test: a fraction, or a number of rows.",
)
@click.option(
    "--split-seed",
    type=int,
    default=_DEFAULTS.split_seed,
    show_default=True,
    help="random_state of the split into training and test rows.",
)
@click.option("--jobs", type=int, metavar="N", help="Fits at a time  [default: one on each processor]")
@click.option(
    "--precision",
    type=click.Choice(PRECISIONS),
    default=_DEFAULTS.precision,
    show_default=True,
    help="float64 gives scikit-learn's scores; float32 is faster and near them.",
)
@network_options
@click.option("--detach", is_flag=True, help="Start the search, print its id, and return.")
@click.option("--json", "as_json", is_flag=True, help="Print the final result as one JSON object, nothing else.")
@click.pass_context
def size(
    context: click.Context,
    /,
    data: str,
    neurons: str,
    cv: int,
    scoring: str | None,
    seed: int,
    test_size: str,
    split_seed: int,
    jobs: int | None,
    detach: bool,
    as_json: bool,
    precision: Precision,
    **network: str | bool | None,
) -> None:
    """Score every hidden-layer size on DATA by cross-validation, choose, and test the best one once.

    DATA is breast_cancer, wine, iris, digits, diabetes or synthetic. Without arguments this is the search of
    breast_cancer over 5, 7, ... 99 neurons. The search runs in the background: closing the terminal does not end it,
    Ctrl-C stops it and keeps what is finished.
    """
    settings = SizeSettings(
        data=data,
        neurons=neurons,
        cv=cv,
        scoring=scoring if scoring is not None else default_scoring(builtin_data(data).task),
        seed=seed,
        test_size=parse_test_size(test_size),
        split_seed=split_seed,
        jobs=jobs,
        precision=precision,
        network=network_parameters(network),
    )
    folder = launch.start(settings, home())
    if detach:
        start_detached(folder, as_json=as_json)
    else:
        context.exit(follow(folder, as_json=as_json, is_new=True))


assert size.help is not None
assert all(name in size.help for name in BUILTIN), "the help names every built-in data set"
