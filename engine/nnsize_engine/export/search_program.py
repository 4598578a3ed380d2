"""The program of a search: one ``GridSearchCV`` of scikit-learn, or one per seed."""

import math
import pprint
from collections.abc import Iterable, Mapping, Sequence
from typing import assert_never

from nnsize_engine.errors import ExportError
from nnsize_engine.export.escaping import in_docstring
from nnsize_engine.export.program_parts import ProgramParts, data_text
from nnsize_engine.export.python_kept import given_splits_code
from nnsize_engine.export.python_weights import is_weighted
from nnsize_engine.results.candidates import candidate_words, list_candidates
from nnsize_engine.results.search_records import Candidate
from nnsize_engine.settings.layer_sizes import HiddenLayers
from nnsize_engine.settings.network import NetworkParameters
from nnsize_engine.settings.search import SEEDS_OF_REPEAT, SizeSettings
from nnsize_engine.settings.splitters import GIVEN, Splitter, splitter_of

_SEARCH = """
{folds}search = GridSearchCV(pipeline, grid, cv={cv}, scoring={scoring!r}{refit}, n_jobs=-1)
search.fit(X_train, y_train{weights}{groups})
print("best score:", search.best_score_)
print("best parameters:", search.best_params_)
"""

_FURTHER_OF_SEARCH = """
for name in {further!r}:  # further scorings, which choose nothing
    print(f"its {{name}}:", search.cv_results_[f"mean_test_{{name}}"][search.best_index_])
"""

_TEST_OF_SEARCH = """
print("test score:", search.score(X_test, y_test))
"""

_REPEATED_SEARCH = """
{folds}scores = []  # of every fold of every seed, for all candidates
for seed in range({seed}, {seed} + {repeats}):
    pipeline.set_params(network__random_state=seed)
    search = GridSearchCV(pipeline, grid, cv={cv}, scoring={scoring!r}, refit=False, n_jobs=-1)
    search.fit(X_train, y_train{weights}{groups})
    scores += [search.cv_results_[f"split{{fold}}_test_score"] for fold in range({count})]
means = np.ascontiguousarray(np.transpose(scores)).mean(axis=1)
best = int(np.nanargmax(means))
parameters = search.cv_results_["params"][best]
print("best score:", means[best])
print("best parameters:", parameters)
"""

_FOUND_SIZES = """
tried = [  # each candidate of the run, its parameters, and how many folds it was trained on
{tried}]
{folds}best_score = -np.inf
for words, values, count in tried:
    scores = []
    for repeat in range({repeats}):
        for fold, split in enumerate(folds[:count]):
            pipeline.set_params(**values, network__random_state={seed} + {seeds_of_repeat} * repeat + fold)
            scores += list(cross_val_score(pipeline, X_train, y_train, cv=[split], scoring={scoring!r}{params}))
    print(f"{{words}}:", [float(score) for score in scores])
    if count == {count} and np.mean(scores) > best_score:
        parameters, best_score = values, float(np.mean(scores))
print("best score:", best_score)
print("best parameters:", parameters)
"""

_REPEATED_SEARCH_OF_SEVERAL = """
{folds}scorings = {scoring!r}  # the first one chooses
scores = {{name: [] for name in scorings}}  # of every fold of every seed, for all candidates
for seed in range({seed}, {seed} + {repeats}):
    pipeline.set_params(network__random_state=seed)
    search = GridSearchCV(pipeline, grid, cv={cv}, scoring=scorings, refit=False, n_jobs=-1)
    search.fit(X_train, y_train{weights}{groups})
    for name in scorings:
        scores[name] += [search.cv_results_[f"split{{fold}}_test_{{name}}"] for fold in range({count})]
means = {{name: np.ascontiguousarray(np.transpose(scores[name])).mean(axis=1) for name in scorings}}
best = int(np.nanargmax(means[scorings[0]]))
parameters = search.cv_results_["params"][best]
print("best score:", means[scorings[0]][best])
print("best parameters:", parameters)
for name in scorings[1:]:
    print(f"its {{name}}:", means[name][best])
"""

