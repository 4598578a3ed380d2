"""Checks that the fitness of an evolution has what it needs: a cost matrix, groups, a label 1."""

from typing import TYPE_CHECKING

from nnsize_engine.errors import SettingsError
from nnsize_engine.settings.cost_matrix import parse_costs
from nnsize_engine.settings.fitness import COST, parse_fitness
from nnsize_engine.settings.weight_bits import check_bits

if TYPE_CHECKING:
    from nnsize_engine.settings.evolution import EvolutionSettings


def check_objective(settings: "EvolutionSettings") -> None:
    """Accept settings whose fitness can be computed.

    Raises:
        SettingsError: the cost matrix is missing, not needed or of another shape, or weights are rounded to a number
            of bits that they cannot be rounded to.
    """
    check_bits(settings.bits)
    kind = parse_fitness(settings.fitness).kind
    if kind == "cost" and settings.cost is None:
        raise SettingsError(
            "fitness cost needs a cost matrix: name its CSV file with --cost, or write it, such as --cost '0,1;5,0'",
            field="cost",
        )
    if settings.cost is not None:
        if settings.fitness != COST:
            raise SettingsError(
                f"cost is the matrix of fitness cost, and fitness is {settings.fitness}; leave one out", field="cost"
            )
        parse_costs(settings.cost, settings.known)
