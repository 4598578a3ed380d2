"""ScoreCurveDisplay: the score by the number of neurons, or by any other number, with its uncertainty."""

from typing import Any, Self

import numpy as np
from sklearn.utils.validation import check_is_fitted

from nnsize._plotting import axes_for
from nnsize._score_curve import ScoreCurve, curve_of_results, curve_of_run
from nnsize_engine.charts.description import Role
from nnsize_engine.charts.search_space import MIN_LOG_RATIO
from nnsize_engine.export.matplotlib_chart import COLOURS, literal_text

STYLES = ("fill_between", "errorbar", None)


class ScoreCurveDisplay:
    """Mean score on held-out rows by one parameter, with the standard error of the mean.

    Make one by `from_estimator`, `from_cv_results` or `from_run`; all parameters are stored as attributes.

    Parameters
    ----------
    param_range : ndarray of shape (n_values,)
        The values of the parameter in rising order, such as numbers of neurons.

    mean_scores : ndarray of shape (n_values,)
        The mean score over the splits; NaN for a candidate that failed.

    standard_errors : ndarray of shape (n_values,) or None, default=None
        Standard errors of the means over the splits.

    train_scores : ndarray of shape (n_values,) or None, default=None
        The mean scores on the rows trained on.

    param_name : str, default='neurons'
        The label of the x axis.

    score_name : str, default='score'
        The label of the y axis.

    best : int or None, default=None
        The place of the best candidate among the values.

    recommended : int or None, default=None
        The place of the recommended candidate.

    Attributes
    ----------
    ax_ : matplotlib Axes
        The axes with the curve.

    figure_ : matplotlib Figure
        The figure of the axes.

    line_ : matplotlib Artist
        The line of the mean scores.

    fill_between_ : matplotlib Artist or None
        The band of one standard error around it.

    errorbar_ : matplotlib Artist or None
        The error bars, drawn in place of line and band.

    train_line_ : matplotlib Artist or None
        The line of the training scores.

    best_ : matplotlib Artist or None
        The mark of the best candidate.

    recommended_ : matplotlib Artist or None
        The mark of the recommended candidate.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from nnsize import ScoreCurveDisplay, SizeSearchCV
    >>> X, y = load_iris(return_X_y=True)
    >>> search = SizeSearchCV(neurons="4,8,16").fit(X, y)
    >>> display = ScoreCurveDisplay.from_estimator(search)
    >>> display.line_.get_xdata().tolist()
    [4.0, 8.0, 16.0]
    """

    def __init__(
        self,
        param_range: Any,
        mean_scores: Any,
        standard_errors: Any = None,
        *,
        train_scores: Any = None,
        param_name: str = "neurons",
        score_name: str = "score",
        best: int | None = None,
        recommended: int | None = None,
    ) -> None:
        self.param_range = param_range
        self.mean_scores = mean_scores
        self.standard_errors = standard_errors
        self.train_scores = train_scores
        self.param_name = param_name
        self.score_name = score_name
        self.best = best
        self.recommended = recommended

    @classmethod
    def from_estimator(
        cls, estimator: Any, *, param_name: str | None = None, scoring: str | None = None, ax: Any = None, **kwargs: Any
    ) -> Self:
        """Draw the curve of a search that was fitted.

        Parameters
        ----------
        estimator : SizeSearchCV, or a search of scikit-learn
            It has `cv_results_`.

        param_name : str or None, default=None
            The parameter along x; None for the only one whose values are different numbers. Where others vary, too, the
            best candidate of each value is shown.

        scoring : str or None, default=None
            The score, where there are several; None for the one that chooses, or the first.

        ax : matplotlib Axes or None, default=None
            Axes to draw on; None for new ones.

        **kwargs : dict
            Given to `plot`.

        Returns
        -------
        display : ScoreCurveDisplay

        Raises
        ------
        NotFittedError
            If the search was not fitted.

        ValueError
            If it has no such parameter or score, or several parameters could be along x.
        """
        check_is_fitted(estimator, "cv_results_")
        refit = getattr(estimator, "refit", None)
        is_named = isinstance(refit, str) and f"mean_test_{refit}" in estimator.cv_results_  # not with a single scoring
        named = scoring or (refit if is_named else None)
        chosen = {
            "best": getattr(estimator, "best_index_", None),
            "recommended": getattr(estimator, "recommended_index_", None),
        }
        display = cls._of(curve_of_results(estimator.cv_results_, param_name, named, chosen))
        if isinstance(getattr(estimator, "scoring", None), str):  # the results call the only score "score"
            display.score_name = estimator.scoring
        return display.plot(ax=ax, **kwargs)

    @classmethod
    def from_cv_results(
        cls,
        cv_results: Any,
        *,
        param_name: str | None = None,
        scoring: str | None = None,
        ax: Any = None,
        **kwargs: Any,
    ) -> Self:
        """Draw the curve of ``cv_results_``; the best candidate is the one with the largest mean.

        Parameters
        ----------
        cv_results : dict of ndarrays, or DataFrame
            The results of a search, with its columns.

        param_name : str or None, default=None
            The parameter along x, as in `from_estimator`.

        scoring : str or None, default=None
            The score; None for the first.

        ax : matplotlib Axes or None, default=None
            Axes to draw on; None for new ones.

        **kwargs : dict
            Given to `plot`.

        Returns
        -------
        display : ScoreCurveDisplay

        Raises
        ------
        ValueError
            If these are no results, or they have no such parameter or score.
        """
        results = {str(name): cv_results[name] for name in cv_results}
        curve = curve_of_results(results, param_name, scoring, {})
        display = cls._of(curve)
        if not np.isnan(curve.mean).all():
            display.best = int(np.nanargmax(curve.mean))
        return display.plot(ax=ax, **kwargs)

    @classmethod
    def from_run(cls, run: Any, *, ax: Any = None, **kwargs: Any) -> Self:
        """Draw the curve of a run as it is now: of a size search, or of a watched search over one number.

        Parameters
        ----------
        run : str, Path, Run or watched search
            The name of the run, its folder, or an object that has it as ``folder``.

        ax : matplotlib Axes or None, default=None
            Axes to draw on; None for new ones.

        **kwargs : dict
            Given to `plot`.

        Returns
        -------
        display : ScoreCurveDisplay

        Raises
        ------
        ValueError
            If the run has no such curve, or no scores yet.
        """
        return cls._of(curve_of_run(run)).plot(ax=ax, **kwargs)

    @classmethod
    def _of(cls, curve: ScoreCurve) -> Self:
        return cls(
            curve.values,
            curve.mean,
            curve.standard_error,
            train_scores=curve.train,
            param_name=curve.parameter,
            score_name=curve.score_name,
            best=curve.best,
            recommended=curve.recommended,
        )

    def plot(
        self,
        ax: Any = None,
        *,
        score_type: str = "test",
        std_display_style: str | None = "fill_between",
        line_kw: dict[str, Any] | None = None,
        fill_between_kw: dict[str, Any] | None = None,
        errorbar_kw: dict[str, Any] | None = None,
    ) -> Self:
        """Draw the curve.

        Parameters
        ----------
        ax : matplotlib Axes or None, default=None
            Axes to draw on; None for new ones.

        score_type : {'test', 'both'}, default='test'
            With 'both' the scores on the rows trained on are drawn, too, where they are known.

        std_display_style : {'fill_between', 'errorbar'} or None, default='fill_between'
            How the standard error is drawn; None leaves it out.

        line_kw : dict or None, default=None
            Arguments of `ax.plot` for the mean scores.

        fill_between_kw : dict or None, default=None
            Arguments of `ax.fill_between`.

        errorbar_kw : dict or None, default=None
            Arguments of `ax.errorbar`.

        Returns
        -------
        display : ScoreCurveDisplay
            This display, with its attributes.

        Raises
        ------
        ImportError
            If matplotlib is missing.

        ValueError
            If a style is unknown.
        """
        if std_display_style not in STYLES:
            raise ValueError(
                f"std_display_style is {std_display_style!r}; it must be 'fill_between', 'errorbar' or None"
            )
        if score_type not in ("test", "both"):
            raise ValueError(f"score_type is {score_type!r}; it must be 'test' or 'both'")
        self.ax_ = axes_for("ScoreCurveDisplay", ax)
        self.figure_ = self.ax_.figure
        self._draw_line(std_display_style, line_kw or {}, fill_between_kw or {}, errorbar_kw or {})
        self.train_line_: Any = None
        if score_type == "both" and self.train_scores is not None:
            look = {"color": COLOURS["second"], "ls": ":", "label": "training"}
            (self.train_line_,) = self.ax_.plot(self.param_range, self.train_scores, **look)
        is_one = self.best is not None and self.best == self.recommended
        self.recommended_ = None if is_one else self._mark(self.recommended, "recommended", "D", 8, "recommended")
        self.best_ = self._mark(self.best, "best", "*", 14, "best and recommended" if is_one else "best")
        self._label()
        return self

    def _draw_line(
        self, style: str | None, line_kw: dict[str, Any], fill_kw: dict[str, Any], errorbar_kw: dict[str, Any]
    ) -> None:
        """Draw the means with their standard errors."""
        self.fill_between_ = self.errorbar_ = None
        x, mean, error = self.param_range, self.mean_scores, self.standard_errors
        look = {"color": COLOURS["line"], "marker": "o", "ms": 3, "label": literal_text(f"mean {self.score_name}")}
        if style == "errorbar" and error is not None:
            self.errorbar_ = self.ax_.errorbar(x, mean, error, **{**look, **errorbar_kw})
            self.line_ = self.errorbar_[0]
            return
        (self.line_,) = self.ax_.plot(x, mean, **{**look, **line_kw})
        if style == "fill_between" and error is not None:
            band = {"color": COLOURS["band"], "alpha": 0.2, "lw": 0, "label": "± standard error", **fill_kw}
            mean, error = np.asarray(mean), np.asarray(error)
            self.fill_between_ = self.ax_.fill_between(x, mean - error, mean + error, **band)

    def _mark(self, place: int | None, role: Role, marker: str, size: int, label: str) -> Any:
        """Mark one candidate, and return the mark."""
        if place is None:
            return None
        x, y = self.param_range[place], self.mean_scores[place]
        look = {
            "color": COLOURS["best" if role == "best" else "recommended"],
            "mec": "black",
            "ls": "none",
            "zorder": 3,
        }
        (mark,) = self.ax_.plot([x], [y], marker=marker, ms=size, label=f"{label}: {x:g}", **look)
        return mark

    def _label(self) -> None:
        """Name the axes; values far apart get a logarithmic axis."""
        values = np.asarray(self.param_range, dtype=float)
        if len(values) and values.min() > 0 and values.max() / values.min() >= MIN_LOG_RATIO:
            self.ax_.set_xscale("log")
        self.ax_.set_xlabel(literal_text(self.param_name))
        self.ax_.set_ylabel(literal_text(self.score_name))
        self.ax_.legend()
