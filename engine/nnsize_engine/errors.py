"""What can go wrong that is not a bug: each error is one clear sentence for the person at the keyboard."""


class NnsizeError(Exception):
    """An expected failure; its text says what was found, what was expected and what to do."""


class SettingsError(NnsizeError):
    """A setting that cannot work: refused before anything is computed."""


class DataError(NnsizeError):
    """Data that cannot be loaded, or that the chosen settings cannot be applied to."""


class FitError(NnsizeError):
    """A training that ended without a usable network; stored with its reason, other fits go on."""


class StoreError(NnsizeError):
    """A run folder that is missing, unreadable, damaged, or of another version."""


class RunError(NnsizeError):
    """Something asked of a run that its present state does not allow."""


class ExportError(NnsizeError):
    """A table that cannot be written where it was asked to go."""
