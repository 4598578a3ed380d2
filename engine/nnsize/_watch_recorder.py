"""The run of a watched search: made when its first candidates are known, and ended with the search.

No trouble with the run changes the search: a run that cannot be written is left, with a warning.
"""

import sys
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from joblib import effective_n_jobs

from nnsize._progress import other_name_words
from nnsize._watched_facts import candidates_of, data_facts, plain_text, settings_of, versions
from nnsize._watched_fits import FitCallback
from nnsize._watched_store import StoreThread
from nnsize_engine.errors import NnsizeError
from nnsize_engine.results.records import State
from nnsize_engine.runs import writer
from nnsize_engine.runs.database import create
from nnsize_engine.runs.folders import home, new_run_folder
from nnsize_engine.runs.label import MAX_NAME_LETTERS, watched_label
from nnsize_engine.runs.relabel import numbered_name
from nnsize_engine.settings.watched import WatchedSettings
from nnsize_engine.text import shell_word

MAX_REASON = 200  # letters of a reason; of a longer one only the first line is kept


class SearchRecorder:
    """Records one call of the `fit` of a search; as a context it notes how the call ended."""

    def __init__(
        self, search: Any, name: str, callback: FitCallback, data: tuple[Any, Any], begun: Callable[[Path, str], None]
    ) -> None:
        """``data`` are X and y; ``begun`` is called with the run folder once there is one, and a note."""
        self._search, self._name, self._callback = search, name, callback
        self._X, self._y = data
        self._begun = begun
        self._thread: StoreThread | None = None
        self._count = 0
        """Candidates so far."""

        self._has_begun = False

    def begin(self, candidates: Sequence[Mapping[str, Any]], more: Mapping[str, Any] | None) -> None:
        """Take the candidates that are about to be evaluated; make the run if they are the first."""
        if not self._has_begun:
            self._has_begun = True
            self._start(candidates)
        if self._thread is None:
            return
        self._callback.first = self._count
        kept = candidates_of(candidates, self._count, more)
        self._count += len(candidates)
        splits = self._callback.splits
        words = f"{len(candidates):,} candidates on {splits} folds"
        if kept and kept[0].resources is not None:
            words = f"iteration {kept[0].iteration}: {words}, with {kept[0].resources:,} {self._search.resource} each"
        self._thread.add_candidates(kept, self._count * splits, words)

    def end(self, results: Mapping[str, Any]) -> None:
        """Complete what workers could not tell."""
        if self._thread is not None:
            self._thread.complete(results)

    def _start(self, candidates: Sequence[Mapping[str, Any]]) -> None:
        """Make the run, and the thread that writes it."""
        try:
            settings = settings_of(self._search, self._name, candidates, self._X, self._y)
            folder, wanted = new_run_folder(home()), watched_label(settings)
            label = (
                replace(wanted, name=numbered_name(wanted.name, home(), MAX_NAME_LETTERS)) if wanted.name else wanted
            )
            create(folder, folder.name, settings, label=label)
        except NnsizeError as error:
            warnings.warn(f"the search is not watched: {error}", stacklevel=2)
            return
        self._callback.splits, self._callback.folder = settings.splits, str(folder)
        self._thread = StoreThread(folder, settings, self._search.refit)
        self._thread.store(*self._first_writes(settings))
        self._thread.start()
        self._begun(folder, "" if label == wanted else other_name_words(wanted.name, label.name))

    def _first_writes(self, settings: WatchedSettings) -> list[Callable[[Any], None]]:
        workers = effective_n_jobs(self._search.n_jobs)
        facts, used = data_facts(settings, self._X, self._y), versions()
        return [
            lambda connection: writer.set_workers(connection, workers),
            lambda connection: writer.set_data(connection, facts, used),
        ]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        del kind, trace
        if self._thread is None:
            return
        chosen = getattr(self._search, "best_index_", None) if error is None else None
        state, reason = _ending(error)
        self._thread.finish(state, reason, None if chosen is None else int(chosen))
        self._callback.folder = ""
        if self._thread.problem:
            warnings.warn(f"the run of the watched search is not whole: {self._thread.problem}", stacklevel=3)


def _ending(error: BaseException | None) -> tuple[State, str | None]:
    """Return the state of the run after a search that ended, with an error or without, and why."""
    if error is None:
        return "finished", None
    if isinstance(error, KeyboardInterrupt):
        return "stopped", "the search was interrupted"
    lines = [line for line in str(error).splitlines() if line.strip()]
    words = " ".join(lines) if sum(map(len, lines)) <= MAX_REASON else lines[0]
    return "failed", plain_text(f"{type(error).__name__}: {words}" if lines else type(error).__name__)


def say_how_to_watch(folder: Path, note: str) -> None:
    """Print what is to be noted about the run of a search, and how it is watched."""
    if note:
        sys.stdout.write(f"{note}\n")
    sys.stdout.write(f"watch it: nnsize-tui {shell_word(folder.name)}\n")
    sys.stdout.flush()
