"""Expected failures: each error is one clear sentence for the person at the keyboard."""


class NnsizeError(Exception):
    """An expected failure; its text says what was found, what was expected and what to do."""


class SettingsError(NnsizeError):
    """A setting that cannot work: refused before anything is computed."""

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field
        """Name of the setting, as the settings' dataclasses and scikit-learn have it; None for none in particular."""


class DataError(NnsizeError):
    """Data that cannot be loaded, or that the chosen settings cannot be applied to."""

    def __init__(self, message: str, *, field: str | None = None, column: str | None = None) -> None:
        super().__init__(message)
        self.field = field
        """Name of the setting to change; None for none in particular."""

        self.column = column
        """Name of the column that cannot be used; None for none in particular."""


class FitError(NnsizeError):
    """A training that ended without a usable network; stored with its reason, other fits go on."""


class StoreError(NnsizeError):
    """A run folder that is missing, unreadable, damaged, or of another version."""


class RunError(NnsizeError):
    """A command to a run that the run's present state does not allow."""


class ExportError(NnsizeError):
    """A table that cannot be written where it was asked to go."""
