"""The folder that holds all runs of a user, and nnsize's private copies of tables."""

import os
from pathlib import Path

_COPIES = ".tables"  # begins with a point, so that no run has this name


def home() -> Path:
    """Return the folder that holds all runs: ``$NNSIZE_HOME``, or the platform's folder for user data."""
    chosen = os.environ.get("NNSIZE_HOME")
    if chosen:
        return Path(os.path.expanduser(chosen)).absolute()  # noqa: PTH111  # leaves an unknown ~user alone
    from platformdirs import user_data_path

    return user_data_path("nnsize")


def copies_folder() -> Path:
    """Return the folder of the copies of tables that are no files: downloads, and standard input."""
    return home() / _COPIES
