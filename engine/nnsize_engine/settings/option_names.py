"""The names of each setting: field of a dataclass, option of the command line and of TOML files, scikit-learn's."""

from collections.abc import Mapping
from types import MappingProxyType

_OPTIONS = {"sample": "rows", "joins_rare": "other", "is_strict": "strict"}
"""Options that differ from their field in more than dashes."""

_FIELDS = {option: field for field, option in _OPTIONS.items()}

_OF_BOTH = {"random-state": "seed", "n-jobs": "jobs"}

OTHER_NAMES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "size": MappingProxyType(
            {"hidden-layer-sizes": "neurons", **_OF_BOTH, "n-splits": "cv", "n-repeats": "fold-rounds"}
        ),
        "evolve": MappingProxyType({"hidden-layer-sizes": "layers", **_OF_BOTH, "maxiter": "generations"}),
    }
)
"""Names of options in scikit-learn and SciPy that mean exactly the same as ours, for each command that starts a run."""


def own_option(command: str, name: str) -> str:
    """Return the option of a command by any of its names: scikit-learn's, SciPy's, with underscores for dashes."""
    plain = name.replace("_", "-")
    return OTHER_NAMES.get(command, {}).get(plain, plain)


def option_of_field(field: str) -> str:
    """Return the option of a field: ``test-size`` for ``test_size``."""
    return _OPTIONS.get(field, field.replace("_", "-"))


def field_of_option(option: str) -> str:
    """Return the field of an option: ``test_size`` for ``test-size``."""
    return _FIELDS.get(option, option.replace("-", "_"))
