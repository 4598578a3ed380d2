"""The pictures of importances: bars of shares, and the curve of one parameter's effect."""

from nnsize_engine.charts.bar_chart import Bar, BarChart
from nnsize_engine.charts.description import Band, Chart, Line, Points, Values
from nnsize_engine.results.importances import (
    BEYOND,
    NOISE,
    Importances,
    ParameterEffect,
    Share,
    importance_sentence,
    percent_text,
)

OF_WHAT = "share of the variance between candidates"
ERROR = "± standard error"
BAR_REACH = 0.12  # of the mark of a standard error to each side, where words are 1 apart


def importance_bars(found: Importances) -> BarChart:
    """Describe the bars of all parts of the variance."""
    return BarChart(
        sentence=importance_sentence(found),
        bars=tuple(_bar(one) for one in found.rows),
        label=OF_WHAT,
    )


def _bar(share: Share) -> Bar:
    return Bar(
        label=share.name,
        share=share.share,
        low=share.low,
        high=share.high,
        text=percent_text(share),
        is_rest=share.parameters in ((BEYOND,), (NOISE,)),
    )


def effect_charts(found: Importances) -> list[Chart]:
    """Describe the effect of each parameter, the most important first."""
    return [effect_chart(found, place) for place in found.ranked]


def effect_chart(found: Importances, place: int) -> Chart:
    """Describe the mean score by the values of one parameter, given by its place among the effects."""
    effect, alone = found.effects[place], found.alone[place]
    is_numeric = effect.numbers is not None
    x = effect.numbers or tuple(float(one) for one in range(1, len(effect.labels) + 1))
    return Chart(
        series=(*(_band(effect, x) if is_numeric else _bars(effect, x)), *_lines(effect, x)),
        title=f"effect of {effect.parameter}, {percent_text(alone)} of the variance",
        x_label=effect.parameter,
        y_label=f"mean {found.scoring}",
        x_limits=None if is_numeric else (0.5, len(x) + 0.5),
        x_log=effect.is_log,
        x_ticks=None if is_numeric else tuple(zip(x, effect.labels, strict=True)),
        legend_rows=2,
    )


def _band(effect: ParameterEffect, x: Values) -> list[Band]:
    if effect.errors is None:
        return []
    pairs = list(zip(effect.means, effect.errors, strict=True))
    lower, upper = tuple(mean - error for mean, error in pairs), tuple(mean + error for mean, error in pairs)
    return [Band(x=x, lower=lower, upper=upper, label=ERROR)]


def _bars(effect: ParameterEffect, x: tuple[float, ...]) -> list[Band]:
    """Return a narrow band around each word, because there is nothing between words."""
    return [
        Band(
            x=(at - BAR_REACH, at + BAR_REACH),
            lower=(mean - error,) * 2,
            upper=(mean + error,) * 2,
            label=ERROR if at == x[0] else "",
        )
        for at, mean, error in zip(x, effect.means, effect.errors or (), strict=effect.errors is not None)
    ]


def _lines(effect: ParameterEffect, x: Values) -> list[Line | Points]:
    kind: type[Line | Points] = Points if effect.numbers is None else Line
    return [
        kind(x=x, y=effect.means, label="mean over all others", role="line", shape="disc"),
        kind(x=x, y=effect.best, label="others as in the best", role="line_2", shape="triangle"),
    ]
