"""The sizes to try next where the curve still rises at the largest one."""

from nnsize_engine.results.answer import Results, rising_at
from nnsize_engine.settings.extension import Extension
from nnsize_engine.settings.layer_sizes import MAX_NEURONS, auto_sizes
from nnsize_engine.settings.search import SizeSettings

GROWTH = 2
"""Multiple of the largest size up to which sizes go on, and the most of one step."""

MIN_SIZES = 2
"""Sizes that are added at least: the smoothed curve is least certain at its end."""

FOUND_GROWTH = 4
"""Multiple of the largest size up to which a search that finds its sizes may go on; it ends before where it can."""


def advised_extension(results: Results) -> Extension | None:
    """Return the extension by larger sizes where the curve still rises at the largest one, otherwise None."""
    return None if rising_at(results) is None else larger_sizes(results.settings)


def larger_sizes(settings: SizeSettings) -> Extension | None:
    """Return the extension of a search by larger sizes of one hidden layer; None where none can be larger.

    They continue the grid with the spacing of its end. If the last two steps are equal, further steps of that length
    follow; otherwise the sizes grow by the factor of the last step, at most an octave. They end at twice the largest
    size, but there are at least two of them. A search that finds its sizes gets two octaves more to look in.
    """
    sizes = sorted(layers[0] for layers in settings.candidates if len(layers) == 1)
    if not sizes:
        return None
    if settings.finds_sizes:
        most = min(FOUND_GROWTH * sizes[-1], MAX_NEURONS)
        return Extension(max_neurons=most) if len(auto_sizes(most)) > len(settings.candidates) else None
    text = _continued(sizes)
    return Extension(neurons=text) if text else None


def _continued(sizes: list[int]) -> str:
    """Return the sizes that follow rising ones, as the user writes them; empty where none can follow."""
    largest = sizes[-1]
    step = largest - sizes[-2] if len(sizes) > 1 else largest
    if len(sizes) < 3 or sizes[-2] - sizes[-3] == step:
        end = min(max(GROWTH * largest, largest + MIN_SIZES * step), MAX_NEURONS)
        count = (end - largest) // step
        return "" if count < 1 else _range_text(largest + step, step, count)
    factor, found = min(largest / sizes[-2], GROWTH), [largest]
    while len(found) <= MIN_SIZES or round(found[-1] * factor) <= GROWTH * largest:
        following = max(found[-1] + 1, round(largest * factor ** len(found)))
        if following > MAX_NEURONS:
            break
        found.append(following)
    return ",".join(map(str, found[1:]))


def _range_text(first: int, step: int, count: int) -> str:
    """Return so many sizes in equal steps: ``101:198:2``, or all of them where there are few."""
    if count <= 3:
        return ",".join(str(first + place * step) for place in range(count))
    return f"{first}:{first + (count - 1) * step + 1}:{step}"
