"""The tables of importances: a row for each part of the variance between candidates, and one for each value."""

from nnsize_engine.charts.importances_of import importances_of
from nnsize_engine.export.tables import Table
from nnsize_engine.results.importances import BEYOND, NOISE, Importances, Share
from nnsize_engine.runs.view import SizeView, WatchedView


def importance_table(view: SizeView | WatchedView) -> Table:
    """Return a row for each parameter, each pair and the rest, the largest share first.

    A parameter also has the total of all parts that it has a share in. ``low`` and ``high`` are 95 % intervals.

    Raises:
        RunError: the search has no importances, or not yet.
    """
    return shares_table(importances_of(view))


def shares_table(found: Importances) -> Table:
    """Return the table of these importances."""
    totals = {one.parameters: one for one in found.total}
    rows, of_rows = found.rows, [totals.get(one.parameters) for one in found.rows]
    return {
        "part": [one.name for one in rows],
        "kind": [kind_of(one) for one in rows],
        "share": [one.share for one in rows],
        "share_low": [one.low for one in rows],
        "share_high": [one.high for one in rows],
        "total": [None if one is None else one.share for one in of_rows],
        "total_low": [None if one is None else one.low for one in of_rows],
        "total_high": [None if one is None else one.high for one in of_rows],
    }


def kind_of(share: Share) -> str:
    """Return what a share is of: ``parameter``, ``interaction`` or ``noise``."""
    if share.parameters == (NOISE,):
        return "noise"
    return "parameter" if len(share.parameters) == 1 and share.parameters != (BEYOND,) else "interaction"


def effect_table(view: SizeView | WatchedView) -> Table:
    """Return a row for each value of each parameter, with its mean score over all values of the others.

    Raises:
        RunError: the search has no importances, or not yet.
    """
    return effects_table(importances_of(view))


def effects_table(found: Importances) -> Table:
    """Return the table of the effects of these importances."""
    effects = found.effects
    return {
        "parameter": [one.parameter for one in effects for _ in one.labels],
        "value": [label for one in effects for label in one.labels],
        "mean_score": [mean for one in effects for mean in one.means],
        "standard_error": [error for one in effects for error in one.errors or (None,) * len(one.means)],
        "score_beside_best": [score for one in effects for score in one.best],
    }
