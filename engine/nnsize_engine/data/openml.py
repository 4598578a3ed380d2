"""Tables of openml.org, downloaded and cached by scikit-learn's loader."""

import hashlib
import socket
import warnings
from collections.abc import Collection, Generator, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.error import URLError

from nnsize_engine.data.cast_parts import cast_part
from nnsize_engine.data.source import PART_ROWS, Source, column_names
from nnsize_engine.errors import DataError
from nnsize_engine.settings.table_choice import OPENML, TableChoice

MAX_SILENT_SECONDS = 30.0  # wait for an answer before openml.org counts as unreachable


def open_openml(choice: TableChoice) -> Source:
    """Return a table from scikit-learn's cache, downloaded first if it is missing there.

    Raises:
        DataError: there is no table of that name or number, or no network.
    """
    what = choice.source.removeprefix(OPENML)
    if not what:
        raise DataError(
            "after openml: comes the name or the number of a table, such as openml:adult or openml:1590", field="data"
        )
    frame, targets = _fetch(what)
    names = column_names([str(name) for name in frame.columns], choice.name)
    places = {str(name): place for place, name in enumerate(frame.columns)}

    def frames(wanted: Sequence[int], as_text: Collection[int]) -> Generator[Any, None, None]:
        import pandas as pd

        texts = {at for at, place in enumerate(wanted) if place in as_text}
        for start in range(0, len(frame), PART_ROWS):
            part = frame.iloc[start : start + PART_ROWS, list(wanted)]
            labels = [at for at in range(len(wanted)) if isinstance(part.iloc[:, at].dtype, pd.CategoricalDtype)]
            yield cast_part(part, texts.union(labels), choice.missing)

    return Source(
        choice=choice,
        names=names,
        frames=frames,
        checksum=lambda: _sha256(frame),
        default_target=tuple(names[places[name]] for name in targets if name in places),
        is_typed=True,
    )


def _fetch(what: str) -> tuple[Any, list[str]]:
    """Return a frame of all columns, and the names of the targets."""
    from sklearn.datasets import fetch_openml

    wanted = {"data_id": int(what)} if what.isdecimal() else {"name": what}
    try:
        with _network_timeout(), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # several versions of one name: the active one is taken, as documented
            found = fetch_openml(**wanted, as_frame=True, parser="auto", n_retries=1)
    except (URLError, OSError) as error:
        # HTTPError, which says that there is no such table, is an OSError too.
        if getattr(error, "code", None) in (404, 412):
            raise _unknown(what) from error
        reason = getattr(error, "reason", None) or error
        raise DataError(
            f"{OPENML}{what} is not in scikit-learn's cache, and openml.org cannot be reached ({reason}); "
            "try again with a network",
            field="data",
        ) from error
    except ValueError as error:
        if "not found" in str(error):
            raise _unknown(what) from error
        raise DataError(f"{OPENML}{what} cannot be read: {str(error).splitlines()[0]}", field="data") from error
    return found.frame, list(found.target_names or [])


def _unknown(what: str) -> DataError:
    return DataError(
        f"openml.org has no active table {what!r}; look for its name or number on openml.org", field="data"
    )


@contextmanager
def _network_timeout() -> Iterator[None]:
    """Limit the wait for a silent network to :data:`MAX_SILENT_SECONDS`."""
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(MAX_SILENT_SECONDS)
    try:
        yield
    finally:
        socket.setdefaulttimeout(before)


def _sha256(frame: Any) -> str:
    """Return the SHA-256 of names, types and values."""
    import pandas as pd

    digest = hashlib.sha256()
    for place, name in enumerate(frame.columns):
        column = frame.iloc[:, place]
        digest.update(f"{name}\0{column.dtype}\0".encode())
        digest.update(pd.util.hash_pandas_object(column, index=False).to_numpy().tobytes())
    return digest.hexdigest()
