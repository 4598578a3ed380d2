"""Errors of the engine as the exceptions that users of Python and scikit-learn know."""

import contextlib
from collections.abc import Iterator

from nnsize_engine.errors import NnsizeError, RunError, RunTakenError, StoreError
from nnsize_engine.export.atomic_file import TargetExistsError


@contextlib.contextmanager
def told_in_python() -> Iterator[None]:
    """Turn errors of the engine into built-in ones with the same sentence.

    Raises:
        FileExistsError: the name of a new run, or of a file, is taken.
        RuntimeError: the present state of a run does not allow what was asked.
        OSError: a run cannot be read or written.
        ValueError: a parameter or the data is refused, or there is nothing to give.
    """
    try:
        yield
    except NnsizeError as error:
        raise _kind_of(error)(str(error)) from error


def _kind_of(error: NnsizeError) -> type[Exception]:
    match error:
        case RunTakenError() | TargetExistsError():
            return FileExistsError
        case RunError():
            return RuntimeError
        case StoreError():
            return OSError
        case _:
            return ValueError
