"""The two names of each setting: field of a dataclass, and option of the command line and of TOML files."""

_OPTIONS = {"sample": "rows", "joins_rare": "other", "is_strict": "strict"}
"""Options that differ from their field in more than dashes."""

_FIELDS = {option: field for field, option in _OPTIONS.items()}


def option_of_field(field: str) -> str:
    """Return the option of a field: ``test-size`` for ``test_size``."""
    return _OPTIONS.get(field, field.replace("_", "-"))


def field_of_option(option: str) -> str:
    """Return the field of an option: ``test_size`` for ``test-size``."""
    return _FIELDS.get(option, option.replace("-", "_"))
