"""Run: a run of nnsize, whoever started it: its results, its networks, and what one can ask of it."""

import html
import time
from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from nnsize._errors import told_in_python
from nnsize._progress import watch_words
from nnsize_engine.answers.advice import chosen_extension
from nnsize_engine.answers.kinds import answer_of, details_of
from nnsize_engine.errors import ExportError, NnsizeError
from nnsize_engine.results.records import LIVE_STATES, NetworkName, State
from nnsize_engine.runs import launch, steer
from nnsize_engine.runs.folders import is_gone, read_state
from nnsize_engine.runs.follower import RunFollower
from nnsize_engine.runs.label import LabelChange
from nnsize_engine.runs.relabel import label_in, relabel
from nnsize_engine.runs.view import AnyView, SizeView, WatchedView
from nnsize_engine.settings.run import KIND_WORDS

if TYPE_CHECKING:
    import pandas as pd

    from nnsize_engine.export.tables import TableName


class Run:
    """A search or an evolution in its folder, as ``nnsize-tui`` shows it.

    A run lives in its own process. It goes on when this program ends, and everything finished is kept. `open_run` and
    `list_runs` find runs; `SizeSearchCV` has its run in `run_`.

    Parameters
    ----------
    folder : str or os.PathLike
        The folder of the run.

    Raises
    ------
    OSError
        By every method and attribute, if the run is gone, damaged, or not allowed to be read.

    See Also
    --------
    open_run : Find a run by its name.
    list_runs : All runs, the newest first.

    Examples
    --------
    >>> from nnsize import SizeSearchCV
    >>> from sklearn.datasets import load_iris
    >>> X, y = load_iris(return_X_y=True)
    >>> run = SizeSearchCV(neurons=[2, 4], cv=2, verbose=0).fit(X, y).run_
    >>> run.state
    'finished'
    >>> run.results()["param_hidden_layer_sizes"].tolist()
    [(2,), (4,)]
    >>> run.delete()
    """

    def __init__(self, folder: Any) -> None:
        self._folder = Path(folder).absolute()
        self._follower = RunFollower(self._folder)

    @property
    def folder(self) -> Path:
        """The folder of the run."""
        return self._folder

    @property
    def id(self) -> str:
        """The id of the run, which is the name of its folder and never changes."""
        return self._folder.name

    @property
    def name(self) -> str:
        """The name that the run was given; its id if it has none. It can be set, also while the run is at work.

        `open_run`, commands and the explorer find the run by its id, by the beginning of it, and by its name.
        """
        return label_in(self._folder).name or self.id

    @name.setter
    def name(self, name: str) -> None:
        self._relabel(LabelChange(name=_text("name", name)))

    @property
    def note(self) -> str:
        """A note about the run; empty without one. It can be set."""
        return label_in(self._folder).note

    @note.setter
    def note(self, note: str) -> None:
        self._relabel(LabelChange(note=_text("note", note)))

    @property
    def tags(self) -> tuple[str, ...]:
        """The tags of the run, in the order in which they were given. They can be set."""
        return label_in(self._folder).tags

    @tags.setter
    def tags(self, tags: Iterable[str]) -> None:
        given = (tags,) if isinstance(tags, str) else tuple(_text("tag", tag) for tag in tags)
        self._relabel(LabelChange(tags=given, removed=self.tags))

    @property
    def kind(self) -> str:
        """What the run is: 'size', a search for the number of neurons; 'evolution'; or 'watched', by scikit-learn."""
        with told_in_python():
            return str(read_state(self._folder)[0].kind)

    @property
    def state(self) -> State:
        """Where the run stands: starting, running, paused, finished, stopped, failed, refused or interrupted."""
        with told_in_python():
            return read_state(self._folder)[1]

    @property
    def settings(self) -> dict[str, Any]:
        """Every setting of the run by its name."""
        import json

        from nnsize_engine.settings.stored_settings import settings_to_json

        with told_in_python():
            found: dict[str, Any] = json.loads(settings_to_json(read_state(self._folder)[0].settings))
        return found

    @property
    def answer(self) -> str:
        """The answer so far in words."""
        view = self._look()
        return " ".join([answer_of(view), *details_of(view)])

    def results(self) -> "pd.DataFrame":
        """Return the results of a search in the shape of ``cv_results_``, or those of an evolution by network.

        Returns
        -------
        results : pandas.DataFrame
            A row for each candidate that has a finished fit, with the columns of ``cv_results_``; training scores too.
            Of an evolution, a row for each network: what it scores, in seconds and in the units of the fitness.

        Raises
        ------
        OSError
            If the run cannot be read.
        """
        from pandas import DataFrame

        view = self._look()
        if isinstance(view, SizeView):
            from nnsize._cv_results import results_of_view

            return DataFrame(results_of_view(view))
        if isinstance(view, WatchedView):
            return self._table("candidates")
        networks = [("evolved", view.evolved), ("gradient", view.gradient), ("quantized", view.quantized)]
        columns = ("steps", "train_score", "test_score", "train_loss", "test_loss", "error")
        rows = {name: [getattr(scores, column) for column in columns] for name, scores in networks if scores}
        return DataFrame.from_dict(rows, orient="index", columns=list(columns))

    def fits(self) -> "pd.DataFrame":
        """Return every finished fit of a search.

        Returns
        -------
        fits : pandas.DataFrame
            A row for each fit: its parameters, fold, scores, seconds, epochs, and its error if it failed.

        Raises
        ------
        ValueError
            If the run is an evolution.
        OSError
            If the run cannot be read.
        """
        return self._table("fits")

    def generations(self) -> "pd.DataFrame":
        """Return every finished generation of an evolution.

        Returns
        -------
        generations : pandas.DataFrame
            A row for each generation, the first population included.

        Raises
        ------
        ValueError
            If the run is a search.
        OSError
            If the run cannot be read.
        """
        return self._table("generations")

    def importances(self) -> "pd.DataFrame":
        """Return how much each parameter of a search matters, as shares of the variance between mean scores.

        The noise of the folds is taken out of the shares of parameters and pairs, and has a row of its own; all rows
        add up to 1. `effects` has the mean score for each value.

        Returns
        -------
        importances : pandas.DataFrame
            A row for each parameter, each pair, three or more parameters together, and noise, the largest share first.
            Its columns are part, kind ('parameter', 'interaction' or 'noise'), share with its 95 % interval in
            share_low and share_high, and for parameters the total with all interactions, with its interval.

        Raises
        ------
        ValueError
            If the run is no size search.
        RuntimeError
            If fewer than two parameters vary, or too few candidates have scores yet.
        OSError
            If the run cannot be read.
        """
        return self._table("importances")

    def effects(self) -> "pd.DataFrame":
        """Return the mean score for each value of each parameter of a search over several.

        Returns
        -------
        effects : pandas.DataFrame
            A row for each value: parameter, value, mean_score over all values of the other parameters, its
            standard_error without what folds have in common, and score_beside_best, the score where all other
            parameters are those of the best candidate.

        Raises
        ------
        ValueError
            If the run is no size search.
        RuntimeError
            If fewer than two parameters vary, or too few candidates have scores yet.
        OSError
            If the run cannot be read.
        """
        return self._table("effects")

    def loss_curves(self) -> "pd.DataFrame":
        """Return the training loss of every finished fit of a search by epoch.

        Returns
        -------
        losses : pandas.DataFrame
            A row for each epoch of each fit, with the columns hidden_layer_sizes, candidate, split, epoch (from 1) and
            loss. A fit by ``solver='lbfgs'`` has none.

        Raises
        ------
        ValueError
            If the run is an evolution or a watched search.
        OSError
            If the run cannot be read.
        """
        from pandas import DataFrame

        from nnsize_engine.runs.database import reading
        from nnsize_engine.runs.search_reader import read_loss_curve

        view = self._look()
        if not isinstance(view, SizeView):
            raise ValueError(f"run {self.name} is {KIND_WORDS[view.kind]}, which has no losses by epoch")
        columns: dict[str, list[Any]] = {
            name: [] for name in ("hidden_layer_sizes", "candidate", "split", "epoch", "loss")
        }
        with told_in_python(), reading(self._folder) as connection:
            for summary in view.summaries:
                for fit in filter(None, summary.fits):
                    losses = read_loss_curve(connection, fit.candidate, fit.fold)
                    count = len(losses)
                    columns["hidden_layer_sizes"] += [summary.candidate.hidden_layer_sizes] * count
                    columns["candidate"] += [fit.candidate] * count
                    columns["split"] += [fit.fold] * count
                    columns["epoch"] += range(1, count + 1)
                    columns["loss"] += losses
        return DataFrame(columns)

    def best_estimator(self) -> Any:
        """Return the best network of a search, or the evolved one of an evolution.

        Returns
        -------
        estimator : sklearn.pipeline.Pipeline or TransformedTargetRegressor
            The trained network behind the scaler or the encoder of its inputs, made of scikit-learn's own classes.

        Raises
        ------
        sklearn.exceptions.NotFittedError
            If the run has no such network, yet or at all. It is a ValueError.
        OSError
            If the run cannot be read.
        """
        return self._network(None)

    def recommended_estimator(self) -> Any:
        """Return the recommended network of a search: the smallest that is not distinguishably worse than the best.

        Returns
        -------
        estimator : sklearn.pipeline.Pipeline or TransformedTargetRegressor
            The trained network behind the scaler or the encoder of its inputs, made of scikit-learn's own classes.

        Raises
        ------
        sklearn.exceptions.NotFittedError
            If the run has no such network, yet or at all. It is a ValueError.
        OSError
            If the run cannot be read.
        """
        return self._network("recommended")

    def pause(self) -> None:
        """Halt for now, in the middle of fits or of a generation; `resume` goes on exactly there.

        Raises
        ------
        RuntimeError
            If the run is not at work.
        """
        with told_in_python():
            steer.pause(self._folder)

    def resume(self, *, run_code: bool = False) -> None:
        """Go on with a run that is paused, stopped, failed or interrupted; nothing finished is repeated.

        Parameters
        ----------
        run_code : bool, default=False
            Whether the run may call the Python function that is its fitness.

        Raises
        ------
        RuntimeError
            If the run is at work or finished.
        ValueError
            If its data is gone or has changed.
        """
        with told_in_python():
            steer.resume(self._folder, runs_code=run_code)

    def stop(self) -> None:
        """End the run now; what is finished is kept, and it can be resumed.

        Raises
        ------
        RuntimeError
            If the run is not at work.
        """
        with told_in_python():
            steer.stop(self._folder)

    def extend(
        self,
        *,
        neurons: Any = None,
        max_neurons: int | None = None,
        repeats: int | None = None,
        fold_rounds: int | None = None,
        generations: int | None = None,
        evaluations: int | None = None,
        seconds: float | None = None,
        run_code: bool = False,
    ) -> None:
        """Add fits to a search that has ended, or generations to an evolution, and go on; no fit is repeated.

        Without parameters, what the answer advises is added: larger sizes to a search whose score still rises, twice
        the limits to an evolution that still improves.

        Parameters
        ----------
        neurons : str, int or iterable of int or tuple of int, default=None
            Sizes to add, as `SizeSearchCV` takes them.

        max_neurons : int, default=None
            The new largest size, where a search finds its sizes.

        repeats : int, default=None
            Repeats of a search in all, with seeds of their own.

        fold_rounds : int, default=None
            Rounds of folds of a search in all.

        generations : int, default=None
            Generations of an evolution in all.

        evaluations : int, default=None
            Evaluations of its fitness in all.

        seconds : float, default=None
            Its seconds of computing in all.

        run_code : bool, default=False
            Whether the run may call the Python function that is its fitness.

        Raises
        ------
        RuntimeError
            If the run is at work, or nothing is advised.
        ValueError
            If the extension does not fit the run.
        """
        from nnsize._neurons import neurons_text

        given = {
            "neurons": None if neurons is None else neurons_text(neurons),
            "max_neurons": max_neurons,
            "repeats": repeats,
            "fold_rounds": fold_rounds,
            "generations": generations,
            "evaluations": evaluations,
            "seconds": seconds,
        }
        with told_in_python():
            launch.extend(self._folder, chosen_extension(self._look(), given, str), runs_code=run_code)

    def wait(self, timeout: float | None = None) -> Self:
        """Wait until the run has ended.

        Parameters
        ----------
        timeout : float, default=None
            Seconds to wait at most; None to wait as long as it takes. A paused run has not ended.

        Returns
        -------
        self : Run
            The run, in whatever state it has ended.

        Raises
        ------
        TimeoutError
            If it has not ended in this time. The run goes on.
        """
        follow_run(self, lambda _: None, timeout)
        return self

    def delete(self) -> None:
        """Remove the run and all its results; one that is at work has to be stopped first.

        Files in its folder that are not the run's stay.

        Raises
        ------
        RuntimeError
            If the run is at work.
        """
        self._check_is_there()
        with told_in_python():
            launch.delete(self._folder)

    def plot(self, ax: Any = None) -> Any:
        """Draw the score curve of a search, or the convergence of an evolution.

        Parameters
        ----------
        ax : matplotlib.axes.Axes, default=None
            Axes to draw on; None for new ones.

        Returns
        -------
        display : ScoreCurveDisplay or ConvergenceDisplay
            The display, with its axes and its figure.
        """
        displays = import_module("nnsize")
        display = displays.ConvergenceDisplay if self.kind == "evolution" else displays.ScoreCurveDisplay
        return display.from_run(self, ax=ax)

    def report(self, path: Any) -> None:
        """Write the run as one HTML file that needs nothing else.

        Parameters
        ----------
        path : str or os.PathLike
            The file to write.

        Raises
        ------
        OSError
            If the run cannot be read.
        FileExistsError
            If there is such a file.
        ValueError
            If the file cannot be written.
        """
        write_report: Callable[[Path, Path], object] = import_module("nnsize_engine.report").write_report
        with told_in_python():
            write_report(self._folder, Path(path))

    def __eq__(self, other: object) -> bool:
        """Return whether another object is the run in the same folder."""
        return isinstance(other, Run) and other._folder == self._folder

    def __hash__(self) -> int:
        """Return the hash of the folder."""
        return hash(self._folder)

    def __reduce__(self) -> tuple[type["Run"], tuple[str]]:
        """Return how a copy is made: it is the same run."""
        return type(self), (str(self._folder),)

    def __repr__(self) -> str:
        """Return the name, the kind and the state."""
        try:
            header, state = read_state(self._folder)
        except NnsizeError as error:
            return f"<Run {self.name!r}: {error}>"
        return f"<Run {self.name!r}: {header.kind}, {state}, {header.done:,} of {header.total:,}>"

    def _repr_html_(self) -> str:
        """Return the run as notebooks show it; all texts in it stay texts."""
        try:
            header, state = read_state(self._folder)
            lines = [self.answer]
        except (NnsizeError, OSError) as error:
            return f"<div><b>Run {html.escape(self.name)}</b></div><div>{html.escape(str(error))}</div>"
        if state in LIVE_STATES:
            lines.append(watch_words(self._folder))
        bar = f'<progress value="{header.done}" max="{max(header.total, 1)}"></progress>'
        head = f"<b>Run {html.escape(self.name)}</b> {html.escape(state)} {bar} {header.done:,} of {header.total:,}"
        return f"<div>{head}</div>" + "".join(f"<div>{html.escape(line)}</div>" for line in lines)

    def _relabel(self, change: LabelChange) -> None:
        self._check_is_there()
        with told_in_python():
            relabel(self._folder, change)

    def _look(self) -> AnyView:
        with told_in_python():
            return self._follower.look()

    def _table(self, name: "TableName") -> "pd.DataFrame":
        from pandas import DataFrame

        from nnsize_engine.export.kinds import make_table

        view = self._look()
        with told_in_python():
            return DataFrame(make_table(view, name))

    def _network(self, name: NetworkName | None) -> Any:
        from sklearn.exceptions import NotFittedError

        from nnsize._run_network import network_of

        with told_in_python():
            try:
                return network_of(self._folder, name)
            except ExportError as error:
                raise NotFittedError(str(error)) from error

    def _check_is_there(self) -> None:
        if is_gone(self._folder):
            raise FileNotFoundError(f"there is no run in {self._folder}")


def _text(what: str, text: object) -> str:
    if not isinstance(text, str):
        raise TypeError(f"the {what} of a run is {text!r}; it must be a text")
    return text


def follow_run(run: Run, show: Callable[[AnyView], None], timeout: float | None = None) -> AnyView:
    """Look at a run until it has ended.

    Raises:
        TimeoutError: it has not ended in time.
        OSError: it cannot be read.
    """
    deadline = None if timeout is None else time.monotonic() + timeout

    def is_over() -> bool:
        return deadline is not None and time.monotonic() >= deadline

    with told_in_python():
        view = steer.follow(RunFollower(run.folder), show, is_over)
    if view.state in LIVE_STATES:
        raise TimeoutError(f"run {run.name} is still {view.state} after {timeout:g} seconds, and goes on")
    return view
