"""The strategies of an evolution by their names: differential evolution, and the other families of optimizers.

A family of :data:`FAMILIES` has a file in ``evolution/families/``; everything that is known of it without loading
NumPy stands here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import floor, log
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

USUAL_P_BEST = 0.05  # share of the best members to move towards; JADE's

DIFFERENTIAL_STRATEGIES = (*SCIPY_STRATEGIES, *PBEST_STRATEGIES)
"""All strategies of differential evolution."""


STRATEGY_COLUMNS = frozenset({"diversity", "accepted", "mutation", "recombination", "step_size", "temperature"})
"""Columns of the table of generations that only some strategies have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyFacts:
    """Facts about a family of optimizers for settings and screens."""

    words: str
    """The family in a few words."""

    usual_members: Callable[[int], int]
    """Return the trials of a generation for a number of weights, if the user gives none; the paper's default."""

    min_members: int = 1
    """Fewest trials of a generation."""

    max_members: int | None = None
    """Most trials of a generation; None for any number."""

    changes_one_weight: bool = False
    """True if a trial differs from the current network in one weight, and a generation is many trials in turn."""

    has_step: bool = True
    """True if it has a first step size."""

    draws_pairs: bool = False
    """True if the number of trials must be even."""

    max_weights: int | None = None
    """Most weights that it takes; None for any number."""

    instead: str = ""
    """Strategies to take for more weights than :attr:`max_weights`."""

    shows: frozenset[str] = frozenset({"diversity", "step_size"})
    """Columns of :data:`STRATEGY_COLUMNS` that tables show of it."""

    trials: str = "trials around the mean"
    """Words for the trials of a generation, after their number: ``12 trials around the mean``."""

    is_climber: bool = False
    """True if it walks on from one network, by trials that it accepts or not; screens then show what it accepted."""

    aliases: tuple[str, ...] = ()
    """Names in other packages. Capitals, dashes, underscores and parentheses make no difference."""


EVALUATIONS_OF_GENERATION = 100
"""Evaluations of a generation of a family that changes one weight at a time, by default. It computes the sums of all
rows anew in each generation, which costs as much as five or ten evaluations."""

CHILDREN = 40
"""Children of a generation of the genetic algorithm by default."""

PARTICLES = 20
"""Particles of a swarm by default."""


def hansen_members(weights: int) -> int:
    """Return 4 + floor(3 ln n), the trials of CMA-ES (Hansen, https://arxiv.org/abs/1604.00772, equation 48)."""
    return 4 + floor(3 * log(weights))


def paired_members(weights: int) -> int:
    """Return the trials of CMA-ES, or one more if that is odd."""
    members = hansen_members(weights)
    return members + members % 2


