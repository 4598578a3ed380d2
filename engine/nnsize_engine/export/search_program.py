"""The program of a search: one ``GridSearchCV`` of scikit-learn, or one per seed."""

import math
import pprint
from collections.abc import Iterable, Mapping, Sequence

from nnsize_engine.export.program_parts import ProgramParts, data_text
from nnsize_engine.results.candidates import candidate_words, list_candidates
from nnsize_engine.results.records import Candidate
from nnsize_engine.settings.layer_sizes import HiddenLayers
from nnsize_engine.settings.network import NetworkParameters
from nnsize_engine.settings.search import SizeSettings

_SEARCH = """
search = GridSearchCV(pipeline, grid, cv={cv}, scoring={scoring!r}, n_jobs=-1)
search.fit(X_train, y_train)
print("best score:", search.best_score_)
print("best parameters:", search.best_params_)
print("test score:", search.score(X_test, y_test))
"""

_REPEATED_SEARCH = """
scores = []  # of every fold of every seed, for all candidates
for seed in range({seed}, {seed} + {repeats}):
    pipeline.set_params(network__random_state=seed)
    search = GridSearchCV(pipeline, grid, cv={cv}, scoring={scoring!r}, refit=False, n_jobs=-1)
    search.fit(X_train, y_train)
    scores += [search.cv_results_[f"split{{fold}}_test_score"] for fold in range({cv})]
means = np.ascontiguousarray(np.transpose(scores)).mean(axis=1)
best = int(np.nanargmax(means))
parameters = search.cv_results_["params"][best]
pipeline.set_params(network__random_state={seed}, **parameters).fit(X_train, y_train)
print("best score:", means[best])
print("best parameters:", parameters)
print("test score:", get_scorer({scoring!r})(pipeline, X_test, y_test))
"""


_FOUND_SIZES = """
tried = [  # each candidate of the run, its parameters, and how many folds it was trained on
{tried}]
folds = list(check_cv({cv}, y_train, classifier={is_classifier}).split(X_train, y_train))
best, best_score = {{}}, -np.inf
for words, parameters, count in tried:
    scores = []
    for repeat in range({repeats}):
        for fold, split in enumerate(folds[:count]):
            pipeline.set_params(**parameters, network__random_state={seed} + {cv} * repeat + fold)
            scores += list(cross_val_score(pipeline, X_train, y_train, cv=[split], scoring={scoring!r}))
    print(f"{{words}}:", [float(score) for score in scores])
    if count == {cv} and np.mean(scores) > best_score:
        best, best_score = parameters, float(np.mean(scores))
pipeline.set_params(**best, network__random_state={seed}).fit(X_train, y_train)
print("best score:", best_score)
print("best parameters:", best)
print("test score:", get_scorer({scoring!r})(pipeline, X_test, y_test))
"""

Tried = Sequence[tuple[Candidate, int]]
"""Candidates, and the folds on which each was trained."""


def search_program(settings: SizeSettings, name: str, tried: Tried | None = None) -> ProgramParts:
    """Return the parts of the program of a search of this name.

    ``tried`` are the candidates of a search that found its sizes; None for all that it may try, on every fold.
    """
    usual, own = NetworkParameters().as_dict(), settings.network.as_dict()
    given = {name: value for name, value in own.items() if value != usual[name]} | {"random_state": settings.seed}
    return ProgramParts(
        docstring=_docstring(settings, name),
        network=given,
        has_scaling=True,
        grid="" if settings.finds_sizes else _grid_code(settings),
        code=_found_sizes_code(settings, tried) if settings.finds_sizes else _search_code(settings),
    )


def _docstring(settings: SizeSettings, name: str) -> str:
    words = (
        f"The search that nnsize made in its run {name}, on\n{data_text(settings.data, settings.table)},\n"
        "by scikit-learn alone: the same rows, folds, seeds and candidates, so the same scores."
    )
    if settings.race and not settings.finds_sizes:
        words += "\n\nThe run dropped sizes that were behind; this trains all of them on every fold."
    if settings.precision != "float64":
        words += "\n\nThe run computed in float32; this computes in float64, and its scores are near the run's."
    return words


def _grid_code(settings: SizeSettings) -> str:
    values: dict[str, Iterable[object]] = {"hidden_layer_sizes": [_layers(layers) for layers in settings.candidates]}
    values |= {name: list(values) for name, values in settings.grid}
    return f"grid = {_dictionary({f'network__{name}': list(values[name]) for name in values})}"


def _layers(layers: HiddenLayers) -> int | HiddenLayers:
    return layers[0] if len(layers) == 1 else layers


def _dictionary(values: Mapping[str, list[object]]) -> str:
    lines = []
    for name, listed in values.items():
        text = pprint.pformat(listed, width=100, compact=True)
        if math.inf in listed:
            text = text.replace("inf", 'float("inf")')
        indented = text.replace("\n", "\n" + " " * (len(name) + 8))
        lines.append(f"    {name!r}: {indented},\n")
    return "{\n" + "".join(lines) + "}"


def _found_sizes_code(settings: SizeSettings, tried: Tried | None) -> str:
    if tried is None:
        tried = [(candidate, settings.cv) for candidate in list_candidates(settings)]
    return _FOUND_SIZES.format(
        tried="".join(f"    ({candidate_words(one)!r}, {_parameters(one)}, {folds}),\n" for one, folds in tried),
        cv=settings.cv,
        is_classifier=settings.task != "regression",
        repeats=settings.repeats,
        seed=settings.seed,
        scoring=settings.scoring,
    )


def _parameters(candidate: Candidate) -> str:
    """Return the code of a candidate's parameters by the names of the pipeline."""
    values = {"hidden_layer_sizes": _layers(candidate.hidden_layer_sizes), **dict(candidate.parameters)}
    shown = {name: 'float("inf")' if value == math.inf else repr(value) for name, value in values.items()}
    return "{" + ", ".join(f'"network__{name}": {value}' for name, value in shown.items()) + "}"


def _search_code(settings: SizeSettings) -> str:
    template = _SEARCH if settings.repeats == 1 else _REPEATED_SEARCH
    return template.format(cv=settings.cv, scoring=settings.scoring, seed=settings.seed, repeats=settings.repeats)
