"""ConvergenceDisplay: the fitness of an evolution by generation, evaluations or seconds, or the loss of a training."""

from collections.abc import Mapping
from typing import Any, Self

import numpy as np
from sklearn.utils.validation import check_is_fitted

from nnsize._plotting import axes_for, view_of
from nnsize_engine.charts.axis import is_wide
from nnsize_engine.export.matplotlib_chart import COLOURS, literal_text
from nnsize_engine.runs.view import EvolutionView
from nnsize_engine.settings.fitness import is_minimised

X_COLUMNS = {"generation": "number", "evaluations": "evaluations", "seconds": "elapsed"}
"""The column of the generations along each x axis."""


class ConvergenceDisplay:
    """The best fitness of an evolution as it goes on, with the mean of all members and the held-out fitness.

    Make one by `from_estimator` or `from_run`; all parameters are stored as attributes.

    Parameters
    ----------
    x : ndarray of shape (n_generations,)
        Generations, evaluations or seconds.

    best : ndarray of shape (n_generations,)
        The fitness of the best member of each generation.

    mean : ndarray of shape (n_generations,) or None, default=None
        The mean fitness of the members.

    held_out : ndarray of shape (n_generations,) or None, default=None
        The fitness of the best member on the rows held out.

    x_name : str, default='generation'
        The label of the x axis.

    fitness_name : str, default='fitness'
        The label of the y axis.

    is_log : bool, default=False
        True for a logarithmic y axis.

    Attributes
    ----------
    ax_ : matplotlib Axes
        The axes with the curves.

    figure_ : matplotlib Figure
        The figure of the axes.

    line_ : matplotlib Artist
        The line of the best fitness.

    mean_line_ : matplotlib Artist or None
        The line of the mean.

    held_out_line_ : matplotlib Artist or None
        The line of the held-out fitness.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from nnsize import ConvergenceDisplay, EvolutionClassifier
    >>> X, y = load_iris(return_X_y=True)
    >>> network = EvolutionClassifier((4,), generations=5, members=20, random_state=0).fit(X, y)
    >>> display = ConvergenceDisplay.from_estimator(network)
    >>> len(display.line_.get_xdata())
    6
    """

    def __init__(
        self,
        x: Any,
        best: Any,
        *,
        mean: Any = None,
        held_out: Any = None,
        x_name: str = "generation",
        fitness_name: str = "fitness",
        is_log: bool = False,
    ) -> None:
        self.x = x
        self.best = best
        self.mean = mean
        self.held_out = held_out
        self.x_name = x_name
        self.fitness_name = fitness_name
        self.is_log = is_log

    @classmethod
    def from_estimator(cls, estimator: Any, *, x: str = "generation", ax: Any = None, **kwargs: Any) -> Self:
        """Draw the evolution of an estimator that was fitted, or the loss curve of a network trained by gradient.

        Parameters
        ----------
        estimator : EvolutionClassifier, EvolutionRegressor, MLPClassifier or MLPRegressor
            A fitted estimator; scikit-learn's networks have a loss curve, too.

        x : {'generation', 'evaluations', 'seconds'}, default='generation'
            What is along x. A loss curve is by epoch.

        ax : matplotlib Axes or None, default=None
            Axes to draw on; None for new ones.

        **kwargs : dict
            Given to `plot`.

        Returns
        -------
        display : ConvergenceDisplay

        Raises
        ------
        NotFittedError
            If the estimator was not fitted.

        ValueError
            If it has neither generations nor losses.
        """
        check_is_fitted(estimator)
        if hasattr(estimator, "generations_"):
            fitness = estimator.fitness if isinstance(estimator.fitness, str) else "fitness"
            return cls._of(estimator.generations_, x, fitness).plot(ax=ax, **kwargs)
        losses = getattr(estimator, "loss_curve_", None)
        if losses is None:
            raise ValueError(f"a {type(estimator).__name__} has neither generations nor a loss curve")
        display = cls(np.arange(1, len(losses) + 1), np.asarray(losses), x_name="epoch", fitness_name="training loss")
        display.is_log = is_wide(display.best)
        return display.plot(ax=ax, **kwargs)

    @classmethod
    def from_run(cls, run: Any, *, x: str = "generation", ax: Any = None, **kwargs: Any) -> Self:
        """Draw the evolution of a run as it is now; of one that compares strategies, the best of them.

        Parameters
        ----------
        run : str, Path or Run
            The name of the run, its folder, or an object that has it as ``folder``.

        x : {'generation', 'evaluations', 'seconds'}, default='generation'
            What is along x.

        ax : matplotlib Axes or None, default=None
            Axes to draw on; None for new ones.

        **kwargs : dict
            Given to `plot`.

        Returns
        -------
        display : ConvergenceDisplay

        Raises
        ------
        ValueError
            If the run is no evolution, or has no generation yet.
        """
        view = view_of(run)
        if not isinstance(view, EvolutionView):
            raise ValueError(f"run {view.folder.name} is no evolution; draw it by ScoreCurveDisplay")
        if not view.generations:
            raise ValueError(f"run {view.folder.name} has no generation to draw yet")
        wanted = ("best", "mean", "held_out", *X_COLUMNS.values())
        columns = {name: view.generations.column(name) for name in wanted}
        return cls._of(columns, x, view.settings.measure).plot(ax=ax, **kwargs)

    @classmethod
    def _of(cls, columns: Mapping[str, Any], x: str, fitness: str) -> Self:
        """Make a display of the columns of generations.

        Raises:
            ValueError: there is no such x axis.
        """
        if x not in X_COLUMNS:
            raise ValueError(f"x is {x!r}; it must be {', '.join(map(repr, X_COLUMNS))}")

        def numbers(name: str) -> Any:
            found = np.asarray(columns[name], dtype=float) if name in columns else np.asarray([])
            return None if not len(found) or np.isnan(found).all() else found

        best = np.asarray(columns["best"], dtype=float)
        is_log = fitness != "fitness" and is_minimised(fitness) and is_wide([float(one) for one in best])
        return cls(
            np.asarray(columns[X_COLUMNS[x]], dtype=float),
            best,
            mean=numbers("mean"),
            held_out=numbers("held_out"),
            x_name=x,
            fitness_name=fitness,
            is_log=is_log,
        )

    def plot(self, ax: Any = None, *, with_mean: bool = False, line_kw: dict[str, Any] | None = None) -> Self:
        """Draw the curves.

        Parameters
        ----------
        ax : matplotlib Axes or None, default=None
            Axes to draw on; None for new ones.

        with_mean : bool, default=False
            True to draw the mean of all members, too, which may take most of the height.

        line_kw : dict or None, default=None
            Arguments of `ax.plot` for the best fitness.

        Returns
        -------
        display : ConvergenceDisplay
            This display, with its attributes.

        Raises
        ------
        ImportError
            If matplotlib is missing.
        """
        self.ax_ = axes_for("ConvergenceDisplay", ax)
        self.figure_ = self.ax_.figure
        (self.line_,) = self.ax_.plot(
            self.x, self.best, **{"color": COLOURS["line"], "label": "best", **(line_kw or {})}
        )
        self.mean_line_ = self._line(self.mean if with_mean else None, "mean", "second", ":")
        self.held_out_line_ = self._line(self.held_out, "held-out", "held_out", "-")
        if self.is_log:
            self.ax_.set_yscale("log")
        self.ax_.set_xlabel(literal_text(self.x_name))
        self.ax_.set_ylabel(literal_text(self.fitness_name))
        self.ax_.legend()
        return self

    def _line(self, values: Any, label: str, role: Any, style: str) -> Any:
        if values is None:
            return None
        (line,) = self.ax_.plot(self.x, values, label=label, color=COLOURS[role], ls=style)
        return line
