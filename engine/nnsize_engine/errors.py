"""Expected failures; the text of each is one sentence for the user."""


class NnsizeError(Exception):
    """An expected failure; its text says what was found, what was expected and what to do."""


class SettingsError(NnsizeError):
    """A setting that is refused before anything is computed."""

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field
        """Name of the setting, a field of a settings dataclass; None if no single setting is at fault."""


class DataError(NnsizeError):
    """Data that cannot be loaded, or that the chosen settings cannot be applied to."""

    def __init__(self, message: str, *, field: str | None = None, column: str | None = None) -> None:
        super().__init__(message)
        self.field = field
        """Name of the setting to change; None if no single setting is at fault."""

        self.column = column
        """Name of the column that cannot be used; None if no single column is at fault."""


class FitError(NnsizeError):
    """A fit without a usable network; it is stored with its reason, and other fits continue."""


class ClusterError(NnsizeError):
    """A cluster that cannot be reached or cannot be used."""


class StoreError(NnsizeError):
    """A run folder that is missing, unreadable, damaged, or of another version."""


class RunError(NnsizeError):
    """A command that the present state of a run does not allow."""


class RunTakenError(RunError):
    """A name for a new run that another one has."""


class ExportError(NnsizeError):
    """An export that cannot be made or written."""
