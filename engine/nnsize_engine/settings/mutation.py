"""The scale of difference vectors (F) in differential evolution: one number, or a range to draw from."""

from nnsize_engine.errors import SettingsError
from nnsize_engine.settings.validate import check_real

Mutation = float | tuple[float, float]
"""One scale, or the lower and the upper end of a range from which each generation draws its own."""

SCIPY_MUTATION = (0.5, 1.0)


def parse_mutation(text: str) -> Mutation:
    """Read a mutation: ``0.7``, or a range ``0.5:1``.

    Raises:
        SettingsError: the text is neither.
    """
    try:
        ends = [float(end) for end in text.split(":")]
    except ValueError:
        ends = []
    if len(ends) == 1:
        return ends[0]
    if len(ends) == 2:
        return ends[0], ends[1]
    raise SettingsError(
        f"mutation {text!r} is neither a number nor a range; write for example 0.7 or 0.5:1", field="mutation"
    )


def check_mutation_range(low: float, high: float) -> None:
    """Raise a SettingsError unless ``low <= high`` and both are from 0 to below 2, the limits of SciPy."""
    check_real("mutation", low, 0, 2, below=True)
    check_real("mutation", high, 0, 2, below=True)
    if low > high:
        raise SettingsError(f"mutation is {low:g}:{high:g}; the smaller end comes first", field="mutation")