FAMILIES: Mapping[str, FamilyFacts] = MappingProxyType(
    {
        "sep-cma-es": FamilyFacts(
            words="learns a step for each weight", usual_members=hansen_members, min_members=2, aliases=("sep-cma",)
        ),
        "lm-ma-es": FamilyFacts(
            words="learns a few directions", usual_members=hansen_members, min_members=2, aliases=("lm-ma",)
        ),
        "cma-es": FamilyFacts(
            words="learns a whole covariance matrix",
            usual_members=hansen_members,
            min_members=4,
            max_weights=1000,
            instead="sep-cma-es or lm-ma-es",
            aliases=("cma",),
        ),
        "snes": FamilyFacts(words="follows the natural gradient", usual_members=hansen_members, min_members=3),
        "pgpe": FamilyFacts(
            words="estimates the gradient from pairs", usual_members=paired_members, min_members=2, draws_pairs=True
        ),
        "openai-es": FamilyFacts(
            words="estimates the gradient from pairs",
            usual_members=paired_members,
            min_members=2,
            draws_pairs=True,
            aliases=("open-es", "openes"),
        ),
        "one-plus-one-es": FamilyFacts(
            words="one network and one trial",
            usual_members=lambda _: 1,
            shows=frozenset({"step_size", "accepted"}),
            trials="trial",
            is_climber=True,
            aliases=("(1+1)-es", "1+1-es"),
        ),
        "hill-climbing": FamilyFacts(
            words="changes one weight at a time",
            usual_members=lambda _: EVALUATIONS_OF_GENERATION,
            changes_one_weight=True,
            shows=frozenset({"step_size", "accepted"}),
            trials="changes of one weight",
            is_climber=True,
            aliases=("random-hill-climb", "hill-climb", "rhc"),
        ),
        "simulated-annealing": FamilyFacts(
            words="one weight at a time, at times for the worse",
            usual_members=lambda _: EVALUATIONS_OF_GENERATION,
            changes_one_weight=True,
            shows=frozenset({"step_size", "temperature", "accepted"}),
            trials="changes of one weight",
            is_climber=True,
            aliases=("annealing", "sim-annealing", "sa"),
        ),
        "genetic": FamilyFacts(
            words="crosses and mutates the best networks",
            usual_members=lambda _: CHILDREN,
            min_members=2,
            shows=frozenset({"diversity", "step_size", "accepted"}),
            trials="children",
            aliases=("genetic-alg", "genetic-algorithm", "ga", "simple-ga"),
        ),
        "pso": FamilyFacts(
            words="particles drawn to the best positions",
            usual_members=lambda _: PARTICLES,
            min_members=2,
            has_step=False,
            trials="particles",
            shows=frozenset({"diversity", "step_size", "accepted"}),
            aliases=("particle-swarm", "particle-swarm-optimization"),
        ),
    }
)
"""The families of optimizers besides differential evolution."""

STRATEGIES = (*DIFFERENTIAL_STRATEGIES, *FAMILIES)
"""All strategies."""

AUTO = "auto"
"""The recommended settings; see :func:`nnsize_engine.settings.auto_strategy.recommended`."""


@lru_cache(maxsize=256)  # a screen asks for every field of a draft, at every key
def strategy_named(text: str) -> str:
    """Return the name of the strategy, or auto, that a user calls by it or by its name in another package.

    An unknown name is returned as it is, for :func:`check_strategy` to refuse.
    """
    plain = _plain(text)
    for name in (AUTO, *STRATEGIES):
        if plain == _plain(name):
            return name
    for name, facts in FAMILIES.items():
        if plain in map(_plain, facts.aliases):
            return name
    return text


def check_strategy(name: str) -> None:
    """Raise a SettingsError unless there is a strategy of this name."""
    if name in STRATEGIES:
        return
    raise SettingsError(f"unknown strategy {name!r}; {choose_one(str(name), (AUTO, *STRATEGIES))}", field="strategy")


def min_members(strategy: str) -> int:
    """Return the fewest members of a strategy.

    Differential evolution needs the members that it draws and the parent, but five at least, as in SciPy.

    Raises:
        SettingsError: there is no strategy of that name.
    """
    check_strategy(strategy)
    if strategy in FAMILIES:
        return FAMILIES[strategy].min_members
    return max(5, _samples_of(strategy) + 1)


def population_words(strategy: str) -> str:
    """Return what the trials of a generation are, after their number."""
    return FAMILIES[strategy].trials if strategy in FAMILIES else "members"


def is_climber(strategy: str) -> bool:
    """Return whether a strategy walks on from one network."""
    return strategy in FAMILIES and FAMILIES[strategy].is_climber


def is_shareable(strategy: str) -> bool:
    """Return whether the members of a generation can be evaluated by several machines."""
    return strategy not in FAMILIES or not FAMILIES[strategy].changes_one_weight


def columns_of(strategy: str) -> frozenset[str]:
    """Return the columns of :data:`STRATEGY_COLUMNS` that a strategy has."""
    if strategy in FAMILIES:
        return FAMILIES[strategy].shows
    return frozenset({"diversity", "accepted", "mutation", "recombination"})


def _samples_of(strategy: str) -> int:
    return _PBEST_SAMPLES if strategy in PBEST_STRATEGIES else _SAMPLES[strategy[: -len(_CROSSOVERS[0])]]


def _plain(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter not in "-_ ()+")
