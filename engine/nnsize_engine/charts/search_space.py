"""The dimensions of a search (neurons, and parameters with several values) and each candidate's place in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite, prod

from nnsize_engine.results.search_records import Candidate
from nnsize_engine.settings.layer_sizes import HiddenLayers, format_layers
from nnsize_engine.settings.parameter_grid import Value, short_value, value_text
from nnsize_engine.settings.search import SizeSettings

NEURONS = "neurons"

MIN_GRID_SHARE = 2 / 3
"""Smallest share of all pairs of first and second layers that makes networks of two layers a grid."""

MIN_LOG_RATIO = 30
"""Smallest ratio of the largest to the smallest value that gives a parameter a logarithmic axis."""

Place = tuple[int, ...]
"""The place of a candidate: one index into the values of each dimension."""

Pair = tuple[int, int]
"""Two dimensions: the one along x and the one along y."""

_SHORT = {
    "learning_rate_init": "lr",
    "batch_size": "batch",
    "early_stopping": "early stop",
    "nesterovs_momentum": "nesterov",
    "validation_fraction": "validation",
}

_UNNAMED = ("activation", "solver")
"""Parameters whose values need no name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dimension:
    """A size of a layer, or a parameter, that a search varies."""

    title: str
    labels: tuple[str, ...]
    """Its values in words, all different, in the order of an axis."""

    numbers: tuple[float, ...] | None = None
    """The values in rising order; None if they are words."""

    words: tuple[str, ...] = ()
    """The values with the parameter's name, such as ``alpha 0.01``."""

    is_log: bool = False
    """True if the axis is logarithmic."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchSpace:
    """All dimensions of a search, neurons first; only the neurons if nothing varies."""

    dimensions: tuple[Dimension, ...]
    places: tuple[Place, ...]
    """The place of each candidate, in the order of the search."""

    numbers: dict[Place, int]
    """The candidate at each place."""

    layers: int
    """Number of dimensions that are layers of the network; they come first."""

    combinations: tuple[Place, ...]
    """The different places in all dimensions except the first, in the order of the axes."""

    def words(self, place: Place, first: int = 0) -> str:
        """Return a place in words, from the dimension ``first``."""
        pairs = zip(self.dimensions[first:], place, strict=True)
        return " ".join(dimension.words[value] for dimension, value in pairs)

    def short_words(self, place: Place, first: int = 0) -> str:
        """Return a place in words; with several dimensions, numbers are written without the name of the parameter."""
        if len(place) < 2:
            return self.words(place, first)
        pairs = zip(self.dimensions[first:], place, strict=True)
        return " ".join((one.words if one.numbers is None else one.labels)[value] for one, value in pairs)

    def along(self, place: Place) -> float:
        """Return the x of a place on the axis of the first dimension: its number, or its rank from 1."""
        numbers = self.dimensions[0].numbers
        return numbers[place[0]] if numbers is not None else place[0] + 1.0

    @property
    def pairs(self) -> list[Pair]:
        """All pairs of dimensions: layers first, then pairs with the first dimension, then by number of cells."""
        sizes = [len(dimension.labels) for dimension in self.dimensions]
        found = [(one, other) for other in range(len(sizes)) for one in range(other)]
        return sorted(found, key=lambda pair: (pair[1] >= self.layers, pair[0] > 0, -sizes[pair[0]] * sizes[pair[1]]))


def space_of(settings: SizeSettings, candidates: Sequence[Candidate]) -> SearchSpace:
    """Return the dimensions of a search, given all its candidates."""
    of_layers = _layer_dimensions(settings, [candidate.hidden_layer_sizes for candidate in candidates])
    of_parameters = [
        _parameter(name, values, [dict(candidate.parameters)[name] for candidate in candidates])
        for name, values in settings.grid
    ]
    varied = [column for column in (*of_layers, *of_parameters) if len(column[0].labels) > 1] or of_layers
    dimensions = tuple(dimension for dimension, _ in varied)
    places = tuple(zip(*(column for _, column in varied), strict=True))
    return SearchSpace(
        dimensions=dimensions,
        places=places,
        numbers={place: number for number, place in enumerate(places)},
        layers=len(of_layers) if len(of_layers) > 1 else 0,
        combinations=tuple(sorted({place[1:] for place in places})),
    )


def space_of_parameters(columns: Mapping[str, Sequence[Value]]) -> SearchSpace:
    """Return the dimensions of candidates that are no networks, from the values of each parameter by candidate."""
    varied = [
        column
        for name, chosen in columns.items()
        if len((column := _parameter(name, tuple(dict.fromkeys(chosen)), chosen))[0].labels) > 1
    ]
    count = max(map(len, columns.values()), default=0)
    places = tuple(tuple(column[number] for _, column in varied) for number in range(count))
    return SearchSpace(
        dimensions=tuple(dimension for dimension, _ in varied),
        places=places,
        numbers={place: number for number, place in reversed(list(enumerate(places)))},
        layers=0,
        combinations=(),
    )


def title_of(name: str) -> str:
    """Return a parameter's name, short enough for the title of a column."""
    return _SHORT.get(name, name.replace("_", " "))