_FOUND_SIZES_OF_SEVERAL = """
scorings = {scoring!r}  # the first one chooses
tried = [  # each candidate of the run, its parameters, and how many folds it was trained on
{tried}]
{folds}best_score = -np.inf
for words, values, count in tried:
    scores = {{name: [] for name in scorings}}
    for repeat in range({repeats}):
        for fold, split in enumerate(folds[:count]):
            pipeline.set_params(**values, network__random_state={seed} + {seeds_of_repeat} * repeat + fold)
            found = cross_validate(pipeline, X_train, y_train, cv=[split], scoring=scorings{params})
            for name in scorings:
                scores[name] += list(found[f"test_{{name}}"])
    print(f"{{words}}:", {{name: [float(score) for score in scores[name]] for name in scorings}})
    means = {{name: float(np.mean(scores[name])) for name in scorings}}
    if count == {count} and means[scorings[0]] > best_score:
        parameters, best_score, best_means = values, means[scorings[0]], means
print("best score:", best_score)
print("best parameters:", parameters)
for name in scorings[1:]:
    print(f"its {{name}}:", best_means[name])
"""

_RECOMMENDED = """
parameters = {parameters}  # the smallest whose smoothed score is close to the best
print("recommended parameters:", parameters)
"""

_TRAIN = """
pipeline.set_params(network__random_state={seed}, **parameters).fit(X_train, y_train{weights})
"""

_TEST = """
print("test score:", get_scorer({scoring!r})(pipeline, X_test, y_test))
"""

_FURTHER_TESTS = """
for name in {further!r}:
    print(f"test {{name}}:", get_scorer(name)({model}, X_test, y_test))
"""


Tried = Sequence[tuple[Candidate, int]]
"""Candidates, and the folds on which each was trained."""


def search_program(
    settings: SizeSettings,
    name: str,
    tried: Tried | None = None,
    *,
    recommended: Candidate | None = None,
) -> ProgramParts:
    """Return the parts of the program of a search of this name.

    ``tried`` are the candidates of a search that found its sizes; None for all that it may try, on every fold. The
    program trains the best candidate on all training rows or, if it is given, the recommended one.
    """
    usual, own = NetworkParameters().as_dict(), settings.network.as_dict()
    given = {name: value for name, value in own.items() if value != usual[name]} | {"random_state": settings.seed}
    return ProgramParts(
        docstring=_docstring(settings, name),
        network=given,
        scaler=settings.scaler,
        grid="" if settings.finds_sizes else _grid_code(settings),
        code=_search_code(settings, tried, recommended is not None) + _end_code(settings, recommended),
    )


