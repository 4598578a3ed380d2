"""The end of a size search: the best and the recommended candidate are trained on all training rows, and tested."""

import sqlite3
from collections.abc import Mapping
from typing import TYPE_CHECKING

from nnsize_engine.results.candidates import candidate_words
from nnsize_engine.results.choice import Choice
from nnsize_engine.results.search_records import Candidate, FinalTest
from nnsize_engine.runner.events import Compute, Emit, FitsEnded
from nnsize_engine.runner.job import Progress
from nnsize_engine.runner.journal import Journal
from nnsize_engine.runs import writer
from nnsize_engine.search.events import FinalNetwork, UnfinishedFit
from nnsize_engine.settings.search import SizeSettings

if TYPE_CHECKING:  # it loads the compiler
    from nnsize_engine.search.search import SizeSearch


class FinalTests:
    """The final tests of one search: which are done, and which are to do.

    An unfinished training is kept like that of a fit, as the split after the last one.
    """

    def __init__(
        self,
        settings: SizeSettings,
        done: Mapping[int, FinalTest],
        journal: Journal,
        compute: Compute,
        progress: Progress,
    ) -> None:
        self._settings = settings
        self._done = dict(done)
        self._journal = journal
        self._compute = compute
        self._progress = progress
        self.are_over = False
        """True if every fit is done and no final test is outstanding."""

    def proceed(
        self,
        search: "SizeSearch",
        choice: Choice,
        unfinished: Mapping[tuple[int, int], UnfinishedFit],
        workers: int,
    ) -> None:
        """Start the final tests that are to do."""
        left = [one for one in choice.finalists if one.number not in self._done]
        if not left:
            self.are_over = True
            return
        self._progress.is_at_work = True
        self._journal.log("info", f"{self._words(choice, left)} on all training rows")
        halt = self._progress.halt
        tasks = [(one, unfinished.get((one.number, self._settings.splits))) for one in left]

        def work(emit: Emit) -> None:
            from nnsize_engine.search.final_test import final_tests

            for final in final_tests(search, tasks, workers, halt, emit):
                emit(final)
            emit(FitsEnded())

        self._compute(work)

    @staticmethod
    def _words(choice: Choice, left: list[Candidate]) -> str:
        if choice.best == choice.recommended:
            return f"best and recommended: {candidate_words(choice.best)}; training it"
        named = [("best", choice.best), ("recommended", choice.recommended)]
        words = "; ".join(f"{name}: {candidate_words(one)}" for name, one in named if one in left)
        return f"{words}; training {'both' if len(left) > 1 else 'it'}"

    def take(self, final: FinalTest) -> None:
        """Take a final test that has ended, and queue it to be stored."""
        self._done[final.candidate] = final
        self._journal.add_result(lambda connection: writer.set_final_test(connection, final))
        if final.error is not None:
            self._journal.log("warning", f"the final test failed: {final.error}")

    def take_network(self, found: FinalNetwork) -> None:
        """Queue the network of a final test to be stored."""

        def store(connection: sqlite3.Connection) -> None:
            writer.set_final_network(connection, found.candidate, found.network)
            if found.encoder:  # all final tests have the same: it is fitted on all training rows
                writer.set_encoder(connection, found.encoder)

        self._journal.add(store)
