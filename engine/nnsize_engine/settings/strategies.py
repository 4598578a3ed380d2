"""The ways differential evolution makes trial members: their names and how many members each needs."""

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
"""Members, besides the parent, that each of SciPy's mutations draws."""

_PBEST_SAMPLES = 3
"""Those of a current-to-pbest mutation: one of the best, one more, and one more or a replaced parent."""

_CROSSOVERS = ("bin", "exp")

SCIPY_STRATEGIES = tuple(sorted(f"{mutation}{crossover}" for mutation in _SAMPLES for crossover in _CROSSOVERS))
"""``scipy.optimize.differential_evolution``'s names and meanings."""

ADAPTIVE_STRATEGIES = ("jade", "shade", "lshade")
"""Current-to-pbest with an archive; mutation and recombination adapt to what has succeeded."""

PBEST_STRATEGIES = ("currenttopbest1bin", "currenttopbest1exp", *ADAPTIVE_STRATEGIES)
"""Those that move towards one of the best members, and remember replaced parents in an archive."""

STRATEGIES = (*SCIPY_STRATEGIES, *PBEST_STRATEGIES)

AUTO = "auto"
"""The recommended settings; see :func:`nnsize_engine.settings.auto_strategy.recommended`."""


def check_strategy(name: str) -> None:
    """Accept the name of a strategy.

    Raises:
        SettingsError: there is none of that name.
    """
    if name in STRATEGIES:
        return
    raise SettingsError(f"unknown strategy {name!r}; {choose_one(str(name), (AUTO, *STRATEGIES))}", field="strategy")


def min_members(strategy: str) -> int:
    """Return how many members a strategy needs: five as in SciPy, or as many as it draws, and the parent.

    Raises:
        SettingsError: there is no strategy of that name.
    """
    check_strategy(strategy)
    return max(5, _samples_of(strategy) + 1)


def _samples_of(strategy: str) -> int:
    return _PBEST_SAMPLES if strategy in PBEST_STRATEGIES else _SAMPLES[strategy[: -len(_CROSSOVERS[0])]]
