"""A line of words on each strategy of an evolution, in the order in which lists offer them."""

from collections.abc import Mapping
from types import MappingProxyType

from nnsize_engine.settings.strategies import AUTO, FAMILIES, SCIPY_STRATEGIES, STRATEGIES

_MUTATIONS: Mapping[str, str] = MappingProxyType(
    {
        "best1": "the best member plus a difference",
        "rand1": "a random member plus a difference",
        "best2": "the best member plus two differences",
        "rand2": "a random member plus two differences",
        "randtobest1": "a random member towards the best, plus a difference",
        "currenttobest1": "the parent towards the best, plus a difference",
        "currenttopbest1": "the parent towards one of the best, plus a difference",
    }
)
_CROSSOVERS: Mapping[str, str] = MappingProxyType({"bin": "weight by weight", "exp": "a row at a time"})

_ADAPTIVE: Mapping[str, str] = MappingProxyType(
    {
        "jade": "adapts F and CR to the trials that succeed",
        "shade": "adapts F and CR by a memory of successes",
        "lshade": "shade with a population that shrinks",
    }
)


def strategy_words(name: str) -> str:
    """Return a line of words on a strategy."""
    if name in FAMILIES:
        return FAMILIES[name].words
    if name in _ADAPTIVE:
        return _ADAPTIVE[name]
    mutation, crossover = name[:-3], name[-3:]
    scipys = "SciPy's: " if name in SCIPY_STRATEGIES else ""
    return f"{scipys}{_MUTATIONS[mutation]}, {_CROSSOVERS[crossover]}"


def offered_strategies() -> tuple[str, ...]:
    """Return auto, the families, then differential evolution: adaptive strategies before the plain ones."""
    plain = [name for name in STRATEGIES if name not in FAMILIES and name not in _ADAPTIVE]
    plain.sort(key=lambda name: name != "best1bin")  # the default of SciPy and of article 2 first
    return (AUTO, *FAMILIES, *_ADAPTIVE, *plain)