def _docstring(settings: SizeSettings, name: str) -> str:
    words = (
        f"The search that nnsize made in its run {in_docstring(name)}, on\n"
        f"{data_text(settings.data, settings.table)},\n"
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


def _search_code(settings: SizeSettings, tried: Tried | None, is_for_recommended: bool) -> str:
    """Return the code that scores all candidates and names the best."""
    template = _template(settings)
    splitter = splitter_of(settings.splitter)
    is_given = splitter is not None and splitter.name == GIVEN
    has_list = settings.finds_sizes or is_given or (splitter is None and settings.fold_rounds > 1)
    named = settings.cv if splitter is None or is_given else _splitter_code(settings, splitter)
    return template.strip().format(
        tried=_tried_code(settings, tried) if settings.finds_sizes else "",
        folds=_folds_code(settings) if has_list else "",
        cv="folds" if has_list else named,
        groups=", groups=groups_train" if splitter is not None and splitter.has_groups else "",
        count=settings.folds,
        seed=settings.seed,
        repeats=settings.repeats,
        seeds_of_repeat=SEEDS_OF_REPEAT,
        weights=_weights_code(settings),
        params=', params={"network__sample_weight": sample_weight}' if is_weighted(settings) else "",
        scoring=list(settings.scorings) if settings.further_scorings else settings.scoring,
        further=list(settings.further_scorings),
        refit=_refit_code(settings, is_for_recommended),
    )


def _weights_code(settings: SizeSettings) -> str:
    return ", network__sample_weight=sample_weight" if is_weighted(settings) else ""


def _template(settings: SizeSettings) -> str:
    """Return the code of the search, with places for its settings."""
    has_several = bool(settings.further_scorings)
    if settings.finds_sizes:
        return _FOUND_SIZES_OF_SEVERAL if has_several else _FOUND_SIZES
    if settings.repeats > 1:
        return _REPEATED_SEARCH_OF_SEVERAL if has_several else _REPEATED_SEARCH
    return _SEARCH + _FURTHER_OF_SEARCH.lstrip() if has_several else _SEARCH


def _refit_code(settings: SizeSettings, is_for_recommended: bool) -> str:
    """Return the argument that says what is trained after the search.

    Of several scorings, scikit-learn names a best candidate only where it is told which scoring chooses.
    """
    if settings.further_scorings:
        return f", refit={settings.scoring!r}"
    return ", refit=False" if is_for_recommended else ""


def _tried_code(settings: SizeSettings, tried: Tried | None) -> str:
    """Return the lines that list the candidates of a search that finds its sizes."""
    if tried is None:
        tried = [(candidate, settings.folds) for candidate in list_candidates(settings)]
    return "".join(f"    ({candidate_words(one)!r}, {_parameters(one)}, {folds}),\n" for one, folds in tried)


def _parameters(candidate: Candidate) -> str:
    """Return the code of a candidate's parameters by the names of the pipeline."""
    values = {"hidden_layer_sizes": _layers(candidate.hidden_layer_sizes), **dict(candidate.parameters)}
    shown = {name: 'float("inf")' if value == math.inf else repr(value) for name, value in values.items()}
    return "{" + ", ".join(f'"network__{name}": {value}' for name, value in shown.items()) + "}"


def _folds_code(settings: SizeSettings) -> str:
    """Return the lines that list the folds of all rounds."""
    named = splitter_of(settings.splitter)
    if named is not None and named.name == GIVEN:
        return given_splits_code(settings.cv)
    if named is not None:
        groups = ", groups_train" if named.has_groups else ""
        return f"folds = list({_splitter_code(settings, named)}.split(X_train, y_train{groups}))\n"
    splitter = "KFold" if settings.task in ("regression", "multilabel") else "StratifiedKFold"
    cv = settings.cv
    lines = [f"folds = list({splitter}({cv}).split(X_train, y_train))"]
    if settings.fold_rounds > 1:
        lines.append(f"for number in range(1, {settings.fold_rounds}):  # further rounds shuffle the rows")
        shuffled = f"{splitter}({cv}, shuffle=True, random_state=number)"
        lines.append(f"    folds += list({shuffled}.split(X_train, y_train))")
    return "\n".join(lines) + "\n"


def _splitter_code(settings: SizeSettings, splitter: Splitter) -> str:
    """Return the code of a named splitter."""
    shuffled = f", shuffle=True, random_state={settings.split_seed}" if splitter.is_shuffled else ""
    folds = f"({settings.cv}{shuffled})"
    match splitter.name:
        case "kfold":
            return f"KFold{folds}"
        case "stratified":
            return f"StratifiedKFold{folds}"
        case "group":
            return f"GroupKFold{folds}"
        case "stratified-group":
            return f"StratifiedGroupKFold{folds}"
        case "time":
            return f"TimeSeriesSplit{folds}"
        case "repeated":
            has_classes = settings.task in ("binary", "multiclass")
            name = "RepeatedStratifiedKFold" if has_classes else "RepeatedKFold"
            rounds = f"n_repeats={settings.fold_rounds}, random_state={settings.split_seed}"
            return f"{name}(n_splits={settings.cv}, {rounds})"
        case "given":
            raise ExportError("the splits were given by a program; scikit-learn cannot make them again")
        case _:
            assert_never(splitter.name)


def _end_code(settings: SizeSettings, recommended: Candidate | None) -> str:
    """Return the code that trains the chosen candidate on all training rows and, if there are test rows, scores it."""
    is_trained = recommended is None and not settings.finds_sizes and settings.repeats == 1  # by GridSearchCV
    parts = []
    if recommended is not None:
        parts.append(_RECOMMENDED.format(parameters=_parameters(recommended)))
    if not is_trained:
        parts.append(_TRAIN.format(seed=settings.seed, weights=_weights_code(settings)))
    if settings.test_size:
        parts.append(_TEST_OF_SEARCH if is_trained else _TEST.format(scoring=settings.scoring))
    if settings.test_size and settings.further_scorings:
        model = "search" if is_trained else "pipeline"
        parts.append(_FURTHER_TESTS.format(further=list(settings.further_scorings), model=model))
    return "".join(f"\n{part.strip()}" for part in parts)
