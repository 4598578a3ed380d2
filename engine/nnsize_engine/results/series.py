"""The series of a run that compares strategies: their results, and the numbers of each strategy."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median, quantiles

from nnsize_engine.results.generations import Generations
from nnsize_engine.results.records import NetworkScores, SeriesResult
from nnsize_engine.settings.fitness import is_minimised
from nnsize_engine.settings.series import Series
from nnsize_engine.text import score_text, seconds_text


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesView:
    """One series as it stands."""

    series: Series
    generations: Generations
    """All that are finished, in order."""

    result: SeriesResult | None
    """How it ended; None while it goes on or has not begun."""

    @property
    def scores(self) -> NetworkScores | None:
        """Scores of its network; None while it goes on."""
        return None if self.result is None else self.result.scores


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """The median and the quartiles of some values, by linear interpolation as NumPy's."""

    low: float
    middle: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class StrategySummary:
    """The numbers of one strategy, over the series that are over; of the one under way if none is."""

    number: int
    """Its place among the strategies of the run, from 0."""

    name: str
    strategy: str
    """The strategy that it is; auto is one of the others."""

    repeats: int
    done: int
    """Series that are over."""

    best: Spread | None
    """Best fitness of each series, weight decay included."""

    test_score: float | None
    """Median of the test scores."""

    held_out: float | None
    """Median of the fitness on the held-out rows."""

    rate: float | None
    """Evaluations a second, of all series together."""

    evaluations: float | None
    """Median of the evaluations of a series."""

    seconds: float | None
    """Median of the seconds of a series."""


def full_name(name: str, strategy: str) -> str:
    """Return the name of a compared strategy; that of auto says which strategy it is."""
    return name if name == strategy else f"{name} ({strategy})"


def spread_of(values: Iterable[float | None]) -> Spread | None:
    """Return the median and the quartiles of the values that are known; None without one."""
    known = [value for value in values if value is not None]
    if not known:
        return None
    if len(known) == 1:
        return Spread(low=known[0], middle=known[0], high=known[0])
    low, middle, high = quantiles(known, n=4, method="inclusive")
    return Spread(low=low, middle=middle, high=high)


def median_of(values: Iterable[float | None]) -> float | None:
    """Return the median of the values that are known; None without one."""
    known = [value for value in values if value is not None]
    return median(known) if known else None


def best_series(results: Iterable[SeriesResult], fitness: str) -> int | None:
    """Return the number of the series with the best value; the first of equal ones. None without a value."""
    sign = 1.0 if is_minimised(fitness) else -1.0
    known = [(sign * one.value, one.series) for one in results if one.value is not None]
    if known:
        return min(known)[1]
    return min((one.series for one in results), default=None)


def end_words(series: Series, result: SeriesResult) -> str:
    """Return a line about a series that is over, such as ``shade, seed 2: log_loss 0.4811, accuracy 0.9282 ...``."""
    settings, scores = series.settings, result.scores
    parts = [f"{settings.measure} {score_text(scores.objective)}"]
    if scores.test_score is not None:
        parts.append(f"{settings.final_scoring} {score_text(scores.test_score)} on test rows")
    name = f"{series.name}, seed {settings.seed}"
    return f"{name}: {', '.join([*parts, seconds_text(scores.seconds)])}; {result.reason}"


def summarise_strategies(series: Sequence[SeriesView]) -> tuple[StrategySummary, ...]:
    """Return the numbers of each strategy, in their order in the run."""
    names = list(dict.fromkeys(one.series.name for one in series))
    return tuple(
        _summary(number, [one for one in series if one.series.name == name]) for number, name in enumerate(names)
    )


def _summary(number: int, series: Sequence[SeriesView]) -> StrategySummary:
    over = [one for one in series if one.result is not None]
    begun = [one for one in series if one.generations]
    counted = [one for one in (over or begun) if one.generations]
    last = [one.generations[-1] for one in counted]
    ends = [one.generations[-1] for one in begun]
    seconds = sum(one.elapsed for one in ends)
    return StrategySummary(
        number=number,
        name=series[0].series.name,
        strategy=series[0].series.settings.strategy,
        repeats=len(series),
        done=len(over),
        best=spread_of(one.best for one in last),
        test_score=median_of(one.scores.test_score for one in over if one.scores is not None),
        held_out=median_of(one.held_out for one in last),
        rate=sum(one.evaluations for one in ends) / seconds if seconds > 0 else None,
        evaluations=median_of(one.evaluations for one in last),
        seconds=median_of(one.elapsed for one in last),
    )


def ranked(summaries: Sequence[StrategySummary], fitness: str) -> list[StrategySummary]:
    """Return the strategies by the median of their best fitness, the best first; those without one last."""
    sign = 1.0 if is_minimised(fitness) else -1.0
    return sorted(
        summaries, key=lambda one: (one.best is None, 0.0 if one.best is None else sign * one.best.middle, one.number)
    )


def remaining_of_series(series: Sequence[SeriesView]) -> float | None:
    """Return the expected seconds until the last series ends; None before the first generation, and after the last.

    A series that has not begun takes as long as others of its strategy, or as all others.
    """
    begun = [one for one in series if one.generations]
    if not begun or all(one.result is not None for one in series):
        return None
    whole = [(one.series.name, _expected(one)) for one in begun]
    mean = sum(seconds for _, seconds in whole) / len(whole)
    left = 0.0
    for one in series:
        if one.result is not None:
            continue
        if one.generations:
            left += max(0.0, _expected(one) - one.generations[-1].elapsed)
        else:
            own = [seconds for name, seconds in whole if name == one.series.name]
            left += sum(own) / len(own) if own else mean
    return left


def fraction_of_series(series: Sequence[SeriesView]) -> float:
    """Return the finished share of all series, from 0 to 1."""
    return sum(1.0 if one.result is not None else _share(one) for one in series) / max(1, len(series))


def _expected(one: SeriesView) -> float:
    """Return the expected seconds of a whole series that has begun."""
    elapsed = one.generations[-1].elapsed
    return elapsed if one.result is not None else elapsed / max(_share(one), 1e-9)


def _share(one: SeriesView) -> float:
    """Return the finished share of a series that is not over."""
    if not one.generations:
        return 0.0
    settings, last = one.series.settings, one.generations[-1]
    plan = settings.plan(settings.member_count)
    share = last.evaluations / plan.evaluations
    if settings.seconds is not None:
        share = max(share, last.elapsed / settings.seconds)
    return min(1.0, share)
