"""The program of an evolution, which trains the same network by gradient for comparison."""

from nnsize_engine.export.escaping import in_docstring
from nnsize_engine.export.objective_program import objective_code, objective_imports
from nnsize_engine.export.program_parts import ProgramParts, data_text
from nnsize_engine.settings.activations import SMOOTH_STEP, STEP
from nnsize_engine.settings.evolution import EvolutionSettings

_GRADIENT = """
pipeline.fit(X_train, y_train)
score = get_scorer({scoring!r})
print("training score:", score(pipeline, X_train, y_train))
"""

_TEST = """print("test score:", score(pipeline, X_test, y_test))
"""


def gradient_program(settings: EvolutionSettings, name: str) -> ProgramParts:
    """Return the parts of the program of an evolution of this name."""
    return ProgramParts(
        docstring=(
            f"The network that nnsize trained by gradient beside its evolution {in_docstring(name)}: "
            "on the same rows of\n"
            f"{data_text(settings.data, settings.table)},\n"
            "with the same layers, by scikit-learn alone. Evolution itself has no counterpart there."
        ),
        network={
            "hidden_layer_sizes": settings.hidden_layer_sizes,
            "activation": SMOOTH_STEP if settings.activation == STEP else settings.activation,
            "random_state": settings.seed,
        },
        scaler="standard" if settings.scale else "none",
        grid="",
        code=_GRADIENT.format(scoring=settings.final_scoring)
        + (_TEST if settings.test_size else "")
        + objective_code(settings),
        imports=objective_imports(settings),
    )
