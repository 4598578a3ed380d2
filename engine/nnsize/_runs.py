"""Find runs: those that ``nnsize runs`` lists."""

import os
from typing import Any

from nnsize._errors import told_in_python
from nnsize._run import Run
from nnsize_engine.errors import RunError
from nnsize_engine.runs import folders


def open_run(name: Any) -> Run:
    """Find a run by its name or its folder.

    Parameters
    ----------
    name : str or os.PathLike
        The name of a run, an unambiguous beginning of it, 'last' for the newest, or the path of its folder. A text
        with a slash is a path.

    Returns
    -------
    run : Run
        The run.

    Raises
    ------
    FileNotFoundError
        If there is no such run, or more than one.
    OSError
        If the run cannot be read.

    Examples
    --------
    >>> from nnsize import SizeSearchCV, open_run
    >>> from sklearn.datasets import load_iris
    >>> X, y = load_iris(return_X_y=True)
    >>> search = SizeSearchCV(neurons=[2], cv=2, name="flowers", verbose=0).fit(X, y)
    >>> open_run("flowers").state
    'finished'
    >>> open_run("flowers").delete()
    """
    text = name if isinstance(name, str) else os.path.join(os.fspath(name), "")  # noqa: PTH118  # a path, not a name
    try:
        run = Run(folders.find_run(text, folders.home()))
    except RunError as error:
        raise FileNotFoundError(str(error)) from error
    _ = run.state  # one that cannot be read is refused here
    return run


def list_runs() -> list[Run]:
    """Return all runs, the newest first.

    Returns
    -------
    runs : list of Run
        The runs in the folder of all runs, which the environment variable NNSIZE_HOME names. A run that cannot be read
        is among them, and says why when it is shown.

    Raises
    ------
    OSError
        If the folder cannot be listed.

    Examples
    --------
    >>> from nnsize import list_runs
    >>> all(run.folder.is_dir() for run in list_runs())
    True
    """
    try:
        found = folders.list_runs(folders.home())
    except RunError as error:
        raise OSError(str(error)) from error
    with told_in_python():
        return [Run(folder) for folder in found]
