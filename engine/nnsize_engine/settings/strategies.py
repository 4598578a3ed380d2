"""The strategies of differential evolution: their names, and the members that each needs."""

from types import MappingProxyType

from nnsize_engine.errors import SettingsError
from nnsize_engine.settings.closest_match import choose_one

_SAMPLES = MappingProxyType(
    {
        "best1": 2,
        "rand1": 3,
        "best2": 4,
        "rand2": 5,
        "randtobest1": 3,
        "currenttobest1": 2,
    }
)
"""The number of members, besides the parent, that each of SciPy's mutations draws."""

_PBEST_SAMPLES = 3
"""Members that a current-to-pbest mutation draws: one of the best, another, and a third or a replaced parent."""

_CROSSOVERS = ("bin", "exp")

SCIPY_STRATEGIES = tuple(sorted(f"{mutation}{crossover}" for mutation in _SAMPLES for crossover in _CROSSOVERS))
"""The strategies of ``scipy.optimize.differential_evolution``, with its names and meanings."""

ADAPTIVE_STRATEGIES = ("jade", "shade", "lshade")
"""Current-to-pbest strategies with an archive that adapt mutation and recombination to successful trials."""

PBEST_STRATEGIES = ("currenttopbest1bin", "currenttopbest1exp", *ADAPTIVE_STRATEGIES)
"""Strategies that move towards one of the best members and keep replaced parents in an archive."""

STRATEGIES = (*SCIPY_STRATEGIES, *PBEST_STRATEGIES)

AUTO = "auto"
"""The recommended settings; see :func:`nnsize_engine.settings.auto_strategy.recommended`."""


def check_strategy(name: str) -> None:
    """Raise a SettingsError unless there is a strategy of this name."""
    if name in STRATEGIES:
        return
    raise SettingsError(f"unknown strategy {name!r}; {choose_one(str(name), (AUTO, *STRATEGIES))}", field="strategy")


def min_members(strategy: str) -> int:
    """Return the fewest members of a strategy: the drawn members and the parent, but five at least, as in SciPy.

    Raises:
        SettingsError: there is no strategy of that name.
    """
    check_strategy(strategy)
    return max(5, _samples_of(strategy) + 1)


def _samples_of(strategy: str) -> int:
    return _PBEST_SAMPLES if strategy in PBEST_STRATEGIES else _SAMPLES[strategy[: -len(_CROSSOVERS[0])]]