def labels_of(values: Sequence[Value]) -> tuple[str, ...]:
    """Return values as text: six digits, or all digits if six would make two values equal."""
    short = tuple(short_value(value) for value in values)
    return short if len(set(short)) == len(short) else tuple(value_text(value) for value in values)


def in_rising_order(values: Sequence[Value]) -> tuple[Value, ...]:
    """Return the numbers in rising order, then the words in the order in which they were written."""

    def key(value: Value) -> tuple[bool, float]:
        return (False, float(value)) if _is_number(value) else (True, 0.0)

    return tuple(sorted(values, key=key))


def _is_number(value: Value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


Column = tuple[Dimension, list[int]]
"""A dimension, and the index of each candidate's value in it."""


def _parameter(name: str, values: Sequence[Value], chosen: Sequence[Value]) -> Column:
    order = in_rising_order(values)
    title, labels = title_of(name), labels_of(order)
    places = {value: place for place, value in enumerate(order)}
    numbers = tuple(float(value) for value in order if _is_number(value) and isfinite(float(value)))
    is_numeric = len(numbers) == len(order)
    dimension = Dimension(
        title=title,
        labels=labels,
        numbers=numbers if is_numeric else None,
        words=tuple(_words(name, title, value, label) for value, label in zip(order, labels, strict=True)),
        is_log=is_numeric and numbers[0] > 0 and numbers[-1] / numbers[0] >= MIN_LOG_RATIO,
    )
    return dimension, [places[value] for value in chosen]


def _words(name: str, title: str, value: Value, label: str) -> str:
    if isinstance(value, bool):
        return title if value else f"no {title}"
    return label if name in _UNNAMED else f"{title} {label}"


def _layer_dimensions(settings: SizeSettings, sizes: Sequence[HiddenLayers]) -> list[Column]:
    """Return one dimension per layer if most combinations are searched; else one dimension of whole networks."""
    depth = max(len(layers) for layers in sizes)
    padded = [layers + (0,) * (depth - len(layers)) for layers in sizes]
    columns = [column for column in range(depth) if len({layers[column] for layers in padded}) > 1]
    possible = prod(len({layers[column] for layers in padded}) for column in columns)
    if len(columns) > 1 and len(set(padded)) >= MIN_GRID_SHARE * possible:
        return [_numeric(f"layer {column + 1}", [layers[column] for layers in padded]) for column in columns]
    if depth == 1:
        return [
            _numeric(
                NEURONS, [layers[0] for layers in sizes], may_be_log=settings.finds_sizes or "log:" in settings.neurons
            )
        ]
    order = {layers: place for place, layers in enumerate(dict.fromkeys(sizes))}  # as written
    labels = tuple(format_layers(layers) for layers in order)
    return [(Dimension(title=NEURONS, labels=labels, words=labels), [order[layers] for layers in sizes])]


def _numeric(title: str, chosen: Sequence[int], *, may_be_log: bool = False) -> Column:
    order = sorted(set(chosen))
    places = {value: place for place, value in enumerate(order)}
    labels = tuple(map(str, order))
    dimension = Dimension(
        title=title,
        labels=labels,
        numbers=tuple(map(float, order)),
        words=labels if title == NEURONS else tuple(f"{title}: {label}" for label in labels),
        is_log=may_be_log and order[0] > 0 and order[-1] / order[0] >= MIN_LOG_RATIO,
    )
    return dimension, [places[value] for value in chosen]
