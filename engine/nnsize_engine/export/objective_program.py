"""The part of an evolution's program that computes its fitness for the network trained by gradient."""

from collections.abc import Collection, Mapping

from nnsize_engine.settings.cost_matrix import parse_costs
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.fitness import default_loss, fitness_words, parse_fitness
from nnsize_engine.settings.python_function import parse_function
from nnsize_engine.settings.weight_bits import largest_level

_QUANTIZED = """
network = pipeline[-1]{regressor}
{rounding}{steps}print("training score, {words}:", score(pipeline, X_train, y_train))
"""

_ROUNDING = '''

def rounded(values):
    """Round weights of a layer, or its biases, to {bits} bits."""
    {formula}


network.coefs_ = [rounded(values) for values in network.coefs_]
network.intercepts_ = [rounded(values) for values in network.intercepts_]
'''

_STEPS = """for matrix, biases in zip(network.coefs_[:-1], network.intercepts_[:-1]):  # so steep that it is a step
    matrix *= 2.0**600
    biases[:] = np.minimum(biases - 2.0**-580, np.nextafter(biases, -np.inf)) * 2.0**600
"""

_THRESHOLD = """
chances = pipeline.predict_proba(X_train)[:, 1]
cuts = np.unique(chances)
best = max(cuts, key=lambda cut: fbeta_score(y_train, chances >= cut, beta={beta!r}))
below = cuts[cuts < best].max(initial=0.0)
pipeline = FixedThresholdClassifier(
    FrozenEstimator(pipeline), threshold=(below + best) / 2, pos_label=1, response_method="predict_proba"
).fit(X_train, y_train)
"""

_GROUPS = '''

def mean_over_groups(X, y):
    """Return the mean fitness of the groups."""
    groups = fitness_groups[X.index].to_numpy()
    return np.mean([fitness(X[groups == group], y[groups == group]) for group in np.unique(groups)])

'''

_FITNESS = '''

def fitness(X, y):
    """Return {words} of the network."""
    return {value}

'''


def objective_code(settings: EvolutionSettings) -> str:
    """Return code that prints the fitness on training and test rows; empty if it is what gradient training minimises.

    Where evolved networks are rounded or have steps, the network is made so first.
    """
    code = _quantized_code(settings) if settings.is_quantized else ""
    has_groups = settings.fitness_groups is not None
    if settings.fitness == default_loss(settings.task) and not has_groups:
        return code
    fitness = parse_fitness(settings.fitness)
    if fitness.kind == "fbeta":
        code += _THRESHOLD.format(beta=fitness.number)
    if fitness.kind == "function":
        name = parse_function(settings.fitness)
        folder = f"sys.path.insert(0, {name.folder!r})\n" if name.folder else ""
        code += f"\n{folder}from {name.module} import {name.function}  # noqa: E402\n"
    code += _FITNESS.format(words=fitness_words(settings.fitness), value=_value(settings))
    code += _GROUPS if has_groups else ""
    function = "mean_over_groups" if has_groups else "fitness"
    parts = ["training", "test"] if settings.test_size else ["training"]
    for part in parts:
        rows = "train" if part == "training" else "test"
        code += f'\nprint("{part} {fitness_words(settings.fitness)}:", {function}(X_{rows}, y_{rows}))'
    return f"{code}\n"


def _value(settings: EvolutionSettings) -> str:
    """Return the expression of the fitness of rows X and y."""
    fitness = parse_fitness(settings.fitness)
    match fitness.kind:
        case "loss" if settings.task == "regression":
            return "mean_squared_error(y, pipeline.predict(X))"
        case "loss":
            return "log_loss(y, pipeline.predict_proba(X), labels=pipeline.classes_)"
        case "scoring":
            return f"get_scorer({settings.fitness!r})(pipeline, X, y)"
        case "cost":
            assert settings.cost is not None
            costs = [list(row) for row in parse_costs(settings.cost, settings.known)]
            matrix = "confusion_matrix(y, pipeline.predict(X), labels=pipeline.classes_)"
            return f"({matrix} * np.array({costs})).sum() / len(y)"
        case "fbeta":
            return f"fbeta_score(y, pipeline.predict(X), beta={fitness.number!r})"
        case "quantile":
            return f"mean_pinball_loss(y, pipeline.predict(X), alpha={fitness.number!r})"
        case "function":
            function = parse_function(settings.fitness).function
            outputs = {"binary": "pipeline.predict_proba(X)[:, 1]", "regression": "pipeline.predict(X)"}
            given = outputs.get(settings.task, "pipeline.predict_proba(X)")
            return f"{function}(y, {given})  # of a scorer: {function}(pipeline, X, y)"


def _quantized_code(settings: EvolutionSettings) -> str:
    formula = (
        "return np.where(values >= 0, 1, -1) * np.abs(values).mean()"
        if settings.bits == 1
        else f"scale = np.abs(values).max() / {largest_level(settings.bits or 8)}\n"
        "    return scale * np.round(values / scale) if scale > 0 else values"
    )
    rounding = _ROUNDING.format(bits=settings.bits, formula=formula) if settings.bits is not None else ""
    has_steps = settings.activation == "step"
    words = " and ".join([*(["rounded"] if rounding else []), *(["with steps"] if has_steps else [])])
    return _QUANTIZED.format(
        regressor=".regressor_" if settings.scaling_of_target != "none" else "",
        rounding=rounding,
        steps=_STEPS if has_steps else "",
        words=words,
    )


def objective_imports(settings: EvolutionSettings) -> Mapping[str, Collection[str]]:
    """Return the names that :func:`objective_code` uses, by their modules."""
    code = objective_code(settings)
    names = ("confusion_matrix", "fbeta_score", "log_loss", "mean_pinball_loss", "mean_squared_error")
    used: dict[str, Collection[str]] = {"sklearn.metrics": {name for name in names if f"{name}(" in code}}
    if "FixedThresholdClassifier" in code:
        used |= {"sklearn.model_selection": {"FixedThresholdClassifier"}, "sklearn.frozen": {"FrozenEstimator"}}
    return {module: found for module, found in used.items() if found}
